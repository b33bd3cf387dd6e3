Feature: Full-text search

  Background:
    Given an index of
      | key | text                                              |
      | A   | The hammer for hammering nails                    |
      | B   | A box of nails                                    |
      | C   | Hand saw for wood and for metal                   |
      | D   | Painting the house with paint, the quick way      |
      | E   | Screws for wood                                   |

  Scenario Outline: Words
    When I search the index for <text>
    Then the result is <keys>

    Examples:
      | text           | keys  |
      | hammer         | A     |
      | nail           | B A   |
      | nails wood     | B E A C |
      | PAINTED        | D     |
      | the            | none  |
      | garden         | none  |
      | "box of nails" | B     |
      | "nails box"    | none  |
      | "saw for wood" | C     |

  Scenario: A limit
    When I search the index, at most 1, for nail
    Then the result is B

  Scenario: A document is replaced
    When the document A becomes a bag of flour
    And I search the index for hammer
    Then the result is none
    And the index has 5 documents and 13 words

  Scenario: A document is removed
    When the document C is removed
    And I search the index for wood
    Then the result is E

  Scenario: The words of a text
    When I take the words of "The Quick-drying paints, and the brushes!"
    Then the result is quick dry paint brush

  Scenario: Of a child
    When a child runs `shop find hand saw`
    Then it prints "SAW-300-1"
    And it prints 1 line
