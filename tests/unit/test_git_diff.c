/*
 * What git says, in the form in which it is asked.
 */
#include "unit.h"

#include "collector/project/git_diff.h"

#include <stdlib.h>
#include <string.h>

/* Parses, and compares with "PATH: LINE LINE\n..." */
static void expect_changes(const char *text, const char *expected)
{
    struct git_diff diff = { 0 };
    struct error error = { 0 };
    char *found;
    size_t size;
    assert_int_equal(git_diff_parse(&diff, "/r", text, strlen(text), &error), 0);
    FILE *stream = open_memstream(&found, &size);
    assert_non_null(stream);
    for (size_t i = 0; i < diff.count; i++) {
        fprintf(stream, "%s:", diff.files[i].path);
        for (uint32_t line = 0; (line = line_set_next(&diff.files[i].lines, line)) != 0;)
            fprintf(stream, " %u", line);
        fputc('\n', stream);
    }
    fclose(stream);
    assert_string_equal(found, expected);
    free(found);
    git_diff_close(&diff);
}

static void added_and_changed_lines_are_found(void **state)
{
    (void)state;
    expect_changes("diff --git a/z.py b/z.py\n"
                   "index 1..2 100644\n"
                   "--- a/z.py\n"
                   "+++ b/z.py\n"
                   "@@ -2 +2 @@ def f():\n"
                   "-    old\n"
                   "+    new\n"
                   "@@ -4,2 +3,0 @@\n"
                   "-gone\n"
                   "-gone\n"
                   "@@ -8,0 +6,2 @@\n"
                   "+one\n"
                   "+two\n"
                   "\\ No newline at end of file\n"
                   "diff --git a/a.py b/a.py\n"
                   "--- a/a.py\n"
                   "+++ b/a.py\n"
                   "@@ -0,0 +1 @@\n"
                   "+x\n",
                   "/r/a.py: 1\n/r/z.py: 2 6 7\n");
}

static void context_lines_are_none(void **state)
{
    (void)state;
    expect_changes("--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n same\n-old\n+new\n same\n",
                   "/r/a.py: 2\n");
}

static void text_that_looks_like_a_header_is_text(void **state)
{
    (void)state;
    expect_changes("--- a/a.py\n+++ b/a.py\n@@ -1 +1,2 @@\n--- a/b.py\n+++ b/b.py\n+@@ -1 +9 @@\n",
                   "/r/a.py: 1 2\n");
}

static void a_removed_file_has_no_changes(void **state)
{
    (void)state;
    expect_changes("--- a/a.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", "");
}

static void a_renamed_file_has_its_new_name(void **state)
{
    (void)state;
    expect_changes("diff --git a/old.py b/new.py\nsimilarity index 90%\nrename from old.py\n"
                   "rename to new.py\n--- a/old.py\n+++ b/new.py\n@@ -3 +3 @@\n-a\n+b\n",
                   "/r/new.py: 3\n");
}

static void quoted_names_are_read(void **state)
{
    (void)state;
    expect_changes("+++ \"b/caf\\303\\251 \\\"\\\\\\t\\a.py\"\n@@ -0,0 +1 @@\n+x\n",
                   "/r/caf\xc3\xa9 \"\\\t\a.py: 1\n");
    expect_changes("+++ b/with blanks.py\t\n@@ -0,0 +1 @@\n+x\n", "/r/with blanks.py: 1\n");
    expect_changes("+++ \"b/open\\\n@@ -0,0 +1 @@\n+x\n", "/r/open\\: 1\n");
}

static void what_is_cut_short_is_read_as_far_as_it_goes(void **state)
{
    (void)state;
    expect_changes("+++ b/a.py\n@@ -0,0 +1,2 @@\n+x\n+y", "/r/a.py: 1\n");
    expect_changes("", "");
}

static void a_hunk_that_is_none_is_an_error(void **state)
{
    (void)state;
    static const char *const texts[] = { "@@ -a +1 @@\n", "@@ -1 1 @@\n", "@@ -1 +1\n",
                                         "@@ -1 +1,9999999999 @@\n",
                                         "@@ -1 +99999999999999999999 @@\n" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct git_diff diff = { 0 };
        struct error error = { 0 };
        assert_int_equal(git_diff_parse(&diff, "/r", texts[i], strlen(texts[i]), &error), -1);
        assert_int_equal(error.code, ERROR_FORMAT);
        git_diff_close(&diff);
    }
}

static void an_option_is_no_revision(void **state)
{
    (void)state;
    struct git_diff diff;
    struct error error = { 0 };
    assert_int_equal(git_diff_read(&diff, ".", "--output=x", &error), -1);
    assert_string_equal(error.text, "'--output=x' is no revision");
    git_diff_close(&diff);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(added_and_changed_lines_are_found),
    cmocka_unit_test(context_lines_are_none),
    cmocka_unit_test(text_that_looks_like_a_header_is_text),
    cmocka_unit_test(a_removed_file_has_no_changes),
    cmocka_unit_test(a_renamed_file_has_its_new_name),
    cmocka_unit_test(quoted_names_are_read),
    cmocka_unit_test(what_is_cut_short_is_read_as_far_as_it_goes),
    cmocka_unit_test(a_hunk_that_is_none_is_an_error),
    cmocka_unit_test(an_option_is_no_revision),
};

UNIT_MAIN(tests)
