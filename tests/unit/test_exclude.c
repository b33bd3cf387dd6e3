/* Tests of collector/exclude.c; what is expected is what Python's re finds with re.MULTILINE. */
#include "unit.h"

#include "collector/source/exclude.h"

#include <stdlib.h>

static void check_all(const char *const *patterns, size_t count, const char *text,
                      const char *expected)
{
    struct error error = { ERROR_NONE, "" };
    struct exclude *exclude = exclude_new(patterns, count, &error);
    assert_string_equal(error.text, "");
    assert_non_null(exclude);
    struct line_set lines = LINE_SET_EMPTY;
    assert_int_equal(exclude_match(exclude, "file.py", text, strlen(text), &lines, &error), 0);
    char found[1024] = "";
    size_t used = 0;
    for (uint32_t line = line_set_next(&lines, 0); line; line = line_set_next(&lines, line))
        used += (size_t)snprintf(found + used, sizeof found - used, "%s%u", used ? " " : "", line);
    line_set_close(&lines);
    exclude_free(exclude);
    if (strcmp(found, expected) != 0)
        fail_msg("'%s' finds lines '%s', not '%s'", patterns[0], found, expected);
}

static void check(const char *pattern, const char *text, const char *expected)
{
    check_all(&pattern, 1, text, expected);
}

static void check_two(const char *first, const char *second, const char *text, const char *expected)
{
    const char *const patterns[] = { first, second };
    check_all(patterns, 2, text, expected);
}

static void check_error(const char *pattern, const char *reason)
{
    const char *const patterns[] = { "good", pattern };
    struct error error = { ERROR_NONE, "" };
    struct exclude *exclude = exclude_new(patterns, 2, &error);
    if (exclude)
        fail_msg("'%s' is accepted", pattern);
    assert_int_equal(error.code, ERROR_CONFIG);
    if (!strstr(error.text, reason))
        fail_msg("'%s' gives: %s", pattern, error.text);
    char quoted[128];
    snprintf(quoted, sizeof quoted, "'%s'", pattern);
    assert_non_null(strstr(error.text, quoted));
}

static void lines_with_a_match_are_found(void **state)
{
    (void)state;
    check("b", "a\nb\nabc\n", "2 3");
    check("x", "a\nb\n", "");
}

static void matches_may_span_lines(void **state)
{
    (void)state;
    check("b\\nc", "a\nb\nc\nd\n", "2 3");
    check("(?s)b.*d", "a\nb\nc\nd\ne\n", "2 3 4");
    check("b[^x]*?d", "a\nb\nc\nd\ne\n", "2 3 4");
}

static void match_behind_a_newline_touches_the_next_line(void **state)
{
    (void)state;
    check("b\\n", "a\nb\nc\n", "2 3");
    check("c\\n", "a\nb\nc\n", "3 4");
}

static void empty_matches_count(void **state)
{
    (void)state;
    check("^$", "a\n\nb\n", "2 4");
    check("x*", "ab\nc\n", "1 2 3");
    check("\\b", "a\n \nb\n", "1 3");
    check("a*?", "aa\n\n", "1 2 3");
}

static void anchors_are_those_of_lines(void **state)
{
    (void)state;
    check("^b", "a\nb\ncb\n", "2");
    check("b$", "b\nbc\nb", "1 3");
    check("^", "a\nb\n", "1 2 3");
    check("$", "a\nb\n", "1 2 3");
    check("\\Aa", "a\na\n", "1");
    check("a\\Z", "a\na\n", "");
    check("a\\Z", "a\na", "2");
    check("(?-m:a$)", "a\na\n", "2");
    check("(?-m:^a)", "a\na\n", "1");
}

static void dot_stops_at_newlines_only(void **state)
{
    (void)state;
    check("a.b",
          "a\nb\na\rb\na\xe2\x80\xa8"
          "b\n",
          "3 4");
    check("(?s:a.b)", "a\nb\n", "1 2");
}

