Feature: the configuration that projects already have
  It is coverage.py's, read by its rules, and what is wrong in it is named with file and line.

  Background:
    Given the target "other_project"
    And the target "collector"
    And I have run `covfork run -q -- python work.py`
    And I have run `rm -f .coveragerc setup.cfg tox.ini pyproject.toml`

  Scenario Outline: an option that nobody knows is named, and the report is made
    Given the file "<file>"
      """
      <section>
      <text>
      """
    When I run `covfork report`
    Then the status is 0
    And the standard error is "covfork: warning: <file>:2: unrecognized option <where>"

    Examples:
      | file             | section               | text              | where                 |
      | .coveragerc      | [report]              | show_mising = yes | [report] show_mising  |
      | setup.cfg        | [coverage:report]     | presicion = 2     | [coverage:report] presicion |
      | tox.ini          | [coverage:run]        | brunch = yes      | [coverage:run] brunch |
      | pyproject.toml   | [tool.coverage.run]   | sourse = ["."]    | [tool.coverage.run] sourse |
      | .coveragerc.toml | [run]                 | sourse = ["."]    | [run] sourse          |

  Scenario Outline: a value that makes no sense is named with file and line
    Given the file "<file>"
      """
      <section>
      <text>
      """
    When I run `covfork report`
    Then the status is 1
    And the standard error is "covfork: <file>:2: <where>"

    Examples:
      | file             | section                | text                    | where                                                                                        |
      | .coveragerc      | [report]               | precision = two         | [report] precision = two: not an integer                                                     |
      | setup.cfg        | [coverage:report]      | fail_under = high       | [coverage:report] fail_under = high: not a number                                            |
      | tox.ini          | [coverage:run]         | branch = perhaps        | [coverage:run] branch = perhaps: not a boolean                                               |
      | pyproject.toml   | [tool.coverage.report] | exclude_also = ["if ("] | [tool.coverage.report] exclude_also = if (: missing ), unterminated subpattern at position 3 |
      | .coveragerc.toml | [report]               | precision = "two"       | [report] precision = two: not an integer                                                     |
      | .coveragerc      | [report]               | show_missing = ${NO?}   | [report] show_missing: variable NO is undefined: ${NO?}                                      |

  Scenario Outline: patterns of files are what coverage.py makes of them
    Given the file ".coveragerc"
      """
      [run]
      relative_files = <relative>
      source = <source>
      <when>
      [report]
      <then>
      """
    And I have run `ln -sfn stock link`
    And I have run `covfork run -q -- python work.py`
    Then `report` does the same as coverage.py's on `work.py`

    Examples:
      | relative | source | when                                | then                         |
      | no       | .      | omit = stock\units.py, *\features\* |                              |
      | no       | stock  | omit = .//stock/./units.py          |                              |
      | no       | stock  | omit = features/../stock/[l-s]*.py  |                              |
      | no       | stock  | omit = link/s*                      |                              |
      | no       | .      | omit = stock/                       | include = **/stock/**        |
      | no       | .      |                                     | omit = stock\s*, ?nits.py    |
      | yes      | .      | omit = ./stock/units.py             | include = stock/*            |
      | yes      | .      | omit = features/*                   | omit = ./stock/*, listing.py |
      | yes      | .      | omit = */steps/*                    | include = stock/[!a-l]*      |
