/*
 * Tests of collector/constant.c: conditions, and what coverage.py 7.17.3 holds them for.
 */
#include "unit.h"

#include "collector/source/constant.h"

#include <stdlib.h>

struct condition {
    const char *text;
    enum constant expected;
};

/* Each in a copy of its own size, so that reading beyond it is found. */
static void check_all(const struct condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(conditions[i].text);
        char *copy = malloc(size + !size);
        assert_non_null(copy);
        memcpy(copy, conditions[i].text, size);
        enum constant found = constant_read(copy, size);
        free(copy);
        if (found != conditions[i].expected)
            fail_msg("%s: %d", conditions[i].text, (int)found);
    }
}

#define CHECK(...)                                                                                 \
    do {                                                                                           \
        static const struct condition conditions[] = { __VA_ARGS__ };                              \
        check_all(conditions, sizeof conditions / sizeof *conditions);                             \
    } while (0)

static void names_of_constants(void **state)
{
    (void)state;
    CHECK({ "True", CONSTANT_TRUE }, { "False", CONSTANT_FALSE }, { "None", CONSTANT_FALSE },
          { "__debug__", CONSTANT_TRUE }, { "...", CONSTANT_TRUE }, { "Truth", CONSTANT_NONE },
          { "TYPE_CHECKING", CONSTANT_NONE }, { "true", CONSTANT_NONE });
}

static void numbers(void **state)
{
    (void)state;
    CHECK({ "0", CONSTANT_FALSE }, { "1", CONSTANT_TRUE }, { "00_0", CONSTANT_FALSE },
          { "0x0", CONSTANT_FALSE }, { "0XaF", CONSTANT_TRUE }, { "0b00", CONSTANT_FALSE },
          { "0o7", CONSTANT_TRUE }, { "0.0", CONSTANT_FALSE }, { ".5", CONSTANT_TRUE },
          { "0.", CONSTANT_FALSE }, { "0e5", CONSTANT_FALSE }, { "1e-5", CONSTANT_TRUE },
          { "0J", CONSTANT_FALSE }, { "1_0.5E+1_0j", CONSTANT_TRUE }, { "-1", CONSTANT_NONE });
}

static void strings(void **state)
{
    (void)state;
    CHECK({ "''", CONSTANT_FALSE }, { "'a'", CONSTANT_TRUE }, { "\"\"\"\"\"\"", CONSTANT_FALSE },
          { "'''\n'''", CONSTANT_TRUE }, { "b''", CONSTANT_FALSE }, { "Rb'x'", CONSTANT_TRUE },
          { "u''", CONSTANT_FALSE }, { "'' \"\"", CONSTANT_FALSE }, { "'' 'x'", CONSTANT_TRUE },
          { "'\\\n'", CONSTANT_FALSE }, { "r'\\\n'", CONSTANT_TRUE }, { "'\\''", CONSTANT_TRUE },
          { "f''", CONSTANT_NONE }, { "'' f'{x}'", CONSTANT_NONE }, { "rT''", CONSTANT_NONE },
          { "'x'.y", CONSTANT_NONE }, { "'%s' % x", CONSTANT_NONE });
}

static void operators(void **state)
{
    (void)state;
    CHECK({ "not 0", CONSTANT_TRUE }, { "not not 0", CONSTANT_FALSE }, { "not x", CONSTANT_NONE },
          { "1 and 0", CONSTANT_FALSE }, { "0 or 1", CONSTANT_TRUE },
          { "0 and 0 or 1", CONSTANT_TRUE }, { "1 or 1 and 0", CONSTANT_TRUE },
          { "not 1 or not 0", CONSTANT_TRUE }, { "0 and x", CONSTANT_NONE },
          { "1 or x", CONSTANT_NONE }, { "x or 1", CONSTANT_NONE }, { "1or 0", CONSTANT_TRUE },
          { "1 if x else 0", CONSTANT_NONE }, { "1 == 1", CONSTANT_NONE },
          { "not 1 is 1", CONSTANT_NONE }, { "1 and", CONSTANT_NONE });
}

static void parentheses(void **state)
{
    (void)state;
    CHECK({ "(1)", CONSTANT_TRUE }, { "((0) or (1))", CONSTANT_TRUE },
          { "not (1 and 1)", CONSTANT_FALSE }, { "()", CONSTANT_NONE }, { "(1,)", CONSTANT_NONE },
          { "(x := 1)", CONSTANT_NONE }, { "(1)(2)", CONSTANT_NONE }, { "(1", CONSTANT_NONE },
          { "[]", CONSTANT_NONE }, { "lambda: 1", CONSTANT_NONE }, { "", CONSTANT_NONE });
}

static void blanks(void **state)
{
    (void)state;
    CHECK({ " 1 ", CONSTANT_TRUE }, { "(\n# one\n1\t)", CONSTANT_TRUE },
          { "1 \\\n and 0", CONSTANT_FALSE }, { "not(0)", CONSTANT_TRUE });
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_of_constants), cmocka_unit_test(numbers),     cmocka_unit_test(strings),
    cmocka_unit_test(operators),          cmocka_unit_test(parentheses), cmocka_unit_test(blanks),
};

UNIT_MAIN(tests)
