Feature: Customers are added with what is known about them

  Scenario Outline: Good ones
    When I add the customer <code> from <country> with "<vat_id>" and "<email>"
    Then nothing is refused
    And the customers are <code>

    Examples:
      | code     | country | vat_id      | email           |
      | C-NEW    | de      | -           | -               |
      | C-FIRM   | DE      | DE136695976 | a@firm.example  |
      | C-12     | US      | -           | b@x.example     |

  Scenario Outline: Bad ones
    When I add the customer <code> from <country> with "<vat_id>" and "<email>"
    Then it is refused: "<message>"
    And the customers are only the old ones

    Examples:
      | code    | country | vat_id      | email   | message             |
      | NEW     | DE      | -           | -       | not a customer code |
      | C-a     | DE      | -           | -       | not a customer code |
      | C-NEW   | DE      | DE000000000 | -       | checksum            |
      | C-NEW   | DE      | -           | nobody  | not an address      |
      | C-BAKER | DE      | -           | -       | is there already    |

  Scenario: A customer's country is written in capitals
    When I add the customer C-NEW from fr with "-" and "-"
    And I look for customers with country=FR
    Then the result is C-DUBOIS C-NEW

  Scenario: Customers from a file, in a child
    Given a file "c.csv" with
      """
      code,name,country,vat_id,email
      C-NEW,New One,DE,,new@one.example
      C-OLD,Old One,AT,ATU12345678,
      """
    When a child runs `shop import customers {dir}/c.csv`
    Then it prints "2 added, 0 updated, 0 left out"
    And the customers are C-NEW, C-OLD
