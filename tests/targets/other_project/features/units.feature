Feature: quantities

  Scenario Outline: quantities are read and written
    When "<text>" is parsed
    Then the result is "<result>"

    Examples:
      | text   | result               |
      | 3 kg   | 3 kg                 |
      | 3000 g | 3 kg                 |
      | 7 g    | 7 g                  |
      | 0 t    | nothing              |
      | 3 feet | unknown unit: feet   |
      | much   | no quantity: 'much'  |

  Scenario: quantities are added
    When "3 kg" is parsed
    And "500 g" is added
    Then the result is "3500 g"
