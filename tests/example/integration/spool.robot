*** Settings ***
Documentation    Workers that share a spool folder, and jobs that take their process with them.
Resource         shop.resource
Test Setup       Begin With A Shop
Test Teardown    Close Shop

*** Test Cases ***
Two Workers Share The Jobs
    FOR    ${name}    IN    a    b    c    d
        Shop In This Process    submit    ${DIR}/spool    ${name}    echo    {"text": "for ${name}"}
    END
    ${out} =    Shop At Once    2    work    ${DIR}/spool
    FOR    ${name}    IN    a    b    c    d
        Should Contain    ${out}    ${name}: done: for ${name}
    END

A Job That Is Killed
    [Tags]    beyond-coverage-py
    Shop    submit    ${DIR}/spool    bad    crash
    Shop    submit    ${DIR}/spool    good    divide    {"by": 8}
    ${out} =    Shop    work    ${DIR}/spool    status=1
    Should Contain    ${out}    bad: killed: SIGKILL
    Should Contain    ${out}    good: done: 12