static void classes_are_unicode(void **state)
{
    (void)state;
    check("\\w", "a\n_\n\xc3\xa9\n\xc2\xb2\n-\n\xe2\x80\xa8\n", "1 2 3 4");
    check("\\s\\Z", "a\x1c", "1");
    check("x\\sy", "x\xc2\xa0y\nx\xe3\x80\x80y\nx\xe1\xa0\x8ey\nx\x0by\n", "1 2 4");
    check("x\\Sx", "x\xc2\xa0x\nx\xe3\x80\x80x\nx\xe1\xa0\x8ex\nxyx\n", "3 4");
    check("\\d", "1\n\xd9\xa3\n\xc2\xb2\na\n", "1 2");
    check("x\\Wy", "xxy\nx-y\nx\xc3\xa9y\n", "2");
    check("x\\Dy", "x1y\nx-y\n", "2");
    check("x\\by", "xy\n", "");
    check("\\b\xc3\xa9\\b", "\xc3\xa9\na\xc3\xa9\n", "1");
    check("x\\Bx", "xx\nx\n", "1");
}

static void classes_are_ascii_on_demand(void **state)
{
    (void)state;
    check("(?a)\\w", "a\n\xc3\xa9\n", "1");
    check("(?a:x\\s)y", "x\xc2\xa0y\nx y\n", "2");
    check("(?a)x[\\W]x", "x\xc3\xa9x\nxyx\n", "1");
    check("(?a)\\d", "1\n\xd9\xa3\n", "1");
}

static void sets_of_characters(void **state)
{
    (void)state;
    check("[abc]", "a\nd\n", "1");
    check("[^abc\\n]", "a\nd\n", "2");
    check("[]a]", "]\n[\n", "1");
    check("[^]\\n]", "]\n[\n", "2");
    check("[a-]", "-\nb\n", "1");
    check("[[a]", "[\n]\n", "1");
    check("x[[:alpha:]]", "xb\nx:]\nxl]\n", "2 3");
    check("[\\w.]x", ".x\n-x\nax\n", "1 3");
    check("x[^\\s]", "x \nxy\n", "2");
    check("x[\\S\\n]y", "xay\nx\ny\nx y\n", "1 2 3");
    check("x[^\\S\\n]y", "xay\nx\ny\nx y\n", "4");
    check("x[\\W_]y", "x_y\nxay\nx-y\n", "1 3");
    check("x[^\\W_]y", "x_y\nxay\nx-y\n", "2");
    check("x[\\W]y", "x_y\nx-y\n", "2");
    check("x[^\\W]y", "x_y\nx-y\n", "1");
    check("[\\b]", "\x08\nb\n", "1");
    check("[\xc3\xa0-\xc3\xaf]", "\xc3\xa9\n\xc3\xb6\n", "1");
    check("[\\x61-\\u0063]", "b\nd\n", "1");
    check("[\\]]", "]\na\n", "1");
}

static void escapes_of_characters(void **state)
{
    (void)state;
    check("\\x61\\u0062\\U00000063\\144", "abcd\n", "1");
    check("a\\v", "a\x0b\na\n", "1");
    check("a\\tb|\\a|\\f", "a\tb\n\x07\n\x0c\nx\n", "1 2 3");
    check("\\#\\ \\-\\_", "# -_\n", "1");
    check("\\.\\*\\\\", ".*\\\n", "1");
    check("\\\xc3\xa9", "\xc3\xa9\n", "1");
    check("a\\0", "a0\n", "");
}

static void quantifiers(void **state)
{
    (void)state;
    check("^a{2}$", "a\naa\naaa\n", "2");
    check("^a{,2}$", "a\naa\naaa\n", "1 2 4");
    check("^a{2,}$", "a\naa\naaa\n", "2 3");
    check("^ba{,}$", "b\nbaa\nc\n", "1 2");
    check("a{b", "a{b\n", "1");
    check("a{}", "a{}\n", "1");
    check("x{,y", "x{,y\n", "1");
    check("a++b|c*+c", "aab\nccc\n", "1");
    check("(?>a+)a", "aaa\n", "");
}

static void groups_and_references(void **state)
{
    (void)state;
    check("(a|b)\\1", "ab\nbb\n", "2");
    check("(?P<x>a|b)(?P=x)", "ab\nbb\n", "2");
    check("(?P<a_rather_long_name_for_a_group_of_one>a)b", "ab\n", "1");
    check("(a)?(?(1)b|c)$", "ab\nac\nc\nb\n", "1 2 3");
    check("(?P<x>a)?(?(x)b|c)$", "ab\nb\n", "1");
    check("a(?#comment)b", "ab\n", "1");
    check("(?<=a)b|(?<!x)c", "ab\nbb\nxc\nc\n", "1 4");
    check("a(?=b)|c(?!d)", "ab\na\ncd\nce\n", "1 4");
}

