Feature: Discounts by quantity, category and customer

  Scenario Outline: Many pieces
    Given the rule volume 10 5%
    And a basket from DE with
      | category | quantity   | price |
      | tools    | <quantity> | 10.00 |
    When the basket is priced
    Then the discounts are <discount>

    Examples:
      | quantity | discount |
      | 9        | 0.00     |
      | 10       | 5.00     |
      | 100      | 50.00    |

  Scenario: Rules apply one after the other
    Given the rule volume 10 10%
    And the rule category tools 10%
    And a basket from DE with
      | category | quantity | price |
      | tools    | 10       | 10.00 |
      | paint    | 10       | 10.00 |
      | tools    | 1        | 10.00 |
    When the basket is priced
    Then the discounts are 19.00, 10.00, 1.00

  Scenario Outline: Kinds of customers
    Given the rule customer <group> 10%
    And a basket of a <kind> customer from <country> with
      | category | quantity | price |
      | tools    | 1        | 50.00 |
    When the basket is priced
    Then the discounts are <discount>

    Examples:
      | group    | kind     | country | discount |
      | business | business | DE      | 5.00     |
      | business | private  | DE      | 0.00     |
      | AT       | private  | AT      | 5.00     |
      | AT       | private  | DE      | 0.00     |

  Scenario: A price can't be less than nothing
    Given the rule category tools 100%
    And the rule category tools 50%
    And a basket from DE with
      | category | quantity | price |
      | tools    | 1        | 10.00 |
    When the basket is priced
    Then the discounts are 10.00
    And the price is 0.00 net, 0.00 tax, 0.00 in all

  Scenario: Discounts in bulk
    Given these rules
      | rule          |
      | volume 10 5%  |
      | volume 12 5%  |
    When 5000 orders over 40 products with seed 3 are priced
    Then the totals are: 5000 orders, net 7247005.80, discount 352106.25
    And no discount is above the price
