Feature: Documents for customers

  Background:
    Given enough of everything in stock
    And a draft A of C-BAKER with 2 of HAM-500-6, 10 of NAI-060-3
    And order A: placed, packed and shipped
    And order A was billed on 2024-03-15

  Scenario: An invoice
    When I print the invoice of order A
    Then it prints exactly
      """
      Corner Shop
      Baker & Sons (DE)
      Invoice R2024-1001 of 2024-03-15

       1  HAM-500-6     2      37.80
       2  NAI-060-3    10      49.90
          shipping            14.98
          tax                 16.66
          total              119.34
      Please pay until 2024-04-15.
      """

  Scenario: A delivery note
    When I print the delivery of order A
    Then it prints "[ ]    2 x HAM-500-6,"
    And it prints "[ ]   10 x NAI-060-3."
    And it prints "no remarks"
    And it does not print "37.80"

  Scenario: A first and a later reminder
    When I print the reminder of order A
    Then it prints "Reminder number 0"
    When reminders are raised on 2024-04-25
    And I print the reminder of order A
    Then it prints "A friendly reminder: invoice R2024-1001, due on 2024-04-15, 119,34 € open."

  Scenario: An invoice without tax
    Given a draft B of C-SMITH with 1 of BOK-DIY-8
    And order B: placed, packed and shipped
    And order B was billed on 2024-03-15
    When I print the invoice of order B
    Then it prints "no tax is due"
    And it prints "J. Smith (US)"

  Scenario Outline: Documents that nobody knows
    When I print the <kind> of order A
    Then it is refused: "no such document: <kind>"

    Examples:
      | kind   |
      | poem   |
      | head   |

  Scenario: By a child, under another name
    Given a draft B of C-EGGER with 1 of BOK-DIY-8
    And order B: placed, packed and shipped
    When a child with SHOP_SHOP_NAME=Elsewhere runs `shop --today 2024-03-15 bill 2`
    Then it prints "Elsewhere"
    And it prints "Invoice R2024-1002"
