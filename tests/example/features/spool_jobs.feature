Feature: Jobs in a spool folder

  Background:
    Given a spool

  Scenario: Jobs are done in their order, each in a child
    Given a job b of kind echo with {"text": "second"} in the spool
    And a job a of kind echo with {"text": "first"} in the spool
    And a job c of kind price with {"orders": 50, "rules": ["volume 5 5%"]} in the spool
    When the spool is worked on
    Then the outcomes are
      | job | state | detail |
      | a   | done  | first  |
      | b   | done  | second |
      | c   | done  | 50 orders, 6466686 net, 768437 tax |
    And none are still to be done

  Scenario: A job that fails
    Given a job x of kind divide with {"by": 0} in the spool
    And a job y of kind divide with {"by": 8} in the spool
    When the spool is worked on
    Then the outcomes are
      | job | state  | detail                             |
      | x   | failed | ZeroDivisionError: integer division or modulo by zero |
      | y   | done   | 12                                 |

  Scenario: Results are kept
    Given a job x of kind divide with {"by": 0} in the spool
    And a job y of kind divide with {"by": 8} in the spool
    When the spool is worked on
    And I ask for the result of y
    Then the result is done: 12
    When I ask for the result of z
    Then it is refused: "no such job: z"

  Scenario: Only some of them
    Given a job a of kind echo with {"text": "1"} in the spool
    And a job b of kind echo with {"text": "2"} in the spool
    And a job c of kind echo with {"text": "3"} in the spool
    When 2 jobs of the spool are worked on
    Then c are still to be done

  Scenario: A kind that nobody knows
    When a job a of kind dance with {} is put into the spool
    Then it is refused: "no such kind of job: dance"
    And none are still to be done

  Scenario: An empty spool
    When the spool is worked on
    Then the outcomes are
      | job | state | detail |

  Scenario Outline: Large jobs
    Given a job big of kind price with {"orders": <orders>, "seed": <seed>} in the spool
    When the spool is worked on
    Then the outcomes are
      | job | state | detail   |
      | big | done  | <detail> |

    Examples:
      | orders | seed | detail |
      | 1500   | 2    | 1500 orders, 179677424 net, 17366119 tax    |
      | 2000   | 3    | 2000 orders, 293199206 net, 29686839 tax    |

  Scenario: By children
    When a child runs `shop submit {dir}/spool one echo '{"text": "hello"}'`
    Then it prints "one submitted"
    When a child runs `shop work {dir}/spool`
    Then it prints "one: done: hello"
