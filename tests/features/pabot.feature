Feature: Robot Framework in parallel by pabot
  The integration suite of the example project: suites in processes of their own, which start
  children of the application.

  Background:
    Given the example project with Robot Framework

  @nox
  Scenario Outline: the lines are those that coverage.py finds when Robot Framework runs the suites in a row
    When I run `covfork run --engine <engine> -- pabot --processes 2 --pythonpath . --outputdir build/pabot --exclude beyond-coverage-py integration/feed.robot integration/spool.robot`
    Then the status is 0
    And the last line of the standard error is like "covfork: * interpreters, * with data*, nothing lost*"
    And the recorded lines are those that coverage.py finds for `robot --pythonpath . --outputdir build/robot --exclude beyond-coverage-py integration/feed.robot integration/spool.robot` and its children

    Examples:
      | engine    |
      | native    |
      | coverage  |
      | slipcover |

  Scenario: children that are killed or have an empty environment count
    When I run `LD_PRELOAD=$LIBRARY pabot --processes 2 --pythonpath . --outputdir build/pabot --include beyond-coverage-py integration`
    Then the status is 0
    And the line "os.kill(os.getpid(), getattr(signal, signal_name))" of "shop/work/spool.py" was executed
    And the line "app.print(json.dumps(parameters))" of "shop/cli/commands.py" was executed

  Scenario: coverage.py as the engine can't save in a child that is killed, and that is said
    When I run `covfork run --engine coverage -- pabot --processes 2 --pythonpath . --outputdir build/pabot --include beyond-coverage-py integration`
    Then the status is 0
    And the last line of the standard error is like "covfork: * interpreters, * with data*, 1 lost: an interpreter ended before it could save*"
    And the line "app.print(json.dumps(parameters))" of "shop/cli/commands.py" was executed
