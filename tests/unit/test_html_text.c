/*
 * What comes from outside stays text in HTML and in JSON, and is to be seen.
 */
#include "unit.h"

#include "collector/report/html/html_text.h"

#include <stdlib.h>

static void expect_text(struct html_text *text, const char *expected)
{
    assert_false(text->failed);
    assert_int_equal(text->size, strlen(expected));
    assert_memory_equal(text->bytes, expected, text->size);
    html_text_close(text);
}

static void expect_name(const char *name, const char *expected)
{
    struct html_text text = { 0 };
    html_put_name(&text, name);
    expect_text(&text, expected);
}

static void expect_json(const char *name, const char *expected)
{
    struct html_text text = { 0 };
    html_put_string(&text, name);
    expect_text(&text, expected);
}

static void expect_source(const char *source, const char *expected)
{
    struct html_text text = { 0 };
    html_put_source(&text, source, strlen(source));
    expect_text(&text, expected);
}

static void markup_in_a_name_is_text(void **state)
{
    (void)state;
    expect_name("<script>alert(1)</script>.py", "&lt;script&gt;alert(1)&lt;/script&gt;.py");
    expect_name("a&b.py", "a&amp;b.py");
}

static void quotes_in_a_name_do_not_end_an_attribute(void **state)
{
    (void)state;
    expect_name("\" onclick=\"x", "&quot; onclick=&quot;x");
    expect_name("it's.py", "it&#39;s.py");
}

static void control_characters_in_a_name_are_seen(void **state)
{
    (void)state;
    expect_name("a\nb\tc\r.py", "a\\nb\\tc\\r.py");
    expect_name("\x1b[2J\x7f", "\\x1b[2J\\x7f");
    expect_name("\xc2\x85", "\\x85");
}

static void bytes_that_are_not_utf8_are_seen(void **state)
{
    (void)state;
    expect_name("\xff\xfe.py", "\\xff\\xfe.py");
    expect_name("cut \xe2\x82", "cut \\xe2\\x82");
    expect_name("long \xc0\xaf", "long \\xc0\\xaf");
    expect_name("surrogate \xed\xa0\x80", "surrogate \\xed\\xa0\\x80");
    expect_name("beyond \xf4\x90\x80\x80", "beyond \\xf4\\x90\\x80\\x80");
}

static void letters_of_all_lengths_stay(void **state)
{
    (void)state;
    expect_name("h\xc3\xa9llo \xe2\x82\xac \xf0\x9f\x90\x8d",
                "h\xc3\xa9llo \xe2\x82\xac \xf0\x9f\x90\x8d");
}

static void turns_of_direction_are_seen(void **state)
{
    (void)state;
    expect_name("gpj.\xe2\x80\xaeyp.x", "gpj.\\u202eyp.x");
    expect_name("zero\xe2\x80\x8bwidth", "zero\\u200bwidth");
}

static void a_string_ends_no_script(void **state)
{
    (void)state;
    expect_json("</script><!--", "\"\\u003c/script\\u003e\\u003c!--\"");
    expect_json("]]>&", "\"]]\\u003e\\u0026\"");
}

static void a_string_has_its_quotes_escaped(void **state)
{
    (void)state;
    expect_json("a\"b\\c", "\"a\\\"b\\\\c\"");
}

static void a_string_is_one_line_of_javascript(void **state)
{
    (void)state;
    expect_json("a\nb", "\"a\\\\nb\"");
    expect_json("a\xe2\x80\xa8"
                "b\xe2\x80\xa9",
                "\"a\\\\u2028b\\\\u2029\"");
    expect_json("\xff", "\"\\\\xff\"");
}

static void source_is_text(void **state)
{
    (void)state;
    expect_source("if a < b and c > d: x = \"</script>\" & 'y'",
                  "if a &lt; b and c &gt; d: x = &quot;&lt;/script&gt;&quot; &amp; &#39;y&#39;");
}

static void source_keeps_its_tabs(void **state)
{
    (void)state;
    expect_source("\tx = 1", "\tx = 1");
}

static void what_is_not_seen_in_source_is_shown(void **state)
{
    (void)state;
    expect_source("a\xe2\x80\xae"
                  "b",
                  "a<i>\\u202e</i>b");
    expect_source("nul \x01", "nul <i>\\x01</i>");
}

static void numbers_are_decimal(void **state)
{
    (void)state;
    struct html_text text = { 0 };
    html_put_number(&text, 0);
    html_put(&text, " ");
    html_put_number(&text, UINT64_MAX);
    expect_text(&text, "0 18446744073709551615");
}

static void text_grows(void **state)
{
    (void)state;
    struct html_text text = { 0 };
    for (int i = 0; i < 10000; i++)
        html_put(&text, "0123456789");
    assert_false(text.failed);
    assert_int_equal(text.size, 100000);
    assert_memory_equal(text.bytes + 99990, "0123456789", 10);
    html_text_close(&text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(markup_in_a_name_is_text),
    cmocka_unit_test(quotes_in_a_name_do_not_end_an_attribute),
    cmocka_unit_test(control_characters_in_a_name_are_seen),
    cmocka_unit_test(bytes_that_are_not_utf8_are_seen),
    cmocka_unit_test(letters_of_all_lengths_stay),
    cmocka_unit_test(turns_of_direction_are_seen),
    cmocka_unit_test(a_string_ends_no_script),
    cmocka_unit_test(a_string_has_its_quotes_escaped),
    cmocka_unit_test(a_string_is_one_line_of_javascript),
    cmocka_unit_test(source_is_text),
    cmocka_unit_test(source_keeps_its_tabs),
    cmocka_unit_test(what_is_not_seen_in_source_is_shown),
    cmocka_unit_test(numbers_are_decimal),
    cmocka_unit_test(text_grows),
};

UNIT_MAIN(tests)
