Feature: nothing is lost unnoticed
  Every interpreter that started left data, or ran no measured line, or is named.

  Background:
    Given the target "children"

  Scenario: a complete run says nothing of it and meets --require-complete
    Given I have run `covfork run -q -- sh -c 'python child.py; python -c pass'`
    When I run `covfork report --require-complete`
    Then the status is 0
    And the standard output has no "Incomplete"
    And the standard error is empty

  Scenario Outline: a data file that is not whole is named
    Given I have run `covfork run -q -- sh -c 'python child.py; python small.py'`
    And I have run `<command>`
    When I run `covfork report 2>/dev/null`
    Then the status is 0
    And the last line of the standard output is like "Incomplete: 1 of 2 interpreters lost data: the data file *.data is <state> (see covfork tree)."
    When I run `covfork report --require-complete 2>/dev/null`
    Then the status is 3
    When I run `covfork json -o - --require-complete 2>/dev/null`
    Then the status is 3
    And the standard output has "the data file "

    Examples:
      | what      | command                                                    | state   |
      | removed   | rm "$(ls .covfork/s-*/*.data \| tail -n 1)"                | missing |
      | emptied   | : >"$(ls .covfork/s-*/*.data \| tail -n 1)"                | empty   |
      | zeroed    | truncate -s 0 "$(ls .covfork/s-*/*.data \| tail -n 1)"; truncate -s 4096 "$(ls .covfork/s-*/*.data \| tail -n 1)" | empty |
      | cut short | truncate -s 100 "$(ls .covfork/s-*/*.data \| tail -n 1)"   | damaged |

  Scenario: an interpreter that did not load the library is named
    Given I have run `covfork run -q -- python child.py`
    And I have run `printf '{"event":"exec","time":1,"pid":999999,"path":"%s"}\n' "$(command -v python)" >>"$(echo .covfork/s-*/ledger)"`
    When I run `covfork report --require-complete`
    Then the status is 3
    And the last line of the standard output is like "Incomplete: 1 of 2 interpreters lost data: an interpreter was started but did not load libcovfork.so: */python (see covfork tree)."

  Scenario Outline: an exec of what is no Python is no loss
    Given the file "script"
      """
      #!/bin/sh
      """
    And I have run `chmod +x script; covfork run -q -- python child.py`
    And I have run `printf '{"event":"exec","time":1,"pid":999999,"path":"<path>"}\n' >>"$(echo .covfork/s-*/ledger)"`
    When I run `covfork report --require-complete`
    Then the status is 0
    And the standard output has no "Incomplete"

    Examples:
      | what               | path          |
      | another program    | /bin/ls       |
      | a missing Python   | /none/python3 |
      | a shell script     | $PWD/script   |
      | a device           | /dev/zero     |
      | a name without /   | python3       |

  Scenario: execs of Python that fail or are searched for are no loss
    Given the file "search.py"
      """
      import os
      import subprocess
      import sys

      path = os.environ["PATH"].split(":")
      env = {"PATH": ":".join(["/nowhere", *path])}
      subprocess.run(["python", "child.py"], env=env, check=True)
      subprocess.run(["env", "python", "child.py"], env=env, check=True)
      os.posix_spawnp("python", ["python", "child.py"], env)
      os.wait()
      try:
          os.execv(sys.executable + ".none", ["python"])
      except OSError:
          pass
      os.execve(sys.executable, ["python", "child.py"], {})
      """
    And I have run `covfork run -q -- python search.py`
    When I run `covfork report --require-complete`
    Then the status is 0
    And the standard output has no "Incomplete"

  Scenario: what is lost goes before --fail-under
    Given I have run `covfork run -q -- sh -c 'python child.py; python small.py'`
    And I have run `rm "$(ls .covfork/s-*/*.data | tail -n 1)"`
    When I run `covfork report --require-complete --fail-under=100`
    Then the status is 3
    When I run `covfork report --fail-under=100`
    Then the status is 2

  Scenario: losses survive combine, and combining again
    Given I have run `covfork run -q -- sh -c 'python child.py; python small.py'`
    And I have run `rm "$(ls .covfork/s-*/*.data | tail -n 1)"`
    And I have run `covfork combine -q && covfork combine -q`
    When I run `covfork report --require-complete`
    Then the status is 3
    And the last line of the standard output is like "Incomplete: 1 of 2 interpreters lost data: the data file *.data is missing."

  Scenario: a process that still runs is named
    Given I have run `covfork run -q -- sh -c 'python child.py; (sleep 5; :) >/dev/null 2>&1 & :'`
    When I run `covfork report`
    Then the status is 0
    And the standard error is one line like "covfork: warning: process * still runs: what it does from now on is left out"

  Scenario Outline: with --wait a command waits for a process that still runs
    Given I have run `covfork run -q -- sh -c 'python child.py; (sleep 1; python small.py; :) >/dev/null 2>&1 & :'`
    When I run `covfork <command>`
    Then the status is 0
    And the report has the files "child.py", "small.py" and no others

    Examples:
      | command               |
      | report --wait 30      |
      | json -q --wait 30     |
      | combine -q --wait=30  |

  Scenario: a wait ends with its time
    Given I have run `covfork run -q -- sh -c 'python child.py; (sleep 20; :) >/dev/null 2>&1 & :'`
    When I run `timeout 10 covfork report --wait 0.2`
    Then the status is 0
    And the standard error is one line like "covfork: warning: process * still runs: *"

  Scenario: a report from within its own run neither waits for itself nor names itself
    When I run `covfork run -q -- sh -c 'python child.py; timeout 20 covfork report --wait 60; :'`
    Then the status is 0
    And the standard output has "TOTAL"
    And the standard error is empty