static void references_count_through_all_patterns(void **state)
{
    (void)state;
    check_two("(x)", "(a)(b)\\2", "x\nabb\naba\n", "1 3");
    check_two("(?P<n>x)", "(?P<m>a)(?P=m)", "x\naa\nab\n", "1 2");
}

static void flags(void **state)
{
    (void)state;
    check("(?i)ab", "AB\nab\nb\n", "1 2");
    check("(?i:a)b", "Ab\nAB\n", "1");
    check("a(?i:b(?-i:c))d", "aBcd\naBCd\n", "1");
    check("(?x) a b # c\n [ ] \\ c", "ab  c\nabc\n", "1");
    check("(?x: a b ) c", "ab c\nabc\n", "1");
    check("(?u)\xc3\xa9", "\xc3\xa9\n", "1");
    check("(?i)\xc3\xa9", "\xc3\x89\n", "1");
}

static void flags_of_one_pattern_hold_for_all(void **state)
{
    (void)state;
    check_two("(?i)a", "b", "A\nB\nc\n", "1 2");
}

static void patterns_are_alternatives(void **state)
{
    (void)state;
    check_two("a|b", "c", "a\nb\nc\nd\n", "1 2 3");
    check_two("b\\nc", "a\\nb", "a\nb\nc\nd\n", "1 2");
    check_two("ab", "a", "ab\na\n", "1 2");
    check_two("a\\nb", "a\\nb\\nc", "a\nb\nc\n", "1 2");
    check_two("", "x", "a\nb\n", "1 2 3");
    check_two("x*", "a\\nb", "a\nb\n", "1 2 3");
}

static void no_pattern_finds_nothing(void **state)
{
    (void)state;
    const char *const none[] = { NULL };
    check_all(none, 0, "a\n", "");
    check("", "a\n", "");
}

static void empty_text_is_searched(void **state)
{
    (void)state;
    check("^", "", "1");
    check("a", "", "");
}

static void escapes_that_only_perl_knows_are_refused(void **state)
{
    (void)state;
    check_error("\\h", "bad escape");
    check_error("\\R", "bad escape");
    check_error("\\K", "bad escape");
    check_error("\\Qa\\E", "bad escape");
    check_error("\\e", "bad escape");
    check_error("\\p{L}", "bad escape");
    check_error("\\G", "bad escape");
    check_error("[\\Z]", "bad escape");
    check_error("\\N{DASH}", "not supported");
    check_error("a\\", "bad escape (end of pattern)");
    check_error("\\x6", "incomplete escape");
    check_error("\\u12", "incomplete escape");
    check_error("\\U00110000", "bad escape");
    check_error("\\400", "octal");
    check_error("[\\8]", "bad escape");
}

static void groups_that_only_perl_knows_are_refused(void **state)
{
    (void)state;
    check_error("(?|a)", "unknown extension");
    check_error("(?R)", "unknown extension");
    check_error("(?&a)", "unknown extension");
    check_error("(?'a'b)", "unknown extension");
    check_error("(?<a>b)", "unknown extension");
    check_error("(?P>a)", "unknown extension");
    check_error("(*UCP)a", "nothing to repeat");
}

static void wrong_groups_are_refused(void **state)
{
    (void)state;
    check_error("(a", "missing )");
    check_error("a)", "unbalanced parenthesis");
    check_error("(?", "unexpected end of pattern");
    check_error("(?#a", "unterminated comment");
    check_error("(?P<1>a)", "bad character in group name");
    check_error("(?P<>a)", "missing group name");
    check_error("(?P<a", "missing character");
    check_error("(?P=a)", "unknown group name");
    check_error("(?P<a>b)(?P<a>c)", "redefinition of group name");
    check_error("(a)\\2", "invalid group reference");
    check_error("(a\\1)", "cannot refer to an open group");
    check_error("(?(1)a|b)", "invalid group reference");
    check_error("(?(x)a|b)", "unknown group name");
    check_error("(?(0)a|b)", "bad group number");
    check_error("(a)(?(1)a|b|c)", "conditional");
    check_error("(?<=a*)b", "lookbehind");
}

static void wrong_quantifiers_are_refused(void **state)
{
    (void)state;
    check_error("*a", "nothing to repeat");
    check_error("a|*", "nothing to repeat");
    check_error("^*", "nothing to repeat");
    check_error("\\b+", "nothing to repeat");
    check_error("(?:+)", "nothing to repeat");
    check_error("{2}", "nothing to repeat");
    check_error("a**", "multiple repeat");
    check_error("a{2}{3}", "multiple repeat");
    check_error("a{2,1}", "min repeat greater than max repeat");
}

