Feature: the wrapper, covfork run
  It sets the environment, runs the command, passes its status on and says in one line what was
  recorded.

  Background:
    Given the target "children/small.py"

  Scenario Outline: the command's status is passed on
    When I run `covfork run -q -- python small.py <ending>`
    Then the status is <status>
    And the standard output is "sum 6"
    And the standard error is empty
    And exactly the marked lines are recorded of "small.py"

    Examples:
      | ending  | status |
      | 0       | 0      |
      | 3       | 3      |
      | SIGTERM | 143    |
      | SIGKILL | 137    |

  Scenario: standard input reaches the command
    When I run `printf 'one\ntwo\n' | covfork run -q -- python -c 'import sys; print(sys.stdin.read().split())'`
    Then the status is 0
    And the standard output is "['one', 'two']"

  Scenario: a closing line on standard error counts what was recorded
    When I run `covfork run -- sh -c 'python small.py; python -c pass'`
    Then the status is 0
    And the standard output is "sum 6"
    And the standard error is one line like "covfork: * processes, 2 interpreters, 1 with data (1 ran no measured line), nothing lost"

  Scenario: a closing line says so when no interpreter ran
    When I run `covfork run -- sh -c ':'`
    Then the status is 0
    And the standard error is one line like "covfork: 1 process, no Python interpreter, nothing lost"

  Scenario: with -q there is no closing line
    When I run `covfork run -q -- python small.py`
    Then the standard output is "sum 6"
    And the standard error is empty

  Scenario: a run starts afresh
    Given I have run `covfork run -q -- python small.py`
    And the file "other.py"
      """
      print("other")  # ran
      """
    When I run `covfork run -q -- python other.py`
    Then the status is 0
    And the report has the files "other.py" and no others

  Scenario: a run with --append adds to what is there
    Given I have run `covfork run -q -- python small.py`
    And the file "other.py"
      """
      print("other")  # ran
      """
    When I run `covfork run -q --append -- python other.py`
    Then the status is 0
    And the report has the files "other.py", "small.py" and no others
    And exactly the marked lines are recorded of "small.py", "other.py"

  Scenario: a run inside a run adds to it and erases nothing
    When I run `covfork run -q -- sh -c 'python small.py; covfork run -q -- python -c pass'`
    Then the status is 0
    And the standard output is "sum 6"
    And exactly the marked lines are recorded of "small.py"

  Scenario: what the options say holds instead of the variables
    Given the file "other.py"
      """
      print("other")  # ran
      """
    And I have run `COVFORK_DIR=wrong COVFORK_OMIT=small.py covfork run -q --data-dir=right --omit other.py -- sh -c 'python small.py; python other.py'`
    When I run `covfork report --data-dir=right`
    Then the status is 0
    And the standard output has "small.py"
    And the standard output has no "other.py"
    And there is no file "wrong"

  Scenario: with --branch branches are recorded, whatever the configuration says
    Given the file ".coveragerc"
      """
      [run]
      branch = false
      """
    And I have run `covfork run -q --branch -- python small.py`
    When I run `covfork report`
    Then the status is 0
    And the standard output has "BrPart"

  Scenario: SIGTERM to the wrapper reaches the command
    When I run `covfork run -q -- python -c 'import sys, time; print("ready", flush=True); time.sleep(60)'` and send SIGTERM once it says "ready"
    Then the status is 143

  Scenario: an interrupt from the terminal ends the command and the wrapper passes its status on
    Given the file "patient.py"
      """
      import time
      try:
          print("ready", flush=True)
          time.sleep(60)
      except KeyboardInterrupt:
          print("interrupted", flush=True)
          raise SystemExit(5)
      """
    When I run `covfork run -- python patient.py` and send SIGINT to the group once it says "ready"
    Then the status is 5
    And the standard output has "interrupted"
    And the standard error is one line like "covfork: * 1 with data, nothing lost"

  Scenario: the command finds what it would find without the wrapper
    Environment, signals, descriptors, limits, arguments and status, from a caller of the oddest kind.
    Given the target "wrapper"
    And I have run `gcc -w -o caller caller.c && gcc -w -o probe probe.c && echo 'echo noise' > noise`
    And I have run `./caller ./probe a "b c" > bare; test $? = 7`
    When I run `./caller covfork run -q -- ./probe a "b c" > wrapped; echo $?; cmp bare wrapped`
    Then the status is 0
    And the standard output is "7"
    And the standard error is empty

  Scenario: the command gets each signal as often as it was sent, to the wrapper or to the group
    Given the target "wrapper"
    And I have run `gcc -w -o count_signals count_signals.c && python send.py ./count_signals > bare`
    When I run `python send.py covfork run -q -- ./count_signals > wrapped; diff bare wrapped; grep TERM wrapped`
    Then the status is 0
    And the standard output is "TERM 3"

  Scenario: the command stops, reads, continues and is interrupted at a terminal as without the wrapper
    Given the target "wrapper"
    And I have run `python terminal.py python job.py > bare`
    When I run `python terminal.py covfork run -q -- python job.py > wrapped; diff bare wrapped; tail -1 wrapped`
    Then the status is 0
    And the standard output is "Ctrl-C status 5"

  Scenario: a group that is ended twice, as by timeout and by servers, has the command's status
    When I run
      """
      for i in 1 2 3 4 5; do
          setsid -w covfork run -q -- bash -c 'sleep 0.1; kill -TERM 0; kill -TERM 0; sleep 5'
          echo $?
      done | sort -u
      """
    Then the standard output is "143"
    And the standard error is empty

  Scenario: a command ends with its wrapper, however that ends
    When I run
      """
      covfork run -q -- sh -c 'echo $$ > pid; exec sleep 60' &
      until [ -s pid ]; do sleep 0.05; done
      kill -KILL $!
      for i in $(seq 100); do kill -0 "$(cat pid)" 2> /dev/null || break; sleep 0.05; done
      kill -0 "$(cat pid)" 2> /dev/null || echo ended
      """
    Then the standard output is "ended"

  Scenario: a pipe that the command closes is closed
    When I run `timeout 20 covfork run -- sh -c 'exec >&-; until [ -e go ]; do sleep 0.05; done' | { cat; touch go; echo closed; }`
    Then the status is 0
    And the standard output is "closed"

  Scenario: what the environment has for shells is the command's
    Given the file "noise"
      """
      echo noise
      """
    When I run `mkdir() { echo changed; }; printf() { echo changed; }; export -f mkdir printf; BASH_ENV=$PWD/noise CDPATH=/ covfork run -q -- true; BASH_ENV=$PWD/noise covfork run -q -- bash -c 'mkdir x'`
    Then the status is 0
    And the standard output is
      """
      noise
      changed
      """
    And the standard error is empty

  Scenario: a script without an interpreter's line is run by a shell
    Given the file "plain"
      """
      echo "$1 $#"
      exit 9
      """
    When I run `chmod +x plain; covfork run -q -- ./plain "a b" c`
    Then the status is 9
    And the standard output is "a b 2"

  Scenario Outline: a command that can't be executed is named, with a shell's status
    When I run `printf '#!<interpreter>\n' > broken; chmod +x broken; covfork run -q -- ./broken`
    Then the status is <status>
    And the standard output is empty
    And the standard error is one line like "covfork: ./broken: <text>"

    Examples:
      | interpreter | status | text                      |
      | /no/such    | 127    | No such file or directory |
      | /etc/passwd | 126    | Permission denied         |

  Scenario: it can be called by a link from another folder
    Given I have run `mkdir bin && ln -s "$(command -v covfork)" bin/cf`
    When I run `bin/cf run -q -- python small.py`
    Then the status is 0
    And exactly the marked lines are recorded of "small.py"

  Scenario: covfork run --help
    When I run `covfork run --help`
    Then the status is 0
    And the standard output has "usage: covfork run [options] -- COMMAND [ARG ...]"
    And the standard error is empty

  Scenario Outline: bad input is answered with one line and the right status
    Given the file "plain"
      """
      not a program
      """
    When I run `<command>`
    Then the status is <status>
    And the standard output is empty
    And the standard error is one line like "<line>"

    Examples: options
      | command                                     | status | line                                              |
      | covfork run                                 | 1      | covfork: run: no command given*                   |
      | covfork run --                              | 1      | covfork: run: no command given*                   |
      | covfork run --wrong -- true                 | 1      | covfork: run: unknown option '--wrong'*           |
      | covfork run --data-dir                      | 1      | covfork: run: option --data-dir needs a value     |
      | covfork run --engine=turbo -- true          | 1      | covfork: *unknown engine 'turbo'*                 |
      | COVFORK_ENGINE=turbo covfork run -- true    | 1      | covfork: COVFORK_ENGINE: unknown engine 'turbo'*  |

    Examples: folders
      | command                                     | status | line                                              |
      | covfork run --data-dir plain -- true        | 1      | covfork: plain: the data folder can't be made     |
      | covfork run --data-dir plain/data -- true   | 1      | covfork: plain/data: the data folder can't be made |
      | COVFORK_DIR=plain/data covfork run -- true  | 1      | covfork: plain/data: the data folder can't be made |

    Examples: parts and commands
      | command                                     | status | line                                              |
      | COVFORK_LIBRARY=nowhere.so covfork run true | 1      | covfork: COVFORK_LIBRARY: nowhere.so: no such file |
      | covfork run -- no-such-command              | 127    | covfork: no-such-command: *not found*             |
      | covfork run -- ./no-such-command            | 127    | covfork: ./no-such-command: no such file          |
      | covfork run -- ./plain                      | 126    | covfork: ./plain: can't be executed               |
      | covfork run -- .                            | 127    | covfork: .: *not found*                           |
      | covfork run -- ./.                          | 126    | covfork: ./.: can't be executed                   |

  Scenario: a data folder that can't be written is named
    A regular user is needed for that: root may write everywhere.
    Given the program "setpriv" is installed
    When I run `chmod 755 "$TMPDIR" . && mkdir -m 555 locked && setpriv --reuid=65534 --regid=65534 --clear-groups "$(command -v covfork)" run --data-dir locked -- true`
    Then the status is 1
    And the standard error is one line like "covfork: locked: the data folder is not writable"

  Scenario: without the library beside it the wrapper says so
    Given I have run `mkdir alone && cp "$(command -v covfork)" alone/`
    When I run `alone/covfork run -- true`
    Then the status is 1
    And the standard error is one line like "covfork: libcovfork.so not found beside */alone: *"
