Feature: Queries find products

  Scenario Outline: One condition
    When I search the products for `<query>`
    Then the result is <found>

    Examples:
      | query              | found                           |
      | *                  | HAM SAW NAI SCR PNT BRU BOK GLV |
      | category:tools     | HAM SAW                         |
      | category!=tools    | NAI SCR PNT BRU BOK GLV         |
      | price>25           | PNT BOK                         |
      | price<=4.99        | NAI BRU                         |
      | price:5..15        | SCR GLV                         |
      | name~hammer        | HAM                             |
      | name~"60 mm"       | NAI                             |
      | hammer             | HAM                             |
      | mm                 | HAM SAW NAI SCR BRU             |
      | "box of"           | NAI SCR                         |
      | pat*               | BOK                             |
      | hamm*              | HAM                             |
      | 500                | HAM                             |
      | weight>=900        | NAI PNT                         |
      | category:Tools     | HAM SAW                         |

  Scenario Outline: Several
    When I search the products for `<query>`
    Then the result is <found>

    Examples:
      | query                                   | found               |
      | category:tools price<20                 | HAM                 |
      | category:tools or category:books        | HAM SAW BOK         |
      | not category:tools and not price<10     | PNT BOK GLV         |
      | not (category:tools or price<10)        | PNT BOK GLV         |
      | mm not box                              | HAM SAW BRU         |
      | sort:price limit:3                      | BRU NAI SCR         |
      | sort:-price limit:2                     | PNT BOK             |
      | sort:category sort:-price limit:3       | BOK GLV SCR         |
      | limit:0                                 | none                |
      | category:garden                         | none                |

  Scenario Outline: Records of other kinds
    Given a shelf of
      | id | name       | code | stock |
      | 1  | red chair  | 5    | 3     |
      | 2  | blue chair | 6    | 0     |
      | 3  | red table  | x    | 12    |
    When I search the shelf for `<query>`
    Then the result is <found>

    Examples:
      | query            | found |
      | chair            | 1 2   |
      | red stock>5      | 3     |
      | code:5           | 1     |
      | code!=5          | 2 3   |
      | stock:0..3       | 1 2   |

  Scenario Outline: What can't be asked
    When I search the products for `<query>`
    Then it is refused: "<message>"

    Examples:
      | query       | message                          |
      | color:red   | no such field: color             |
      | price:cheap | price is compared with a number  |

  Scenario: Of a child
    When a child runs `shop products 'category:tools sort:price' --format markdown`
    Then it prints exactly
      """
      | sku | name | category | price |
      | --- | --- | --- | ---: |
      | HAM-500-6 | Claw hammer 500 g | tools | 18.90 |
      | SAW-300-1 | Hand saw 300 mm | tools | 24.50 |
      """
