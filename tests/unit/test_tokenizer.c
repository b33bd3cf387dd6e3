/*
 * Tests of collector/tokenizer.c. A source's tokens are written as one line: names, numbers and
 * operators as they are, S for a plain str literal and s for any other string, NL for the end of a
 * line, > and < for an indent and a dedent, ! for an error; what spans lines has "@FIRST-LAST".
 */
#include "unit.h"

#include "collector/source/tokenizer.h"

#include <stdlib.h>

static void describe(const struct token *token, char *text, size_t size)
{
    static const char *const fixed[] = {
        [TOKEN_END] = ".",    [TOKEN_ERROR] = "!",  [TOKEN_NEWLINE] = "NL",
        [TOKEN_INDENT] = ">", [TOKEN_DEDENT] = "<", [TOKEN_OPERATOR] = "",
    };
    if (token->kind == TOKEN_STRING)
        snprintf(text, size, "%s", token->plain ? "S" : "s");
    else if (token->kind == TOKEN_NAME || token->kind == TOKEN_NUMBER)
        snprintf(text, size, "%.*s", (int)token->size, token->start);
    else if (token->kind == TOKEN_OPERATOR)
        snprintf(text, size, "%.*s", (int)token->size, token->start);
    else
        snprintf(text, size, "%s", fixed[token->kind]);
    size_t used = strlen(text);
    if (token->end_line != token->line)
        snprintf(text + used, size - used, "@%u-%u", token->line, token->end_line);
}

static struct tokenizer *new_tokenizer(const char *source, size_t size, char **copy)
{
    struct tokenizer *tokenizer = malloc(sizeof *tokenizer);
    *copy = malloc(size + 1);
    assert_non_null(tokenizer);
    assert_non_null(*copy);
    memcpy(*copy, source, size);
    (*copy)[size] = '\0';
    tokenizer_init(tokenizer, *copy, size);
    return tokenizer;
}

static void check(const char *source, const char *expected)
{
    char *copy;
    struct tokenizer *tokenizer = new_tokenizer(source, strlen(source), &copy);
    char text[2048] = "";
    struct token token;
    do {
        tokenizer_next(tokenizer, &token);
        size_t used = strlen(text);
        assert_true(used + 100 < sizeof text);
        if (used)
            text[used++] = ' ';
        describe(&token, text + used, sizeof text - used);
    } while (token.kind != TOKEN_END && token.kind != TOKEN_ERROR);
    assert_string_equal(text, expected);
    free(tokenizer);
    free(copy);
}

static void check_error_of(const char *source, size_t size, const char *error, uint32_t line)
{
    char *copy;
    struct tokenizer *tokenizer = new_tokenizer(source, size, &copy);
    struct token token;
    do
        tokenizer_next(tokenizer, &token);
    while (token.kind != TOKEN_END && token.kind != TOKEN_ERROR);
    assert_int_equal(token.kind, TOKEN_ERROR);
    assert_string_equal(tokenizer->error, error);
    assert_int_equal(tokenizer->error_line, line);
    /* It stays an error. */
    tokenizer_next(tokenizer, &token);
    assert_int_equal(token.kind, TOKEN_ERROR);
    free(tokenizer);
    free(copy);
}

static void check_error(const char *source, const char *error, uint32_t line)
{
    check_error_of(source, strlen(source), error, line);
}

static void names_numbers_and_operators(void **state)
{
    (void)state;
    check("x = a.b + 1.5j\n", "x = a . b + 1.5j NL .");
}

static void walrus_is_one_operator(void **state)
{
    (void)state;
    check("(x := 1)\n", "( x := 1 ) NL .");
}

static void comments_and_empty_lines_give_no_token(void **state)
{
    (void)state;
    check("# a\n\n  # b\nx  # c\n   \n# d\n", "x NL .");
}

static void lines_in_brackets_have_no_newline(void **state)
{
    (void)state;
    check("f(\n  a, # b\n\n[1,\n{2}])\n", "f ( a , [ 1 , { 2 } ] ) NL .");
}

static void suites_are_indented(void **state)
{
    (void)state;
    check("if a:\n  b\n  if c:\n    d\ne\n", "if a : NL > b NL if c : NL > d NL < < e NL .");
}

static void suites_end_with_the_file(void **state)
{
    (void)state;
    check("if a:\n  if b:\n    c\n", "if a : NL > if b : NL > c NL < < .");
}

static void comments_do_not_dedent(void **state)
{
    (void)state;
    check("if a:\n  b\n# c\n  d\n", "if a : NL > b NL d NL < .");
}

