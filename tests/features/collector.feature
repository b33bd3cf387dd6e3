Feature: the collector's commands
  What it reports is what coverage.py reports of the same work, and what it can't do it says in one
  line.

  Scenario Outline: the report is coverage.py's, byte for byte
    Given the target "other_project"
    And the target "collector"
    And I have run `covfork run -q -- python work.py`
    Then `<command>` does the same as coverage.py's on `work.py`

    Examples: columns and order
      | command                                      |
      | report                                       |
      | report -m                                    |
      | report --skip-covered                        |
      | report -m --skip-covered --precision=2       |
      | report --sort=cover                          |
      | report --sort=-miss -m                       |
      | report --precision=2                         |
      | report --format=total                        |
      | report --format=markdown -m                  |

    Examples: choice of files
      | command                                      |
      | report --include=stock/l*                    |
      | report --include='stock/s*,*/units.py' -m    |
      | report --omit='*/legacy.py,stock/__*__.py'   |
      | report stock/store.py stock/units.py         |

    Examples: the gate
      | command                                      |
      | report --fail-under=97                       |
      | report --fail-under=58                       |
      | report --fail-under=58.1 --precision=1       |

  Scenario: of code that was compiled from other text than its file's, the file's statements are reported
    Given the file "table.py"
      """
      first = 1

      second = 2
      """
    And the file "work.py"
      """
      with open("table.py") as stream:
          stream.read()
      exec(compile("value = 1\n" * 99, "table.py", "exec"))
      """
    And I have run `covfork run -q -- python work.py`
    Then `report -m` does the same as coverage.py's on `work.py`

  Scenario: a module that was imported from a ZIP archive is reported as the archive has it
    Given the file "packed.py"
      """
      def called():
          return 1


      def not_called():
          return 2
      """
    And the file "work.py"
      """
      import sys
      sys.path.insert(0, "modules.zip")
      import packed
      packed.called()
      """
    And I have run `python -m zipfile -c modules.zip packed.py && rm packed.py`
    And I have run `covfork run -q -- python work.py`
    Then `report -m` does the same as coverage.py's on `work.py`

  Scenario: the JSON report is coverage.py's in all but meta
    Given the target "other_project"
    And the target "collector"
    And I have run `covfork run -q -- python work.py`
    Then the JSON report equals coverage.py's on `work.py` in all but meta

  Scenario: a gate in the configuration holds for report and json
    Given the target "other_project"
    And the target "collector"
    And the file ".coveragerc"
      """
      [run]
      source = stock
      [report]
      fail_under = 97
      """
    And I have run `covfork run -q -- python work.py`
    When I run `covfork report`
    Then the status is 2
    And the last line of the standard output is like "Coverage failure: total of * is less than fail-under=97*"
    When I run `covfork json -q`
    Then the status is 2
    And there is a file "coverage.json"

  Scenario: files of the source that nothing imported are reported
    Given the target "other_project"
    And the target "collector"
    When I run `covfork run -q -- python work.py`
    Then the report has all of the package "stock", "stock/legacy.py" too

  Scenario: several runs add up until they are erased
    Given the target "collector/half.py"
    And I have run `LD_PRELOAD=$LIBRARY python half.py first`
    When I run `covfork report`
    Then the standard output has no "runs"
    Given I have run `LD_PRELOAD=$LIBRARY python half.py second`
    When I run `covfork report`
    Then the status is 0
    And the last line of the standard output is like "Combined from 2 runs since 20??-??-?? ??:??:??."
    And exactly the marked lines are recorded of "half.py"
    Given I have run `covfork erase`
    And I have run `LD_PRELOAD=$LIBRARY python half.py second`
    When I run `covfork report -m`
    Then the standard output has no "runs"
    And the standard output has "5"

  Scenario: combine puts all runs into one file that reports the same
    Given the target "other_project"
    And the target "collector"
    And I have run `LD_PRELOAD=$LIBRARY python work.py`
    And I have run `LD_PRELOAD=$LIBRARY python -m stock shelf put tea 1kg`
    And I have run `covfork report -m >before`
    When I run `covfork combine && ls -d .covfork/s-* 2>/dev/null; covfork report -m | diff - before`
    Then the status is 0
    And the standard output is empty

  Scenario: combined files of two jobs make one report
    Given the target "collector/half.py"
    And I have run `COVFORK_DIR=one LD_PRELOAD=$LIBRARY python half.py first`
    And I have run `COVFORK_DIR=two LD_PRELOAD=$LIBRARY python half.py second`
    When I run `covfork combine one two`
    Then the status is 0
    And exactly the marked lines are recorded of "half.py"
    And there is a file "one"

  Scenario: erase removes what covfork wrote and names what it leaves
    Given the target "collector/half.py"
    And I have run `LD_PRELOAD=$LIBRARY python half.py first`
    And I have run `covfork report`
    And the file ".covfork/notes.txt"
      """
      mine
      """
    When I run `covfork erase && find .covfork`
    Then the status is 0
    And the standard output is
      """
      .covfork
      .covfork/notes.txt
      """
    And the standard error is one line like "*.covfork/notes.txt is not covfork's and is left where it is"

  Scenario: erase leaves no folder behind
    Given the target "collector/half.py"
    And I have run `LD_PRELOAD=$LIBRARY python half.py first`
    And I have run `covfork report`
    When I run `covfork erase`
    Then the status is 0
    And the standard error is empty
    And there is no file ".covfork"

  Scenario Outline: a data file that was cut short is named and salvaged
    Given the target "collector/half.py"
    And I have run `LD_PRELOAD=$LIBRARY python half.py first`
    And I have run `LD_PRELOAD=$LIBRARY python half.py second`
    And I have run `file=$(ls .covfork/s-*/*.data | tail -n 1) && truncate --size=<size> "$file"`
    When I run `covfork report`
    Then the status is 0
    And the standard output has "half.py"
    And the standard error is one line like "covfork: warning: *.data: *"

    Examples:
      | size |
      | 0    |
      | 40   |
      | 100  |
      | 150  |

  Scenario Outline: without data there is one line that says why, and the status 1
    Given the file "plain"
      """
      a file
      """
    And I have run `mkdir empty`
    When I run `<command>`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "<line>"

    Examples: report
      | command                                                             | line                                                                          |
      | covfork report                                                      | covfork: no data to report: .covfork does not exist                   |
      | COVFORK_DIR=nowhere covfork report                                  | covfork: no data to report: nowhere does not exist                    |
      | covfork report --data-dir=empty                                     | covfork: no data to report: nothing was recorded in empty             |
      | COVFORK_DIR=plain covfork report                                    | covfork: *plain: Not a directory                                      |
      | covfork run -q -- sh -c '/bin/true; :'; covfork report               | covfork: no data to report: *, none of them a Python interpreter      |
      | covfork run -q -- python -c pass; covfork report                    | covfork: no data to report: 1 interpreter ran no measured line*       |
      | LD_PRELOAD=$LIBRARY COVFORK_SOURCE=empty python -c pass; covfork report | covfork: no data to report: 1 interpreter ran no measured line (source: empty) |
      | LD_PRELOAD=$LIBRARY COVFORK_ENGINE=turbo python -c pass; covfork report | covfork: no data to report: *COVFORK_ENGINE names no engine*          |
      | LD_PRELOAD=$LIBRARY COVFORK_DIR=plain/data python -c pass; COVFORK_DIR=plain/data covfork report | covfork: *plain/data: Not a directory    |

    Examples: json and combine
      | command                                                             | line                                                                          |
      | covfork json                                                        | covfork: no data to *: .covfork does not exist                        |
      | covfork combine                                                     | covfork: no data to combine: .covfork does not exist                  |
      | covfork combine nowhere                                             | covfork: *nowhere*                                                    |

  Scenario Outline: a wrong call is answered with one line and the status 1
    Given the file "plain"
      """
      a file
      """
    When I run `<command>`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "<line>"

    Examples:
      | command                        | line                                        |
      | covfork frobnicate             | covfork*: unknown command 'frobnicate'*     |
      | covfork --wrong                | covfork*: unknown option '--wrong'*         |
      | covfork report --wrong         | covfork*: report has no option --wrong*     |
      | covfork json -Z                | covfork*: json has no option -Z*            |
      | covfork report --precision     | covfork*: --precision needs a value         |
      | covfork report --precision=two | covfork*: --precision needs *not 'two'      |
      | covfork report --fail-under=x  | covfork*: --fail-under needs *not 'x'       |
      | covfork erase everything       | covfork*: erase takes no arguments*         |
      | COVFORK_DIR=plain covfork erase | covfork*plain: Not a directory             |

  Scenario Outline: wrong options of a report with data are answered with one line and the status 1
    Given the target "collector/half.py"
    And I have run `LD_PRELOAD=$LIBRARY python half.py first`
    And the file "plain"
      """
      a file
      """
    When I run `<command>`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "<line>"

    Examples:
      | command                            | line                                                             |
      | covfork report --sort=colour       | covfork: *sort*'colour'*                                 |
      | covfork report --format=verse      | covfork: *format*'verse'*                                |
      | covfork report --include=nothing   | covfork: no data to report: include and omit leave none* |
      | covfork report --rcfile=nowhere    | covfork: *nowhere*                                       |
      | covfork json -o plain/report.json  | covfork: can't write plain/report.json: Not a directory  |
      | covfork report >/dev/full          | covfork: can't write the output: No space left on device |

  Scenario Outline: each command has a help text
    When I run `covfork <command> --help`
    Then the status is 0
    And the standard error is empty
    And the standard output has "<text>"

    Examples:
      | command | text                      |
      |         | sage: covfork             |
      |         | \n  run                   |
      |         | \n  report                |
      | run     | sage: covfork run         |
      | report  | sage: covfork report      |
      | json    | sage: covfork json        |
      | xml     | sage: covfork xml         |
      | lcov    | sage: covfork lcov        |
      | annotate | sage: covfork annotate    |
      | combine | sage: covfork combine     |
      | erase   | sage: covfork erase       |

  Scenario: the version is that of the project
    When I run `covfork --version | grep -E '^covfork(-collect)? [0-9]+\.[0-9]+\.[0-9]+$'`
    Then the status is 0

  Scenario Outline: the preload says nothing and changes nothing, whatever it is given
    Given the target "children/small.py"
    And the file "plain"
      """
      a file
      """
    When I run `LD_PRELOAD=$LIBRARY <variable> python small.py 3`
    Then the status is 3
    And the standard output is "sum 6"
    And the standard error is empty

    Examples:
      | variable                    |
      | COVFORK_DIR=plain           |
      | COVFORK_DIR=plain/data      |
      | COVFORK_DIR=/proc/none/data |
      | COVFORK_DIR=/dev/null       |
      | COVFORK_ENGINE=turbo        |
      | COVFORK_ENGINE=off          |
      | COVFORK_SOURCE=nowhere      |
      | COVFORK_SESSION=wrong       |
      | COVFORK_OMIT=[              |

  Scenario: a configuration that can't be read does not stop the program, and the report names it
    Given the target "children/small.py"
    And the file "pyproject.toml"
      """
      [tool.coverage
      """
    When I run `LD_PRELOAD=$LIBRARY python small.py 3`
    Then the status is 3
    And the standard output is "sum 6"
    And the standard error is empty
    When I run `covfork report`
    Then the status is 1
    And the standard error is one line like "covfork: *pyproject.toml*"
