Feature: Payments settle invoices

  Background:
    Given invoices of 100.00 due 2024-01-31, 50.00 due 2024-02-15, 30.00 due 2024-03-31 for C-BAKER

  Scenario Outline: The oldest first, unless one is named
    When C-BAKER pays <amount> with the text "<text>"
    Then that settles <settled>
    And C-BAKER owes <owed>

    Examples:
      | amount | text             | settled                                      | owed   |
      | 100.00 | thanks           | 100.00 of R2024-1001                         | 80.00  |
      | 120.00 | thanks           | 100.00 of R2024-1001, 20.00 of R2024-1002    | 60.00  |
      | 50.00  | R2024-1002       | 50.00 of R2024-1002                          | 130.00 |
      | 40.00  | for R2024-1003.  | 30.00 of R2024-1003, 10.00 of R2024-1001     | 140.00 |
      | 0.50   | part             | 0.50 of R2024-1001                           | 179.50 |

  Scenario: Too much
    When C-BAKER pays 200.00 with the text "all"
    Then that settles 100.00 of R2024-1001, 50.00 of R2024-1002, 30.00 of R2024-1003, 20.00 unused
    And C-BAKER owes -20.00

  Scenario: Nobody pays less than nothing
    When C-BAKER pays 0.00 with the text "nothing"
    Then it is refused: "not a payment"

  Scenario: Another customer's money
    When C-EGGER pays 10.00 with the text "R2024-1001"
    Then that settles 10.00 unused
    And C-EGGER owes -10.00
    And of invoice R2024-1001 100.00 is open

  Scenario: A child takes the money
    When a child runs `shop pay C-BAKER 160,00 --reference R2024-1003`
    Then it prints exactly
      """
      R2024-1003: 30.00
      R2024-1001: 100.00
      R2024-1002: 30.00
      """
    When I run `shop pay C-BAKER 25`
    Then it prints "not used: 5.00"

  Scenario: What is open, by age
    Then the open amounts on 2024-03-15 are
      | overdue | amount |
      | not due | 30.00  |
      | 1-30    | 50.00  |
      | 31-60   | 100.00 |
      | 61-90   | 0.00   |
      | over 90 | 0.00   |
    And the open amounts on 2024-06-15 are
      | overdue | amount |
      | not due | 0.00   |
      | 1-30    | 0.00   |
      | 31-60   | 0.00   |
      | 61-90   | 30.00  |
      | over 90 | 150.00 |
