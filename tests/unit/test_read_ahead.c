/*
 * Files that a thread reads ahead: each is what it is on disk, or left to the caller.
 */
#include "unit.h"

#include "collector/read/read_ahead.h"

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT 200u

static char folder[] = "/tmp/covfork-ahead-XXXXXX";
static struct string_list names;

static void make_path(char path[256], size_t index)
{
    snprintf(path, 256, "%s/%s", folder, names.items[index]);
}

/* The content of a file tells which it is. */
static size_t make_content(char text[64], size_t index)
{
    return (size_t)snprintf(text, 64, "file %zu%*s", index, (int)(index % 17), "");
}

static int make_files(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/covfork-ahead-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    for (size_t i = 0; i < COUNT; i++) {
        char name[32], path[256], text[64];
        snprintf(name, sizeof name, "%zu.data", i);
        if (string_list_add(&names, name) != 0)
            return -1;
        make_path(path, i);
        FILE *file = fopen(path, "w");
        if (!file)
            return -1;
        fwrite(text, 1, make_content(text, i), file);
        fclose(file);
    }
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < names.count; i++) {
        char path[256];
        make_path(path, i);
        unlink(path);
    }
    string_list_close(&names);
    return rmdir(folder);
}

static void assert_content(const struct file_bytes *bytes, size_t index)
{
    char text[64];
    size_t size = make_content(text, index);
    assert_int_equal(bytes->size, size);
    assert_memory_equal(bytes->data, text, size);
}

static bool has_another_core(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 1;
}

static void files_are_read_while_the_caller_is_busy(void **state)
{
    (void)state;
    size_t read = 0;
    struct read_ahead *ahead = read_ahead_new(folder, &names);
    assert_int_equal(ahead != NULL, has_another_core());
    for (size_t i = 0; i < COUNT; i++) {
        const struct file_bytes *bytes = read_ahead_take(ahead, i);
        if (bytes)
            assert_content(bytes, i);
        read += bytes != NULL;
        if (i % 10 == 0)
            usleep(10000);
    }
    read_ahead_free(ahead);
    assert_int_equal(read > 0, has_another_core());
}

static void each_is_right_however_fast_the_caller_is(void **state)
{
    (void)state;
    for (size_t round = 0; round < 20; round++) {
        struct read_ahead *ahead = read_ahead_new(folder, &names);
        for (size_t i = round % 3; i < COUNT; i += 1 + round % 2) {
            const struct file_bytes *bytes = read_ahead_take(ahead, i);
            if (bytes)
                assert_content(bytes, i);
        }
        read_ahead_free(ahead);
    }
}

static void bytes_stay_until_the_next_are_taken(void **state)
{
    (void)state;
    struct read_ahead *ahead = read_ahead_new(folder, &names);
    for (size_t i = 0; i < 60; i++) {
        const struct file_bytes *bytes = read_ahead_take(ahead, i);
        usleep(2000);
        if (bytes)
            assert_content(bytes, i);
    }
    read_ahead_free(ahead);
}

static void what_can_not_be_read_is_the_callers(void **state)
{
    (void)state;
    char missing[256], large[256], link[256];
    make_path(missing, 40);
    make_path(large, 41);
    make_path(link, 42);
    assert_int_equal(unlink(missing), 0);
    assert_int_equal(truncate(large, 300 << 10), 0);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    struct read_ahead *ahead = read_ahead_new(folder, &names);
    for (size_t i = 0; i < COUNT; i++) {
        const struct file_bytes *bytes = read_ahead_take(ahead, i);
        if (i % 10 == 0)
            usleep(10000);
        if (i >= 40 && i <= 42)
            assert_null(bytes);
    }
    read_ahead_free(ahead);
}

static void other_tools_files_are_not_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        memcpy(strchr(names.items[i], '.'), ".json", 6);
    struct read_ahead *ahead = read_ahead_new(folder, &names);
    for (size_t i = 0; i < COUNT; i++) {
        assert_null(read_ahead_take(ahead, i));
        usleep(100);
    }
    read_ahead_free(ahead);
    for (size_t i = 0; i < COUNT; i++)
        memcpy(strchr(names.items[i], '.'), ".data", 6);
}

static void few_files_need_no_thread(void **state)
{
    (void)state;
    struct string_list few = { .items = names.items, .count = 10 };
    assert_null(read_ahead_new(folder, &few));
    assert_null(read_ahead_take(NULL, 0));
    read_ahead_free(NULL);
}

static void it_can_be_ended_at_any_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < 20; i++) {
        struct read_ahead *ahead = read_ahead_new(folder, &names);
        if (i % 2)
            read_ahead_take(ahead, i);
        read_ahead_free(ahead);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_files, remove_files)

/* clang-format off */
static const struct CMUnitTest tests[] = {
    TEST(files_are_read_while_the_caller_is_busy),
    TEST(each_is_right_however_fast_the_caller_is),
    TEST(bytes_stay_until_the_next_are_taken),
    TEST(what_can_not_be_read_is_the_callers),
    TEST(other_tools_files_are_not_read),
    TEST(few_files_need_no_thread),
    TEST(it_can_be_ended_at_any_time),
};

UNIT_MAIN(tests)
/* clang-format on */
