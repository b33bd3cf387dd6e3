/* Tests of collector/command_line.c; what is expected is what Python's shlex.split gives. */
#include "unit.h"

#include "collector/command/command_line.h"

#include <string.h>

/* The words, "|" behind each, or what is wrong. */
static const char *split(const char *text)
{
    static char shown[256];
    struct string_list words = { 0 };
    struct error error = { 0 };
    *shown = '\0';
    if (command_line_split(&words, text, &error) != 0)
        strcpy(shown, strrchr(error.text, ':') + 2);
    for (size_t i = 0; !error.code && i < words.count; i++) {
        strcat(shown, words.items[i]);
        strcat(shown, "|");
    }
    string_list_close(&words);
    return shown;
}

static void words_are_separated_by_blanks(void **state)
{
    (void)state;
    assert_string_equal(split("-m pytest  -x\n\ttests"), "-m|pytest|-x|tests|");
    assert_string_equal(split(" "), "");
    assert_string_equal(split(""), "");
}

static void quotes_hold_blanks_together(void **state)
{
    (void)state;
    assert_string_equal(split("a'b c'd \"e 'f\""), "ab cd|e 'f|");
    assert_string_equal(split("a '' \"\""), "a|||");
    assert_string_equal(split("# no 'comment'"), "#|no|comment|");
}

static void a_backslash_counts_where_it_does_in_a_shell(void **state)
{
    (void)state;
    assert_string_equal(split("a\\ b '\\c' \"\\d\\\"\\\\\" \\'"), "a b|\\c|\\d\"\\|'|");
}

static void what_has_no_end_is_an_error(void **state)
{
    (void)state;
    assert_string_equal(split("a 'b"), "a quote has no end");
    assert_string_equal(split("a \"b\\\""), "a quote has no end");
    assert_string_equal(split("a \\"), "nothing follows the last backslash");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(words_are_separated_by_blanks),
    cmocka_unit_test(quotes_hold_blanks_together),
    cmocka_unit_test(a_backslash_counts_where_it_does_in_a_shell),
    cmocka_unit_test(what_has_no_end_is_an_error),
};

UNIT_MAIN(tests)
