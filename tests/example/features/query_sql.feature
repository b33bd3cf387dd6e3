Feature: Queries become SQL

  Scenario Outline: Clauses
    When I translate `<query>` to SQL
    Then the SQL is `<sql>` with <parameters>
    And SQLite finds the same as `<query>` in memory

    Examples:
      | query                   | sql                                            | parameters            |
      | *                       | 1                                              | []                    |
      | price>10                | price > ?                                      | [1000]                |
      | weight:100..700         | weight BETWEEN ? AND ?                         | [100, 700]            |
      | category:tools          | LOWER(category) = ?                            | ['tools']             |
      | name~saw                | name LIKE ?                                    | ['%saw%']             |
      | not name~saw            | NOT name LIKE ?                                | ['%saw%']             |
      | price<4.995             | price < ?                                      | [499.5]               |
      | weight>5 sort:-price    | weight > ? ORDER BY price DESC                 | [5]                   |
      | sort:price limit:2      | 1 ORDER BY price LIMIT 2                       | []                    |
      | price>30 or price<4     | (price > ? OR price < ?)                       | [3000, 400]           |
      | box price<6             | ((sku LIKE ? OR name LIKE ? OR category LIKE ?) AND price < ?) | ['%box%', '%box%', '%box%', 600] |

  Scenario: A field that the table has not
    When I translate `color:red` to SQL
    Then it is refused: "no such field: color"

  Scenario: Of a child
    When a child runs `shop query 'ham* price:1..2'`
    Then it prints exactly
      """
      ("ham*" and price:1..2)
      ((sku LIKE ? OR name LIKE ? OR category LIKE ?) AND price BETWEEN ? AND ?)
      ["%ham%", "%ham%", "%ham%", 100, 200]
      """
