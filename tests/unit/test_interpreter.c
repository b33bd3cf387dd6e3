/* Which programs are started, and which are not. Nothing is executed here. */
#include "unit.h"
#include "unit_folder.h"

#include "collector/project/interpreter.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char base[64];
static char started[PATH_MAX];
static char *old_path;
static struct string_list chosen;

/* "BASE/REST", one of a few that are there at once. */
static const char *below(const char *rest)
{
    static char paths[8][PATH_MAX];
    static size_t next;
    char *path = paths[next++ % 8];
    snprintf(path, PATH_MAX, "%s/%s", base, rest);
    return path;
}

static void make_program(const char *rest)
{
    int descriptor = open(below(rest), O_WRONLY | O_CREAT | O_EXCL, 0755);
    assert_true(descriptor >= 0);
    close(descriptor);
}

/* A PATH of folders below the base, but for those with a "." before them. */
static void set_path(const char *const *folders)
{
    char path[8 * PATH_MAX] = "";
    for (size_t i = 0; folders[i]; i++) {
        if (i)
            strcat(path, ":");
        strcat(path, folders[i][0] == '.' || !folders[i][0] ? folders[i] : below(folders[i]));
    }
    setenv("PATH", path, 1);
}

#define SET_PATH(...) set_path((const char *const[]){ __VA_ARGS__, NULL })

/* Folders outside: one, two, the data folder; the working folder with a bin. */
static int set_up(void **state)
{
    (void)state;
    strcpy(base, "/tmp/test_interpreter.XXXXXX");
    if (!mkdtemp(base) || !getcwd(started, sizeof started))
        return -1;
    static const char *const folders[] = { "one", "two", "data", "data/bin", "work", "work/bin" };
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (mkdir(below(folders[i]), 0700) != 0)
            return -1;
    old_path = strdup(getenv("PATH"));
    unsetenv("COVFORK_PYTHON");
    interpreter_option = NULL;
    return chdir(below("work"));
}

static int tear_down(void **state)
{
    (void)state;
    setenv("PATH", old_path, 1);
    free(old_path);
    string_list_close(&chosen);
    chosen = (struct string_list){ 0 };
    unsetenv("COVFORK_PYTHON");
    return chdir(started) == 0 ? unit_remove_folder(base) : -1;
}

static void assert_found(const char *name, const char *rest)
{
    struct string_list never = { 0 };
    assert_int_equal(string_list_add(&never, below("data")), 0);
    char *found = interpreter_find_program(name, &never);
    if (rest) {
        assert_non_null(found);
        assert_string_equal(found, below(rest));
    } else {
        assert_null(found);
    }
    free(found);
    string_list_close(&never);
}

static void choose(uint32_t python, const char *executable)
{
    const struct interpreter_wish wish = { python, executable };
    struct string_list never = { 0 };
    assert_int_equal(string_list_add(&never, below("data")), 0);
    assert_int_equal(interpreter_choose(&chosen, &wish, 1, &never), 0);
    string_list_close(&never);
}

static void assert_chosen(const char *const *names)
{
    size_t count = 0;
    for (; names[count]; count++) {
        assert_true(count < chosen.count);
        assert_string_equal(chosen.items[count],
                            names[count][0] == '/' ? names[count] : below(names[count]));
    }
    assert_int_equal(chosen.count, count);
}

#define ASSERT_CHOSEN(...) assert_chosen((const char *const[]){ __VA_ARGS__, NULL })

static void the_first_in_path_is_found(void **state)
{
    (void)state;
    make_program("two/python3");
    make_program("one/other");
    SET_PATH("one", "two");
    assert_found("python3", "two/python3");
    assert_found("other", "one/other");
    assert_found("missing", NULL);
    assert_found("", NULL);
}

static void nothing_below_the_working_folder_is_found(void **state)
{
    (void)state;
    make_program("work/bin/python3");
    make_program("work/python3");
    SET_PATH("work/bin", "work");
    assert_found("python3", NULL);
    make_program("one/python3");
    SET_PATH("work/bin", "work", "one");
    assert_found("python3", "one/python3");
}

static void nothing_below_the_data_folder_is_found(void **state)
{
    (void)state;
    make_program("data/bin/python3");
    SET_PATH("data/bin");
    assert_found("python3", NULL);
}

static void relative_entries_are_passed_over(void **state)
{
    (void)state;
    make_program("work/python3");
    make_program("one/python3");
    SET_PATH("", ".", "./bin", "../one");
    assert_found("python3", NULL);
}

