# CPython's own tests, plain and recorded, result by result, on every interpreter that has them: each a test
#     ctest -L cpython
# Those that look at how code runs are quick, and among the tests that always run; the others, the slow ones, are asked for.
set(quick bdb code dis frame generators monitoring pdb sys_setprofile sys_settrace)
set(slow
    asyncio atexit audit capi concurrent_futures coroutines cprofile doctest embed exceptions faulthandler fork1 gc
    interpreters _interpreters _xxsubinterpreters multiprocessing_fork multiprocessing_forkserver multiprocessing_main_handling
    multiprocessing_spawn os popen posix profile pty resource runpy signal subprocess support sys thread threading
    threading_local threadsignals trace tracemalloc traceback wait3 wait4 weakref zipapp)
foreach(kind IN ITEMS quick slow)
    foreach(module IN LISTS ${kind})
        set(command "${COVFORK_TOOLS}/bin/python" -B "${CMAKE_CURRENT_SOURCE_DIR}/cpython/compare.py" test_${module})
        add_test(NAME cpython.test_${module} COMMAND ${command})
        add_test(NAME cpython.sid.test_${module} COMMAND "${sid}" --run ${command})
        foreach(name IN ITEMS cpython.test_${module} cpython.sid.test_${module})
            set(labels cpython)
            if(kind STREQUAL "slow")
                list(APPEND labels slow)
            endif()
            set_tests_properties("${name}" PROPERTIES LABELS "${labels}" TIMEOUT 5000 SKIP_RETURN_CODE 77
                ENVIRONMENT "COVFORK_TEST_BUILD=${CMAKE_BINARY_DIR}")
        endforeach()
        set_tests_properties("cpython.sid.test_${module}" PROPERTIES FIXTURES_REQUIRED sid)
    endforeach()
endforeach()
