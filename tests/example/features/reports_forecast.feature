Feature: Forecasts

  Scenario Outline: Methods
    When I forecast 2 of <values> by <method>
    Then the result is <result>

    Examples:
      | values                    | method      | result        |
      | 10 20 30                  | mean        | 20.0 20.0     |
      | 5 10 20 30 40             | mean        | 30.0 30.0     |
      | 10 20                     | exponential | 14.0 14.0     |
      | 10 20 30 40               | holt        | 50.0 60.0     |
      | 100 90 80                 | holt        | 70.0 60.0     |
      | 10 20 30 40 10 20 30 40   | seasonal    | 10.0 20.0     |
      | 10 20 30 40 20 40 60 80   | seasonal    | 20.0 40.0           |

  Scenario Outline: Too little to go by
    When I forecast 1 of <values> by <method>
    Then it is refused: "<message>"

    Examples:
      | values    | method   | message                      |
      | 5         | mean     | two values or more           |
      | 1 2 3 4 5 | seasonal | a season of 4 needs 8 values |
      | 1 2       | dice     | no such method: dice         |

  Scenario Outline: Lines and noise
    When I forecast <count> random series of <length> values
    Then the result is True

    Examples:
      | count | length |
      | 50    | 24     |
      | 25    | 60     |

  Scenario: By a child
    When a child runs `shop forecast 10 20 30 40 --periods 3`
    Then it prints "50.00 60.00 70.00"

  Scenario: By a child, with a method that nobody knows
    When a child runs `shop forecast 10 20 --method dice`
    Then it ends with status 1
