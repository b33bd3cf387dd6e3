Feature: Orders from children that share the database

  Background:
    Given I ran `shop receive 5.00 HAM-500-6=6`

  Scenario Outline: A forked child orders
    When a forked child runs `shop order <customer> HAM-500-6=<quantity> --place`
    Then it ends with status <status>
    And it prints "<text>"
    And of HAM-500-6 there are 6, <reserved> reserved

    Examples:
      | customer | quantity | status | text              | reserved |
      | C-BAKER  | 2        | 0      | placed            | 2        |
      | C-SMITH  | 6        | 0      | placed            | 6        |
      | C-SMITH  | 7        | 6      | 6 available       | 0        |
      | C-NONE   | 1        | 4      | no such customer  | 0        |

  Scenario: One after the other until nothing is left
    When a forked child runs `shop order C-BAKER HAM-500-6=4 --place`
    Then it succeeds
    When a forked child runs `shop order C-BAKER HAM-500-6=4 --place`
    Then it ends with status 6
    When a forked child runs `shop order-step cancel 1`
    Then it succeeds
    When a forked child runs `shop order C-BAKER HAM-500-6=4 --place`
    Then it prints "order 2"

  Scenario: Several children read at once
    Given I ran `shop order C-BAKER HAM-500-6=2 --place`
    When 3 children at once run `shop quote 1`
    Then it succeeds
    And it prints 12 lines

  Scenario: The parent sees what the child did
    When a forked child runs `shop order C-EGGER HAM-500-6=1 --place`
    Then the orders are 1 placed
