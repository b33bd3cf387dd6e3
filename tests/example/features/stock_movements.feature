Feature: Stock goes up and down by movements

  Background:
    Given 20 of HAM-500-6 in stock at 9.00

  Scenario: Reserved goods are still there
    When 5 of HAM-500-6 are reserved
    Then of HAM-500-6 there are 20, 5 reserved

  Scenario: More than there is can't be reserved
    When 15 of HAM-500-6 are reserved
    And 6 of HAM-500-6 are reserved
    Then it is refused: "HAM-500-6: 6 wanted, 5 available"
    And it is refused as OutOfStock

  Scenario: Reserved goods go out
    When 5 of HAM-500-6 are reserved
    And 3 of HAM-500-6 are issued
    And 1 of HAM-500-6 are released
    Then of HAM-500-6 there are 17, 1 reserved

  Scenario Outline: Only reserved goods can be issued or released
    When 2 of HAM-500-6 are reserved
    And 3 of HAM-500-6 are <verb>
    Then it is refused: "less than 3 reserved"

    Examples:
      | verb     |
      | issued   |
      | released |

  Scenario: Goods come back
    When 4 of HAM-500-6 come back
    Then of HAM-500-6 there are 24, 0 reserved

  Scenario Outline: What can't come in
    When <quantity> of <sku> arrive at 1.00
    Then it is refused: "<message>"

    Examples:
      | quantity | sku       | message           |
      | 0        | HAM-500-6 | can't receive 0   |
      | 5        | NOT-ONE-1 | no such product   |

  Scenario: Stock-taking
    When a stock-taking finds 18 of HAM-500-6, 3 of SAW-300-1
    Then the result is {'HAM-500-6': -2, 'SAW-300-1': 3}
    And of HAM-500-6 there are 18, 0 reserved
    When a stock-taking finds 18 of HAM-500-6
    Then the result is {}

  Scenario: Movements by children
    When a child runs `shop receive 8.50 HAM-500-6=10 SAW-300-1=2`
    Then it prints "HAM-500-6: 30 on hand"
    And it prints "SAW-300-1: 2 on hand"
    When a child runs `shop count HAM-500-6=29`
    Then it prints "HAM-500-6: -1"
    When I run `shop receive 8.50 HAM-500-6`
    Then it complains "SKU=NUMBER expected, not 'HAM-500-6'"
