Feature: CSV files are taken over

  Scenario: Products, with semicolons and German amounts
    Given a file "p.csv" with
      """
      SKU;Name;Category;Price;Weight
      DRL-018-0;Drill;tools;89,90;1800
      LAD-003-7;Ladder;tools;1.249,00;
      """
    When I import products from "p.csv"
    Then 2 are added, 0 updated, 0 left out
    And the price of LAD-003-7 is 1249.00

  Scenario: One bad row and nothing is taken over
    Given a file "p.csv" with
      """
      sku,name,category,price
      DRL-018-0,Drill,tools,89.90
      LAD-003-8,Ladder,tools,50
      CLP-010-9,Clamp,tools
      GLU-250-0,Glue,paint,cheap
      """
    When I import products from "p.csv"
    Then it is refused: "p.csv: 3 bad rows"
    And row 3 is bad: "check digit"
    And row 4 is bad: "wrong number of columns"
    And row 5 is bad: "not an amount"
    And there are 8 products

  Scenario: Bad rows are left out on demand
    Given a file "p.csv" with
      """
      sku,name,category,price
      DRL-018-0,Drill,tools,89.90
      LAD-003-8,Ladder,tools,50
      """
    When I import products from "p.csv", leaving out bad rows
    Then 1 are added, 0 updated, 1 left out
    And there are 9 products

  Scenario: Known products are updated on demand
    Given a file "p.csv" with
      """
      sku,name,category,price
      HAM-500-6,New hammer,tools,20.00
      DRL-018-0,Drill,tools,89.90
      """
    When I import products from "p.csv"
    Then it is refused: "p.csv: 1 bad row"
    When I import products from "p.csv", updating known ones
    Then 1 are added, 1 updated, 0 left out
    And the price of HAM-500-6 is 20.00

  Scenario: Customers
    Given a file "c.csv" with
      """
      code,name,country,vat_id,email
      C-NEW,New,DE,,
      C-BAKER,Baker & Daughters,DE,,new@baker.example
      """
    When I import customers from "c.csv", updating known ones
    Then 1 are added, 1 updated, 0 left out

  Scenario: Orders: rows with one reference are one order
    Given a file "o.csv" with
      """
      reference,customer,sku,quantity
      1,C-BAKER,HAM-500-6,2
      2,C-BAKER,HAM-500-6,1
      1,C-BAKER,NAI-060-3,5
      1,C-EGGER,BOK-DIY-8,1
      """
    When I import orders from "o.csv"
    Then 3 are added, 1 updated, 0 left out
    And the orders are 3 draft

  Scenario: A quantity that is none
    Given a file "o.csv" with
      """
      reference,customer,sku,quantity
      1,C-BAKER,HAM-500-6,some
      """
    When I import orders from "o.csv"
    Then row 2 is bad: "not a quantity"
    And there are 0 orders

  Scenario Outline: Files that are none
    Given a file "x.csv" with
      """
      a,b
      """
    And an empty file "e.csv"
    When I import <kind> from "<file>"
    Then it is refused: "<message>"

    Examples:
      | kind     | file  | message                     |
      | products | x.csv | x.csv lacks sku, name       |
      | products | e.csv | e.csv is empty              |
      | weather  | x.csv | can't import weather        |

  Scenario: Many, in process and by a child
    Given a file "many.csv" of 1500 products
    When I import products from "many.csv"
    Then 1500 are added, 0 updated, 0 left out
    When a child runs `shop import products {dir}/many.csv --update`
    Then it prints "0 added, 1500 updated, 0 left out"
    When a child runs `shop import products {dir}/many.csv`
    Then it ends with status 8
    And it complains "row 1501: "
