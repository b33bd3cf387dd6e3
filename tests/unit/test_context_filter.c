/* Tests of collector/context_filter.c; what is expected is what Python's re.search finds. */
#include "unit.h"

#include "collector/project/context_filter.h"

#include <stdlib.h>
#include <string.h>

static const char *const labels[] = { "unit", "unit|test_a", "UNIT", "two\nlines", "caf\xe9", "é" };

/* Which contexts the patterns choose: '1' for each of them, "" first. */
static const char *choose(const char *first, const char *second)
{
    static char shown[64];
    struct model model;
    struct string_list patterns = { 0 };
    struct error error = { 0 };
    bool *wanted;
    uint32_t number;
    assert_int_equal(model_init(&model), 0);
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        assert_int_equal(model_add_context(&model, labels[i], strlen(labels[i]), &number), 0);
    if (first)
        assert_int_equal(string_list_add(&patterns, first), 0);
    if (second)
        assert_int_equal(string_list_add(&patterns, second), 0);
    if (context_filter_make(&wanted, &patterns, &model, &error) != 0) {
        snprintf(shown, sizeof shown, "%s", strrchr(error.text, '\'') + 3);
    } else if (!wanted) {
        strcpy(shown, "all");
    } else {
        size_t count = model.context_count;
        for (size_t i = 0; i < count; i++)
            shown[i] = wanted[i] ? '1' : '0';
        shown[count] = '\0';
    }
    free(wanted);
    string_list_close(&patterns);
    model_close(&model);
    return shown;
}

static void without_patterns_all_count(void **state)
{
    (void)state;
    assert_string_equal(choose(NULL, NULL), "all");
}

static void a_pattern_is_found_anywhere(void **state)
{
    (void)state;
    assert_string_equal(choose("nit", NULL), "0110000");
    assert_string_equal(choose("_a", NULL), "0010000");
    assert_string_equal(choose("(?i)unit", NULL), "0111000");
    assert_string_equal(choose("nosuch", NULL), "0000000");
}

static void any_of_the_patterns_will_do(void **state)
{
    (void)state;
    assert_string_equal(choose("_a$", "^UNIT"), "0011000");
    assert_string_equal(choose("nosuch", "^$"), "1000000");
}

static void an_empty_pattern_is_found_everywhere(void **state)
{
    (void)state;
    assert_string_equal(choose("", NULL), "1111111");
}

static void lines_of_a_label_have_no_ends_of_their_own(void **state)
{
    (void)state;
    assert_string_equal(choose("^lines", NULL), "0000000");
    assert_string_equal(choose("(?m)^lines", NULL), "0000100");
    assert_string_equal(choose("two$", NULL), "0000000");
    assert_string_equal(choose("two.lines", NULL), "0000000");
    assert_string_equal(choose("(?s)two.lines", NULL), "0000100");
}

static void a_label_that_is_not_utf8_has_a_character_for_each_byte(void **state)
{
    (void)state;
    assert_string_equal(choose("^caf.$", NULL), "0000010");
    assert_string_equal(choose("^é$", NULL), "0000001");
}

static void a_wrong_pattern_is_an_error(void **state)
{
    (void)state;
    assert_string_equal(choose("unit", "*"), "nothing to repeat");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(without_patterns_all_count),
    cmocka_unit_test(a_pattern_is_found_anywhere),
    cmocka_unit_test(any_of_the_patterns_will_do),
    cmocka_unit_test(an_empty_pattern_is_found_everywhere),
    cmocka_unit_test(lines_of_a_label_have_no_ends_of_their_own),
    cmocka_unit_test(a_label_that_is_not_utf8_has_a_character_for_each_byte),
    cmocka_unit_test(a_wrong_pattern_is_an_error),
};

UNIT_MAIN(tests)
