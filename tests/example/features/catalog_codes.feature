Feature: Article numbers and VAT numbers carry checksums

  Scenario Outline: Check digits
    When I compute the check digit of <body>
    Then the result is <digit>

    Examples:
      | body    | digit |
      | HAM-500 | 6     |
      | ABC-001 | 2     |
      | 000-000 | 0     |
      | XYZ-100 | 7     |

  Scenario Outline: Good and bad article numbers
    When I check the article number <sku>
    Then it is refused: "<message>"

    Examples:
      | sku        | message                      |
      | HAM-500-5  | check digit 5, 6 expected    |
      | HAM500-6   | not an article number        |
      | ham-500-6  | not an article number        |
      | HAM-500-66 | not an article number        |

  Scenario Outline: Article numbers are made
    When I make an article number from "<prefix>" and "<body>"
    Then the result is <sku>

    Examples:
      | prefix | body | sku       |
      | abc    | 1    | ABC-001-2 |
      | x      | 7    | X00-007-6 |

  Scenario: Every wrong digit is noticed
    When I check 15000 made-up article numbers, each with one wrong digit
    Then the result is 15000

  Scenario Outline: VAT numbers
    When I check the VAT number <number>
    Then the result is <number>

    Examples:
      | number        |
      | DE136695976   |
      | DE811569869   |
      | FR40303265045 |
      | ATU12345678   |

  Scenario Outline: Wrong VAT numbers
    When I check the VAT number <number>
    Then it is refused: "<message>"

    Examples:
      | number        | message                     |
      | DE136695977   | checksum of DE136695977     |
      | DE13669597    | not a German VAT number     |
      | FR41303265045 | checksum of FR41303265045   |
      | FR4030326504X | not a French VAT number     |
      | AT12345678    | not an Austrian VAT number  |
      | XX1           | no VAT numbers known        |
