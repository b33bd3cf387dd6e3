/*
 * Source text as lines of HTML: what is a keyword, a string, a comment, and that spans end where
 * lines do.
 */
#include "unit.h"

#include "collector/report/html/html_source.h"

#include <stdlib.h>

/* All lines, each ended by "\n". */
static void expect(const char *source, const char *expected)
{
    struct source_text text;
    struct html_source html;
    struct html_text out = { 0 };
    struct error error = { 0 };
    assert_int_equal(
        source_text_decode(&text, "x.py", (const unsigned char *)source, strlen(source), &error),
        0);
    assert_int_equal(html_source_make(&html, &text, true), 0);
    for (uint32_t line = 1; line <= html.line_count; line++) {
        html_source_put_line(&html, line, &out);
        html_put(&out, "\n");
    }
    html_put_bytes(&out, "", 1);
    assert_false(out.failed);
    assert_string_equal(out.bytes, expected);
    html_text_close(&out);
    html_source_close(&html);
    source_text_close(&text);
}

static void keywords_and_names(void **state)
{
    (void)state;
    expect(
        "def f(x):\n    return None\n",
        "<b class=k>def</b> <b class=d>f</b>(x):\n    <b class=k>return</b> <b class=k>None</b>\n");
}

static void soft_keywords_only_where_they_are(void **state)
{
    (void)state;
    expect("match = case\n", "match = case\n");
    expect("match x:\n    case 1: pass\n",
           "<b class=k>match</b> x:\n    case <b class=n>1</b>: <b class=k>pass</b>\n");
    expect("match x:\n    case y:\n        pass\n",
           "<b class=k>match</b> x:\n    <b class=k>case</b> y:\n        <b class=k>pass</b>\n");
    expect("type X = int\ntype(x)\n", "<b class=k>type</b> X = int\ntype(x)\n");
}

static void comments_and_numbers(void **state)
{
    (void)state;
    expect("x = 1  # a <b>\n# b\n",
           "x = <b class=n>1</b>  <b class=c># a &lt;b&gt;</b>\n<b class=c># b</b>\n");
}

static void a_string_is_closed_on_each_line(void **state)
{
    (void)state;
    expect("\"\"\"a\n\n  # b\n\"\"\"\n",
           "<b class=s>&quot;&quot;&quot;a</b>\n\n<b class=s>  # b</b>\n"
           "<b class=s>&quot;&quot;&quot;</b>\n");
}

static void expressions_in_an_fstring_are_code(void **state)
{
    (void)state;
    expect("f'a {b!r:>{w}} {{c}}'\n",
           "<b class=s>f&#39;a {</b>b<b class=s>!r:&gt;{</b>w<b class=s>}} {{c}}&#39;</b>\n");
    expect("f'{d[\"k\"]}'\n", "<b class=s>f&#39;{</b>d[&quot;k&quot;]<b class=s>}&#39;</b>\n");
}

static void decorators(void **state)
{
    (void)state;
    expect("@wraps(f)\ndef g(): pass\n",
           "<b class=a>@</b><b class=a>wraps</b>(f)\n"
           "<b class=k>def</b> <b class=d>g</b>(): <b class=k>pass</b>\n");
}

static void an_empty_file_has_no_line(void **state)
{
    (void)state;
    expect("", "");
}

static void what_is_no_python_is_still_shown(void **state)
{
    (void)state;
    expect("x = (\n'unfinished\n", "x = (\n&#39;unfinished\n");
}

static void markup_in_source_is_text(void **state)
{
    (void)state;
    expect("x = '</script><script>alert(1)</script>'\n",
           "x = <b class=s>&#39;&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;</b>\n");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(keywords_and_names),
    cmocka_unit_test(soft_keywords_only_where_they_are),
    cmocka_unit_test(comments_and_numbers),
    cmocka_unit_test(a_string_is_closed_on_each_line),
    cmocka_unit_test(expressions_in_an_fstring_are_code),
    cmocka_unit_test(decorators),
    cmocka_unit_test(an_empty_file_has_no_line),
    cmocka_unit_test(what_is_no_python_is_still_shown),
    cmocka_unit_test(markup_in_source_is_text),
};

UNIT_MAIN(tests)
