/* A session's folder that was renamed is found through what is mapped from it. */
#include "unit.h"

#include "moved_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID "0123456789abcdef0123456789abcdef"

static char directory[] = "/tmp/covfork-unit-XXXXXX";
static char folder[PATH_MAX];
static void *mapped;

static int begin(void **state)
{
    (void)state;
    char path[PATH_MAX + 16], resolved[PATH_MAX];
    strcpy(strrchr(directory, '-') + 1, "XXXXXX");
    if (!mkdtemp(directory) || !realpath(directory, resolved))
        return -1;
    snprintf(folder, sizeof folder, "%.4000s/a b/s-" ID, resolved);
    snprintf(path, sizeof path, "%.4000s/a b", resolved);
    if (mkdir(path, 0700) != 0 || mkdir(folder, 0700) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/x.data", folder);
    int descriptor = open(path, O_RDWR | O_CREAT, 0600);
    if (descriptor < 0 || ftruncate(descriptor, 4096) != 0)
        return -1;
    mapped = mmap(NULL, 4096, PROT_READ, MAP_SHARED, descriptor, 0);
    close(descriptor);
    return mapped == MAP_FAILED ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    char command[sizeof directory + 16];
    munmap(mapped, 4096);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return system(command);
}

static void a_folder_that_was_not_moved_is_found(void **state)
{
    (void)state;
    char found[PATH_MAX];
    assert_true(moved_folder_find(getpid(), ID, found));
    assert_string_equal(found, folder);
}

static void a_folder_whose_parent_was_renamed_is_found(void **state)
{
    (void)state;
    char from[PATH_MAX], to[PATH_MAX], found[PATH_MAX];
    snprintf(from, sizeof from, "%s/a b", directory);
    snprintf(to, sizeof to, "%s/elsewhere", directory);
    assert_int_equal(rename(from, to), 0);
    assert_true(moved_folder_find(getpid(), ID, found));
    assert_non_null(strstr(found, "/elsewhere/s-" ID));
    assert_int_equal(access(found, F_OK), 0);
}

static void a_folder_that_was_removed_is_not_found(void **state)
{
    (void)state;
    char command[PATH_MAX + 16], found[PATH_MAX];
    snprintf(command, sizeof command, "rm -rf '%.4000s'", folder);
    assert_int_equal(system(command), 0);
    assert_false(moved_folder_find(getpid(), ID, found));
}

static void another_sessions_folder_is_not_taken(void **state)
{
    (void)state;
    char found[PATH_MAX];
    assert_false(moved_folder_find(getpid(), "ffffffffffffffffffffffffffffffff", found));
}

static void a_process_that_is_not_there_has_none(void **state)
{
    (void)state;
    char found[PATH_MAX];
    assert_false(moved_folder_find(999999999, ID, found));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_folder_that_was_not_moved_is_found, begin, end),
    cmocka_unit_test_setup_teardown(a_folder_whose_parent_was_renamed_is_found, begin, end),
    cmocka_unit_test_setup_teardown(a_folder_that_was_removed_is_not_found, begin, end),
    cmocka_unit_test_setup_teardown(another_sessions_folder_is_not_taken, begin, end),
    cmocka_unit_test_setup_teardown(a_process_that_is_not_there_has_none, begin, end),
};

UNIT_MAIN(tests)
