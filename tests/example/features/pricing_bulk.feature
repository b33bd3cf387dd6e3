Feature: Many orders are priced

  Scenario Outline: Without rules
    When <orders> orders over <products> products with seed <seed> are priced
    Then the totals are: <totals>

    Examples:
      | orders | products | seed | totals |
      | 1      | 1        | 1    | 1 orders, net 138.06, discount 0.00    |
      | 2500   | 20       | 1    | 2500 orders, net 2805827.61, discount 0.00 |
      | 4000   | 60       | 2    | 4000 orders, net 6165716.95, discount 0.00 |

  Scenario: With all kinds of rules
    Given these rules
      | rule                   |
      | volume 8 4%            |
      | category paint 12.5%   |
      | bundle 3 for 2 books   |
      | spend 150 less 7.50    |
      | customer AT 3%         |
      | customer business 2%   |
    When 4000 orders over 60 products with seed 2 are priced
    Then the totals are: 4000 orders, net 5314829.86, discount 850887.09
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
      | category tools 50%   | 1200   | 1    | 641 cheaper, 0 dearer |
      | volume 12 5%         | 900    | 2    | 480 cheaper, 0 dearer |
      | customer US 10%      | 1200   | 3    | 315 cheaper, 0 dearer |
