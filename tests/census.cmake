# What the collector makes of a run whose ledger's lines come in other orders, are cut or missing
# (tests/census/shuffle_ledgers.py): ctest -R census.SCENARIO
set(shuffle "${CMAKE_CURRENT_SOURCE_DIR}/census/shuffle_ledgers.py")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${shuffle}")
file(STRINGS "${shuffle}" lines REGEX "^(@scenario|def )")
set(is_scenario FALSE)
foreach(line IN LISTS lines)
    if(line MATCHES "^@scenario")
        set(is_scenario TRUE)
    elseif(is_scenario)
        set(is_scenario FALSE)
        string(REGEX REPLACE "^def ([a-z_]+).*" "\\1" name "${line}")
        add_test(NAME census.${name} COMMAND "${COVFORK_TOOLS}/bin/python" -B "${shuffle}" "${name}")
        set_tests_properties(census.${name} PROPERTIES LABELS census TIMEOUT 600 SKIP_RETURN_CODE 77
            ENVIRONMENT "COVFORK_TEST_BUILD=${CMAKE_BINARY_DIR}")
    endif()
endforeach()

# Each event that the library writes is one of format.h's.
add_test(NAME census.events COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/check_events"
    "${CMAKE_SOURCE_DIR}/preload")
set_tests_properties(census.events PROPERTIES LABELS style TIMEOUT 60)
