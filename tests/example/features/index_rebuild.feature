Feature: The index is built anew

  Scenario Outline: Made-up texts
    Given an index of <count> made-up texts with seed <seed>
    Then the result is (<count>, <words>)
    And searching for each word finds the documents that have it

    Examples:
      | count | seed | words |
      | 50    | 1    | 20    |
      | 400   | 2    | 20    |
      | 1800  | 3    | 20    |

  Scenario: Again and again
    Given an index of 250 made-up texts with seed 4
    When the index is rebuilt 15 times
    Then the index has 250 documents and 20 words

  Scenario: Phrases
    Given an index of 300 made-up texts with seed 5
    Then every phrase of the first 12 documents finds its document

  Scenario: An index of nothing
    Given an index of 0 made-up texts with seed 6
    When I search the index for hammer
    Then the result is none

  Scenario: By a job in a forked child
    Given a spool
    And a job one of kind index with {"texts": ["red hammers", "blue hammer"]} in the spool
    When the spool is worked on
    Then the outcomes are
      | job | state | detail               |
      | one | done  | 2 documents, 3 words |
