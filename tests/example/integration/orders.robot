*** Settings ***
Documentation    An order from the shelf to the payment, each step in an interpreter of its own.
Resource         shop.resource
Test Setup       Begin With A Full Shelf
Test Teardown    Close Shop

*** Test Cases ***
From The Order To The Payment
    ${out} =    Shop    order    C-BAKER    HAM-500-6=2    NAI-060-3=1    --place
    Should Contain    ${out}    placed, total 57.91
    Shop    order-step    pack    1
    Shop    order-step    ship    1
    ${out} =    Shop    bill    1
    Should Contain    ${out}    Invoice R
    ${out} =    Shop    pay    C-BAKER    57.91
    Should Contain    ${out}    57.91

An Order That Is Too Large
    ${out} =    Shop    order    C-BAKER    HAM-500-6=99    --place    status=6
    Should Contain    ${out}    99 wanted, 10 available

A Step Too Many
    Shop    order    C-BAKER    HAM-500-6=1
    Shop In This Process    order-step    ship    1    status=5

*** Keywords ***
Begin With A Full Shelf
    Begin With A Shop
    Shop In This Process    receive    5.00    HAM-500-6=10    NAI-060-3=50
