/*
 * Who ran what: unions, equal sets once, and the same turned around.
 */
#include "unit.h"

#include "collector/model/process_lines.h"

static const uint8_t session[MODEL_ID_SIZE] = { 1 }, other_session[MODEL_ID_SIZE] = { 2 };

static uint32_t add_process(struct process_lines *lines, int64_t pid, uint64_t start)
{
    uint32_t process;
    assert_int_equal(process_lines_add_process(lines, session, pid, start, &process), 0);
    return process;
}

static void add_lines(struct process_lines *lines, uint32_t process, uint32_t source,
                      uint32_t first, uint32_t last)
{
    struct line_set set = LINE_SET_EMPTY;
    assert_int_equal(line_set_add_range(&set, first, last), 0);
    assert_int_equal(process_lines_add(lines, process, source, &set), 0);
    line_set_close(&set);
}

static void a_process_is_known_by_run_number_and_start(void **state)
{
    (void)state;
    struct process_lines lines;
    uint32_t other;
    process_lines_init(&lines);
    uint32_t process = add_process(&lines, 7, 100);
    assert_int_equal(add_process(&lines, 7, 100), process);
    assert_int_not_equal(add_process(&lines, 7, 101), process);
    assert_int_equal(process_lines_add_process(&lines, other_session, 7, 100, &other), 0);
    assert_int_not_equal(other, process);
    assert_int_equal(lines.count, 3);
    process_lines_close(&lines);
}

static void equal_sets_are_kept_once(void **state)
{
    (void)state;
    struct process_lines lines;
    process_lines_init(&lines);
    for (uint32_t i = 0; i < 50; i++)
        add_lines(&lines, add_process(&lines, i, i), 3, 1, 200);
    assert_int_equal(lines.set_count, 1);
    process_lines_close(&lines);
}

static void what_comes_twice_is_united(void **state)
{
    (void)state;
    struct process_lines lines;
    size_t count;
    process_lines_init(&lines);
    uint32_t process = add_process(&lines, 1, 1);
    add_lines(&lines, process, 0, 1, 4);
    add_lines(&lines, process, 0, 3, 6);
    add_lines(&lines, process, 0, 1, 2);
    const struct process_source *sources = process_lines_of(&lines, process, &count);
    assert_int_equal(count, 1);
    assert_int_equal(line_set_count(&lines.sets[sources[0].set]), 6);
    assert_int_equal(lines.processes[process].line_count, 6);
    process_lines_close(&lines);
}

static void sources_may_come_in_any_order(void **state)
{
    (void)state;
    struct process_lines lines;
    size_t count;
    process_lines_init(&lines);
    uint32_t process = add_process(&lines, 1, 1);
    for (uint32_t i = 0; i < 40; i++)
        add_lines(&lines, process, (i * 17) % 40, 1, i + 1);
    const struct process_source *sources = process_lines_of(&lines, process, &count);
    assert_int_equal(count, 40);
    for (uint32_t i = 0; i < 40; i++)
        assert_int_equal(sources[i].source, i);
    process_lines_close(&lines);
}

static void runners_are_found_by_source(void **state)
{
    (void)state;
    struct process_lines lines;
    struct source_runners runners;
    size_t count;
    process_lines_init(&lines);
    uint32_t a = add_process(&lines, 1, 1), b = add_process(&lines, 2, 2),
             c = add_process(&lines, 3, 3);
    add_lines(&lines, c, 2, 1, 5);
    add_lines(&lines, a, 2, 1, 9);
    add_lines(&lines, b, 2, 1, 5);
    add_lines(&lines, b, 0, 1, 1);
    assert_int_equal(source_runners_make(&runners, &lines), 0);
    const struct source_runner *of = source_runners_of(&runners, 2, &count);
    assert_int_equal(count, 2);
    assert_int_equal(of[0].count, 1);
    assert_int_equal(of[0].processes[0], a);
    assert_int_equal(of[1].count, 2);
    assert_int_equal(of[1].processes[0], b);
    assert_int_equal(of[1].processes[1], c);
    source_runners_of(&runners, 1, &count);
    assert_int_equal(count, 0);
    source_runners_of(&runners, 99, &count);
    assert_int_equal(count, 0);
    source_runners_close(&runners);
    process_lines_close(&lines);
}

static void nobody_ran_anything(void **state)
{
    (void)state;
    struct process_lines lines;
    struct source_runners runners;
    size_t count;
    process_lines_init(&lines);
    assert_int_equal(source_runners_make(&runners, &lines), 0);
    source_runners_of(&runners, 0, &count);
    assert_int_equal(count, 0);
    source_runners_close(&runners);
    process_lines_close(&lines);
}

static void sorting_renews_the_indexes(void **state)
{
    (void)state;
    struct process_lines lines;
    size_t count;
    process_lines_init(&lines);
    uint32_t child = add_process(&lines, 2, 20), parent = add_process(&lines, 1, 10);
    lines.processes[child].parent = parent;
    add_lines(&lines, child, 5, 1, 3);
    assert_int_equal(process_lines_sort(&lines), 0);
    assert_int_equal(lines.processes[0].pid, 1);
    assert_int_equal(lines.processes[0].parent, PROCESS_NONE);
    assert_int_equal(lines.processes[1].parent, 0);
    assert_int_equal(add_process(&lines, 2, 20), 1);
    process_lines_of(&lines, 1, &count);
    assert_int_equal(count, 1);
    process_lines_close(&lines);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_process_is_known_by_run_number_and_start),
    cmocka_unit_test(equal_sets_are_kept_once),
    cmocka_unit_test(what_comes_twice_is_united),
    cmocka_unit_test(sources_may_come_in_any_order),
    cmocka_unit_test(runners_are_found_by_source),
    cmocka_unit_test(nobody_ran_anything),
    cmocka_unit_test(sorting_renews_the_indexes),
};

UNIT_MAIN(tests)
