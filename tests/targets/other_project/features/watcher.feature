Feature: the watcher

  Scenario: a watcher that is killed has seen what it has seen
    When a watcher has seen all and is killed
    Then it had seen "salt rice tea"
