Feature: The feed of prices for partner shops

  Scenario: The first one has everything
    When I run `shop feed {dir}/feed.jsonl --state {dir}/state.json`
    Then it succeeds
    And it prints "NAI-060-3: new at 4.99"
    And there is a file "feed.jsonl" with 8 lines

  Scenario: Nothing has changed
    Given I ran `shop feed {dir}/feed.jsonl --state {dir}/state.json`
    When a child runs `shop feed {dir}/feed.jsonl --state {dir}/state.json`
    Then it prints 0 lines
    And there is a file "feed.jsonl" with 0 lines

  Scenario: Prices have changed
    Given I ran `shop feed {dir}/feed.jsonl --state {dir}/state.json`
    And I ran `shop reprice tools 10`
    When I run `shop feed {dir}/feed.jsonl --state {dir}/state.json`
    Then it prints "HAM-500-6: now 20.79"
    And it prints 2 lines
