Feature: servers and workers, and the test runner of a framework
  Their processes are forked, spawned, or come from a fork server, and end by signals, by os._exit, or are
  killed.

  Background:
    Given the shop and the runners
    And $PYTHONPATH is ".:servers:django"

  Scenario Outline: celery with prefork workers
    Its pool is billiard's. The worker is ended by SIGTERM.
    Given the engine "<engine>"
    When I run `python servers/use_celery.py` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "worker: 0"
    And the lines of the shop are those that coverage.py finds for `servers/use_celery.py --eager`
    And nothing is lost

    Examples:
      | engine    |
      | native    |
      | coverage  |
      | slipcover |

  Scenario: a worker of celery that is killed loses nothing
    The engines that are programs in Python lose what such a process ran.
    When I run `python servers/use_celery.py --kill` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "killed"
    And the lines of the shop are those that coverage.py finds for `servers/use_celery.py --eager --kill`
    And nothing is lost

  Scenario Outline: gunicorn with two workers
    It is ended by SIGTERM.
    Given the engine "<engine>"
    When I run `python servers/use_gunicorn.py` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the output has the words "server: 0"
    And the lines of the shop are those that coverage.py finds for `servers/use_gunicorn.py --here`
    And nothing is lost

    Examples:
      | engine    |
      | native    |
      | coverage  |
      | slipcover |

  Scenario Outline: Django's parallel test runner
    Given the engine "<engine>"
    When I run `START_METHOD=<start> python django/manage.py test --parallel 2 counter` with and without covfork
    Then both end with status 0 and say the same, in any order and at any time
    And the lines of the shop are those that coverage.py finds for `django/manage.py test counter`
    And nothing is lost

    Examples:
      | engine    | start      |
      | native    | fork       |
      | native    | spawn      |
      | native    | forkserver |
      | coverage  | fork       |
      | slipcover | fork       |
