Feature: The command line

  Scenario: The version
    When a child runs `shop --version`
    Then it prints "shop 2.4.0"

  Scenario: Help
    When a child runs `shop --help`
    Then it succeeds
    And it prints "make the invoice of an order and print it"
    And it prints "order-step"

  Scenario Outline: Help of a command
    When I run `shop <command> --help`
    Then it succeeds
    And it prints "<text>"

    Examples:
      | command | text        |
      | order   | --coupon    |
      | report  | --first     |
      | price   | --processes |
      | work    | --recover   |

  Scenario Outline: Wrong usage
    When I run `shop <arguments>`
    Then it ends with status 2
    And it complains "usage: shop"

    Examples:
      | arguments          |
      | dance              |
      | order              |
      | report weather     |
      | forecast one two   |
      | products -f clay   |

  Scenario: Wrong usage of a child
    When a child runs `shop order`
    Then it ends with status 2
    And it complains "the following arguments are required"

  Scenario: A day that is none
    When a child runs `shop --today soon products`
    Then it ends with status 1
    And it complains "not a date: 'soon'"

  Scenario: The whole list, by a shell
    When a shell runs `shop products` with the output in a pipe
    Then it succeeds
    And it prints 11 lines
