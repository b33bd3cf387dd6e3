*** Settings ***
Documentation    Archives that one interpreter writes and another one reads.
Resource         shop.resource
Library          OperatingSystem
Test Setup       Begin With A Shop
Test Teardown    Close Shop

*** Test Cases ***
A Dump Can Be Restored
    Shop    dump    ${DIR}/before.archive
    Shop    reprice    paint    20
    Shop    dump    ${DIR}/after.archive
    ${out} =    Shop    compare    ${DIR}/before.archive    ${DIR}/after.archive    status=1
    Should Contain    ${out}    products 6: changed: price
    Shop    restore    ${DIR}/before.archive
    ${out} =    Shop    products    brush
    Should Contain    ${out}    3.80

Products Go From One Shop To Another
    Shop    export    products    ${DIR}/products.csv
    File Should Exist    ${DIR}/products.csv
    ${out} =    Shop    import    products    ${DIR}/products.csv    --update
    Should Contain    ${out}    0 added, 8 updated, 0 left out

Nothing In The Environment
    [Tags]    beyond-coverage-py
    ${out} =    Shop Without Environment    query    brush
    Should Contain    ${out}    LIKE
