Feature: Loops and conditions in templates

  Scenario Outline: Blocks
    When I fill in `<template>`
    Then it becomes `<text>`

    Examples:
      | template                                                          | text             |
      | {% for i in items %}{{ i.sku }}{% end %}                          | AB               |
      | {% for i in items %}{{ loop.number }}{{ i.sku }} {% end %}.       | 1A 2B .          |
      | {% for i in nothing %}x{% else %}none{% end %}                    | none             |
      | {% for i in items %}{{ i.n }}{% if loop.last %}.{% else %},{% end %}{% end %} | 1,2. |
      | {% if five %}yes{% end %}                                         | yes              |
      | {% if not five %}yes{% else %}no{% end %}                         | no               |
      | {% if zero %}yes{% else %}no{% end %}                             | no               |
      | {% if five == 5 %}a{% end %}{% if five != 5 %}b{% end %}          | a                |
      | {% if five > 3 %}a{% end %}{% if five < 3 %}b{% end %}            | a                |
      | {% if name == "anna egger" %}it is her{% end %}                   | it is her        |
      | {% if not name != 'x' %}x{% else %}other{% end %}                 | other            |
      | {% include greeting %}                                            | Hello Anna Egger |
      | {% include nested %}                                              | Hello Anna Egger! |

  Scenario Outline: Mistakes
    When I fill in `<template>`
    Then it is refused: "<message>"

    Examples:
      | template                      | message                |
      | {% for i in %}{% end %}       | not a loop             |
      | {% if a b c %}{% end %}       | not a condition        |
      | {% for i in items %}          | for without end        |
      | {% if five %}                 | if without end         |
      | {% end %}                     | end of nothing         |
      | {% else %}                    | else without if        |
      | {% while five %}              | no such tag: while     |
      | {% include nothing %}         | no such template       |

  Scenario: Nested blocks over several lines
    When I fill in the template
      """
      {% for i in items %}
      {% if i.n > 1 %}many {{ i.sku }}{% else %}one {{ i.sku }}{% end %}
      {% end %}
      """
    Then it prints exactly
      """
      one A

      many B
      """
