/*
 * Names of pages, and what is removed from a report's folder and what never is.
 */
#include "unit.h"

#include "collector/report/html/html_folder.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char base[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(base, "/tmp/test_html_folder.XXXXXX");
    return mkdtemp(base) ? chdir(base) : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", base);
    return chdir("/") == 0 ? system(command) : -1;
}

static void put_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void expect_file(const char *name, const char *text)
{
    char have[4096];
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    size_t size = fread(have, 1, sizeof have - 1, file);
    have[size] = '\0';
    fclose(file);
    assert_string_equal(have, text);
}

static void write_file(struct html_folder *folder, const char *name, const char *text)
{
    struct error error = { 0 };
    struct html_text parts[2] = { 0 };
    html_put(&parts[0], text);
    html_put(&parts[1], "!");
    assert_int_equal(html_folder_write(folder, name, parts, 2, &error), 0);
    html_text_close(&parts[0]);
    html_text_close(&parts[1]);
}

/* A report of these files, separated by spaces. */
static void make_report(const char *path, const char *names)
{
    struct html_folder folder;
    struct error error = { 0 };
    char copy[256], *rest;
    snprintf(copy, sizeof copy, "%s", names);
    assert_int_equal(html_folder_open(&folder, path, &error), 0);
    for (char *name = strtok_r(copy, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
        write_file(&folder, name, name);
    assert_int_equal(html_folder_finish(&folder, &error), 0);
    html_folder_close(&folder);
}

static char *name_page(const char *name)
{
    struct html_folder folder;
    struct error error = { 0 };
    assert_int_equal(html_folder_open(&folder, "out", &error), 0);
    char *page = html_folder_name_page(&folder, name);
    assert_non_null(page);
    html_folder_close(&folder);
    return page;
}

static void a_page_has_its_files_name(void **state)
{
    (void)state;
    char *page = name_page("shop/cli/main.py");
    assert_memory_equal(page, "shop_cli_main.py-", 17);
    assert_string_equal(strrchr(page, '.'), ".html");
    free(page);
}

static void a_page_has_the_same_name_each_time(void **state)
{
    (void)state;
    char *first = name_page("a/b.py"), *second = name_page("a/b.py");
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void names_that_read_alike_have_two_pages(void **state)
{
    (void)state;
    char *first = name_page("a/b.py"), *second = name_page("a_b.py");
    assert_string_not_equal(first, second);
    free(first);
    free(second);
}

static void an_odd_name_makes_a_plain_page_name(void **state)
{
    (void)state;
    char *page = name_page("../\"<script>\n\xff' .py");
    assert_int_equal(strspn(page, "abcdefghijklmnopqrstuvwxyz0123456789._-"), strlen(page));
    assert_int_not_equal(page[0], '.');
    free(page);
}

static void a_long_name_makes_a_name_that_fits(void **state)
{
    (void)state;
    char name[4001];
    memset(name, 'x', 4000);
    name[4000] = '\0';
    char *page = name_page(name);
    assert_true(strlen(page) < 128);
    free(page);
}

static void a_name_is_given_once(void **state)
{
    (void)state;
    struct html_folder folder;
    struct error error = { 0 };
    assert_int_equal(html_folder_open(&folder, "out", &error), 0);
    char *first = html_folder_name_page(&folder, "a.py");
    char *second = html_folder_name_page(&folder, "a.py");
    assert_string_not_equal(first, second);
    free(first);
    free(second);
    html_folder_close(&folder);
}

static void folders_are_made(void **state)
{
    (void)state;
    make_report("one/two/three", "index.html");
    expect_file("one/two/three/index.html", "index.html!");
}

static void a_shorter_file_replaces_a_longer_one(void **state)
{
    (void)state;
    make_report("out", "index.html");
    put_file("out/index.html", "what was there before was longer");
    make_report("out", "index.html");
    expect_file("out/index.html", "index.html!");
}

static void pages_of_an_earlier_report_go(void **state)
{
    (void)state;
    make_report("out", "index.html old.html old.js");
    make_report("out", "index.html new.html");
    assert_int_not_equal(access("out/old.html", F_OK), 0);
    assert_int_not_equal(access("out/old.js", F_OK), 0);
    assert_int_equal(access("out/new.html", F_OK), 0);
}

static void files_of_others_stay(void **state)
{
    (void)state;
    make_report("out", "index.html");
    put_file("out/notes.html", "mine");
    put_file("out/notes.txt", "mine");
    make_report("out", "index.html");
    expect_file("out/notes.html", "mine");
    expect_file("out/notes.txt", "mine");
}

static void a_false_list_leads_nowhere(void **state)
{
    (void)state;
    put_file("precious.html", "mine");
    make_report("out", "index.html");
    FILE *list = fopen("out/.covfork-html", "a");
    fputs("../precious.html\n/etc/hosts.html\n.gitignore\n.covfork-html\nsub\n", list);
    fclose(list);
    assert_int_equal(mkdir("out/sub", 0700), 0);
    make_report("out", "index.html");
    expect_file("precious.html", "mine");
    assert_int_equal(access("out/.gitignore", F_OK), 0);
    assert_int_equal(access("out/sub", F_OK), 0);
}

static void a_list_of_another_program_removes_nothing(void **state)
{
    (void)state;
    assert_int_equal(mkdir("out", 0700), 0);
    put_file("out/.covfork-html", "page.html\n");
    put_file("out/page.html", "mine");
    make_report("out", "index.html");
    expect_file("out/page.html", "mine");
}

static void a_link_in_the_way_is_not_followed(void **state)
{
    (void)state;
    put_file("precious", "mine");
    assert_int_equal(mkdir("out", 0700), 0);
    assert_int_equal(symlink("../precious", "out/index.html"), 0);
    make_report("out", "index.html");
    expect_file("precious", "mine");
    expect_file("out/index.html", "index.html!");
}

static void git_ignores_the_folder(void **state)
{
    (void)state;
    make_report("out", "index.html");
    expect_file("out/.gitignore", "# Made by covfork html.\n*\n");
}

static void a_gitignore_that_is_there_stays(void **state)
{
    (void)state;
    assert_int_equal(mkdir("out", 0700), 0);
    put_file("out/.gitignore", "mine");
    make_report("out", "index.html");
    expect_file("out/.gitignore", "mine");
}

static void a_folder_that_can_not_be_made_is_named(void **state)
{
    (void)state;
    struct html_folder folder;
    struct error error = { 0 };
    put_file("file", "");
    assert_int_equal(html_folder_open(&folder, "file/out", &error), -1);
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_non_null(strstr(error.text, "file/out"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    TEST(a_page_has_its_files_name),
    TEST(a_page_has_the_same_name_each_time),
    TEST(names_that_read_alike_have_two_pages),
    TEST(an_odd_name_makes_a_plain_page_name),
    TEST(a_long_name_makes_a_name_that_fits),
    TEST(a_name_is_given_once),
    TEST(folders_are_made),
    TEST(a_shorter_file_replaces_a_longer_one),
    TEST(pages_of_an_earlier_report_go),
    TEST(files_of_others_stay),
    TEST(a_false_list_leads_nowhere),
    TEST(a_list_of_another_program_removes_nothing),
    TEST(a_link_in_the_way_is_not_followed),
    TEST(git_ignores_the_folder),
    TEST(a_gitignore_that_is_there_stays),
    TEST(a_folder_that_can_not_be_made_is_named),
};

UNIT_MAIN(tests)
