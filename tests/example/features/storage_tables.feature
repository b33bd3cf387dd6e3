Feature: Records are found by their values

  Scenario Outline: Conditions
    When I look for <kind> with <column>=<value>
    Then the result is <keys>

    Examples:
      | kind      | column    | value      | keys                                    |
      | products  | category  | tools      | HAM-500-6 SAW-300-1                     |
      | products  | category  | paint      | PNT-WHT-7 BRU-050-3                     |
      | products  | category  | books/tools| HAM-500-6 SAW-300-1 BOK-DIY-8           |
      | products  | tax_class | reduced    | BOK-DIY-8                               |
      | customers | country   | AT         | C-EGGER                                 |
      | customers | country   | DE/FR/US   | C-BAKER C-DUBOIS C-SMITH                |

  Scenario: A column that isn't there
    When I look for products with color=red
    Then it is refused: "products has no color"

  Scenario Outline: One record by its key
    When I get the <kind> <key>
    Then it is refused: "no such <name>: <key>"

    Examples:
      | kind      | key   | name     |
      | products  | X     | product  |
      | customers | C-X   | customer |
      | orders    | 99    | order    |
      | invoices  | R1    | invoice  |

  Scenario Outline: Many records
    When I add, change and delete <count> products
    Then the result is <left>
    And there are <left> products

    Examples:
      | count | left |
      | 100   | 58   |
      | 1001  | 509  |
      | 6000  | 3008 |
