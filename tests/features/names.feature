Feature: the file that code is of
  It is the one that coverage.py takes it to be of, whatever name the code itself has.

  Background:
    Given the target "names"

  Scenario: code that is named from the folder that it was built in is no file of the project
    When each Python from 3.8 on runs `$PYTHON relative.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "relative.py"
    And each run recorded nothing of "pkg/mod.py, pkg/other.py"

  Scenario Outline: so it is with the other engines
    When I run `covfork run -q --engine <engine> -- python relative.py && covfork report`
    Then the status is 0
    And the standard error is empty
    And the standard output has "relative.py"
    And the standard output has no "pkg/"

    Examples:
      | engine    |
      | coverage  |
      | slipcover |

  Scenario: bytecode that was moved is of the file beside it
    When each Python from 3.8 on runs `$PYTHON moved.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "moved.py", "built/part.py"

  Scenario: a program that was packed is of its file here, and what was packed with it is not
    When each Python from 3.8 on runs `$PYTHON packed.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded exactly the marked lines of "packed.py", "packed_main.py"
    And each run recorded nothing of "json/decoder.py"

  Scenario: code that was made from other text leaves a file's statements as they are
    Given the file "page.py"
      """
      x = 1
      """
    And the file "made.py"
      """
      exec(compile("a = 1\nb = 2\nc = 3\n", "page.py", "exec"), {"__name__": "page"})  # ran
      """
    When each Python from 3.8 on runs `$PYTHON made.py`
    Then each run has 1 statement in "page.py"

  Scenario Outline: a script that is named like a source package is not part of it
    Given the file ".coveragerc"
      """
      [run]
      source_pkgs = tool
      """
    When each Python from 3.8 on runs `PYTHONPATH=lib $PYTHON <program>`
    Then each succeeded
    And each run recorded exactly the marked lines of <files>
    And each run recorded nothing of "bin/tool"

    Examples:
      | program  | files                                         |
      | bin/tool | "lib/tool/__init__.py"                        |
      | -m tool  | "lib/tool/__init__.py", "lib/tool/__main__.py" |

  Scenario: code of pyzmq's compiled modules stops no report
    Given the plugins' environment
    And I have run `mkdir ../alone && cp with_pyzmq.py ../alone`
    When I run `cd ../alone && covfork run -q -- python with_pyzmq.py && covfork report`
    Then the status is 0
    And the standard error is empty
    And the standard output has "with_pyzmq.py       6      0   100%"
