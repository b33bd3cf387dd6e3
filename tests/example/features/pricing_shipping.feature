Feature: Parcels and what they cost

  Scenario Outline: Packing
    When I pack pieces of <weights> grams into parcels of <limit>
    Then the result is <parcels>

    Examples:
      | weights                | limit | parcels    |
      | 100, 200, 300          | 1000  | 600        |
      | 600, 500, 400          | 1000  | 1000, 500  |
      | 700, 600, 300, 400     | 1000  | 1000, 1000 |
      | 900, 900, 100          | 1000  | 1000, 900  |

  Scenario: A piece too heavy for a parcel
    When I pack pieces of 100, 2000 grams into parcels of 1000
    Then it is refused: "P1: 2000 g is too heavy"

  Scenario Outline: The cheapest way
    When I send pieces of <weights> grams to <country>
    Then the result is <price>

    Examples:
      | weights             | country | price       |
      | 400                 | DE      | 3.90 in 1   |
      | 400                 | FR      | 8.90 in 1   |
      | 400                 | US      | 16.90 in 1  |
      | 2000, 2000          | DE      | 6.99 in 1   |
      | 5000, 5000          | DE      | 9.49 in 1   |
      | 10000, 10000        | US      | 99.00 in 1  |
      | 20000, 20000        | DE      | 32.98 in 2  |

  Scenario: A piece that nobody carries
    When I send pieces of 40000 grams to DE
    Then it is refused: "40000 g is too heavy"
    When I ask for the price of a parcel of 31501 grams
    Then it is refused: "31501 g is too heavy"

  Scenario: Free shipping
    Given free shipping from 50.00
    And a basket from DE with
      | category | quantity | price | weight |
      | tools    | 2        | 30.00 | 6000   |
    When the basket is priced
    Then shipping costs 0.00 in 1 parcels

  Scenario: Not free yet
    Given free shipping from 50.00
    And a basket from DE with
      | category | quantity | price | weight |
      | tools    | 1        | 30.00 | 6000   |
    When the basket is priced
    Then shipping costs 9.49 in 1 parcels

  Scenario Outline: Random pieces
    When I pack <count> sets of <size> random pieces
    Then the result is <parcels>

    Examples:
      | count | size | parcels |
      | 1200  | 12   | 2597     |
      | 200   | 60   | 1840     |
