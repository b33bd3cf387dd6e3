Feature: the newest interpreters
  What came with 3.14 and 3.15 is recorded as what was there before: line for line as coverage.py has
  it, and where that one misses lines, the marked ones.

  Scenario: a program in the newest syntax of 3.14
    Given the target "newest/3.14"
    When each Python from 3.14 on runs `$PYTHON script.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded the lines of "script.py" that coverage.py finds in `script.py`
    And each run recorded exactly the marked lines of "within.py"

  Scenario: a program in the newest syntax of 3.15
    Given the target "newest/3.15"
    When each Python from 3.15 on runs `$PYTHON script.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded the lines of "script.py" that coverage.py finds in `script.py`
    And each run recorded the lines of "late.py" that coverage.py finds in `script.py`

  Scenario: a module in the newest syntax
    Given the target "newest/3.14"
    When each Python from 3.14 on runs `$PYTHON -m script; $PYTHON -c "import script"`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded the lines of "script.py" that coverage.py finds in `-m script`
