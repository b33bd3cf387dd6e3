Feature: the census of a run
  Each Python that was started has left data, ran no measured line, ended before its first line, or is
  lost and named with its command; wherever it ran, and whatever the order in which it is told of.

  Background:
    Given the target "census"

  Scenario: what was ended before its first line is no loss
    When I run `covfork run -- python early.py`
    Then the standard error is one line like "covfork: *, nothing lost, 3 ended before their first line"
    When I run `covfork report --require-complete`
    Then the status is 0
    And the standard output has no "Incomplete"
    When I run `covfork tree`
    Then the standard output has "python child.py now  (ended before its first line)"
    When I run `covfork tree --json`
    Then the standard output has ""ended": "before its first line""
    And the standard output has ""ended_early": 3"
    And the standard output has no ""lost": ""

  Scenario: a combined file knows what ended before its first line
    Given I have run `covfork run -q -- python early.py && covfork combine -q`
    When I run `covfork report --require-complete`
    Then the status is 0
    When I run `covfork tree`
    Then the standard output has "3 ended before their first line"

  Scenario: children that are ended as soon as they are started are no loss
    Given the file "main.py"
      """
      import os
      import signal
      import subprocess
      import sys

      for number in range(40):
          if number % 2:
              pid = os.posix_spawn(sys.executable, [sys.executable, "child.py"], os.environ)
          else:
              pid = subprocess.Popen([sys.executable, "child.py"], stdout=subprocess.DEVNULL).pid
          os.kill(pid, signal.SIGTERM if number % 3 else signal.SIGKILL)
          os.waitpid(pid, 0)
      """
    When I run `covfork run -q -- python main.py 2>/dev/null; covfork report --require-complete`
    Then the status is 0

  Scenario: a shell's children that are ended as soon as they are started are no loss
    When I run `covfork run -q -- sh -c 'python child.py; for i in 1 2 3 4 5 6 7 8; do python child.py & kill -9 $!; done; wait' 2>/dev/null >&2; covfork report --require-complete`
    Then the status is 0

  Scenario: an exec that fails is neither lost nor ended
    Given the file "main.py"
      """
      import os
      import subprocess
      import sys

      huge = ["x" * 100000] * 60
      for start in (subprocess.run, lambda command: os.execv(command[0], command)):
          try:
              start([sys.executable, *huge])
          except OSError as problem:
              print(problem.errno)
      """
    When I run `covfork run -- python main.py`
    Then the standard output is
      """
      7
      7
      """
    And the standard error is one line like "covfork: *, 1 with data, nothing lost"

  Scenario Outline: a Python whose library is gone is lost, with its command
    Given I have run `cp "$LIBRARY" library.so; printf '#!%s\nx = 1\n' "$(command -v python)" > tool; chmod +x tool`
    When I run `LD_PRELOAD=$PWD/library.so sh -c 'python child.py; <what>; <command>; :'; covfork report --require-complete`
    Then the status is 3
    And the last line of the standard output is like "Incomplete: 1 of 2 interpreters lost data: *<named> (see covfork tree)."

    Examples:
      | what                                          | command                                | named               |
      | rm library.so                                 | python child.py now                    | /python child.py now |
      | rm library.so                                 | ./tool                                 | tool                |
      | rm library.so                                 | python parent.py child.py              | /python parent.py child.py |
      | rm library.so; echo rubbish > library.so      | python child.py now 2>/dev/null        | /python child.py now |

  Scenario: a process that can't write to the ledger is named
    When I run `covfork run -q -- sh -c 'python child.py; ulimit -f 0; python child.py'; covfork report --require-complete`
    Then the status is 3
    And the standard output has "lines could not be written to the ledger"

  Scenario: what another program of another namespace with that number does is not the run's
    Given `unshare --pid --fork true` works here
    When I run `covfork run -q -- unshare --pid --fork python parent.py child.py child.py child.py && covfork report --require-complete`
    Then the status is 0
    And the standard error is empty
    And the report has the files "child.py", "parent.py" and no others
    When I run `covfork combine -q && ls -d .covfork/s-*`
    Then the status is 2

  Scenario: what is lost in another namespace is named
    Given `unshare --pid --fork true` works here
    When I run `covfork run -q --engine coverage -- unshare --pid --fork python parent.py killed.py killed.py killed.py; covfork report --require-complete`
    Then the status is 3
    And the standard output has "lost data: an interpreter ended before it could save: "
    And the standard output has "python killed.py (3x) (see covfork tree)."

  Scenario: a process of another namespace that still runs is named
    Given `unshare --pid --fork true` works here
    And I have run `covfork run -q -- sh -c 'python child.py; unshare --pid --fork sh -c "sleep 5; :" >/dev/null 2>&1 & sleep 0.5'`
    When I run `covfork report`
    Then the standard error is one line like "covfork: warning: process * still runs: what it does from now on is left out"

  Scenario: processes of a run in another namespace are shown below what started it
    Given `unshare --pid --fork true` works here
    When I run `covfork run -q -- unshare --pid --fork python parent.py child.py child.py; covfork tree`
    Then the standard output has "─ 1 python parent.py child.py child.py  (3."
    And the standard output has "   ├─ 2 python child.py  (3."

  Scenario: a Python in a sandbox that shows the data folder is recorded
    Given `bwrap --bind / / --dev /dev --unshare-pid --proc /proc true` works here
    When I run `covfork run -- bwrap --bind / / --dev /dev --unshare-pid --proc /proc python child.py`
    Then the status is 0
    And the standard output is "child 1"
    And the standard error is one line like "covfork: *, 1 interpreter, 1 with data, nothing lost"
    And exactly the marked lines are recorded of "child.py"

  Scenario Outline: a Python in a sandbox without the data folder is lost, with its command
    Given `bwrap --bind / / true` works here
    When I run `covfork run -- bwrap <sandbox> -- python <program>`
    Then the status is 0
    And the standard output is "child 1"
    And the standard error is one line like "covfork: *, 1 lost: an interpreter was started where the data folder is out of reach: */python *child.py (1x)"
    When I run `covfork run -q --append -- python parent.py && covfork report --require-complete`
    Then the status is 3

    Examples:
      | what        | sandbox                                                                              | program        |
      | can't write | --ro-bind / / --dev /dev                                                             | child.py       |
      | hidden      | --ro-bind / / --dev /dev --tmpfs $PWD --ro-bind child.py $PWD/child.py               | $PWD/child.py  |
      | all apart   | --unshare-all --ro-bind / / --dev /dev --proc /proc --tmpfs $PWD --ro-bind child.py $PWD/x/child.py | $PWD/x/child.py |

  Scenario: another program in such a sandbox is not followed, and that is said
    Given `bwrap --bind / / true` works here
    When I run `covfork run -- bwrap --ro-bind / / true`
    Then the standard error is one line like "covfork: *, nothing lost, 1 not followed: out of reach (1x)"

  Scenario: a folder that is mounted over later is out of reach, too
    Given `unshare -m mount -t tmpfs none /mnt` works here
    When I run `covfork run -- unshare -m sh -c 'python child.py; mount -t tmpfs none "$PWD"; python -c pass; :'`
    Then the status is 0
    And the standard error is one line like "covfork: *, 1 lost: an interpreter was started where the data folder is out of reach: */python -c pass (1x)"

  Scenario: code that another compiler made up is not measured
    When each Python from 3.13 on runs `$PYTHON made_up.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded at least the marked lines of "made_up.py"
