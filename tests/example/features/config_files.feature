Feature: Configuration files

  Scenario: One file over another
    Given a file "base.conf" with
      """
      [shop]
      name = Base     # a comment
      country = AT

      [pricing]
      rules = volume 10 5%
          spend 50 less 5
      """
    And a file "more.conf" with
      """
      [shop]
      name = More
      [pricing]
      rules += coupon X 3%
      """
    When I load the configuration "base.conf and more.conf"
    And I ask for the text shop.name
    Then the result is More
    When I ask for the text shop.country
    Then the result is AT
    When I ask for the list pricing.rules
    Then the results are
      | rule             |
      | volume 10 5%     |
      | spend 50 less 5  |
      | coupon X 3%      |

  Scenario: The environment comes last
    Given a file "base.conf" with
      """
      [shop]
      name = Base
      """
    When I load the configuration "base.conf" with SHOP_SHOP_NAME=Other
    And I ask for the text shop.name
    Then the result is Other

  Scenario: Variables for unknown sections are not ours
    Given a file "base.conf" with
      """
      [shop]
      """
    When I load the configuration "base.conf" with SHOP_COLOR_SCHEME=dark
    And I ask for the text color.scheme
    Then it is refused: "no setting color.scheme"

  Scenario Outline: Mistakes are shown with file and line
    Given a file "bad.conf" with
      """
      [shop]
      name = x
      """
    And the file "bad.conf" is changed: "name = x" becomes "<line>"
    When I load the configuration "bad.conf"
    Then it is refused: "<message>"

    Examples:
      | line       | message                                   |
      | name       | bad.conf:2: can't be understood: 'name'   |
      | Name = x   | bad.conf:2: can't be understood           |
      |   = x      | bad.conf:2: can't be understood           |

  Scenario: A continuation needs something to continue
    Given a file "bad.conf" with
      """
      [shop]
        name = x
      """
    When I load the configuration "bad.conf"
    Then it is refused: "a continuation of nothing"

  Scenario: A file that isn't there
    When I load the configuration "none.conf"
    Then it is refused: "none.conf: can't be read: No such file or directory"

  Scenario: Settings survive being written
    Given a file "base.conf" with
      """
      [shop]
      name = Base
      [pricing]
      rules = one
          two
      """
    When I load the configuration "base.conf"
    And I write the settings and read them again
    Then they are the same

  Scenario: A child with a configuration
    Given a file "base.conf" with
      """
      [shop]
      name = Childish
      """
    When a child runs `shop -c {dir}/base.conf config shop.name`
    Then it prints "Childish"
