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

  Scenario Outline: reports of branches are coverage.py's
    Given the target "other_project"
    And the target "collector"
    And the target "reports"
    And the file ".coveragerc"
      """
      [run]
      branch = true
      source = .
      """
    And I have combined what coverage.py records of `<work>`
    Then the XML report of `xml` is coverage.py's of `<work>` but for its origin
    And the LCOV report is coverage.py's of `<work>`, byte for byte
    And the JSON report of `json --pretty-print` is coverage.py's of `<work>` but for its origin

    Examples:
      | work           |
      | work.py        |
      | in_contexts.py |

  Scenario Outline: the table with branches is coverage.py's, byte for byte
    Given the target "other_project"
    And the target "collector"
    And the target "reports/in_contexts.py"
    And the file ".coveragerc"
      """
      [run]
      branch = true
      source = .
      """
    And I have combined what coverage.py records of `<work>`
    Then `<command>` does the same as coverage.py's on `<work>`

    Examples:
      | work           | command                                 |
      | work.py        | report                                  |
      | work.py        | report -m                               |
      | in_contexts.py | report -m --sort=-brpart                |
      | work.py        | report --sort=branch --skip-covered     |
      | work.py        | report -m --format=markdown             |
      | work.py        | report --format=total --precision=3     |
      | in_contexts.py | report -m --precision=2 --skip-empty    |
      | work.py        | report --fail-under=57.5                |

  Scenario Outline: the contexts of lines are coverage.py's
    Given the target "other_project"
    And the target "reports/in_contexts.py"
    And the file ".coveragerc"
      """
      [run]
      branch = <branch>
      source = .
      dynamic_context = test_function
      """
    And I have combined what coverage.py records of `in_contexts.py`
    Then the JSON report of `json --show-contexts` is coverage.py's of `in_contexts.py` but for its origin

    Examples:
      | branch |
      | yes    |
      | no     |

  Scenario: changed lines alone are reported with their branches
    Given the target "reports/changed.py"
    And I have run `git init -q && git add . && git -c user.name=n -c user.email=e commit -q -m one`
    And "    if value:" is replaced by "    if not value:" in "changed.py"
    And "print(first(sys.argv))" is replaced by "print(second(sys.argv))" in "changed.py"
    And the file ".coveragerc"
      """
      [run]
      branch = true
      """
    And I have combined what coverage.py records of `changed.py`
    When I run `covfork report -m --diff HEAD`
    Then the standard output is
      """
      Name         Stmts   Miss Branch BrPart  Cover   Missing
      --------------------------------------------------------
      changed.py       2      0      2      1    75%   14->15
      --------------------------------------------------------
      TOTAL            2      0      2      1    75%
      """

  Scenario: data of which a part is without branches is reported without them, and this is said
    Given the target "collector/half.py"
    And the file ".coveragerc"
      """
      [run]
      branch = true
      """
    And I have combined what coverage.py records of `half.py first`
    And I have run `COVFORK_BRANCH=0 covfork run -a -q -- python half.py second`
    When I run `covfork report`
    Then the status is 0
    And the standard output has no "Branch"
    And the standard error is one line like "covfork: warning: *has no branches*"

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

  Scenario: what is no text in a file name is none in the XML and LCOV reports
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
    When I run `covfork lcov -o - | grep -A 1 caf`
    Then the standard output is
      """
      SF:odd/caf? ?.py
      DA:1,1
      """
    When I run `covfork json -o - | grep -o '"odd/caf[^"]*"'`
    Then the standard output is ""odd/caf\udce9 \udcff.py""

  Scenario: one walk writes every report
    Given the target "other_project"
    And the target "collector"
    And I have run `covfork run -q -- python work.py`
    And I have run `covfork json -q -o a/r.json && covfork lcov -q -o a/r.lcov && covfork xml -q -o a/r.xml`
    And I have run `covfork report -m >a/table`
    When I run `covfork report -m --xml b/r.xml --json b/r.json --lcov b/r.lcov >b.table`
    Then the status is 0
    And the standard error is
      """
      Wrote JSON report to b/r.json
      Wrote LCOV report to b/r.lcov
      Wrote XML report to b/r.xml
      """
    When I run `mv b.table b/table; sed -i 's/"timestamp": "[^"]*"//' ?/r.json; sed -i 's/timestamp="[0-9]*"//' ?/r.xml; diff -r a b`
    Then the status is 0
    And the standard output is empty

  Scenario Outline: a report that fails leaves the files of the last one
    Given the target "other_project"
    And the target "collector"
    And the file ".coveragerc"
      """
      [run]
      source = stock
      """
    And I have run `covfork run -q -- python work.py`
    And I have run `echo old >old.json; echo old >old.xml; echo old >old.lcov; echo "'" >>stock/units.py`
    When I run `<command>`
    Then the status is 1
    And the standard output is empty
    And the standard error has "stock/units.py"
    When I run `cat old.*; ls -A | grep tmp`
    Then the standard output is
      """
      old
      old
      old
      """

    Examples:
      | command                                                             |
      | covfork json -o old.json                                            |
      | covfork lcov -o old.lcov                                            |
      | covfork xml -o old.xml                                              |
      | covfork report --json old.json --lcov old.lcov --xml old.xml        |

  Scenario Outline: a file that can't be written is named in one line
    Given the target "collector/half.py"
    And the file "plain"
      """
      a file
      """
    And I have run `covfork run -q -- python half.py first`
    When I run `<command>`
    Then the status is 1
    And the standard error is one line like "<line>"

    Examples:
      | command                         | line                                                    |
      | covfork xml -o plain/r.xml      | covfork: can't write plain/r.xml: Not a directory       |
      | covfork lcov -o .               | covfork: can't write .: Is a directory                  |
      | covfork xml -o /dev/full        | covfork: can't write /dev/full: No space left on device |
      | covfork xml -o - >/dev/full     | covfork: can't write the output: No space left on device |
      | covfork annotate -d plain       | covfork: can't write plain/half.py,cover: Not a directory |
      | covfork report --xml=-          | covfork: --xml needs the name of a file                 |
      | covfork report --lcov plain/x   | covfork: can't write plain/x: Not a directory           |

  Scenario: only changed statements are reported of a diff
    Given the target "reports/changed.py"
    And I have run `git init -q && git add . && git -c user.name=n -c user.email=e commit -q -m one`
    And "        1," is replaced by "        2," in "changed.py"
    And "return 3" is replaced by "return 4" in "changed.py"
    And I have run `covfork run -q -- python changed.py`
    When I run `covfork report -m --diff HEAD --xml coverage.xml 2>/dev/null; grep -c '<line ' coverage.xml`
    Then the standard output is
      """
      Name         Stmts   Miss  Cover   Missing
      ------------------------------------------
      changed.py       2      1    50%   16
      ------------------------------------------
      TOTAL            2      1    50%
      8
      """

  Scenario Outline: a diff has its own gate
    Given the target "reports/changed.py"
    And the file ".coveragerc"
      """
      [report]
      fail_under = 99
      """
    And I have run `git init -q && git add . && git -c user.name=n -c user.email=e commit -q -m one`
    And "value," is replaced by "value, 0," in "changed.py"
    And "<text>" is replaced by "<other>" in "changed.py"
    And I have run `covfork run -q -- python changed.py`
    When I run `<command>`
    Then the status is <status>
    And the last line of the standard output is like "<line>"

    Examples:
      | text     | other    | command                                 | status | line                           |
      | return 3 | return 4 | covfork report --diff HEAD              | 0      | TOTAL * 50%                    |
      | return 3 | return 4 | covfork report --diff HEAD --fail-under=60 | 2   | *total of 50 is less than *=60 |
      | value,   | value,   | covfork report --diff HEAD --fail-under=60 | 0   | TOTAL * 100%                   |
      | value,   | value,   | covfork report                          | 2      | *is less than fail-under=99    |

  Scenario Outline: a diff without changed statements is said to be none
    Given the target "reports/changed.py"
    And I have run `git init -q && git add . && git -c user.name=n -c user.email=e commit -q -m one`
    And I have run `echo '# a comment' >>changed.py`
    And I have run `covfork run -q -- python changed.py`
    When I run `covfork report --diff HEAD --fail-under=100 --format=<format>`
    Then the status is 0
    And the standard output is "<text>"

    Examples:
      | format   | text                             |
      | text     | No statement changed since HEAD. |
      | markdown | No statement changed since HEAD. |
      | total    | 100                              |

  Scenario: a diff is right for renamed files with odd names, below a folder, whatever git's settings are
    Given the target "reports/changed.py"
    And I have run `mkdir sub && mv changed.py $'sub/a "b"\t\351.py' && git init -q && git add .`
    And I have run `git -c user.name=n -c user.email=e commit -q -m one`
    And I have run `git mv sub/a* $'sub/\303\251 new.py' && sed -i 's/return 2/return 5/' sub/*`
    And I have run `git config diff.noprefix true && git config diff.external false && git config diff.relative true && git config color.ui always && git config diff.context 9`
    And I have run `covfork run -q -- python sub/*.py`
    When I run `cd sub && covfork report -m --diff HEAD --data-dir ../.covfork`
    Then the status is 0
    And the standard output has "é new.py"
    And the standard output has "15\n"
    And the last line of the standard output is like "TOTAL *1 *1 *0%"

  Scenario Outline: a diff that git does not give is an error in one line
    Given the target "reports/changed.py"
    And I have run `<setup>`
    And I have run `covfork run -q -- python changed.py`
    When I run `<command>`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "<line>"

    Examples:
      | setup       | command                                           | line                                     |
      | true        | covfork report --diff HEAD                        | covfork: git: *not a git repository*     |
      | git init -q | covfork report --diff nowhere                     | covfork: git diff nowhere: *             |
      | git init -q | covfork report --diff=--output=x                  | covfork: '--output=x' is no revision     |
      | git init -q | PATH=$(dirname $(command -v covfork-collect)) covfork-collect report --diff HEAD | covfork-collect: can't run git: No such file or directory |

  Scenario: the table fits the terminal
    Given the target "other_project"
    And the target "collector"
    And I have run `mv stock a_package_with_a_long_name && sed -i 's/from stock/from a_package_with_a_long_name/' work.py */*.py`
    And I have run `COVFORK_SOURCE=. covfork run -q -- python work.py`
    When I run `covfork report -m` on a terminal of 60 columns
    Then the status is 0
    And no line of the standard output is longer than 60
    And the standard output has "...ng_name/store.py "
    And the standard output has "66-69\n"
    When I run `covfork report -m | cat` on a terminal of 60 columns
    Then the standard output has "a_package_with_a_long_name/store.py"

  Scenario Outline: percentages have colours on a terminal alone
    Given the target "collector/half.py"
    And I have run `covfork run -q -- python half.py first`
    When I run `<command>` on a terminal of 80 columns
    Then the standard output has "75%" <color>

    Examples:
      | command                                   | color          |
      | covfork report --fail-under=70            | in green       |
      | covfork report --fail-under=90            | in red         |
      | covfork report                            | without colour |
      | covfork report --fail-under=70 \| cat     | without colour |
      | NO_COLOR=1 covfork report --fail-under=70 | without colour |
      | TERM=dumb covfork report --fail-under=70  | without colour |

  Scenario: what takes longer than a second is said on a terminal, and taken away
    Given the target "collector/half.py"
    And I have run `covfork run -q -- python half.py first`
    And I have run `LD_PRELOAD=$LIBRARY python -c 'import time; time.sleep(60)' >/dev/null 2>&1 & sleep 0.3`
    When I run `covfork report --wait 2` on a terminal of 80 columns
    Then the standard output has the progress line "waiting for recorded processes ..."
    When I run `covfork report --wait 2`
    Then the standard error has no "waiting"
    When I run `covfork report` on a terminal of 80 columns
    Then the standard output has no "waiting"
