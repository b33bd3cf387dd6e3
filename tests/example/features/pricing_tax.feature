Feature: Value added tax

  Scenario Outline: Rates
    When I ask for the <class> rate for a <kind> customer in <country>
    Then the result is <rate>

    Examples:
      | class    | kind     | country | rate |
      | standard | private  | DE      | 19   |
      | reduced  | private  | DE      | 7    |
      | zero     | private  | DE      | 0    |
      | standard | business | DE      | 19   |
      | standard | private  | AT      | 20   |
      | reduced  | private  | FR      | 5.5  |
      | standard | business | FR      | 0    |
      | standard | private  | BE      | 19   |
      | standard | private  | US      | 0    |

  Scenario: A class that isn't there
    When I ask for the luxury rate for a private customer in DE
    Then it is refused: "no such tax class: luxury"

  Scenario Outline: Policies that make no sense
    When I make a tax policy for <home>, rounded by <rounding>
    Then it is refused: "<message>"

    Examples:
      | home | rounding | message                 |
      | US   | line     | no tax rates for US     |
      | DE   | dice     | line or total, not by dice |

  Scenario Outline: Rounding, and prices with tax
    Given tax rounded by <rounding>, prices <kind> tax, shop in DE
    And a basket from DE with
      | category | quantity | price |
      | tools    | 1        | 0.13  |
      | tools    | 1        | 0.13  |
      | books    | 1        | 10.00 |
    When the basket is priced
    Then the price is <net> net, <tax> tax, <total> in all

    Examples:
      | rounding | kind    | net   | tax  | total |
      | line     | without | 10.26 | 0.74 | 11.00 |
      | total    | without | 10.26 | 0.75 | 11.01 |
      | line     | with    | 9.57  | 0.69 | 10.26 |
      | total    | with    | 9.57  | 0.69 | 10.26 |

  Scenario Outline: Who owes the tax
    Given a basket of a <kind> customer from <country> with
      | category | quantity | price  |
      | tools    | 1        | 100.00 |
    When the basket is priced
    Then the treatment is <treatment>
    And the price is 100.00 net, <tax> tax, <total> in all

    Examples:
      | kind     | country | treatment | tax   | total  |
      | private  | DE      | domestic  | 19.00 | 119.00 |
      | private  | FR      | oss       | 20.00 | 120.00 |
      | business | FR      | reverse   | 0.00  | 100.00 |
      | private  | US      | export    | 0.00  | 100.00 |

  Scenario Outline: Net and tax always add up
    When I split the tax of every amount up to <limit> in <country>
    Then the result is <limit>

    Examples:
      | limit | country |
      | 30000 | DE      |
      | 20000 | FR      |
