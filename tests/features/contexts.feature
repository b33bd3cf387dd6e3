Feature: reports of chosen contexts
  `--contexts` and `[report] contexts` choose as coverage.py's do: regular expressions, of which one
  must be found in the label. A gate is of what ran under these, and the others' lines are missing.

  Background:
    Given the file ".coveragerc"
      """
      [run]
      branch = true
      source = .
      dynamic_context = test_function
      context = unit
      """
    And the file "main.py"
      """
      def test_a(x=1):
          if x:
              return 1
          return 2


      def test_b():
          return test_a(0)


      def test_c():
          return [test_b(), "c"]


      test_a()
      test_c()
      """
    And I have combined what coverage.py records of `main.py`

  Scenario Outline: only what ran under the chosen contexts counts
    Then `report -m <options>` does the same as coverage.py's on `main.py`
    And the JSON report of `json -q --show-contexts <options>` is coverage.py's of `main.py` but for its origin

    Examples:
      | options                          |
      | --contexts=unit                  |
      | --contexts=test_a                |
      | --contexts='test_[ab]$'          |
      | --contexts='^unit$'              |
      | --contexts=test_b,test_c         |
      | --contexts='(?i)UNIT\\|.*TEST_A' |
      | --contexts=nosuch                |
      | --contexts='nosuch,'             |
      | --contexts=                      |

  Scenario Outline: the configuration chooses, and the command line instead of it
    Given I have run `printf '[report]\ncontexts =\n    test_a\n    nosuch\nfail_under = 90\n' >>.coveragerc`
    When I run `covfork <command>`
    Then the status is <status>

    Examples:
      | command                           | status |
      | report                            | 2      |
      | report --contexts=test,unit       | 0      |
      | json -q -o -                      | 2      |
      | json -q --contexts=unit -o -      | 0      |
      | html -q -d pages                  | 2      |
      | html -q -d pages --contexts=.     | 0      |
      | report --html=pages --json=a.json | 2      |
      | xml -q -o -                       | 0      |
      | lcov -q -o -                      | 0      |

  Scenario: an HTML report of chosen contexts shows these alone
    When I run `covfork html -q -d pages --show-contexts --contexts='test_a$' && grep -rhoE 'id="contexts">[^<]*' pages`
    Then the status is 0
    And the standard output is
      """
      id="contexts">[["unit|__main__.test_a",[2,3]]]
      """

  Scenario: a wrong expression is an error
    When I run `covfork report --contexts='test('`
    Then the status is 1
    And the standard output is empty
    And the standard error is "covfork: Invalid context regex 'test(': missing ), unterminated subpattern"

  Scenario: a report that is of all contexts is not written beside one of some
    When I run `covfork report --contexts=test_a --xml=out.xml`
    Then the status is 1
    And the standard error is "covfork: --xml is of all contexts, as coverage.py's is: write it by itself"
    And there is no file "out.xml"
