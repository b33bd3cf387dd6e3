Feature: coverage.py and slipcover as engines
  COVFORK_ENGINE=coverage starts coverage.py in every interpreter, COVFORK_ENGINE=slipcover
  slipcover. Each saves to a file of its own in the session's folder, however its process ends, and
  the program notices neither.

  Background:
    Given the target "engines"

  Scenario Outline: however a program is started it is recorded, and does what it does without
    When I run `<command>` with and without the engine <engine>
    Then both did the same
    And the status is 0
    And the engine has saved exactly the marked lines of <files>
    And the ledger names 1 "engine"
    And the ledger names 1 "data"
    And the ledger names 0 "lost"
    And the engine left files in its session's folder alone

    Examples:
      | engine    | command                                      | files                                         |
      | coverage  | python small.py a b                          | "small.py"                                    |
      | slipcover | python small.py a b                          | "small.py"                                    |
      | coverage  | python -m package a                          | "package/__main__.py, package/__init__.py"    |
      | slipcover | python -m package a                          | "package/__main__.py, package/__init__.py"    |
      | coverage  | python -m small                              | "small.py"                                    |
      | slipcover | python -m small                              | "small.py"                                    |
      | coverage  | python -c 'import package'                   | "package/__init__.py"                         |
      | slipcover | python -c 'import package'                   | "package/__init__.py"                         |
      | coverage  | echo 'import package' \| python              | "package/__init__.py"                         |
      | slipcover | echo 'import package' \| python              | "package/__init__.py"                         |
      | coverage  | python -I small.py                           | "small.py"                                    |
      | slipcover | python -I small.py                           | "small.py"                                    |
      | coverage  | python -E -W error -X dev small.py           | "small.py"                                    |
      | slipcover | python -E -W error -X dev small.py           | "small.py"                                    |
      | coverage  | python -S small.py                           | "small.py"                                    |
      | slipcover | python -S small.py                           | "small.py"                                    |
      | coverage  | python -I -S small.py                        | "small.py"                                    |
      | slipcover | python -I -S small.py                        | "small.py"                                    |
      | coverage  | env -i $(command -v python) small.py         | "small.py"                                    |
      | slipcover | env -i $(command -v python) small.py         | "small.py"                                    |

  Scenario Outline: however a process ends its lines are saved
    When I run `python ends.py <way>` with and without the engine <engine>
    Then both did the same
    And the status is <status>
    And the engine has saved the marked lines of "ends.py"
    And the engine has saved line <last> of "ends.py"
    And the ledger names 0 "lost"

    Examples:
      | engine    | way                     | status | last |
      | coverage  | exit                    | 3      | 8    |
      | slipcover | exit                    | 3      | 8    |
      | coverage  | error                   | 1      | 12   |
      | slipcover | error                   | 1      | 12   |
      | coverage  | exit_now                | 4      | 16   |
      | slipcover | exit_now                | 4      | 16   |
      | coverage  | thread                  | 5      | 21   |
      | slipcover | thread                  | 5      | 21   |
      | coverage  | exec                    | 0      | 26   |
      | slipcover | exec                    | 0      | 26   |
      | coverage  | failed_exec             | 4      | 33   |
      | slipcover | failed_exec             | 4      | 33   |
      | coverage  | signal                  | -15    | 39   |
      | slipcover | signal                  | -15    | 39   |
      | coverage  | signal_after_handler    | -15    | 39   |
      | slipcover | signal_after_handler    | -15    | 39   |
      | coverage  | signal_in_loop          | -14    | 51   |
      | slipcover | signal_in_loop          | -14    | 51   |
      | coverage  | signal_while_asleep     | -14    | 56   |
      | slipcover | signal_while_asleep     | -14    | 56   |
      | coverage  | signal_in_thread        | -15    | 39   |
      | slipcover | signal_in_thread        | -15    | 39   |
      | coverage  | abort                   | -6     | 66   |
      | slipcover | abort                   | -6     | 66   |
      | coverage  | own_handler             | 6      | 71   |
      | slipcover | own_handler             | 6      | 71   |
      | coverage  | wild_jump               | -11    | 77   |
      | slipcover | wild_jump               | -11    | 77   |
      | coverage  | wild_jump_with_gil      | -11    | 83   |
      | slipcover | wild_jump_with_gil      | -11    | 83   |

  Scenario Outline: a process that is killed has saved nothing, and the ledger shows it
    When I run `python -c 'import os, package; os.kill(os.getpid(), 9)'` with the engine <engine>
    Then the status is -9
    And the ledger names 1 "engine"
    And the ledger names 0 "data"
    And the ledger names 0 "nothing"

    Examples:
      | engine    |
      | coverage  |
      | slipcover |

  Scenario Outline: each side of a fork saves what it ran itself
    When I run `python forks.py` with and without the engine <engine>
    Then both did the same
    And the engine has saved exactly the marked lines of "forks.py"
    And the ledger names 3 "data"
    And line 5 of "forks.py" is in 1 file
    And line 9 of "forks.py" is in 1 file
    And line 13 of "forks.py" is in 1 file

    Examples:
      | engine    |
      | coverage  |
      | slipcover |

  Scenario Outline: multiprocessing's children are recorded
    When I run `python pools.py <method>` with and without the engine <engine>
    Then both did the same
    And the engine has saved exactly the marked lines of "pools.py"
    And the ledger names 0 "lost"

    Examples:
      | engine    | method     |
      | coverage  | fork       |
      | coverage  | spawn      |
      | coverage  | forkserver |
      | slipcover | fork       |
      | slipcover | spawn      |
      | slipcover | forkserver |

  Scenario Outline: a program sees nothing of the engine in its interpreter
    When I run `python look.py one two` with and without the engine <engine>
    Then both did the same
    And the status is 1

    Examples:
      | engine    |
      | coverage  |
      | slipcover |

  Scenario Outline: a program's modules that are called as those of the tools are its own
    When I run `python shadow/main.py` with and without the engine <engine>
    Then both did the same
    And the status is 0
    And the engine has saved exactly the marked lines of "shadow/main.py, shadow/random.py, shadow/coverage.py, shadow/slipcover.py"

    Examples:
      | engine    |
      | coverage  |
      | slipcover |

  Scenario Outline: a child in another folder, without an environment, has the run's configuration
    Given the file ".coveragerc"
      """
      [run]
      source = far
      omit = far/start.py
      """
    When I run `python far/start.py <options>` with and without the engine <engine>
    Then both did the same
    And the engine has saved exactly the marked lines of "far/child.py"
    And the ledger names 1 "data"

    Examples:
      | engine    | options |
      | coverage  |         |
      | slipcover |         |
      | coverage  | -I -S   |
      | slipcover | -I -S   |

  Scenario Outline: branches are recorded where the configuration asks for them
    Given the file ".coveragerc"
      """
      [run]
      branch = true
      """
    And the file "branchy.py"
      """
      for number in (1, 2):
          if number == 1:
              print("one")
      """
    When I run `python <start>` with and without the engine <engine>
    Then both did the same
    And the engine has saved the branches "2>3" of "branchy.py"

    Examples:
      | engine    | start                |
      | coverage  | branchy.py           |
      | slipcover | branchy.py           |
      | coverage  | -c 'import branchy'  |
      | slipcover | -c 'import branchy'  |
      | coverage  | -m branchy           |
      | slipcover | -m branchy           |

  Scenario: coverage.py's contexts are those of its configuration and of the variable
    Given the file ".coveragerc"
      """
      [run]
      dynamic_context = test_function
      """
    And the file "tests.py"
      """
      def test_one():
          return 1
      test_one()
      """
    When I run `COVFORK_CONTEXT=unit python tests.py` with the engine coverage
    Then the contexts are "unit, unit|__main__.test_one"

  Scenario: what coverage.py's own configuration does for children is left to covfork
    Given the file ".coveragerc"
      """
      [run]
      data_file = elsewhere.coverage
      parallel = true
      sigterm = true
      concurrency = thread, multiprocessing
      patch = subprocess, _exit, execv, fork
      debug = trace
      """
    When I run `python pools.py fork` with and without the engine coverage
    Then both did the same
    And the engine has saved exactly the marked lines of "pools.py"
    And the engine left files in its session's folder alone
    When I run `ls`
    Then the standard output has no "elsewhere.coverage"

  Scenario: where COVERAGE_PROCESS_START is set too, a program is measured once, by the engine
    When I run `COVERAGE_PROCESS_START=/dev/null COVERAGE_FILE=$TMPDIR/own python small.py` with the engine coverage
    Then the status is 0
    And the standard error is empty
    And the engine has saved exactly the marked lines of "small.py"
    When I run `ls $TMPDIR/own`
    Then the status is 2

  Scenario Outline: a program that runs a tool itself has that tool's results
    When I run `<command>` with the engine <engine>
    Then the status is 0
    And the standard error is empty
    And the engine has saved exactly the marked lines of "small.py"
    When I run `<reader>`
    Then the standard output has "[1, 3, 7, 8, 11, 12]"

    Examples:
      | engine    | command                                                     | reader |
      | coverage  | python -m coverage run small.py && python -m coverage json -q | python -c 'import json; print(json.load(open("coverage.json"))["files"]["small.py"]["executed_lines"])' |
      | slipcover | python -m coverage run small.py && python -m coverage json -q | python -c 'import json; print(json.load(open("coverage.json"))["files"]["small.py"]["executed_lines"])' |
      | coverage  | python -m slipcover --json --out s.json small.py            | python -c 'import json; print(json.load(open("s.json"))["files"]["small.py"]["executed_lines"])' |
      | slipcover | python -m slipcover --json --out s.json small.py            | python -c 'import json; print(json.load(open("s.json"))["files"]["small.py"]["executed_lines"])' |

  Scenario Outline: an interpreter without the tool goes on, and is named where it ran measured code
    Given I have run `python -m venv --without-pip bare`
    When I run `bare/bin/python <program>` with and without the engine <engine>
    Then both did the same
    And the status is 0
    And the ledger names 0 "engine"
    And the ledger's only loss is "<tool> is not installed for"

    Examples:
      | engine    | program  | tool        |
      | coverage  | small.py | coverage.py |
      | slipcover | small.py | slipcover   |

  Scenario Outline: an interpreter without the tool that runs no measured code has lost nothing
    Given I have run `python -m venv --without-pip bare`
    When I run `bare/bin/python -c pass` with the engine <engine>
    Then the status is 0
    And the ledger names 0 "lost"

    Examples:
      | engine    |
      | coverage  |
      | slipcover |

  Scenario Outline: a process that may write no file leaves its lines where the native engine does
    When I run `sh -c 'ulimit -f 1; exec python small.py'` with the engine <engine>
    Then the status is 0
    And the standard error is empty
    And the ledger names 0 "lost"

    Examples:
      | engine    |
      | coverage  |
      | slipcover |

  Scenario: the wrapper takes the engine by its option
    When I run `covfork run -q --engine=coverage -- python small.py`
    Then the status is 0
    And the engine has saved exactly the marked lines of "small.py"
    When I run `covfork run -q --engine=slipcover -- python small.py`
    Then the status is 0
    And the engine has saved exactly the marked lines of "small.py"

  Scenario Outline: an interpreter older than sys.monitoring is recorded as well
    Given there is an environment of Python 3.11 with both tools
    When I run `$OLDER <program>` with and without the engine <engine>
    Then both did the same
    And the engine has saved exactly the marked lines of <files>
    And the ledger names 0 "lost"

    Examples:
      | engine    | program          | files                                      |
      | coverage  | small.py a       | "small.py"                                 |
      | slipcover | small.py a       | "small.py"                                 |
      | coverage  | -m package       | "package/__main__.py, package/__init__.py" |
      | slipcover | -m package       | "package/__main__.py, package/__init__.py" |
      | coverage  | pools.py spawn   | "pools.py"                                 |
      | slipcover | pools.py spawn   | "pools.py"                                 |
      | coverage  | forks.py         | "forks.py"                                 |
      | slipcover | forks.py         | "forks.py"                                 |

  Scenario Outline: an interpreter older than sys.monitoring saves however it ends
    Given there is an environment of Python 3.11 with both tools
    When I run `$OLDER ends.py <way>` with and without the engine <engine>
    Then both did the same
    And the engine has saved the marked lines of "ends.py"

    Examples:
      | engine    | way                 |
      | coverage  | exit                |
      | slipcover | exit                |
      | coverage  | error               |
      | slipcover | exit_now            |
      | coverage  | signal              |
      | slipcover | signal              |
      | coverage  | signal_in_loop      |
      | slipcover | signal_in_loop      |
