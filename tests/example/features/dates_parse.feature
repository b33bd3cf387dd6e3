Feature: Days are read in several notations

  Scenario Outline: Notations
    When I read the day "<text>"
    Then the result is <day>

    Examples:
      | text       | day        |
      | 2024-02-29 | 2024-02-29 |
      | 1.5.2024   | 2024-05-01 |
      | 24.12.2023 | 2023-12-24 |
      | +3d        | 2024-03-18 |
      | -2w        | 2024-03-01 |
      | +1m        | 2024-04-15 |
      | -1y        | 2023-03-15 |

  Scenario Outline: What is no day
    When I read the day "<text>"
    Then it is refused: "not a date"

    Examples:
      | text       |
      | tomorrow   |
      | 2023-02-29 |
      | 31.4.2024  |

  Scenario Outline: Months are added within the length of the month
    When I go <count> months from <day>
    Then the result is <result>

    Examples:
      | day        | count | result     |
      | 2024-01-31 | 1     | 2024-02-29 |
      | 2023-01-31 | 1     | 2023-02-28 |
      | 2024-03-31 | -13   | 2023-02-28 |
      | 2024-11-15 | 2     | 2025-01-15 |

  Scenario: A list of months
    When I list the months from 2023-11-20 to 2024-02-01
    Then the result is 2023-11 2023-12 2024-01 2024-02

  Scenario: The day of a child may come from its environment
    When a child with SHOP_TODAY=2024-07-04 runs `shop days 'every 2 days' --count 2`
    Then it prints "2024-07-04\n2024-07-06"

  Scenario: An option comes before the environment
    When a child with SHOP_TODAY=2024-07-04 runs `shop --today 2025-01-01 days 'every day' --count 1`
    Then it prints "2025-01-01"

  Scenario: Without either it is the day of the machine
    When a bare child with HOME=/ runs `shop days 'every day' --count 4`
    Then it prints 4 lines
