Feature: Archives of the whole database

  Background:
    Given enough of everything in stock
    And a draft A of C-BAKER with 2 of HAM-500-6
    And an archive "one.json"

  Scenario: Written and restored
    When I retire HAM-500-6
    And I restore the archive "one.json"
    Then the result is 22
    When I write the archive "two.json"
    And I compare the archives "one.json" and "two.json"
    Then there is no difference

  Scenario: Differences
    Given order A: placed
    And a draft B of C-EGGER with 1 of BOK-DIY-8
    When I write the archive "two.json"
    And I compare the archives "one.json" and "two.json"
    Then the results are
      | difference                                        |
      | orders 1 changed: state, placed_on, net, tax, shipping |
      | orders 2 new                                      |
      | lines 2 new                                       |
      | movements 9 new                                   |
    When I compare the archives "two.json" and "one.json"
    Then the results are
      | difference                                        |
      | orders 1 changed: state, placed_on, net, tax, shipping |
      | orders 2 gone                                     |
      | lines 2 gone                                      |
      | movements 9 gone                                  |

  Scenario Outline: Archives that are none
    Given the file "one.json" is changed: "<old>" becomes "<new>"
    When I restore the archive "one.json"
    Then it is refused: "<message>"

    Examples:
      | old               | new               | message                       |
      | "price": 1890     | "price": 1        | one.json: the checksum is wrong |
      | "version": 4      | "version": 3      | archive of version 3, not 4   |
      | "format": "shop"  | "format": "x"     | one.json is no archive        |
      | "format"          | format            | one.json: not JSON            |

  Scenario: A bad archive changes nothing
    Given the file "one.json" is changed: "checksum" becomes "check"
    When I restore the archive "one.json"
    Then it is refused as InvalidValue
    And there are 8 products

  Scenario: By children
    When a child runs `shop dump {dir}/two.json`
    Then it succeeds
    When a child runs `shop compare {dir}/one.json {dir}/two.json`
    Then it succeeds
    And it prints 0 lines
    When a child runs `shop reprice tools 10`
    And a forked child runs `shop dump {dir}/three.json`
    And a child runs `shop compare {dir}/one.json {dir}/three.json`
    Then it ends with status 1
    And it prints "products 1: changed: price"
    When a child runs `shop restore {dir}/one.json`
    Then it prints "22 rows"
