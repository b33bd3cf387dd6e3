Feature: Three for the price of two

  Scenario Outline: The cheapest of each bundle is free
    Given the rule bundle 3 for 2 paint
    And a basket from DE with
      | category | quantity | price |
      | paint    | <a>      | 5.00  |
      | paint    | <b>      | 3.00  |
    When the basket is priced
    Then the discounts are <discounts>

    Examples:
      | a | b | discounts   |
      | 1 | 1 | 0.00, 0.00  |
      | 2 | 1 | 0.00, 3.00  |
      | 3 | 0 | 5.00, 0.00  |
      | 3 | 3 | 5.00, 3.00  |
      | 7 | 2 | 10.00, 3.00 |

  Scenario: Other categories don't count
    Given the rule bundle 3 for 2 paint
    And a basket from DE with
      | category | quantity | price |
      | paint    | 2        | 5.00  |
      | tools    | 1        | 1.00  |
    When the basket is priced
    Then the discounts are 0.00, 0.00

  Scenario: Two of five are free
    Given the rule bundle 5 for 3 books
    And a basket from DE with
      | category | quantity | price |
      | books    | 6        | 10.00 |
    When the basket is priced
    Then the discounts are 20.00

  Scenario: A basket without lines
    Given the rule bundle 3 for 2 paint
    And the rule spend 0 less 5
    When a rule is applied to a basket without lines
    Then the result is 0

  Scenario: Bundles in bulk
    Given these rules
      | rule                    |
      | bundle 3 for 2 paint    |
      | bundle 4 for 3 hardware |
      | bundle 2 for 1 books    |
    When 4000 orders over 30 products with seed 4 are priced
    Then the totals are: 4000 orders, net 3952033.80, discount 914183.68

  Scenario: Bundles can only make it cheaper, but for shipping
    Given these rules
      | rule                 |
      | bundle 3 for 2 tools |
    When 1500 orders with seed 9 are priced with and without the rules
    Then the result is 697 cheaper, 0 dearer
