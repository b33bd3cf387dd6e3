Feature: the command line

  Scenario: put, take and list, each in a process of its own
    When the command "put salt 2kg" is called
    Then it ends with 0
    When the command "put tea 200g" is called
    And the command "take salt 1kg" is called
    And the command "list Stock" is called
    Then it says "salt  1 kg"
    And it says "Stock"

  Scenario: errors have a status
    When the command "take tea 1g" is called
    Then it ends with 1
    And it says "no tea"
    When the command "burn" is called
    Then it ends with 2
