Feature: branches
  With COVFORK_BRANCH=1, or `branch` in the coverage configuration, the native engine records which line
  led to which: what coverage.py makes of the same program is the same, on each Python.

  Scenario Outline: each Python records which ways were taken
    Given the target "arcs/plain.py"
    When each Python from 3.8 on runs `COVFORK_BRANCH=1 $PYTHON <command>`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked ways of "plain.py"

    Examples:
      | command             |
      | plain.py            |
      | -m plain            |
      | -O plain.py         |
      | -c 'import plain' ; true |

  Scenario: without branches no ways are recorded
    Given the target "arcs/plain.py"
    When each Python from 3.8 on runs `$PYTHON plain.py`
    Then each succeeded
    And each run recorded lines of "plain.py" but no ways

  Scenario: branches are asked for in the coverage configuration
    Given the target "arcs/plain.py"
    And the file ".coveragerc"
      """
      [run]
      branch = true
      """
    When each Python from 3.8 on runs `$PYTHON plain.py`
    Then each run recorded exactly the marked ways of "plain.py"

  Scenario: ways that the child of a fork takes are in its own file
    Given the target "arcs/forked.py"
    When each Python from 3.8 on runs `COVFORK_BRANCH=1 $PYTHON forked.py`
    Then each succeeded
    And each run recorded exactly the marked ways of "forked.py"

  Scenario: a program that traces itself is recorded all the same
    Given the target "arcs"
    When each Python from 3.8 on runs `COVFORK_BRANCH=1 $PYTHON traced.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked ways of "plain.py"

  Scenario Outline: another tool that comes midway takes no line away
    Given the target "ways"
    When each Python from 3.12 on runs `COVFORK_BRANCH=1 $PYTHON <name>.py`
    Then each run looks as it does without covfork
    And each run recorded at least the marked lines of "<name>.py"

    Examples:
      | name               |
      | setprofile-midway  |
      | setprofile-long    |
      | settrace-midway    |
      | monitoring         |
      | monitoring-five    |
      | monitoring-all     |
      | monitoring-restart |

  Scenario Outline: all constructs are recorded as coverage.py has them
    When the target "branches/<name>.py" runs below coverage.py and below covfork
    Then both recorded the same branches

    Examples:
      | name         |
      | conditions   |
      | loops        |
      | exceptions   |
      | generators   |
      | match_3_10   |
