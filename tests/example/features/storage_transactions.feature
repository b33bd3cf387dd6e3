Feature: Transactions are all or nothing, also inside each other

  Scenario: All
    When I add the customers C-ONE, C-TWO in one transaction
    Then nothing is refused
    And the customers are C-ONE, C-TWO

  Scenario: Nothing
    When I add the customers C-ONE, C-TWO! in one transaction
    Then it is refused: "C-TWO failed"
    And the customers are only the old ones

  Scenario: An inner one fails
    When I add the customers C-ONE, (C-TWO!), C-THREE in one transaction
    Then nothing is refused
    And the customers are C-ONE, C-THREE

  Scenario: An outer one fails after an inner one was done
    When I add the customers C-ONE, (C-TWO), C-THREE! in one transaction
    Then it is refused: "C-THREE failed"
    And the customers are only the old ones

  Scenario: Several inner ones
    When I add the customers (C-ONE), (C-TWO!), (C-THREE), (C-FOUR!) in one transaction
    Then the customers are C-ONE, C-THREE

  Scenario Outline: Children count without gaps
    When <children> children each take <each> numbers of the counter <name>
    And I take a number of the counter <name>
    Then the result is <next>

    Examples:
      | children | each | name    | next |
      | 2        | 40   | invoice | 1081 |
      | 4        | 25   | credit  | 601  |
      | 3        | 60   | invoice | 1181 |

  Scenario: A counter that isn't there
    When I take a number of the counter nothing
    Then it is refused: "no such counter: nothing"

  Scenario: A command that fails half-way changes nothing
    When a child runs `shop receive 5.00 HAM-500-6=3 XXX-XXX-X=2`
    Then it ends with status 4
    When I run `shop report stock --format csv`
    Then it prints 1 line
