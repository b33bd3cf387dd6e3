Feature: An order goes through its states

  Background:
    Given enough of everything in stock
    And a draft A of C-BAKER with 2 of HAM-500-6, 1 of NAI-060-3

  Scenario: The usual way
    When order A: placed, packed, shipped and closed
    Then nothing is refused
    And order A has the state closed
    And order A was placed on 2024-03-15
    And of HAM-500-6 there are 998, 0 reserved

  Scenario: Placed goods are reserved
    When order A: placed
    Then of HAM-500-6 there are 1000, 2 reserved
    And of NAI-060-3 there are 1000, 1 reserved
    And order A costs 42.79 net, 8.13 tax, 6.99 shipping

  Scenario: A cancelled order gives its goods back
    When order A: placed and cancelled
    Then of HAM-500-6 there are 1000, 0 reserved

  Scenario: A cancelled draft has none
    When order A: cancelled
    Then order A has the state cancelled
    And of HAM-500-6 there are 1000, 0 reserved

  Scenario: A returned order puts them on the shelf again
    When order A: placed, packed, shipped and taken back
    Then of HAM-500-6 there are 1000, 0 reserved
    And order A has the state returned

  Scenario: Unpacked and packed again
    When order A: placed, packed, unpacked, packed and shipped
    Then order A has the state shipped

  Scenario Outline: Steps that are not allowed
    Given order A: <before>
    When order A: <step>
    Then it is refused: "can't be <state>"

    Examples:
      | before                  | step       | state     |
      | placed                  | shipped    | shipped   |
      | placed and packed       | cancelled  | cancelled |
      | placed, packed, shipped | packed     | packed    |
      | cancelled               | placed     | placed    |
      | placed and cancelled    | taken back | returned  |

  Scenario Outline: What an order can become
    Then from <state> an order can become <states>

    Examples:
      | state     | states                                       |
      | packed    | cancelled, closed, packed, placed, returned, shipped |
      | shipped   | closed, returned                             |
      | returned  | nothing else                                 |

  Scenario: An empty order can't be placed
    Given a draft B of C-BAKER with nothing
    When order B: placed
    Then it is refused: "is empty"

  Scenario: How many there are
    Given a draft B of C-EGGER with 1 of BOK-DIY-8
    And a draft C of C-EGGER with 1 of BOK-DIY-8
    And order A: placed
    Then the orders are 2 draft, 1 placed
