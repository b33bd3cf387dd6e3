Feature: Drafts can be changed, other orders can't

  Background:
    Given enough of everything in stock
    And a draft A of C-BAKER with 2 of HAM-500-6

  Scenario: The same product again
    When order A gets 3 of HAM-500-6
    Then order A has 5 of HAM-500-6 in it

  Scenario: Another product
    When order A gets 1 of GLV-LEA-3
    Then order A has 2 of HAM-500-6, 1 of GLV-LEA-3 in it

  Scenario Outline: What can't be ordered
    When order A gets <quantity> of <sku>
    Then it is refused: "<message>"

    Examples:
      | quantity | sku       | message         |
      | 0        | HAM-500-6 | can't order 0   |
      | -2       | HAM-500-6 | can't order -2  |
      | 1        | NOT-ONE-1 | no such product |

  Scenario: What is not sold any more
    Given GLV-LEA-3 is retired
    When order A gets 1 of GLV-LEA-3
    Then it is refused: "not sold any more"

  Scenario: Other quantities
    When the quantity of HAM-500-6 in order A becomes 7
    Then order A has 7 of HAM-500-6 in it
    When the quantity of HAM-500-6 in order A becomes 0
    Then order A has nothing in it
    When the quantity of HAM-500-6 in order A becomes 3
    Then it is refused: "no such line: HAM-500-6"

  Scenario: Too late
    Given order A: placed
    When order A gets 1 of GLV-LEA-3
    Then it is refused: "no changes any more"

  Scenario: Two drafts become one
    Given a draft B of C-BAKER with 1 of HAM-500-6, 4 of NAI-060-3
    When order B is merged into A
    Then order A has 3 of HAM-500-6, 4 of NAI-060-3 in it
    And order B has nothing in it
    And order B has the state cancelled

  Scenario: Drafts of different customers stay apart
    Given a draft B of C-EGGER with 1 of HAM-500-6
    When order B is merged into A
    Then it is refused: "different customers"

  Scenario: Only drafts can be merged
    Given a draft B of C-BAKER with 1 of HAM-500-6
    And order B: placed
    When order B is merged into A
    Then it is refused: "only drafts"
