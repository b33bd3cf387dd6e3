# One ctest test for each Scenario and Scenario Outline of tests/features/*.feature, named
# feature.FILE.SLUG-OF-THE-NAME. They drive the programs of this build with behave.
#
# Tags that matter here:  @nox    makes environments and uses both cores: one such test at a time
#                         @alone  nothing runs beside it

function(covfork_feature_tests feature)
    get_filename_component(stem "${feature}" NAME_WE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${feature}")
    file(STRINGS "${feature}" lines REGEX "^ *(@|Feature:|Scenario:|Scenario Outline:)")
    set(tags "")
    set(names "")
    foreach(line IN LISTS lines)
        string(STRIP "${line}" line)
        if(line MATCHES "^@")
            string(APPEND tags " ${line}")
        elseif(line MATCHES "^Feature:")
            set(tags "")
        else()
            string(REGEX REPLACE "^[^:]*: *" "" name "${line}")
            string(TOLOWER "${name}" slug)
            string(REGEX REPLACE "[^a-z0-9]+" "-" slug "${slug}")
            string(REGEX REPLACE "^-|-$" "" slug "${slug}")
            set(test "feature.${stem}.${slug}")
            if(test IN_LIST names)
                message(FATAL_ERROR "${feature}: two scenarios have the name '${name}'")
            endif()
            list(APPEND names "${test}")
            add_test(NAME "${test}" COMMAND "${COVFORK_TOOLS}/bin/python" -B
                "${CMAKE_SOURCE_DIR}/tests/features/run_scenario.py" "${feature}" "${name}")
            set_tests_properties("${test}" PROPERTIES LABELS feature TIMEOUT 600 SKIP_RETURN_CODE 77
                ENVIRONMENT "COVFORK_TEST_BUILD=${CMAKE_BINARY_DIR}")
            if(tags MATCHES "@nox( |$)")
                # The heavy ones first: the light ones fill what they leave.
                set_tests_properties("${test}" PROPERTIES RESOURCE_LOCK nox COST 100)
            endif()
            if(tags MATCHES "@alone( |$)")
                set_tests_properties("${test}" PROPERTIES RUN_SERIAL ON)
            endif()
            set(tags "")
        endif()
    endforeach()
    if(NOT names)
        message(FATAL_ERROR "${feature} has no scenario")
    endif()
endfunction()

file(GLOB features CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/features/*.feature")
foreach(feature IN LISTS features)
    covfork_feature_tests("${feature}")
endforeach()

# What the library exports and needs, and the style of the sources.
add_test(NAME exports.functions COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/check_exports"
    functions "$<TARGET_FILE:covfork>" "${CMAKE_SOURCE_DIR}/preload/hooks.def")
add_test(NAME exports.libraries COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/check_exports"
    libraries "$<TARGET_FILE:covfork>")
add_test(NAME style.shellcheck COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/check_style" shellcheck)
add_test(NAME style.pages COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/check_pages" "${CMAKE_SOURCE_DIR}")
add_test(NAME style.rooms COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/check_rooms" "${CMAKE_SOURCE_DIR}")
add_test(NAME style.clang_format COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/check_style" clang_format)
# covfork-coverage(7) against coverage.py's lists and against covfork.
add_test(NAME manual.coverage_table COMMAND "${COVFORK_TOOLS}/bin/python" -B
    "${CMAKE_CURRENT_SOURCE_DIR}/check_coverage_table"
    "${CMAKE_SOURCE_DIR}/scripts/man/covfork-coverage.7.in" "$<TARGET_FILE_DIR:covfork-collect>/../scripts/covfork"
    "${CMAKE_SOURCE_DIR}")
set_tests_properties(manual.coverage_table PROPERTIES LABELS style TIMEOUT 120)
set_tests_properties(exports.functions exports.libraries style.shellcheck style.clang_format style.rooms style.pages
    PROPERTIES LABELS style TIMEOUT 120)
