Feature: A day in the shop, all of it in one process

  Scenario: From the delivery to the last reminder
    Given I ran `shop --today 2024-01-02 receive 9,50 HAM-500-6=40 BOK-DIY-8=6`
    And I ran `shop --today 2024-01-03 order C-BAKER HAM-500-6=32 --place`
    When I run `shop order-step pack 1`
    And I run `shop --today 2024-01-03 order-step ship 1`
    And I run `shop --today 2024-01-03 bill 1`
    Then it prints "Invoice R2024-1001"
    When I run `shop --today 2024-02-20 remind`
    Then it prints "Reminder number 2"
    When I run `shop --today 2024-02-21 pay C-BAKER 2000`
    Then it prints "R2024-1001: "
    And it prints "not used: "
    When I run `shop --today 2024-02-21 reorder`
    Then it prints "HAM-500-6: "
    When I run `shop count HAM-500-6=7`
    Then it prints "HAM-500-6: -1"

  Scenario: The catalogue is looked after
    When I run `shop product-add DRL-018-0 Drill tools 99,00 --weight 1800`
    Then it prints "DRL-018-0 99.00"
    When I run `shop reprice tools 10`
    Then it prints "3 prices changed"
    When I run `shop find drill`
    Then it prints "DRL-018-0"
    When I run `shop find drlil`
    Then it prints "did you mean drill?"
    When I run `shop export products {dir}/p.csv`
    Then it prints "9 rows"
    When I run `shop import products {dir}/p.csv --update`
    Then it prints "0 added, 9 updated"

  Scenario: The archive is filled and emptied
    When I run `shop dump {dir}/one.json`
    And I run `shop reprice paint 50`
    And I run `shop dump {dir}/two.json`
    And I run `shop compare {dir}/one.json {dir}/two.json`
    Then it ends with status 1
    And it prints 2 lines
    When I run `shop restore {dir}/one.json`
    Then it prints "12 rows"
    And the price of PNT-WHT-7 is 39.95

  Scenario: Something is planned
    When I run `shop --today 2024-03-15 days 'every month on 1' --count 2`
    Then it prints "2024-04-01\n2024-05-01"
    When I run `shop cron @daily 2024-03-15T09:00 2024-03-17T09:00`
    Then it prints 2 lines
    When I run `shop forecast 3 5 7 9 --method mean --periods 1`
    Then it prints "7.00"
    When I run `shop query 'hammer or saw sort:price'`
    Then it prints "(hammer or saw) sort:price"
