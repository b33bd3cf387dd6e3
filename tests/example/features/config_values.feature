Feature: Values of settings are converted

  Background:
    Given a file "a.conf" with
      """
      [shop]
      one = 1
      yes = Yes
      off = off
      word = word
      time = 1h30m
      days = 90d
      empty =
      list = a, b,, c ,
      who = ${shop.name}
      twice = ${shop.one}${shop.one}
      chicken = ${shop.egg}
      egg = ${shop.chicken}
      """
    And I ran `shop -c {dir}/a.conf config shop.one`

  Scenario Outline: Conversions
    When I load the configuration "a.conf"
    And I ask for the <kind> shop.<key>
    Then the result is <value>

    Examples:
      | kind     | key   | value           |
      | number   | one   | 1               |
      | number   | twice | 11              |
      | switch   | yes   | True            |
      | switch   | off   | False           |
      | switch   | one   | True            |
      | duration | time  | 5400            |
      | duration | days  | 7776000         |
      | text     | who   | Corner Shop     |
      | list     | list  | ['a', 'b', 'c'] |
      | list     | empty | []              |

  Scenario Outline: What can't be converted
    When I load the configuration "a.conf"
    And I ask for the <kind> shop.<key>
    Then it is refused: "<message>"

    Examples:
      | kind     | key     | message                                               |
      | number   | word    | shop.word: not a whole number: 'word'                 |
      | switch   | word    | shop.word: not yes or no: 'word'                      |
      | duration | one     | shop.one: not a duration: '1'                         |
      | text     | none    | no setting shop.none                                  |
      | text     | chicken | refer to each other: shop.chicken -> shop.egg -> shop |

  Scenario: The settings as they come
    Given the configuration as it comes
    When I ask for the number billing.terms_days
    Then the result is 30
    When I run `shop config`
    Then it prints "terms_days = 30"
