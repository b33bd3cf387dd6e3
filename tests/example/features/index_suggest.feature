Feature: Words that were perhaps meant

  Scenario Outline: Distances
    When I measure the distance of <left> and <right>
    Then the result is <distance>

    Examples:
      | left   | right   | distance |
      | hammer | hammer  | 0        |
      | hammer | hamer   | 1        |
      | hammer | hammre  | 1        |
      | saw    | was     | 2        |
      | nail   | snail   | 1        |
      | paint  | hammer  | 4        |
      | a      | abcdefg | 4        |
      | kitten | sitting | 3        |

  Scenario Outline: Suggestions
    Given an index of
      | key | text                         |
      | A   | hammer nail nail snail trail |
      | B   | paint plaster point          |
    When I ask for suggestions for <word>
    Then the result is <words>

    Examples:
      | word    | words            |
      | hamer   | hamm              |
      | nial    | nail snail       |
      | pint    | paint point      |
      | nail    | snail trail      |
      | zzzzzz  | none             |

  Scenario Outline: Stems
    When I take the stem of <word>
    Then the result is <stem>

    Examples:
      | word     | stem   |
      | nails    | nail   |
      | painting | paint  |
      | brushes  | brush  |
      | supplies | supply |
      | gas      | gas    |
      | bed      | bed    |

  Scenario: Distances are the same both ways
    Then the distance is the same both ways for 9000 pairs with seed 8

  Scenario Outline: A child suggests
    When a child runs `shop find <word>`
    Then it prints "<text>"

    Examples:
      | word  | text                         |
      | hamer | nothing found; did you mean  |
      | zzzzz | nothing found                |
