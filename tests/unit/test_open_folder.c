/* Folders by descriptor, and what root does not follow. */
#include "unit.h"
#include "unit_folder.h"

#include "open_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOMEBODY 12345

static char base[64];
static char path[PATH_MAX];

static int set_up(void **state)
{
    (void)state;
    strcpy(base, "/tmp/test_open_folder.XXXXXX");
    return mkdtemp(base) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return unit_remove_folder(base);
}

static const char *below(const char *rest)
{
    snprintf(path, sizeof path, "%s/%s", base, rest);
    return path;
}

static void make_link(const char *target, const char *name, uid_t owner)
{
    assert_int_equal(symlink(target, below(name)), 0);
    if (owner != geteuid() && lchown(path, owner, owner) != 0)
        skip(); /* only root can */
}

/* The descriptor is that of the folder `rest`. */
static void assert_is(int descriptor, const char *rest)
{
    struct stat found, wanted;
    assert_true(descriptor >= 0);
    assert_int_equal(fstat(descriptor, &found), 0);
    assert_int_equal(stat(below(rest), &wanted), 0);
    assert_int_equal(found.st_ino, wanted.st_ino);
    assert_int_equal(fcntl(descriptor, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(descriptor);
}

static void assert_refused(int descriptor, int problem)
{
    assert_int_equal(descriptor, -1);
    assert_int_equal(errno, problem);
}

static void a_folder_is_opened_by_root_and_by_others(void **state)
{
    (void)state;
    mkdir(below("a"), 0700);
    mkdir(below("a/b"), 0700);
    assert_is(open_folder_as(0, below("a/b"), false), "a/b");
    assert_is(open_folder_as(0, below("a//./b/../b/"), false), "a/b");
    assert_is(open_folder_as(SOMEBODY, below("a/b"), false), "a/b");
}

static void what_is_missing_is_made_where_that_is_asked(void **state)
{
    (void)state;
    assert_refused(open_folder_as(0, below("a/b/c"), false), ENOENT);
    assert_is(open_folder_as(0, below("a/b/c"), true), "a/b/c");
    assert_refused(open_folder_as(SOMEBODY, below("d/e"), false), ENOENT);
    assert_is(open_folder_as(SOMEBODY, below("d/e"), true), "d/e");
}

static void root_follows_its_own_link_on_the_way(void **state)
{
    (void)state;
    mkdir(below("real"), 0700);
    mkdir(below("real/s"), 0700);
    make_link("real", "link", 0);
    assert_is(open_folder_as(0, below("link/s"), false), "real/s");
    char absolute[PATH_MAX];
    strcpy(absolute, below("link"));
    make_link(absolute, "again", 0);
    assert_is(open_folder_as(0, below("again/s"), false), "real/s");
}

static void root_follows_no_link_of_another_user(void **state)
{
    (void)state;
    mkdir(below("real"), 0700);
    mkdir(below("real/s"), 0700);
    make_link("real", "link", SOMEBODY);
    assert_refused(open_folder_as(0, below("link/s"), false), ELOOP);
    assert_refused(open_folder_as(0, below("link/s"), true), ELOOP);
    assert_refused(open_folder_as(0, below("link/new"), true), ELOOP);
    assert_int_equal(access(below("real/new"), F_OK), -1);
    assert_refused(open_folder_as(0, below("link"), true), ELOOP);
}

static void another_user_is_served_as_ever(void **state)
{
    (void)state;
    mkdir(below("real"), 0700);
    mkdir(below("real/s"), 0700);
    make_link("real", "link", SOMEBODY);
    assert_is(open_folder_as(SOMEBODY, below("link/s"), false), "real/s");
    assert_is(open_folder_as(SOMEBODY, below("link"), true), "real");
}

static void the_last_part_is_no_link(void **state)
{
    (void)state;
    mkdir(below("real"), 0700);
    make_link("real", "link", geteuid());
    assert_true(open_folder_as(SOMEBODY, below("link"), false) < 0);
    assert_true(open_folder_as(0, below("link"), false) < 0);
}

static void links_that_go_round_come_to_an_end(void **state)
{
    (void)state;
    make_link("b", "a", geteuid());
    make_link("a", "b", geteuid());
    assert_refused(open_folder_as(0, below("a/x"), true), ELOOP);
}

static void a_file_is_no_folder(void **state)
{
    (void)state;
    close(creat(below("file"), 0600));
    assert_refused(open_folder_as(0, below("file/x"), true), ENOTDIR);
    assert_refused(open_folder_as(0, below("file"), false), ENOTDIR);
    assert_refused(open_folder_as(0, "relative", false), EINVAL);
}

static void the_mode_is_kept_whatever_the_umask(void **state)
{
    (void)state;
    struct stat status;
    int parent = open_folder(base, false);
    mode_t before = umask(0777);
    assert_int_equal(open_folder_make(parent, "new"), 0);
    umask(before);
    assert_int_equal(stat(below("new"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_int_equal(open_folder_make(parent, "new"), 1);
    close(parent);
}

/* In a folder of `owner`, is a file that has two names one to write to? */
static bool may_write_second_name(uid_t owner)
{
    mkdir(below("s"), 0700);
    close(creat(below("s/ledger"), 0600));
    char first[PATH_MAX];
    strcpy(first, below("s/ledger"));
    assert_int_equal(link(first, below("other")), 0);
    if (chown(below("s"), owner, owner) != 0)
        skip();
    int folder = open_folder(below("s"), false);
    int descriptor = open_folder_file(folder, "ledger", O_WRONLY | O_NOFOLLOW);
    assert_true(folder >= 0 && descriptor >= 0);
    bool may = open_folder_may_write(folder, descriptor);
    close(descriptor);
    close(folder);
    return may;
}

static void root_writes_to_no_second_name_in_another_users_folder(void **state)
{
    (void)state;
    assert_false(may_write_second_name(SOMEBODY));
}

static void in_a_folder_of_its_own_a_user_may_have_second_names(void **state)
{
    (void)state;
    assert_true(may_write_second_name(geteuid()));
}

static void only_regular_files_are_written_to(void **state)
{
    (void)state;
    int folder = open_folder("/dev", false);
    int descriptor = open_folder_file(folder, "null", O_WRONLY);
    assert_false(open_folder_may_write(folder, descriptor));
    close(descriptor);
    close(folder);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_folder_is_opened_by_root_and_by_others, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_is_missing_is_made_where_that_is_asked, set_up, tear_down),
    cmocka_unit_test_setup_teardown(root_follows_its_own_link_on_the_way, set_up, tear_down),
    cmocka_unit_test_setup_teardown(root_follows_no_link_of_another_user, set_up, tear_down),
    cmocka_unit_test_setup_teardown(another_user_is_served_as_ever, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_last_part_is_no_link, set_up, tear_down),
    cmocka_unit_test_setup_teardown(links_that_go_round_come_to_an_end, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_file_is_no_folder, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_mode_is_kept_whatever_the_umask, set_up, tear_down),
    cmocka_unit_test_setup_teardown(root_writes_to_no_second_name_in_another_users_folder, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(in_a_folder_of_its_own_a_user_may_have_second_names, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(only_regular_files_are_written_to, set_up, tear_down),
};

UNIT_MAIN(tests)
