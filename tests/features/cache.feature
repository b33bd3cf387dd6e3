Feature: what one report finds out is kept for the next
  A second report neither reads nor analyses sources that have not changed, and nobody can tell but
  by the time that it takes.

  Background:
    Given the target "collector/half.py"
    And I have run `COVFORK_BRANCH=1 covfork run -q -- python half.py first`
    # Nothing is kept of a source that was changed just now.
    And I have run `sleep 3`
    And I have run `covfork report -m >before && test -f .covfork/cache/analysis.cache`

  Scenario Outline: a second report is the same to the byte
    Given I have run `covfork <command> | sed 's/timestamp=.[0-9]*.//' >with`
    And I have run `rm -r .covfork/cache`
    When I run `covfork <command> | sed 's/timestamp=.[0-9]*.//' | cmp - with`
    Then the status is 0

    Examples:
      | command                  |
      | report -m                |
      | report --format=markdown |
      | xml -q -o -              |
      | lcov -q -o -             |

  Scenario: a source that changed with its size and time kept is seen
    Given the file ".coveragerc"
      """
      [report]
      exclude_also = third
      """
    And I have run `covfork report -m | cmp - before`
    And I have run `cp -p half.py old && sed -i 's/second = 2/third  = 2/' half.py && touch -r old half.py`
    When I run `covfork report -m`
    Then the standard output has "100%"

  Scenario: changed exclusions are seen
    Given the file ".coveragerc"
      """
      [report]
      exclude_also = else:
      """
    When I run `covfork report -m`
    Then the standard output has "100%"
    Given I have run `rm .coveragerc`
    When I run `covfork report -m | cmp - before`
    Then the status is 0

  Scenario Outline: a file that is not of this covfork is passed over and replaced
    Given I have run `cd .covfork/cache && cp analysis.cache ../../good && <command>`
    When I run `covfork report -m | cmp - before && covfork report -m | cmp - before`
    Then the status is 0
    And the standard error is empty
    Given I have run `test -f .covfork/cache/analysis.cache && ! test -L .covfork/cache/analysis.cache`
    When I run `cmp .covfork/cache/analysis.cache good`
    Then the status is 0

    Examples:
      | command                                                          |
      | truncate -s 100 analysis.cache                                   |
      | : >analysis.cache                                                |
      | sed -i 's/pragma/PRAGMA/' analysis.cache                         |
      | head -c 5000 /dev/zero >analysis.cache                           |
      | mv analysis.cache other && ln -s other analysis.cache            |
      | rm analysis.cache && mkfifo analysis.cache                       |

  Scenario Outline: where nothing can be kept, reports are as ever
    Given I have run `rm -r .covfork/cache && <command>`
    When I run `covfork report -m | cmp - before`
    Then the status is 0
    And the standard error is empty

    Examples:
      | command                                         |
      | : >.covfork/cache                               |
      | mkdir elsewhere && ln -s ../elsewhere .covfork/cache |
      | mkdir -p .covfork/cache/analysis.cache          |

  Scenario: reports at once do not mind each other
    Given I have run `rm -r .covfork/cache`
    When I run `for i in 1 2 3 4 5 6; do covfork report -m >$i & done; wait; for i in 1 2 3 4 5 6; do cmp before $i || exit; done; ls .covfork/cache`
    Then the standard output is "analysis.cache"

  Scenario: erase removes it
    When I run `covfork erase`
    Then the status is 0
    And the standard error is empty
    And there is no file ".covfork"
