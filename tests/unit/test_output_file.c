/*
 * Files that appear only when they are complete.
 */
#include "unit.h"

#include "collector/base/output_file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/covfork-test-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/report", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    chmod(folder, 0700);
    unlink(path);
    return rmdir(folder);
}

static void write_old(const char *text)
{
    FILE *stream = fopen(path, "we");
    assert_non_null(stream);
    fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

static void expect_content(const char *expected)
{
    char text[64] = "";
    FILE *stream = fopen(path, "re");
    assert_non_null(stream);
    text[fread(text, 1, sizeof text - 1, stream)] = '\0';
    fclose(stream);
    assert_string_equal(text, expected);
}

static size_t count_entries(void)
{
    size_t count = 0;
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(entries);
    return count;
}

static void the_old_file_stays_until_the_new_one_is_complete(void **state)
{
    (void)state;
    struct output_file output;
    write_old("old");
    assert_int_equal(output_file_open(&output, path, NULL), 0);
    fputs("new", output.stream);
    fflush(output.stream);
    expect_content("old");
    assert_int_equal(output_file_commit(&output, NULL), 0);
    output_file_close(&output);
    expect_content("new");
    assert_int_equal(count_entries(), 1);
}

static void what_was_not_committed_leaves_nothing(void **state)
{
    (void)state;
    struct output_file output;
    assert_int_equal(output_file_open(&output, path, NULL), 0);
    fputs("new", output.stream);
    output_file_close(&output);
    assert_int_equal(count_entries(), 0);
}

static void the_mode_of_the_old_file_stays(void **state)
{
    (void)state;
    struct output_file output;
    struct stat status;
    write_old("old");
    chmod(path, 0640);
    assert_int_equal(output_file_open(&output, path, NULL), 0);
    assert_int_equal(output_file_commit(&output, NULL), 0);
    output_file_close(&output);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void a_link_stays_one(void **state)
{
    (void)state;
    struct output_file output;
    char link[80];
    struct stat status;
    write_old("old");
    snprintf(link, sizeof link, "%s/link", folder);
    assert_int_equal(symlink("report", link), 0);
    assert_int_equal(output_file_open(&output, link, NULL), 0);
    fputs("new", output.stream);
    assert_int_equal(output_file_commit(&output, NULL), 0);
    output_file_close(&output);
    assert_int_equal(lstat(link, &status), 0);
    unlink(link);
    assert_true(S_ISLNK(status.st_mode));
    expect_content("new");
}

static void what_is_no_regular_file_is_written_to_in_its_place(void **state)
{
    (void)state;
    struct output_file output;
    struct error error = { 0 };
    assert_int_equal(output_file_open(&output, "/dev/null", NULL), 0);
    fputs("new", output.stream);
    assert_int_equal(output_file_commit(&output, NULL), 0);
    output_file_close(&output);
    assert_int_equal(output_file_open(&output, "/dev/full", NULL), 0);
    fputs("new", output.stream);
    assert_int_equal(output_file_commit(&output, &error), -1);
    output_file_close(&output);
    assert_string_equal(error.text, "can't write /dev/full: No space left on device");
}

static void a_folder_is_no_file(void **state)
{
    (void)state;
    struct output_file output;
    struct error error = { 0 };
    char expected[96];
    assert_int_equal(output_file_open(&output, folder, &error), -1);
    output_file_close(&output);
    snprintf(expected, sizeof expected, "can't write %s: Is a directory", folder);
    assert_string_equal(error.text, expected);
    assert_int_equal(count_entries(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
static const struct CMUnitTest tests[] = {
    TEST(the_old_file_stays_until_the_new_one_is_complete),
    TEST(what_was_not_committed_leaves_nothing),
    TEST(the_mode_of_the_old_file_stays),
    TEST(a_link_stays_one),
    TEST(what_is_no_regular_file_is_written_to_in_its_place),
    TEST(a_folder_is_no_file),
};

UNIT_MAIN(tests)
