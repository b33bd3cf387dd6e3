Feature: A database is checked for damage

  Scenario: A good one
    When I run `shop check`
    Then it succeeds
    And it prints "no problems"

  Scenario: A child checks a good one
    When a child runs `shop check`
    Then it prints "no problems"

  Scenario: A line without its order
    Given the database is damaged: a line of order 77 without an order
    When I run `shop check`
    Then it ends with status 1
    And it prints "lines row 1 refers to nothing in orders"
    And it prints "1 problems"

  Scenario: Several children find the same damage at once
    Given the database is damaged: a line of order 77 without an order
    And the database is damaged: a line of order 78 without an order
    When 3 children at once run `shop check`
    Then it ends with status 1
    And it prints 9 lines

  Scenario: A forked child finds it, too
    Given the database is damaged: a line of order 5 without an order
    When a forked child runs `shop check`
    Then it ends with status 1
    And it prints "1 problems"

  Scenario: No database at all
    When a child with nothing in its environment runs `shop -d {dir}/none.db check`
    Then it ends with status 4
    And it complains "no such database"