static void backslash_joins_lines(void **state)
{
    (void)state;
    check("a \\\n  b\n", "a b NL .");
}

static void column_before_a_backslash_counts(void **state)
{
    (void)state;
    check("if a:\n  \\\n      b\n  c\n", "if a : NL > b NL c NL < .");
}

static void string_prefixes(void **state)
{
    (void)state;
    check("'' \"\" r'' U'' b'' Rb'' bR'' f'' t'' rF'' Tr''\n", "S S S S s s s s s s s NL .");
}

static void names_that_look_like_prefixes(void **state)
{
    (void)state;
    check("ur'' bu'' ff'' bf'' in''\n", "ur S bu S ff S bf S in S NL .");
}

static void quotes_within_strings(void **state)
{
    (void)state;
    check("'\"' \"'\" '\\'' r'\\'' '''' ''' \"\"\"a\"b\"\"c\"\"\"\n", "S S S S S S NL .");
}

static void triple_quoted_strings_span_lines(void **state)
{
    (void)state;
    check("'''a\nb\\\n''' x\n", "S@1-3 x NL .");
}

static void escaped_newline_continues_a_string(void **state)
{
    (void)state;
    check("'a\\\nb' x\n", "S@1-2 x NL .");
}

static void fstrings_are_one_token(void **state)
{
    (void)state;
    check("f'a{b}c' x\n", "s x NL .");
    check("f'{a['b']}' f\"{f\"{f\"{x}\"}\"}\" x\n", "s s x NL .");
}

static void braces_in_fstrings(void **state)
{
    (void)state;
    check("f'{{}}' f'{{{x}}}' f'{ {1: 2}[1] }' x\n", "s s s x NL .");
}

static void format_specs(void **state)
{
    (void)state;
    check("f'{x:>{w}.{p}}' f'{x!r:#}' f'{x:{y:{z}}}' f'{x:=5}' f'{a[1:2]:%H:%M}' x\n",
          "s s s s s x NL .");
}

static void escapes_in_fstrings(void **state)
{
    (void)state;
    check("f'\\'{x}' f'\\N{DASH}' rf'\\{x}' rf'\\N{x}' f'\\{x}' x\n", "s s s s s x NL .");
}

static void fstrings_span_lines(void **state)
{
    (void)state;
    check("f'''{\n  x  # '}\n}\n''' x\n", "s@1-4 x NL .");
    check("f'{\nx\n}' x\n", "s@1-3 x NL .");
    check("f'''{x:\n}''' x\n", "s@1-2 x NL .");
}

static void lambda_colon_in_an_fstring_begins_the_spec(void **state)
{
    (void)state;
    check("f'{(lambda: 1)()}' f'{lambda: 1}' x\n", "s s x NL .");
}

static void names_may_be_beyond_ascii(void **state)
{
    (void)state;
    check("gr\xc3\xbc\xc3\x9f = 1\n", "gr\xc3\xbc\xc3\x9f = 1 NL .");
}

static void level_counts_open_brackets(void **state)
{
    (void)state;
    char *copy;
    struct tokenizer *tokenizer = new_tokenizer("([{}])\n", 7, &copy);
    static const unsigned levels[] = { 1, 2, 3, 2, 1, 0 };
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        struct token token;
        tokenizer_next(tokenizer, &token);
        assert_int_equal(tokenizer->level, levels[i]);
    }
    free(tokenizer);
    free(copy);
}

static void brackets_are_matched(void **state)
{
    (void)state;
    check_error("x\n(]\n", "closing parenthesis does not match opening parenthesis", 2);
    check_error("x)\n", "unmatched closing parenthesis", 1);
    check_error("x\n(\n[]\n", "'(' was never closed", 2);
    check_error("[\n", "'[' was never closed", 1);
    check_error("{\n", "'{' was never closed", 1);
}

static void strings_are_terminated(void **state)
{
    (void)state;
    check_error("'a\n", "unterminated string literal", 1);
    check_error("x\n'''a\n\n", "unterminated triple-quoted string literal", 2);
    check_error("'a\\\n", "unterminated string literal", 1);
    check_error("f'a\n", "unterminated f-string literal", 1);
    check_error("f'''a\n", "unterminated f-string literal", 2);
    check_error("f'{a\n", "f-string: expecting '}'", 2);
    check_error("f'{a:b'\n", "f-string: expecting '}'", 1);
    check_error("f'}'\n", "f-string: single '}' is not allowed", 1);
    check_error("f'{)}'\n", "closing parenthesis does not match opening parenthesis", 1);
}

