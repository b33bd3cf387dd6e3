Feature: Amounts are added, compared and multiplied without loss

  Scenario Outline: Sums and differences
    When I compute <left> <operation> <right>
    Then the result is <result>

    Examples:
      | left       | operation | right      | result |
      | 1.10       | plus      | 2.20       | 3.30   |
      | 0.10       | plus      | 0.20       | 0.30   |
      | 5.00       | minus     | 7.50       | -2.50  |
      | 5.00 USD   | minus     | 1.00 USD   | 4.00   |
      | 19.99      | times     | 3          | 59.97  |
      | 10.00      | times     | 0.125      | 1.25   |

  Scenario: Currencies don't mix
    When I compute 5.00 plus 1.00 USD
    Then it is refused: "EUR and USD don't mix"

  Scenario: Half a cent is rounded up, or to even
    When I compute 19 percent of 0.50
    Then the result is 0.10
    When I compute 5 percent, rounded half_even, of 0.50
    Then the result is 0.02

  Scenario: A rate must be a number
    When I compute many percent of 3.00
    Then it is refused: "not a rate"

  Scenario: A list of amounts is added up
    When I add up the amounts 1.00, 2.50, 0.49
    Then the result is 3.99

  Scenario: A number is no amount
    When I add the number 3 to 1.00
    Then it is refused as TypeError

  Scenario: Amounts can be sorted
    When I sort the amounts 3.00, 1.00, 2.00
    Then the parts are 1.00, 2.00, 3.00

  Scenario: Comparison
    Then 1.99 is less than 2.00
