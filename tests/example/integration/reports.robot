*** Settings ***
Documentation    Reports, by Robot's own Process library.
Resource         shop.resource
Library          Process
Test Setup       Begin With A Shop
Test Teardown    Close Shop

*** Test Cases ***
The Stock In Each Format
    [Template]    The Report Has
    text        Stock
    markdown    | ---
    csv         ,
    json        "rows"
    html        <table>

*** Keywords ***
The Report Has
    [Arguments]    ${format}    ${text}
    @{command} =    Shop Command    report    stock    --format    ${format}
    ${done} =    Run Process    @{command}    cwd=${CURDIR}/..
    Should Be Equal As Integers    ${done.rc}    0    ${done.stderr}
    Should Contain    ${done.stdout}    ${text}
