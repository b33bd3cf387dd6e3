/* Tests of collector/paths.c; what is expected is what coverage.py 7.17.4 gave for the same. */
#include "unit.h"
#include "unit_folder.h"

#include "collector/base/path.h"
#include "collector/base/path_globs.h"
#include "collector/project/python_files.h"
#include "collector/project/path_aliases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder; /* canonical; each test has a new one */

static int make_folder(void **state)
{
    (void)state;
    char name[] = "/tmp/covfork-paths-XXXXXX";
    if (!mkdtemp(name))
        return -1;
    folder = realpath(name, NULL);
    return folder ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unit_remove_folder(folder);
    free(folder);
    return 0;
}

/* The full name of `name` in the test's folder; good until the eighth call from here. */
static const char *in_folder(const char *name)
{
    static char names[8][4096];
    static int next;
    char *full = names[next++ % 8];
    snprintf(full, sizeof names[0], "%s/%s", folder, name);
    return full;
}

/* An empty file, with the folders above it. */
static void make_file(const char *name)
{
    char full[4096];
    snprintf(full, sizeof full, "%s/%s", folder, name);
    for (char *slash = full + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(full, 0700);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fclose(file);
}

static void make_link(const char *target, const char *name)
{
    assert_int_equal(symlink(target, in_folder(name)), 0);
}

static void assert_canonical(const char *path, const char *expected)
{
    char *canonical = path_canonical(folder, path);
    assert_non_null(canonical);
    assert_string_equal(canonical, expected);
    free(canonical);
    /* With a memory of folders it is the same, also the second time. */
    struct path_folders folders = { 0 };
    for (int i = 0; i < 2; i++) {
        canonical = path_canonical_file(&folders, folder, path);
        assert_non_null(canonical);
        assert_string_equal(canonical, expected);
        free(canonical);
    }
    path_folders_close(&folders);
}

static void canonical_resolves_links(void **state)
{
    (void)state;
    make_file("real/file.py");
    make_link("real", "link");
    assert_canonical("link/file.py", in_folder("real/file.py"));
}

static void canonical_resolves_a_link_to_a_file(void **state)
{
    (void)state;
    make_file("real/file.py");
    make_link("real/file.py", "link.py");
    assert_canonical("link.py", in_folder("real/file.py"));
}

static void canonical_remembers_folders(void **state)
{
    (void)state;
    struct path_folders folders = { 0 };
    make_file("real/one.py");
    make_file("real/two.py");
    make_link("real", "link");
    static const char *const names[] = { "one.py", "two.py" };
    for (int i = 0; i < 2; i++) {
        char given[64], expected[64];
        snprintf(given, sizeof given, "link/%s", names[i]);
        snprintf(expected, sizeof expected, "real/%s", names[i]);
        char *canonical = path_canonical_file(&folders, folder, given);
        assert_string_equal(canonical, in_folder(expected));
        free(canonical);
    }
    assert_int_equal(folders.given.count, 1);
    path_folders_close(&folders);
}

static void canonical_keeps_parts_that_do_not_exist(void **state)
{
    (void)state;
    make_file("real/file.py");
    make_link("real", "link");
    assert_canonical("link/missing/x.py", in_folder("real/missing/x.py"));
    assert_canonical("missing/../link/./y//z", in_folder("real/y/z"));
    assert_canonical("/no/such/../folder/", "/no/folder");
}

static void canonical_follows_dangling_links(void **state)
{
    (void)state;
    make_link("not/there", "dangling");
    assert_canonical("dangling/x.py", in_folder("not/there/x.py"));
}

static void canonical_goes_up_from_the_target_of_a_link(void **state)
{
    (void)state;
    make_file("a/b/c.py");
    make_link("a/b", "link");
    assert_canonical("link/../missing.py", in_folder("a/missing.py"));
}

static void canonical_goes_up_from_a_file(void **state)
{
    (void)state;
    make_file("file.py");
    assert_canonical("file.py/..", folder);
    assert_canonical("file.py/", in_folder("file.py"));
}

static void canonical_survives_a_loop_of_links(void **state)
{
    (void)state;
    make_link("two", "one");
    make_link("one", "two");
    assert_canonical("one/x.py", in_folder("one/x.py"));
}

static void canonical_of_nothing_is_the_folder(void **state)
{
    (void)state;
    assert_canonical("", folder);
    assert_canonical(".", folder);
    assert_canonical("../../../../../../../..", "/");
}

static void canonical_takes_a_relative_folder(void **state)
{
    (void)state;
    char *working = getcwd(NULL, 0);
    assert_int_equal(chdir(folder), 0);
    char *canonical = path_canonical("not/here", "../x.py");
    assert_int_equal(chdir(working), 0);
    free(working);
    assert_string_equal(canonical, in_folder("not/x.py"));
    free(canonical);
}

static void relative_takes_the_folder_off(void **state)
{
    (void)state;
    assert_string_equal(path_relative("/a/b", "/a/b/c/d.py"), "c/d.py");
    assert_string_equal(path_relative("/", "/c.py"), "c.py");
}

static void relative_leaves_other_paths(void **state)
{
    (void)state;
    assert_string_equal(path_relative("/a/b", "/a/bc/d.py"), "/a/bc/d.py");
    assert_string_equal(path_relative("/a/b", "/a/b"), "/a/b");
    assert_string_equal(path_relative("/a/b", "c/d.py"), "c/d.py");
}

/* Does the pattern match? In the folder /work/here. */
static bool matches(const char *pattern, const char *path)
{
    struct string_list patterns = { 0 };
    struct error error = { 0 };
    assert_int_equal(string_list_add(&patterns, pattern), 0);
    struct path_globs *globs = path_globs_new(&patterns, "/work/here", &error);
    string_list_close(&patterns);
    if (!globs)
        fail_msg("%s", error.text);
    bool matched = path_globs_match(globs, path);
    path_globs_free(globs);
    return matched;
}

static void glob_without_a_slash_matches_a_name_anywhere(void **state)
{
    (void)state;
    assert_true(matches("m.py", "/elsewhere/m.py"));
    assert_true(matches("m.py", "m.py"));
    assert_true(matches("test_*.py", "/a/test_x.py"));
    assert_false(matches("m.py", "/a/xm.py"));
    assert_false(matches("test_*.py", "/a/test_x.py/b.py"));
}

static void glob_with_a_slash_is_made_absolute(void **state)
{
    (void)state;
    assert_true(matches("src/*.py", "/work/here/src/m.py"));
    assert_true(matches("src/*.py", "src/m.py"));
    assert_false(matches("src/*.py", "/other/src/m.py"));
    assert_true(matches("./a/../src/m.py", "/work/here/src/m.py"));
}

static void glob_star_stays_within_a_component(void **state)
{
    (void)state;
    assert_true(matches("/a/*/c.py", "/a/b/c.py"));
    assert_false(matches("/a/*/c.py", "/a/b/b/c.py"));
    assert_false(matches("/a/b*.py", "/a/b/c.py"));
}

static void glob_star_at_the_start_matches_any_prefix(void **state)
{
    (void)state;
    assert_true(matches("*/tests/m.py", "/a/b/tests/m.py"));
    assert_true(matches("*/tests/m.py", "tests/m.py"));
    assert_false(matches("*/tests/m.py", "/a/xtests/m.py"));
}

static void glob_star_at_the_end_matches_a_tree(void **state)
{
    (void)state;
    assert_true(matches("/a/tests/*", "/a/tests/deep/er/m.py"));
    assert_true(matches("/a/tests/**", "/a/tests/m.py"));
    assert_true(matches("/a/tests/***", "/a/tests/m.py"));
    assert_false(matches("/a/tests/*", "/a/tests"));
}

static void glob_double_star_matches_folders_or_none(void **state)
{
    (void)state;
    assert_true(matches("/a/**/m.py", "/a/m.py"));
    assert_true(matches("/a/**/m.py", "/a/b/c/m.py"));
    assert_false(matches("/a/**/m.py", "/b/m.py"));
}

static void glob_question_mark_is_one_character(void **state)
{
    (void)state;
    assert_true(matches("/a/?.py", "/a/x.py"));
    assert_true(matches("/a/?.py", "/a/\xc3\xa9.py"));
    assert_false(matches("/a/?.py", "/a/xy.py"));
    assert_false(matches("/a?b", "/a/b"));
}

static void glob_brackets_are_a_set(void **state)
{
    (void)state;
    assert_true(matches("/[a-c]/x", "/b/x"));
    assert_false(matches("/[a-c]/x", "/d/x"));
    assert_false(matches("/[^a]/x", "/a/x"));
    assert_true(matches("/[!a]/x", "/!/x"));
    assert_true(matches("/[[:x:]/x", "/:/x"));
}

static void glob_other_characters_stand_for_themselves(void **state)
{
    (void)state;
    assert_true(matches("/a.b+(c)|{2}$ #/x.py", "/a.b+(c)|{2}$ #/x.py"));
    assert_false(matches("/a.py", "/axpy"));
}

static void glob_backslash_is_a_slash(void **state)
{
    (void)state;
    assert_true(matches("*\\src\\m.py", "/a/src/m.py"));
    assert_true(matches("*/src/m.py", "C:\\a\\src\\m.py"));
}

static void glob_minds_the_case(void **state)
{
    (void)state;
    assert_false(matches("M.py", "/a/m.py"));
}

static void glob_matches_names_that_are_not_utf8(void **state)
{
    (void)state;
    assert_true(matches("/a/*.py", "/a/\xff.py"));
    assert_true(matches("/a/\xff*.py", "/a/\xffx.py"));
    assert_false(matches("/a/\xff*.py", "/a/x.py"));
}

static void glob_must_match_to_the_very_end(void **state)
{
    (void)state;
    assert_false(matches("/a/m.py", "/a/m.py\n"));
}

static void globs_match_when_any_does(void **state)
{
    (void)state;
    struct string_list patterns = { 0 };
    string_list_add(&patterns, "*.txt");
    string_list_add(&patterns, "a.py");
    struct path_globs *globs = path_globs_new(&patterns, "/", NULL);
    assert_non_null(globs);
    assert_true(path_globs_match(globs, "/x/a.py"));
    assert_true(path_globs_match(globs, "/x/y.txt"));
    assert_false(path_globs_match(globs, "/x/b.py"));
    path_globs_free(globs);
    string_list_close(&patterns);
}

static void no_globs_match_nothing(void **state)
{
    (void)state;
    struct string_list patterns = { 0 };
    struct path_globs *globs = path_globs_new(&patterns, "/", NULL);
    assert_non_null(globs);
    assert_false(path_globs_match(globs, "/a"));
    assert_false(path_globs_match(globs, ""));
    path_globs_free(globs);
}

static void assert_refused(const char *pattern, const char *piece)
{
    struct string_list patterns = { 0 };
    struct error error = { 0 };
    char expected[256];
    snprintf(expected, sizeof expected, "File pattern can't include '%s': '%s'", piece, pattern);
    string_list_add(&patterns, pattern);
    assert_null(path_globs_new(&patterns, "/work/here", &error));
    assert_int_equal(error.code, ERROR_CONFIG);
    assert_string_equal(error.text, expected);
    string_list_close(&patterns);
}

static void glob_refuses_stars_that_mean_nothing(void **state)
{
    (void)state;
    assert_refused("***/x", "***");
    assert_refused("/***a**", "***");
    assert_refused("/a**", "a**");
    assert_refused("/**a", "**a");
    assert_refused("/a**b**c/d", "a**b**");
    assert_refused("/x/**/**", "**/**");
}

static void glob_refuses_brackets_without_a_partner(void **state)
{
    (void)state;
    assert_refused("/a]", "]");
    assert_refused("/[a", "[");
    assert_refused("/[]x", "[]");
}

static void glob_refuses_a_wrong_range(void **state)
{
    (void)state;
    struct string_list patterns = { 0 };
    struct error error = { 0 };
    string_list_add(&patterns, "/[z-a]");
    assert_null(path_globs_new(&patterns, "/", &error));
    assert_int_equal(error.code, ERROR_CONFIG);
    assert_non_null(strstr(error.text, "/[z-a]"));
    string_list_close(&patterns);
}

static void tree_has_itself_and_what_is_below(void **state)
{
    (void)state;
    assert_true(path_in_tree("/a/b", "/a/b"));
    assert_true(path_in_tree("/a/b", "/a/b/c.py"));
    assert_true(path_in_tree("/", "/a"));
    assert_false(path_in_tree("/a/b", "/a/bc"));
    assert_false(path_in_tree("/a/b", "/a"));
}

/* The files found, below the test's folder, with a space behind each. */
static const char *find(const char *below, bool namespaces)
{
    static char found[4096];
    struct string_list list = { 0 };
    assert_int_equal(path_find_python_files(&list, in_folder(below), namespaces, NULL), 0);
    found[0] = '\0';
    for (size_t i = 0; i < list.count; i++) {
        strcat(found, path_relative(folder, list.items[i]));
        strcat(found, " ");
    }
    string_list_close(&list);
    return found;
}

static void source_folder_needs_no_init_but_its_subfolders_do(void **state)
{
    (void)state;
    make_file("src/m.py");
    make_file("src/pkg/__init__.py");
    make_file("src/pkg/n.py");
    make_file("src/space/o.py");
    make_file("src/space/pkg/__init__.py");
    assert_string_equal(find("src", false), "src/m.py src/pkg/__init__.py src/pkg/n.py ");
    assert_string_equal(find("src", true), "src/m.py src/pkg/__init__.py src/pkg/n.py "
                                           "src/space/o.py src/space/pkg/__init__.py ");
}

static void source_files_have_reasonable_names(void **state)
{
    (void)state;
    make_file("src/ok.py");
    make_file("src/win.pyw");
    make_file("src/sp ace-1.py");
    make_file("src/a.b.py");
    make_file("src/.py");
    make_file("src/.#lock.py");
    make_file("src/~back.py");
    make_file("src/a=b.py");
    make_file("src/c.pyc");
    make_file("src/d.txt");
    assert_string_equal(find("src", false), "src/ok.py src/sp ace-1.py src/win.pyw ");
}

static void linked_files_are_found_and_linked_folders_are_not(void **state)
{
    (void)state;
    make_file("other/__init__.py");
    make_file("src/m.py");
    make_link("../other", "src/linked");
    make_link("../other", "src/folder.py");
    make_link("m.py", "src/file.py");
    assert_string_equal(find("src", true), "src/file.py src/m.py ");
}

static void a_folder_is_no_file(void **state)
{
    (void)state;
    make_file("src/pkg/__init__.py/x.txt");
    make_file("src/pkg/m.py");
    assert_string_equal(find("src", false), "");
    assert_string_equal(find("src", true), "src/pkg/m.py ");
}

static void a_missing_source_folder_is_empty(void **state)
{
    (void)state;
    assert_string_equal(find("nowhere", true), "");
}

/* Aliases of one group (`patterns` ends with NULL; the first is the canonical one). */
static struct path_aliases *make_aliases(const char *const *patterns, bool relative,
                                         struct error *error)
{
    struct config_path_alias group = { .name = (char *)"source" };
    struct config config = { .directory = folder, .relative_files = relative };
    for (; *patterns; patterns++)
        assert_int_equal(string_list_add(&group.patterns, *patterns), 0);
    config.paths = &group;
    config.path_count = 1;
    struct path_aliases *aliases = path_aliases_new(&config, error);
    string_list_close(&group.patterns);
    return aliases;
}

static void assert_mapped(const struct path_aliases *aliases, const char *path,
                          const char *expected)
{
    char *mapped = path_aliases_map(aliases, path);
    assert_non_null(mapped);
    assert_string_equal(mapped, expected);
    free(mapped);
}

static void aliases_map_to_a_file_that_is_here(void **state)
{
    (void)state;
    make_file("src/pkg/m.py");
    struct path_aliases *aliases =
        make_aliases((const char *[]){ "src", "/ci/*/src", "C:\\ci\\src", NULL }, false, NULL);
    assert_mapped(aliases, "/ci/7/src/pkg/m.py", in_folder("src/pkg/m.py"));
    assert_mapped(aliases, "C:\\ci\\src\\pkg\\m.py", in_folder("src/pkg/m.py"));
    path_aliases_free(aliases);
}

static void aliases_leave_what_is_not_here(void **state)
{
    (void)state;
    make_file("src/pkg/m.py");
    struct path_aliases *aliases =
        make_aliases((const char *[]){ "src", "/ci/src", NULL }, false, NULL);
    assert_mapped(aliases, "/ci/src/gone.py", "/ci/src/gone.py");
    assert_mapped(aliases, "/ci/srcs/pkg/m.py", "/ci/srcs/pkg/m.py");
    assert_mapped(aliases, "src/pkg/m.py", "src/pkg/m.py");
    path_aliases_free(aliases);
}

static void aliases_try_the_next_pattern(void **state)
{
    (void)state;
    make_file("src/m.py");
    struct path_aliases *aliases =
        make_aliases((const char *[]){ "src", "*/deep", "/ci/deep/src", NULL }, false, NULL);
    assert_mapped(aliases, "/ci/deep/src/m.py", in_folder("src/m.py"));
    path_aliases_free(aliases);
}

static void aliases_do_not_mind_the_case(void **state)
{
    (void)state;
    make_file("src/m.py");
    struct path_aliases *aliases =
        make_aliases((const char *[]){ "src", "c:\\Work\\src", NULL }, false, NULL);
    assert_mapped(aliases, "C:\\work\\SRC\\m.py", in_folder("src/m.py"));
    path_aliases_free(aliases);
}

static void names_of_windows_are_told(void **state)
{
    (void)state;
    static const char *const names[] = { "C:\\a.py", "d:/a.py", "\\\\host\\share\\a.py", "\\a.py" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_true(path_is_of_windows(names[i]));
    static const char *const others[] = { "/C:\\a.py", "C:a.py", "a\\b.py", "1:/a.py", "C:", "" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(path_is_of_windows(others[i]));
}

/* Data with relative names is made absolute when it is read. */
static void relative_aliases_match_each_file_of_a_folder(void **state)
{
    (void)state;
    make_file("src/m.py");
    make_file("src/n.py");
    struct path_aliases *aliases =
        make_aliases((const char *[]){ "src", "lib/python*/site-packages", NULL }, true, NULL);
    assert_mapped(aliases, in_folder("lib/python3.9/site-packages/m.py"), "src/m.py");
    assert_mapped(aliases, in_folder("lib/python3.9/site-packages/n.py"), "src/n.py");
    path_aliases_free(aliases);
}

static void aliases_make_patterns_absolute(void **state)
{
    (void)state;
    make_file("src/m.py");
    struct path_aliases *aliases =
        make_aliases((const char *[]){ "src", "build/lib", NULL }, false, NULL);
    assert_mapped(aliases, in_folder("build/lib/m.py"), in_folder("src/m.py"));
    assert_mapped(aliases, "build/lib/m.py", "build/lib/m.py");
    path_aliases_free(aliases);
}

static void aliases_find_files_in_archives(void **state)
{
    (void)state;
    make_file("src/lib.zip");
    struct path_aliases *aliases =
        make_aliases((const char *[]){ "src", "/ci", NULL }, false, NULL);
    assert_mapped(aliases, "/ci/lib.zip/in/m.py", in_folder("src/lib.zip/in/m.py"));
    path_aliases_free(aliases);
}

static void relative_aliases_give_relative_names(void **state)
{
    (void)state;
    make_file("src/m.py");
    struct path_aliases *aliases =
        make_aliases((const char *[]){ "src", "/ci/src", NULL }, true, NULL);
    assert_mapped(aliases, "/ci/src/m.py", "src/m.py");
    assert_mapped(aliases, in_folder("src/other.py"), "src/other.py");
    path_aliases_free(aliases);
}

static void relative_aliases_drop_a_leading_dot(void **state)
{
    (void)state;
    make_file("m.py");
    struct path_aliases *aliases = make_aliases((const char *[]){ ".", "/ci", NULL }, true, NULL);
    assert_mapped(aliases, "/ci/m.py", "m.py");
    path_aliases_free(aliases);
    aliases = make_aliases((const char *[]){ "./src", "/ci", NULL }, true, NULL);
    make_file("src/m.py");
    assert_mapped(aliases, "/ci/m.py", "./src/m.py");
    path_aliases_free(aliases);
}

static void relative_aliases_learn_the_first_folder(void **state)
{
    (void)state;
    make_file("lib/m.py");
    struct path_aliases *aliases = make_aliases((const char *[]){ "unused", NULL }, true, NULL);
    assert_mapped(aliases, "D:\\proj\\lib\\m.py", "D:\\proj\\lib\\m.py");
    assert_mapped(aliases, "lib/m.py", "lib/m.py");
    assert_mapped(aliases, "D:\\proj\\lib\\m.py", "lib/m.py");
    assert_mapped(aliases, "/other/place/lib/m.py", "lib/m.py");
    path_aliases_free(aliases);
}

static void aliases_refuse_a_pattern_that_ends_with_a_star(void **state)
{
    (void)state;
    struct error error = { 0 };
    assert_null(make_aliases((const char *[]){ "src", "/ci/*/", NULL }, false, &error));
    assert_int_equal(error.code, ERROR_CONFIG);
    assert_string_equal(error.text, "[paths] source: '/ci/*/' must not end with a wildcard");
}

static void aliases_refuse_a_wildcard_in_what_they_map_to(void **state)
{
    (void)state;
    for (const char *const *each = (const char *const[]){ "src/*", "s?c", NULL }; *each; each++) {
        struct error error = { 0 };
        assert_null(make_aliases((const char *[]){ *each, "/ci/src", NULL }, false, &error));
        assert_int_equal(error.code, ERROR_CONFIG);
        assert_non_null(strstr(error.text, *each));
        assert_non_null(strstr(error.text, "[paths] source: "));
    }
}

static void aliases_take_a_wildcard_that_stands_alone(void **state)
{
    (void)state;
    struct error error = { 0 };
    struct path_aliases *aliases = make_aliases((const char *[]){ "src/*", NULL }, false, &error);
    assert_non_null(aliases);
    path_aliases_free(aliases);
}

static void aliases_refuse_a_wrong_glob(void **state)
{
    (void)state;
    struct error error = { 0 };
    assert_null(make_aliases((const char *[]){ "src", "/ci**/x", NULL }, false, &error));
    assert_int_equal(error.code, ERROR_CONFIG);
    assert_string_equal(error.text, "File pattern can't include 'ci**': '/ci**/x/'");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

static const struct CMUnitTest tests[] = {
    TEST(canonical_resolves_links),
    TEST(canonical_resolves_a_link_to_a_file),
    TEST(canonical_remembers_folders),
    TEST(canonical_keeps_parts_that_do_not_exist),
    TEST(canonical_follows_dangling_links),
    TEST(canonical_goes_up_from_the_target_of_a_link),
    TEST(canonical_goes_up_from_a_file),
    TEST(canonical_survives_a_loop_of_links),
    TEST(canonical_of_nothing_is_the_folder),
    TEST(canonical_takes_a_relative_folder),
    TEST(relative_takes_the_folder_off),
    TEST(relative_leaves_other_paths),
    TEST(glob_without_a_slash_matches_a_name_anywhere),
    TEST(glob_with_a_slash_is_made_absolute),
    TEST(glob_star_stays_within_a_component),
    TEST(glob_star_at_the_start_matches_any_prefix),
    TEST(glob_star_at_the_end_matches_a_tree),
    TEST(glob_double_star_matches_folders_or_none),
    TEST(glob_question_mark_is_one_character),
    TEST(glob_brackets_are_a_set),
    TEST(glob_other_characters_stand_for_themselves),
    TEST(glob_backslash_is_a_slash),
    TEST(glob_minds_the_case),
    TEST(glob_matches_names_that_are_not_utf8),
    TEST(glob_must_match_to_the_very_end),
    TEST(globs_match_when_any_does),
    TEST(no_globs_match_nothing),
    TEST(glob_refuses_stars_that_mean_nothing),
    TEST(glob_refuses_brackets_without_a_partner),
    TEST(glob_refuses_a_wrong_range),
    TEST(tree_has_itself_and_what_is_below),
    TEST(source_folder_needs_no_init_but_its_subfolders_do),
    TEST(source_files_have_reasonable_names),
    TEST(linked_files_are_found_and_linked_folders_are_not),
    TEST(a_folder_is_no_file),
    TEST(a_missing_source_folder_is_empty),
    TEST(aliases_map_to_a_file_that_is_here),
    TEST(aliases_leave_what_is_not_here),
    TEST(aliases_try_the_next_pattern),
    TEST(aliases_do_not_mind_the_case),
    TEST(names_of_windows_are_told),
    TEST(relative_aliases_match_each_file_of_a_folder),
    TEST(aliases_make_patterns_absolute),
    TEST(aliases_find_files_in_archives),
    TEST(relative_aliases_give_relative_names),
    TEST(relative_aliases_drop_a_leading_dot),
    TEST(relative_aliases_learn_the_first_folder),
    TEST(aliases_refuse_a_pattern_that_ends_with_a_star),
    TEST(aliases_refuse_a_wildcard_in_what_they_map_to),
    TEST(aliases_take_a_wildcard_that_stands_alone),
    TEST(aliases_refuse_a_wrong_glob),
};

UNIT_MAIN(tests)
