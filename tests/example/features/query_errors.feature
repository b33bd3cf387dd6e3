Feature: Mistakes in queries are pointed at

  Scenario Outline: Where it is wrong
    When I parse `<query>`
    Then it is refused: "<message>"
    And the pointer is below character <position>

    Examples:
      | query             | message                          | position |
      | a and             | condition expected               | 5        |
      | (a or b           | parenthesis without end          | 0        |
      | a ) b             | ')' out of place                 | 2        |
      | and a             | 'and' out of place               | 0        |
      | price>            | number expected                  | 6        |
      | price>cheap       | number expected                  | 6        |
      | price:9..5        | range is the wrong way round     | 6        |
      | price>5..9        | number expected                  | 6        |
      | name~(            | value expected                   | 5        |
      | limit:many        | number expected                  | 6        |
      | limit:1.5         | whole number expected            | 6        |
      | sort:5            | word expected                    | 5        |
      | "open             | string without end               | 0        |
      | a & b             | stray '&'                        | 2        |
      | : a               | ':' out of place                 | 0        |

  Scenario: A child points, too
    When a child runs `shop query 'price > and'`
    Then it ends with status 7
    And it complains "shop: number expected at position 8"
    And it complains "        ^"

  Scenario: A forked child points, too
    When a forked child runs `shop products 'price:9..5'`
    Then it ends with status 7
    And it complains "wrong way round at position 6"
