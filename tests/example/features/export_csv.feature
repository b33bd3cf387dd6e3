Feature: CSV files are written

  Scenario: Products
    When I export products to "p.csv"
    Then the result is 8
    And there is a file "p.csv" with 9 lines
    And the file "p.csv" has "NAI-060-3,"Nails 60 mm, box of 200",hardware,4.99,900,standard"

  Scenario: Customers
    When I export customers to "c.csv"
    Then the result is 4
    And the file "c.csv" has "C-EGGER,Anna Egger,AT,,anna@egger.example"

  Scenario: What can't be exported
    When I export orders to "o.csv"
    Then it is refused: "can't export orders"
    And there is no file "o.csv"

  Scenario Outline: What is written can be read again
    When I export <kind> to "x.csv"
    And I import <kind> from "x.csv", updating known ones
    Then 0 are added, <count> updated, 0 left out

    Examples:
      | kind      | count |
      | products  | 8     |
      | customers | 4     |

  Scenario: From one database into another, by children
    When a child runs `shop export products {dir}/p.csv`
    Then it prints "8 rows"
    When a child runs `shop -d {dir}/other.db init --empty`
    And a child runs `shop -d {dir}/other.db import products {dir}/p.csv`
    Then it prints "8 added, 0 updated, 0 left out"
    When a forked child runs `shop -d {dir}/other.db export products {dir}/q.csv`
    Then it succeeds
    And there is a file "q.csv" with 9 lines

  Scenario: Many
    Given a file "many.csv" of 1200 products
    When I import products from "many.csv"
    And I export products to "p.csv"
    Then the result is 1208
