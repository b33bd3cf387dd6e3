Feature: What to order anew is proposed

  Scenario: Nothing is sold, nothing is ordered
    Given 20 of HAM-500-6 in stock at 9.00
    When I ask what to reorder
    Then the proposals are none

  Scenario: Little is left of what sells
    Given 50 of HAM-500-6 in stock at 9.00
    And 45 of HAM-500-6 went out on 2024-03-01
    When I ask what to reorder
    Then the proposals are 39 of HAM-500-6

  Scenario: Enough is left
    Given 500 of HAM-500-6 in stock at 9.00
    And 45 of HAM-500-6 went out on 2024-03-01
    When I ask what to reorder
    Then the proposals are none

  Scenario: Old sales don't count
    Given 50 of HAM-500-6 in stock at 9.00
    And 45 of HAM-500-6 went out on 2023-03-01
    When I ask what to reorder
    Then the proposals are none
    When I ask what to reorder with 400 days of sales and 60 days to wait
    Then the proposals are 19 of HAM-500-6

  Scenario: What is retired is not ordered any more
    Given 50 of HAM-500-6 in stock at 9.00
    And 45 of HAM-500-6 went out on 2024-03-01
    And HAM-500-6 is retired
    When I ask what to reorder
    Then the proposals are none

  Scenario: After a busy year
    Given a busy year of BRU-050-3: 150 deliveries and 345 sales
    When I ask what to reorder
    Then the proposals are none
    When I ask what to reorder with 30 days of sales and 900 days to wait
    Then the proposals are 471 of BRU-050-3

  Scenario: A child proposes
    Given 50 of HAM-500-6 in stock at 9.00
    And 45 of HAM-500-6 went out on 2024-03-01
    When a child runs `shop --today 2024-03-15 reorder`
    Then it prints "HAM-500-6:"
    When a child with SHOP_STOCK_REORDER_WINDOW=1w runs `shop --today 2024-03-15 reorder`
    Then it prints 0 lines
