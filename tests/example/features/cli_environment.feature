Feature: Children in odd environments

  Scenario Outline: Nothing in the environment
    When a child with nothing in its environment runs `shop <command>`
    Then it succeeds
    And it prints "<text>"

    Examples:
      | command                                 | text      |
      | products category:tools                 | HAM-500-6 |
      | find hammer                             | HAM-500-6 |
      | forecast 1 2 3 4                        | 5.00      |
      | query 'price>5'                         | price > ? |
      | price --orders 30                       | 30 orders |
      | days 'every day' --count 1              | -         |

  Scenario Outline: One variable only
    When a bare child with <name>=<value> runs `shop config <setting>`
    Then it succeeds
    And it prints "<text>"

    Examples:
      | name               | value   | setting            | text        |
      | SHOP_SHOP_NAME     | Bare    | shop.name          | Bare        |
      | SHOP_BILLING_TERMS_DAYS | 5  | billing.terms_days | 5           |
      | SHOP_NOTHING_AT    | all     | shop.name          | Corner Shop |
      | PYTHONHASHSEED     | 0       | shop.country       | DE          |
      | PYTHONOPTIMIZE     | 2       | shop.country       | DE          |

  Scenario: Many children at once
    When 4 children at once run `shop price --orders 40`
    Then it succeeds
    And it prints 4 lines

  Scenario: Several write to one database
    When 3 children at once run `shop receive 2.00 NAI-060-3=5`
    Then it succeeds
    And of NAI-060-3 there are 15, 0 reserved

  Scenario: A child that forks
    When a child with nothing in its environment runs `shop submit {dir}/s one price '{"orders": 20}'`
    And a child with nothing in its environment runs `shop work {dir}/s`
    Then it prints "one: done: 20 orders"
