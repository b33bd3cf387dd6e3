Feature: tools that make environments and run the tests within them
  tox passes few variables on; nox and uv make environments by programs of their own.

  Background:
    Given the shop and the runners

  Scenario Outline: tox
    Given the engine "<engine>"
    When I run `tox <command>` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "congratulations :)"
    And the lines of the shop are those that coverage.py finds for `-m unittest discover -q -s tests -t .`
    And nothing is lost

    Examples:
      | engine    | command           |
      | native    | run               |
      | native    | run-parallel -p 2 |

  @nox
  Scenario Outline: nox with uv and with virtualenv
    Given the engine "<engine>"
    When I run `nox -f noxfile_unit.py --default-venv-backend <backend>` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the lines of the shop are those that coverage.py finds for `-m unittest discover -q -s tests -t .`
    And nothing is lost

    Examples:
      | engine    | backend    |
      | native    | uv         |
      | native    | virtualenv |

  Scenario Outline: uv run
    It builds the shop, in an environment that lasts no longer, and installs it.
    Given the engine "<engine>"
    And I have run `uv sync --python "$(command -v python)" && rm -r .venv *.egg-info`
    When I run `uv run --python "$(command -v python)" python -m unittest discover -q -s tests -t .` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the lines of the shop are those that coverage.py finds for `-m unittest discover -q -s tests -t .`
    And nothing is lost

    Examples:
      | engine    |
      | native    |
