Feature: Something off for large orders

  Scenario Outline: From a hundred on
    Given the rule spend 100.00 less 10.00
    And a basket from DE with
      | category | quantity | price   |
      | tools    | 1        | <price> |
      | paint    | 1        | 30.00   |
    When the basket is priced
    Then the discounts are <discounts>

    Examples:
      | price  | discounts  |
      | 69.99  | 0.00, 0.00 |
      | 70.00  | 7.00, 3.00 |
      | 170.00 | 8.50, 1.50 |

  Scenario: More off than it costs
    Given the rule spend 10 less 500
    And a basket from DE with
      | category | quantity | price |
      | tools    | 1        | 10.00 |
    When the basket is priced
    Then the discounts are 10.00

  Scenario: Nothing off nothing
    Given the rule category tools 100%
    And the rule spend 0 less 5
    And a basket from DE with
      | category | quantity | price |
      | tools    | 1        | 10.00 |
    When the basket is priced
    Then the discounts are 10.00

  Scenario: Odd cents are spread
    Given the rule spend 1 less 0.10
    And a basket from DE with
      | category | quantity | price |
      | tools    | 1        | 1.00  |
      | tools    | 1        | 1.00  |
      | tools    | 1        | 1.00  |
    When the basket is priced
    Then the discounts are 0.04, 0.03, 0.03

  Scenario Outline: In bulk
    Given these rules
      | rule                    |
      | spend 200 less <less>   |
      | spend 1000 less 100     |
    When <orders> orders over 50 products with seed <seed> are priced
    Then the totals are: <totals>

    Examples:
      | less  | orders | seed | totals |
      | 20    | 2400   | 5    | 2400 orders, net 2777411.62, discount 176820.00 |
      | 19.99 | 3000   | 6    | 3000 orders, net 3658647.85, discount 227172.35 |
