Feature: covfork tree
  The processes of a run, and what became of each.

  Background:
    Given the target "children"

  Scenario: processes stand below those that started them
    Given I have run `covfork run -q -- sh -c 'python parents.py empty; python -c pass; :'`
    When I run `covfork tree`
    Then the status is 0
    And the standard error is empty
    And the tree is
      """
      N sh -c 'python parents.py empty; python -c pass; :'
      ├─ N python parents.py empty  (VERSION, LINES)
      │  └─ N python child.py  (VERSION, LINES)
      └─ N python -c pass  (VERSION, ran no measured line)
      """

  Scenario: in a locale without UTF-8 it is ASCII
    Given I have run `covfork run -q -- sh -c 'python small.py; python -c pass; :'`
    When I run `LC_ALL=C covfork tree`
    Then the tree is
      """
      N sh -c 'python small.py; python -c pass; :'
      |- N python small.py  (VERSION, LINES)
      `- N python -c pass  (VERSION, ran no measured line)
      """

  Scenario: an exec goes on in the same process, a fork is a child
    Given I have run `covfork run -q -- sh -c 'env python ends.py exec; python forks.py; :'`
    When I run `covfork tree`
    Then the tree is
      """
      N sh -c 'env python ends.py exec; python forks.py; :'
      ├─ N env python ends.py exec
      │  → python ends.py exec  (VERSION, LINES)
      │  → echo executed
      └─ N python forks.py  (VERSION, LINES)
         └─ N (fork)  (VERSION, LINES)
            └─ N (fork)  (VERSION, LINES)
      """

  Scenario: the lines that each recorded are counted
    Given the file "three.py"
      """
      a = 1
      b = 2
      c = a + b
      """
    And I have run `covfork run -q -- python three.py`
    When I run `covfork tree`
    Then the standard output has "3 lines)"

  Scenario: what could not be followed is named with the reason
    Given the C program "pass_on.c", made with `gcc -static -o pass_on pass_on.c`
    And I have run `covfork run -q -- sh -c './pass_on "$(command -v python)" small.py; :'`
    When I run `covfork tree`
    Then the standard output has "small.py  (not followed: static)"

  Scenario: what was lost is named with the reason
    Given I have run `covfork run -q -- sh -c 'python child.py; :'`
    And I have run `rm .covfork/s-*/*.data`
    When I run `covfork tree`
    Then the status is 0
    And the standard output has ", lost: the data file "
    And the standard output has "1 lost"

  Scenario: many that look alike are one line
    Given the file "many.py"
      """
      import subprocess
      import sys

      for number in range(int(sys.argv[1])):
          subprocess.run([sys.executable, "small.py", "0", str(number)], check=True)
      """
    And I have run `covfork run -q -- python many.py 30`
    When I run `covfork tree`
    Then the tree is
      """
      N python many.py 30  (VERSION, LINES)
      └─ × 30 python small.py 0 …  (VERSION, LINES each)
      """
    When I run `covfork tree --all | grep -c small.py`
    Then the standard output is "30"

  Scenario: a filter keeps what matches and what is above it
    Given I have run `covfork run -q -- sh -c 'python parents.py empty; python small.py; :'`
    When I run `covfork tree --filter child.py`
    Then the tree is
      """
      N sh -c 'python parents.py empty; python small.py; :'
      └─ N python parents.py empty  (VERSION, LINES)
         └─ N python child.py  (VERSION, LINES)
      """

  Scenario: as JSON it is nested objects
    Given I have run `covfork run -q -- sh -c 'python parents.py empty; :'`
    When I run
      """
      covfork tree --json >tree.json && python -c '
      import json
      [run] = json.load(open("tree.json"))
      [root] = run["processes"]
      [parent] = root["children"]
      [child] = parent["children"]
      print(run["interpreters"], run["lost"], root["images"][0]["argv"][0])
      print(parent["images"][0]["argv"][1], child["images"][0]["lines"] > 0)
      '
      """
    Then the status is 0
    And the standard output is
      """
      2 0 sh
      parents.py True
      """

  Scenario: each run has a tree, and one can be chosen
    Given I have run `LD_PRELOAD=$LIBRARY python small.py; LD_PRELOAD=$LIBRARY python child.py`
    When I run `covfork tree | grep -c '^Run '`
    Then the standard output is "2"
    When I run `covfork tree --session latest`
    Then the standard output has "child.py"
    And the standard output has no "small.py"
    When I run `covfork tree --session=none`
    Then the status is 1
    And the standard error is one line like "covfork: no run 'none' in .covfork"

  Scenario: a combined file says what the run came to
    Given I have run `covfork run -q -- python small.py && covfork combine -q`
    When I run `covfork tree`
    Then the status is 0
    And the standard output has "combined:\n1 processes, 1 interpreters, 1 with data, 0 lost"

  Scenario: a long command is cut to the width
    Given I have run `covfork run -q -- sh -c 'python small.py; : a very long command that goes on and on and on and on and on and on and on and on'`
    When I run `COLUMNS=60 covfork tree | awk '/sh -c/ { print length($0) <= 62, $0 ~ /…/ }'`
    Then the standard output is "1 1"

  Scenario: without data it says so
    When I run `covfork tree`
    Then the status is 1
    And the standard error is one line like "covfork: .covfork does not exist"
