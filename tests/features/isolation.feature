Feature: isolation
  Runs that share a machine, a folder or a process tree do not mix: each has what its own processes
  executed, all of it and nothing else.

  Background:
    Given the target "isolation"

  Scenario: several runs at once, each with a folder of its own
    When I run
      """
      for name in one two three; do
          covfork run -q --data-dir "of-$name" -- python "$name.py" start &
      done
      touch start
      wait
      for name in one two three; do
          covfork json -q --data-dir "of-$name" -o "$name.json"
          python -c 'import json, sys; print(sys.argv[1], *json.load(open(sys.argv[1] + ".json"))["files"])' "$name"
      done > files
      """
    Then the status is 0
    When I run `cat files`
    Then the standard output is
      """
      one one.py
      two two.py
      three three.py
      """

  Scenario: several runs at once that add to one folder
    When I run
      """
      for name in one two three; do
          covfork run -q --append -- python "$name.py" start &
      done
      touch start
      wait
      """
    Then the status is 0
    And the report is of 3 runs
    And exactly the marked lines are recorded of "one.py", "two.py", "three.py"

  Scenario: several roots at once in one folder
    When I run
      """
      for name in one two three; do
          LD_PRELOAD=$LIBRARY python "$name.py" start &
      done
      touch start
      wait
      """
    Then the status is 0
    And the report is of 3 runs
    And exactly the marked lines are recorded of "one.py", "two.py", "three.py"

  Scenario: a run inside a run with a folder of its own keeps to it
    Given I have run `touch start`
    When I run `covfork run -q -- sh -c 'python one.py start; covfork run -q --data-dir inner -- python two.py start; python three.py start'`
    Then the status is 0
    And the report has the files "one.py", "three.py" and no others
    And exactly the marked lines are recorded of "one.py", "three.py"
    When I run `covfork json -q --data-dir inner -o inner.json; python -c 'import json; print(*json.load(open("inner.json"))["files"])'`
    Then the standard output is "two.py"

  Scenario: a run inside a run with settings of its own does not change those of the outer one
    Given I have run `touch start`
    When I run `covfork run -q -- sh -c 'covfork run -q --data-dir inner --omit two.py -- sh -c "python two.py start; python one.py"; python two.py start'`
    Then the status is 0
    And the report has the files "two.py" and no others
    And exactly the marked lines are recorded of "two.py"
    When I run `covfork json -q --data-dir inner -o inner.json; python -c 'import json; print(*json.load(open("inner.json"))["files"])'`
    Then the standard output is "one.py"

  Scenario: a run that starts while another one records does not take its data away
    When I run
      """
      LD_PRELOAD=$LIBRARY COVFORK_DIR=both python one.py start &
      until grep -qs '"data"' both/s-*/ledger; do sleep 0.05; done
      covfork run -q --append --data-dir both -- python two.py both
      touch start
      wait
      """
    Then the status is 0
    And the data in "both" is of "one.py", "two.py"

  Scenario: a CI job whose every step is the root of its own tree
    When I run
      """
      export LD_PRELOAD=$LIBRARY COVFORK_DIR=$PWD/job
      touch start
      sh -e -c 'python one.py start > out; grep one out'
      bash -c 'mkdir -p elsewhere; cd elsewhere && python ../two.py ../start'
      env -i "$(command -v python)" three.py start
      """
    Then the status is 0
    And the data in "job" is of "one.py", "three.py", "two.py"

  Scenario: two CI jobs whose folders are combined later
    Given I have run `touch start`
    And I have run `LD_PRELOAD=$LIBRARY COVFORK_DIR=first python one.py start`
    And I have run `LD_PRELOAD=$LIBRARY COVFORK_DIR=second python two.py start`
    Then the data in "first" is of "one.py"
    And the data in "second" is of "two.py"
    When I run `covfork combine -q first second`
    Then the status is 0
    And the report has the files "one.py", "two.py" and no others
    And exactly the marked lines are recorded of "one.py", "two.py"

  Scenario Outline: a link that another user plants is not followed by root
    Given I am root
    And the C program "swap_folder.c", made with `gcc -w -shared -fPIC -o swap.so swap_folder.c`
    And the file "becomes.py"
      """
      import os
      pid = os.fork()
      if pid == 0:
          os.setuid(65534)
          os._exit(3)
      os.waitpid(pid, 0)
      """
    And I have run `<plant>; echo secret > victim; chmod 600 victim; mkdir -m 700 other`
    When I run `<variables> LD_PRELOAD=$PWD/swap.so:$LIBRARY python becomes.py; stat -c '%n %u %a' victim other; cat victim; ls other`
    Then the status is 0
    And the standard output is
      """
      victim 0 600
      other 0 700
      secret
      """
    And the standard error is empty

    Examples:
      | plant                                        | variables                               |
      | true                                         | SWAP=session VICTIM=$PWD/victim         |
      | true                                         | SWAP=user VICTIM=$PWD/victim            |
      | true                                         | SWAP=session VICTIM=$PWD/other          |
      | true                                         | SWAP=user VICTIM=$PWD/other             |
      | ln -s other .covfork; chown -h 65534 .covfork | SWAP=no                                |
      | mkdir up; ln -s ../other up/a; chown -h 65534 up/a | COVFORK_DIR=up/a/data SWAP=no     |

  Scenario: processes that root turns into one user at once are all recorded
    Given I am root
    And `setpriv --reuid 65534 /usr/bin/python3 -c ''` works here
    And the C program "slow_chown.c", made with `gcc -shared -fPIC -o slow.so slow_chown.c`
    And the file "child.py"
      """
      value = 1
      """
    And the file "become.py"
      """
      import os, sys
      waiting, starter = os.pipe()
      for number in range(4):
          if os.fork() == 0:
              os.read(waiting, 1)
              os.setuid(65534)
              os.execv(sys.executable, [sys.executable, "child.py"])
      os.write(starter, b"1234")
      for number in range(4):
          os.wait()
      """
    And I have run `chmod 755 . ..`
    When I run `LD_PRELOAD=$PWD/slow.so covfork run -- /usr/bin/python3 become.py`
    Then the status is 0
    And the standard error is one line like "covfork: 5 processes, 9 interpreters, 9 with data, nothing lost"

  Scenario Outline: whoever a process of root's becomes, and is again, all is recorded
    Given I am root
    And `setpriv --reuid 65534 /usr/bin/python3 -c ''` works here
    And the file ".coveragerc"
      """
      [run]
      source = m
      """
    And the file "become.py"
      """
      import os, sys
      sys.path.insert(0, "m")
      def run(first, last):
          for number in range(first, last):
              __import__("mod%d" % number)
      def execute(first, last):
          os.execv(sys.executable, [sys.executable, "-B", "become.py", "run", str(first), str(last)])
      def below(user, *work):
          if os.fork() == 0:
              os.setuid(user)
              for function, first, last in work:
                  function(first, last)
              os._exit(0)
          os.wait()
      def another():
          os.setresuid(65533, 65533, 0)
          run(0, 300)
          os.setresuid(0, 0, 0)
          below(65534, (execute, 300, 900))
      def effective():
          os.seteuid(65534)
          run(0, 900)
      def effective_again():
          os.setresuid(-1, 65534, -1)
          run(0, 500)
          os.seteuid(0)
          run(500, 900)
      def executes():
          run(0, 100)
          below(65534, (run, 100, 400), (execute, 400, 900))
      if sys.argv[1] == "run":
          run(int(sys.argv[2]), int(sys.argv[3]))
      else:
          globals()[sys.argv[1]]()
      """
    And I have run `mkdir m; for i in $(seq 0 899); do echo "value = $i" > m/mod$i.py; done; chmod -R a+rX . ..`
    When I run `covfork run -q -- /usr/bin/python3 -B become.py <how>; covfork report --require-complete --format=total`
    Then the status is 0
    And the standard output is "100"

    Examples:
      | how             |
      | another         |
      | effective       |
      | effective_again |
      | executes        |

  Scenario: a user that can be given no folder is named by what it executes
    Given I am root
    And `setpriv --bounding-set -chown /usr/bin/python3 -c ''` works here
    And `setpriv --reuid 65534 /usr/bin/python3 -c ''` works here
    And the file "child.py"
      """
      value = 1
      """
    And the file "become.py"
      """
      import os, sys
      if os.fork() == 0:
          os.setuid(65534)
          os.execv(sys.executable, [sys.executable, "child.py"])
      os.wait()
      """
    And I have run `chmod 755 . ..`
    When I run `covfork run -q -- setpriv --bounding-set -chown /usr/bin/python3 become.py; covfork report --require-complete; ls .covfork/s-*`
    Then the standard output has "lost data: an interpreter was started where the data folder is out of reach: /usr/bin/python3 child.py"
    And the standard output has no "u-65534"

  Scenario: a second name of a file of root's, planted as the ledger, is not written to
    Given I am root
    And I have run `mkdir -p "data/s-$(printf %032d 0)" && echo secret > victim && ln victim "data/s-$(printf %032d 0)/ledger" && chown 65534 data data/s-*`
    When I run `COVFORK_SESSION=$(printf %032d 0) COVFORK_DIR=$PWD/data COVFORK_ROOT=$PWD LD_PRELOAD=$LIBRARY python one.py > out; cat victim`
    Then the status is 0
    And the standard output is "secret"

  Scenario: root's data in a folder behind a link of its own is recorded
    Given I have run `touch start; mkdir real; ln -s real .covfork`
    When I run `LD_PRELOAD=$LIBRARY python one.py start`
    Then the status is 0
    And exactly the marked lines are recorded of "one.py"

  Scenario: run as root refuses a data folder that is another user's link
    Given I am root
    And I have run `mkdir other; ln -s other .covfork; chown -h 65534 .covfork`
    When I run `covfork run -- true; echo $?; ls other`
    Then the standard output is "1"
    And the standard error is one line like "covfork: .covfork: a link of another user's, which root does not follow"
