Feature: Credit notes

  Background:
    Given invoices of 100.00 due 2024-03-01 for C-BAKER

  Scenario: The whole invoice
    When all of invoice R2024-1001 is credited
    Then there is a credit note G2024-501 over -100.00
    And of invoice R2024-1001 0.00 is open
    And C-BAKER owes 0.00

  Scenario: A part of it
    When 30.00 of invoice R2024-1001 is credited
    Then there is a credit note G2024-501 over -30.00
    And of invoice R2024-1001 70.00 is open

  Scenario Outline: Amounts that make no sense
    When <amount> of invoice R2024-1001 is credited
    Then it is refused: "can't credit"

    Examples:
      | amount |
      | 0.00   |
      | -5.00  |
      | 100.01 |

  Scenario: More than is left after a payment
    When C-BAKER pays 80.00 with the text "part"
    And 30.00 of invoice R2024-1001 is credited
    Then it is refused: "can't credit 3000, 2000 is open"

  Scenario: A credit note of a credit note
    When 30.00 of invoice R2024-1001 is credited
    And 10.00 of invoice G2024-501 is credited
    Then it is refused: "is a credit note itself"

  Scenario: Numbers of their own
    When 10.00 of invoice R2024-1001 is credited
    And 20.00 of invoice R2024-1001 is credited
    Then there is a credit note G2024-502 over -20.00

  Scenario: Credited invoices are not in the report of a child
    When all of invoice R2024-1001 is credited
    And a child runs `shop --today 2024-03-15 report aging --format csv`
    Then it prints "1-30,0.00"
