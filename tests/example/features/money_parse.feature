Feature: Amounts of money are read as people write them

  Scenario Outline: Amounts in euros
    When I read the amount "<text>"
    Then it is <cents> cents of EUR

    Examples:
      | text       | cents   |
      | 12.50      | 1250    |
      | 12,5       | 1250    |
      | 1.234,50   | 123450  |
      | 1,234.50 € | 123450  |
      | 1'000      | 100000  |
      | 2,000      | 200000  |
      | -0.99      | -99     |
      | € 7        | 700     |

  Scenario Outline: Other currencies
    When I read the amount "<text>"
    Then it is <cents> cents of <currency>

    Examples:
      | text    | cents | currency |
      | $3.20   | 320   | USD      |
      | 5 GBP   | 500   | GBP      |
      | 80 CHF  | 8000  | CHF      |

  Scenario: The currency of the shop is taken if none is named
    When I read the amount "4" in USD
    Then it is 400 cents of USD

  Scenario Outline: What is no amount
    When I read the amount "<text>"
    Then it is refused: "<message>"
    And it is refused as InvalidValue

    Examples:
      | text      | message                |
      | free      | not an amount          |
      | 1.2345    | more than two decimals |
      | 12 euros! | not an amount          |

  Scenario: An amount on the command line
    When a child runs `shop product-add ABC-001-2 'A thing' things '1.000,00 €'`
    Then it prints "ABC-001-2 1000.00"
