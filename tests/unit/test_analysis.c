/*
 * Tests of collector/analysis.c and of all that it is made of, case by case: a source, its lines
 * that have code (by CPython 3.13), and what coverage.py 7.17.3 makes of them.
 */
#include "unit.h"

#include "collector/source/analysis.h"

#include <stdbool.h>
#include <stdlib.h>

struct expectation {
    const char *source;
    size_t source_size;
    bool own_patterns; /* else the default ones */
    const char *patterns[3];
    size_t pattern_count;
    const char *code; /* line sets are written like "1 3-5" */
    const char *statements;
    const char *excluded;
    const char *folds;   /* "3>2": line 3 is part of the statement at line 2 */
    const char *regions; /* "KIND NAME START: LINES", a line each */
    uint32_t line_count;
    const char *error; /* the end of the message when the source is not Python */
};

#define SOURCE(...) __VA_ARGS__, .source_size = sizeof(__VA_ARGS__) - 1

/* clang-format off: one line of source a line */

/* Statements and the folding of lines. */

static const struct expectation simple_lines_are_statements = {
    .source = SOURCE("x = 1\n"
                     "y = 2\n"),
    .code = "1-2",
    .statements = "1-2",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation bracketed_lines_fold_to_the_first = {
    .source = SOURCE("x = [\n"
                     "    1,\n"
                     "    # two\n"
                     "    2,\n"
                     "]\n"
                     "y = f(\n"
                     "    x)\n"),
    .code = "1-2 4 6-7",
    .statements = "1 6",
    .excluded = "",
    .folds = "2>1 3>1 4>1 5>1 7>6",
    .regions = "",
    .line_count = 7,
};

static const struct expectation a_backslash_continues_a_statement = {
    .source = SOURCE("x = 1 + \\\n"
                     "    2\n"
                     "if x and \\\n"
                     "        x:\n"
                     "    pass\n"),
    .code = "1 3-5",
    .statements = "1 3 5",
    .excluded = "",
    .folds = "2>1 4>3",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_backslash_may_begin_a_line = {
    .source = SOURCE("if 1:\n"
                     "    \\\n"
                     "    x = 1\n"
                     "    y = 2\n"
                     "\\\n"
                     "z = 3\n"),
    .code = "1 3-4 6",
    .statements = "1 3-4 6",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 6,
};

static const struct expectation a_comment_may_end_a_continued_line = {
    .source = SOURCE("x = 1 \\\n"
                     "    # two\n"
                     "y = 2\n"),
    .code = "1 3",
    .statements = "1 3",
    .excluded = "",
    .folds = "2>1",
    .regions = "",
    .line_count = 3,
};

static const struct expectation triple_quoted_strings_fold = {
    .source = SOURCE("x = \"\"\"a\n"
                     "b # c\n"
                     "\"\"\"\n"
                     "y = r'''\\\n"
                     "''' + b\"\"\"\n"
                     "\"\"\"\n"),
    .code = "1 4-5",
    .statements = "1 4",
    .excluded = "",
    .folds = "2>1 3>1 5>4 6>4",
    .regions = "",
    .line_count = 6,
};

static const struct expectation an_escaped_newline_continues_a_string = {
    .source = SOURCE("x = \"a\\\n"
                     "b\"\n"
                     "y = 1\n"),
    .code = "1 3",
    .statements = "1 3",
    .excluded = "",
    .folds = "2>1",
    .regions = "",
    .line_count = 3,
};

static const struct expectation semicolons_separate_statements_of_one_line = {
    .source = SOURCE("x = 1; y = 2;\n"
                     "z = (1,\n"
                     "     2); a = 3\n"
                     "b = 4\n"),
    .code = "1-4",
    .statements = "1-2 4",
    .excluded = "",
    .folds = "3>2",
    .regions = "",
    .line_count = 4,
};

static const struct expectation one_line_suites_are_one_line = {
    .source = SOURCE("if x: y = 1\n"
                     "else: y = 2\n"
                     "for i in x: pass\n"
                     "class A: x = 1; y = 2\n"
                     "def f(): return 1\n"),
    .code = "1-5",
    .statements = "1-5",
    .excluded = "",
    .folds = "",
    .regions = "class A 4:\n"
               "function f 5: 5\n",
    .line_count = 5,
};

static const struct expectation decorators_are_statements = {
    .source = SOURCE("@a\n"
                     "@b(\n"
                     "    1)\n"
                     "def f(\n"
                     "    x=1,\n"
                     "    y=2,\n"
                     "):\n"
                     "    return x\n"),
    .code = "1-6 8",
    .statements = "1-2 4 8",
    .excluded = "",
    .folds = "3>2 5>4 6>4 7>4",
    .regions = "function f 4: 8\n",
    .line_count = 8,
};

static const struct expectation async_statements = {
    .source = SOURCE("async def f(x):\n"
                     "    async for y in x:\n"
                     "        await y\n"
                     "    async with x as z:\n"
                     "        return [i async for i in\n"
                     "                z]\n"),
    .code = "1-6",
    .statements = "1-5",
    .excluded = "",
    .folds = "6>5",
    .regions = "function f 1: 2-6\n",
    .line_count = 6,
};

static const struct expectation parenthesised_with_items = {
    .source = SOURCE("with (open(a) as b,\n"
                     "      open(c) as d):\n"
                     "    e = 1\n"),
    .code = "1-3",
    .statements = "1 3",
    .excluded = "",
    .folds = "2>1",
    .regions = "",
    .line_count = 3,
};

static const struct expectation a_walrus_is_no_colon = {
    .source = SOURCE("if x := 1:\n"
                     "    pass\n"
                     "print(y := 2)\n"),
    .code = "1-3",
    .statements = "1-3",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation lambdas_in_headers = {
    .source = SOURCE("while lambda a=lambda: 1: 2:\n"
                     "    x = 1\n"
                     "if f(lambda: 0): pass\n"),
    .code = "1-3",
    .statements = "1-3",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation numbers_may_touch_keywords = {
    .source = SOURCE("x = 1if y else 2\n"
                     "z = [0x1for a in b]\n"
                     "w = 1.5e-3\n"),
    .code = "1-3",
    .statements = "1-3",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation operators_of_all_kinds = {
    .source = SOURCE("x **= 2 // 3 << 1 != 4\n"
                     "y: int = x @ ~x\n"
                     "z = x if x <= y else ...\n"
                     "w -= -x if x >= y else not x\n"),
    .code = "1-4",
    .statements = "1-4",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 4,
};

static const struct expectation type_parameters_and_aliases = {
    .source = SOURCE("type A[T] = list[T]\n"
                     "def f[T: int](x: T) -> T:\n"
                     "    return x\n"
                     "class B[T]:\n"
                     "    pass\n"),
    .code = "1-5",
    .statements = "1-5",
    .excluded = "",
    .folds = "",
    .regions = "function f 2: 3\n"
               "class B 4:\n",
    .line_count = 5,
};

static const struct expectation tabs_go_to_multiples_of_eight = {
    .source = SOURCE("if 1:\n"
                     "\tx = 1\n"
                     "\tif 2:\n"
                     "\t    y = 2\n"
                     "\tz = 3\n"),
    .code = "1-5",
    .statements = "1-5",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation try_in_all_its_forms = {
    .source = SOURCE("try:\n"
                     "    a = 1\n"
                     "except A:\n"
                     "    b = 1\n"
                     "except (B,\n"
                     "        C) as d:\n"
                     "    c = 1\n"
                     "else:\n"
                     "    d = 1\n"
                     "finally:\n"
                     "    e = 1\n"),
    .code = "1-7 9 11",
    .statements = "1-5 7 9 11",
    .excluded = "",
    .folds = "6>5",
    .regions = "",
    .line_count = 11,
};

static const struct expectation except_star = {
    .source = SOURCE("try:\n"
                     "    a = 1\n"
                     "except* (B,\n"
                     "         C) as d:\n"
                     "    c = 1\n"),
    .code = "1-5",
    .statements = "1-3 5",
    .excluded = "",
    .folds = "4>3",
    .regions = "",
    .line_count = 5,
};

static const struct expectation loops_with_else = {
    .source = SOURCE("for x in y:\n"
                     "    a = 1\n"
                     "else:\n"
                     "    b = 1\n"
                     "while x:\n"
                     "    c = 1\n"
                     "else:\n"
                     "    d = 1\n"),
    .code = "1-2 4-6 8",
    .statements = "1-2 4-6 8",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 8,
};

static const struct expectation names_beyond_ascii = {
    .source = SOURCE("caf\303\251 = 1\n"
                     "def Gr\303\266\303\237e(\303\237):\n"
                     "    return \303\237\n"),
    .code = "1-3",
    .statements = "1-3",
    .excluded = "",
    .folds = "",
    .regions = "function Gr\303\266\303\237e 2: 3\n",
    .line_count = 3,
};

/* Files. */

static const struct expectation an_empty_file_has_no_statement = {
    .source = SOURCE(""),
    .code = "1",
    .statements = "",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 0,
};

static const struct expectation a_file_of_comments_has_no_statement = {
    .source = SOURCE("# one\n"
                     "\n"
                     "    # two\n"),
    .code = "1",
    .statements = "",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation blank_lines_only = {
    .source = SOURCE("\n"
                     "\n"
                     "   \n"),
    .code = "1",
    .statements = "",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation no_newline_at_the_end = {
    .source = SOURCE("x = 1\n"
                     "if x:\n"
                     "    y = 2"),
    .code = "1-3",
    .statements = "1-3",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation crlf_line_ends = {
    .source = SOURCE("x = 1\r\n"
                     "y = \"\"\"a\r\n"
                     "b\"\"\"\r\n"
                     "if x:\r\n"
                     "    z = 1\r\n"),
    .code = "1-2 4-5",
    .statements = "1-2 4-5",
    .excluded = "",
    .folds = "3>2",
    .regions = "",
    .line_count = 5,
};

static const struct expectation cr_line_ends = {
    .source = SOURCE("x = 1\ry = 2\r"),
    .code = "1-2",
    .statements = "1-2",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation form_feeds_are_blanks = {
    .source = SOURCE("x = 1\n"
                     "\014\n"
                     "class A:\n"
                     "    \014\n"
                     "    y = 2\n"),
    .code = "1 3 5",
    .statements = "1 3 5",
    .excluded = "",
    .folds = "",
    .regions = "class A 3:\n",
    .line_count = 5,
};

static const struct expectation a_byte_order_mark_is_passed_over = {
    .source = SOURCE("\357\273\277\"doc\"\n"
                     "x = 1\n"),
    .code = "1-2",
    .statements = "2",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation latin_1_is_decoded = {
    .source = SOURCE("# -*- coding: latin-1 -*-\n"
                     "x = \"\351\205\" # \240pragma: no cover\n"
                     "y = 1\n"),
    .code = "2-3",
    .statements = "3",
    .excluded = "2",
    .folds = "",
    .regions = "",
    .line_count = 4,
};

static const struct expectation the_second_line_may_declare_the_encoding = {
    .source = SOURCE("#!/usr/bin/python\n"
                     "# vim: set fileencoding=cp1252 :\n"
                     "x = \"\200\201\"\n"),
    .code = "3",
    .statements = "3",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation code_before_the_declaration_disarms_it = {
    .source = SOURCE("x = 1\n"
                     "# coding: no-such-codec\n"),
    .code = "1",
    .statements = "1",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation a_utf_8_name_with_a_suffix = {
    .source = SOURCE("# coding: utf-8-unix\n"
                     "x = \"\303\251\"\n"),
    .code = "2",
    .statements = "2",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation shift_jis_keeps_backslashes = {
    .source = SOURCE("# coding: shift_jis\n"
                     "x = \"\225\\\" + \\\n"
                     "    \"\\\"\"\n"),
    .code = "2",
    .statements = "2",
    .excluded = "",
    .folds = "3>2",
    .regions = "",
    .line_count = 3,
};

static const struct expectation wrong_utf_8_is_replaced = {
    .source = SOURCE("x = 1\n"
                     "\n"
                     "# \377\376 \342\200\n"
                     "y = \"\360\237\"\n"),
    .code = "1 4",
    .statements = "1 4",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 4,
};

static const struct expectation splitlines_counts_other_line_ends = {
    .source = SOURCE("x = \"\013\034\035\036\"\n"
                     "y = \"\302\205\342\200\250\342\200\251\"\n"
                     "z = 1\n"),
    .code = "1-3",
    .statements = "1-3",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 10,
};

/* Docstrings. */

static const struct expectation docstrings_are_no_statements = {
    .source = SOURCE("\"\"\"module\n"
                     "\"\"\"\n"
                     "class A:\n"
                     "    \"class\"\n"
                     "    def f(self):\n"
                     "        r'''function\n"
                     "        '''\n"
                     "        return 1\n"
                     "    async def g(self):\n"
                     "        u\"async\"\n"),
    .code = "1 3-5 8-9",
    .statements = "3 5 8-9",
    .excluded = "",
    .folds = "2>1 7>6",
    .regions = "class A 3: 6-8 10\n"
               "function A.f 5: 6-8\n"
               "function A.g 9: 10\n",
    .line_count = 10,
};

static const struct expectation docstrings_of_several_strings = {
    .source = SOURCE("def f():\n"
                     "    \"a\" \"b\"\n"
                     "    return 1\n"
                     "def g():\n"
                     "    \"a\" \\\n"
                     "    \"b\"\n"
                     "def h():\n"
                     "    (\n"
                     "        \"a\"\n"
                     "        r\"b\"\n"
                     "    )\n"
                     "    return 2\n"
                     "def i():\n"
                     "    ((\"a\"))\n"),
    .code = "1 3-4 7 12-13",
    .statements = "1 3-4 7 12-13",
    .excluded = "",
    .folds = "6>5 9>8 10>8 11>8",
    .regions = "function f 1: 2-3\n"
               "function g 4: 5-6\n"
               "function h 7: 8-12\n"
               "function i 13: 14\n",
    .line_count = 14,
};

static const struct expectation docstrings_in_one_line_suites = {
    .source = SOURCE("def f(): \"doc\"\n"
                     "class A: \"doc\"; x = 1\n"),
    .code = "1-2",
    .statements = "",
    .excluded = "",
    .folds = "",
    .regions = "function f 1: 1\n"
               "class A 2:\n",
    .line_count = 2,
};

static const struct expectation a_docstring_before_a_semicolon = {
    .source = SOURCE("def f():\n"
                     "    \"doc\"; x = \"\"\"\n"
                     "    \"\"\"\n"),
    .code = "1-2",
    .statements = "1",
    .excluded = "",
    .folds = "3>2",
    .regions = "function f 1: 2-3\n",
    .line_count = 3,
};

static const struct expectation a_docstring_behind_comments = {
    .source = SOURCE("# one\n"
                     "\n"
                     "# two\n"
                     "\"\"\"doc\"\"\"\n"
                     "x = 1\n"),
    .code = "4-5",
    .statements = "5",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation only_the_first_statement_is_a_docstring = {
    .source = SOURCE("x = 1\n"
                     "\"a\"\n"
                     "def f():\n"
                     "    y = 1\n"
                     "    \"b\"\n"),
    .code = "1-5",
    .statements = "1-5",
    .excluded = "",
    .folds = "",
    .regions = "function f 3: 4-5\n",
    .line_count = 5,
};

static const struct expectation only_str_literals_are_docstrings = {
    .source = SOURCE("def a():\n"
                     "    b\"x\"\n"
                     "def b():\n"
                     "    f\"x\"\n"
                     "def c():\n"
                     "    \"x\" f\"{y}\"\n"
                     "def d():\n"
                     "    \"x\" + \"y\"\n"
                     "def e():\n"
                     "    \"x\" % y\n"
                     "def f():\n"
                     "    \"x\".y\n"
                     "def g():\n"
                     "    \"x\", \"y\"\n"
                     "def h():\n"
                     "    (\"x\",)\n"
                     "def i():\n"
                     "    (\"x\").y\n"
                     "def j():\n"
                     "    rb\"x\"\n"
                     "def k():\n"
                     "    \"x\"[0]\n"
                     "def l():\n"
                     "    not \"x\"\n"),
    .code = "1-24",
    .statements = "1-24",
    .excluded = "",
    .folds = "",
    .regions = "function a 1: 2\n"
               "function b 3: 4\n"
               "function c 5: 6\n"
               "function d 7: 8\n"
               "function e 9: 10\n"
               "function f 11: 12\n"
               "function g 13: 14\n"
               "function h 15: 16\n"
               "function i 17: 18\n"
               "function j 19: 20\n"
               "function k 21: 22\n"
               "function l 23: 24\n",
    .line_count = 24,
};

static const struct expectation suites_of_other_statements_have_no_docstring = {
    .source = SOURCE("if x:\n"
                     "    \"a\"\n"
                     "for y in z:\n"
                     "    \"\"\"b\n"
                     "    \"\"\"\n"),
    .code = "1-4",
    .statements = "1-4",
    .excluded = "",
    .folds = "5>4",
    .regions = "",
    .line_count = 5,
};

/* f-strings. */

static const struct expectation fstrings_nest = {
    .source = SOURCE("x = f\"{a['b']:>{w}} {{}} {y!r} {z=}\"\n"
                     "y = f\"{f\"{f\"{1}\"}\"}\"\n"
                     "z = f\"{d[\"k\"]}\" f'{d['k']}'\n"),
    .code = "1-3",
    .statements = "1-3",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation fstrings_span_lines = {
    .source = SOURCE("x = f\"\"\"{\n"
                     "    a  # b'\"\n"
                     "}  {b:\n"
                     "}\"\"\"\n"
                     "y = f\"{\n"
                     "    c}\"\n"
                     "z = 1\n"),
    .code = "1-3 5-7",
    .statements = "1 5 7",
    .excluded = "",
    .folds = "2>1 3>1 4>1 6>5",
    .regions = "",
    .line_count = 7,
};

static const struct expectation colons_in_fstrings = {
    .source = SOURCE("x = f\"{x:%H:%M} {(lambda: 1)()} {y:{z}:{w}}\"\n"
                     "if f\"{x:{y}}\": pass\n"),
    .code = "1-2",
    .statements = "1-2",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation fstring_escapes = {
    .source = SOURCE("x = f\"\\\"{a}\\\" \\N{EM DASH}\"\n"
                     "y = rf\"\\{b}\\N{c}\"\n"
                     "z = f\"a\\\n"
                     "{d}\"\n"
                     "w = F'{\"}\"}' Rf\"{x}\"\n"),
    .code = "1-5",
    .statements = "1-3 5",
    .excluded = "",
    .folds = "4>3",
    .regions = "",
    .line_count = 5,
};

static const struct expectation fstring_comparisons = {
    .source = SOURCE("x = f\"{a != b} {a!r} {a:!<4}\"\n"
                     "y = f\"{ {1: 2}[1] } {x:=5} {(z:=5)}\"\n"),
    .code = "1-2",
    .statements = "1-2",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation an_fstring_may_begin_an_excluded_statement = {
    .source = SOURCE("if a:  # pragma: no cover\n"
                     "    f\"\"\"x\n"
                     "    {y}\"\"\".z(lambda: 1)\n"
                     "b = 1\n"),
    .code = "1-4",
    .statements = "4",
    .excluded = "1-2",
    .folds = "3>2",
    .regions = "",
    .line_count = 4,
};

/* Exclusion of suites. */

static const struct expectation a_comment_excludes_its_line = {
    .source = SOURCE("x = 1\n"
                     "y = 2  # pragma: no cover\n"
                     "z = 3\n"),
    .code = "1-3",
    .statements = "1 3",
    .excluded = "2",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation the_comment_has_variants = {
    .source = SOURCE("a = 1 # pragma:no cover\n"
                     "b = 1 #PRAGMA NO COVER\n"
                     "c = 1 # pragma no cover, because\n"
                     "d = 1 # Pragma: no cover\n"
                     "e = 1 # pragma: nocover\n"
                     "f = 1 # pragma: cover\n"),
    .code = "1-6",
    .statements = "4 6",
    .excluded = "1-3 5",
    .folds = "",
    .regions = "",
    .line_count = 6,
};

static const struct expectation a_comment_excludes_the_whole_statement = {
    .source = SOURCE("x = [\n"
                     "    1,\n"
                     "    2,  # pragma: no cover\n"
                     "]\n"
                     "y = 1\n"),
    .code = "1-3 5",
    .statements = "5",
    .excluded = "1",
    .folds = "2>1 3>1 4>1",
    .regions = "",
    .line_count = 5,
};

static const struct expectation an_excluded_header_excludes_its_suite = {
    .source = SOURCE("if a:  # pragma: no cover\n"
                     "    b = 1\n"
                     "    if c:\n"
                     "        d = 1\n"
                     "\n"
                     "    # comment\n"
                     "    e = \"\"\"\n"
                     "\"\"\"\n"
                     "f = 1\n"),
    .code = "1-4 7 9",
    .statements = "9",
    .excluded = "1-4 7",
    .folds = "8>7",
    .regions = "",
    .line_count = 9,
};

static const struct expectation an_excluded_header_of_several_lines = {
    .source = SOURCE("if (a and  # pragma: no cover\n"
                     "        b):\n"
                     "    c = 1\n"
                     "d = 1\n"
                     "if (a and\n"
                     "        b):  # pragma: no cover\n"
                     "    c = 1\n"
                     "else:\n"
                     "    d = 1\n"),
    .code = "1-7 9",
    .statements = "4 9",
    .excluded = "1 3 5 7",
    .folds = "2>1 6>5",
    .regions = "",
    .line_count = 9,
};

static const struct expectation a_comment_behind_a_one_line_suite = {
    .source = SOURCE("for x in y: pass  # pragma: no cover\n"
                     "z = 1\n"),
    .code = "1-2",
    .statements = "2",
    .excluded = "1",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation else_is_excluded_by_itself = {
    .source = SOURCE("if a:\n"
                     "    b = 1\n"
                     "else:  # pragma: no cover\n"
                     "    c = 1\n"
                     "d = 1\n"
                     "if a:  # pragma: no cover\n"
                     "    b = 1\n"
                     "elif c:\n"
                     "    d = 1\n"),
    .code = "1-2 4-9",
    .statements = "1-2 5 8-9",
    .excluded = "3-4 6-7",
    .folds = "",
    .regions = "",
    .line_count = 9,
};

static const struct expectation for_while_with_try_are_excluded = {
    .source = SOURCE("for x in y:  # pragma: no cover\n"
                     "    a = 1\n"
                     "else:\n"
                     "    b = 1\n"
                     "while x:  # pragma: no cover\n"
                     "    c = 1\n"
                     "with x as y:  # pragma: no cover\n"
                     "    d = 1\n"
                     "try:  # pragma: no cover\n"
                     "    e = 1\n"
                     "except F:\n"
                     "    f = 1\n"
                     "try:\n"
                     "    g = 1\n"
                     "except H:  # pragma: no cover\n"
                     "    h = 1\n"
                     "finally:\n"
                     "    i = 1\n"),
    .code = "1-2 4-16 18",
    .statements = "4 11-14 18",
    .excluded = "1-2 5-10 15-16",
    .folds = "",
    .regions = "",
    .line_count = 18,
};

static const struct expectation an_excluded_function_has_no_statements = {
    .source = SOURCE("def f(a,\n"
                     "      b):  # pragma: no cover\n"
                     "    \"\"\"doc\"\"\"\n"
                     "    c = 1\n"
                     "\n"
                     "    return c\n"
                     "d = 1\n"),
    .code = "1 4 6-7",
    .statements = "7",
    .excluded = "1-6",
    .folds = "2>1",
    .regions = "function f 1: 3-6\n",
    .line_count = 7,
};

static const struct expectation an_excluded_signature_line_excludes_the_body = {
    .source = SOURCE("def f(\n"
                     "    a,  # pragma: no cover\n"
                     "):\n"
                     "    return a\n"
                     "x = 1\n"),
    .code = "1 4-5",
    .statements = "5",
    .excluded = "1-4",
    .folds = "2>1 3>1",
    .regions = "function f 1: 4\n",
    .line_count = 5,
};

static const struct expectation an_excluded_class_excludes_its_methods = {
    .source = SOURCE("class A(\n"
                     "    B):  # pragma: no cover\n"
                     "    x = 1\n"
                     "    def f(self):\n"
                     "        return 1\n"
                     "y = 1\n"),
    .code = "1-6",
    .statements = "6",
    .excluded = "1-5",
    .folds = "2>1",
    .regions = "class A 1: 5\n"
               "function A.f 4: 5\n",
    .line_count = 6,
};

static const struct expectation an_excluded_decorator_excludes_the_function = {
    .source = SOURCE("@a\n"
                     "@b  # pragma: no cover\n"
                     "def f():\n"
                     "    return 1\n"
                     "\n"
                     "@c(  # pragma: no cover\n"
                     "    1)\n"
                     "class D:\n"
                     "    e = 1\n"
                     "g = 1\n"),
    .code = "1-4 6-10",
    .statements = "10",
    .excluded = "1-4 6-9",
    .folds = "7>6",
    .regions = "function f 3: 4\n"
               "class D 8:\n",
    .line_count = 10,
};

static const struct expectation parenthesised_decorators_begin_inside = {
    .source = SOURCE("@(  # pragma: no cover\n"
                     "    a\n"
                     ")\n"
                     "def f():\n"
                     "    return 1\n"
                     "@(a,\n"
                     "  b)[0]\n"
                     "@(c  # pragma: no cover\n"
                     "  )\n"
                     "def g():\n"
                     "    return 2\n"
                     "@(lambda x, y: x)\n"
                     "def h():\n"
                     "    return 3\n"),
    .code = "2 4-8 10-14",
    .statements = "4-5 12-14",
    .excluded = "1 6-11",
    .folds = "2>1 3>1 7>6 9>8",
    .regions = "function f 4: 5\n"
               "function g 10: 11\n"
               "function h 13: 14\n",
    .line_count = 14,
};

static const struct expectation a_comment_in_the_body_excludes_no_header = {
    .source = SOURCE("def f():\n"
                     "    a = 1  # pragma: no cover\n"
                     "    return a\n"),
    .code = "1-3",
    .statements = "1 3",
    .excluded = "2",
    .folds = "",
    .regions = "function f 1: 2-3\n",
    .line_count = 3,
};

static const struct expectation an_excluded_method_is_not_the_class = {
    .source = SOURCE("class A:\n"
                     "    def f(self):  # pragma: no cover\n"
                     "        return 1\n"
                     "    def g(self):\n"
                     "        return 2\n"),
    .code = "1-5",
    .statements = "1 4-5",
    .excluded = "2-3",
    .folds = "",
    .regions = "class A 1: 3 5\n"
               "function A.f 2: 3\n"
               "function A.g 4: 5\n",
    .line_count = 5,
};

static const struct expectation a_lambda_colon_excludes_what_follows_deeper = {
    .source = SOURCE("x = lambda: 1  # pragma: no cover\n"
                     "y = 1\n"
                     "if a:\n"
                     "    z = lambda: 1  # pragma: no cover\n"
                     "    w = 1\n"),
    .code = "1-5",
    .statements = "2-3 5",
    .excluded = "1 4",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation colons_in_brackets_exclude_nothing = {
    .source = SOURCE("x = {1: 2}  # pragma: no cover\n"
                     "y = x[1:2]  # pragma: no cover\n"
                     "z = 1\n"
                     "def f(a: int): return a\n"),
    .code = "1-4",
    .statements = "3-4",
    .excluded = "1-2",
    .folds = "",
    .regions = "function f 4: 4\n",
    .line_count = 4,
};

static const struct expectation an_annotation_is_a_colon = {
    .source = SOURCE("x: int = 1  # pragma: no cover\n"
                     "y = 1\n"),
    .code = "1-2",
    .statements = "2",
    .excluded = "1",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation a_suite_within_an_excluded_suite = {
    .source = SOURCE("if a:  # pragma: no cover\n"
                     "    if b:  # pragma: no cover\n"
                     "        c = 1\n"
                     "    d = 1\n"
                     "e = 1\n"),
    .code = "1-5",
    .statements = "5",
    .excluded = "1-4",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

/* The default patterns. */

static const struct expectation ellipsis_bodies_are_excluded = {
    .source = SOURCE("def f(): ...\n"
                     "def g(\n"
                     "    a,\n"
                     ") -> None: ...\n"
                     "class A:\n"
                     "    def f(self) -> int:\n"
                     "        ...\n"
                     "    async def g(self): ...  # why\n"
                     "    x = 1\n"
                     "class B: ...\n"
                     "y = ...\n"),
    .code = "1-2 4-11",
    .statements = "5 9-11",
    .excluded = "1-4 6-8",
    .folds = "3>2 4>2",
    .regions = "function f 1: 1\n"
               "function g 2: 4\n"
               "class A 5: 7-8\n"
               "function A.f 6: 7\n"
               "function A.g 8: 8\n"
               "class B 10:\n",
    .line_count = 11,
};

static const struct expectation type_checking_is_excluded = {
    .source = SOURCE("import typing\n"
                     "if typing.TYPE_CHECKING:\n"
                     "    import a\n"
                     "else:\n"
                     "    import b\n"
                     "  \n"
                     "if TYPE_CHECKING:\n"
                     "    import c\n"
                     "if not TYPE_CHECKING:\n"
                     "    d = 1\n"),
    .code = "1-3 5 7-10",
    .statements = "1 5 9-10",
    .excluded = "2-3 6-8",
    .folds = "",
    .regions = "",
    .line_count = 10,
};

static const struct expectation comments_in_strings_match_too = {
    .source = SOURCE("x = \"# pragma: no cover\"\n"
                     "y = \"\"\"\n"
                     "# pragma: no cover\n"
                     "\"\"\"\n"
                     "z = 1\n"),
    .code = "1-2 5",
    .statements = "5",
    .excluded = "1-2",
    .folds = "3>2 4>2",
    .regions = "",
    .line_count = 5,
};

/* Patterns of one's own. */

static const struct expectation patterns_replace_the_default = {
    .source = SOURCE("x = 1  # pragma: no cover\n"
                     "assert x\n"
                     "def __repr__(self):\n"
                     "    return x\n"),
    .own_patterns = true,
    .patterns = { "def __repr__", "assert" },
    .pattern_count = 2,
    .code = "1-4",
    .statements = "1",
    .excluded = "2-4",
    .folds = "",
    .regions = "function __repr__ 3: 4\n",
    .line_count = 4,
};

static const struct expectation a_pattern_may_span_lines = {
    .source = SOURCE("a = 1\n"
                     "# begin\n"
                     "b = 1\n"
                     "c = 1\n"
                     "# end\n"
                     "d = 1\n"
                     "# begin\n"
                     "e = 1\n"
                     "# end\n"),
    .own_patterns = true,
    .patterns = { "(?s)# begin.*?# end" },
    .pattern_count = 1,
    .code = "1 3-4 6 8",
    .statements = "1 6",
    .excluded = "2-5 7-9",
    .folds = "",
    .regions = "",
    .line_count = 9,
};

static const struct expectation a_match_behind_a_newline_reaches_the_next_line = {
    .source = SOURCE("a = 1\n"
                     "b = 2\n"
                     "c = 3\n"),
    .own_patterns = true,
    .patterns = { "b = 2\\n" },
    .pattern_count = 1,
    .code = "1-3",
    .statements = "1",
    .excluded = "2-3",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation an_empty_match_excludes_its_line = {
    .source = SOURCE("a = 1\n"
                     "\n"
                     "b = 2\n"),
    .own_patterns = true,
    .patterns = { "^$" },
    .pattern_count = 1,
    .code = "1 3",
    .statements = "1 3",
    .excluded = "2 4",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

static const struct expectation a_greedy_match_hides_other_patterns = {
    .source = SOURCE("a = 1\n"
                     "b = 2\n"
                     "c = 3\n"
                     "d = 4\n"),
    .own_patterns = true,
    .patterns = { "a = 1\\nb", "b = 2\\nc", "c" },
    .pattern_count = 3,
    .code = "1-4",
    .statements = "4",
    .excluded = "1-3",
    .folds = "",
    .regions = "",
    .line_count = 4,
};

static const struct expectation an_empty_pattern_excludes_nothing = {
    .source = SOURCE("a = 1\n"),
    .own_patterns = true,
    .patterns = { "" },
    .pattern_count = 1,
    .code = "1",
    .statements = "1",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 1,
};

static const struct expectation an_empty_pattern_among_others_excludes_all = {
    .source = SOURCE("a = 1\n"
                     "b = 1\n"),
    .own_patterns = true,
    .patterns = { "", "x" },
    .pattern_count = 2,
    .code = "1-2",
    .statements = "",
    .excluded = "1-3",
    .folds = "",
    .regions = "",
    .line_count = 2,
};

static const struct expectation no_pattern_excludes_nothing = {
    .source = SOURCE("a = 1  # pragma: no cover\n"),
    .own_patterns = true,
    .patterns = { NULL },
    .pattern_count = 0,
    .code = "1",
    .statements = "1",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 1,
};

static const struct expectation a_pattern_may_match_the_comment_of_a_suite = {
    .source = SOURCE("if a:  # debug\n"
                     "    b = 1\n"
                     "c = 1\n"),
    .own_patterns = true,
    .patterns = { "#\\s*debug" },
    .pattern_count = 1,
    .code = "1-3",
    .statements = "3",
    .excluded = "1-2",
    .folds = "",
    .regions = "",
    .line_count = 3,
};

/* match and case. */

static const struct expectation match_statements = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case [b, *c]:\n"
                     "        d = 1\n"
                     "    case {\"k\": e}:\n"
                     "        f = 1\n"
                     "    case A(g=1) | B():\n"
                     "        h = 1\n"
                     "    case _:\n"
                     "        i = 1\n"),
    .code = "1-11",
    .statements = "1-11",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 11,
};

static const struct expectation a_wildcard_goes_with_its_body = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case _:\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-3",
    .excluded = "4-5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_capture_goes_with_its_body = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case y:\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-3",
    .excluded = "4-5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_grouped_wildcard_goes_with_its_body = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case ((_)):\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-3",
    .excluded = "4-5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation the_last_alternative_counts = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case 2 | (3 | _):\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-3",
    .excluded = "4-5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation what_as_names_does_not_count = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case (2 | _) as y:\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-4",
    .excluded = "5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation an_alternative_with_as_counts = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case (2 as y) | (y):\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-3",
    .excluded = "4-5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_guard_keeps_the_case = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case _ if y:\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-4",
    .excluded = "5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_value_keeps_the_case = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case a.b:\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-4",
    .excluded = "5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation none_keeps_the_case = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case None:\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-4",
    .excluded = "5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_sequence_keeps_the_case = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case a, b:\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-4",
    .excluded = "5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_sequence_of_one_keeps_the_case = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case (a,):\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-4",
    .excluded = "5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_class_pattern_keeps_the_case = {
    .source = SOURCE("match x:\n"
                     "    case 1:\n"
                     "        a = 1\n"
                     "    case A():\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-4",
    .excluded = "5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_pattern_in_parentheses_is_excluded_where_it_stands = {
    .source = SOURCE("match x:\n"
                     "    case (\n"
                     "        _\n"
                     "    ):\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1 3 5",
    .statements = "1",
    .excluded = "3 5",
    .folds = "3>2 4>2",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_body_in_part_excluded_keeps_the_case = {
    .source = SOURCE("match x:\n"
                     "    case _:\n"
                     "        a = 1\n"
                     "        raise X  # pragma: no cover\n"),
    .code = "1-4",
    .statements = "1-3",
    .excluded = "4",
    .folds = "",
    .regions = "",
    .line_count = 4,
};

static const struct expectation a_nested_case_comes_later = {
    .source = SOURCE("match x:\n"
                     "    case _:\n"
                     "        match y:\n"
                     "            case _:\n"
                     "                raise X  # pragma: no cover\n"),
    .code = "1-5",
    .statements = "1-3",
    .excluded = "4-5",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

static const struct expectation a_function_in_a_case_comes_later = {
    .source = SOURCE("match x:\n"
                     "    case _:\n"
                     "        @a  # pragma: no cover\n"
                     "        def f():\n"
                     "            return 1\n"),
    .code = "1-5",
    .statements = "1-2",
    .excluded = "3-5",
    .folds = "",
    .regions = "function f 4: 5\n",
    .line_count = 5,
};

static const struct expectation match_and_case_are_names_too = {
    .source = SOURCE("match = 1\n"
                     "match: int = 2\n"
                     "match[0:1] = case\n"
                     "match(case)\n"
                     "match * case, x\n"
                     "case = match.case\n"
                     "if match: case = 1\n"),
    .code = "1-7",
    .statements = "1-7",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 7,
};

static const struct expectation a_tuple_is_matched = {
    .source = SOURCE("match x, *y:\n"
                     "    case a, *b:\n"
                     "        c = 1\n"
                     "match (x):\n"
                     "    case a if a: b = 1\n"),
    .code = "1-5",
    .statements = "1-5",
    .excluded = "",
    .folds = "",
    .regions = "",
    .line_count = 5,
};

/* Regions. */

static const struct expectation functions_and_classes_are_regions = {
    .source = SOURCE("def f():\n"
                     "    return 1\n"
                     "\n"
                     "class A:\n"
                     "    x = 1\n"
                     "\n"
                     "    @staticmethod\n"
                     "    def g():\n"
                     "        \"\"\"doc\"\"\"\n"
                     "        return 2\n"
                     "\n"
                     "    async def h(self): return 3\n"),
    .code = "1-2 4-5 7-8 10 12",
    .statements = "1-2 4-5 7-8 10 12",
    .excluded = "",
    .folds = "",
    .regions = "function f 1: 2\n"
               "class A 4: 9-10 12\n"
               "function A.g 8: 9-10\n"
               "function A.h 12: 12\n",
    .line_count = 12,
};

static const struct expectation nested_functions_leave_the_outer_one = {
    .source = SOURCE("def f():\n"
                     "    a = 1\n"
                     "    def g():\n"
                     "        b = 1\n"
                     "        def h():\n"
                     "            return b\n"
                     "        return h\n"
                     "    return g\n"),
    .code = "1-8",
    .statements = "1-8",
    .excluded = "",
    .folds = "",
    .regions = "function f 1: 2-3 8\n"
               "function f.g 3: 4-5 7\n"
               "function f.g.h 5: 6\n",
    .line_count = 8,
};

static const struct expectation nested_classes_leave_the_outer_one = {
    .source = SOURCE("class A:\n"
                     "    def f(self):\n"
                     "        class B:\n"
                     "            x = 1\n"
                     "            def g(self):\n"
                     "                return 1\n"
                     "        return B\n"
                     "    class C:\n"
                     "        def h(self):\n"
                     "            return 2\n"
                     "    def i(self):\n"
                     "        return 3\n"),
    .code = "1-12",
    .statements = "1-12",
    .excluded = "",
    .folds = "",
    .regions = "class A 1: 3-5 7 12\n"
               "function A.f 2: 3-5 7\n"
               "class A.f.B 3: 6\n"
               "function A.f.B.g 5: 6\n"
               "class A.C 8: 10\n"
               "function A.C.h 9: 10\n"
               "function A.i 11: 12\n",
    .line_count = 12,
};

static const struct expectation a_region_begins_at_def_behind_decorators = {
    .source = SOURCE("@a\n"
                     "@b\n"
                     "def f():\n"
                     "    @c\n"
                     "    def g():\n"
                     "        return 1\n"
                     "    return g\n"),
    .code = "1-7",
    .statements = "1-7",
    .excluded = "",
    .folds = "",
    .regions = "function f 3: 5 7\n"
               "function f.g 5: 6\n",
    .line_count = 7,
};

static const struct expectation regions_in_other_suites = {
    .source = SOURCE("if x:\n"
                     "    def f(): pass\n"
                     "elif y:\n"
                     "    def g(): pass\n"
                     "else:\n"
                     "    def h(): pass\n"
                     "for i in j:\n"
                     "    class A: pass\n"
                     "with x:\n"
                     "    def k(): pass\n"
                     "match x:\n"
                     "    case 1:\n"
                     "        def l(): pass\n"),
    .code = "1-4 6-13",
    .statements = "1-4 6-13",
    .excluded = "",
    .folds = "",
    .regions = "function f 2: 2\n"
               "function g 4: 4\n"
               "function h 6: 6\n"
               "class A 8:\n"
               "function k 10: 10\n"
               "function l 13: 13\n",
    .line_count = 13,
};

static const struct expectation handlers_come_behind_else_and_finally = {
    .source = SOURCE("try:\n"
                     "    def a(): pass\n"
                     "except X:\n"
                     "    def b(): pass\n"
                     "except Y:\n"
                     "    def c(): pass\n"
                     "else:\n"
                     "    def d(): pass\n"
                     "finally:\n"
                     "    def e(): pass\n"
                     "try:\n"
                     "    def f(): pass\n"
                     "finally:\n"
                     "    def g(): pass\n"),
    .code = "1-6 8 10-12 14",
    .statements = "1-6 8 10-12 14",
    .excluded = "",
    .folds = "",
    .regions = "function a 2: 2\n"
               "function d 8: 8\n"
               "function e 10: 10\n"
               "function b 4: 4\n"
               "function c 6: 6\n"
               "function f 12: 12\n"
               "function g 14: 14\n",
    .line_count = 14,
};

static const struct expectation a_semicolon_is_no_part_of_a_region = {
    .source = SOURCE("def f():\n"
                     "    x = 1 \\\n"
                     "    ;\n"
                     "y = 1\n"),
    .code = "1-2 4",
    .statements = "1-2 4",
    .excluded = "",
    .folds = "3>2",
    .regions = "function f 1: 2\n",
    .line_count = 4,
};

static const struct expectation comments_behind_a_body_are_no_part_of_it = {
    .source = SOURCE("def f():\n"
                     "    x = (1,\n"
                     "         2)\n"
                     "    # more\n"
                     "\n"
                     "# most\n"
                     "def g():\n"
                     "    return \"\"\"\n"
                     "    \"\"\"\n"),
    .code = "1-2 7-8",
    .statements = "1-2 7-8",
    .excluded = "",
    .folds = "3>2 9>8",
    .regions = "function f 1: 2-3\n"
               "function g 7: 8-9\n",
    .line_count = 9,
};

/* Sources that are not Python. */

static const struct expectation an_unclosed_bracket = {
    .source = SOURCE("x = 1\n"
                     "y = (1,\n"
                     "[2]\n"),
    .error = ": '(' was never closed at line 2",
};

static const struct expectation a_closing_bracket_alone = {
    .source = SOURCE("x = 1\n"
                     ")\n"),
    .error = ": unmatched closing parenthesis at line 2",
};

static const struct expectation brackets_that_do_not_match = {
    .source = SOURCE("x = (1]\n"),
    .error = ": closing parenthesis does not match opening parenthesis at line 1",
};

static const struct expectation an_unterminated_string = {
    .source = SOURCE("x = 1\n"
                     "y = \"abc\n"),
    .error = ": unterminated string literal at line 2",
};

static const struct expectation an_unterminated_triple_quoted_string = {
    .source = SOURCE("x = 1\n"
                     "y = \"\"\"abc\n"
                     "\n"),
    .error = ": unterminated triple-quoted string literal at line 2",
};

static const struct expectation an_unterminated_fstring = {
    .source = SOURCE("x = f\"{a\n"),
    .error = ": f-string: expecting '}' at line 2",
};

static const struct expectation an_inconsistent_dedent = {
    .source = SOURCE("if 1:\n"
                     "    x = 1\n"
                     "  y = 1\n"),
    .error = ": unindent does not match any outer indentation level at line 3",
};

static const struct expectation tabs_and_spaces_that_disagree = {
    .source = SOURCE("if 1:\n"
                     "        x = 1\n"
                     "\ty = 1\n"),
    .error = ": inconsistent use of tabs and spaces in indentation at line 3",
};

static const struct expectation an_indent_without_a_header = {
    .source = SOURCE("x = 1\n"
                     "    y = 1\n"),
    .error = ": unexpected indent at line 2",
};

static const struct expectation a_header_without_a_suite = {
    .source = SOURCE("if x:\n"
                     "y = 1\n"),
    .error = ": expected an indented block at line 2",
};

static const struct expectation a_header_without_a_suite_at_the_end = {
    .source = SOURCE("if x:\n"),
    .error = ": expected an indented block at line 2",
};

static const struct expectation a_header_without_a_colon = {
    .source = SOURCE("if x\n"
                     "    y = 1\n"),
    .error = ": expected ':' at line 1",
};

static const struct expectation a_null_byte = {
    .source = SOURCE("x = 1\n"
                     "y = \000\n"),
    .error = ": source code cannot contain null bytes at line 2",
};

static const struct expectation a_null_byte_in_a_comment = {
    .source = SOURCE("x = 1\n"
                     "# \000\n"),
    .error = ": source code cannot contain null bytes at line 2",
};

static const struct expectation a_continued_line_at_the_end = {
    .source = SOURCE("x = 1 \\\n"),
    .error = ": unexpected EOF while parsing at line 2",
};

static const struct expectation something_behind_a_backslash = {
    .source = SOURCE("x = 1 \\ 2\n"),
    .error = ": unexpected character after line continuation character at line 1",
};

static const struct expectation a_character_without_meaning = {
    .source = SOURCE("x = 1\n"
                     "y = $\n"),
    .error = ": invalid character at line 2",
};

static const struct expectation an_unknown_encoding = {
    .source = SOURCE("# coding: no-such-codec\n"),
    .error = "unknown encoding: no-such-codec",
};

static const struct expectation a_byte_order_mark_and_another_encoding = {
    .source = SOURCE("\357\273\277# coding: latin-1\n"),
    .error = "encoding problem: utf-8",
};

static const struct expectation a_first_line_that_is_not_utf_8 = {
    .source = SOURCE("# \377\n"),
    .error = "invalid or missing encoding declaration",
};

static const struct expectation a_form_feed_before_code = {
    .source = SOURCE("x = 1\n"
                     "\014def f(): pass\n"),
    .error = ": unexpected indent at line 2",
};

/* clang-format on */

static struct analysis_rules *new_rules(const struct expectation *expected)
{
    const char *const *patterns = expected->patterns;
    size_t count = expected->pattern_count;
    if (!expected->own_patterns) {
        patterns = analysis_default_exclude;
        count = 0;
        while (patterns[count])
            count++;
    }
    struct error error = { ERROR_NONE, "" };
    struct analysis_rules *rules = analysis_rules_new(patterns, count, &error);
    assert_string_equal(error.text, "");
    assert_non_null(rules);
    return rules;
}

static struct line_set parse_lines(const char *text)
{
    struct line_set lines = LINE_SET_EMPTY;
    while (*text) {
        char *end;
        unsigned long first = strtoul(text, &end, 10);
        unsigned long last = *end == '-' ? strtoul(end + 1, &end, 10) : first;
        assert_int_equal(line_set_add_range(&lines, (uint32_t)first, (uint32_t)last), 0);
        text = *end == ' ' ? end + 1 : end;
    }
    return lines;
}

struct output {
    char text[4096];
    size_t size;
};

static void __attribute__((format(printf, 2, 3)))
print(struct output *output, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(output->text + output->size, sizeof output->text - output->size, format,
                         arguments);
    va_end(arguments);
    assert_true(size >= 0 && (size_t)size < sizeof output->text - output->size);
    output->size += (size_t)size;
}

static void print_lines(struct output *output, const struct line_set *lines)
{
    const char *space = "";
    for (uint32_t line = line_set_next(lines, 0); line; line = line_set_next(lines, line)) {
        uint32_t first = line;
        while (line_set_has(lines, line + 1))
            line++;
        print(output, "%s%u", space, first);
        if (line > first)
            print(output, "-%u", line);
        space = " ";
    }
}

static void check_lines(const struct line_set *lines, const char *expected)
{
    struct output output = { "", 0 };
    print_lines(&output, lines);
    assert_string_equal(output.text, expected);
}

static void check_folds(const struct analysis *analysis, const char *expected)
{
    struct output output = { "", 0 };
    for (uint32_t line = 1; line <= analysis->line_count; line++)
        if (analysis->first_line[line] != line)
            print(&output, "%s%u>%u", output.size ? " " : "", line, analysis->first_line[line]);
    assert_string_equal(output.text, expected);
}

static void check_regions(const struct analysis *analysis, const char *expected)
{
    struct output output = { "", 0 };
    for (size_t i = 0; i < analysis->region_count; i++) {
        const struct region *region = &analysis->regions[i];
        print(&output, "%s %s %u:", region->kind == REGION_CLASS ? "class" : "function",
              region->name, region->start);
        print(&output, line_set_count(&region->lines) ? " " : "");
        print_lines(&output, &region->lines);
        print(&output, "\n");
    }
    assert_string_equal(output.text, expected);
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text);
    return size >= strlen(end) && strcmp(text + size - strlen(end), end) == 0;
}

static void check(void **state)
{
    const struct expectation *expected = *state;
    struct analysis_rules *rules = new_rules(expected);
    struct line_set code = parse_lines(expected->code ? expected->code : "");
    /* A copy of its own size, so that reading beyond it is found. */
    unsigned char *source = malloc(expected->source_size ? expected->source_size : 1);
    assert_non_null(source);
    memcpy(source, expected->source, expected->source_size);
    struct analysis analysis;
    struct error error = { ERROR_NONE, "" };
    int result =
        analysis_run(&analysis, "dir/file.py", source, expected->source_size, &code, rules, &error);
    if (expected->error) {
        assert_int_equal(result, -1);
        assert_int_equal(error.code, ERROR_SOURCE);
        assert_non_null(strstr(error.text, "couldn't parse 'dir/file.py' as Python source: "));
        if (!ends_with(error.text, expected->error))
            fail_msg("the error is: %s", error.text);
    } else {
        assert_string_equal(error.text, "");
        assert_int_equal(result, 0);
        check_lines(&analysis.statements, expected->statements);
        check_lines(&analysis.excluded, expected->excluded);
        check_folds(&analysis, expected->folds);
        check_regions(&analysis, expected->regions);
        assert_int_equal(analysis.line_count, expected->line_count);
        analysis_close(&analysis);
    }
    free(source);
    line_set_close(&code);
    analysis_rules_free(rules);
}

static struct analysis analyse(const char *source, const char *code)
{
    const struct expectation defaults = { .source = NULL };
    struct analysis_rules *rules = new_rules(&defaults);
    struct line_set lines = parse_lines(code);
    struct analysis analysis;
    struct error error = { ERROR_NONE, "" };
    assert_int_equal(analysis_run(&analysis, "file.py", (const unsigned char *)source,
                                  strlen(source), &lines, rules, &error),
                     0);
    line_set_close(&lines);
    analysis_rules_free(rules);
    return analysis;
}

static void executed_lines_fold_to_statements(void **state)
{
    (void)state;
    struct analysis analysis =
        analyse("x = [\n  1,\n  2]\ny = 1  # pragma: no cover\nz = 1\n", "1-5");
    struct line_set raw = parse_lines("2 3 4 5");
    struct line_set executed = parse_lines("4 77");
    assert_int_equal(analysis_executed(&analysis, &raw, &executed), 0);
    check_lines(&executed, "1 5");
    line_set_close(&executed);
    line_set_close(&raw);
    analysis_close(&analysis);
}

static void executed_lines_beyond_the_source_are_dropped(void **state)
{
    (void)state;
    struct analysis analysis = analyse("x = 1\n", "1");
    struct line_set raw = parse_lines("1 2 100000");
    struct line_set executed = LINE_SET_EMPTY;
    assert_int_equal(analysis_executed(&analysis, &raw, &executed), 0);
    check_lines(&executed, "1");
    line_set_close(&executed);
    line_set_close(&raw);
    analysis_close(&analysis);
}

static void code_beyond_the_source_is_kept(void **state)
{
    (void)state;
    struct analysis analysis = analyse("x = 1\n", "1 9");
    check_lines(&analysis.statements, "1 9");
    analysis_close(&analysis);
}

static void rules_serve_many_files(void **state)
{
    (void)state;
    const struct expectation defaults = { .source = NULL };
    struct analysis_rules *rules = new_rules(&defaults);
    struct line_set code = parse_lines("1-2");
    for (int i = 0; i < 3; i++) {
        struct analysis analysis;
        struct error error = { ERROR_NONE, "" };
        const char *source = i == 1 ? "x = 1\ny = 2\n" : "x = 1\ny = 2  # pragma: no cover\n";
        assert_int_equal(analysis_run(&analysis, "file.py", (const unsigned char *)source,
                                      strlen(source), &code, rules, &error),
                         0);
        check_lines(&analysis.excluded, i == 1 ? "" : "2");
        analysis_close(&analysis);
    }
    line_set_close(&code);
    analysis_rules_free(rules);
}

static void a_wrong_pattern_makes_no_rules(void **state)
{
    (void)state;
    static const char *const patterns[] = { "good", "(wrong" };
    struct error error = { ERROR_NONE, "" };
    assert_null(analysis_rules_new(patterns, 2, &error));
    assert_int_equal(error.code, ERROR_CONFIG);
    assert_non_null(strstr(error.text, "'(wrong'"));
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, check, NULL, NULL, (void *)(uintptr_t)&name                                         \
    }

/* clang-format off: one test a line */
static const struct CMUnitTest tests[] = {
    TEST(simple_lines_are_statements),
    TEST(bracketed_lines_fold_to_the_first),
    TEST(a_backslash_continues_a_statement),
    TEST(a_backslash_may_begin_a_line),
    TEST(a_comment_may_end_a_continued_line),
    TEST(triple_quoted_strings_fold),
    TEST(an_escaped_newline_continues_a_string),
    TEST(semicolons_separate_statements_of_one_line),
    TEST(one_line_suites_are_one_line),
    TEST(decorators_are_statements),
    TEST(async_statements),
    TEST(parenthesised_with_items),
    TEST(a_walrus_is_no_colon),
    TEST(lambdas_in_headers),
    TEST(numbers_may_touch_keywords),
    TEST(operators_of_all_kinds),
    TEST(type_parameters_and_aliases),
    TEST(tabs_go_to_multiples_of_eight),
    TEST(try_in_all_its_forms),
    TEST(except_star),
    TEST(loops_with_else),
    TEST(names_beyond_ascii),

    TEST(an_empty_file_has_no_statement),
    TEST(a_file_of_comments_has_no_statement),
    TEST(blank_lines_only),
    TEST(no_newline_at_the_end),
    TEST(crlf_line_ends),
    TEST(cr_line_ends),
    TEST(form_feeds_are_blanks),
    TEST(a_byte_order_mark_is_passed_over),
    TEST(latin_1_is_decoded),
    TEST(the_second_line_may_declare_the_encoding),
    TEST(code_before_the_declaration_disarms_it),
    TEST(a_utf_8_name_with_a_suffix),
    TEST(shift_jis_keeps_backslashes),
    TEST(wrong_utf_8_is_replaced),
    TEST(splitlines_counts_other_line_ends),

    TEST(docstrings_are_no_statements),
    TEST(docstrings_of_several_strings),
    TEST(docstrings_in_one_line_suites),
    TEST(a_docstring_before_a_semicolon),
    TEST(a_docstring_behind_comments),
    TEST(only_the_first_statement_is_a_docstring),
    TEST(only_str_literals_are_docstrings),
    TEST(suites_of_other_statements_have_no_docstring),

    TEST(fstrings_nest),
    TEST(fstrings_span_lines),
    TEST(colons_in_fstrings),
    TEST(fstring_escapes),
    TEST(fstring_comparisons),
    TEST(an_fstring_may_begin_an_excluded_statement),

    TEST(a_comment_excludes_its_line),
    TEST(the_comment_has_variants),
    TEST(a_comment_excludes_the_whole_statement),
    TEST(an_excluded_header_excludes_its_suite),
    TEST(an_excluded_header_of_several_lines),
    TEST(a_comment_behind_a_one_line_suite),
    TEST(else_is_excluded_by_itself),
    TEST(for_while_with_try_are_excluded),
    TEST(an_excluded_function_has_no_statements),
    TEST(an_excluded_signature_line_excludes_the_body),
    TEST(an_excluded_class_excludes_its_methods),
    TEST(an_excluded_decorator_excludes_the_function),
    TEST(parenthesised_decorators_begin_inside),
    TEST(a_comment_in_the_body_excludes_no_header),
    TEST(an_excluded_method_is_not_the_class),
    TEST(a_lambda_colon_excludes_what_follows_deeper),
    TEST(colons_in_brackets_exclude_nothing),
    TEST(an_annotation_is_a_colon),
    TEST(a_suite_within_an_excluded_suite),

    TEST(ellipsis_bodies_are_excluded),
    TEST(type_checking_is_excluded),
    TEST(comments_in_strings_match_too),

    TEST(patterns_replace_the_default),
    TEST(a_pattern_may_span_lines),
    TEST(a_match_behind_a_newline_reaches_the_next_line),
    TEST(an_empty_match_excludes_its_line),
    TEST(a_greedy_match_hides_other_patterns),
    TEST(an_empty_pattern_excludes_nothing),
    TEST(an_empty_pattern_among_others_excludes_all),
    TEST(no_pattern_excludes_nothing),
    TEST(a_pattern_may_match_the_comment_of_a_suite),

    TEST(match_statements),
    TEST(a_wildcard_goes_with_its_body),
    TEST(a_capture_goes_with_its_body),
    TEST(a_grouped_wildcard_goes_with_its_body),
    TEST(the_last_alternative_counts),
    TEST(what_as_names_does_not_count),
    TEST(an_alternative_with_as_counts),
    TEST(a_guard_keeps_the_case),
    TEST(a_value_keeps_the_case),
    TEST(none_keeps_the_case),
    TEST(a_sequence_keeps_the_case),
    TEST(a_sequence_of_one_keeps_the_case),
    TEST(a_class_pattern_keeps_the_case),
    TEST(a_pattern_in_parentheses_is_excluded_where_it_stands),
    TEST(a_body_in_part_excluded_keeps_the_case),
    TEST(a_nested_case_comes_later),
    TEST(a_function_in_a_case_comes_later),
    TEST(match_and_case_are_names_too),
    TEST(a_tuple_is_matched),

    TEST(functions_and_classes_are_regions),
    TEST(nested_functions_leave_the_outer_one),
    TEST(nested_classes_leave_the_outer_one),
    TEST(a_region_begins_at_def_behind_decorators),
    TEST(regions_in_other_suites),
    TEST(handlers_come_behind_else_and_finally),
    TEST(a_semicolon_is_no_part_of_a_region),
    TEST(comments_behind_a_body_are_no_part_of_it),

    TEST(an_unclosed_bracket),
    TEST(a_closing_bracket_alone),
    TEST(brackets_that_do_not_match),
    TEST(an_unterminated_string),
    TEST(an_unterminated_triple_quoted_string),
    TEST(an_unterminated_fstring),
    TEST(an_inconsistent_dedent),
    TEST(tabs_and_spaces_that_disagree),
    TEST(an_indent_without_a_header),
    TEST(a_header_without_a_suite),
    TEST(a_header_without_a_suite_at_the_end),
    TEST(a_header_without_a_colon),
    TEST(a_null_byte),
    TEST(a_null_byte_in_a_comment),
    TEST(a_continued_line_at_the_end),
    TEST(something_behind_a_backslash),
    TEST(a_character_without_meaning),
    TEST(an_unknown_encoding),
    TEST(a_byte_order_mark_and_another_encoding),
    TEST(a_first_line_that_is_not_utf_8),
    TEST(a_form_feed_before_code),
    cmocka_unit_test(executed_lines_fold_to_statements),
    cmocka_unit_test(executed_lines_beyond_the_source_are_dropped),
    cmocka_unit_test(code_beyond_the_source_is_kept),
    cmocka_unit_test(rules_serve_many_files),
    cmocka_unit_test(a_wrong_pattern_makes_no_rules),
};
/* clang-format on */

UNIT_MAIN(tests)
