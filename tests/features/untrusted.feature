Feature: data of others
  What a data file names is never executed, nor what lies in the working folder: a report may be made of what an
  untrusted job left there. The interpreters that it needs are those in PATH, or the one that the user names.

  Background:
    Given the file "ran.py"
      """
      print(1)
      """
    And the file "never.py"
      """
      def never():
          return 2
      """
    And the file "pyproject.toml"
      """
      [tool.coverage.run]
      source = ["."]
      [tool.coverage.report]
      exclude_also = ["${NAME-x}"]
      """
    And the file "evil"
      """
      #!/bin/sh
      touch "${0%/*}/EXECUTED"
      exec /usr/bin/env -i PATH=/usr/bin:/bin python3 "$@"
      """
    And I have run `chmod +x evil; mkdir bin ../outside; ln -s "$(python -c 'import sys; print(sys.executable)')" bin/python3; ln -s "$PWD/bin/python3" ../outside/python3`

  Scenario Outline: the interpreter that a data file names is not executed
    Given I have run `covfork run -q -- $PWD/<program> ran.py`
    And I have run `rm -rf bin/python3 ../outside/python3; cp evil bin/python3; cp evil ../outside/python3; covfork <first> -q > out; rm -rf .covfork/cache`
    When I run `covfork <command>; ls bin ../outside`
    Then the status is 0
    And the standard output has "python3"
    And the standard output has no "EXECUTED"
    And there is no file "bin/EXECUTED"

    Examples:
      | program            | first   | command                        |
      | bin/python3        | combine | report                         |
      | ../outside/python3 | combine | json -o out.json               |
      | bin/python3        | json    | report                         |
      | bin/python3        | json    | xml -q                         |
      | bin/python3        | json    | html -q                        |
      | bin/python3        | json    | sqlite -q -o out.coverage      |

  Scenario Outline: what PATH has in the working folder is not executed
    Given I have run `covfork run -q -- python ran.py; git init -q . && git add ran.py never.py && git -c user.name=a -c user.email=a@b commit -qm a`
    And I have run `rm bin/python3; cp evil bin/python3; cp evil bin/python; cp evil bin/git; cp evil python3; cp evil git`
    When I run `PATH=<path>:$PATH covfork <command>`
    Then the status is <status>
    And there is no file "bin/EXECUTED"
    And there is no file "EXECUTED"

    Examples:
      | path     | command                  | status |
      | $PWD/bin | report                   | 0      |
      | bin      | report                   | 0      |
      | .        | report                   | 0      |
      | ""       | report                   | 0      |
      | $PWD/bin | report --diff=HEAD       | 0      |
      | .        | report --diff=HEAD       | 0      |
      | $PWD/bin | doctor                   | 0      |
      | .        | doctor                   | 0      |

  Scenario: without an interpreter that may be started the report says so in one line
    Given I have run `covfork run -q -- python ran.py`
    When I run `PATH=$PWD/bin "$(command -v covfork-collect)" report`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "covfork-collect: no Python 3.8 or newer can be run: there is none in PATH outside the working folder; name one with --python or COVFORK_PYTHON"

  Scenario Outline: the interpreter that the user names is taken, wherever it is
    Given I have run `covfork run -q -- python ran.py; rm bin/python3; cp evil bin/python3; cp evil evil3`
    When I run `<variable> covfork report <option>`
    Then the status is 0
    And the standard output has "never.py"
    And there is a file "<executed>"

    Examples:
      | variable                   | option               | executed     |
      | COVFORK_PYTHON=bin/python3 |                      | bin/EXECUTED |
      |                            | --python bin/python3 | bin/EXECUTED |
      | COVFORK_PYTHON=/no/such    | --python=./evil3     | EXECUTED     |

  Scenario: an interpreter that the user names and that can't be started is an error
    Given I have run `covfork run -q -- python ran.py`
    When I run `COVFORK_PYTHON=/no/such/python covfork report`
    Then the status is 1
    And the standard error is one line like "covfork: no Python 3.8 or newer can be run: can't start /no/such/python: No such file or directory"
