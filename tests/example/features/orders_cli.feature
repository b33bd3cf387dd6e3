Feature: Orders on the command line

  Background:
    Given I ran `shop receive 5.00 HAM-500-6=10 NAI-060-3=50 BOK-DIY-8=5`

  Scenario: From the order to the invoice, every step a child
    When a child runs `shop order C-BAKER HAM-500-6=2 NAI-060-3=1 --place`
    Then it prints "placed, total 57.91"
    When a child runs `shop order-step pack 1`
    Then it prints "order 1 is packed"
    When a child runs `shop order-step ship 1`
    Then it prints "order 1 is shipped"
    When a child runs `shop --today 2024-03-15 bill 1`
    Then it prints "Invoice R2024-1001 of 2024-03-15"
    And it prints "Please pay until 2024-04-15."

  Scenario: A draft stays one
    When I run `shop order C-EGGER BOK-DIY-8=1 --note 'for Tom'`
    Then it prints "order 1"
    And it prints "draft, total"

  Scenario Outline: What is wrong has a status of its own
    When a child runs `shop order <customer> <items> --place`
    Then it ends with status <status>
    And it complains "<message>"

    Examples:
      | customer | items        | status | message                |
      | C-NOBODY | HAM-500-6=1  | 4      | no such customer       |
      | C-BAKER  | HAM-500-6=99 | 6      | 99 wanted, 10 available |
      | C-BAKER  | HAM-500-6=x  | 1      | SKU=NUMBER expected    |

  Scenario: A step too many
    Given I ran `shop order C-BAKER HAM-500-6=1`
    When I run `shop order-step ship 1`
    Then it ends with status 5
    When I run `shop order-step place 1`
    Then it succeeds
    When I run `shop order-step dance 1`
    Then it ends with status 2

  Scenario: A quote says why
    Given I ran `shop order C-DUBOIS BOK-DIY-8=2`
    When a child runs `shop quote 1`
    Then it prints exactly
      """
      2 x BOK-DIY-8 at 29.00 = 58.00
      0 % of 58.00 = 0.00
      1 parcel = 11.90
      the recipient owes the tax
      total = 69.90
      """
