Feature: Tables in several forms

  Background:
    Given a table "Sales" with money in amount
      | sku | kind | amount | share |
      | A   | x    | 1050   | 10.5  |
      | B   | y    | 25     | 0.25  |
      | C\|D | x    | 100000 | -     |

  Scenario: Text
    When it is rendered as text
    Then it prints exactly
      """
      Sales
      sku  kind   amount  share
      ---  ----  -------  -----
      A    x       10.50  10.50
      B    y        0.25  0.25
      C|D  x     1000.00
      """

  Scenario: Markdown
    When it is rendered as markdown
    Then it prints "| sku | kind | amount | share |"
    And it prints "| --- | --- | ---: | --- |"
    And it prints "| C\|D | x | 1000.00 |  |"

  Scenario: CSV
    When it is rendered as csv
    Then it prints exactly
      """
      sku,kind,amount,share
      A,x,10.50,10.50
      B,y,0.25,0.25
      C|D,x,1000.00,
      """

  Scenario: JSON
    When it is rendered as json
    Then it prints JSON in which rows.2.amount is 100000
    And it prints JSON in which title is Sales

  Scenario: HTML
    When it is rendered as html
    Then it prints "<caption>Sales</caption>"
    And it prints "<tr><td>A</td><td>x</td><td>10.50</td><td>10.50</td></tr>"

  Scenario: A form that nobody knows
    When it is rendered as clay
    Then it is refused: "no such format: clay"

  Scenario: Sorted
    When it is sorted by amount, the largest first
    Then the column sku is C|D, A, B
    And the total of amount is 101075

  Scenario: Grouped
    When it is grouped by kind, adding up amount
    Then the column kind is x, y
    And the column amount is 101050, 25

  Scenario: A column that isn't there
    When I ask for the column color
    Then it is refused: "Sales has no column color"

  Scenario: A row too short
    When I add a row of 3 values
    Then it is refused: "Sales: 4 values expected"

  Scenario Outline: Large ones
    When a table of <count> rows is rendered in every form
    Then the result is csv

    Examples:
      | count |
      | 500   |
      | 9000  |
