Feature: what is installed is pinned
  Tests, demo and benchmarks install every package in one version, known by its hash, so that a fresh machine does on
  any day what this one does; scripts/update-pins moves the versions.

  Scenario: each Python's file has every package of the list, with its hash
    Then the pins of each Python from 3.8 to 3.15 have every package that packages.in asks for

  Scenario: a group is installed in the versions of the pins
    Given an environment of this Python
    When I run `$PINS/install-pinned env/bin/python @robot`
    Then the status is 0
    And the environment has the pinned versions of "robotframework, robotframework-pabot"

  Scenario: a package that has another hash is refused
    Given an environment of this Python
    And the pinned hashes of "robotframework" are others
    When I run `$PINS/install-pinned env/bin/python robotframework`
    Then the status is 1
    And stderr has the words "Hash mismatch for `robotframework==7.5`"
    And the environment has no "robotframework"

  Scenario: what needs the network says so where there is none
    Given an environment of this Python
    When I run `UV_OFFLINE=1 UV_CACHE_DIR=empty $PINS/install-pinned env/bin/python @robot`
    Then the status is 77
    And stderr has one line, "install-pinned: needs the network for robotframework robotframework-pabot, and there is none:"

  Scenario: a package without a pin is an error
    Given an environment of this Python
    When I run `$PINS/install-pinned env/bin/python nonesuch`
    Then the status is 1
    And stderr has one line, "install-pinned: scripts/pins has no nonesuch for Python"

  Scenario: the page of what is tested names the coverage.py that the numbers are compared with
    Then "tests/features/README.md" names no coverage.py of the line of 7.17 but the pinned one
