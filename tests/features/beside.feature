Feature: beside other tools
  A program may have tools of its own: sys.monitoring's, trace functions, profilers, a debugger, coverage.py.
  Whenever they come, no line and no way that was executed is lost, and they are told what they would be
  without covfork.

  Background:
    Given the target "beside"

  Scenario Outline: a tool of sys.monitoring, before all code or in the middle of it
    When each Python from 3.12 on runs `$PYTHON tool.py "<events>" "<place>"`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded at least the marked lines of "work.py"

    Examples: events that are disabled, everywhere or in some functions
      | events                                | place          |
      | PY_START LINE                         | first          |
      | PY_START LINE                         | in the body    |
      | LINE                                  | in a function  |
      | LINE                                  | in a generator |
      | local LINE                            | in the body    |
      | local LINE                            | in a generator |
      | coverage                              | first          |
      | coverage                              | in a function  |
      | INSTRUCTION                           | first          |
      | INSTRUCTION                           | in the body    |
      | local INSTRUCTION                     | in a function  |
      | PY_START PY_RETURN LINE INSTRUCTION   | in the body    |
      | PY_START PY_RETURN LINE INSTRUCTION   | in a generator |

    Examples: events that come each time
      | events                                | place          |
      | PY_START LINE kept                    | in the body    |
      | LINE INSTRUCTION kept                 | in a function  |
      | INSTRUCTION kept                      | first          |

  Scenario Outline: a tool of sys.monitoring, and ways too
    When each Python from 3.12 on runs `COVFORK_BRANCH=1 $PYTHON tool.py "<events>" "<place>"`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded at least the marked lines of "work.py"

    Examples:
      | events                                | place          |
      | PY_START LINE                         | first          |
      | PY_START LINE                         | in the body    |
      | local LINE                            | in a function  |
      | coverage                              | in a generator |
      | INSTRUCTION                           | in the body    |
      | PY_START PY_RETURN LINE INSTRUCTION   | in the body    |

  Scenario Outline: a trace function or a profiler, before all code or in the middle of it
    When each Python from 3.12 on runs `COVFORK_BRANCH=<branch> $PYTHON tool.py "<kind>" "<place>"`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded at least the marked lines of "work.py"

    Examples: lines, instructions, and instructions of frames that are there before the function
      | kind          | place          | branch |
      | trace         | in the body    | 0      |
      | trace opcodes | first          | 0      |
      | trace opcodes | in a function  | 1      |
      | trace frames  | in the body    | 0      |
      | trace frames  | in a function  | 0      |
      | trace frames  | in a generator | 0      |
      | trace frames  | in a generator | 1      |
      | profile       | in a function  | 0      |

  Scenario Outline: another tool takes no way away
    Given the target "arcs"
    When each Python from 3.12 on runs `COVFORK_BRANCH=1 $PYTHON tool.py "<kind>" first plain`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked ways of "plain.py"

    Examples:
      | kind                      |
      | PY_START LINE             |
      | coverage                  |
      | INSTRUCTION               |
      | PY_START LINE INSTRUCTION |
      | trace opcodes             |

  Scenario Outline: a debugger stops where it does without covfork
    When each Python from 3.12 on runs `COVFORK_BRANCH=<branch> COMMANDS="<commands>" $PYTHON debugged.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "debugged.py"

    Examples: each line, each step, until the line is greater, until the function returns
      | commands                                            | branch |
      | next next next next next next next next continue    | 0      |
      | step step step step step step step step step step step step step step step step step step | 0 |
      | step step step step step step step step step step step step step step step step step step | 1 |
      | next return next next step step until until return next | 0  |
      | continue continue step step return step up next     | 0      |
      | until until until step step step continue           | 1      |

  Scenario Outline: a program below pdb
    When each Python from 3.12 on runs `printf '<commands> continue continue continue quit' | tr ' ' '\n' | $PYTHON -m pdb debugged.py`
    Then each run looks as it does without covfork
    And each run recorded exactly the marked lines of "debugged.py"

    Examples:
      | commands                                               |
      | next next next next next continue step step return next continue continue continue |
      | continue step step step until until next return continue continue continue          |
      | step step until return next continue continue continue continue                       |

  Scenario Outline: coverage.py in the program takes no line away
    When I run `covfork run -q -- python peer.py <core> <measured> "<place>"`
    Then the status is 0
    And at least the marked lines are recorded of "work.py"

    Examples:
      | core   | measured | place          |
      | sysmon | lines    | first          |
      | sysmon | lines    | in the body    |
      | sysmon | lines    | in a function  |
      | ctrace | branches | in a generator |
      | ctrace | lines    | first          |

  Scenario Outline: slipcover as the program takes no line away
    Given the file "main.py"
      """
      import sys, types
      sys.modules["tool"] = types.SimpleNamespace(come=print)
      import work
      """
    When I run `covfork run -q <branch> -- python -m slipcover --json --out slip.json main.py`
    Then the status is 0
    And at least the marked lines are recorded of "work.py"

    Examples:
      | branch   |
      | --source=. |
      | --branch |
