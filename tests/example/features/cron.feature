Feature: Times in the notation of cron

  Scenario Outline: The next time
    When I ask for the time after 2024-03-15T10:30 in "<expression>"
    Then the result is <time>

    Examples:
      | expression        | time                |
      | * * * * *         | 2024-03-15 10:31:00 |
      | 0 * * * *         | 2024-03-15 11:00:00 |
      | */20 * * * *      | 2024-03-15 10:40:00 |
      | 15,45 9-17 * * *  | 2024-03-15 10:45:00 |
      | 0 9 * * mon       | 2024-03-18 09:00:00 |
      | 0 9 * * 7         | 2024-03-17 09:00:00 |
      | 0 0 1 * *         | 2024-04-01 00:00:00 |
      | 0 0 29 feb *      | 2028-02-29 00:00:00 |
      | 0 12 13 * fri     | 2024-03-15 12:00:00 |
      | 30 10 15 3 *      | 2025-03-15 10:30:00 |
      | 5/25 0 * dec *    | 2024-12-01 00:05:00 |
      | @daily            | 2024-03-16 00:00:00 |
      | @weekly           | 2024-03-17 00:00:00 |

  Scenario Outline: What is no expression
    When I ask for the time after 2024-03-15T10:30 in "<expression>"
    Then it is refused: "<message>"

    Examples:
      | expression    | message                              |
      | * * * *       | five fields                          |
      | 60 * * * *    | minute 60 is out of range            |
      | * * 0 * *     | day 0 is out of range                |
      | * * * foo *   | not a month: 'foo'                   |
      | */0 * * * *   | not a step: '0'                      |
      | * 5-3 * * *   | hour range is the wrong way round    |
      | 0 0 31 feb *  | never comes                          |

  Scenario Outline: How many in a year
    When I count the times of "<expression>" in <year>
    Then the result is <count>

    Examples:
      | expression      | year | count |
      | */5 * * * *     | 2024 | 105408 |
      | @daily          | 2024 | 366   |
      | @daily          | 2023 | 365   |
      | @hourly         | 2023 | 8760  |
      | @monthly        | 2023 | 12    |
      | 0 9 * * mon-fri | 2024 | 262   |
      | */30 8-17 * * * | 2023 | 7300  |

  Scenario: By a child
    When a child runs `shop cron '0 8 * * mon-fri' 2024-03-15T09:00 2024-03-19T09:00`
    Then it prints exactly
      """
      2024-03-18 08:00
      2024-03-19 08:00
      """
    When a child runs `shop cron '0 8 * *' 2024-03-15T09:00 2024-03-19T09:00`
    Then it ends with status 1
    When I run `shop cron '0 8 * * *' yesterday today`
    Then it ends with status 2
