/*
 * Lines of a ledger: those that are taken apart where they are, and those that jansson reads, say
 * the same.
 */
#include "unit.h"

#include "collector/read/ledger_line.h"

#include <stdlib.h>
#include <string.h>

/* The line in memory of its own, so that reading beyond it is seen. */
static bool read_copy(struct ledger_line *line, const char *text, char **copy)
{
    *copy = strdup(text);
    return ledger_line_read(line, *copy);
}

static void assert_refused(const char *text)
{
    struct ledger_line line;
    char *copy;
    assert_false(read_copy(&line, text, &copy));
    free(copy);
}

static void assert_items(const char *text, const char *expected)
{
    struct ledger_line line;
    char *copy, joined[256] = "";
    const char *item;
    assert_true(read_copy(&line, text, &copy));
    for (size_t i = 0; (item = ledger_line_next_item(&line, "argv", &i)) != NULL;)
        strcat(strcat(joined, item), ";");
    assert_string_equal(joined, expected);
    ledger_line_close(&line);
    free(copy);
}

static void assert_fields(const char *text, const char *event, long number, bool is_short)
{
    struct ledger_line line;
    char *copy;
    assert_true(read_copy(&line, text, &copy));
    assert_int_equal(line.parsed == NULL, is_short);
    assert_string_equal(ledger_line_text(&line, "event"), event);
    assert_int_equal(ledger_line_number(&line, "pid"), number);
    assert_string_equal(ledger_line_text(&line, "absent"), "");
    assert_int_equal(ledger_line_number(&line, "absent"), 0);
    ledger_line_close(&line);
    free(copy);
}

static void plain_lines_need_no_jansson(void **state)
{
    (void)state;
    assert_fields("{\"event\":\"fork\",\"time\":1795443456620017090,\"pid\":8622}\n", "fork", 8622,
                  true);
    assert_fields("{\"event\":\"fork\",\"pid\":9223372036854775807}\n", "fork", 9223372036854775807,
                  true);
    assert_fields("{\"event\":\"\",\"pid\":0}", "", 0, true);
}

static void other_json_says_the_same(void **state)
{
    (void)state;
    assert_fields("{\"event\": \"fork\", \"pid\": 12}\n", "fork", 12, false);
    assert_fields("{\"event\":\"fork\",\"pid\":-12}\n", "fork", -12, false);
    assert_fields("{\"event\":\"a\\nb\",\"pid\":12}\n", "a\nb", 12, false);
    assert_fields("{\"event\":\"caf\303\251\",\"pid\":12}\n", "caf\303\251", 12, false);
    assert_fields("{\"x\":{},\"event\":\"fork\",\"pid\":12,\"y\":[[1]],\"z\":null}\n", "fork", 12,
                  false);
    assert_fields("{}\n", "", 0, false);
}

static void more_fields_than_there_is_room_for_are_read(void **state)
{
    (void)state;
    assert_fields("{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,"
                  "\"j\":1,\"k\":1,\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1,\"event\":\"fork\","
                  "\"pid\":7}\n",
                  "fork", 7, false);
}

static void the_last_of_two_equal_keys_counts(void **state)
{
    (void)state;
    assert_fields("{\"event\":\"a\",\"pid\":1,\"event\":\"b\",\"pid\":2}\n", "b", 2, true);
    assert_fields("{\"event\": \"a\",\"pid\":1,\"event\":\"b\",\"pid\":2}\n", "b", 2, false);
}

static void values_of_another_type_are_none(void **state)
{
    (void)state;
    assert_fields("{\"event\":5,\"pid\":\"7\"}\n", "", 0, true);
    assert_fields("{\"event\":[\"x\"],\"pid\":[\"7\"]}\n", "", 0, true);
}

static void lists_are_walked(void **state)
{
    (void)state;
    assert_items("{\"argv\":[\"python\",\"\",\"-c\",\"pass\"],\"pid\":1}\n", "python;;-c;pass;");
    assert_items("{\"argv\":[\"\"]}\n", ";");
    assert_items("{\"argv\":[\"a\", \"b\"]}\n", "a;b;");
    assert_items("{\"argv\":[\"a\",1,\"b\"]}\n", "a;b;");
    assert_items("{\"argv\":[]}\n", "");
    assert_items("{\"argv\":\"text\"}\n", "");
    assert_items("{\"pid\":1}\n", "");
}

static void what_is_no_object_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\n",
        "{",
        "[\"event\"]\n",
        "{\"event\":\"fork\"\n",
        "{\"event\":\"fork\n",
        "{\"event\":\"fork\",}\n",
        "{\"event\":\"fork\"} more\n",
        "{\"event\":\"fork\"}{\"event\":\"fork\"}\n",
        "{\"event\"\"fork\"}\n",
        "{\"event\":}\n",
        "{\"argv\":[\"a\",]}\n",
        "{\"argv\":[\"a\"\n",
        "{\"pid\":007}\n",
        "{\"pid\":9223372036854775808}\n",
        "{\"pid\":99999999999999999999}\n",
        "{\"pid\":1.}\n",
        "{event:1}\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_refused(texts[i]);
}

/* clang-format off */
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(plain_lines_need_no_jansson),
    cmocka_unit_test(other_json_says_the_same),
    cmocka_unit_test(more_fields_than_there_is_room_for_are_read),
    cmocka_unit_test(the_last_of_two_equal_keys_counts),
    cmocka_unit_test(values_of_another_type_are_none),
    cmocka_unit_test(lists_are_walked),
    cmocka_unit_test(what_is_no_object_is_refused),
};

UNIT_MAIN(tests)
/* clang-format on */
