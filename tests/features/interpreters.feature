Feature: interpreters
  Every Python from 3.8 on records from its first measured line, however it is started; older ones,
  PyPy and all other programs run on untouched.

  Scenario Outline: each way to start a Python
    Given the target "interpreters"
    When each Python from 3.8 on runs `<command>`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of <files>

    Examples: what runs
      | command                                | files                                       |
      | $PYTHON script.py                      | "script.py"                                 |
      | $PYTHON -m script                      | "script.py"                                 |
      | $PYTHON -m package                     | "package/__init__.py", "package/__main__.py" |
      | $PYTHON -c 'import script'             | "script.py"                                 |
      | echo 'import script' \| $PYTHON        | "script.py"                                 |
      | echo 'import script' \| $PYTHON - x    | "script.py"                                 |

    Examples: options
      | command                                | files                                       |
      | $PYTHON -I script.py                   | "script.py"                                 |
      | $PYTHON -S script.py                   | "script.py"                                 |
      | $PYTHON -E script.py                   | "script.py"                                 |
      | $PYTHON -I -S -E script.py             | "script.py"                                 |
      | $PYTHON -X dev script.py               | "script.py"                                 |
      | $PYTHON -O script.py                   | "script.py"                                 |
      | $PYTHON -B -u script.py                | "script.py"                                 |
      | $PYTHON -I -c 'import sys; sys.path.insert(0, "."); import script' | "script.py"     |

    Examples: threads and generators
      | command                                | files                                       |
      | $PYTHON threads.py                     | "threads.py"                                |
      | $PYTHON low_level_threads.py           | "low_level_threads.py"                      |
      | $PYTHON generators.py                  | "generators.py"                             |
      | $PYTHON long_bodies.py                 | "long_bodies.py"                            |
      | $PYTHON jumps_within_lines.py          | "jumps_within_lines.py"                     |
      | $PYTHON superinstructions.py           | "superinstructions.py"                      |
      | $PYTHON exits.py                       | "exits.py"                                  |
      | $PYTHON audit_hook.py                  | "audit_hook.py"                             |

    Examples: processes and interpreters
      | command                                | files                                       |
      | $PYTHON forked.py                      | "forked.py"                                 |
      | $PYTHON processes.py fork              | "processes.py"                              |
      | $PYTHON processes.py spawn             | "processes.py"                              |
      | $PYTHON processes.py forkserver        | "processes.py"                              |
      | $PYTHON subinterpreter.py              | "subinterpreter.py", "within.py"            |

  Scenario: a Python that runs no measured line leaves no data file
    When each Python from 3.8 on runs `$PYTHON -c 'import json; print(json.dumps(1))'`
    Then each succeeded
    And each run looks as it does without covfork
    And each run's ledger names the interpreter
    And no run left a data file

  Scenario Outline: LeakSanitizer finds nothing of covfork's, and no more of Python's
    Given the program "gcc" is installed
    And the target "interpreters"
    When each Python from 3.8 on runs
      """
      export COVFORK_BRANCH=<branch> PYTHONMALLOC=<allocator> ASAN_OPTIONS=symbolize=0:exitcode=0
      sanitizer=$(realpath "$(gcc -print-file-name=libasan.so)") library=${LD_PRELOAD-}
      unset LD_PRELOAD
      leaked() {
          LD_PRELOAD="$sanitizer $1" $PYTHON reloads.py sanitized 2> report > output
          tail -n 1 output >&2
          grep libcovfork report >&2
          awk '/SUMMARY/ { bytes += $3 } END { print bytes + 0 }' report
      }
      without=$(leaked "") with=$(leaked "$library")
      [ "$with" -le "$without" ] || echo "$with bytes instead of $without"
      """
    Then each succeeded
    And each printed the errors "True", "True"
    And each run looks as it does without covfork
    And each run's ledger names the interpreter

    Examples:
      | branch | allocator |
      | 0      | default   |
      | 1      | default   |
      | 1      | malloc    |

  Scenario: a Python that fails does so as without covfork
    Given the target "interpreters"
    When each Python from 3.8 on runs `$PYTHON script.py fail; $PYTHON -c 'import script; script.missing'; $PYTHON nowhere.py`
    Then each run looks as it does without covfork

  Scenario: Pythons before 3.8 and PyPy run untouched
    Given the target "interpreters"
    When each older Python and PyPy runs `$PYTHON -c 'import script; print(script.LIMIT)'; $PYTHON script.py fail`
    Then each run looks as it does without covfork
    And each run's ledger names the interpreter
    And no run left a data file

  Scenario Outline: other programs run untouched
    Given the program "<program>" is installed
    When the program runs as `<command>`
    Then each succeeded
    And each run looks as it does without covfork
    And the ledger names the program <program>
    And no run left a data file

    Examples:
      | program | command                                                        |
      | perl    | bash -c 'perl -e "print 6 * 7"; :'                             |
      | bash    | sh -c 'bash -c "echo $((6 * 7)) >&2"; :'                       |
      | git     | bash -c 'git init -q . && git status --short; :'               |
      | tclsh   | sh -c 'echo "puts [expr 6 * 7]" \| tclsh; :'                   |
      | node    | bash -c 'node -e "console.log(6 * 7)"; :'                      |
      | java    | bash -c 'java -version; :'                                     |
      | ruby    | bash -c 'ruby -e "puts 6 * 7"; :'                              |