static void indentation_is_consistent(void **state)
{
    (void)state;
    check_error("if a:\n    b\n  c\n", "unindent does not match any outer indentation level", 3);
    check_error("if a:\n        b\n\tc\n", "inconsistent use of tabs and spaces in indentation", 3);
    check_error("if a:\n\tb\n        c\n", "inconsistent use of tabs and spaces in indentation", 3);
}

static void nothing_follows_a_backslash(void **state)
{
    (void)state;
    check_error("a \\ b\n", "unexpected character after line continuation character", 1);
    check_error("a \\\n", "unexpected EOF while parsing", 2);
    check_error("  \\\n", "unexpected EOF while parsing", 2);
}

static void characters_without_meaning_are_refused(void **state)
{
    (void)state;
    check_error("a ? b\n", "invalid character", 1);
    check_error("\n`a`\n", "invalid character", 2);
    check_error("a\x01\n", "invalid character", 1);
    check_error("a ! b\n", "invalid syntax", 1);
}

static void null_bytes_are_refused(void **state)
{
    (void)state;
    check_error_of("a\n# \0\n", 6, "source code cannot contain null bytes", 2);
    check_error_of("'\0'\n", 4, "source code cannot contain null bytes", 1);
}

/* `depth` times `open`, for sources that are nested too deeply. */
static char *repeat(const char *open, size_t depth)
{
    size_t size = strlen(open);
    char *text = malloc(size * depth + 2);
    assert_non_null(text);
    for (size_t i = 0; i < depth; i++)
        memcpy(text + i * size, open, size);
    memcpy(text + size * depth, "\n", 2);
    return text;
}

static void brackets_nest_up_to_a_limit(void **state)
{
    (void)state;
    char *text = repeat("(", TOKENIZER_MAX_LEVEL);
    check_error(text, "'(' was never closed", 1);
    free(text);
    text = repeat("[", TOKENIZER_MAX_LEVEL + 1);
    check_error(text, "too many nested parentheses", 1);
    free(text);
}

static void fstrings_nest_up_to_a_limit(void **state)
{
    (void)state;
    char *text = repeat("f'{", TOKENIZER_MAX_FSTRING + 1);
    check_error(text, "too many nested f-strings", 1);
    free(text);
}

static void suites_nest_up_to_a_limit(void **state)
{
    (void)state;
    char text[TOKENIZER_MAX_INDENT * TOKENIZER_MAX_INDENT] = "";
    size_t used = 0;
    for (int depth = 0; depth <= TOKENIZER_MAX_INDENT; depth++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%*sx:\n", depth, "");
    check_error(text, "too many levels of indentation", TOKENIZER_MAX_INDENT + 1);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_numbers_and_operators),
    cmocka_unit_test(walrus_is_one_operator),
    cmocka_unit_test(comments_and_empty_lines_give_no_token),
    cmocka_unit_test(lines_in_brackets_have_no_newline),
    cmocka_unit_test(suites_are_indented),
    cmocka_unit_test(suites_end_with_the_file),
    cmocka_unit_test(comments_do_not_dedent),
    cmocka_unit_test(backslash_joins_lines),
    cmocka_unit_test(column_before_a_backslash_counts),
    cmocka_unit_test(string_prefixes),
    cmocka_unit_test(names_that_look_like_prefixes),
    cmocka_unit_test(quotes_within_strings),
    cmocka_unit_test(triple_quoted_strings_span_lines),
    cmocka_unit_test(escaped_newline_continues_a_string),
    cmocka_unit_test(fstrings_are_one_token),
    cmocka_unit_test(braces_in_fstrings),
    cmocka_unit_test(format_specs),
    cmocka_unit_test(escapes_in_fstrings),
    cmocka_unit_test(fstrings_span_lines),
    cmocka_unit_test(lambda_colon_in_an_fstring_begins_the_spec),
    cmocka_unit_test(names_may_be_beyond_ascii),
    cmocka_unit_test(level_counts_open_brackets),
    cmocka_unit_test(brackets_are_matched),
    cmocka_unit_test(strings_are_terminated),
    cmocka_unit_test(indentation_is_consistent),
    cmocka_unit_test(nothing_follows_a_backslash),
    cmocka_unit_test(characters_without_meaning_are_refused),
    cmocka_unit_test(null_bytes_are_refused),
    cmocka_unit_test(brackets_nest_up_to_a_limit),
    cmocka_unit_test(fstrings_nest_up_to_a_limit),
    cmocka_unit_test(suites_nest_up_to_a_limit),
};

UNIT_MAIN(tests)