static void wrong_sets_are_refused(void **state)
{
    (void)state;
    check_error("[a", "unterminated character set");
    check_error("[]", "unterminated character set");
    check_error("[z-a]", "bad character range");
    check_error("[\\w-a]", "bad character range");
    check_error("[a-\\d]", "bad character range");
}

static void wrong_flags_are_refused(void **state)
{
    (void)state;
    check_error("a(?i)", "global flags not at the start");
    check_error("(?L:a)", "cannot use 'L' flag");
    check_error("(?z:a)", "unknown extension");
    check_error("(?iz:a)", "unknown flag");
    check_error("(?-:a)", "bad inline flags");
    check_error("(?i-i:a)", "bad inline flags");
    check_error("(?au:a)", "incompatible");
}

static void patterns_are_utf_8(void **state)
{
    (void)state;
    check_error("\xff", "not UTF-8");
    check_error("a\xc3", "not UTF-8");
    check_error("\xed\xa0\x80", "not UTF-8");
}

static void deep_groups_are_refused(void **state)
{
    (void)state;
    char pattern[1000] = "";
    memset(pattern, '(', 300);
    const char *const patterns[] = { pattern };
    struct error error = { ERROR_NONE, "" };
    assert_null(exclude_new(patterns, 1, &error));
    assert_int_equal(error.code, ERROR_CONFIG);
}

static void pattern_that_takes_too_long_is_an_error(void **state)
{
    (void)state;
    char text[3000];
    memset(text, 'a', sizeof text);
    const char *const patterns[] = { "(a|aa)+[xy]" };
    struct error error = { ERROR_NONE, "" };
    struct exclude *exclude = exclude_new(patterns, 1, &error);
    assert_non_null(exclude);
    struct line_set lines = LINE_SET_EMPTY;
    assert_int_equal(exclude_match(exclude, "dir/file.py", text, sizeof text, &lines, &error), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.text, "'dir/file.py'"));
    line_set_close(&lines);
    exclude_free(exclude);
}

static void long_matches_are_found(void **state)
{
    (void)state;
    const size_t count = 200000;
    char *text = malloc(count + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        text[i] = i % 2 ? '\n' : 'a';
    text[count] = '\0';
    const char *const patterns[] = { "\\A(a|\\n)*\\Z" };
    struct error error = { ERROR_NONE, "" };
    struct exclude *exclude = exclude_new(patterns, 1, &error);
    assert_non_null(exclude);
    struct line_set lines = LINE_SET_EMPTY;
    assert_int_equal(exclude_match(exclude, "file.py", text, count, &lines, &error), 0);
    assert_int_equal(line_set_count(&lines), count / 2 + 1);
    line_set_close(&lines);
    exclude_free(exclude);
    free(text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(lines_with_a_match_are_found),
    cmocka_unit_test(matches_may_span_lines),
    cmocka_unit_test(match_behind_a_newline_touches_the_next_line),
    cmocka_unit_test(empty_matches_count),
    cmocka_unit_test(anchors_are_those_of_lines),
    cmocka_unit_test(dot_stops_at_newlines_only),
    cmocka_unit_test(classes_are_unicode),
    cmocka_unit_test(classes_are_ascii_on_demand),
    cmocka_unit_test(sets_of_characters),
    cmocka_unit_test(escapes_of_characters),
    cmocka_unit_test(quantifiers),
    cmocka_unit_test(groups_and_references),
    cmocka_unit_test(references_count_through_all_patterns),
    cmocka_unit_test(flags),
    cmocka_unit_test(flags_of_one_pattern_hold_for_all),
    cmocka_unit_test(patterns_are_alternatives),
    cmocka_unit_test(no_pattern_finds_nothing),
    cmocka_unit_test(empty_text_is_searched),
    cmocka_unit_test(escapes_that_only_perl_knows_are_refused),
    cmocka_unit_test(groups_that_only_perl_knows_are_refused),
    cmocka_unit_test(wrong_groups_are_refused),
    cmocka_unit_test(wrong_quantifiers_are_refused),
    cmocka_unit_test(wrong_sets_are_refused),
    cmocka_unit_test(wrong_flags_are_refused),
    cmocka_unit_test(patterns_are_utf_8),
    cmocka_unit_test(deep_groups_are_refused),
    cmocka_unit_test(pattern_that_takes_too_long_is_an_error),
    cmocka_unit_test(long_matches_are_found),
};

UNIT_MAIN(tests)
