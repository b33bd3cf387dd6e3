Feature: Stock is valued by several methods

  Background:
    Given 10 of HAM-500-6 in stock at 8.00
    And 10 of HAM-500-6 in stock at 10.00

  Scenario Outline: Nothing has gone out
    Then the stock of HAM-500-6 is worth <value> by <method>

    Examples:
      | method  | value  |
      | fifo    | 180.00 |
      | average | 180.00 |
      | last    | 200.00 |

  Scenario Outline: Some have gone out
    When 12 of HAM-500-6 go out on 2024-03-10
    Then the stock of HAM-500-6 is worth <value> by <method>

    Examples:
      | method  | value |
      | fifo    | 80.00 |
      | average | 72.00 |
      | last    | 80.00 |

  Scenario: Returned pieces count at the last cost
    When 20 of HAM-500-6 go out on 2024-03-10
    Then the stock of HAM-500-6 is worth 0.00 by fifo
    When 2 of HAM-500-6 come back
    Then the stock of HAM-500-6 is worth 20.00 by fifo

  Scenario: Nothing of it was ever there
    Then the stock of SAW-300-1 is worth 0.00 by last
    And the stock of SAW-300-1 is worth 0.00 by average

  Scenario: A method that nobody knows
    When I value HAM-500-6 by guessing
    Then it is refused: "no such valuation: guessing"

  Scenario: All stock
    Given 5 of SAW-300-1 in stock at 12.00
    Then all stock is worth 240.00

  Scenario Outline: After a busy year
    Given a busy year of BRU-050-3: <deliveries> deliveries and <sales> sales
    Then the stock of BRU-050-3 is worth <fifo> by fifo
    And the stock of BRU-050-3 is worth <average> by average

    Examples:
      | deliveries | sales | fifo    | average |
      | 60         | 120   | 2195.28 | 2070.31 |
      | 120        | 300   | 4486.62 | 3956.23 |

  Scenario Outline: The report uses the method that is configured
    When a child with SHOP_STOCK_VALUATION=<method> runs `shop report stock --format json`
    Then it prints JSON in which rows.0.value is <value>

    Examples:
      | method | value |
      | last   | 20000 |
      | fifo   | 18000 |
