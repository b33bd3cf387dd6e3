Feature: Orders are priced by several processes

  Background:
    Given these rules
      | rule                 |
      | volume 10 5%         |
      | bundle 3 for 2 tools |

  Scenario Outline: The number of workers makes no difference
    When <orders> orders over 30 products with seed <seed> are priced by <workers> workers
    Then one process alone comes to the same

    Examples:
      | orders | seed | workers |
      | 60     | 1    | 2       |
      | 1200   | 2    | 2       |
      | 1600   | 3    | 3       |
      | 25     | 4    | 4       |

  Scenario: No worker, no work
    When 10 orders over 30 products with seed 1 are priced by 0 workers
    Then it is refused: "can't work in 0 processes"

  Scenario Outline: A forked child prices orders
    When a forked child prices <orders> orders with seed <seed> and leaves by os._exit
    Then it ends with status 3
    And the result is <totals>

    Examples:
      | orders | seed | totals |
      | 100    | 1    | 100 orders, net 111686.26, discount 11934.28    |
      | 2000   | 7    | 2000 orders, net 2268621.02, discount 200704.11 |

  Scenario: A child with workers of its own
    When a child runs `shop price --orders 200 -j 2`
    Then it prints "200 orders: net 266473.33"

  Scenario: A child with nothing in its environment has workers, too
    When a child with nothing in its environment runs `shop price --orders 120 --seed 5 -j 3`
    Then it prints "120 orders: net 150911.58"
