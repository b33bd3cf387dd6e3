Feature: What is not in stock goes into a second order

  Background:
    Given 3 of HAM-500-6 in stock at 9.00
    And 10 of NAI-060-3 in stock at 2.00

  Scenario: All is there
    Given a draft A of C-BAKER with 3 of HAM-500-6
    When order A is split by what is there, the rest being B
    Then there is no result
    And order A has the state placed

  Scenario: A part is there
    Given a draft A of C-BAKER with 5 of HAM-500-6, 2 of NAI-060-3
    When order A is split by what is there, the rest being B
    Then order A has 3 of HAM-500-6, 2 of NAI-060-3 in it
    And order A has the state placed
    And order B has 2 of HAM-500-6 in it
    And order B has the state draft

  Scenario: A product is missing altogether
    Given a draft A of C-BAKER with 1 of SAW-300-1, 2 of NAI-060-3
    When order A is split by what is there, the rest being B
    Then order A has 2 of NAI-060-3 in it
    And order B has 1 of SAW-300-1 in it

  Scenario: Nothing is there
    Given a draft A of C-BAKER with 1 of SAW-300-1
    When order A is split by what is there, the rest being B
    Then it is refused: "SAW-300-1: 1 wanted, 0 available"
    And order A has the state draft

  Scenario: Without splitting it is all or nothing
    Given a draft A of C-BAKER with 2 of NAI-060-3, 5 of HAM-500-6
    When order A: placed
    Then it is refused: "HAM-500-6: 5 wanted, 3 available"
    And order A has the state draft
    And of NAI-060-3 there are 10, 0 reserved

  Scenario: The rest can be placed later
    Given a draft A of C-BAKER with 5 of HAM-500-6
    When order A is split by what is there, the rest being B
    And 10 of HAM-500-6 arrive at 9.50
    And order B: placed
    Then nothing is refused
    And of HAM-500-6 there are 13, 5 reserved

  Scenario: By children
    When a child runs `shop order C-BAKER HAM-500-6=5 --split`
    Then it prints "order 2 for the rest"
    When a child runs `shop order C-BAKER SAW-300-1=5 --split`
    Then it ends with status 6
