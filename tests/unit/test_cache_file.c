/* Files of the cache, and where none are written. */
#include "unit.h"
#include "unit_folder.h"

#include "collector/base/cache_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char base[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(base, "/tmp/test_cache_file.XXXXXX");
    return mkdtemp(base) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return unit_remove_folder(base);
}

static const char *below(const char *rest)
{
    static char paths[4][PATH_MAX];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_MAX, "%s/%s", base, rest);
    return path;
}

static void write_file(const char *body)
{
    cache_file_write(below("cache"), below("cache/lines-1.json"), "head ", 5, body, strlen(body));
}

static void assert_content(const char *rest, const char *expected)
{
    char text[64] = "";
    FILE *stream = fopen(below(rest), "r");
    assert_non_null(stream);
    (void)!fread(text, 1, sizeof text - 1, stream);
    fclose(stream);
    assert_string_equal(text, expected);
}

static void a_file_is_made_and_replaced(void **state)
{
    (void)state;
    struct stat status;
    write_file("one");
    assert_content("cache/lines-1.json", "head one");
    write_file("another");
    assert_content("cache/lines-1.json", "head another");
    assert_int_equal(stat(below("cache/lines-1.json"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(unlink(below("cache/lines-1.json")), 0);
    assert_int_equal(rmdir(below("cache")), 0); /* nothing else is left */
}

static void nothing_is_written_behind_a_link(void **state)
{
    (void)state;
    assert_int_equal(mkdir(below("elsewhere"), 0700), 0);
    assert_int_equal(symlink("elsewhere", below("cache")), 0);
    write_file("one");
    assert_int_equal(rmdir(below("elsewhere")), 0);
}

static void nothing_is_written_in_another_users_folder(void **state)
{
    (void)state;
    assert_int_equal(mkdir(below("cache"), 0777), 0);
    if (chown(below("cache"), 12345, 12345) != 0)
        skip(); /* only root can */
    write_file("one");
    assert_int_equal(rmdir(below("cache")), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_file_is_made_and_replaced, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nothing_is_written_behind_a_link, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nothing_is_written_in_another_users_folder, set_up, tear_down),
};

UNIT_MAIN(tests)
