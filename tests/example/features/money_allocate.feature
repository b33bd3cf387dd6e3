Feature: An amount can be split without a cent being lost

  Scenario Outline: Splits
    When I split <amount> by <weights>
    Then the parts are <parts>

    Examples:
      | amount | weights | parts                  |
      | 10.00  | 1:1     | 5.00, 5.00             |
      | 10.00  | 1:1:1   | 3.34, 3.33, 3.33       |
      | 0.05   | 3:7     | 0.02, 0.03             |
      | 1.00   | 0:1     | 0.00, 1.00             |
      | 0.02   | 1:1:1   | 0.01, 0.01, 0.00       |
      | 100.00 | 50:30:20| 50.00, 30.00, 20.00    |

  Scenario: Weights must amount to something
    When I split 1.00 by 0:0
    Then it is refused: "weights must add up"

  Scenario: Whatever the amount, the parts add up
    When I split every amount up to 25000 cents among 7 people
    Then the result is 25000

  Scenario: A few people and many amounts
    When I split every amount up to 40000 cents among 2 people
    Then the result is 40000
