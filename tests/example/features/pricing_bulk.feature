Feature: Many orders are priced

  Scenario Outline: Without rules
    When <orders> orders over <products> products with seed <seed> are priced
    Then the totals are: <totals>

    Examples:
      | orders | products | seed | totals |
      | 1      | 1        | 1    | 1 orders, net 138.06, discount 0.00    |
      | 700    | 20       | 1    | 700 orders, net 774986.67, discount 0.00    |
      | 1500   | 60       | 2    | 1500 orders, net 2279223.78, discount 0.00    |

  Scenario: With all kinds of rules
    Given these rules
      | rule                   |
      | volume 8 4%            |
      | category paint 12.5%   |
      | bundle 3 for 2 books   |
      | spend 150 less 7.50    |
      | customer AT 3%         |
      | customer business 2%   |
    When 1500 orders over 60 products with seed 2 are priced
    Then the totals are: 1500 orders, net 1970813.96, discount 308409.82
    And no discount is above the price
    And adding up 1000 empty totals changes nothing

  Scenario Outline: One by one, with and without rules
    Given these rules
      | rule   |
      | <rule> |
    When <orders> orders with seed <seed> are priced with and without the rules
    Then the result is <result>

    Examples:
      | rule                 | orders | seed | result |
      | category tools 50%   | 400    | 1    | 220 cheaper, 0 dearer    |
      | volume 12 5%         | 300    | 2    | 159 cheaper, 0 dearer    |
      | customer US 10%      | 400    | 3    | 106 cheaper, 0 dearer   |
