/*
 * Archives as Python's zipfile makes them, and damaged ones.
 */
#include "unit.h"

#include "collector/base/zip_member.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/covfork-test-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    strcpy(strrchr(folder, '-') + 1, "XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : -1;
}

/* Makes a.zip with pack/stored.py and pack/deflated.py, behind `before`. */
static void make_archive(const char *before)
{
    char command[1024];
    snprintf(command, sizeof command,
             "cd '%s' && python3 -c 'import zipfile as z\n"
             "open(\"a.zip\", \"w\").write(\"%s\")\n"
             "a = z.ZipFile(\"a.zip\", \"a\")\n"
             "a.writestr(\"pack/stored.py\", \"x = 1\\n\")\n"
             "a.writestr(\"pack/deflated.py\", \"y = 2\\n\" * 500, z.ZIP_DEFLATED)\n"
             "a.close()'",
             folder, before);
    assert_int_equal(system(command), 0);
}

static int read_member(const char *name, unsigned char **bytes, size_t *size)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return zip_member_read(path, bytes, size);
}

static void assert_members(void)
{
    unsigned char *bytes;
    size_t size;
    assert_int_equal(read_member("a.zip/pack/stored.py", &bytes, &size), 0);
    assert_int_equal(size, 6);
    assert_memory_equal(bytes, "x = 1\n", 6);
    free(bytes);
    assert_int_equal(read_member("a.zip/pack/deflated.py", &bytes, &size), 0);
    assert_int_equal(size, 3000);
    assert_memory_equal(bytes + 2994, "y = 2\n", 6);
    free(bytes);
}

static void members_are_read(void **state)
{
    (void)state;
    make_archive("");
    assert_members();
}

static void members_of_an_archive_behind_other_bytes_are_read(void **state)
{
    (void)state;
    make_archive("#!/usr/bin/env python3\\n");
    assert_members();
}

static void what_is_not_in_an_archive_is_not_there(void **state)
{
    (void)state;
    unsigned char *bytes;
    size_t size;
    make_archive("");
    assert_int_equal(read_member("a.zip/pack/other.py", &bytes, &size), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(read_member("none/pack/other.py", &bytes, &size), -1);
    assert_int_equal(errno, ENOENT);
}

static void a_damaged_archive_is_refused_and_does_no_harm(void **state)
{
    (void)state;
    char path[256];
    static unsigned char whole[4096], changed[4096];
    make_archive("");
    snprintf(path, sizeof path, "%s/a.zip", folder);
    FILE *stream = fopen(path, "r");
    assert_non_null(stream);
    size_t length = fread(whole, 1, sizeof whole, stream);
    fclose(stream);
    assert_true(length > 100 && length < sizeof whole);
    size_t refused = 0;
    for (size_t at = 0; at < 2 * length; at++) {
        unsigned char *bytes;
        size_t size;
        memcpy(changed, whole, length);
        if (at < length)
            changed[at] ^= 0xff;
        stream = fopen(path, "w");
        assert_non_null(stream);
        fwrite(changed, 1, at < length ? length : at - length, stream);
        fclose(stream);
        if (read_member("a.zip/pack/deflated.py", &bytes, &size) != 0)
            refused++;
        else
            free(bytes);
    }
    assert_true(refused > length);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(members_are_read, set_up, tear_down),
    cmocka_unit_test_setup_teardown(members_of_an_archive_behind_other_bytes_are_read, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(what_is_not_in_an_archive_is_not_there, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_damaged_archive_is_refused_and_does_no_harm, set_up,
                                    tear_down),
};

UNIT_MAIN(tests)
