Feature: Jobs run at their times

  Background:
    Given a scheduler at 2024-03-15T00:00

  Scenario: Two jobs
    Given a job backup at "0 2 * * *"
    And a job mail at "0 8,20 * * *"
    When the scheduler runs until 2024-03-16T12:00
    Then what ran is
      | entry                   |
      | 03-15 02:00 backup done |
      | 03-15 08:00 mail done   |
      | 03-15 20:00 mail done   |
      | 03-16 02:00 backup done |
      | 03-16 08:00 mail done   |

  Scenario: A job that fails runs again, later and later
    Given a job backup at "0 2 * * *" that fails 2 times, with 3 retries
    When the scheduler runs until 2024-03-15T12:00
    Then what ran is
      | entry                    |
      | 03-15 02:00 backup retry |
      | 03-15 02:05 backup retry |
      | 03-15 02:15 backup done  |
    And backup ran 1 times and failed 2 times

  Scenario: A job that fails for good
    Given a job backup at "0 2 * * *" that fails 5 times, with 1 retries
    When the scheduler runs until 2024-03-16T12:00
    Then what ran is
      | entry                     |
      | 03-15 02:00 backup retry  |
      | 03-15 02:05 backup failed |
      | 03-16 02:00 backup retry  |
      | 03-16 02:05 backup failed |

  Scenario: Jobs after others
    Given a job import at "0 3 * * *"
    And a job index after import
    And a job report after index
    When the scheduler runs until 2024-03-15T12:00
    Then what ran is
      | entry                   |
      | 03-15 03:00 import done |
      | 03-15 03:00 index done  |
      | 03-15 03:00 report done |

  Scenario: The order of jobs
    Given a job report after index and import
    And a job index after import
    And a job import at "0 3 * * *"
    When I ask for the order of the jobs
    Then the result is import index report

  Scenario: Jobs that wait for each other
    Given a job a after b
    And a job b after a
    When I ask for the order of the jobs
    Then it is refused: "jobs wait for each other: a -> b -> a"

  Scenario: A result of its own
    Given a job count at "30 1 * * *" that returns seven
    When the scheduler runs until 2024-03-15T02:00
    Then what ran is
      | entry                   |
      | 03-15 01:30 count seven |

  Scenario: One name, one job
    Given a job backup at "0 2 * * *"
    When a job backup is added at "0 3 * * *"
    Then it is refused: "a job backup already"

  Scenario: A job is removed
    Given a job backup at "0 2 * * *"
    And a job mail at "0 8 * * *"
    When the job backup is removed
    And the scheduler runs until 2024-03-16T00:00
    Then 1 jobs ran

  Scenario: A busy year
    Given a job often at "*/15 * * * *"
    And a job seldom at "0 0 1 * *"
    When the scheduler runs until 2024-12-31T23:59
    Then 28040 jobs ran
    And seldom ran 9 times and failed 0 times
