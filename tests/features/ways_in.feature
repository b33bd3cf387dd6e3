Feature: the three ways in
  A nox project that was not written for covfork, with uv and behave-pool: its steps start children
  with an empty environment, and one of these is killed. What covfork says of it is, line for line,
  what coverage.py says of the same work in one process.

  Background:
    Given the target "other_project"

  @nox
  Scenario: LD_PRELOAD before the command, with a coverage configuration
    Given the file "pyproject.toml"
      """
      [tool.coverage.run]
      source = ["stock"]
      """
    When I run `LD_PRELOAD=$LIBRARY nox -s tests`
    Then the status is 0
    And the recorded lines are those that coverage.py finds in one process
    And the report has all of the package "stock", "stock/legacy.py" too

  @nox
  Scenario: LD_PRELOAD before the command, without a coverage configuration
    When I run `LD_PRELOAD=$LIBRARY nox -s tests`
    Then the status is 0
    And the recorded lines are those that coverage.py finds in one process

  @nox
  Scenario: the wrapper, with a coverage configuration
    Given the file ".coveragerc"
      """
      [run]
      source = stock
      """
    When I run `covfork run -- nox -s tests`
    Then the status is 0
    And the last line of the standard error is like "covfork: * interpreters, * with data*, nothing lost*"
    And the recorded lines are those that coverage.py finds in one process
    And the report has all of the package "stock", "stock/legacy.py" too

  @nox
  Scenario: the wrapper, without a coverage configuration
    When I run `covfork run -- nox -s tests`
    Then the status is 0
    And the last line of the standard error is like "covfork: * interpreters, * with data*, nothing lost*"
    And the recorded lines are those that coverage.py finds in one process

  @nox
  Scenario: variables exported for a whole CI job, with a coverage configuration
    Given the file "setup.cfg"
      """
      [coverage:run]
      source = stock
      """
    When I run
      """
      set -e
      export LD_PRELOAD=$LIBRARY COVFORK_DIR=$PWD/.covfork
      nox -s tests -- features/units.feature features/store.feature
      nox -R -s tests -- features/command_line.feature
      nox -R -s tests -- features/watcher.feature
      """
    Then the status is 0
    And the recorded lines are those that coverage.py finds in one process
    And the report has all of the package "stock", "stock/legacy.py" too
    And the report is of 3 runs

  @nox
  Scenario: variables exported for a whole CI job, without a coverage configuration
    When I run
      """
      set -e
      export LD_PRELOAD=$LIBRARY COVFORK_DIR=$PWD/.covfork
      nox -s tests -- features/units.feature features/store.feature
      nox -R -s tests -- features/command_line.feature
      nox -R -s tests -- features/watcher.feature
      covfork report >report.txt
      """
    Then the status is 0
    And the recorded lines are those that coverage.py finds in one process
    And the report is of 3 runs
