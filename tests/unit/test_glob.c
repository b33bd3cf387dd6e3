/* File patterns: the cases of coverage.py's documentation, and the edges of ours. */
#include "unit.h"

#include "glob.h"

static void a_name_without_a_slash_matches_in_any_folder(void **state)
{
    (void)state;
    assert_true(glob_match("mod.py", "/a/b/mod.py"));
    assert_true(glob_match("mod.py", "mod.py"));
    assert_false(glob_match("mod.py", "/a/b/xmod.py"));
    assert_false(glob_match("mod.py", "/a/mod.py/b"));
    assert_true(glob_match("test_*.py", "/a/test_x.py"));
}

static void a_star_stops_at_a_slash(void **state)
{
    (void)state;
    assert_true(glob_match("/a/*/c.py", "/a/b/c.py"));
    assert_false(glob_match("/a/*/c.py", "/a/b/b/c.py"));
    assert_true(glob_match("/a/x*z.py", "/a/xz.py"));
}

static void a_leading_star_folder_matches_any_prefix(void **state)
{
    (void)state;
    assert_true(glob_match("*/tests/x.py", "/a/b/tests/x.py"));
    assert_true(glob_match("*/tests/x.py", "tests/x.py"));
    assert_false(glob_match("*/tests/x.py", "/a/mytests/x.py"));
}

static void a_trailing_star_takes_a_whole_tree(void **state)
{
    (void)state;
    assert_true(glob_match("*/tests/*", "/a/tests/b/c.py"));
    assert_true(glob_match("/a/*", "/a/b/c/d.py"));
    assert_false(glob_match("/a/*", "/ab/c.py"));
}

static void two_stars_stand_for_any_folders_or_none(void **state)
{
    (void)state;
    assert_true(glob_match("/a/**/c.py", "/a/c.py"));
    assert_true(glob_match("/a/**/c.py", "/a/x/y/c.py"));
    assert_false(glob_match("/a/**/c.py", "/b/x/c.py"));
}

static void a_question_mark_is_one_character_but_no_slash(void **state)
{
    (void)state;
    assert_true(glob_match("/a/?.py", "/a/b.py"));
    assert_false(glob_match("/a?b.py", "/a/b.py"));
    assert_false(glob_match("/a/?.py", "/a/.py"));
}

static void sets_and_ranges_match_one_character(void **state)
{
    (void)state;
    assert_true(glob_match("/a/[b-d]x.py", "/a/cx.py"));
    assert_false(glob_match("/a/[b-d]x.py", "/a/ex.py"));
    assert_true(glob_match("/a/[^b]x.py", "/a/cx.py"));
    assert_true(glob_match("/a/[xyz].py", "/a/z.py"));
}

static void a_backslash_in_a_pattern_is_a_slash(void **state)
{
    (void)state;
    assert_true(glob_match("/a\\b\\c.py", "/a/b/c.py"));
    assert_true(glob_match("*\\tests\\*", "/a/tests/b/c.py"));
    assert_true(glob_match("/a\\**\\c.py", "/a/x/y/c.py"));
    assert_false(glob_match("b\\c.py", "/a/b/c.py"));
}

static void dots_and_plus_signs_are_plain(void **state)
{
    (void)state;
    assert_false(glob_match("/a/b.py", "/a/bxpy"));
    assert_true(glob_match("/a+b/(c).py", "/a+b/(c).py"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_name_without_a_slash_matches_in_any_folder),
    cmocka_unit_test(a_star_stops_at_a_slash),
    cmocka_unit_test(a_leading_star_folder_matches_any_prefix),
    cmocka_unit_test(a_trailing_star_takes_a_whole_tree),
    cmocka_unit_test(two_stars_stand_for_any_folders_or_none),
    cmocka_unit_test(a_question_mark_is_one_character_but_no_slash),
    cmocka_unit_test(sets_and_ranges_match_one_character),
    cmocka_unit_test(a_backslash_in_a_pattern_is_a_slash),
    cmocka_unit_test(dots_and_plus_signs_are_plain),
};

UNIT_MAIN(tests)
