/*
 * Tests of collector/branches.c and collector/flow.c, case by case: a source, its lines that have
 * code (by CPython 3.13), arcs that a run recorded, and what coverage.py 7.17.3 makes of them.
 */
#include "unit.h"

#include "collector/source/branches.h"

#include <stdbool.h>
#include <stdlib.h>

/* Arcs are written like "1>2 2>-1", line sets like "1 3-5". */
struct expectation {
    const char *source;
    const char *code;
    const char *arcs; /* possible ones */
    const char *recorded;
    const char *executed; /* of the ways on from branch lines */
    const char *lines;    /* "LINE: TAKEN of EXITS, …" */
    const char *missing;  /* a sentence a missing way on */
    const char *words;    /* an arc and where it leads, why it is missing; or NULL */
    size_t partial;
};

/* clang-format off: one line of source a line */

/* Conditions. */

static const struct expectation an_if_has_two_ways_on = {
    .source = "if x:\n"
              "    y = 1\n"
              "z = 2\n",
    .code = "1-3",
    .arcs = "1>2 1>3 2>3 3>-1",
    .recorded = "-1>1 1>2 2>3 3>-1",
    .executed = "1>2",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 3 because the condition on line 1 was always true\n",
    .partial = 1,
};

static const struct expectation an_if_at_the_end_leaves_the_module = {
    .source = "if x:\n"
              "    y = 1\n",
    .code = "1-2",
    .arcs = "1>-1 1>2 2>-1",
    .recorded = "1>2 2>-1",
    .executed = "1>2",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't exit the module because the condition on line 1 was always true\n",
    .partial = 1,
};

