# The newest interpreters, those that Debian sid has today, on the newest glibc, in the root that scripts/sid-root
# makes: the ways in and out, the statement analysis and the features about interpreters, once more.
#     ctest -L sid
# Where there is no such root (it takes root and the network), they are skipped, and say why.
set(sid "${CMAKE_SOURCE_DIR}/scripts/sid-root")

function(covfork_sid_test name cost)
    add_test(NAME "sid.${name}" COMMAND "${sid}" --run ${ARGN})
    set_tests_properties("sid.${name}" PROPERTIES LABELS sid TIMEOUT 900 SKIP_RETURN_CODE 77
        FIXTURES_REQUIRED sid COST ${cost}
        ENVIRONMENT "COVFORK_TEST_BUILD=${CMAKE_BINARY_DIR}")
endfunction()

# First of all: the others wait for it.
add_test(NAME sid.root COMMAND "${sid}")
set_tests_properties(sid.root PROPERTIES LABELS sid TIMEOUT 1500 SKIP_RETURN_CODE 77 COST 1000
    FIXTURES_SETUP sid RESOURCE_LOCK sid_root)

file(GLOB ways CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/targets/ways/*.py")
foreach(path IN LISTS ways)
    get_filename_component(way "${path}" NAME_WE)
    covfork_sid_test(ways.${way} 1 "${COVFORK_TEST_PYTHON}" "${CMAKE_SOURCE_DIR}/scripts/bench/ways"
        --check --jobs 1 --tool covfork --build "${CMAKE_BINARY_DIR}" --way "${way}")
endforeach()

covfork_sid_test(analysis 100 "${COVFORK_TEST_PYTHON}"
    "${CMAKE_SOURCE_DIR}/scripts/bench/accuracy" --driver "$<TARGET_FILE:analysis_dump>" PYTHONS)

foreach(stem IN ITEMS beside branches interpreters newest)
    set(feature "${CMAKE_CURRENT_SOURCE_DIR}/features/${stem}.feature")
    file(STRINGS "${feature}" lines REGEX "^ *Scenario( Outline)?:")
    foreach(line IN LISTS lines)
        string(REGEX REPLACE "^[^:]*: *" "" name "${line}")
        string(TOLOWER "${name}" slug)
        string(REGEX REPLACE "[^a-z0-9]+" "-" slug "${slug}")
        # No compiler is there, and no slipcover.
        if(NOT name MATCHES "other programs|before 3\\.8|LeakSanitizer|coverage\\.py in|slipcover as")
            covfork_sid_test(${stem}.${slug} 10 "${COVFORK_TOOLS}/bin/python" -B
                "${CMAKE_SOURCE_DIR}/tests/features/run_scenario.py" "${feature}" "${name}")
        endif()
    endforeach()
endforeach()
