Feature: pytest, with and without its plugins, and unittest
  The same small suite of the shop (tests/example/tests): pools, forks that leave by os._exit, children.

  Scenario Outline: pytest
    Given the shop and the runners
    And the engine "<engine>"
    When I run `pytest -q -p no:cacheprovider tests` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "20 passed"
    And the lines of the shop are those that coverage.py finds for `-m unittest discover -q -s tests -t .`
    And nothing is lost

    Examples:
      | engine    |
      | native    |
      | coverage  |
      | slipcover |

  Scenario Outline: pytest-xdist
    Its workers are `python -c` children of execnet. Of plugins that are there before it pytest warns:
    slipcover is one.
    Given the shop and the runners
    And the engine "<engine>"
    When I run `pytest -q -p no:cacheprovider -W ignore::DeprecationWarning -n 2 <options> tests` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "20 passed"
    And the lines of the shop are those that coverage.py finds for `-m unittest discover -q -s tests -t .`
    And nothing is lost

    Examples:
      | engine    | options          |
      | native    |                  |
      | native    | --dist loadscope |
      | coverage  |                  |
      | slipcover | -W ignore::pytest.PytestAssertRewriteWarning |

  Scenario Outline: pytest-forked
    Each test has a fork of its own.
    Given the shop and the runners
    And the engine "<engine>"
    When I run `pytest -q -p no:cacheprovider --forked tests` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "20 passed"
    And the lines of the shop are those that coverage.py finds for `-m unittest discover -q -s tests -t .`
    And nothing is lost

    Examples:
      | engine    |
      | native    |
      | coverage  |
      | slipcover |

  Scenario Outline: what a crashing worker of pytest ran until then is recorded
    Given the runners
    And the target "crashing"
    When I run `pytest -q -p no:cacheprovider -p no:faulthandler <options>` with and without covfork
    Then both end with status 1 and say the same, in any order and at any time
    And the output has the words "3 failed, 1 passed"
    And of that run exactly the marked lines are recorded of weighing.py, test_weighing.py
    And nothing is lost

    Examples:
      | options   |
      | -n 2      |
      | --forked  |

  Scenario Outline: unittest
    Given the shop and the runners
    And the engine "<engine>"
    When I run `python -m unittest discover -q -s tests -t .` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the lines of the shop are those that coverage.py finds for `-m unittest discover -q -s tests -t .`
    And nothing is lost

    Examples:
      | engine    |
      | native    |
      | coverage  |
      | slipcover |
