Feature: Queries are made simpler

  Scenario Outline: Rules of logic
    When I parse `<query>`
    Then the result is <tree>

    Examples:
      | query                        | tree                               |
      | not not a                    | a                                  |
      | not not not a                | not a                              |
      | not (a b)                    | (not a or not b)                   |
      | not (a or b)                 | (not a and not b)                  |
      | not (a or not b)             | (not a and b)                      |
      | not price>5                  | price<=5                           |
      | not price<=5                 | price>5                            |
      | not name=x                   | name!=x                            |
      | not name~x                   | not name~x                         |
      | a (b (c d))                  | (a and b and c and d)              |
      | a or (b or c) or a           | (a or b or c)                      |
      | a a a                        | a                                  |
      | a *                          | a                                  |
      | * *                          | *                                  |
      | a or *                       | *                                  |
      | not (price>5 and not x)      | (price<=5 or x)                    |
      | not price:1..5               | not price:1..5                     |

  Scenario Outline: It makes no difference to what is found
    When I make up <count> queries with seed <seed> and run them over <size> records
    Then <verdicts> verdicts agree

    Examples:
      | count | seed | size | verdicts |
      | 150   | 31   | 200  | 30000    |
      | 60    | 32   | 900  | 54000    |

  Scenario: Of a child
    When a child runs `shop query 'not (price>5 or not hammer)'`
    Then it prints "(price<=5 and hammer)"
