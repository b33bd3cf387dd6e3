Feature: Business days are counted

  Scenario Outline: So many business days on
    When I go <count> business days from <day> in <country>
    Then the result is <result>

    Examples:
      | day        | count | country | result     |
      | 2024-03-15 | 1     | DE      | 2024-03-18 |
      | 2024-03-28 | 1     | DE      | 2024-04-02 |
      | 2024-03-28 | 1     | FR      | 2024-03-29 |
      | 2024-12-24 | 1     | DE      | 2024-12-27 |
      | 2024-12-24 | 1     | FR      | 2024-12-26 |
      | 2024-01-02 | -1    | DE      | 2023-12-29 |
      | 2024-03-15 | 0     | DE      | 2024-03-15 |

  Scenario Outline: The business days of many years
    When I count the business days of the years <first> to <last> in <country>
    Then the result is <count>

    Examples:
      | first | last | country | count |
      | 2024  | 2024 | DE      | 253   |
      | 2000  | 2023 | DE      | 6079   |
      | 1990  | 2023 | AT      | 8517   |
      | 1900  | 2023 | FR      | 31274   |

  Scenario: A country without a calendar
    When I go 1 business days from 2024-01-01 in XX
    Then it is refused: "no calendar"
