Feature: Policies for the stock are tried out by simulation

  Scenario Outline: One policy
    When I simulate <days> days with a reorder point of <point> and lots of <lot>
    Then <lost> sales are lost and <ordered> orders are made

    Examples:
      | days | point | lot | lost | ordered |
      | 365  | 10    | 40  | 222  | 30      |
      | 365  | 30    | 40  | 0    | 36      |
      | 3000 | 20    | 60  | 148  | 200     |

  Scenario: Several policies side by side, each in a process
    When I compare these policies over 20000 days
      | name   | point | lot |
      | lean   | 10    | 30  |
      | middle | 20    | 40  |
      | safe   | 35    | 40  |
    Then each one has what it has alone
    And safe loses fewer sales than lean
    And middle loses fewer sales than lean

  Scenario: Longer ways
    When I compare these policies over 15000 days
      | name | point | lot | lead |
      | near | 20    | 40  | 2    |
      | far  | 20    | 40  | 9    |
    Then each one has what it has alone
    And near loses fewer sales than far

  Scenario: A process that fails
    When a policy makes its process fail
    Then the policy "bad" has an error with "TypeError", the others a result

  Scenario: A process that is killed
    When a policy kills its process
    Then the policy "bad" has an error with "no answer", the others a result
