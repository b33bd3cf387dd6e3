Feature: Coupons

  Background:
    Given the rule coupon SPRING 15% until 2024-03-31
    And the rule coupon ALWAYS 5%
    And a basket from DE with
      | category | quantity | price |
      | tools    | 2        | 10.00 |
      | books    | 1        | 20.00 |

  Scenario Outline: Codes
    Given the coupon "<code>"
    When the basket is priced
    Then the discounts are <discounts>

    Examples:
      | code   | discounts  |
      | SPRING | 3.00, 3.00 |
      | spring | 3.00, 3.00 |
      | ALWAYS | 1.00, 1.00 |
      | WINTER | 0.00, 0.00 |

  Scenario: The last day
    Given the coupon "SPRING"
    And today is 2024-03-31
    When the basket is priced
    Then the discounts are 3.00, 3.00

  Scenario: Too late
    Given the coupon "SPRING"
    And today is 2024-04-01
    When the basket is priced
    Then the discounts are 0.00, 0.00

  Scenario: A coupon on an order
    Given enough of everything in stock
    And a draft A of C-BAKER with 2 of HAM-500-6 and coupon SPRING
    When order A: placed
    Then order A costs 32.13 net, 6.10 tax, 5.49 shipping

  Scenario: A coupon on an order of a child
    Given a file "c.conf" with
      """
      [pricing]
      rules = coupon TEN 10%
      """
    And I ran `shop receive 1.00 HAM-500-6=9`
    When a child runs `shop -c {dir}/c.conf order C-BAKER HAM-500-6=2 --coupon ten --place`
    Then it prints "placed, total 45.97"
    When a child runs `shop order C-BAKER HAM-500-6=2 --coupon ten --place`
    Then it prints "placed, total 50.47"
