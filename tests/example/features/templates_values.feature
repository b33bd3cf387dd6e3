Feature: Values in templates

  Scenario Outline: Values and filters
    When I fill in `<template>`
    Then it becomes `<text>`

    Examples:
      | template                             | text            |
      | plain                                | plain           |
      | {{ name }}                           | anna egger      |
      | {{ name\|title }}                    | Anna Egger      |
      | {{ name\|upper }}!                   | ANNA EGGER!     |
      | {{ amount\|money }}                  | 1234.56         |
      | {{ amount\|de }}                     | 1.234,56 €      |
      | {{ items\|length }}                  | 2               |
      | {{ items.1.sku }}                    | B               |
      | {{ object.color }}                   | blue            |
      | {{ object.inner.size }}              | 3               |
      | [{{ five\|pad:4 }}]                  | [5   ]          |
      | [{{ five\|right:4 }}]                | [   5]          |
      | {{ none\|default:nobody }}           | nobody          |
      | {{ zero\|default:nobody }}           | 0               |
      | a{# not seen #}b                     | ab              |
      | {{name\|title\|upper}}               | ANNA EGGER      |

  Scenario Outline: Values that aren't there
    When I fill in `<template>`
    Then it is refused: "<message>"
    And it is refused as TemplateError

    Examples:
      | template               | message                  |
      | {{ nobody }}           | no value for nobody      |
      | {{ items.7 }}          | no value for items.7     |
      | {{ items.x }}          | no value for items.x     |
      | {{ object.weight }}    | no value for object.weight |
      | {{ name\|rot13 }}      | no such filter: rot13    |

  Scenario: None is nothing
    When I fill in `{{ none }}{{ empty }}`
    Then it becomes nothing

  Scenario Outline: Letters
    When I fill in a letter for <count> customers with <items> items each
    Then the result is <lines>

    Examples:
      | count | items | lines |
      | 900   | 5     | 6300  |
      | 150   | 60    | 9300  |
