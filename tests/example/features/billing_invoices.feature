Feature: Shipped orders are billed

  Background:
    Given enough of everything in stock
    And a draft A of C-BAKER with 2 of HAM-500-6
    And order A: placed, packed and shipped

  Scenario: An invoice
    When order A is billed on 2024-03-15
    Then invoice R2024-1001 is over 50.47, due on 2024-04-15

  Scenario Outline: The last day to pay is a business day
    When order A is billed on <day>
    Then invoice R2024-1001 is over 50.47, due on <due>

    Examples:
      | day        | due        |
      | 2024-03-01 | 2024-04-02 |
      | 2024-04-01 | 2024-05-02 |
      | 2024-04-10 | 2024-05-10 |
      | 2024-05-31 | 2024-07-01 |
      | 2024-11-25 | 2024-12-27 |

  Scenario: Twice is once too often
    Given order A was billed on 2024-03-15
    When order A is billed on 2024-03-16
    Then it is refused: "is billed already"

  Scenario: Nothing was shipped yet
    Given a draft B of C-BAKER with 1 of HAM-500-6
    When order B is billed on 2024-03-15
    Then it is refused: "nothing to bill yet"

  Scenario: Numbers have no gaps
    Given a draft B of C-EGGER with 1 of BOK-DIY-8
    And order B: placed, packed and shipped
    When order A is billed on 2024-03-15
    And order A is billed on 2024-03-15
    And order B is billed on 2024-03-18
    Then invoice R2024-1002 is over 43.80, due on 2024-04-17

  Scenario: Terms from the configuration, in a child
    When a child with SHOP_BILLING_TERMS_DAYS=10 runs `shop --today 2024-03-15 bill 1`
    Then it prints "Please pay until 2024-03-25."
