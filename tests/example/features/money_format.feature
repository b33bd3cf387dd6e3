Feature: Amounts of money are written in several styles

  Scenario Outline: Styles
    When I write <cents> cents of <currency> in the style <style>
    Then the result is <text>

    Examples:
      | cents    | currency | style | text           |
      | 123456   | EUR      | plain | 1234.56        |
      | 5        | EUR      | plain | 0.05           |
      | -5       | EUR      | plain | -0.05          |
      | 123456   | USD      | code  | 1234.56 USD    |
      | 12345678 | USD      | en    | $123,456.78    |
      | -250     | GBP      | en    | -£2.50         |
      | 12345678 | EUR      | de    | 123.456,78 €   |
      | 100      | CHF      | de    | 1,00 CHF       |

  Scenario: A style that nobody knows
    When I write 100 cents of EUR in the style roman
    Then it is refused: "no such style: roman"

  Scenario: A price list of a child in another form
    When a child runs `shop products 'sku:"pnt-wht-7"' --format csv`
    Then it prints "PNT-WHT-7,"
    And it prints "39.95"
    And it prints 2 lines
