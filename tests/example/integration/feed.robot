*** Settings ***
Documentation    The feed of prices, as partner shops get it night after night.
Resource         shop.resource
Test Setup       Begin With A Shop
Test Teardown    Close Shop

*** Test Cases ***
A Partner Follows The Prices
    ${out} =    Feed
    Should Contain    ${out}    HAM-500-6: new at 18.90
    Shop    reprice    tools    10
    Shop    product-add    AXE-001-4    Axe    tools    35.00
    ${out} =    Feed
    Should Contain    ${out}    HAM-500-6: now 20.79
    Should Contain    ${out}    AXE-001-4: new at 35.00
    ${changes} =    Read Feed    feed.jsonl
    Should Be Equal    ${changes}    ${{{"HAM-500-6": "price", "SAW-300-1": "price", "AXE-001-4": "new"}}}

What Is No Longer Sold
    Write File    state.json    {"OLD-000-1": 100}
    ${out} =    Feed
    Should Contain    ${out}    OLD-000-1: no longer sold (was 1.00)

A State That Is None
    [Template]    Feed Fails
    not JSON
    12

*** Keywords ***
Feed
    [Arguments]    ${status}=0
    ${out} =    Shop    feed    ${DIR}/feed.jsonl    --state    ${DIR}/state.json    status=${status}
    RETURN    ${out}

Feed Fails
    [Arguments]    ${state}
    Write File    state.json    ${state}
    ${out} =    Feed    1
    Should Contain    ${out}    state.json is no state of a feed
