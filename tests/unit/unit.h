/*
 * What every unit test includes: cmocka and its needs, and a main that runs all tests of a file or
 * the one that is named. A name that no test has is an error, not a run of nothing.
 */
#ifndef COVFORK_UNIT_H
#define COVFORK_UNIT_H

/* clang-format off: cmocka.h needs these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <string.h>

#define UNIT_MAIN(tests) UNIT_MAIN_WITH(tests, NULL, NULL)

/* With what is to be made once before, and unmade after, all of them. */
#define UNIT_MAIN_WITH(tests, set_up, tear_down)                                                   \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        if (argc > 1) {                                                                            \
            size_t named = 0;                                                                      \
            for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)                            \
                named += strcmp(tests[i].name, argv[1]) == 0;                                      \
            if (named == 0) {                                                                      \
                fprintf(stderr, "%s: no test is named %s\n", argv[0], argv[1]);                    \
                return 2;                                                                          \
            }                                                                                      \
            cmocka_set_test_filter(argv[1]);                                                       \
        }                                                                                          \
        return cmocka_run_group_tests(tests, set_up, tear_down);                                   \
    }

#endif
