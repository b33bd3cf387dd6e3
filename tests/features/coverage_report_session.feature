Feature: the session coverage_report of the example project
  nox, uv, behave and a runner of the project's own, which works in one process whenever
  BEHAVE_PARALLEL_COVERAGE is set, unless covfork is active.

  Background:
    Given the example project

  @nox
  Scenario: it is parallel when covfork is active by LD_PRELOAD, and its report is complete
    Given the file "shop/unused.py"
      """
      def nobody_calls_this():
          return None
      """
    When I run `LD_PRELOAD=$LIBRARY nox -R -s coverage_report -- --processes 2 features/money_parse.feature features/cron.feature`
    Then the standard output has "behave-parallel: 2 features, 2 processes (pool)"
    And the standard output has "2 features passed, 0 failed"
    And build/coverage.json has every module of the package shop
    And build/coverage.json says that no line of "shop/unused.py" ran

  @nox
  Scenario: it is parallel when covfork is active by the wrapper
    When I run `covfork run -- nox -R -s coverage_report -- --processes 2 features/money_parse.feature features/cron.feature`
    Then the standard output has "behave-parallel: 2 features, 2 processes (pool)"
    And the standard output has "2 features passed, 0 failed"
    And the last line of the standard error is like "covfork: * interpreters, * with data*, nothing lost*"
    And build/coverage.json has every module of the package shop

  @nox
  Scenario: it is sequential without covfork, where only BEHAVE_PARALLEL_COVERAGE is set
    When I run `nox -R -s coverage_report -- --processes 2 features/money_parse.feature features/cron.feature`
    Then the standard output has "behave-parallel: 2 features, sequential"
    And the standard output has "2 features passed, 0 failed"

  Scenario Outline: the runner alone
    When I run `<variables> .nox/unit_tests/bin/python behave_parallel.py --processes 2 features/money_parse.feature features/cron.feature`
    Then the status is 0
    And the standard output has "behave-parallel: 2 features, <way>"

    Examples:
      | variables                                        | way                                         |
      | BEHAVE_PARALLEL_COVERAGE=                        | 2 processes (pool)                          |
      | BEHAVE_PARALLEL_COVERAGE=1                       | sequential (BEHAVE_PARALLEL_COVERAGE is set) |
      | BEHAVE_PARALLEL_COVERAGE=1 LD_PRELOAD=$LIBRARY   | 2 processes (pool)                          |

  @nox
  Scenario: it fails below the gate, and the report is there
    When I run `LD_PRELOAD=$LIBRARY nox -R -s coverage_report -- features/money_parse.feature`
    Then the status is 1
    And the standard output has "is less than fail-under=97"
    And build/coverage.json has every module of the package shop

  @nox
  Scenario: it succeeds above the gate
    Given "GATE = 97" is replaced by "GATE = 10" in "noxfile.py"
    When I run `LD_PRELOAD=$LIBRARY nox -R -s coverage_report -- features/money_parse.feature`
    Then the status is 0

  @nox
  Scenario: it fails when a feature fails, though the gate is passed, and the report is there
    Given "GATE = 97" is replaced by "GATE = 10" in "noxfile.py"
    And "Then it is <cents> cents of EUR" is replaced by "Then it is 1 cents of EUR" in "features/money_parse.feature"
    When I run `LD_PRELOAD=$LIBRARY nox -R -s coverage_report -- features/money_parse.feature features/cron.feature`
    Then the status is 1
    And the standard output has "1 feature passed, 1 failed"
    And the standard error has "features failed"
    And build/coverage.json has every module of the package shop

  @nox
  Scenario Outline: the lines of some features are those that coverage.py finds
    When I run `LD_PRELOAD=$LIBRARY nox -R -s coverage_report -- --processes 2 --mode <mode> features/money_parse.feature features/cron.feature features/query_parser.feature features/pricing_tax.feature`
    Then the standard output has "4 features passed, 0 failed"
    And the lines in build/coverage.json are those that coverage.py finds for `behave_parallel.py --sequential features/money_parse.feature features/cron.feature features/query_parser.feature features/pricing_tax.feature` and its children
    And build/coverage.json has every module of the package shop

    Examples:
      | mode  |
      | pool  |
      | child |

  @nox
  Scenario: the whole suite passes the gate, its children and forks counted
    When I run `LD_PRELOAD=$LIBRARY nox -R -s coverage_report -- --processes 2`
    Then the status is 0
    And the standard output has "processes (pool)"
    And build/coverage.json has every module of the package shop

  @nox
  Scenario: the environments of all sessions can be made beforehand
    When I run `rm .nox && nox --install-only -s unit_tests coverage_report coverage_report_sequential`
    Then the status is 0
    And there is a file ".nox/coverage_report_sequential/bin/slipcover"
