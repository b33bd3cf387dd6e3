Feature: Notifications are sent many at once

  Scenario Outline: As many as allowed
    Given a transport
    When <count> messages are sent, <at_once> at once
    Then <count> are sent and 0 fail after <count> attempts
    And never more than <at_once> at once

    Examples:
      | count | at_once |
      | 1     | 1       |
      | 20    | 3       |
      | 500   | 10      |

  Scenario: Some are refused
    Given a transport with
      | option | value                      |
      | refuse | a1@x.example, a3@x.example |
    When 5 messages are sent, 2 at once
    Then 3 are sent and 2 fail after 7 attempts
    And a1@x.example failed: "a1@x.example is refused (2 attempts)"

  Scenario: Some work at the second attempt
    Given a transport with
      | option | value                      |
      | flaky  | a0@x.example, a4@x.example |
    When 5 messages are sent, 5 at once
    Then 5 are sent and 0 fail after 7 attempts

  Scenario: Some are too slow
    Given a transport with
      | option | value        |
      | slow   | a2@x.example |
    When 4 messages are sent, 2 at once
    Then 3 are sent and 1 fail after 5 attempts
    And a2@x.example failed: "too slow"

  Scenario: Reminders
    Given a transport
    And invoices of 100.00 due 2024-02-01, 5.00 due 2024-05-01 for C-BAKER
    And invoices of 40.00 due 2024-03-01 for C-EGGER
    When reminders are raised on 2024-03-15
    And the reminders are sent
    Then 2 are sent and 0 fail after 2 attempts
    And a message to office@baker.example says "Invoice R2024-1001 is overdue (level 3)"
    And a message to anna@egger.example says "level 2"

  Scenario: Nobody is reminded of what is paid
    Given a transport
    And invoices of 100.00 due 2024-02-01 for C-BAKER
    When reminders are raised on 2024-03-15
    And C-BAKER pays 105.00 with the text "sorry"
    And the reminders are sent
    Then 0 are sent and 0 fail after 0 attempts