static void links_into_the_working_folder_are_passed_over(void **state)
{
    (void)state;
    make_program("work/bin/python3");
    assert_int_equal(symlink(below("work/bin"), below("linked")), 0);
    assert_int_equal(symlink(below("work/bin/python3"), below("one/python3")), 0);
    SET_PATH("linked", "one");
    assert_found("python3", NULL);
}

static void links_out_of_the_working_folder_are_passed_over(void **state)
{
    (void)state;
    make_program("one/python3");
    assert_int_equal(symlink(below("one/python3"), below("work/bin/python3")), 0);
    SET_PATH("work/bin");
    assert_found("python3", NULL);
}

static void a_folder_whose_name_begins_alike_is_another(void **state)
{
    (void)state;
    mkdir(below("workshop"), 0700);
    make_program("workshop/python3");
    SET_PATH("workshop");
    assert_found("python3", "workshop/python3");
}

static void below_the_root_folder_all_is_as_ever(void **state)
{
    (void)state;
    make_program("one/python3");
    assert_int_equal(chdir("/"), 0);
    SET_PATH("one");
    assert_found("python3", "one/python3");
}

static void the_version_that_ran_comes_first(void **state)
{
    (void)state;
    make_program("one/python3");
    make_program("two/python3.12");
    make_program("two/python");
    SET_PATH("one", "two");
    choose(0x030c0000, below("work/bin/python"));
    ASSERT_CHOSEN("two/python3.12", "one/python3", "two/python");
}

static void the_very_program_that_ran_comes_first_where_path_has_it(void **state)
{
    (void)state;
    make_program("one/python3");
    make_program("two/python3");
    SET_PATH("one", "two");
    choose(0, below("two/python3"));
    ASSERT_CHOSEN("two/python3", "one/python3");
}

static void a_program_that_only_data_names_is_none(void **state)
{
    (void)state;
    mkdir(below("elsewhere"), 0700);
    make_program("elsewhere/python3");
    make_program("one/python3");
    SET_PATH("one");
    choose(0, below("elsewhere/python3"));
    ASSERT_CHOSEN("one/python3");
}

static void without_the_version_the_nearest_follow(void **state)
{
    (void)state;
    make_program("one/python3.9");
    make_program("one/python3.13");
    make_program("one/python3.14");
    SET_PATH("one");
    choose(0x030c0000, NULL);
    ASSERT_CHOSEN("one/python3.13", "one/python3.14", "one/python3.9");
}

static void of_a_combined_run_the_name_says_the_version(void **state)
{
    (void)state;
    make_program("one/python3.9");
    make_program("one/python3");
    SET_PATH("one");
    choose(0, "/gone/bin/python3.9");
    ASSERT_CHOSEN("one/python3.9", "one/python3");
}

static void with_nothing_in_path_there_is_none(void **state)
{
    (void)state;
    make_program("work/python3");
    SET_PATH("one", ".");
    choose(0x030c0000, below("work/python3"));
    assert_int_equal(chosen.count, 0);
}

static void what_the_user_names_is_all_there_is(void **state)
{
    (void)state;
    make_program("one/python3");
    make_program("work/bin/python3");
    SET_PATH("one");
    setenv("COVFORK_PYTHON", "bin/python3", 1);
    choose(0x030c0000, NULL);
    ASSERT_CHOSEN("work/bin/python3");
}

static void an_option_counts_more_than_the_variable(void **state)
{
    (void)state;
    setenv("COVFORK_PYTHON", "/one", 1);
    interpreter_option = "/other";
    choose(0, NULL);
    ASSERT_CHOSEN("/other");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    TEST(the_first_in_path_is_found),
    TEST(nothing_below_the_working_folder_is_found),
    TEST(nothing_below_the_data_folder_is_found),
    TEST(relative_entries_are_passed_over),
    TEST(links_into_the_working_folder_are_passed_over),
    TEST(links_out_of_the_working_folder_are_passed_over),
    TEST(a_folder_whose_name_begins_alike_is_another),
    TEST(below_the_root_folder_all_is_as_ever),
    TEST(the_version_that_ran_comes_first),
    TEST(the_very_program_that_ran_comes_first_where_path_has_it),
    TEST(a_program_that_only_data_names_is_none),
    TEST(without_the_version_the_nearest_follow),
    TEST(of_a_combined_run_the_name_says_the_version),
    TEST(with_nothing_in_path_there_is_none),
    TEST(what_the_user_names_is_all_there_is),
    TEST(an_option_counts_more_than_the_variable),
};

UNIT_MAIN(tests)
