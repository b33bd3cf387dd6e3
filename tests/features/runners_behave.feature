Feature: behave and the runners that run it in parallel
  Each does what it does without covfork, and the lines that are recorded of its workers are those of
  the same features run one after the other under coverage.py.

  Background:
    Given the shop and the runners
    And $FEATURES are "money_parse spool_jobs orders_cli"

  Scenario Outline: behave
    Given the engine "<engine>"
    When I run `python -m behave --format progress $FEATURES` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "32 scenarios passed, 0 failed"
    And the lines of the shop are those that coverage.py finds for `-m behave $FEATURES`
    And nothing is lost

    Examples:
      | engine    |
      | native    |
      | coverage  |
      | slipcover |

  Scenario Outline: behave-parallel, a runner of the project's own
    Given the engine "<engine>"
    When I run `BEHAVE_PARALLEL_COVERAGE= python behave_parallel.py -j 2 --mode <mode> $FEATURES` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "3 features, 2 processes (<mode>)"
    And the output has the words "32 scenarios passed, 0 failed"
    And the lines of the shop are those that coverage.py finds for `-m behave $FEATURES`
    And nothing is lost

    Examples:
      | engine    | mode  |
      | native    | pool  |
      | native    | child |
      | coverage  | pool  |
      | slipcover | pool  |
      | coverage  | child |
      | slipcover | child |

  Scenario Outline: behave-pool
    Its workers are spawned.
    Given the engine "<engine>"
    When I run `behave-pool -j 2 $FEATURES` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "3 features, 32 scenarios, 103 steps - passed: 103, failed: 0"
    And the lines of the shop are those that coverage.py finds for `-m behave $FEATURES`
    And nothing is lost

    Examples:
      | engine    |
      | native    |
      | coverage  |
      | slipcover |

  Scenario Outline: behavex
    It looks for the steps' own modules on PYTHONPATH only.
    Given the engine "<engine>"
    When I run `PYTHONPATH=features behavex -o behavex --parallel-processes 2 --parallel-scheme <scheme> $FEATURES` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "32 scenarios passed, 0 failed"
    And the lines of the shop are those that coverage.py finds for `-m behave $FEATURES`
    And nothing is lost

    Examples:
      | engine    | scheme   |
      | native    | feature  |
      | native    | scenario |
      | coverage  | feature  |
      | slipcover | feature  |

  Scenario Outline: behave-parallel-runners
    Which worker takes a feature is chance: so are the workers' own summaries. Theirs are left out.
    Given the engine "<engine>"
    When I run `PYTHONPATH=features:. behave -j 2 --runner parallel_features:FeatureParallelRunner --format null --no-summary --junit --junit-directory junit $FEATURES && grep -ho 'tests="[0-9]*"\|failures="[0-9]*"' junit/*.xml` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "USING RUNNER: parallel_features:FeatureParallelRunner"
    And the output has the words "tests="16""
    And the lines of the shop are those that coverage.py finds for `-m behave $FEATURES`
    And nothing is lost

    Examples:
      | engine    |
      | native    |
      | coverage  |
      | slipcover |

  @nox
  Scenario: the engines see the same lines of the whole suite
    The suite kills some of its own processes. What these ran, an engine in Python may lose and names;
    other processes ran the same lines.
    When I run `python behave_parallel.py --quiet -j 2` under each of the engines native, coverage and slipcover
    Then each ends with status 0 and says "894 scenarios passed, 0 failed"
    And each has recorded the same lines of the shop
    And nothing is lost by native, and by the others only by processes that were killed
