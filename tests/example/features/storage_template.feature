Feature: A database is made by copying a template

  Scenario: A template with the base data
    When I build a template "t.db"
    And I copy "t.db" to "a.db"
    And I open the database "a.db"
    Then the result is 8

  Scenario: A template without data
    When I build an empty template "t.db"
    And I copy "t.db" to "deep/down/a.db"
    And I open the database "deep/down/a.db"
    Then the result is 0

  Scenario: An existing file is left alone
    When I build a template "t.db"
    And I copy "t.db" to "shop.db"
    Then it is refused: "shop.db is there already"

  Scenario: A database that isn't there
    When I open the database "nowhere.db"
    Then it is refused as NotFound

  Scenario Outline: A database of an older version
    Given a database "old.db" of version <version>
    When I open the database "old.db"
    Then it is refused: "database version <version>, 4 wanted"
    When I migrate "old.db"
    Then the result is <steps>
    When I open the database "old.db"
    Then the result is 0

    Examples:
      | version | steps |
      | 1       | 3     |
      | 2       | 2     |
      | 3       | 1     |

  Scenario: A child makes a database
    When a child runs `shop -d {dir}/new.db init`
    Then it prints "new.db: version 4"
    When I run `shop -d {dir}/new.db products --format csv`
    Then it prints 9 lines

  Scenario: A child makes a database from a template
    When a child runs `shop -d {dir}/copy.db init --template {dir}/shop.db`
    Then it succeeds
    When a child runs `shop -d {dir}/copy.db init --template {dir}/shop.db`
    Then it ends with status 1
    And it complains "copy.db is there already"

  Scenario: An empty one
    When I run `shop -d {dir}/empty.db init --empty`
    Then it succeeds
    When I run `shop -d {dir}/empty.db products --format csv`
    Then it prints 1 line
