Feature: Bank statements are booked

  Background:
    Given invoices of 100.00 due 2024-01-31, 50.00 due 2024-02-15 for C-BAKER
    And invoices of 70.00 due 2024-02-20 for C-EGGER

  Scenario: Whose payment it is
    Given a bank statement "s.txt" of
      | day        | amount | text                          |
      | 2024-03-11 | 50.00  | INVOICE R2024-1002            |
      | 2024-03-12 | 70.00  | ANNA EGGER THANKS             |
      | 2024-03-12 | -12.00 | BANK FEES                     |
      | 2024-03-13 | 30.00  | C-BAKER PART                  |
      | 2024-03-14 | 5.00   | WHO KNOWS                     |
    When I book the bank statement "s.txt"
    Then 3 payments are booked and 1 are unknown
    And of invoice R2024-1002 0.00 is open
    And of invoice R2024-1001 70.00 is open
    And C-EGGER owes 0.00

  Scenario: By a child
    Given a bank statement "s.txt" of
      | day        | amount | text                   |
      | 2024-03-11 | 150.00 | BAKER AND SONS         |
      | 2024-03-11 | 9.00   | DUBOIS SARL            |
      | 2024-03-11 | 1.00   | SOMEBODY               |
    When a child runs `shop bank {dir}/s.txt`
    Then it prints exactly
      """
      C-BAKER: R2024-1001 100.00, R2024-1002 50.00
      C-DUBOIS: on account
      unknown: 1.00 SOMEBODY
      """

  Scenario: A number of an invoice that isn't there
    Given a bank statement "s.txt" of
      | day        | amount | text                   |
      | 2024-03-11 | 10.00  | R2024-9999 ANNA EGGER  |
    When I book the bank statement "s.txt"
    Then 1 payments are booked and 0 are unknown
    And C-EGGER owes 60.00

  Scenario Outline: Statements that are none
    Given a bank statement "s.txt" of
      | day        | amount | text |
      | 2024-03-11 | 10.00  | text |
    And the file "s.txt" is changed: "<old>" becomes "<new>"
    When I read the bank statement "s.txt"
    Then it is refused: "<message>"

    Examples:
      | old            | new            | message                        |
      | C20240311      | C20241311      | line 2: month must be in 1..12 |
      | 000000001000   | 0000000010x0   | line 2: invalid literal        |
      | C2024          | X2024          | line 2: not a line             |
      | HDE            | XDE            | line 1: not a line             |
      | T000001        | T000002        | the sums of the statement      |
      | T000001        | X000001        | line 3: not a line             |

  Scenario: A statement without its end
    Given a file "s.txt" with
      """
      HDE001234567820240315
      """
    When I read the bank statement "s.txt"
    Then it is refused: "has no end"

  Scenario Outline: Long ones
    When a statement of <count> entries is written and read again
    Then the result is <sum>

    Examples:
      | count | sum |
      | 100   | 2899050 |
      | 25000 | 749712500       |
