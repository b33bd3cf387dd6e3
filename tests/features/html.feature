Feature: covfork html
  A folder of pages that shows what ran, and in which process, in a browser that opens it as files.

  Background:
    Given a browser
    And the target "pages"

  Scenario: the index has folders with totals
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    When I open the page of "index"
    Then the totals are "89%, 7 files, 37 statements, 4 missing, 2 excluded"
    And the share on top is that of `covfork report`
    And the rows are "main.py shop/ __init__.py desk/ __init__.py bell.py unused.py till.py worker.py"
    And the row of "shop/" has "23 4 2 83%"
    And the row of "desk/" has "7 2 0 71%"
    And the row of "bell.py" has "6 1 0 83%"
    And nothing failed in the browser

  Scenario: columns sort up and down, by mouse and by key
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    And I have opened the page of "index"
    When I press "t"
    And I click on "Missing"
    Then the column "Missing" is sorted descending
    And the rows are "shop/till.py shop/desk/bell.py shop/desk/unused.py main.py shop/__init__.py shop/desk/__init__.py worker.py"
    When I press "m"
    Then the column "Missing" is sorted ascending
    When I press "c"
    Then the column "Coverage" is sorted ascending
    And the rows are "shop/desk/unused.py shop/desk/bell.py shop/till.py main.py shop/__init__.py shop/desk/__init__.py worker.py"

  Scenario: a search keeps what matches and its folders
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    And I have opened the page of "index"
    When I press "/"
    And I type "BELL"
    Then the rows are "shop/desk/ bell.py"
    And the status line is "1 of 7 files, 83% covered"
    When I press "Escape"
    Then the status line is "7 files"
    When I press "Escape /"
    And I type "<80"
    Then the rows are "shop/desk/ unused.py"

  Scenario: what is shown stands in the address and comes back with it
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    And I have opened the page of "index"
    When I press "t s"
    And I press "/"
    And I type "shop"
    Then the address has "q=shop"
    When I load the page again
    Then the rows are "shop/till.py shop/desk/bell.py shop/desk/unused.py shop/__init__.py shop/desk/__init__.py"
    And the column "Statements" is sorted descending

  Scenario: the keyboard alone leads through folders to a file and back
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    And I have opened the page of "index"
    When I press "j j"
    Then the row in focus is that of "shop/"
    When I press "ArrowLeft"
    Then the rows are "main.py shop/ worker.py"
    When I press "ArrowRight j j j j"
    Then the row in focus is that of "bell.py"
    When I press "Enter"
    Then the page is that of "shop/desk/bell.py"
    When I press "u"
    Then the page is that of "index"

  Scenario: functions and classes have lists of their own
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    And I have opened the page of "index"
    When I press "2 c"
    Then a row has "mend"
    And a row has "Till.take"
    And the status line is "12 functions"
    When I press "3"
    Then a row has "Till"
    When I press "2 / m e n d"
    And I press "Enter Enter"
    Then the page is that of "shop/desk/bell.py"
    And the address ends with "#L7"

  Scenario: of three thousand files only the rows in sight exist
    Given a project of 3000 files in folders
    And I have run `covfork run -q -- python main.py && covfork html -q`
    When I open the page of "index"
    Then no more than 80 rows exist, of 3491
    When I scroll to the end
    Then no more than 80 rows exist, of 3491
    And a row has "worker.py"
    When I press "t"
    And I press "/"
    And I type "module2999"
    Then the rows are "many/group29/set3/module2999.py"
    When I press "Escape"
    And I press "Escape s"
    And I press "End"
    Then no more than 80 rows exist, of 3248
    And nothing failed in the browser

  Scenario: a source page says of each line what became of it
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    When I open the page of "shop/till.py"
    Then the lines 4, 5, 9, 13, 14, 15, 18 and 19 count as run
    And the lines 10, 11, 12 and 26 count as missing
    And the lines 30 and 31 count as excluded
    And the lines 1, 2 and 7 count as no statements
    And the line 10 is marked with "×", not with colour alone
    And the line 30 is marked with "–", not with colour alone
    And the strip at the edge shows 2 stretches
    And nothing failed in the browser

  Scenario: keys move between what is missing, and marks can be switched off
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    And I have opened the page of "shop/till.py"
    When I press "n"
    Then the line 10 is in focus and in sight
    When I press "n"
    Then the line 26 is in focus and in sight
    When I press "p"
    Then the line 10 is in focus and in sight
    When I press "j j"
    Then the line 12 is in focus and in sight
    When I press "m"
    Then the strip at the edge shows 0 stretches

  Scenario: a line and a range of lines have links
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    When I open "#L13" of the page "shop/till.py"
    Then the lines 13 to 13 are highlighted, and no other
    And the line 13 is in focus and in sight
    When I click on line number 8
    Then the address ends with "#L8"
    When I click on line number 11 with the shift key
    Then the address ends with "#L8-L11"
    And the lines 8 to 11 are highlighted, and no other
    When I load the page again
    Then the lines 8 to 11 are highlighted, and no other

  Scenario: each line says how many processes ran it, and lists them
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    When I open the page of "shop/till.py"
    Then the count of line 4 is "3"
    And the count of line 13 is "2"
    And the count of line 15 is "1"
    And line 10 has no count
    When I click on the count of line 15
    Then the panel has "Ran in 1 process."
    And the panel has "python worker.py tipped"
    When I press "Escape"
    Then the panel is closed
    When I click on line number 13
    And I press "Enter"
    Then the panel has "Ran in 2 processes."
    And the panel has "python main.py 5 plain tipped"

  Scenario: contexts of processes are named
    Given I have run `COVFORK_CONTEXT=night covfork run -q -- python main.py 5 && covfork html -q --show-contexts`
    And I have opened the page of "shop/till.py"
    When I click on the count of line 13
    Then the panel has "night"

  Scenario: a job that only combines still knows who ran what
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork combine -q && covfork html -q`
    When I open the page of "shop/till.py"
    Then the count of line 13 is "2"
    When I click on the count of line 15
    Then the panel has "python worker.py tipped"
    When I open the page of "run"
    Then 3 bars are drawn

  Scenario: pages lead to the previous and the next file
    Given I have run `covfork run -q -- python main.py 5 && covfork html -q`
    And I have opened the page of "main.py"
    When I press "]"
    Then the page is that of "shop/__init__.py"
    When I press "]"
    Then the page is that of "shop/desk/__init__.py"
    When I press "["
    Then the page is that of "shop/__init__.py"

  Scenario: the head of a source page stays while it scrolls
    Given a project of 3 files in folders
    And the file "long.py"
      """
      import many
      x = '''
      '''
      """
    And I have run `for i in $(seq 300); do echo "y = $i"; done >>long.py`
    And I have run `covfork run -q -- python long.py && covfork html -q`
    And I have opened the page of "long.py"
    When I scroll to the end
    Then the head of the page is still in sight

  Scenario: branches that were not taken are told in words
    Given I have run `coverage run --branch main.py 5 && covfork combine -q .coverage && covfork html -q`
    When I open the page of "shop/till.py"
    Then the line 9 counts as partial
    And the line 14 counts as partial
    And the line 9 is marked with "◐", not with colour alone
    And the page has "line 9 didn't jump to line 10 because the condition on line 9 was never true"
    When I press "b"
    Then the page has no "line 9 didn't jump"

  Scenario: the run page draws each process and tells what is known of it
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    When I open the page of "run"
    Then 3 bars are drawn
    And a row has "python worker.py tipped"
    When I press "/"
    And I type "tipped"
    And I press "ArrowDown j j Enter"
    Then the panel has "python worker.py tipped"
    And the panel has "Ended by itself after"
    And the panel has "python main.py 5 plain tipped (process"
    And the panel has "What no other process ran"
    When I click on "15"
    Then the page is that of "shop/till.py"
    And the address ends with "#L15"

  Scenario: the run page says what was lost
    Given I have run `covfork run -q -- sh -c 'python main.py 5; python worker.py plain; :'`
    And I have run `rm "$(ls .covfork/s-*/*.*.*.data | head -n 1)" && covfork html -q`
    When I open the page of "run"
    Then the page has "the data file"
    And the page has "1 lost"
    When I open the page of "index"
    Then the page has "1 lost data"

  Scenario: a thousand processes have a thousand rows, of which few exist
    Given the file "many.py"
      """
      import os
      import shop.till

      for number in range(1000):
          if os.fork() == 0:
              shop.till.close(shop.till.Till())
              os._exit(0)
          os.wait()
      """
    And I have run `covfork run -q -- python many.py && covfork html -q`
    When I open the page of "run"
    Then no more than 80 rows exist, of 1001
    When I open the page of "shop/till.py"
    Then the count of line 24 is "1,000"
    When I click on the count of line 24
    Then the panel has "Ran in 1,000 processes."
    And the panel has "Show all 1,000"
    And nothing failed in the browser

  Scenario Outline: a page has enough contrast in both themes, and remembers a choice
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    And I have opened the page of "<page>"
    When the system is light
    Then the background is light
    And all text has enough contrast
    When the system is dark
    Then the background is dark
    And all text has enough contrast
    When I click on "Theme: as the system"
    Then the background is light
    When I load the page again
    Then the background is light
    When I open the page of "index"
    Then the background is light

    Examples:
      | page         |
      | index        |
      | shop/till.py |
      | run          |

  Scenario Outline: a page fits a phone
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    When the window is that of a phone
    And I open the page of "<page>"
    Then the page is no wider than the window
    And each control has a name

    Examples:
      | page         |
      | index        |
      | shop/till.py |
      | run          |

  Scenario: without scripts there is still all of it
    Given a browser without scripts
    And I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    When I open the page of "index"
    Then the page has "shop/desk/bell.py"
    When I click on "shop/desk/bell.py"
    Then the page is that of "shop/desk/bell.py"
    And the page has "def ring(times):"
    And the line 8 counts as missing
    When I open the page of "run"
    Then the page has "python worker.py tipped"

  Scenario: nothing is loaded from elsewhere
    Given I have run `covfork run -q -- python main.py 5 plain tipped && covfork html -q`
    When I open each page
    Then nothing was asked for but files of the report
    And nothing failed in the browser

  Scenario Outline: the odd name of a file is text and no more
    Given the file with the name <name> that has
      """
      # </script><script>window.hacked = 1</script>
      x = "</script><!--<script>"
      y = "\u2028 \u202e <b onclick='hacked = 1'>"
      """
    And the file "start.py"
      """
      import subprocess, sys
      subprocess.run([sys.executable.encode(), <name>, b"</script><script>window.hacked=1</script>\xff\n"])
      """
    And I have run `covfork run -q -- python start.py && covfork html -q --title '</title><script>window.hacked=1</script>"'`
    When I open each page
    Then nothing of the data ran as a script
    When I open the page of "index"
    Then nothing of the data ran as a script
    And a row has "<shown>"
    When I open the page of "run"
    Then nothing of the data ran as a script
    And a row has "</script><script>window.hacked=1</script>"

    Examples:
      | name                                            | shown                               |
      | b"<img src=x onerror=hacked=1>.py"              | <img src=x onerror=hacked=1>.py     |
      | b"\"quote' &amp;.py"                            | "quote' &amp;.py                    |
      | b"new\nline.py"                                 | new\nline.py                        |
      | b"bytes\xff\xfe.py"                             | bytes\xff\xfe.py                    |
      | b"\xe2\x80\xaegpj.py"                           | \u202egpj.py                        |
