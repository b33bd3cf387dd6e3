Feature: continuous integration that measures once
  The workflow file of the example project, acted out by scripts/act-out-ci: three jobs run its
  suites in checkouts of their own and leave a file each, a fourth one only combines them.

  Background:
    Given the example project as the repository shop

  @nox
  Scenario: the jobs' files add up to one run of all suites, and the gate stands at the end
    When the workflow is acted out
    Then the status is 0
    And the standard error has "Combined 2 runs into build/e2e.covfork"
    And the standard error has "Combined 4 runs into .covfork/"
    And each job that ran tests left one small file
    And each job ran lines that the others did not
    And the combined lines are those of one run of the three suites in one checkout
    When the job coverage is acted out again where nox, behave and pabot fail
    Then the status is 0
    And the combined lines are the same as before
    When the job coverage is acted out again with a gate of 100
    Then the status is 1
    And the standard output has "== coverage: the step 'the gate' failed: ended with status 2"
    And the combined lines are the same as before
    Given it has no mapping of paths
    When the job coverage is acted out again
    Then the status is 0
    And the combined lines are the same as before

  @nox
  Scenario: a job that left no file makes the combining job fail and say which
    Given its jobs run one child each instead of their tests
    And "name: coverage-e2e" is replaced by "name: elsewhere" in "shop/.forgejo/workflows/coverage.yml"
    When the workflow is acted out
    Then the status is 1
    And the standard error has "can't read artifacts/coverage-e2e/e2e.covfork: No such file or directory"
    And the standard output has "== coverage: the step 'combine' failed: ended with status 1"
    And there is no file "acted/artifacts/coverage"

  @nox
  Scenario: a job that recorded nothing fails itself
    Given its jobs run one child each instead of their tests
    And "LD_PRELOAD=$LIBRARY" is replaced by "UNUSED=$LIBRARY" in "shop/.forgejo/workflows/coverage.yml"
    When the workflow is acted out
    Then the status is 1
    And the standard output has "== e2e: the step 'one small file' failed: ended with status 1"
    And the standard error has "covfork: no data to combine: "
    And there is no file "acted/artifacts/coverage"

  Scenario Outline: what is not acted out is an error
    Given "<text>" is replaced by "<other>" in "shop/.forgejo/workflows/coverage.yml"
    When the workflow is acted out
    Then the status is 2
    And the standard output is empty
    And the standard error is one line like "act-out-ci: <problem>"

    Examples:
      | text                | other                       | problem                                                     |
      | runs-on: docker     | runs_on: docker             | job unit_tests: runs_on is not acted out                    |
      | actions/checkout@v4 | actions/setup-python@v5     | job unit_tests: the action actions/setup-python is not acted out |
      | always()            | cancelled()                 | job coverage: the condition cancelled() is not acted out    |
      | needs: [unit_tests, | needs: [unit_test,          | there is no job unit_test                                   |
      | name: coverage      | name: [coverage             | while parsing *                                             |
