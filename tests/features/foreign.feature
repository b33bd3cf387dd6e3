Feature: other tools' data
  combine takes what coverage.py and slipcover left, in any mix with covfork's own; sqlite gives
  coverage.py what it can report from. Broken files are named and left out, and nothing that covfork
  did not write is ever changed or removed.

  Background:
    Given the target "foreign"

  Scenario Outline: coverage.py's data goes in and comes out the same
    Given coverage.py has measured the part "day" of "main.py" with `--source=. <options>`
    And coverage.py has measured the part "night" of "main.py" with `--source=. <more>`
    And coverage.py has combined ".coverage.day,.coverage.night" into "expected"
    When I run `covfork combine -q .coverage.day .coverage.night && covfork sqlite -q -o again`
    Then the status is 0
    And the standard error is empty
    And coverage.py reports of "again" what it reports of "expected"

    Examples:
      | options                | more                     |
      | --timid                | --timid                  |
      | --branch               | --branch                 |
      | --context=day          | --context=night          |
      | --branch --context=day | --branch --context=night |

  Scenario Outline: dynamic contexts and relative names stay as well
    Given the file ".coveragerc"
      """
      [run]
      <setting>
      source = .
      """
    And coverage.py has measured the part "day" of "main.py" with `<options>`
    And coverage.py has measured the part "night" of "main.py" with `<options>`
    And coverage.py has combined ".coverage.day,.coverage.night" into "expected"
    When I run `covfork combine -q .coverage.day .coverage.night && covfork sqlite -q -o again`
    Then the status is 0
    And coverage.py reports of "again" what it reports of "expected"

    Examples:
      | setting                         | options  |
      | dynamic_context = test_function | --rcfile=.coveragerc |
      | dynamic_context = test_function | --branch |
      | relative_files = true           | --branch |

  Scenario Outline: a JSON report of coverage.py is as good as its data
    Given coverage.py has measured the part "night" of "main.py" with `--source=. <options>`
    And I have run `coverage json --data-file=.coverage.night -q --show-contexts -o night.json`
    When I run `covfork combine -q night.json && covfork sqlite -q -o again`
    Then the status is 0
    And coverage.py reports the same executed lines of "again" as of ".coverage.night"

    Examples:
      | options                  |
      | --context=night          |
      | --branch --context=night |

  Scenario: branches of a JSON report stay
    Given coverage.py has measured the part "night" of "main.py" with `--branch`
    And I have run `coverage json --data-file=.coverage.night -q -o night.json`
    And I have run `covfork combine -q night.json`
    And I have run `covfork sqlite -q -o again && coverage json --data-file=again -q -o again.json`
    When I run
      """
      python - <<'END'
      import json
      reports = [json.load(open(name)) for name in ("night.json", "again.json")]
      for report in reports:
          del report["meta"]
      print(reports[0] == reports[1])
      END
      """
    Then the standard output is "True"

  Scenario Outline: slipcover's report gives the lines that coverage.py has
    Given coverage.py has measured the part "night" of "main.py" with `--source=.`
    And I have run `slipcover --source . <options> --json --out night.json main.py night`
    When I run `covfork combine -q night.json && covfork sqlite -q -o again`
    Then the status is 0
    And coverage.py reports the same executed lines of "again" as of ".coverage.night"

    Examples:
      | options  |
      |          |
      | --branch |

  Scenario Outline: slipcover's branches are coverage.py's
    Given coverage.py has measured the part "<part>" of "main.py" with `--source=. --branch`
    And I have run `slipcover --source . --branch --json --out part.json main.py <part>`
    And I have run `coverage report -m --data-file=.coverage.<part> >expected`
    When I run `covfork combine -q part.json && covfork report -m | diff - expected`
    Then the status is 0
    And the standard output is empty
    When I run `covfork sqlite -q -o again && coverage report -m --data-file=again | diff - expected`
    Then the standard output is empty

    Examples:
      | part  |
      | day   |
      | night |

  Scenario: data of all tools and covfork's own make one report
    Given I have run `slipcover --source . --json --out night.json main.py night`
    And coverage.py has measured the part "day" of "main.py" with `--source=.`
    And I have run `covfork run -q -- python main.py other || true`
    And I have run `coverage run --source=. --data-file=expected main.py day`
    And I have run `coverage run --source=. --data-file=expected -a main.py night`
    And I have run `coverage run --source=. --data-file=expected -a main.py other || true`
    When I run `covfork combine .covfork .coverage.day night.json`
    Then the status is 0
    And the standard error is one line like "Combined 1 run and 2 files of other tools into .covfork/combined-*.data"
    When I run `covfork sqlite -q -o again`
    Then the status is 0
    And coverage.py reports the same executed lines of "again" as of "expected"

  Scenario: a folder is searched for parts as coverage.py does
    Given coverage.py has measured the part "day" of "main.py" with `--source=.`
    And coverage.py has measured the part "night" of "main.py" with `--source=.`
    And coverage.py has combined ".coverage.day,.coverage.night" into "expected"
    And I have run `mkdir parts && mv .coverage.* parts && touch parts/.coverage.x-journal`
    And the file "parts/package.json"
      """
      {"name": "not meant", "version": "1.0"}
      """
    When I run `covfork combine -q parts && covfork sqlite -q -o again`
    Then the status is 0
    And the standard error is empty
    And coverage.py reports of "again" what it reports of "expected"

  Scenario: a folder with nothing of use is named
    Given I have run `mkdir empty`
    When I run `covfork combine empty`
    Then the status is 1
    And the standard error is one line like "covfork: no data of covfork, coverage.py or slipcover in */empty"

  Scenario Outline: a broken file is named and left out, and the rest is combined
    Given coverage.py has measured the part "night" of "main.py" with `--source=.`
    And I have run `<how>`
    And I remember all files
    When I run `covfork combine -q <file> .coverage.night`
    Then the status is 1
    And the standard error is one line like "covfork: warning: */<file>: <reason>"
    And all files are as I remember them
    When I run `covfork sqlite -q -o again`
    Then the status is 0
    And coverage.py reports of "again" what it reports of ".coverage.night"

    Examples: databases
      | file  | how                                                                                    | reason                                    |
      | cut   | head -c 30000 .coverage.night >cut                                                     | damaged: *                                |
      | early | head -c 60 .coverage.night >early                                                      | damaged: *                                |
      | other | python -c "import sqlite3 as s; s.connect('other').execute('create table a (b)')"                                                  | SQLite, but not data of coverage.py       |
      | old   | cp .coverage.night old; python -c "import sqlite3 as s; d = s.connect('old'); d.execute('update coverage_schema set version = 6'); d.commit()"           | data of coverage.py with schema 6; only * |

    Examples: JSON and others
      | file        | how                                   | reason                                         |
      | report.json | printf '{\"meta\": {\"ver' >report.json | damaged JSON at byte *                         |
      | other.json  | printf '{\"a\": 1}' >other.json         | JSON, but no report of coverage.py or slipcover |
      | text        | echo text >text                       | not data of covfork, coverage.py * or slipcover |
      | fifo        | mkfifo fifo                           | not a regular file                             |

  Scenario: an empty file is no error
    Given coverage.py has measured the part "night" of "main.py" with `--source=.`
    And I have run `touch nothing`
    When I run `covfork combine -q nothing .coverage.night`
    Then the status is 0
    And the standard error is empty

  Scenario: with nothing but broken files nothing is written
    Given I have run `echo text >text`
    When I run `covfork combine text`
    Then the status is 1
    And the standard error is one line like "covfork: */text: not data of *"
    And there is no file ".covfork"

  Scenario: what was combined stays where it is
    Given coverage.py has measured the part "day" of "main.py" with `--source=.`
    And I have run `slipcover --source . --json --out night.json main.py night`
    And I remember all files
    When I run `covfork combine -q . night.json && covfork erase`
    Then the status is 0
    And all files are as I remember them

  Scenario: data with branches and data without make a report of lines
    Given coverage.py has measured the part "day" of "main.py" with `--branch`
    And coverage.py has measured the part "night" of "main.py" with `--source=.`
    And I have run `covfork combine -q .coverage.day .coverage.night`
    When I run `covfork report`
    Then the status is 0
    And the standard error is one line like "covfork: warning: some of the data has no branches: only lines are reported"

  Scenario Outline: a report without data of covfork's says how to use coverage.py's
    Given I have run `coverage run main.py day`
    When I run `covfork <command>`
    Then the status is 1
    And the standard error is one line like "covfork: no data to *covfork combine .coverage)"

    Examples:
      | command |
      | report  |
      | json    |
      | sqlite  |
      | combine |

  Scenario: coverage.py reports of a run of covfork's what covfork reports
    Given I have run `covfork run -q -- python main.py night`
    And I have run `covfork report -m >expected`
    When I run `covfork sqlite -q && coverage report -m | diff - expected`
    Then the status is 0
    And the standard output is empty

  Scenario: sqlite replaces no file but coverage.py's
    Given I have run `covfork run -q -- python main.py night`
    When I run `covfork sqlite -o main.py`
    Then the status is 1
    And the standard error is one line like "covfork: main.py is not a data file of coverage.py: not replaced"
    When I run `covfork sqlite -o again && covfork sqlite -q -o again`
    Then the status is 0
    And the standard error is one line like "Wrote data of coverage.py to again"

  Scenario: sqlite adds to what a file has
    Given coverage.py has measured the part "day" of "main.py" with `--source=.`
    And I have run `cp .coverage.day expected && coverage run --source=. --data-file=expected -a main.py night`
    And I have run `covfork run -q -- python main.py night`
    When I run `covfork sqlite -q --append -o .coverage.day`
    Then the status is 0
    And coverage.py reports the same executed lines of ".coverage.day" as of "expected"

  Scenario: what other tools left in a session is its data
    Given coverage.py has measured the part "night" of "main.py" with `--source=.`
    And I have run `cp .coverage.night expected && covfork run -q -- true`
    And the only session holds ".coverage.night"
    When I run `covfork sqlite -q -o again`
    Then the status is 0
    And coverage.py reports of "again" what it reports of "expected"
    When I run `covfork erase && ls -A .covfork`
    Then the status is 2
    And the standard error has no "left where it is"

  Scenario: combine keeps a session whose data could not all be read
    Given coverage.py has measured the part "night" of "main.py" with `--source=.`
    And coverage.py has measured the part "day" of "main.py" with `--source=.`
    And the file ".coverage.day" is cut to 5000 bytes
    And I have run `covfork run -q -- true`
    And the only session holds ".coverage.night"
    And the only session holds ".coverage.day"
    When I run `covfork combine; ls .covfork/s-*/.coverage.day`
    Then the standard error has ".coverage.day: damaged"
    And the standard error has "is kept: not all of it could be read"
    And the standard output has ".coverage.day"

  Scenario Outline: jobs in checkouts of their own make one report here
    Given I have run `mkdir one two here && cp -r main.py shop one && cp -r main.py shop two && mv main.py shop here`
    And I have run `cd one && covfork run -q -- python main.py day && covfork combine -q -o ../one.data`
    And I have run `cd two && <measure>`
    And I have run `<afterwards>`
    When I run `cd here && covfork combine -q ../one.data <other> && covfork report -m | tee ../found`
    Then the status is 0
    And the standard output has "shop/cart.py "
    And the standard output has no "one/"
    And the standard output has no "two/"
    When I run
      """
      cd here && coverage run main.py day >out && coverage run -a main.py night >out &&
      coverage report -m >../expected; grep -v -e '^Combined' -e '^$' ../found | diff - ../expected
      """
    Then the status is 0

    Examples:
      | measure                                                           | afterwards     | other              |
      | covfork run -q -- python main.py night && covfork combine -q -o ../two.data | rm -rf one two | ../two.data |
      | covfork run -q -- python main.py night                            | true           | ../two/.covfork    |

  Scenario Outline: data of a job on Windows is of the files here
    Given the file ".coveragerc"
      """
      [run]
      branch = true
      relative_files = <relative>
      [paths]
      all =
          .
          <pattern>
      """
    And coverage.py has measured the part "day" of "main.py" with `--rcfile=.coveragerc`
    And I have run `python windows.py '<name>' windows`
    And coverage.py has combined ".coverage.day,windows" into "expected"
    When I run `covfork combine -q .coverage.day windows && covfork sqlite -q -o again`
    Then the status is 0
    And the standard error is empty
    And coverage.py reports of "again" what it reports of "expected"

    Examples:
      | relative | pattern         | name                          |
      | false    | C:\proj         | C:\proj\shop\cart.py          |
      | false    | c:\Proj\        | C:\PROJ\shop\cart.py          |
      | false    | C:/proj         | C:/proj/shop/cart.py          |
      | false    | C:\proj         | C:\proj\shop/cart.py          |
      | false    | *\work          | D:\a\work\shop\cart.py        |
      | false    | \\host\share\proj | \\host\share\proj\shop\cart.py |
      | true     | C:\proj         | C:\proj\shop\cart.py          |
      | true     | C:\proj         | shop\cart.py                  |
      | true     | C:\proj         | D:\elsewhere\shop\cart.py     |

  Scenario: data of a job on Windows is found by its names where no [paths] says where it is
    Given I have run `python windows.py 'D:\a\proj\shop\cart.py' windows`
    And I have run `covfork combine -q windows`
    When I run `covfork report --include=shop/*`
    Then the status is 0
    And the standard output has "shop/cart.py"
    And the standard error is one line like "covfork: warning: D:/a/proj is taken for * by the names of files in it: *"

  Scenario: what is not here of a job on Windows is named as coverage.py names it
    Given I have run `python windows.py 'D:\a\gone.py' windows`
    And I have run `covfork combine -q windows`
    When I run `covfork report`
    Then the status is 1
    And the standard error is "covfork: No source for code: 'D:/a/gone.py'."
