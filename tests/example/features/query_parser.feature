Feature: Queries are taken apart and put together again

  Scenario Outline: Tokens
    When I take `<query>` apart
    Then the result is <tokens>

    Examples:
      | query            | tokens                                                            |
      | a and b          | word:a and:and word:b end:                                        |
      | price>=10.5      | word:price operator:>= number:10.5 end:                           |
      | x:-3..4.5        | word:x operator:: range:-3..4.5 end:                              |
      | NOT (x)          | not:not open:( word:x close:) end:                                |
      | "a \"b\" c"      | string:a "b" c end:                                               |
      | 5-inch           | word:5-inch end:                                                  |
      | * ham*           | star:* word:ham* end:                                             |

  Scenario Outline: Trees
    When I parse `<query>`
    Then the result is <tree>
    And what it prints means the same again

    Examples:
      | query                          | tree                                     |
      | a b                            | (a and b)                                |
      | a b or c                       | ((a and b) or c)                         |
      | a (b or c)                     | (a and (b or c))                         |
      | not a b                        | (not a and b)                            |
      | price:5                        | price=5                                  |
      | price:5..10                    | price:5..10                              |
      | name~"two words"               | name~"two words"                         |
      | a limit:5 b                    | (a and b) limit:5                        |
      | sort:x a sort:-y               | a sort:x sort:-y                         |
      | name:x                         | name=x                                   |
      | "two words" or *               | *                                        |

  Scenario: Nothing is everything
    When I parse `limit:3`
    Then the result is * limit:3

  Scenario Outline: Made-up queries mean the same when printed and parsed again
    When I make up <count> queries with seed <seed> and run them over <size> records
    Then <verdicts> verdicts agree

    Examples:
      | count | seed | size | verdicts |
      | 60    | 1    | 100  | 6000     |
      | 200   | 2    | 300  | 60000    |
