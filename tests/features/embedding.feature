Feature: programs that have Python in them as a library
  However the library comes into the process, whenever, and how often it is initialised.

  Background:
    Given the target "embedding"
    And the program "cc" is installed

  Scenario Outline: a library of Python that the program loads
    When a host with each Python from 3.8 on runs `$HOST/host <how> <library> life 'run:import app' end`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "app.py"
    And each run's report is complete

    Examples:
      | how       | library            |
      | global    | $LIBRARY_OF_PYTHON |
      | local     | $LIBRARY_OF_PYTHON |
      | deepbind  | $LIBRARY_OF_PYTHON |
      | namespace | $LIBRARY_OF_PYTHON |
      | global    | $HOST/plugin.so    |
      | local     | $HOST/plugin.so    |
      | deepbind  | $HOST/plugin.so    |
      | namespace | $HOST/plugin.so    |

  Scenario Outline: Python in the constructor of a library
    When a host with each Python from 3.8 on runs `RUNS='import app' <command>`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "app.py"

    Examples:
      | what                                      | command                          |
      | that the program loads                    | $HOST/host local $HOST/starts.so |
      | that loads Python from its own RUNPATH    | $HOST/host local $HOST/loads.so  |
      | that runs before our constructor          | $HOST/early                      |

  Scenario Outline: Python is initialised several times in one process
    When a host with each Python from 3.8 on runs `$HOST/<host> life 'run:import app' end life 'run:import second' end life end life 'run:import threads' end`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "app.py", "second.py", "threads.py"
    And each run's report is complete

    Examples:
      | host                              |
      | linked linked -                   |
      | host global $LIBRARY_OF_PYTHON    |
      | host deepbind $LIBRARY_OF_PYTHON  |
      | host namespace $HOST/plugin.so    |

  Scenario Outline: code that a program in C has run
    When a host with each Python from 3.8 on runs `$PYTHON -I -c 'import py_compile; py_compile.compile("app.py", "app.pyc")'; $HOST/linked linked - life <what>:<file> end`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "app.py"
    And each run's report is complete

    Examples:
      | what   | file                              |
      | run    | 'import app'                      |
      | string | 'import app'                      |
      | file   | app.py                            |
      | module | app.py                            |
      | code   | app.py                            |
      | frozen | app.pyc                           |

  Scenario Outline: code that is run by way of ctypes
    When each Python from 3.8 on runs `$PYTHON -I -c 'import py_compile; py_compile.compile("app.py", "app.pyc")'; $PYTHON -c "$(cat <how>.txt)"`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "app.py"
    And each run's report is complete

    Examples:
      | how        |
      | by_module  |
      | by_compile |
      | by_marshal |

  Scenario: children and threads of a Python whose calls go to libc itself
    When a host with each Python from 3.8 on runs `$HOST/host deepbind $LIBRARY_OF_PYTHON life 'run:import threads' 'run:import starter' end`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "threads.py", "starter.py", "second.py"

  Scenario: a second Python in one process is named
    When a host with each Python from 3.8 on runs `$HOST/host namespace $LIBRARY_OF_PYTHON life 'run:import app' end load:namespace life 'run:import second' end`
    Then each succeeded
    And each run looks as it does without covfork
    And each run's ledger names the loss "a second Python in one process is not recorded"
    And no run's report is complete

  Scenario: threads that C starts, in each of their lives
    When a host with each Python from 3.8 on runs `$HOST/linked linked - life 'run:import app' end life 'run:import called' call:called end`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "app.py", "called.py"

  Scenario: doctor looks at a program that has Python in it without running it
    When a host with each Python from 3.8 on runs `covfork doctor -- $HOST/linked | grep -F "has CPython $(basename "$LIBRARY_OF_PYTHON" | sed 's/libpython//; s/[.]so.*//') in it: recorded by" && covfork doctor -- $HOST/host | grep -F "if it loads a Python, that is recorded"`
    Then each succeeded

  Scenario Outline: real programs
    Given the program "<needed>" is installed
    When the real program <name> is recorded
    Then the status is 0

    Examples:
      | name     | needed     |
      | bwrap    | bwrap      |
      | uwsgi    | uwsgi-core |
      | mod_wsgi | apache2    |
