Feature: coverage.py's commands and options, for who has them in their fingers
  covfork-coverage(7) has all of them with covfork's answer; a test of its own holds it against
  coverage.py's lists. Here is what they do.

  Background:
    Given the file "pkg/__init__.py"
      """
      """
    And the file "pkg/part.py"
      """
      import sys
      print(__name__, *sys.argv[1:])
      """
    And the file "work.py"
      """
      import sys
      import pkg.part
      print("works", *sys.argv[1:])
      """

  Scenario Outline: run takes a script, a module or the configured command, like coverage.py
    Given the file ".coveragerc"
      """
      [run]
      command_line = <configured>
      """
    When I run `covfork run <arguments>`
    Then the status is 0
    And the last line of the standard output is like "<output>"
    When I run `covfork report`
    Then the standard output has "<file>"

    Examples:
      | arguments                         | configured           | output         | file    |
      | work.py a 'b c'                   |                      | works a b c    | work.py |
      | --branch ./work.py -x             |                      | works -x       | work.py |
      | -m pkg.part --branch a            |                      | __main__ --branch a | part.py |
      | -m --branch pkg.part a            |                      | __main__ a     | part.py |
      | -p --timid --concurrency=thread,multiprocessing work.py | | works        | work.py |
      |                                   | work.py 'x  y' z     | works x  y z   | work.py |
      |                                   | -m pkg.part "q r"    | __main__ q r   | part.py |
      | --branch                          | --module pkg.part    | __main__       | part.py |
      | -- python work.py b               | work.py a            | works b        | work.py |

  Scenario Outline: a script that is a command of its own is run as one
    Given I have run `printf '#!/bin/sh\necho "a shell says $1"\n' >tool.py && chmod +x tool.py`
    When I run `<command>`
    Then the standard output is "a shell says hello"

    Examples:
      | command                                |
      | covfork run -q ./tool.py hello         |
      | PATH=$PATH:. covfork run tool.py hello |

  Scenario: COVFORK_PYTHON runs scripts and modules
    Given I have run `printf '#!/bin/sh\necho "mine: $*"\n' >mine && chmod +x mine`
    When I run `COVFORK_PYTHON=./mine covfork run -q -m pkg.part x`
    Then the standard output is "mine: -m pkg.part x"

  Scenario Outline: what covfork has no use for is refused in one line that says what to do
    When I run `covfork <command>`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "covfork: <answer>"

    Examples:
      | command                             | answer                                    |
      | run --data-file=x work.py           | run: --data-file is *covfork sqlite -o FILE* |
      | run -L work.py                      | run: -L is *--source*                     |
      | run --save-signal USR1 work.py      | run: --save-signal is *                   |
      | run --debug=sys work.py             | run: --debug is *covfork doctor*          |
      | run --concurrency=green work.py     | run: --concurrency: unknown library 'green' |
      | run -m                              | run: -m needs the name of a module        |
      | run                                 | run: no command given*                    |
      | combine --data-file=x               | --data-file is coverage.py's: *-o*        |
      | erase --data-file=x                 | --data-file is coverage.py's: *--data-dir* |
      | report --debug=sys                  | --debug is coverage.py's: see covfork doctor* |
      | report --debug                      | --debug is coverage.py's: see covfork doctor* |
      | debug sys                           | debug sys is coverage.py's: covfork doctor * |
      | debug data                          | debug data is coverage.py's: covfork tree * |
      | debug                               | debug is coverage.py's: *                 |

  Scenario Outline: a report is of the data file that is named
    Given I have run `covfork run -q work.py && <made> && covfork erase`
    When I run `covfork <command> --data-file=<file>`
    Then the status is 0
    And the standard output has "work.py"
    And there is no file ".covfork/settings"

    Examples:
      | made                            | file          | command                       |
      | covfork combine -q -o x.data    | x.data        | report                        |
      | covfork combine -q -o x.data    | x.data        | json -q --keep-combined -o -  |
      | covfork sqlite -q -o x.coverage | x.coverage    | xml -q -o -                   |
      | covfork json -q -o x.json       | x.json        | lcov -q -o -                  |
      | mkdir y; cp -R .covfork y/data  | y/data        | report                        |

  Scenario Outline: a data file where sources are to be named is told apart
    Given I have run `covfork run -q work.py`
    And I have run `<made>`
    When I run `covfork report <file>`
    Then the status is 1
    And the standard error is "covfork: <file> is data, not a source: <answer> reports it"

    Examples:
      | made                            | file       | answer                |
      | covfork combine -q -o x.data    | x.data     | --data-file=x.data    |
      | covfork sqlite -q -o x.coverage | x.coverage | --data-file=x.coverage |
      | covfork json -q -o x.json       | x.json     | --data-file=x.json    |
      | true                            | .covfork   | --data-dir=.covfork   |

  Scenario Outline: a data file that is none is named
    Given I have run `covfork run -q work.py`
    When I run `covfork report --data-file=<file>`
    Then the status is 1
    And the standard error is one line like "covfork: *<file>*"

    Examples:
      | file    |
      | gone    |
      | work.py |
