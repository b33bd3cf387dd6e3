Feature: children
  Whatever starts a Python, with whatever environment, and however it ends: what it executed is
  recorded, and the program and its children notice nothing.

  Background:
    Given the target "children"

  Scenario Outline: children of a Python that gives them an environment of its own
    When I run `LD_PRELOAD=$LIBRARY python parents.py '<kind>'`
    Then the status is 0
    And the standard output is "child 1 3"
    And the standard error is empty
    And exactly the marked lines are recorded of "child.py"

    Examples:
      | kind         |
      | empty        |
      | replaced     |
      | other folder |
      | session      |
      | shell        |
      | spawn        |
      | system       |
      | close all    |

  Scenario Outline: children by each call of libc, without an environment
    Given the C program "starter.c", made with `gcc -O1 -w -o starter starter.c`
    When I run `LD_PRELOAD=$LIBRARY ./starter <call> "$(command -v python)" child.py`
    Then the status is 0
    And the standard output is "child 1 3"
    And the standard error is empty
    And exactly the marked lines are recorded of "child.py"

    Examples:
      | call         |
      | execve       |
      | execve-null  |
      | execv        |
      | execvp       |
      | execvpe      |
      | execl        |
      | execlp       |
      | execle       |
      | fexecve      |
      | execveat     |
      | posix_spawn  |
      | posix_spawnp |
      | vfork        |
      | system       |
      | popen        |

  Scenario: a program is started from a signal handler, and takes little of its stack
    What is counted is the least alternate stack on which each way works.
    Given the C program "small_stack.c", made with `gcc -O1 -w -Wl,-z,now -o small_stack small_stack.c`
    And I have run `./small_stack > bare && LD_PRELOAD=$LIBRARY ./small_stack > recorded`
    When I run `paste bare recorded | awk '$4 - $2 > 1536 { print $1, "takes", $4 - $2, "bytes" } END { print NR, "ways" }'`
    Then the status is 0
    And the standard output is "6 ways"

  Scenario: env -i, nested
    When I run `LD_PRELOAD=$LIBRARY sh -c 'env -i env -i /bin/sh -c "exec env -i '$(command -v python)' child.py"'`
    Then the status is 0
    And the standard output is "child 1 3"
    And the standard error is empty
    And exactly the marked lines are recorded of "child.py"

  Scenario: libraries that somebody else preloads stay, and come first
    Given the C program "other_preload.c", made with `gcc -shared -fPIC -o other.so other_preload.c`
    And the file "show.py"
      """
      import os  # ran
      print(*[os.path.basename(name) for name in os.environ["LD_PRELOAD"].split(":")])  # ran
      print(os.getppid())  # ran
      """
    When I run `LD_PRELOAD=$LIBRARY python -c 'import subprocess, sys; subprocess.run([sys.executable, "show.py"], env={"LD_PRELOAD": "./other.so"})'`
    Then the standard output is
      """
      other.so libcovfork.so
      4711
      """
    And the standard error is empty
    And exactly the marked lines are recorded of "show.py"

  Scenario: children through a static parent that passes its environment on
    Given the C program "pass_on.c", made with `gcc -static -o pass_on pass_on.c`
    When I run `LD_PRELOAD=$LIBRARY sh -c './pass_on "$(command -v python)" child.py; :'`
    Then the status is 0
    And the standard output is
      """
      child 1 3
      passed on
      """
    And the standard error is empty
    And exactly the marked lines are recorded of "child.py"
    And the ledger says "refused" of a path that ends in "pass_on", because of "static"

  Scenario: children of a static busybox
    Given the program "busybox" is installed
    When I run `LD_PRELOAD=$LIBRARY sh -c 'busybox sh -c "python child.py"; :'`
    Then the status is 0
    And the standard output is "child 1 3"
    And the standard error is empty
    And exactly the marked lines are recorded of "child.py"

  Scenario: a target of another class runs with a clean error output, and so do its children
    Given the C program "pass_on.c", made with `gcc -m32 -o pass_on pass_on.c`
    When I run `LD_PRELOAD=$LIBRARY sh -c './pass_on /bin/echo works; ./pass_on; :'`
    Then the status is 0
    And the standard output is
      """
      works
      passed on
      passed on
      """
    And the standard error is empty
    And the ledger says "refused" of a path that ends in "pass_on", because of "class"

  Scenario: the folder and the library may be named relative to where the root starts
    Given I have run `cp "$LIBRARY" here.so`
    When I run `LD_PRELOAD=./here.so COVFORK_DIR=data python parents.py 'other folder'`
    Then the status is 0
    And the standard output is "child 1 3"
    And the standard error is empty
    And there is no file "/data"
    When I run `COVFORK_DIR=data covfork report`
    Then the standard output has "child.py"

  Scenario: a program that closes every descriptor
    When I run `LD_PRELOAD=$LIBRARY python closed.py`
    Then the status is 0
    And the standard output is empty
    And the standard error is empty
    And exactly the marked lines are recorded of "closed.py"
    When I run `cat found`
    Then the standard output has "0"

  Scenario: a program that is started without standard descriptors
    When I run `LD_PRELOAD=$LIBRARY python closed.py <&- >&- 2>&-`
    Then the status is 0
    And exactly the marked lines are recorded of "closed.py"

  Scenario Outline: nothing is lost by an end that comes at once
    When I run `LD_PRELOAD=$LIBRARY python ends.py '<end>'`
    Then the standard output has "ends 6"
    And the status is <status>
    And the standard error is empty
    And exactly the marked lines are recorded of "ends.py"

    Examples:
      | end               | status |
      | SIGKILL           | -9     |
      | SIGSEGV           | -11    |
      | abort             | -6     |
      | _exit             | 7      |
      | exec              | 0      |
      | exec with nothing | 0      |

  Scenario: forks of forks, each with lines of its own
    When I run `LD_PRELOAD=$LIBRARY python forks.py`
    Then the status is 0
    And the standard output is "child 3"
    And the standard error is empty
    And exactly the marked lines are recorded of "forks.py"

  Scenario: a child that outlives its parent
    When I run `LD_PRELOAD=$LIBRARY sh -c 'env -i sh -c "sleep 0.2; exec $(command -v python) child.py >late" & :'`
    Then the status is 0
    When I run `for i in $(seq 100); do grep -q child late && break; sleep 0.1; done; sleep 0.3`
    Then exactly the marked lines are recorded of "child.py"

  Scenario: errors of exec are those of libc
    Given the file "errors.py"
      """
      import errno, os
      for path, env in [("/nowhere", {}), ("/", {}), ("/etc/passwd", {}), ("/nowhere", os.environ)]:
          try:
              os.execve(path, ["x"], env)
          except OSError as error:
              print(errno.errorcode[error.errno])
      """
    When I run `LD_PRELOAD=$LIBRARY python errors.py`
    Then the standard output is
      """
      ENOENT
      EACCES
      EACCES
      ENOENT
      """
    And the standard error is empty

  Scenario: who reads the configuration is no child of the program
    It has adopted orphans, and would find SIGCHLD pending.
    Given the file "pyproject.toml"
      """
      [tool.coverage.run]
      branch = true
      """
    And the file "before.py"
      """
      import ctypes, os, signal, sys
      ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
      signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
      os.execve(sys.executable, [sys.executable, "counts.py"], {**os.environ, "LD_PRELOAD": os.environ["LIBRARY"]})
      """
    And the file "counts.py"
      """
      import os  # ran
      import signal  # ran
      import time  # ran
      time.sleep(0.2)  # ran
      print(signal.sigpending(), os.times().children_user, os.times().children_system)  # ran
      try:  # ran
          print(os.waitpid(-1, os.WNOHANG))  # ran
      except ChildProcessError:  # ran
          print("no child")  # ran
      """
    When I run `python before.py`
    Then the status is 0
    And the standard output is
      """
      set() 0.0 0.0
      no child
      """
    And exactly the marked lines are recorded of "counts.py"
    When I run `grep branch .covfork/s-*/settings`
    Then the standard output is "branch=1"
