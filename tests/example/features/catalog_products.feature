Feature: Products are added, priced and retired

  Scenario: A new product
    When I add the product DRL-018-0 at 89.90 in tools
    Then nothing is refused
    And the price of DRL-018-0 is 89.90
    And DRL-018-0 is named The product DRL-018-0
    And the categories are books 1, clothing 1, hardware 2, paint 2, tools 3

  Scenario: The same number again
    When I add the product HAM-500-6 at 1.00 in tools
    Then it is refused: "HAM-500-6 is there already"

  Scenario: A wrong number
    When I add the product DRL-018-1 at 1.00 in tools
    Then it is refused: "check digit"

  Scenario: A negative price
    When I add the product DRL-018-0 at -1.00 in tools
    Then it is refused: "can't be negative"

  Scenario Outline: Odd values
    When I add the product DRL-018-0 of tax class <tax_class> and weight <weight>
    Then it is refused: "<message>"

    Examples:
      | tax_class | weight | message                |
      | luxury    | 1      | no such tax class      |
      | standard  | -1     | can't be negative      |

  Scenario Outline: Prices of a category change
    When I change the prices of <category> by <percent> percent
    Then the result is <changed>
    And the price of <sku> is <price>

    Examples:
      | category | percent | changed | sku       | price |
      | tools    | 10      | 2       | HAM-500-6 | 20.79 |
      | tools    | -10     | 2       | SAW-300-1 | 22.05 |
      | paint    | 3       | 2       | PNT-WHT-7 | 41.15 |
      | books    | 1       | 1       | BOK-DIY-8 | 29.29 |
      | nothing  | 5       | 0       | HAM-500-6 | 18.90 |

  Scenario: Retired products
    When I retire GLV-LEA-3
    Then the categories are books 1, hardware 2, paint 2, tools 2
    When I retire GLV-LEA-3
    Then it is refused: "GLV-LEA-3 is retired already"

  Scenario: A child changes prices, another one sees it
    When a child runs `shop reprice tools 10`
    Then it prints "2 prices changed"
    When a forked child runs `shop products category:tools --format json`
    Then it prints JSON in which rows.0.price is 2079
