Feature: Configuration files include others

  Scenario: A file beside it
    Given a file "main.conf" with
      """
      include = sub/part.conf
      [shop]
      name = Main
      """
    And a file "sub/part.conf" with
      """
      [shop]
      name = Part
      country = FR
      """
    When I load the configuration "main.conf"
    Then 2 files were read
    When I ask for the text shop.name
    Then the result is Main
    When I ask for the text shop.country
    Then the result is FR

  Scenario: A file must not include itself
    Given a file "a.conf" with
      """
      include = b.conf
      """
    And a file "b.conf" with
      """
      include = a.conf
      """
    When I load the configuration "a.conf"
    Then it is refused: "a.conf: includes itself"
    And it is refused as ConfigError

  Scenario: Nothing but includes may stand before the first section
    Given a file "a.conf" with
      """
      name = x
      """
    When I load the configuration "a.conf"
    Then it is refused: "a.conf:1: a setting before the first section"

  Scenario: Included rules take part in prices
    Given a file "main.conf" with
      """
      include = rules.conf
      """
    And a file "rules.conf" with
      """
      [pricing]
      rules = category tools 50%
      """
    And I ran `shop receive 5.00 HAM-500-6=5`
    When a child runs `shop -c {dir}/main.conf order C-BAKER HAM-500-6=2 --place`
    Then it prints "placed, total 27.98"

  Scenario: A child says what is wrong and ends with its own status
    Given a file "a.conf" with
      """
      include = missing.conf
      """
    When a child runs `shop -c {dir}/a.conf config`
    Then it ends with status 3
    And it complains "shop: missing.conf: can't be read"

  Scenario: A forked child reads the configuration itself
    Given a file "a.conf" with
      """
      [billing]
      terms_days = 14
      """
    When a forked child runs `shop -c {dir}/a.conf config billing.terms_days`
    Then it succeeds
    And it prints "14"
