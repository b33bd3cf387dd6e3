Feature: Days that come again and again

  Scenario Outline: Rules
    When I take 3 days of "<rule>" from <start>
    Then the result is <days>

    Examples:
      | rule                                | start      | days                             |
      | every day                           | 2024-02-28 | 2024-02-28 2024-02-29 2024-03-01 |
      | every 3 days                        | 2024-02-28 | 2024-02-28 2024-03-02 2024-03-05 |
      | every week                          | 2024-03-15 | 2024-03-15 2024-03-22 2024-03-29 |
      | every 2 weeks on mon, fri           | 2024-03-13 | 2024-03-15 2024-03-25 2024-03-29 |
      | every month                         | 2024-01-31 | 2024-01-31 2024-02-29 2024-03-31 |
      | every month on 1, 15                | 2024-03-02 | 2024-03-15 2024-04-01 2024-04-15 |
      | every month on last                 | 2024-02-01 | 2024-02-29 2024-03-31 2024-04-30 |
      | every month on first mon            | 2024-03-15 | 2024-04-01 2024-05-06 2024-06-03 |
      | every month on last fri             | 2024-03-01 | 2024-03-29 2024-04-26 2024-05-31 |
      | every 3 months on second tue        | 2024-01-01 | 2024-01-09 2024-04-09 2024-07-09 |
      | every year                          | 2024-02-29 | 2024-02-29 2025-02-28 2026-02-28 |
      | Every 2  Years on first mon         | 2024-05-01 | 2024-05-06 2026-05-04 2028-05-01 |
      | every day until 2024-03-02          | 2024-03-01 | 2024-03-01 2024-03-02            |
      | every week 2 times                  | 2024-03-01 | 2024-03-01 2024-03-08            |
      | every day until 2024-01-01          | 2024-03-01 | none                             |
      | every day except holidays           | 2024-12-24 | 2024-12-24 2024-12-27 2024-12-30 |

  Scenario Outline: What is no rule
    When I read the recurrence "<rule>"
    Then it is refused: "<message>"

    Examples:
      | rule                     | message                        |
      | sometimes                | not a recurrence               |
      | every 0 days             | every 0 is never               |
      | every week on 5          | not a day of a week: '5'       |
      | every day on mon         | not a day of a day: 'mon'      |
      | every month on 32        | not a day of a month: '32'     |
      | every month on fifth mon | not a day of a month           |
      | every day until soon     | not a date: 'soon'             |

  Scenario: The next one
    When I ask for the day after 2024-03-20 in "every month on 15" from 2024-01-01
    Then the result is 2024-04-15
    When I ask for the day after 2024-03-20 in "every month 2 times" from 2024-01-01
    Then there is no result

  Scenario Outline: Far into the future
    When I go through <count> days of "<rule>" from 2000-01-01
    Then the result is <last>

    Examples:
      | rule                            | count | last       |
      | every week on mon, wed, fri     | 25000 | 2159-09-17        |
      | every month on last fri, 1      | 4000  | 2166-08-29        |
      | every day except holidays       | 20000 | 2078-12-12        |

  Scenario: By a child
    When a child runs `shop --today 2024-03-15 days 'every month on last' --count 2`
    Then it prints exactly
      """
      2024-03-31
      2024-04-30
      """
    When a child runs `shop days 'now and then'`
    Then it ends with status 1
