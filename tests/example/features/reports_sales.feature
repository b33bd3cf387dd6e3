Feature: What was sold

  Background:
    Given enough of everything in stock
    And 60 orders were shipped in the months before

  Scenario: All sales
    When I make the sales report
    Then it has 120 rows
    And all ways to group it by have the same total
    And the total of amount is 734920

  Scenario Outline: A part of the year
    When I make the sales report from <first> to <last>
    Then it has <count> rows

    Examples:
      | first      | last       | count |
      | 2023-04-01 | 2023-06-30 | 32  |
      | 2024-01-01 | 2024-12-31 | 26  |
      | 2025-01-01 | 2025-12-31 | 0     |

  Scenario: Month by month
    When I make the monthly report from 2023-01-01 to 2024-03-15
    Then it has 15 rows
    And the total of amount is 734920

  Scenario: The best
    When I make the best sellers report
    Then it has 3 rows
    And the column sku is PNT-WHT-7, SAW-300-1, GLV-LEA-3

  Scenario: Classes
    When I make the ABC report
    Then it has 7 rows
    And the column class is A, A, A, B, B, C, C

  Scenario: The stock
    When I make the stock report
    Then it has 8 rows
    And the column reserved is 3, 0, 14, 3, 1, 17, 18, 4

  Scenario: By a child
    When a child runs `shop --today 2024-03-15 report monthly --format csv`
    Then it prints 13 lines
    When a forked child runs `shop report abc --format csv`
    Then it prints 8 lines
