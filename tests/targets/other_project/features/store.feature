Feature: the store

  Background:
    Given an empty store
    When "2 kg" of salt is put in

  Scenario: what is put in is there
    When "1 kg" of salt is put in
    Then there is "3 kg" of salt

  Scenario: what is taken is gone
    When "500 g" of salt is taken
    Then there is "1500 g" of salt

  Scenario: what is not there can't be taken
    When "3 kg" of salt is taken
    Then it is refused: "not enough salt"
    When "1 g" of gold is taken
    Then it is refused: "no gold"
