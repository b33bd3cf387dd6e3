Feature: A quote explains itself

  Scenario: A plain one
    Given a basket from DE with
      | category | quantity | price | weight |
      | tools    | 2        | 10.00 | 300    |
    When the basket is priced
    Then the explanation is
      """
      2 x TOOLS-1 at 10.00 = 20.00
      19 % of 20.00 = 3.80
      1 parcel = 5.49
      total = 29.29
      """

  Scenario: With discounts and two rates
    Given the rule volume 2 10%
    And the rule category books 5%
    And a basket from DE with
      | category | quantity | price |
      | tools    | 2        | 10.00 |
      | books    | 1        | 30.00 |
    When the basket is priced
    Then the explanation is
      """
      2 x TOOLS-1 at 10.00 = 18.00
          volume from 2: -2.00
      1 x BOOKS-2 at 30.00 = 28.50
          books: -1.50
      19 % of 18.00 = 3.42
      7 % of 28.50 = 2.00
      total = 51.92
      """

  Scenario: Several parcels, and no tax
    Given a basket of a business customer from FR with
      | category | quantity | price | weight |
      | tools    | 2        | 10.00 | 20000  |
    When the basket is priced
    Then the explanation is
      """
      2 x TOOLS-1 at 10.00 = 20.00
      0 % of 20.00 = 0.00
      2 parcels = 65.80
      the recipient owes the tax
      total = 85.80
      """

  Scenario: Of a child, with prices that hold the tax
    Given I ran `shop order C-EGGER BOK-DIY-8=3`
    When a child with SHOP_PRICING_PRICES_INCLUDE_TAX=yes runs `shop quote 1`
    Then it prints "10 % of 79.09 = 7.91"
    When a child with SHOP_PRICING_TAX_ROUNDING=total runs `shop quote 1`
    Then it prints "10 % of 87.00 = 8.70"

  Scenario: Of an order that isn't there
    When a child runs `shop quote 12`
    Then it ends with status 4
    And it complains "no such order: 12"
