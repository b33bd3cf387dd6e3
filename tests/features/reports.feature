Feature: reports in files, in the formats of other tools
  Each is what coverage.py writes of the same work, and the tools that read such files read it.

  Scenario Outline: the XML report is coverage.py's
    Given the target "other_project"
    And the target "collector"
    And the file ".coveragerc"
      """
      [run]
      <run>
      relative_files = <relative>
      [xml]
      package_depth = <depth>
      """
    And I have run `covfork run -q -- python work.py`
    Then the XML report of `<command>` is coverage.py's of `work.py` but for its origin

    Examples:
      | command                  | run                 | relative | depth |
      | xml                      | source = stock      | no       | 99    |
      | xml                      | source = .          | no       | 99    |
      | xml                      | source_dirs = stock | no       | 99    |
      | xml --skip-empty         | source_pkgs = stock | no       | 99    |
      | xml                      | source = .          | no       | 1     |
      | xml --include='*/st*/l*' | source = ./stock/   | no       | 99    |
      | xml                      | source = stock      | yes      | 99    |
      | xml                      | source_dirs = stock | yes      | 99    |
      | xml --fail-under=97      | source = stock      | no       | 99    |

  Scenario: the XML report has the structure that Cobertura's readers expect
    Given the target "other_project"
    And the target "collector"
    And I have run `covfork run -q -- python work.py`
    When I run `covfork xml`
    Then the status is 0
    And the standard output is empty
    And the standard error is "Wrote XML report to coverage.xml"
    And the file "coverage.xml" has the structure of Cobertura

  Scenario: pycobertura reads the XML report
    Given the program "pycobertura" is installed
    And the target "other_project"
    And the target "collector"
    And I have run `covfork run -q -- python work.py`
    And I have run `covfork xml -q -o reports/coverage.xml`
    When I run `pycobertura show --format csv --delimiter , reports/coverage.xml | grep store.py`
    Then the status is 0
    And the standard output is "store.py,44,9,79.55%,30, 34, 39, 42, 58, 66-69"

  Scenario Outline: the LCOV report is coverage.py's
    Given the target "other_project"
    And the target "collector"
    And the file ".coveragerc"
      """
      [run]
      source = .
      [lcov]
      line_checksums = <checksums>
      """
    And I have run `covfork run -q -- python work.py`
    Then the LCOV report is coverage.py's of `work.py`, byte for byte

    Examples:
      | checksums |
      | no        |
      | yes       |

  Scenario: genhtml reads the LCOV report
    Given the program "genhtml" is installed
    And the target "other_project"
    And the target "collector"
    And I have run `covfork run -q -- python work.py`
    And I have run `covfork lcov`
    When I run `genhtml coverage.lcov --output-directory pages`
    Then the status is 0
    And the standard error is empty
    And there is a file "pages/index.html"

  Scenario: annotated copies of the sources are coverage.py's
    Given the target "other_project"
    And the target "collector"
    And the file ".coveragerc"
      """
      [run]
      source = .
      """
    And I have run `covfork run -q -- python work.py`
    Then the annotated copies are coverage.py's of `work.py`

  Scenario: annotated copies lie beside their sources unless a folder is named
    Given the target "collector/half.py"
    And I have run `covfork run -q -- python half.py first`
    When I run `covfork annotate && sed 's/ *$//' half.py,cover`
    Then the status is 0
    And the standard output is
      """
      > import sys  # ran

      > if sys.argv[1] == "first":  # ran
      >     first = 1  # ran
      ! else:
      !     second = 2  # ran
      """

  Scenario Outline: diff-cover reads the report
    Given the program "diff-cover" is installed
    And the target "collector/half.py"
    And I have run `git init -q -b trunk && git add half.py`
    And I have run `git -c user.name=n -c user.email=e commit -q -m one`
    And "first = 1" is replaced by "first = 3" in "half.py"
    And "second = 2" is replaced by "second = 4" in "half.py"
    And I have run `covfork run -q -- python half.py first`
    And I have run `covfork <format> -q`
    When I run `diff-cover coverage.<format> --compare-branch trunk`
    Then the status is 0
    And the standard output has "half.py (50.0%): Missing lines 6"

    Examples:
      | format |
      | xml    |
      | lcov   |

  Scenario: odd file names are what coverage.py makes of them
    Given the target "reports/odd_names.py"
    And I have run `covfork run -q -- python odd_names.py`
    Then the XML report of `xml` is coverage.py's of `odd_names.py` but for its origin
    And the JSON report equals coverage.py's on `odd_names.py` in all but meta
    And the LCOV report is coverage.py's of `odd_names.py`, byte for byte
    And the annotated copies are coverage.py's of `odd_names.py`
    And `report -m` does the same as coverage.py's on `odd_names.py`
    And `report --format=markdown` does the same as coverage.py's on `odd_names.py`

  Scenario: what is no text in a file name is none in the XML report
    Given the target "reports/odd_names.py"
    And I have run `covfork run -q -- python odd_names.py bytes`
    When I run `covfork xml`
    Then the status is 0
    And the file "coverage.xml" has the structure of Cobertura
    And the XML report "coverage.xml" has the file names
      """
      odd/<script>alert(1)</script>.py
      odd/TN:?end_of_record?SF:forged.py
      odd/]]>.py
      odd/bidi?cod.py
      odd/caf? ?.py
      odd/quo'te"d & co.py
      odd/star*_`code`_[x](y)|z.py
      odd/tab?bell??[31m.py
      odd/two?lines.py
      odd/été 日本.py
      odd_names.py
      """
