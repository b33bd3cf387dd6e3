/* What is removed, and where, when somebody else may change the folders meanwhile. */
#include "unit.h"
#include "unit_folder.h"

#include "collector/read/folder.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SESSION "s-00000000000000000000000000000000"

static char base[64];

static const char *below(const char *rest)
{
    static char paths[4][PATH_MAX];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_MAX, "%s/%s", base, rest);
    return path;
}

static void make_file(const char *rest)
{
    int descriptor = open(below(rest), O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(descriptor >= 0);
    close(descriptor);
}

static bool is_there(const char *rest)
{
    struct stat status;
    return lstat(below(rest), &status) == 0;
}

/* A data folder, and one of somebody else that looks like one. */
static int set_up(void **state)
{
    (void)state;
    static const char *const folders[] = {
        "data", "data/" SESSION, "data/" SESSION "/u-7", "other", "other/" SESSION, "other/u-7",
    };
    strcpy(base, "/tmp/test_folder.XXXXXX");
    if (!mkdtemp(base))
        return -1;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (mkdir(below(folders[i]), 0700) != 0)
            return -1;
    make_file("data/" SESSION "/ledger");
    make_file("data/" SESSION "/u-7/ledger");
    make_file("data/combined-1.data");
    make_file("other/" SESSION "/ledger");
    make_file("other/u-7/ledger");
    make_file("other/combined-1.data");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return unit_remove_folder(base);
}

static int remove_session(const struct folder *folder)
{
    struct string_list left = { 0 };
    struct error error = { 0 };
    int result = folder_remove_session(folder, SESSION, &left, &error);
    string_list_close(&left);
    return result;
}

static void a_session_goes_with_its_users_folders(void **state)
{
    (void)state;
    struct folder folder;
    assert_int_equal(folder_open(&folder, below("data"), NULL), 0);
    assert_int_equal(folder.sessions.count, 1);
    assert_int_equal(remove_session(&folder), 0);
    assert_false(is_there("data/" SESSION));
    folder_close(&folder);
}

static void what_was_opened_is_removed_from_whatever_has_its_name(void **state)
{
    (void)state;
    struct folder folder;
    assert_int_equal(folder_open(&folder, below("data"), NULL), 0);
    assert_int_equal(rename(below("data"), below("moved")), 0);
    assert_int_equal(symlink("other", below("data")), 0);
    assert_int_equal(remove_session(&folder), 0);
    assert_int_equal(folder_remove_combined(&folder, "combined-1.data", NULL), 0);
    folder_close(&folder);
    assert_false(is_there("moved/" SESSION));
    assert_false(is_there("moved/combined-1.data"));
    assert_true(is_there("other/" SESSION "/ledger"));
    assert_true(is_there("other/combined-1.data"));
}

static void a_link_in_the_place_of_a_session_is_not_followed(void **state)
{
    (void)state;
    struct folder folder;
    assert_int_equal(folder_open(&folder, below("data"), NULL), 0);
    assert_int_equal(rename(below("data/" SESSION), below("moved")), 0);
    assert_int_equal(symlink("../other", below("data/" SESSION)), 0);
    assert_int_equal(remove_session(&folder), -1);
    folder_close(&folder);
    assert_true(is_there("other/u-7/ledger"));
}

static void a_link_in_the_place_of_a_users_folder_is_left(void **state)
{
    (void)state;
    struct folder folder;
    assert_int_equal(unlink(below("data/" SESSION "/u-7/ledger")), 0);
    assert_int_equal(rmdir(below("data/" SESSION "/u-7")), 0);
    assert_int_equal(symlink("../../other/u-7", below("data/" SESSION "/u-7")), 0);
    assert_int_equal(folder_open(&folder, below("data"), NULL), 0);
    assert_int_equal(remove_session(&folder), 0);
    folder_close(&folder);
    assert_true(is_there("other/u-7/ledger"));
    assert_true(is_there("data/" SESSION "/u-7"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_session_goes_with_its_users_folders, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_was_opened_is_removed_from_whatever_has_its_name, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_link_in_the_place_of_a_session_is_not_followed, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_link_in_the_place_of_a_users_folder_is_left, set_up,
                                    tear_down),
};

UNIT_MAIN(tests)
