# Each way in which a Python process starts, forks and ends (tests/targets/ways), under covfork and
# on every interpreter that is found: ctest -R ways.NAME
find_program(COVFORK_TEST_PYTHON NAMES python3 REQUIRED)
file(GLOB ways CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/targets/ways/*.py")
if(NOT ways)
    message(FATAL_ERROR "tests/targets/ways has no ways")
endif()
foreach(path IN LISTS ways)
    get_filename_component(way "${path}" NAME_WE)
    add_test(NAME ways.${way}
        COMMAND "${COVFORK_TEST_PYTHON}" "${PROJECT_SOURCE_DIR}/scripts/bench/ways" --check --jobs 1
            --tool covfork --build "${PROJECT_BINARY_DIR}" --venvs "${PROJECT_BINARY_DIR}/fixtures/ways" --way "${way}")
    file(STRINGS "${path}" modules REGEX "^# needs:.*module ")
    if(modules)
        # They make the environments that have these.
        set_tests_properties(ways.${way} PROPERTIES RESOURCE_LOCK ways_environments)
    endif()
    # 77: no interpreter here can run it; the output names the reasons.
    set_tests_properties(ways.${way} PROPERTIES LABELS ways TIMEOUT 600 SKIP_RETURN_CODE 77)
endforeach()
