Feature: covfork doctor
  It says in a line a finding what would be lost and what to do.

  Scenario: where all is well the status is 0
    When I run `covfork doctor -- python -c pass`
    Then the status is 0
    And the standard output has "ok       the library is "
    And the standard output has ", and loads"
    And the standard output has "ok       the data folder .covfork can be written and mapped"
    And the standard output has "is CPython 3."
    And the standard output has no "problem"
    And the standard error is empty

  Scenario: it leaves nothing behind
    When I run `covfork doctor && ls -A`
    Then the status is 0
    And there is no file ".covfork"

  Scenario: a script is followed to its interpreter
    When I run `covfork doctor -- nox`
    Then the status is 0
    And the standard output has "nox (a script of "

  Scenario Outline: a problem makes the status 1
    Given the file "plain"
      """
      a file
      """
    When I run `<variable> covfork doctor`
    Then the status is 1
    And the standard output has "problem  <text>"

    Examples:
      | variable                         | text                                       |
      | COVFORK_ENGINE=turbo             | COVFORK_ENGINE is 'turbo'                  |
      | COVFORK_DIR=plain                | the data folder plain can't be             |
      | COVFORK_DIR=/proc/data           | files in the data folder /proc/data        |
      | COVFORK_LIBRARY=nowhere.so       | COVFORK_LIBRARY names nowhere.so           |
      | COVFORK_LIBRARY=plain            |                                            |

  Scenario Outline: what is odd but harmless is a warning
    When I run `<variable> covfork doctor 2>/dev/null`
    Then the status is 0
    And the standard output has "warning  <text>"

    Examples:
      | variable                           | text                                      |
      | COVFORK_ENGINE=off                 | COVFORK_ENGINE is off                     |
      | COVFORK_SORCE=x                    | COVFORK_SORCE is no variable of covfork   |
      | COVFORK_SOURCE=./nowhere           | COVFORK_SOURCE names ./nowhere            |
      | LD_PRELOAD=/nowhere/lib.so         | LD_PRELOAD names /nowhere/lib.so          |

  Scenario: a static command is named
    Given the target "children"
    And the C program "pass_on.c", made with `gcc -static -o pass_on pass_on.c`
    When I run `covfork doctor -- ./pass_on`
    Then the standard output has "warning  ./pass_on is linked statically"

  Scenario: a command of another class is named
    Given the target "children"
    And the C program "pass_on.c", made with `gcc -m32 -o pass_on pass_on.c`
    When I run `covfork doctor -- ./pass_on`
    Then the standard output has "warning  ./pass_on is for i386, 32 bit"

  Scenario: a command that is not there is a problem
    When I run `covfork doctor -- no-such-command -x`
    Then the status is 1
    And the standard output has "problem  the command can't be run: no-such-command: not found in PATH"
