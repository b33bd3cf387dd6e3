/*
 * Tests of collector/analyse_ahead.c: each source's analysis is its own, in the order that is asked
 * for, whoever made it, and what an earlier one left is taken without the source being read.
 */
#include "unit.h"

#include "collector/project/analyse_ahead.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT 200u

static char folder[64];
static struct source_file files[COUNT];
static const struct source_file *pointers[COUNT];
static struct analysis_rules *rules;

/* So many lines tell which file it is. */
static uint32_t count_lines(size_t index)
{
    return 1 + (uint32_t)(index * 7 % 300);
}

static int make_files(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/covfork-ahead-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    for (size_t i = 0; i < COUNT; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%zu.py", folder, i);
        files[i] = (struct source_file){ .path = strdup(path) };
        pointers[i] = &files[i];
        FILE *file = fopen(path, "w");
        if (!files[i].path || !file)
            return -1;
        for (uint32_t line = 0; line < count_lines(i); line++)
            fprintf(file, "x%u = 1  # %s\n", line, line == i ? "pragma: no cover" : "");
        fclose(file);
        if (line_set_add_range(&files[i].table, 1, count_lines(i)) != 0)
            return -1;
    }
    rules = analysis_rules_new(analysis_default_exclude, 3, NULL);
    return rules ? 0 : -1;
}

static int remove_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        unlink(files[i].path);
        free(files[i].path);
        line_set_close(&files[i].table);
    }
    analysis_rules_free(rules);
    char path[128];
    snprintf(path, sizeof path, "%s/cache/analysis.cache", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/cache", folder);
    rmdir(path);
    return rmdir(folder);
}

static void assert_analysed(const struct analysed_source *source, size_t index)
{
    assert_int_equal(source->read_problem, 0);
    assert_true(source->has_analysis);
    assert_int_equal(source->analysis.line_count, count_lines(index));
    uint32_t excluded = index < count_lines(index) ? (uint32_t)index + 1 : 0;
    assert_int_equal(line_set_next(&source->analysis.excluded, 0), excluded);
    assert_int_equal(line_set_count(&source->analysis.statements),
                     count_lines(index) - (excluded != 0));
}

static void take_all(struct analysis_cache *cache, bool needs_bytes, bool has_bytes)
{
    struct analyse_ahead *ahead = analyse_ahead_new(pointers, COUNT, rules, cache, needs_bytes);
    assert_non_null(ahead);
    for (size_t i = 0; i < COUNT; i++) {
        const struct analysed_source *source = analyse_ahead_take(ahead, i);
        assert_analysed(source, i);
        assert_int_equal(source->bytes != NULL, has_bytes);
    }
    analyse_ahead_free(ahead);
}

static void all_are_analysed_in_their_order(void **state)
{
    (void)state;
    take_all(NULL, true, true);
}

static void they_are_analysed_while_the_caller_is_busy(void **state)
{
    (void)state;
    struct analyse_ahead *ahead = analyse_ahead_new(pointers, COUNT, rules, NULL, false);
    for (size_t i = 0; i < COUNT; i++) {
        if (i % 50 == 0)
            usleep(20000);
        assert_analysed(analyse_ahead_take(ahead, i), i);
    }
    analyse_ahead_free(ahead);
}

static void it_can_be_given_up(void **state)
{
    (void)state;
    struct analyse_ahead *ahead = analyse_ahead_new(pointers, COUNT, rules, NULL, false);
    assert_analysed(analyse_ahead_take(ahead, 0), 0);
    analyse_ahead_free(ahead);
    analyse_ahead_free(analyse_ahead_new(pointers, COUNT, rules, NULL, false));
    analyse_ahead_free(NULL);
}

static void one_file_and_none_do(void **state)
{
    (void)state;
    struct analyse_ahead *ahead = analyse_ahead_new(pointers + 5, 1, rules, NULL, false);
    assert_analysed(analyse_ahead_take(ahead, 0), 5);
    analyse_ahead_free(ahead);
    analyse_ahead_free(analyse_ahead_new(pointers, 0, rules, NULL, false));
}

static void what_can_not_be_analysed_is_said(void **state)
{
    (void)state;
    char broken_path[128], missing_path[128];
    snprintf(broken_path, sizeof broken_path, "%s/broken", folder);
    snprintf(missing_path, sizeof missing_path, "%s/missing", folder);
    FILE *file = fopen(broken_path, "w");
    assert_non_null(file);
    fputs("(\n", file);
    fclose(file);
    struct source_file broken = { .path = broken_path }, missing = { .path = missing_path },
                       tableless = files[0];
    tableless.problem = (char[]){ "why" };
    const struct source_file *odd[] = { &broken, &missing, &tableless, pointers[1] };
    struct analyse_ahead *ahead = analyse_ahead_new(odd, 4, rules, NULL, false);
    const struct analysed_source *source = analyse_ahead_take(ahead, 0);
    assert_false(source->has_analysis);
    assert_int_equal(source->read_problem, 0);
    assert_int_equal(source->problem.code, ERROR_SOURCE);
    source = analyse_ahead_take(ahead, 1);
    assert_int_equal(source->read_problem, ENOENT);
    source = analyse_ahead_take(ahead, 2);
    assert_false(source->has_analysis);
    assert_int_equal(source->read_problem, 0);
    assert_analysed(analyse_ahead_take(ahead, 3), 1);
    analyse_ahead_free(ahead);
    unlink(broken_path);
}

static struct analysis_cache *open_cache(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/cache", folder);
    struct analysis_cache *cache = analysis_cache_open(path, rules);
    assert_non_null(cache);
    return cache;
}

static void the_second_time_no_source_is_read(void **state)
{
    (void)state;
    /* Of files that are new nothing is kept. */
    sleep(3);
    struct analysis_cache *cache = open_cache();
    take_all(cache, false, true);
    analysis_cache_save(cache);
    analysis_cache_free(cache);
    cache = open_cache();
    take_all(cache, false, false);
    take_all(cache, true, true);
    analysis_cache_free(cache);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(all_are_analysed_in_their_order),
    cmocka_unit_test(they_are_analysed_while_the_caller_is_busy),
    cmocka_unit_test(it_can_be_given_up),
    cmocka_unit_test(one_file_and_none_do),
    cmocka_unit_test(what_can_not_be_analysed_is_said),
    cmocka_unit_test(the_second_time_no_source_is_read),
};

UNIT_MAIN_WITH(tests, make_files, remove_files)
