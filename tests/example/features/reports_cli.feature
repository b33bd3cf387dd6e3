Feature: Reports on the command line

  Background:
    Given I ran `shop receive 5.00 HAM-500-6=10 NAI-060-3=50`
    And I ran `shop --today 2024-02-10 order C-BAKER HAM-500-6=2 NAI-060-3=3 --place`
    And I ran `shop --today 2024-03-10 order C-EGGER NAI-060-3=5 --place`

  Scenario Outline: Reports as CSV, by children
    When a child runs `shop --today 2024-03-15 report <report> --format csv`
    Then it prints <lines> lines
    And it prints "<text>"

    Examples:
      | report                    | lines | text                                                       |
      | sales                     | 4     | 2024-02-10,2024-02,1,C-BAKER,DE,HAM-500-6,tools,2,37.80     |
      | sales --first 2024-03-01  | 2     | C-EGGER,AT,NAI-060-3,hardware,5,24.95                      |
      | monthly                   | 13    | 2024-02,52.77                                              |
      | monthly --first 2024-02-01 --last 2024-02-28 | 2 | 2024-02,52.77                              |
      | best                      | 3     | NAI-060-3,8,39.92                                          |
      | abc                       | 3     | HAM-500-6,37.80,48.64,A                                    |
      | stock                     | 3     | HAM-500-6,10,2,8,50.00                                     |
      | aging                     | 6     | over 90,0.00                                               |

  Scenario Outline: Other forms
    When I run `shop report best --format <form>`
    Then it prints "<text>"

    Examples:
      | form     | text                          |
      | text     | Best 5                        |
      | markdown | \| sku \| quantity \| amount \| |
      | json     | "title": "Best 5"             |
      | html     | <td>39.92</td>                |

  Scenario: Into a file
    When I run `shop report stock -f csv -o {dir}/stock.csv`
    Then it succeeds
    And there is a file "stock.csv" with 3 lines
    When I run `shop report stock -f csv -o {dir}/stock.csv`
    Then it complains "stock.csv is there already"

  Scenario: By a shell, into a pipe
    When a shell runs `shop report stock -f csv` with the output in a pipe
    Then it prints 3 lines
