Feature: Plugins are loaded by name and from files

  Scenario Outline: Built-in ones
    When I load the plugin <name>
    Then nothing is refused
    And the hooks are <hooks>

    Examples:
      | name                          | hooks           |
      | loyalty                       | order_shipped 1 |
      | gift_wrap                     | pricing 1       |
      | limits                        | order_placed 1  |
      | shop.plugins.contrib.limits   | order_placed 1  |

  Scenario Outline: What is no plugin
    When I load the plugin <name>
    Then it is refused: "<message>"
    And it is refused as PluginError

    Examples:
      | name                | message                              |
      | nonesuch            | no such plugin: nonesuch             |
      | none.such           | no such plugin: none.such            |
      | json                | json has no register function        |

  Scenario: From a file
    Given a file "my_plugin.py" with
      """
      def register(hooks):
          @hooks.on("order_placed")
          def note(order, store):
              order.note = "seen"
              store.orders.save(order)
      """
    And enough of everything in stock
    And a draft A of C-BAKER with 1 of HAM-500-6
    When I load the file "my_plugin.py" as a plugin
    And order A: placed
    Then the note of order A is "seen"

  Scenario Outline: Files with mistakes
    Given a file "bad.py" with
      """
      def register(hooks):
          pass
      """
    And the file "bad.py" is changed: "<old>" becomes "<new>"
    When I load the file "bad.py" as a plugin
    Then it is refused: "<message>"

    Examples:
      | old      | new             | message                            |
      | register | registrieren    | has no register function           |
      | pass     | 1 +             | bad.py: SyntaxError                |
      | pass     | hooks.on("x")   | no such event: x                   |
      | pass     | import nonesuch | bad.py: ModuleNotFoundError        |

  Scenario: A plugin that needs what isn't there
    Given a file "shop_needy_plugin.py" with
      """
      import nonesuch.module
      """
    When I load the plugin shop_needy_plugin, the folder being in the path
    Then it is refused: "plugin shop_needy_plugin needs nonesuch"

  Scenario: From the configuration
    Given a file "plugins/b.py" with
      """
      def register(hooks):
          hooks.on("pricing")(lambda basket, notes: notes.append("b was here"))
      """
    And a file "p.conf" with
      """
      [plugins]
      load = gift_wrap, loyalty
      path = {dir}/plugins
      """
    When I load the plugins of "p.conf"
    Then the result is shop.plugins.contrib.gift_wrap, shop.plugins.contrib.loyalty, shop_plugin_b
    And the hooks are order_shipped 1, pricing 2
    When a child runs `shop -c {dir}/p.conf plugins`
    Then it prints "pricing: 2"
    When a child with SHOP_PLUGINS_LOAD=nonesuch runs `shop plugins`
    Then it ends with status 1
    And it complains "no such plugin: nonesuch"
