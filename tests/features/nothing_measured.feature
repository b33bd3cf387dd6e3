Feature: a run in which no measured line ran
  Sources that the configuration names are reported at 0 %, and the gate decides, as for coverage.py;
  where there are none either, there is no data to report.

  Background:
    Given the file "main.py"
      """
      import pkg
      """
    And the file "pkg/__init__.py"
      """
      """
    And I have run `: >pkg/__init__.py`
    And the file "pkg/a.py"
      """
      def f(x):
          if x:
              return x
      """

  Scenario Outline: every report is coverage.py's
    Given the file ".coveragerc"
      """
      [run]
      <source>
      branch = <branch>
      [report]
      fail_under = <limit>
      """
    And I have run `covfork run -q -- python main.py`
    Then `report -m` does the same as coverage.py's on `main.py`
    And the JSON report of `json -q` is coverage.py's of `main.py` but for its origin
    And the LCOV report is coverage.py's of `main.py`, byte for byte
    When I run `covfork xml -q -o -`
    Then the status is <status>
    Given I have run `covfork combine -q`
    When I run `covfork report`
    Then the status is <status>

    Examples:
      | source           | branch | limit | status |
      | source = pkg     | no     | 50    | 2      |
      | source = pkg     | yes    | 0     | 0      |
      | source_pkgs = pkg | no    | 50    | 2      |

  Scenario: a source that is empty has nothing missing
    Given I have run `: >main.py && printf '[run]\nsource = .\nomit = pkg/a.py\n' >.coveragerc`
    And I have run `covfork run -q -- python main.py`
    Then `report` does the same as coverage.py's on `main.py`

  Scenario: an empty file that was imported is there without a configured source
    Given I have run `rm pkg/a.py`
    And I have run `covfork run -q -- python main.py`
    Then `report` does the same as coverage.py's on `main.py`

  Scenario Outline: where there is no source either there is no data
    Given the file ".coveragerc"
      """
      [run]
      <text>
      """
    And I have run `covfork run -q -- python main.py`
    When I run `covfork <command>`
    Then the status is 1
    And the standard output is empty
    And the last line of the standard error is like "covfork: no data to *: 1 interpreter ran no measured line*"

    Examples:
      | text            | command |
      | source = nosuch | report  |
      | source = nosuch | combine |
      | omit = *        | xml     |
      | omit = *        | sqlite  |

  Scenario: what was lost is not reported at 0 %
    Given I have run `printf '[run]\nsource = pkg\n' >.coveragerc`
    When I run `LD_PRELOAD=$LIBRARY COVFORK_ENGINE=turbo python main.py; covfork report`
    Then the status is 1
    And the standard error has "covfork: no data to report: what 1 interpreter ran was lost"