static const struct expectation an_if_on_one_line_has_one_way_on = {
    .source = "if x: y = 1\n"
              "z = 2\n",
    .code = "1-2",
    .arcs = "1>2 2>-1",
    .recorded = "1>2",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

static const struct expectation a_one_line_if_and_what_is_below = {
    .source = "if x: y = 1\n"
              "else:\n"
              "    y = 2\n"
              "z = 3\n",
    .code = "1 3-4",
    .arcs = "1>3 1>4 3>4 4>-1",
    .recorded = "1>3 3>4",
    .executed = "1>3",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 4 because \n",
    .partial = 1,
};

static const struct expectation an_else_takes_the_other_way = {
    .source = "if x:\n"
              "    y = 1\n"
              "else:\n"
              "    y = 2\n"
              "z = 3\n",
    .code = "1-2 4-5",
    .arcs = "1>2 1>4 2>5 4>5 5>-1",
    .recorded = "1>4 4>5",
    .executed = "1>4",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 2 because the condition on line 1 was never true\n",
    .partial = 1,
};

static const struct expectation elifs_follow_each_other = {
    .source = "if a:\n"
              "    x = 1\n"
              "elif b:\n"
              "    x = 2\n"
              "elif c:\n"
              "    x = 3\n"
              "x = 4\n",
    .code = "1-7",
    .arcs = "1>2 1>3 2>7 3>4 3>5 4>7 5>6 5>7 6>7 7>-1",
    .recorded = "1>3 3>4 4>7",
    .executed = "1>3 3>4",
    .lines = "1: 1 of 2, 3: 1 of 2, 5: 0 of 2",
    .missing = "line 1 didn't jump to line 2 because the condition on line 1 was never true\n"
               "line 3 didn't jump to line 5 because the condition on line 3 was always true\n"
               "line 5 didn't jump to line 6 because the condition on line 5 was never true\n"
               "line 5 didn't jump to line 7 because the condition on line 5 was always true\n",
    .partial = 2,
};

static const struct expectation elifs_before_an_else = {
    .source = "def f():\n"
              "    if a:\n"
              "        return 1\n"
              "    elif b:\n"
              "        x = 2\n"
              "    else:\n"
              "        return 3\n"
              "    return x\n",
    .code = "1-5 7-8",
    .arcs = "1>-1 2>3 2>4 3>-1 4>5 4>7 5>8 7>-1 8>-1",
    .recorded = "2>3 3>-1",
    .executed = "2>3",
    .lines = "2: 1 of 2, 4: 0 of 2",
    .missing = "line 2 didn't jump to line 4 because the condition on line 2 was always true\n"
               "line 4 didn't jump to line 5 because the condition on line 4 was never true\n"
               "line 4 didn't jump to line 7 because the condition on line 4 was always true\n",
    .partial = 1,
};

static const struct expectation conditions_on_many_lines_count_from_the_first = {
    .source = "if (a and\n"
              "        b):\n"
              "    x = 1\n"
              "elif (\n"
              "    c\n"
              "):\n"
              "    x = [\n"
              "        2,\n"
              "    ]\n"
              "y = 3\n",
    .code = "1-3 5 7-8 10",
    .arcs = "1>3 1>4 3>10 4>7 4>10 7>10 10>-1",
    .recorded = "1>2 2>3 3>10 4>5 5>7 8>10",
    .executed = "1>3 4>7",
    .lines = "1: 1 of 2, 4: 1 of 2",
    .missing = "line 1 didn't jump to line 4 because the condition on line 1 was always true\n"
               "line 4 didn't jump to line 10 because the condition on line 4 was always true\n",
    .partial = 2,
};

static const struct expectation a_true_condition_is_no_branch = {
    .source = "if 1:\n"
              "    x = 1\n"
              "else:\n"
              "    x = 2\n"
              "if True or x:\n"
              "    y = 1\n",
    .code = "1-2 5-6",
    .arcs = "1>2 2>5 5>-1 5>6 6>-1",
    .recorded = "",
    .executed = "",
    .lines = "5: 0 of 2",
    .missing = "line 5 didn't exit the module because the condition on line 5 was always true\n"
               "line 5 didn't jump to line 6 because the condition on line 5 was never true\n",
    .partial = 0,
};

static const struct expectation a_false_condition_is_no_branch = {
    .source = "if not 1:\n"
              "    x = 1\n"
              "else:\n"
              "    x = 2\n"
              "if None:\n"
              "    y = 1\n"
              "y = 2\n",
    .code = "1 4-5 7",
    .arcs = "1>4 4>5 5>7 7>-1",
    .recorded = "",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

static const struct expectation a_constant_elif_ends_the_chain = {
    .source = "if x:\n"
              "    y = 1\n"
              "elif __debug__:\n"
              "    y = 2\n"
              "else:\n"
              "    y = 3\n"
              "z = 4\n",
    .code = "1-4 7",
    .arcs = "1>2 1>3 2>7 3>4 4>7 7>-1",
    .recorded = "1>2",
    .executed = "1>2",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 3 because the condition on line 1 was always true\n",
    .partial = 1,
};

static const struct expectation a_comparison_is_no_constant = {
    .source = "while 1 == 1:\n"
              "    x = 1\n"
              "y = 2\n",
    .code = "1-3",
    .arcs = "1>2 1>3 2>1 3>-1",
    .recorded = "1>2",
    .executed = "1>2",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 3 because the condition on line 1 was always true\n",
    .partial = 1,
};

static const struct expectation functions_in_dead_code_have_no_arcs = {
    .source = "if 0:\n"
              "    def f():\n"
              "        if x:\n"
              "            return 1\n"
              "y = 1\n",
    .code = "1 5",
    .arcs = "1>5 5>-1",
    .recorded = "",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

/* Loops. */

static const struct expectation a_for_starts_or_completes = {
    .source = "for i in x:\n"
              "    y = i\n"
              "z = 1\n",
    .code = "1-3",
    .arcs = "1>2 1>3 2>1 3>-1",
    .recorded = "1>2 2>1",
    .executed = "1>2",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 3 because the loop on line 1 didn't complete\n",
    .partial = 1,
};

static const struct expectation a_for_that_never_starts = {
    .source = "for i in x:\n"
              "    y = i\n"
              "z = 1\n",
    .code = "1-3",
    .arcs = "1>2 1>3 2>1 3>-1",
    .recorded = "1>3",
    .executed = "1>3",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 2 because the loop on line 1 never started\n",
    .partial = 1,
};

static const struct expectation an_else_of_a_for = {
    .source = "for i in x:\n"
              "    if i:\n"
              "        break\n"
              "else:\n"
              "    y = 1\n"
              "z = 2\n",
    .code = "1-3 5-6",
    .arcs = "1>2 1>5 2>1 2>3 3>6 5>6 6>-1",
    .recorded = "1>2 2>1 1>5 5>6",
    .executed = "1>2 1>5 2>1",
    .lines = "1: 2 of 2, 2: 1 of 2",
    .missing = "line 2 didn't jump to line 3 because the condition on line 2 was never true\n",
    .partial = 1,
};

static const struct expectation a_for_within_a_function_that_returns = {
    .source = "def f():\n"
              "    for i in x:\n"
              "        if i:\n"
              "            continue\n"
              "        return i\n",
    .code = "1-5",
    .arcs = "1>-1 2>-1 2>3 3>4 3>5 4>2 5>-1",
    .recorded = "2>3 3>5 5>-1",
    .executed = "2>3 3>5",
    .lines = "2: 1 of 2, 3: 1 of 2",
    .missing = "line 2 didn't return from function 'f'"
               " because the loop on line 2 didn't complete\n"
               "line 3 didn't jump to line 4 because the condition on line 3 was never true\n",
    .partial = 2,
};

static const struct expectation a_while_goes_on_or_ends = {
    .source = "while x:\n"
              "    y = 1\n"
              "else:\n"
              "    y = 2\n"
              "z = 3\n",
    .code = "1-2 4-5",
    .arcs = "1>2 1>4 2>1 4>5 5>-1",
    .recorded = "1>2 2>1",
    .executed = "1>2",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 4 because the condition on line 1 was always true\n",
    .partial = 1,
};

static const struct expectation an_endless_while_ends_by_break = {
    .source = "while True:\n"
              "    if x:\n"
              "        break\n"
              "    if y:\n"
              "        continue\n"
              "    z = 1\n"
              "w = 2\n",
    .code = "1-7",
    .arcs = "1>2 2>3 2>4 3>7 4>5 4>6 5>1 6>1 7>-1",
    .recorded = "1>2 2>3 3>7",
    .executed = "2>3",
    .lines = "2: 1 of 2, 4: 0 of 2",
    .missing = "line 2 didn't jump to line 4 because the condition on line 2 was always true\n"
               "line 4 didn't jump to line 5 because the condition on line 4 was never true\n"
               "line 4 didn't jump to line 6 because the condition on line 4 was always true\n",
    .partial = 1,
};

static const struct expectation an_endless_while_with_an_else = {
    .source = "while 1:\n"
              "    x = 1\n"
              "else:\n"
              "    y = 2\n"
              "z = 3\n",
    .code = "1-2",
    .arcs = "1>-1 1>2 2>1",
    .recorded = "1>2",
    .executed = "1>2",
    .lines = "1: 2 of 2",
    .missing = "",
    .partial = 0,
};

static const struct expectation a_while_that_is_never_true = {
    .source = "while 0:\n"
              "    x = 1\n"
              "y = 2\n",
    .code = "1 3",
    .arcs = "3>-1",
    .recorded = "",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

static const struct expectation loops_in_loops = {
    .source = "for a in x:\n"
              "    for b in a:\n"
              "        if b:\n"
              "            break\n"
              "    else:\n"
              "        continue\n"
              "    break\n"
              "z = 1\n",
    .code = "1-4 6-8",
    .arcs = "1>2 1>8 2>3 2>6 3>2 3>4 4>7 6>1 7>8 8>-1",
    .recorded = "1>2 2>3 3>4 4>7",
    .executed = "1>2 2>3 3>4",
    .lines = "1: 1 of 2, 2: 1 of 2, 3: 1 of 2",
    .missing = "line 1 didn't jump to line 8 because the loop on line 1 didn't complete\n"
               "line 2 didn't jump to line 6 because the loop on line 2 didn't complete\n"
               "line 3 didn't jump to line 2 because the condition on line 3 was always true\n",
    .partial = 3,
};

static const struct expectation a_loop_on_one_line = {
    .source = "for i in x: y = i\n"
              "while x: break\n"
              "z = 1\n",
    .code = "1-3",
    .arcs = "1>2 2>3 3>-1",
    .recorded = "1>1 1>2 2>2 2>3",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

static const struct expectation an_async_for_is_a_loop = {
    .source = "async def f():\n"
              "    async for i in x:\n"
              "        y = i\n"
              "    return y\n",
    .code = "1-4",
    .arcs = "1>-1 2>3 2>4 3>2 4>-1",
    .recorded = "2>3 3>2",
    .executed = "2>3",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't jump to line 4 because the loop on line 2 didn't complete\n",
    .partial = 1,
};

static const struct expectation a_comprehension_is_no_branch = {
    .source = "x = [i\n"
              "     for i in y\n"
              "     if i]\n"
              "z = lambda: 1 if x else 2\n"
              "w = 3\n",
    .code = "1-5",
    .arcs = "1>4 4>5 5>-1",
    .recorded = "1>1 1>4",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

/* Functions and classes. */

static const struct expectation returns_leave_the_function = {
    .source = "def f():\n"
              "    if x:\n"
              "        return 1\n"
              "    return 2\n"
              "y = f()\n",
    .code = "1-5",
    .arcs = "1>5 2>3 2>4 3>-1 4>-1 5>-1",
    .recorded = "2>3 3>-1",
    .executed = "2>3",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't jump to line 4 because the condition on line 2 was always true\n",
    .partial = 1,
};

static const struct expectation a_function_may_end_without_a_return = {
    .source = "def f():\n"
              "    if x:\n"
              "        y = 1\n",
    .code = "1-3",
    .arcs = "1>-1 2>-1 2>3 3>-1",
    .recorded = "2>3 3>-1",
    .executed = "2>3",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't return from function 'f'"
               " because the condition on line 2 was always true\n",
    .partial = 1,
};

static const struct expectation a_raise_leaves_the_function = {
    .source = "def f():\n"
              "    if x:\n"
              "        raise X\n"
              "    y = 2\n",
    .code = "1-4",
    .arcs = "1>-1 2>3 2>4 3>-1 4>-1",
    .recorded = "2>4 4>-1",
    .executed = "2>4",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't jump to line 3 because the condition on line 2 was never true\n",
    .partial = 1,
};

static const struct expectation a_raise_in_a_module_goes_nowhere = {
    .source = "if x:\n"
              "    raise X\n"
              "else:\n"
              "    raise Y\n",
    .code = "1-2 4",
    .arcs = "1>2 1>4",
    .recorded = "1>2",
    .executed = "1>2",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 4 because the condition on line 1 was always true\n",
    .partial = 1,
};

static const struct expectation decorators_run_one_after_the_other = {
    .source = "@a\n"
              "@b(\n"
              "    1)\n"
              "def f():\n"
              "    if x:\n"
              "        return 1\n"
              "y = 1\n",
    .code = "1-7",
    .arcs = "1>2 2>4 4>7 5>-1 5>6 6>-1 7>-1",
    .recorded = "1>2 3>4 4>7 5>-1 5>-2",
    .executed = "5>-1",
    .lines = "5: 1 of 2",
    .missing = "line 5 didn't jump to line 6 because the condition on line 5 was never true\n",
    .partial = 1,
};

static const struct expectation a_decorated_function_is_left_for_its_first_decorator = {
    .source = "x = 1\n"
              "@a\n"
              "def f():\n"
              "    if x:\n"
              "        y = 1\n",
    .code = "1-5",
    .arcs = "1>2 2>3 3>-1 4>-2 4>5 5>-2",
    .recorded = "4>-2",
    .executed = "4>-2",
    .lines = "4: 1 of 2",
    .missing = "line 4 didn't jump to line 5 because the condition on line 4 was never true\n",
    .partial = 1,
};

static const struct expectation a_decorated_class = {
    .source = "if x:\n"
              "    @a\n"
              "    class C:\n"
              "        y = 1\n"
              "z = 1\n",
    .code = "1-5",
    .arcs = "1>2 1>5 2>3 3>5 4>-2 5>-1",
    .recorded = "1>2 2>3 3>5",
    .executed = "1>2",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 5 because the condition on line 1 was always true\n",
    .partial = 1,
};

static const struct expectation a_class_body_leaves_the_class = {
    .source = "class C:\n"
              "    if x:\n"
              "        y = 1\n"
              "    else:\n"
              "        y = 2\n"
              "z = 1\n",
    .code = "1-3 5-6",
    .arcs = "1>6 2>3 2>5 3>-1 5>-1 6>-1",
    .recorded = "2>3 3>-1",
    .executed = "2>3",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't jump to line 5 because the condition on line 2 was always true\n",
    .partial = 1,
};

static const struct expectation a_branch_at_the_end_of_a_class = {
    .source = "class C:\n"
              "    for i in x:\n"
              "        y = 1\n"
              "z = 1\n",
    .code = "1-4",
    .arcs = "1>4 2>-1 2>3 3>2 4>-1",
    .recorded = "2>3",
    .executed = "2>3",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't exit class 'C' because the loop on line 2 didn't complete\n",
    .partial = 1,
};

static const struct expectation nested_functions_have_arcs_of_their_own = {
    .source = "def f():\n"
              "    def g():\n"
              "        if x:\n"
              "            return 1\n"
              "    if y:\n"
              "        return g\n",
    .code = "1-6",
    .arcs = "1>-1 2>5 3>-2 3>4 4>-2 5>-1 5>6 6>-1",
    .recorded = "5>6 6>-1 3>-2",
    .executed = "3>-2 5>6",
    .lines = "3: 1 of 2, 5: 1 of 2",
    .missing = "line 3 didn't jump to line 4 because the condition on line 3 was never true\n"
               "line 5 didn't return from function 'f'"
               " because the condition on line 5 was always true\n",
    .partial = 2,
};

static const struct expectation a_class_in_a_function_may_not_break_its_loop = {
    .source = "def f():\n"
              "    for i in x:\n"
              "        class C:\n"
              "            y = 1\n"
              "        while i:\n"
              "            break\n",
    .code = "1-6",
    .arcs = "1>-1 2>-1 2>3 3>5 4>-3 5>2 5>6 6>2",
    .recorded = "2>3 3>5 5>6",
    .executed = "2>3 5>6",
    .lines = "2: 1 of 2, 5: 1 of 2",
    .missing = "line 2 didn't return from function 'f'"
               " because the loop on line 2 didn't complete\n"
               "line 5 didn't jump to line 2 because the condition on line 5 was always true\n",
    .partial = 2,
};

static const struct expectation a_function_on_one_line = {
    .source = "def f(x): return x\n"
              "class C: pass\n"
              "if f: y = 1\n",
    .code = "1-3",
    .arcs = "1>-1 1>2 2>-2 2>3 3>-1",
    .recorded = "",
    .executed = "",
    .lines = "1: 0 of 2, 2: 0 of 2",
    .missing = "line 1 didn't return from function 'f'"
               " because the return on line 1 wasn't executed\n"
               "line 1 didn't jump to line 2 because \n"
               "line 2 didn't exit class 'C' because \n"
               "line 2 didn't jump to line 3 because \n",
    .partial = 0,
};

static const struct expectation a_docstring_is_no_statement = {
    .source = "def f():\n"
              "    \"\"\"Doc\"\"\"\n"
              "    if x:\n"
              "        return 1\n",
    .code = "1 3-4",
    .arcs = "1>-1 3>-1 3>4 4>-1",
    .recorded = "3>4",
    .executed = "3>4",
    .lines = "3: 1 of 2",
    .missing = "line 3 didn't return from function 'f'"
               " because the condition on line 3 was always true\n",
    .partial = 1,
};

static const struct expectation lambdas_in_a_condition = {
    .source = "def f(a=lambda: 1):\n"
              "    if (lambda: a)():\n"
              "        return {1: 2}[1:2]\n"
              "    elif x[lambda: 1:2]:\n"
              "        return 2\n",
    .code = "1-5",
    .arcs = "1>-1 2>3 2>4 3>-1 4>-1 4>5 5>-1",
    .recorded = "2>4 4>5",
    .executed = "2>4 4>5",
    .lines = "2: 1 of 2, 4: 1 of 2",
    .missing = "line 2 didn't jump to line 3 because the condition on line 2 was never true\n"
               "line 4 didn't return from function 'f'"
               " because the condition on line 4 was always true\n",
    .partial = 2,
};

/* Contexts. */

static const struct expectation a_with_is_left_past_its_first_line = {
    .source = "with a:\n"
              "    x = 1\n"
              "y = 2\n",
    .code = "1-3",
    .arcs = "1>2 2>3 3>-1",
    .recorded = "1>2 2>1 1>3",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

static const struct expectation a_branch_at_the_end_of_a_with = {
    .source = "with a:\n"
              "    if x:\n"
              "        y = 1\n"
              "z = 2\n",
    .code = "1-4",
    .arcs = "1>2 2>3 2>4 3>4 4>-1",
    .recorded = "1>2 2>1 1>4",
    .executed = "2>4",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't jump to line 3 because the condition on line 2 was never true\n",
    .partial = 1,
};

static const struct expectation a_branch_in_nested_withs = {
    .source = "def f():\n"
              "    with a:\n"
              "        with b:\n"
              "            if x:\n"
              "                y = 1\n"
              "    return y\n",
    .code = "1-6",
    .arcs = "1>-1 2>3 3>4 4>5 4>6 5>6 6>-1",
    .recorded = "2>3 3>4 4>3 3>2 2>6",
    .executed = "4>6",
    .lines = "4: 1 of 2",
    .missing = "line 4 didn't jump to line 5 because the condition on line 4 was never true\n",
    .partial = 1,
};

static const struct expectation a_with_on_many_lines = {
    .source = "def f():\n"
              "    with (\n"
              "        a as b,\n"
              "        c as d,\n"
              "    ):\n"
              "        for i in x:\n"
              "            y = 1\n"
              "    return y\n",
    .code = "1 3-4 6-8",
    .arcs = "1>-1 2>6 6>7 6>8 7>6 8>-1",
    .recorded = "2>3 3>4 4>6 6>7 7>6 6>4 4>3 3>2 2>8",
    .executed = "6>7 6>8",
    .lines = "6: 2 of 2",
    .missing = "",
    .partial = 0,
};

static const struct expectation a_with_in_a_loop = {
    .source = "for i in x:\n"
              "    with a:\n"
              "        if i:\n"
              "            y = 1\n"
              "z = 1\n",
    .code = "1-5",
    .arcs = "1>2 1>5 2>3 3>1 3>4 4>1 5>-1",
    .recorded = "1>2 2>3 3>2 2>1 1>5",
    .executed = "1>2 1>5 3>1",
    .lines = "1: 2 of 2, 3: 1 of 2",
    .missing = "line 3 didn't jump to line 4 because the condition on line 3 was never true\n",
    .partial = 1,
};

static const struct expectation a_return_out_of_a_with = {
    .source = "def f():\n"
              "    with a:\n"
              "        if x:\n"
              "            return 1\n"
              "    return 2\n",
    .code = "1-5",
    .arcs = "1>-1 2>3 3>4 3>5 4>-1 5>-1",
    .recorded = "2>3 3>4 4>-1",
    .executed = "3>4",
    .lines = "3: 1 of 2",
    .missing = "line 3 didn't jump to line 5\n",
    .partial = 1,
};

static const struct expectation a_with_on_one_line = {
    .source = "if x:\n"
              "    with a: y = 1\n"
              "z = 2\n",
    .code = "1-3",
    .arcs = "1>2 1>3 2>3 3>-1",
    .recorded = "1>2 2>3",
    .executed = "1>2",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 3 because the condition on line 1 was always true\n",
    .partial = 1,
};

static const struct expectation an_async_with = {
    .source = "async def f():\n"
              "    async with a:\n"
              "        if x:\n"
              "            y = 1\n"
              "    return y\n",
    .code = "1-5",
    .arcs = "1>-1 2>3 3>4 3>5 4>5 5>-1",
    .recorded = "2>3 3>2 2>5",
    .executed = "3>5",
    .lines = "3: 1 of 2",
    .missing = "line 3 didn't jump to line 4 because the condition on line 3 was never true\n",
    .partial = 1,
};

/* Exceptions. */

static const struct expectation a_handler_is_entered_by_an_exception_alone = {
    .source = "try:\n"
              "    x = 1\n"
              "except X:\n"
              "    y = 2\n"
              "except Y:\n"
              "    y = 3\n"
              "z = 4\n",
    .code = "1-7",
    .arcs = "1>2 2>7 3>4 4>7 5>6 6>7 7>-1",
    .recorded = "1>2 2>7",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

static const struct expectation a_branch_before_a_handler = {
    .source = "try:\n"
              "    if x:\n"
              "        y = 1\n"
              "except X:\n"
              "    y = 2\n"
              "z = 3\n",
    .code = "1-6",
    .arcs = "1>2 2>3 2>6 3>6 4>5 5>6 6>-1",
    .recorded = "2>3",
    .executed = "2>3",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't jump to line 6 because the condition on line 2 was always true\n",
    .partial = 1,
};

static const struct expectation a_raise_goes_to_the_first_handler = {
    .source = "def f():\n"
              "    try:\n"
              "        if x:\n"
              "            raise X\n"
              "    except X:\n"
              "        y = 1\n"
              "    except Y:\n"
              "        y = 2\n",
    .code = "1-8",
    .arcs = "1>-1 2>3 3>-1 3>4 4>5 5>6 6>-1 7>8 8>-1",
    .recorded = "3>4",
    .executed = "3>4",
    .lines = "3: 1 of 2",
    .missing = "line 3 didn't return from function 'f'"
               " because the condition on line 3 was always true\n",
    .partial = 1,
};

static const struct expectation a_raise_in_a_handler_leaves_the_function = {
    .source = "def f():\n"
              "    try:\n"
              "        x = 1\n"
              "    except X:\n"
              "        if x:\n"
              "            raise\n"
              "    return 1\n",
    .code = "1-7",
    .arcs = "1>-1 2>3 3>7 4>5 5>6 5>7 6>-1 7>-1",
    .recorded = "5>6",
    .executed = "5>6",
    .lines = "5: 1 of 2",
    .missing = "line 5 didn't jump to line 7 because the condition on line 5 was always true\n",
    .partial = 1,
};

static const struct expectation an_else_of_a_try = {
    .source = "try:\n"
              "    if x:\n"
              "        y = 1\n"
              "except X:\n"
              "    y = 2\n"
              "else:\n"
              "    y = 3\n"
              "z = 4\n",
    .code = "1-5 7-8",
    .arcs = "1>2 2>3 2>7 3>7 4>5 5>8 7>8 8>-1",
    .recorded = "2>3",
    .executed = "2>3",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't jump to line 7 because the condition on line 2 was always true\n",
    .partial = 1,
};

static const struct expectation a_finally_follows_all = {
    .source = "def f():\n"
              "    try:\n"
              "        if x:\n"
              "            y = 1\n"
              "    except X:\n"
              "        y = 2\n"
              "    finally:\n"
              "        if y:\n"
              "            z = 1\n"
              "    return z\n",
    .code = "1-6 8-10",
    .arcs = "1>-1 2>3 3>4 3>8 4>8 5>6 6>8 8>9 8>10 9>10 10>-1",
    .recorded = "3>4 8>9",
    .executed = "3>4 8>9",
    .lines = "3: 1 of 2, 8: 1 of 2",
    .missing = "line 3 didn't jump to line 8 because the condition on line 3 was always true\n"
               "line 8 didn't jump to line 10 because the condition on line 8 was always true\n",
    .partial = 2,
};

static const struct expectation a_return_passes_by_a_finally = {
    .source = "def f():\n"
              "    try:\n"
              "        if x:\n"
              "            return 1\n"
              "    finally:\n"
              "        y = 1\n",
    .code = "1-4 6",
    .arcs = "1>-1 2>3 3>4 3>6 4>-1 6>-1",
    .recorded = "3>4",
    .executed = "3>4",
    .lines = "3: 1 of 2",
    .missing = "line 3 didn't jump to line 6 because the condition on line 3 was always true\n",
    .partial = 1,
};

static const struct expectation a_finally_of_what_never_ends = {
    .source = "def f():\n"
              "    while 1:\n"
              "        try:\n"
              "            return 1\n"
              "        finally:\n"
              "            if x:\n"
              "                y = 1\n",
    .code = "1-4 6-7",
    .arcs = "1>-1 2>3 3>4 4>-1 6>7",
    .recorded = "6>7",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

static const struct expectation a_raise_before_a_finally_goes_nowhere = {
    .source = "def f():\n"
              "    try:\n"
              "        x = 1\n"
              "    except X:\n"
              "        if x:\n"
              "            raise\n"
              "    finally:\n"
              "        y = 1\n",
    .code = "1-6 8",
    .arcs = "1>-1 2>3 3>8 4>5 5>6 5>8 8>-1",
    .recorded = "5>6",
    .executed = "5>6",
    .lines = "5: 1 of 2",
    .missing = "line 5 didn't jump to line 8 because the condition on line 5 was always true\n",
    .partial = 1,
};

static const struct expectation an_exception_group = {
    .source = "try:\n"
              "    if x:\n"
              "        y = 1\n"
              "except* X:\n"
              "    y = 2\n"
              "z = 3\n",
    .code = "1-6",
    .arcs = "1>2 2>3 2>6 3>6 4>5 5>6 6>-1",
    .recorded = "2>4",
    .executed = "",
    .lines = "2: 0 of 2",
    .missing = "line 2 didn't jump to line 3 because the condition on line 2 was never true\n"
               "line 2 didn't jump to line 6 because the condition on line 2 was always true\n",
    .partial = 2,
};

static const struct expectation a_break_within_a_try = {
    .source = "for i in x:\n"
              "    try:\n"
              "        if i:\n"
              "            break\n"
              "    finally:\n"
              "        y = 1\n"
              "z = 1\n",
    .code = "1-4 6-7",
    .arcs = "1>2 1>7 2>3 3>4 3>6 4>7 6>1 7>-1",
    .recorded = "3>4",
    .executed = "3>4",
    .lines = "1: 0 of 2, 3: 1 of 2",
    .missing = "line 1 didn't jump to line 2 because the loop on line 1 never started\n"
               "line 1 didn't jump to line 7 because the loop on line 1 didn't complete\n"
               "line 3 didn't jump to line 6 because the condition on line 3 was always true\n",
    .partial = 1,
};

/* Patterns. */

static const struct expectation cases_follow_each_other = {
    .source = "match x:\n"
              "    case 1:\n"
              "        y = 1\n"
              "    case 2:\n"
              "        y = 2\n"
              "z = 3\n",
    .code = "1-6",
    .arcs = "1>2 2>3 2>4 3>6 4>5 4>6 5>6 6>-1",
    .recorded = "1>2 2>3 3>6",
    .executed = "2>3",
    .lines = "2: 1 of 2, 4: 0 of 2",
    .missing = "line 2 didn't jump to line 4 because the pattern on line 2 always matched\n"
               "line 4 didn't jump to line 5 because the pattern on line 4 never matched\n"
               "line 4 didn't jump to line 6 because the pattern on line 4 always matched\n",
    .partial = 1,
};

static const struct expectation a_case_that_matches_all_ends_a_match = {
    .source = "match x:\n"
              "    case 1:\n"
              "        y = 1\n"
              "    case _:\n"
              "        y = 2\n"
              "z = 3\n",
    .code = "1-6",
    .arcs = "1>2 2>3 2>4 3>6 4>5 5>6 6>-1",
    .recorded = "1>2 2>4 4>5",
    .executed = "2>4",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't jump to line 3 because the pattern on line 2 never matched\n",
    .partial = 1,
};

static const struct expectation a_case_with_a_guard_may_fail = {
    .source = "def f():\n"
              "    match x:\n"
              "        case [a, b] if a:\n"
              "            return 1\n"
              "        case y if y:\n"
              "            return 2\n",
    .code = "1-6",
    .arcs = "1>-1 2>3 3>4 3>5 4>-1 5>-1 5>6 6>-1",
    .recorded = "2>3 3>4",
    .executed = "3>4",
    .lines = "3: 1 of 2, 5: 0 of 2",
    .missing = "line 3 didn't jump to line 5 because the pattern on line 3 always matched\n"
               "line 5 didn't return from function 'f'"
               " because the pattern on line 5 always matched\n"
               "line 5 didn't jump to line 6 because the pattern on line 5 never matched\n",
    .partial = 1,
};

static const struct expectation match_is_a_name_too = {
    .source = "match = x\n"
              "match.y = 1\n"
              "if match:\n"
              "    match(x)\n"
              "case = match\n",
    .code = "1-5",
    .arcs = "1>2 2>3 3>4 3>5 4>5 5>-1",
    .recorded = "3>4",
    .executed = "3>4",
    .lines = "3: 1 of 2",
    .missing = "line 3 didn't jump to line 5 because the condition on line 3 was always true\n",
    .partial = 1,
};

static const struct expectation a_case_on_many_lines = {
    .source = "match x, y:\n"
              "    case (\n"
              "        1,\n"
              "        2,\n"
              "    ):\n"
              "        z = 1\n"
              "    case (_):\n"
              "        z = 2\n",
    .code = "1-4 6-8",
    .arcs = "1>2 2>6 2>7 6>-1 7>8 8>-1",
    .recorded = "1>3 3>6",
    .executed = "2>6",
    .lines = "2: 1 of 2",
    .missing = "line 2 didn't jump to line 7 because the pattern on line 2 always matched\n",
    .partial = 1,
};

/* Exclusions. */

static const struct expectation excluded_lines_are_no_way_on = {
    .source = "if x:\n"
              "    y = 1  # pragma: no cover\n"
              "z = 2\n",
    .code = "1-3",
    .arcs = "1>2 1>3 2>3 3>-1",
    .recorded = "1>3",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

static const struct expectation an_excluded_branch_is_none = {
    .source = "if x:  # pragma: no cover\n"
              "    y = 1\n"
              "for i in x:\n"
              "    if i:\n"
              "        y = 1\n"
              "    elif y:  # pragma: no cover\n"
              "        y = 2\n",
    .code = "1-7",
    .arcs = "1>2 1>3 2>3 3>-1 3>4 4>5 4>6 5>3 6>3 6>7 7>3",
    .recorded = "1>3",
    .executed = "",
    .lines = "3: 0 of 2",
    .missing = "line 3 didn't exit the module because the loop on line 3 didn't complete\n"
               "line 3 didn't jump to line 4 because the loop on line 3 never started\n",
    .partial = 2,
};

static const struct expectation of_three_ways_on_one_may_be_excluded = {
    .source = "def f():\n"
              "    for i in x: break; return 1\n"
              "    else:\n"
              "        y = 1  # pragma: no cover\n"
              "    return 2\n",
    .code = "1-2 4-5",
    .arcs = "1>-1 2>-1 2>4 2>5 4>5 5>-1",
    .recorded = "2>4 4>5",
    .executed = "2>4",
    .lines = "2: 0 of 2",
    .missing = "line 2 didn't return from function 'f'"
               " because the return on line 2 wasn't executed\n"
               "line 2 didn't jump to line 5 because the break on line 2 wasn't executed\n",
    .partial = 2,
};

static const struct expectation no_branch_lines_miss_nothing = {
    .source = "if x:  # pragma: no branch\n"
              "    y = 1\n"
              "while y:\n"
              "    y = 2  # pragma: no branch\n"
              "z = 3\n",
    .code = "1-5",
    .arcs = "1>2 1>3 2>3 3>4 3>5 4>3 5>-1",
    .recorded = "1>2 3>4",
    .executed = "1>2 3>4",
    .lines = "1: 2 of 2, 3: 1 of 2",
    .missing = "line 3 didn't jump to line 5 because the condition on line 3 was always true\n",
    .partial = 1,
};

static const struct expectation no_branch_holds_for_all_lines_of_a_statement = {
    .source = "if (a or\n"
              "        b):  # pragma: no branch\n"
              "    y = 1\n"
              "z = 3\n",
    .code = "1-4",
    .arcs = "1>3 1>4 3>4 4>-1",
    .recorded = "1>3",
    .executed = "1>3",
    .lines = "1: 2 of 2",
    .missing = "",
    .partial = 0,
};

static const struct expectation true_loops_are_no_branch = {
    .source = "while True:\n"
              "    y = 1\n"
              "    if True:\n"
              "        break\n"
              "if x: z = 1\n",
    .code = "1-5",
    .arcs = "1>2 2>3 3>4 4>5 5>-1",
    .recorded = "",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

/* Recorded arcs. */

static const struct expectation arcs_within_a_line_are_the_only_way_on = {
    .source = "x = 1\n"
              "if x:\n"
              "    y = 2\n",
    .code = "1-3",
    .arcs = "1>2 2>-1 2>3 3>-1",
    .recorded = "1>1 2>2",
    .executed = "",
    .lines = "2: 0 of 2",
    .missing = "line 2 didn't exit the module because the condition on line 2 was always true\n"
               "line 2 didn't jump to line 3 because the condition on line 2 was never true\n",
    .partial = 2,
};

static const struct expectation recorded_arcs_that_are_impossible_are_dropped = {
    .source = "if x:\n"
              "    y = 2\n"
              "z = 3\n",
    .code = "1-3",
    .arcs = "1>2 1>3 2>3 3>-1",
    .recorded = "1>9 9>1 2>1 1>-9",
    .executed = "",
    .lines = "1: 0 of 2",
    .missing = "line 1 didn't jump to line 2 because the condition on line 1 was never true\n"
               "line 1 didn't jump to line 3 because the condition on line 1 was always true\n",
    .partial = 2,
};

static const struct expectation recorded_arcs_of_other_lines_of_a_statement = {
    .source = "if (x or\n"
              "        y):\n"
              "    z = [\n"
              "        1,\n"
              "    ]\n"
              "w = 2\n",
    .code = "1-4 6",
    .arcs = "1>3 1>6 3>6 6>-1",
    .recorded = "2>4 1>2 2>1",
    .executed = "1>3",
    .lines = "1: 1 of 2",
    .missing = "line 1 didn't jump to line 6 because the condition on line 1 was always true\n",
    .partial = 1,
};

static const struct expectation a_line_that_did_not_run_is_not_partial = {
    .source = "if a:\n"
              "    if b:\n"
              "        x = 1\n"
              "y = 2\n",
    .code = "1-4",
    .arcs = "1>2 1>4 2>3 2>4 3>4 4>-1",
    .recorded = "1>4",
    .executed = "1>4",
    .lines = "1: 1 of 2, 2: 0 of 2",
    .missing = "line 1 didn't jump to line 2 because the condition on line 1 was never true\n"
               "line 2 didn't jump to line 3 because the condition on line 2 was never true\n"
               "line 2 didn't jump to line 4 because the condition on line 2 was always true\n",
    .partial = 1,
};

static const struct expectation a_file_without_statements = {
    .source = "# nothing\n",
    .code = "",
    .arcs = "1>-1",
    .recorded = "",
    .executed = "",
    .lines = "",
    .missing = "",
    .partial = 0,
};

static const struct expectation an_unfinished_branch_of_an_executed_line = {
    .source = "def f():\n"
              "    if g():\n"
              "        return 1\n"
              "    return 2\n"
              "f()\n",
    .code = "1-5",
    .arcs = "1>5 2>3 2>4 3>-1 4>-1 5>-1",
    .recorded = "-1>1 1>5 -1>2 2>-1 5>-1",
    .executed = "",
    .lines = "2: 0 of 2",
    .missing = "line 2 didn't jump to line 3 because the condition on line 2 was never true\n"
               "line 2 didn't jump to line 4 because the condition on line 2 was always true\n",
    .partial = 2,
};

/* Words. */

static const struct expectation the_words_of_two_code_objects_for_one_arc = {
    .source = "class C: x = 1\n",
    .code = "1",
    .arcs = "1>-1",
    .recorded = "",
    .executed = "",
    .lines = "",
    .missing = "",
    .words = "1>-1 exit the module\n"
             "line 1 didn't exit the module because  or line 1 didn't exit class 'C' because \n",
    .partial = 0,
};

static const struct expectation the_words_for_leaving_a_function = {
    .source = "def f():\n"
              "    try:\n"
              "        x = 1\n"
              "    except X:\n"
              "        raise\n"
              "    else:\n"
              "        x = 2\n"
              "    if x:\n"
              "        return 1\n"
              "    raise Y\n",
    .code = "1-5 7-10",
    .arcs = "1>-1 2>3 3>7 4>5 5>-1 7>8 8>9 8>10 9>-1 10>-1",
    .recorded = "",
    .executed = "",
    .lines = "8: 0 of 2",
    .missing = "line 8 didn't jump to line 9 because the condition on line 8 was never true\n"
               "line 8 didn't jump to line 10 because the condition on line 8 was always true\n",
    .words = "1>-1 exit the module\n"
             "line 1 didn't exit the module because \n"
             "2>3 jump to line 3\n"
             "line 2 didn't jump to line 3 because \n"
             "3>7 jump to line 7\n"
             "line 3 didn't jump to line 7 because \n"
             "4>5 jump to line 5\n"
             "line 4 didn't jump to line 5 because the exception caught by line 4 didn't happen\n"
             "5>-1 except from function 'f'\n"
             "line 5 didn't except from function 'f'"
             " because the raise on line 5 wasn't executed\n"
             "7>8 jump to line 8\n"
             "line 7 didn't jump to line 8 because \n"
             "8>9 jump to line 9\n"
             "line 8 didn't jump to line 9 because the condition on line 8 was never true\n"
             "8>10 jump to line 10\n"
             "line 8 didn't jump to line 10 because the condition on line 8 was always true\n"
             "9>-1 return from function 'f'\n"
             "line 9 didn't return from function 'f'"
             " because the return on line 9 wasn't executed\n"
             "10>-1 except from function 'f'\n"
             "line 10 didn't except from function 'f'"
             " because the raise on line 10 wasn't executed\n",
    .partial = 0,
};

static const struct expectation the_words_of_loops = {
    .source = "while x:\n"
              "    for i in x:\n"
              "        break\n"
              "    else:\n"
              "        y = 1\n"
              "    continue\n",
    .code = "1-3 5-6",
    .arcs = "1>-1 1>2 2>3 2>5 3>6 5>6 6>1",
    .recorded = "",
    .executed = "",
    .lines = "1: 0 of 2, 2: 0 of 2",
    .missing = "line 1 didn't exit the module because the condition on line 1 was always true\n"
               "line 1 didn't jump to line 2 because the condition on line 1 was never true\n"
               "line 2 didn't jump to line 3 because the loop on line 2 never started\n"
               "line 2 didn't jump to line 5 because the loop on line 2 didn't complete\n",
    .words = "1>-1 exit the module\n"
             "line 1 didn't exit the module because the condition on line 1 was always true\n"
             "1>2 jump to line 2\n"
             "line 1 didn't jump to line 2 because the condition on line 1 was never true\n"
             "2>3 jump to line 3\n"
             "line 2 didn't jump to line 3 because the loop on line 2 never started\n"
             "2>5 jump to line 5\n"
             "line 2 didn't jump to line 5 because the loop on line 2 didn't complete\n"
             "3>6 jump to line 6\n"
             "line 3 didn't jump to line 6 because the break on line 3 wasn't executed\n"
             "5>6 jump to line 6\n"
             "line 5 didn't jump to line 6 because \n"
             "6>1 jump to line 1\n"
             "line 6 didn't jump to line 1 because the continue on line 6 wasn't executed\n",
    .partial = 0,
};

static const struct expectation the_words_of_a_with = {
    .source = "with a:\n"
              "    if x:\n"
              "        y = 1\n"
              "z = 1\n",
    .code = "1-4",
    .arcs = "1>2 2>3 2>4 3>4 4>-1",
    .recorded = "",
    .executed = "",
    .lines = "2: 0 of 2",
    .missing = "line 2 didn't jump to line 3 because the condition on line 2 was never true\n"
               "line 2 didn't jump to line 4\n",
    .words = "1>2 jump to line 2\n"
             "line 1 didn't jump to line 2 because \n"
             "2>3 jump to line 3\n"
             "line 2 didn't jump to line 3 because the condition on line 2 was never true\n"
             "2>4 jump to line 4\n"
             "line 2 didn't jump to line 4\n"
             "3>4 jump to line 4\n"
             "line 3 didn't jump to line 4\n"
             "4>-1 exit the module\n"
             "line 4 didn't exit the module because \n",
    .partial = 0,
};

static const struct expectation the_words_of_decorators = {
    .source = "@a\n"
              "@b\n"
              "def f(): return 1\n",
    .code = "1-3",
    .arcs = "1>2 2>3 3>-1",
    .recorded = "",
    .executed = "",
    .lines = "",
    .missing = "",
    .words = "1>2 jump to line 2\n"
             "line 1 didn't jump to line 2\n"
             "2>3 jump to line 3\n"
             "line 2 didn't jump to line 3\n"
             "3>-1 exit the module\n"
             "line 3 didn't exit the module because  or line 3 didn't return from function 'f'"
             " because the return on line 3 wasn't executed\n",
    .partial = 0,
};

static const struct expectation the_words_of_a_match = {
    .source = "class C:\n"
              "    match x:\n"
              "        case 1:\n"
              "            y = 1\n"
              "        case 2:\n"
              "            y = 2\n",
    .code = "1-6",
    .arcs = "1>-1 2>3 3>4 3>5 4>-1 5>-1 5>6 6>-1",
    .recorded = "",
    .executed = "",
    .lines = "3: 0 of 2, 5: 0 of 2",
    .missing = "line 3 didn't jump to line 4 because the pattern on line 3 never matched\n"
               "line 3 didn't jump to line 5 because the pattern on line 3 always matched\n"
               "line 5 didn't exit class 'C' because the pattern on line 5 always matched\n"
               "line 5 didn't jump to line 6 because the pattern on line 5 never matched\n",
    .words = "1>-1 exit the module\n"
             "line 1 didn't exit the module because \n"
             "2>3 jump to line 3\n"
             "line 2 didn't jump to line 3 because the pattern on line 2 always matched\n"
             "3>4 jump to line 4\n"
             "line 3 didn't jump to line 4 because the pattern on line 3 never matched\n"
             "3>5 jump to line 5\n"
             "line 3 didn't jump to line 5 because the pattern on line 3 always matched\n"
             "4>-1 exit class 'C'\n"
             "line 4 didn't exit class 'C' because \n"
             "5>-1 exit class 'C'\n"
             "line 5 didn't exit class 'C' because the pattern on line 5 always matched\n"
             "5>6 jump to line 6\n"
             "line 5 didn't jump to line 6 because the pattern on line 5 never matched\n"
             "6>-1 exit class 'C'\n"
             "line 6 didn't exit class 'C' because \n",
    .partial = 0,
};

static const struct expectation the_words_of_an_empty_file = {
    .source = "# nothing\n",
    .code = "",
    .arcs = "1>-1",
    .recorded = "",
    .executed = "",
    .lines = "",
    .missing = "",
    .words = "1>-1 jump to the function exit\n"
             "line 1 didn't jump to the function exit\n",
    .partial = 0,
};

static const struct expectation names_in_other_letters = {
    .source = "def größe():\n"
              "    if x:\n"
              "        return 1\n"
              "class Ähnlich:\n"
              "    if x:\n"
              "        y = 1\n",
    .code = "1-6",
    .arcs = "1>4 2>-1 2>3 3>-1 4>-1 5>-4 5>6 6>-4",
    .recorded = "",
    .executed = "",
    .lines = "2: 0 of 2, 5: 0 of 2",
    .missing = "line 2 didn't return from function 'größe'"
               " because the condition on line 2 was always true\n"
               "line 2 didn't jump to line 3 because the condition on line 2 was never true\n"
               "line 5 didn't exit class 'Ähnlich'"
               " because the condition on line 5 was always true\n"
               "line 5 didn't jump to line 6 because the condition on line 5 was never true\n",
    .partial = 0,
};

/* clang-format on */

static size_t count_patterns(const char *const *patterns)
{
    size_t count = 0;
    while (patterns[count])
        count++;
    return count;
}

static struct analysis_rules *new_rules(void)
{
    struct error error = { ERROR_NONE, "" };
    struct analysis_rules *rules = analysis_rules_new(
        analysis_default_exclude, count_patterns(analysis_default_exclude), &error);
    assert_non_null(rules);
    assert_int_equal(analysis_rules_want_branches(
                         rules, analysis_default_partial, count_patterns(analysis_default_partial),
                         analysis_default_partial_always,
                         count_patterns(analysis_default_partial_always), &error),
                     0);
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

static struct arc_set parse_arcs(const char *text)
{
    struct arc_set arcs = ARC_SET_EMPTY;
    while (*text) {
        char *end;
        struct arc arc = { .from = (int32_t)strtol(text, &end, 10) };
        assert_int_equal(*end, '>');
        arc.to = (int32_t)strtol(end + 1, &end, 10);
        assert_int_equal(arc_set_add(&arcs, arc), 0);
        text = *end == ' ' ? end + 1 : end;
    }
    arc_set_sort(&arcs);
    return arcs;
}

/* The statements that the arcs touch, as coverage.py's data has them. */
static struct line_set find_executed(const struct analysis *analysis, const struct arc_set *arcs)
{
    struct line_set raw = LINE_SET_EMPTY, executed = LINE_SET_EMPTY;
    for (size_t i = 0; i < arcs->count; i++) {
        const int32_t ends[] = { arcs->items[i].from, arcs->items[i].to };
        for (size_t j = 0; j < 2; j++)
            if (ends[j] > 0)
                assert_int_equal(line_set_add(&raw, (uint32_t)ends[j]), 0);
    }
    assert_int_equal(analysis_executed(analysis, &raw, &executed), 0);
    line_set_close(&raw);
    return executed;
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

static void check_arcs(const struct arc_set *arcs, const char *expected)
{
    struct output output = { "", 0 };
    for (size_t i = 0; i < arcs->count; i++)
        print(&output, "%s%d>%d", i ? " " : "", arcs->items[i].from, arcs->items[i].to);
    assert_string_equal(output.text, expected);
}

static void check_branch_lines(const struct branches *branches, const char *expected)
{
    struct output output = { "", 0 };
    size_t total = 0, covered = 0;
    for (size_t i = 0; i < branches->line_count; i++) {
        const struct branch_line *line = &branches->lines[i];
        print(&output, "%s%u: %u of %u", i ? ", " : "", line->line, line->taken, line->exits);
        total += line->exits;
        covered += line->taken;
    }
    assert_string_equal(output.text, expected);
    assert_int_equal(branches->total, total);
    assert_int_equal(branches->covered, covered);
}

static void print_missing(struct output *output, const struct analysis *analysis, struct arc arc)
{
    char *text = branches_describe_missing(analysis, arc);
    assert_non_null(text);
    print(output, "%s\n", text);
    free(text);
}

static void check_missing(const struct analysis *analysis, const struct arc_set *missing,
                          const char *expected)
{
    struct output output = { "", 0 };
    for (size_t i = 0; i < missing->count; i++)
        print_missing(&output, analysis, missing->items[i]);
    assert_string_equal(output.text, expected);
}

static void check_words(const struct analysis *analysis, const char *expected)
{
    struct output output = { "", 0 };
    for (size_t i = 0; i < analysis->flow.possible.count; i++) {
        struct arc arc = analysis->flow.possible.items[i];
        char *text = branches_describe_arc(analysis, arc);
        assert_non_null(text);
        print(&output, "%d>%d %s\n", arc.from, arc.to, text);
        free(text);
        print_missing(&output, analysis, arc);
    }
    assert_string_equal(output.text, expected);
}

static struct analysis analyse(const char *source, const char *code, struct analysis_rules *rules)
{
    struct line_set lines = parse_lines(code);
    struct analysis analysis;
    struct error error = { ERROR_NONE, "" };
    int result = analysis_run(&analysis, "file.py", (const unsigned char *)source, strlen(source),
                              &lines, rules, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(result, 0);
    line_set_close(&lines);
    analysis_rules_free(rules);
    return analysis;
}

static struct branches find(const struct analysis *analysis, const char *recorded)
{
    struct arc_set arcs = parse_arcs(recorded);
    struct line_set executed = find_executed(analysis, &arcs);
    struct branches branches;
    struct error error = { ERROR_NONE, "" };
    assert_int_equal(branches_find(&branches, analysis, &arcs, &executed, &error), 0);
    line_set_close(&executed);
    arc_set_close(&arcs);
    return branches;
}

static void check(void **state)
{
    const struct expectation *expected = *state;
    struct analysis analysis = analyse(expected->source, expected->code, new_rules());
    check_arcs(&analysis.flow.possible, expected->arcs);
    struct branches branches = find(&analysis, expected->recorded);
    check_arcs(&branches.executed, expected->executed);
    check_branch_lines(&branches, expected->lines);
    check_missing(&analysis, &branches.missing, expected->missing);
    assert_int_equal(branches.partial, expected->partial);
    if (expected->words)
        check_words(&analysis, expected->words);
    branches_close(&branches);
    analysis_close(&analysis);
}

static const char if_source[] = "if x:\n"
                                "    y = 1\n"
                                "z = 2\n";

static void an_arc_that_is_not_possible_has_words_too(void **state)
{
    (void)state;
    struct analysis analysis = analyse(if_source, "1-3", new_rules());
    struct output output = { "", 0 };
    print_missing(&output, &analysis, (struct arc){ 2, 1 });
    print_missing(&output, &analysis, (struct arc){ 1, -7 });
    assert_string_equal(output.text, "line 2 didn't jump to line 1\n"
                                     "line 1 didn't jump to the function exit\n");
    analysis_close(&analysis);
}

static void there_are_none_unless_wanted(void **state)
{
    (void)state;
    struct error error = { ERROR_NONE, "" };
    struct analysis analysis = analyse(if_source, "1-3", analysis_rules_new(NULL, 0, &error));
    struct branches branches = find(&analysis, "1>2");
    assert_int_equal(analysis.flow.possible.count, 0);
    assert_int_equal(branches.total, 0);
    assert_int_equal(branches.line_count, 0);
    branches_close(&branches);
    analysis_close(&analysis);
}

static struct analysis_rules *own_rules(const char *partial, const char *always)
{
    struct error error = { ERROR_NONE, "" };
    struct analysis_rules *rules = analysis_rules_new(NULL, 0, &error);
    assert_non_null(rules);
    assert_int_equal(analysis_rules_want_branches(rules, &partial, partial != NULL, &always,
                                                  always != NULL, &error),
                     0);
    return rules;
}

static void either_list_of_partial_branches_holds(void **state)
{
    (void)state;
    static const char source[] = "if x:\n"
                                 "    y = 1\n"
                                 "if y:\n"
                                 "    y = 1\n"
                                 "if z:\n"
                                 "    y = 1\n";
    struct analysis analysis = analyse(source, "1-6", own_rules("if x", "if z"));
    struct branches branches = find(&analysis, "");
    check_arcs(&branches.missing, "3>4 3>5");
    branches_close(&branches);
    analysis_close(&analysis);
}

static void no_pattern_at_all_is_one_that_matches_everywhere(void **state)
{
    (void)state;
    struct analysis analysis = analyse(if_source, "1-3", own_rules(NULL, NULL));
    struct branches branches = find(&analysis, "");
    check_branch_lines(&branches, "1: 2 of 2");
    branches_close(&branches);
    analysis_close(&analysis);
}

static void a_wrong_pattern_is_named(void **state)
{
    (void)state;
    static const char *const patterns[] = { "(wrong" };
    struct analysis_rules *rules = new_rules();
    struct error error = { ERROR_NONE, "" };
    assert_int_equal(analysis_rules_want_branches(rules, NULL, 0, patterns, 1, &error), -1);
    assert_int_equal(error.code, ERROR_CONFIG);
    assert_non_null(strstr(error.text, "'(wrong'"));
    analysis_rules_free(rules);
}

static void a_line_is_partial_when_it_ran_and_left_by_no_arc(void **state)
{
    (void)state;
    struct analysis analysis = analyse(if_source, "1-3", new_rules());
    struct arc_set arcs = ARC_SET_EMPTY;
    struct line_set executed = parse_lines("1");
    struct branches branches;
    struct error error = { ERROR_NONE, "" };
    assert_int_equal(branches_find(&branches, &analysis, &arcs, &executed, &error), 0);
    assert_int_equal(branches.partial, 2);
    line_set_close(&executed);
    branches_close(&branches);
    analysis_close(&analysis);
}

static void recorded_lines_beyond_all_are_no_harm(void **state)
{
    (void)state;
    struct analysis analysis = analyse(if_source, "1-3", new_rules());
    struct arc_set arcs = ARC_SET_EMPTY;
    const int32_t lines[] = { INT32_MIN, INT32_MAX, -4, 4, 0 };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_int_equal(arc_set_add(&arcs, (struct arc){ 1, lines[i] }), 0);
        assert_int_equal(arc_set_add(&arcs, (struct arc){ lines[i], lines[i] }), 0);
    }
    arc_set_sort(&arcs);
    struct line_set executed = LINE_SET_EMPTY;
    struct branches branches;
    struct error error = { ERROR_NONE, "" };
    assert_int_equal(branches_find(&branches, &analysis, &arcs, &executed, &error), 0);
    check_arcs(&branches.executed, "");
    branches_close(&branches);
    analysis_close(&analysis);
    arc_set_close(&arcs);
}

/* coverage.py 7.17.3 fails on this one. */
static void a_with_whose_suite_has_no_code_has_a_next_line(void **state)
{
    (void)state;
    struct analysis analysis = analyse("with a:\n"
                                       "    global x\n"
                                       "y = 1\n",
                                       "1 3", new_rules());
    check_arcs(&analysis.flow.possible, "1>3 3>-1");
    analysis_close(&analysis);
}

static void check_refused(const char *source, const char *message)
{
    struct analysis_rules *rules = new_rules();
    struct line_set lines = parse_lines("1-9");
    struct analysis analysis;
    struct error error = { ERROR_NONE, "" };
    assert_int_equal(analysis_run(&analysis, "file.py", (const unsigned char *)source,
                                  strlen(source), &lines, rules, &error),
                     -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_string_equal(error.text, message);
    line_set_close(&lines);
    analysis_rules_free(rules);
}

static void a_clause_needs_the_one_that_it_continues(void **state)
{
    (void)state;
    check_refused("x = 1\n"
                  "else:\n"
                  "    y = 1\n",
                  "couldn't parse 'file.py' as Python source: invalid syntax at line 2");
}

static void a_match_has_cases_only(void **state)
{
    (void)state;
    check_refused("match x:\n"
                  "    case 1:\n"
                  "        y = 1\n"
                  "    z = 1\n",
                  "couldn't parse 'file.py' as Python source: invalid syntax at line 4");
}

static const char rich_source[] = "@a\n"
                                  "@b(\n"
                                  "    1)\n"
                                  "async def f(x=lambda: 1):\n"
                                  "    '''doc\n"
                                  "    '''\n"
                                  "    async with a as b, c: return x\n"
                                  "    async for i in x:\n"
                                  "        while not (1 and '' \"\"):\n"
                                  "            if x: break; y = 1\n"
                                  "            elif f'{x!r:>{y}}': continue\n"
                                  "            else: raise X from y\n"
                                  "        else:\n"
                                  "            with a:\n"
                                  "                with b: pass\n"
                                  "    try:\n"
                                  "        x = [\n"
                                  "            1]\n"
                                  "    except* X as e:\n"
                                  "        raise\n"
                                  "    else: y = 2\n"
                                  "    finally:\n"
                                  "        match x, y:\n"
                                  "            case (1 |\n"
                                  "                  2) as z if z: pass\n"
                                  "            case _: return\n"
                                  "class C(f): # pragma: no branch\n"
                                  "    if 0x0 or 1_0.5e-3j or ...: y = 1\n";

/* Analyses the source as if all its lines had code, and all their arcs were missing. */
static void exercise(const struct analysis_rules *rules, const char *source, size_t size)
{
    unsigned char *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, source, size);
    struct line_set code = parse_lines("1-40"), executed = LINE_SET_EMPTY;
    struct analysis analysis;
    struct branches branches;
    struct arc_set arcs = ARC_SET_EMPTY;
    struct error error = { ERROR_NONE, "" };
    if (analysis_run(&analysis, "file.py", copy, size, &code, rules, &error) == 0) {
        assert_int_equal(branches_find(&branches, &analysis, &arcs, &executed, &error), 0);
        for (size_t i = 0; i < branches.missing.count; i++)
            free(branches_describe_missing(&analysis, branches.missing.items[i]));
        branches_close(&branches);
        analysis_close(&analysis);
    } else {
        assert_int_equal(error.code, ERROR_SOURCE);
    }
    line_set_close(&code);
    free(copy);
}

static void sources_may_end_anywhere(void **state)
{
    (void)state;
    struct analysis_rules *rules = new_rules();
    for (size_t size = 0; size < sizeof rich_source; size++)
        exercise(rules, rich_source, size);
    analysis_rules_free(rules);
}

static void sources_may_begin_anywhere(void **state)
{
    (void)state;
    struct analysis_rules *rules = new_rules();
    for (size_t skipped = 0; skipped < sizeof rich_source - 1; skipped++)
        exercise(rules, rich_source + skipped, sizeof rich_source - 1 - skipped);
    analysis_rules_free(rules);
}

static void any_line_may_be_missing_in_a_source(void **state)
{
    (void)state;
    struct analysis_rules *rules = new_rules();
    char source[sizeof rich_source];
    const char *next;
    for (const char *line = rich_source; *line; line = next) {
        next = strchr(line, '\n') + 1;
        size_t before = (size_t)(line - rich_source), behind = strlen(next);
        memcpy(source, rich_source, before);
        memcpy(source + before, next, behind);
        exercise(rules, source, before + behind);
    }
    analysis_rules_free(rules);
}

/* A plugin says how many ways on a line has, and in which words. */
static void a_plugin_says_which_lines_are_branches(void **state)
{
    (void)state;
    struct given_exits exits[] = { { 1, 2 }, { 3, 3 } };
    struct given_words words[] = { { { 1, 3 }, (char *)"not on", (char *)"on" } };
    struct analysis analysis = {
        .is_given = true, .exits = exits, .exit_count = 2, .words = words, .words_count = 1
    };
    static const struct arc possible[] = { { 1, 2 }, { 1, 3 }, { 3, 4 }, { 3, 5 }, { 4, 5 } };
    struct arc_set ran = ARC_SET_EMPTY;
    struct line_set executed = LINE_SET_EMPTY;
    for (size_t i = 0; i < sizeof possible / sizeof possible[0]; i++)
        assert_int_equal(arc_set_add(&analysis.flow.possible, possible[i]), 0);
    arc_set_sort(&analysis.flow.possible);
    assert_int_equal(arc_set_add(&ran, (struct arc){ 1, 2 }), 0);
    arc_set_sort(&ran);
    assert_int_equal(line_set_add_range(&analysis.statements, 1, 5), 0);
    assert_int_equal(line_set_add_range(&executed, 1, 2), 0);
    assert_int_equal(line_set_add(&analysis.excluded, 5), 0);
    struct branches branches;
    assert_int_equal(branches_find(&branches, &analysis, &ran, &executed, NULL), 0);
    assert_int_equal(branches.total, 5);
    assert_int_equal(branches.covered, 3); /* 3 to 5, which is excluded, is not missing */
    assert_int_equal(branches.partial, 1);
    assert_int_equal(branches.missing.count, 2);
    char *first = branches_describe_missing(&analysis, branches.missing.items[0]);
    char *second = branches_describe_missing(&analysis, branches.missing.items[1]);
    char *effect = branches_describe_arc(&analysis, (struct arc){ 1, 3 });
    assert_string_equal(first, "not on");
    assert_string_equal(second, "Line 3 didn't jump to line 4");
    assert_string_equal(effect, "on");
    free(first);
    free(second);
    free(effect);
    branches_close(&branches);
    arc_set_close(&ran);
    arc_set_close(&analysis.flow.possible);
    line_set_close(&executed);
    line_set_close(&analysis.statements);
    line_set_close(&analysis.excluded);
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, check, NULL, NULL, (void *)(uintptr_t)&name                                         \
    }

/* clang-format off: one test a line */
static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_plugin_says_which_lines_are_branches),
    TEST(an_if_has_two_ways_on),
    TEST(an_if_at_the_end_leaves_the_module),
    TEST(an_if_on_one_line_has_one_way_on),
    TEST(a_one_line_if_and_what_is_below),
    TEST(an_else_takes_the_other_way),
    TEST(elifs_follow_each_other),
    TEST(elifs_before_an_else),
    TEST(conditions_on_many_lines_count_from_the_first),
    TEST(a_true_condition_is_no_branch),
    TEST(a_false_condition_is_no_branch),
    TEST(a_constant_elif_ends_the_chain),
    TEST(a_comparison_is_no_constant),
    TEST(functions_in_dead_code_have_no_arcs),
    TEST(a_for_starts_or_completes),
    TEST(a_for_that_never_starts),
    TEST(an_else_of_a_for),
    TEST(a_for_within_a_function_that_returns),
    TEST(a_while_goes_on_or_ends),
    TEST(an_endless_while_ends_by_break),
    TEST(an_endless_while_with_an_else),
    TEST(a_while_that_is_never_true),
    TEST(loops_in_loops),
    TEST(a_loop_on_one_line),
    TEST(an_async_for_is_a_loop),
    TEST(a_comprehension_is_no_branch),
    TEST(returns_leave_the_function),
    TEST(a_function_may_end_without_a_return),
    TEST(a_raise_leaves_the_function),
    TEST(a_raise_in_a_module_goes_nowhere),
    TEST(decorators_run_one_after_the_other),
    TEST(a_decorated_function_is_left_for_its_first_decorator),
    TEST(a_decorated_class),
    TEST(a_class_body_leaves_the_class),
    TEST(a_branch_at_the_end_of_a_class),
    TEST(nested_functions_have_arcs_of_their_own),
    TEST(a_class_in_a_function_may_not_break_its_loop),
    TEST(a_function_on_one_line),
    TEST(a_docstring_is_no_statement),
    TEST(lambdas_in_a_condition),
    TEST(a_with_is_left_past_its_first_line),
    TEST(a_branch_at_the_end_of_a_with),
    TEST(a_branch_in_nested_withs),
    TEST(a_with_on_many_lines),
    TEST(a_with_in_a_loop),
    TEST(a_return_out_of_a_with),
    TEST(a_with_on_one_line),
    TEST(an_async_with),
    TEST(a_handler_is_entered_by_an_exception_alone),
    TEST(a_branch_before_a_handler),
    TEST(a_raise_goes_to_the_first_handler),
    TEST(a_raise_in_a_handler_leaves_the_function),
    TEST(an_else_of_a_try),
    TEST(a_finally_follows_all),
    TEST(a_return_passes_by_a_finally),
    TEST(a_finally_of_what_never_ends),
    TEST(a_raise_before_a_finally_goes_nowhere),
    TEST(an_exception_group),
    TEST(a_break_within_a_try),
    TEST(cases_follow_each_other),
    TEST(a_case_that_matches_all_ends_a_match),
    TEST(a_case_with_a_guard_may_fail),
    TEST(match_is_a_name_too),
    TEST(a_case_on_many_lines),
    TEST(excluded_lines_are_no_way_on),
    TEST(an_excluded_branch_is_none),
    TEST(of_three_ways_on_one_may_be_excluded),
    TEST(no_branch_lines_miss_nothing),
    TEST(no_branch_holds_for_all_lines_of_a_statement),
    TEST(true_loops_are_no_branch),
    TEST(arcs_within_a_line_are_the_only_way_on),
    TEST(recorded_arcs_that_are_impossible_are_dropped),
    TEST(recorded_arcs_of_other_lines_of_a_statement),
    TEST(a_line_that_did_not_run_is_not_partial),
    TEST(a_file_without_statements),
    TEST(an_unfinished_branch_of_an_executed_line),
    TEST(the_words_of_two_code_objects_for_one_arc),
    TEST(the_words_for_leaving_a_function),
    TEST(the_words_of_loops),
    TEST(the_words_of_a_with),
    TEST(the_words_of_decorators),
    TEST(the_words_of_a_match),
    TEST(the_words_of_an_empty_file),
    TEST(names_in_other_letters),
    cmocka_unit_test(an_arc_that_is_not_possible_has_words_too),
    cmocka_unit_test(there_are_none_unless_wanted),
    cmocka_unit_test(either_list_of_partial_branches_holds),
    cmocka_unit_test(no_pattern_at_all_is_one_that_matches_everywhere),
    cmocka_unit_test(a_wrong_pattern_is_named),
    cmocka_unit_test(a_line_is_partial_when_it_ran_and_left_by_no_arc),
    cmocka_unit_test(recorded_lines_beyond_all_are_no_harm),
    cmocka_unit_test(a_with_whose_suite_has_no_code_has_a_next_line),
    cmocka_unit_test(a_clause_needs_the_one_that_it_continues),
    cmocka_unit_test(a_match_has_cases_only),
    cmocka_unit_test(sources_may_end_anywhere),
    cmocka_unit_test(sources_may_begin_anywhere),
    cmocka_unit_test(any_line_may_be_missing_in_a_source),
};
/* clang-format on */

UNIT_MAIN(tests)
