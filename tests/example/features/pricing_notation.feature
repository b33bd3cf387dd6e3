Feature: The notation of rules

  Scenario: All rules
    Then the known rules are bundle, category, coupon, customer, spend, volume

  Scenario Outline: Good ones
    When I read the rule "<text>"
    Then nothing is refused

    Examples:
      | text                            |
      | volume 10 5%                    |
      | category paint 12.5%            |
      | bundle 3 for 2 hardware         |
      | spend 1.000,00 less 10          |
      | coupon X 15% until 31.5.2024    |
      | customer business 0.5%          |

  Scenario Outline: Bad ones
    When I read the rule "<text>"
    Then it is refused: "<message>"
    And it is refused as ConfigError

    Examples:
      | text                       | message                          |
      | lottery 5%                 | no such pricing rule: lottery    |
      | volume many 5%             | volume: PIECES RATE%             |
      | volume 10 5                | not a rate: '5'                  |
      | volume 10 five%            | not a rate: 'five%'              |
      | volume 10 0%               | not between 0 and 100 %: 0%      |
      | category paint 101%        | not between 0 and 100 %: 101%    |
      | category 5%                | category: NAME RATE%             |
      | bundle 2 for 3 paint       | 2 for 3 is no offer              |
      | bundle two for one paint   | bundle: N for M CATEGORY         |
      | spend 100                  | spend: AMOUNT less AMOUNT        |
      | spend much less little     | not an amount                    |
      | coupon X                   | coupon: CODE RATE%               |
      | coupon X 5% until never    | not a date                       |
      | customer AT                | customer: COUNTRY                |

  Scenario: A child with a bad rule
    Given a file "bad.conf" with
      """
      [pricing]
      rules = lottery 5%
      """
    When a child runs `shop -c {dir}/bad.conf order C-BAKER HAM-500-6=1`
    Then it ends with status 3
    And it complains "no such pricing rule: lottery"
