Feature: A spool survives crashes

  Background:
    Given a spool

  Scenario Outline: A child that is killed takes only its job with it
    Given a job a of kind crash with {"signal_name": "<signal>"} in the spool
    And a job b of kind echo with {"text": "still here"} in the spool
    When the spool is worked on
    Then the outcomes are
      | job | state  | detail     |
      | a   | killed | <signal>   |
      | b   | done   | still here |

    Examples:
      | signal  |
      | SIGKILL |
      | SIGTERM |
      | SIGABRT |

  Scenario: A worker that is killed leaves its job behind
    Given a job a of kind echo with {"text": "later"} in the spool
    When a worker is killed after it has claimed a job
    Then none are still to be done
    When the spool is put in order
    Then the result is a
    When the spool is worked on
    Then the outcomes are
      | job | state | detail |
      | a   | done  | later  |

  Scenario: Nothing to put in order
    When the spool is put in order
    Then the result is none

  Scenario: Several workers at once do each job once
    Given a job a of kind price with {"orders": 120} in the spool
    And a job b of kind price with {"orders": 120, "seed": 2} in the spool
    And a job c of kind echo with {"text": "x"} in the spool
    And a job d of kind price with {"orders": 120, "seed": 3} in the spool
    When 3 workers work on the spool at once
    Then the result is 4
    And none are still to be done

  Scenario: A child ends with a status that tells
    Given a job a of kind crash with {} in the spool
    When a child runs `shop work {dir}/spool`
    Then it ends with status 1
    And it prints "a: killed: SIGKILL"

  Scenario: A child puts back and goes on
    Given a job a of kind echo with {"text": "again"} in the spool
    When a worker is killed after it has claimed a job
    And a child with nothing in its environment runs `shop work {dir}/spool --recover --limit 5`
    Then it prints exactly
      """
      a put back
      a: done: again
      """

  Scenario: The same in this process
    Given a job a of kind echo with {"text": "again"} in the spool
    When a worker is killed after it has claimed a job
    And I run `shop work {dir}/spool --recover`
    Then it prints "a put back"
    And it prints "a: done: again"
    When I run `shop submit {dir}/spool b echo '{"text": "b"}'`
    Then it prints "b submitted"
