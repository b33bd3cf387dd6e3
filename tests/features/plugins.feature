Feature: plugins of coverage.py
  They are run by coverage.py's own interface in an interpreter that has them: what they make of the
  configuration counts for what is recorded and for reports.

  Background:
    Given the target "plugins"

  Scenario Outline: a plugin changes what is recorded and reported
    Given the file ".coveragerc"
      """
      [run]
      plugins = kinds
      [report]
      exclude_also = from also
      [paths]
      all =
          .
          /elsewhere
      [kinds]
      kind = <kind>
      word = hello
      digits = 2
      """
    And I have run `covfork run -q -- python main.py`
    Then `report` does the same as coverage.py's on `main.py`

    Examples:
      | kind       |
      | source     |
      | omit       |
      | include    |
      | branch     |
      | fail_under |
      | exclude    |
      | no_exclude |
      | partial    |
      | own        |
      | paths      |
      | unset      |

  Scenario Outline: options of a plugin are read from each kind of file
    Given the file "<file>"
      """
      <run>
      <plugins>
      <section>
      kind = "source"
      """
    And "kind = "source"" is replaced by "kind = <value>" in "<file>"
    When I run `covfork run -q -- python main.py && covfork report`
    Then the status is 0
    And the standard error is empty
    And the standard output has "part/used.py"
    And the standard output has no "main.py"

    Examples:
      | file             | run                  | plugins             | section               | value    |
      | setup.cfg        | [coverage:run]       | plugins = kinds     | [coverage:kinds]      | source   |
      | tox.ini          | [coverage:run]       | plugins = kinds     | [coverage:kinds]      | source   |
      | pyproject.toml   | [tool.coverage.run]  | plugins = ["kinds"] | [tool.coverage.kinds] | "source" |
      | .coveragerc.toml | [run]                | plugins = ["kinds"] | [kinds]               | "source" |

  Scenario Outline: a plugin that can't be used is refused in one line
    Given I have run `covfork run -q -- python main.py`
    And the file ".coveragerc"
      """
      [run]
      plugins = <plugin>
      [kinds]
      kind = <kind>
      """
    When I run `covfork report`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "<line>"

    Examples:
      | plugin       | kind    | line                                                                              |
      | not_there    |         | covfork: plugin 'not_there' can't be imported: No module named 'not_there' (*)    |
      | broken       |         | covfork: plugin 'broken' can't be imported: No module named 'does_not_exist' (*)  |
      | failing      |         | covfork: plugin 'failing': ZeroDivisionError: division by zero                    |
      | without_init |         | covfork: Plugin module 'without_init' didn't define a coverage_init function      |
      | kinds        | fails   | covfork: plugin 'kinds.Kinds': ValueError: no luck today                          |
      | kinds        | unknown | covfork: plugin 'kinds.Kinds': No such option: 'run:nothing'                      |
      | kinds        | leaves  | covfork: plugin 'kinds.Kinds': SystemExit: 0                                      |
      | kinds        | wrong   | covfork: report:exclude_lines = if (: missing ), unterminated subpattern at position 3 |

  Scenario: each Python runs a plugin for what it records
    Given the file ".coveragerc"
      """
      [run]
      plugins = duck
      source = .
      [duck]
      word = quack
      """
    When each Python from 3.8 on runs `$PYTHON main.py`
    Then each succeeded
    And each run looks as it does without covfork
    And each run recorded nothing of "main.py"
    And each run has 5 statements in "part/used.py"

  Scenario: what a plugin prints is in no report
    Given the file ".coveragerc"
      """
      [run]
      plugins = kinds
      [kinds]
      kind = prints
      """
    When I run `covfork run -q -- python main.py && covfork report`
    Then the status is 0
    And the standard output has no "may print"
    And the standard output has no "main.py"

  Scenario: what else an interpreter says as it starts is no part of the answer
    Given the file "site/sitecustomize.py"
      """
      print("branch=1 is my favourite line")
      """
    And the file ".coveragerc"
      """
      [run]
      plugins = kinds
      [kinds]
      kind = omit
      """
    When I run `PYTHONPATH=site covfork run -q -- python main.py && PYTHONPATH=site covfork report`
    Then the status is 0
    And the standard error is empty
    And the standard output has "main.py"
    And the standard output has no "Branch"
    And the standard output has no "part"

  Scenario: a plugin is run by an interpreter that has it
    Given the file ".coveragerc"
      """
      [run]
      plugins = kinds
      [kinds]
      kind = branch
      """
    And the file "later.sh"
      """
      python main.py
      PYTHONPATH=$PWD/elsewhere python main.py
      """
    And I have run `mkdir elsewhere && mv kinds.py elsewhere`
    And I have run `covfork run -q -- bash later.sh`
    When I run `PYTHONPATH=elsewhere covfork report`
    Then the status is 0
    And the standard error is empty
    And the standard output has "Branch"
    And the standard output has "Incomplete: 1 of 2 interpreters lost data: this interpreter does not have the plugin kinds (see covfork tree)"

  Scenario: the bytecode of a project's plugin is not left there
    Given the file ".coveragerc"
      """
      [run]
      plugins = kinds
      [kinds]
      kind = branch
      """
    When I run `PYTHONDONTWRITEBYTECODE=1 covfork run -q -- python main.py && covfork report`
    Then the status is 0
    And there is no file "__pycache__"

  Scenario: a configuration that data names runs no plugin
    Given the file ".coveragerc"
      """
      [run]
      plugins = kinds
      [kinds]
      kind = branch
      """
    And I have run `covfork run -q --data-dir "$PWD/../data" -- python main.py`
    And I have run `mkdir ../here`
    When I run `cd ../here && covfork report --data-dir "$PWD/../data"`
    Then the status is 0
    And the standard error has "its plugins are not run, for data names it: name it by --rcfile"

  Scenario: covdefaults makes of a project what it makes of it for coverage.py
    Given the plugins' environment
    And the file ".coveragerc"
      """
      [run]
      plugins = covdefaults
      [covdefaults]
      subtract_omit = */__main__.py
      """
    And the file "platforms.py"
      """
      import sys


      def load(name):
          if sys.platform == "win32":  # pragma: win32 cover
              return "nt"
          else:  # pragma: win32 no cover
              return "posix"


      def todo():
          raise NotImplementedError


      load("a")
      if sys.version_info < (3, 2):  # pragma: <3.2 cover
          todo()
      if __name__ == "__main__":
          sys.exit(0)
      """
    And I have run `covfork run -q -- python platforms.py`
    Then `report` does the same as coverage.py's on `platforms.py`

  Scenario Outline: contexts that a plugin gives are coverage.py's to record
    Given the file ".coveragerc"
      """
      [run]
      plugins = contexts
      """
    When I run `covfork run --engine <engine> -- python main.py && covfork json -q --show-contexts -o -`
    Then the status is 0
    And the standard output has <found>
    And the standard error has <said>

    Examples:
      | engine   | found           | said                                                                          |
      | coverage | ""checking""    | "nothing lost"                                                                |
      | native   | "executed_lines" | "the plugin contexts.Contexts gives contexts, which are not recorded; --engine" |

  Scenario Outline: files that a plugin traced are reported as coverage.py reports them
    Given the target "plugin_files"
    And the file ".coveragerc"
      """
      [run]
      plugins = listing
      source = pages
      <setting>
      """
    And I have run `coverage run --data-file=kept show.py a`
    And I have run `covfork combine -q kept`
    Then `<command>` does the same as coverage.py's on `show.py a`

    Examples:
      | setting               | command                              |
      |                       | report -m                            |
      | branch = true         | report -m                            |
      | branch = true         | lcov -q -o -                         |
      | omit = pages/n*       | report                               |
      | relative_files = true | report --format=markdown             |
      | branch = true         | report -m --include=pages/never.list |
      | branch = true         | report -m --omit=pages/never.list    |

  Scenario Outline: coverage.py as the engine has them as coverage.py itself
    Given the target "plugin_files"
    And the file ".coveragerc"
      """
      [run]
      plugins = listing
      source = .
      branch = <branch>
      """
    And I have run `covfork run -q --engine coverage -- python show.py`
    Then `report -m` does the same as coverage.py's on `show.py`
    And the JSON report equals coverage.py's on `show.py` in all but meta
    And the ledger names 0 "lost"

    Examples:
      | branch |
      | false  |
      | true   |

  Scenario: coverage.py can report them from what sqlite writes
    Given the target "plugin_files"
    And the file ".coveragerc"
      """
      [run]
      plugins = listing
      source = pages
      branch = true
      """
    And I have run `coverage run --data-file=kept --context=label show.py`
    And I have run `covfork combine -q kept`
    When I run `covfork sqlite -q -o again`
    Then the status is 0
    And coverage.py reports of "again" what it reports of "kept"

  Scenario: their pages have the plugin's words, and their text as it is
    Given the target "plugin_files"
    And the file ".coveragerc"
      """
      [run]
      plugins = listing
      source = pages
      branch = true
      """
    And I have run `coverage run --data-file=kept show.py`
    And I have run `covfork combine -q kept`
    When I run `covfork html -q && cat htmlcov/*page.list*.html`
    Then the status is 0
    And the standard output has "did not lead to"
    And the standard output has "text &lt;b&gt;that&lt;/b&gt; is none of # Python"

  Scenario Outline: the native engine records none of them, which is said
    Given the target "plugin_files"
    And the file ".coveragerc"
      """
      [run]
      plugins = listing
      source = pages
      """
    When I run `<command>`
    Then the status is 0
    And the standard <stream> has "warning"
    And the standard <stream> has "the plugin listing.Listing traces files, which is not recorded"

    Examples:
      | command                                              | stream |
      | covfork run -- python show.py                        | error  |
      | covfork run -q -- python show.py; covfork report     | error  |
      | covfork doctor                                       | output |

  Scenario: what the native engine could not record counts as never run
    Given the target "plugin_files"
    And the file ".coveragerc"
      """
      [run]
      plugins = listing
      source = .
      """
    And I have run `covfork run -q -- python show.py`
    When I run `covfork report`
    Then the standard output has "pages/page.list        4      4     0%"

  Scenario Outline: a file of which its plugin can say nothing is named
    Given the target "plugin_files"
    And the file ".coveragerc"
      """
      [run]
      plugins = listing
      source = pages
      """
    And I have run `coverage run --data-file=kept show.py`
    And I have run `covfork combine -q kept`
    And the file ".coveragerc"
      """
      [run]
      plugins = <plugins>
      [listing]
      kind = <kind>
      """
    When I run `covfork report`
    Then the status is 1
    And the standard output is empty
    And the standard error is one line like "covfork: couldn't parse '*.list': <why>"
    When I run `covfork report --ignore-errors --include=pages/page.list`
    Then the standard error has "covfork: warning: couldn't parse '"

    Examples:
      | plugins | kind  | why                                                                                     |
      |         |       | it was recorded by the plugin listing.Listing, which *plugins does not give             |
      | listing | fails | RuntimeError: no idea of it                                                             |
      | listing | none  | Plugin 'listing.Listing' did not provide a file reporter for '*.list'.                   |

  Scenario: data of two plugins that both traced a file is refused
    Given the target "plugin_files"
    And I have run `sed s/Listing/Other/ listing.py >other.py`
    And the file ".coveragerc"
      """
      [run]
      plugins = listing
      source = pages
      """
    And I have run `coverage run --data-file=kept show.py`
    And I have run `sed -i s/listing/other/ .coveragerc && coverage run --data-file=others show.py`
    When I run `covfork combine -q kept others`
    Then the status is 1
    And the standard error is one line like "covfork: Conflicting file tracer name for '*': 'listing.Listing' vs 'other.Other'"
    And there is no file ".covfork/combined-*"

  Scenario: Django's templates are reported as coverage.py reports them
    Given the plugins' environment
    And the target "django_pages"
    And I have run `covfork run -q --engine coverage -- python render.py`
    Then `report -m` does the same as coverage.py's on `render.py`
