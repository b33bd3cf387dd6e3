Feature: what the configuration says of a run is done or refused, never passed over
  Where coverage.py would not run, `covfork run` does not: the program has not begun then. Where the
  library is preloaded by hand the program must not notice, so the defaults are recorded with, and
  every report says so. What takes no effect, though it matters, is a warning.

  Background:
    Given the file "main.py"
      """
      def f(x):
          if x:
              return 1
          return 2


      print("begun", f(1))
      """

  Scenario Outline: what coverage.py would not run with is refused before anything runs
    Given the file "<file>"
      """
      <section>
      <text>
      """
    Then coverage.py refuses to run `main.py`
    When I run `covfork run -- python main.py`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "covfork: <file>:[123]: *"

    Examples:
      | file             | section             | text                       |
      | .coveragerc      | [run]               | source = /                 |
      | setup.cfg        | [coverage:run]      | source_dirs = nosuch       |
      | tox.ini          | [coverage:run]      | branch = maybe             |
      | pyproject.toml   | [tool.coverage.run] | source = ["${NOPE?}"]      |
      | .coveragerc.toml | [run]               | core = "fast"              |
      | .coveragerc      | [run]               | dynamic_context = nonsense |
      | .coveragerc      | [run]               | patch = _exit, exec        |
      | .coveragerc      | [run]               | omit = a**                 |
      | pyproject.toml   | [tool.coverage.run] | branch = true branch       |
      | pyproject.toml   | [tool.coverage.run  | branch = true              |
      | .coveragerc      | [report]            | exclude_also = (           |
      | .coveragerc      | [run]               | [run]                      |

  Scenario: a configuration that is not there is refused, whoever names it
    When I run `covfork run --rcfile=gone.ini -- python main.py`
    Then the status is 1
    And the standard error is "covfork: gone.ini: couldn't read it as a configuration file"
    When I run `COVERAGE_RCFILE=gone.ini covfork run -- python main.py`
    Then the status is 1
    And the standard error is "covfork: gone.ini: couldn't read it as a configuration file"

  Scenario Outline: what coverage.py refuses as an option is refused
    When I run `covfork run <option> -- python main.py`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "covfork: <answer>"

    Examples:
      | option           | answer                                                     |
      | --source=/       | the source /: the root of the file system can't be it      |
      | --source=pkg,/.. | the source /..: the root of the file system can't be it    |
      | --omit='a**'     | File pattern can't include 'a[*][*]'*                      |
      | --include='x,['  | File pattern can't include '[[]'*                          |

  Scenario: a warning of a name that is disabled is not said
    Given the file ".coveragerc"
      """
      [run]
      source = ., nosuch
      include = pkg/*
      """
    When I run `covfork run -q -- python main.py`
    Then the standard error is "covfork: warning: .coveragerc:3: [run] include has no effect where there is a source"
    When I run `covfork report --format=total`
    Then the standard error has "covfork: warning: module nosuch was never imported"
    Given I have run `echo 'x = (' >wrong.py && echo 'disable_warnings = include-ignored, module-not-imported, couldnt-parse' >>.coveragerc`
    When I run `covfork run -q -- python main.py`
    Then the standard error is empty
    When I run `covfork report -i --format=total`
    Then the status is 0
    And the standard error is empty

  Scenario: without the wrapper the program does not notice, and every report says so
    Given the file ".coveragerc"
      """
      [run]
      branch = true
      source = /
      """
    When I run `LD_PRELOAD=$LIBRARY python main.py`
    Then the status is 0
    And the standard output is "begun 1"
    And the standard error is empty
    When I run `covfork doctor`
    Then the status is 1
    And the standard output has "problem  .coveragerc:3: [run] source = /"
    When I run `covfork <command>` the standard error has "covfork: warning: recorded with the defaults, the configuration was refused: .coveragerc:3: [run] source = /: the root of the file system can't be it", for each <command>
      | command                |
      | report                 |
      | json -o -              |
      | xml -o -               |
      | lcov -o -              |
      | html -d pages          |
      | annotate -d copies     |
      | sqlite -o data.sqlite  |
      | tree                   |
    When I run `cat pages/index.html`
    Then the standard output has "It was recorded with the defaults, the configuration was refused: .coveragerc:3: "
    When I run `covfork json -q -o - 2>warnings`
    Then the standard output has ""refused": "recorded with the defaults, the configuration was refused: .coveragerc:3: "
    When I run `covfork report --require-complete --fail-under=99`
    Then the status is 3
    Given I have run `covfork combine -q`
    When I run `covfork report --require-complete`
    Then the status is 3
    And the standard error has "recorded with the defaults"

  Scenario: what takes no effect is a warning at the run's end and in reports
    Given the file ".coveragerc"
      """
      [run]
      dynamic_context = test_function
      data_file = elsewhere/.coverage
      no_such = 1
      parallel = true
      sigterm = true
      timid = true
      core = pytrace
      patch = subprocess, _exit
      concurrency = multiprocessing, thread
      disable_warnings = no-data-collected
      """
    When I run `covfork run -- python main.py`
    Then the status is 0
    And the standard error is
      """
      covfork: warning: .coveragerc:4: unrecognized option [run] no_such
      covfork: warning: .coveragerc:2: [run] dynamic_context has no effect with the native engine: --engine coverage has such contexts
      covfork: warning: .coveragerc:3: [run] data_file has no effect: data goes to --data-dir or COVFORK_DIR
      covfork: 1 process, 1 interpreter, 1 with data, nothing lost
      """
    When I run `covfork report --format=total`
    Then the standard error is
      """
      covfork: warning: .coveragerc:4: unrecognized option [run] no_such
      covfork: warning: .coveragerc:2: [run] dynamic_context has no effect with the native engine: --engine coverage has such contexts
      covfork: warning: .coveragerc:3: [run] data_file has no effect: data goes to --data-dir or COVFORK_DIR
      """
    When I run `covfork doctor`
    Then the status is 0
    And the standard output has "warning  .coveragerc:2: [run] dynamic_context has no effect"

  Scenario: dynamic contexts are coverage.py's, with its engine
    Given the file ".coveragerc"
      """
      [run]
      dynamic_context = test_function
      source = .
      """
    And the file "main.py"
      """
      def test_a():
          return 1


      test_a()
      """
    When I run `covfork run -q --engine=coverage -- python main.py`
    Then the standard error is empty
    When I run `covfork json -q --show-contexts -o -`
    Then the standard output has "__main__.test_a"

  Scenario Outline: the label of a run is the configuration's, unless another is given
    Given the file ".coveragerc"
      """
      [run]
      context = ${JOB-unit}
      source = .
      """
    And I have run `<run>`
    When I run `covfork json -q --show-contexts -o -`
    Then the contexts of line 7 of "main.py" are "<label>"

    Examples:
      | run                                                 | label  |
      | covfork run -q -- python main.py                    | unit   |
      | JOB=e2e covfork run -q -- python main.py            | e2e    |
      | covfork run -q --context=mine -- python main.py     | mine   |
      | COVFORK_CONTEXT= covfork run -q -- python main.py   |        |
      | covfork run -q -- env -u JOB env -i "$(command -v python)" main.py | unit |

  Scenario: --rcfile names the configuration for all that runs
    Given the file "other.ini"
      """
      [run]
      branch = true
      context = named
      """
    And the file ".coveragerc"
      """
      [run]
      branch = maybe
      """
    And I have run `mkdir below`
    When I run `covfork run -q --rcfile other.ini -- sh -c 'cd below && env -i "$(command -v python)" ../main.py'`
    Then the status is 0
    When I run `covfork report --rcfile other.ini`
    Then the standard output has "Branch"
    When I run `covfork json -q --rcfile other.ini --show-contexts -o -`
    Then the contexts of line 7 of "main.py" are "named"

  Scenario Outline: as for coverage.py, an empty --rcfile is none and .coveragerc the usual search
    Given the file "setup.cfg"
      """
      [coverage:run]
      context = found
      """
    And I have run `covfork run -q --rcfile=<name> -- python main.py`
    When I run `covfork json -q --rcfile= --show-contexts -o -`
    Then the contexts of line 7 of "main.py" are "<label>"

    Examples:
      | name        | label |
      |             |       |
      | .coveragerc | found |

  Scenario Outline: a byte order mark before the configuration is none of it
    Given the file "<file>"
      """
      <section>
      <text>
      """
    And I have run `printf '\357\273\277' >marked && cat <file> >>marked && mv marked <file>`
    And I have run `covfork run -q -- python main.py`
    Then `report -m` does the same as coverage.py's on `main.py`
    When I run `covfork report --rcfile=<file>`
    Then the standard output has "Branch"

    Examples:
      | file           | section             | text          |
      | .coveragerc    | [run]               | branch = true |
      | setup.cfg      | [coverage:run]      | branch = true |
      | pyproject.toml | [tool.coverage.run] | branch = true |

  Scenario: on each Python a refused configuration is neither noticed nor forgotten
    Given the file "pyproject.toml"
      """
      [tool.coverage.run]
      branch = true
      source = ["/"]
      """
    When each Python from 3.8 on runs `$PYTHON main.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run's report warns "recorded with the defaults, the configuration was refused: pyproject.toml:3: [tool.coverage.run] source = /*"
    And each run is incomplete

  Scenario: on each Python the label is the configuration's, in all that it starts
    Given the file ".coveragerc"
      """
      [run]
      context = ${JOB-unit}
      source = .
      """
    And the file "starts.py"
      """
      import os
      import subprocess
      import sys
      import threading

      if os.fork() == 0:
          import main
          os._exit(0)
      os.wait()
      subprocess.run([sys.executable, "main.py"], env={}, check=True)
      thread = threading.Thread(target=print, args=["thread"])
      thread.start()
      thread.join()
      """
    When each Python from 3.8 on runs `$PYTHON starts.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run has the context "unit" alone
