Feature: what a runner that can work in one process asks
  BEHAVE_PARALLEL_COVERAGE makes such a runner sequential, since slipcover sees one process only. Where
  COVFORK_SESSION is set, covfork records every process, and the runner can stay parallel.

  Background:
    Given the shop and the runners
    And $FEATURES are "money_parse spool_jobs orders_cli"
    And $BEHAVE_PARALLEL_COVERAGE is "1"

  Scenario: a runner that does not ask is sequential below covfork too, until a patch of ten lines is applied
    Given I have run `sed -i 's/ and not os.environ.get("COVFORK_SESSION")//' behave_parallel.py`
    When I run `LD_PRELOAD=$LIBRARY python behave_parallel.py -j 2 features/money_parse.feature features/pricing_tax.feature`
    Then the standard output has "2 features, sequential (BEHAVE_PARALLEL_COVERAGE is set)"
    Given I have run `test $(wc -l <behave_parallel.patch) -le 10 && git apply behave_parallel.patch`
    When I run `python behave_parallel.py -j 2 $FEATURES` with and without covfork
    Then the output has the words "3 features, 2 processes (pool)"
    And the output without covfork has the words "3 features, sequential (BEHAVE_PARALLEL_COVERAGE is set)"
    And the lines of the shop are those that coverage.py finds for `-m behave $FEATURES`
    And nothing is lost

  Scenario: where covfork is off, the variable it asks for is not set
    When I run `LD_PRELOAD=$LIBRARY COVFORK_ENGINE=off python behave_parallel.py -j 2 features/money_parse.feature`
    Then the standard output has "1 features, sequential (BEHAVE_PARALLEL_COVERAGE is set)"

  Scenario: slipcover's own run in one process is the same below covfork
    When I run `python -m slipcover --source shop --json --out slipcover.json behave_parallel.py --sequential $FEATURES && python -m json.tool slipcover.json | grep -v timestamp` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "3 features, sequential (--sequential)"
    And the output has the words ""executed_lines": ["
    And the lines of the shop are those that coverage.py finds for `-m behave $FEATURES`
    And nothing is lost
