Feature: What happens is logged

  Scenario: Calls of logged functions
    Given enough of everything in stock
    And a draft A of C-BAKER with 2 of HAM-500-6, 1 of BOK-DIY-8
    When the log is collected while order A: placed, packed and shipped
    Then the log has 3 records, the last one of level debug
    And a record says "Orders.place called"
    And a record says "Stock.reserve called"
    When the log is collected while order A is billed on 2024-03-15
    Then the log has 1 records, the last one of level info
    And a record says "Billing.invoice called"

  Scenario: Failures of logged functions
    Given a draft A of C-BAKER with 2 of HAM-500-6
    When the log is collected while order A: placed
    Then it is refused as OutOfStock
    And the log has 4 records, the last one of level error
    And a record says "Orders.place failed"

  Scenario: A log in text
    When I log "hello" at info to "shop.log" as text
    Then there is a file "shop.log" with 1 lines
    And the file "shop.log" has "INFO shop.example: hello"

  Scenario: What is below the level is left out
    When I log "hello" at debug to "shop.log" as text
    Then there is a file "shop.log" with 0 lines

  Scenario: A log in JSON
    When I log "hello" at warning to "shop.log" as JSON
    Then line 1 of "shop.log" is JSON with message "hello"
    And line 1 of "shop.log" is JSON with order "7"

  Scenario: An exception in JSON
    When I log "oh dear" at exception to "shop.log" as JSON
    Then line 1 of "shop.log" is JSON with error "ValueError('oh dear')"

  Scenario: A level that nobody knows
    When I ask for the log level "chatty"
    Then it is refused: "no such log level: chatty"

  Scenario: A child logs to a file that its environment names
    When a child with SHOP_LOGGING_FILE=/nonexistent/x runs `shop config shop.name`
    Then it ends with status 1
    Given a file "log.conf" with
      """
      [logging]
      file = {dir}/child.json
      level = info
      """
    When a child runs `shop -c {dir}/log.conf order-step place 9`
    Then it ends with status 4
    And line 1 of "child.json" is JSON with message "command order-step"
    And line 2 of "child.json" is JSON with level "error"

  Scenario: More is logged on demand
    When a child with SHOP_LOGGING_FILE=/dev/stderr runs `shop --verbose receive 1.00 HAM-500-6=4`
    Then it succeeds
    And it complains "INFO shop.cli.main: command receive"
