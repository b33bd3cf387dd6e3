Feature: Public holidays

  Scenario Outline: Easter
    When I ask for Easter <year>
    Then the result is <day>

    Examples:
      | year | day        |
      | 1999 | 1999-04-04 |
      | 2000 | 2000-04-23 |
      | 2024 | 2024-03-31 |
      | 2025 | 2025-04-20 |
      | 2038 | 2038-04-25 |

  Scenario Outline: The holidays of a year
    When I ask for the holidays of 2024 in <country>
    Then there are <count> of them, the first on 2024-01-01 and the last on <last>
    And <day> is one of them

    Examples:
      | country | count | last       | day        |
      | DE      | 9     | 2024-12-26 | 2024-03-29 |
      | AT      | 13    | 2024-12-26 | 2024-05-30 |
      | FR      | 11    | 2024-12-25 | 2024-07-14 |

  Scenario: A country without a calendar
    When I ask for the holidays of 2024 in XX
    Then it is refused: "no calendar for XX"

  Scenario: The recurrence of a child leaves holidays out
    When a child runs `shop --today 2024-03-28 days 'every day except holidays' --count 3`
    Then it prints exactly
      """
      2024-03-28
      2024-04-02
      2024-04-03
      """
