Feature: Overdue invoices are reminded of

  Background:
    Given invoices of 100.00 due 2024-03-01 for C-BAKER
    And invoices of 40.00 due 2024-03-10 for C-EGGER

  Scenario Outline: Levels by the days overdue
    When reminders are raised on <day>
    Then the reminders are <reminders>

    Examples:
      | day        | reminders                                    |
      | 2024-03-05 | none                                         |
      | 2024-03-08 | R2024-1001 level 1                           |
      | 2024-03-17 | R2024-1001 level 2, R2024-1002 level 1       |
      | 2024-04-10 | R2024-1001 level 3, R2024-1002 level 3       |

  Scenario: Nobody is reminded twice at one level
    When reminders are raised on 2024-03-08
    And reminders are raised on 2024-03-09
    Then the reminders are none

  Scenario: The first one is free, the others cost
    When reminders are raised on 2024-03-08
    Then of invoice R2024-1001 100.00 is open
    When reminders are raised on 2024-03-15
    Then of invoice R2024-1001 102.50 is open
    When reminders are raised on 2024-03-29
    Then of invoice R2024-1001 105.00 is open

  Scenario: Skipped levels cost, too
    When reminders are raised on 2024-03-31
    Then of invoice R2024-1001 105.00 is open

  Scenario: Who has paid is left in peace
    When C-BAKER pays 100.00 with the text "here"
    And reminders are raised on 2024-03-12
    Then the reminders are none

  Scenario: Letters by a child
    Given 5 of BOK-DIY-8 in stock at 9.00
    And a draft A of C-EGGER with 1 of BOK-DIY-8
    And order A: placed, packed and shipped
    And order A was billed on 2024-01-02
    And C-BAKER paid 100.00 with the text "R2024-1001"
    And C-EGGER paid 40.00 with the text "R2024-1002"
    When a child runs `shop --today 2024-02-09 remind`
    Then it prints "A friendly reminder: invoice R2024-1003, due on 2024-02-01, 43,80 € open."
    When a child with SHOP_BILLING_DUNNING_DAYS=1,2 runs `shop --today 2024-02-10 remind`
    Then it prints "Reminder number 2: invoice R2024-1003"
