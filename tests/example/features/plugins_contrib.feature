Feature: What plugins do

  Background:
    Given enough of everything in stock

  Scenario: Loyalty points add up
    Given the plugin loyalty
    And a draft A of C-EGGER with 3 of BOK-DIY-8
    And a draft B of C-EGGER with 1 of HAM-500-6
    When order A: placed, packed and shipped
    And order B: placed, packed and shipped
    Then the note of order A is "[8 points]"
    And the note of order B is "[9 points]"

  Scenario: Gift wrap for books
    Given the plugin gift_wrap
    And a basket from DE with
      | category | quantity | price |
      | books    | 1        | 10.00 |
      | tools    | 1        | 10.00 |
    When the basket is priced
    Then the explanation is
      """
      1 x BOOKS-1 at 10.00 = 10.00
      1 x TOOLS-2 at 10.00 = 10.00
      19 % of 10.00 = 1.90
      7 % of 10.00 = 0.70
      gift wrap for BOOKS-1
      total = 22.60
      """

  Scenario: No gift wrap for tools
    Given the plugin gift_wrap
    And a basket from DE with
      | category | quantity | price |
      | tools    | 1        | 10.00 |
    When the basket is priced
    Then the explanation is
      """
      1 x TOOLS-1 at 10.00 = 10.00
      19 % of 10.00 = 1.90
      total = 11.90
      """

  Scenario Outline: A limit for private customers
    Given the plugin limits
    And a draft A of <customer> with <quantity> of HAM-500-6
    When order A: placed
    Then order A has the state <state>

    Examples:
      | customer | quantity | state  |
      | C-EGGER  | 10       | placed |
      | C-EGGER  | 300      | draft  |
      | C-BAKER  | 300      | placed |

  Scenario: A plugin's own mistake does no harm
    Given a file "broken.py" with
      """
      def register(hooks):
          @hooks.on("order_placed")
          def broken(order, store):
              return 1 / 0
      """
    And a draft A of C-EGGER with 1 of HAM-500-6
    When I load the file "broken.py" as a plugin
    And order A: placed
    Then order A has the state placed
    And 1 plugin errors were kept

  Scenario Outline: Events
    When I listen to the event "<event>"
    Then it is refused: "no such event: <event>"

    Examples:
      | event       |
      | order_eaten |
      | Pricing     |

  Scenario: A child with plugins
    When a child with SHOP_PLUGINS_LOAD=gift_wrap,limits runs `shop order C-EGGER BOK-DIY-8=1`
    Then it succeeds
    When a child with SHOP_PLUGINS_LOAD=gift_wrap,limits runs `shop quote 1`
    Then it prints "gift wrap for BOK-DIY-8"
