/*
 * The model's merge laws, on random models: the union is associative, commutative and idempotent.
 * Two models are equal when they are written as the same bytes.
 */
#include "unit.h"

#include "collector/model/model.h"
#include "collector/write/write_data.h"

#include <stdlib.h>

static uint32_t random_state;

static uint32_t draw(uint32_t limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % limit;
}

/* Few names, so that models have much in common. */
static void fill_randomly(struct model *model, uint32_t seed)
{
    random_state = seed;
    assert_int_equal(model_init(model), 0);
    for (uint32_t i = draw(12); i > 0; i--) {
        char text[32];
        uint32_t context, source;
        struct line_set *lines;
        snprintf(text, sizeof text, "/src/%u.py", draw(4));
        assert_int_equal(model_add_source(model, text, strlen(text), draw(2), draw(2), &source), 0);
        if (draw(2))
            model_set_hash(model, source, (uint8_t[MODEL_HASH_SIZE]){ (uint8_t)draw(4) });
        static const char *const tracers[] = { "a.A", "b.B", "c.C" };
        if (draw(3) == 0)
            assert_int_equal(model_set_tracer(model, source, tracers[draw(3)], 3), 0);
        assert_int_equal(model_add_table(model, source, 0x030c0000 + draw(2), draw(2), &lines), 0);
        assert_int_equal(line_set_add(lines, 1 + draw(200)), 0);
        snprintf(text, sizeof text, "%.*s", (int)draw(3), "ab");
        assert_int_equal(model_add_context(model, text, strlen(text), &context), 0);
        assert_int_equal(model_add_lines(model, source, context, &lines), 0);
        assert_int_equal(line_set_add(lines, 1 + draw(200)), 0);
        struct arc_set *arcs;
        if (draw(2)) {
            struct arc arc = { (int32_t)draw(9) - 4, (int32_t)draw(9) - 4 };
            assert_int_equal(model_add_arcs(model, source, context, &arcs), 0);
            assert_int_equal(arc_set_add(arcs, arc), 0);
        }
    }
    model->has_branch_data = draw(2);
    model->has_line_data = draw(2);
    for (uint32_t i = draw(4); i > 0; i--) {
        char root[16], executable[16];
        snprintf(root, sizeof root, "/r%u", draw(3));
        snprintf(executable, sizeof executable, "/p%u", draw(3));
        struct model_run run = { .start = draw(5),
                                 .processes = draw(9),
                                 .interpreters = draw(9),
                                 .with_data = draw(9),
                                 .lost = draw(9),
                                 .root = root,
                                 .executable = executable };
        run.session[0] = (uint8_t)draw(3);
        assert_int_equal(model_add_run(model, &run), 0);
        assert_int_equal(model_add_interpreter(model, draw(2), executable, strlen(executable)), 0);
    }
}

static void assert_equal_models(struct model *a, struct model *b)
{
    unsigned char *first, *second;
    size_t first_size, second_size;
    assert_int_equal(write_data_encode(a, &first, &first_size, NULL), 0);
    assert_int_equal(write_data_encode(b, &second, &second_size, NULL), 0);
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    free(first);
    free(second);
}

static void merge(struct model *to, const struct model *a, const struct model *b)
{
    assert_int_equal(model_init(to), 0);
    assert_int_equal(model_merge(to, a), 0);
    assert_int_equal(model_merge(to, b), 0);
}

#define ROUNDS 200

static void merging_is_commutative(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= ROUNDS; seed++) {
        struct model a, b, ab, ba;
        fill_randomly(&a, seed);
        fill_randomly(&b, seed + 7777);
        merge(&ab, &a, &b);
        merge(&ba, &b, &a);
        assert_equal_models(&ab, &ba);
        model_close(&a);
        model_close(&b);
        model_close(&ab);
        model_close(&ba);
    }
}

static void merging_is_associative(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= ROUNDS; seed++) {
        struct model a, b, c, ab, bc, left, right;
        fill_randomly(&a, seed);
        fill_randomly(&b, seed + 7777);
        fill_randomly(&c, seed + 9999);
        merge(&ab, &a, &b);
        merge(&left, &ab, &c);
        merge(&bc, &b, &c);
        merge(&right, &a, &bc);
        assert_equal_models(&left, &right);
        struct model *all[] = { &a, &b, &c, &ab, &bc, &left, &right };
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
            model_close(all[i]);
    }
}

static void merging_is_idempotent(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= ROUNDS; seed++) {
        struct model a, b, ab, again;
        fill_randomly(&a, seed);
        fill_randomly(&b, seed + 7777);
        merge(&ab, &a, &b);
        merge(&again, &ab, &a);
        assert_equal_models(&ab, &again);
        model_close(&a);
        model_close(&b);
        model_close(&ab);
        model_close(&again);
    }
}

static void different_models_are_written_differently(void **state)
{
    (void)state;
    struct model a, b;
    unsigned char *first, *second;
    size_t first_size, second_size;
    fill_randomly(&a, 1);
    fill_randomly(&b, 2);
    assert_int_equal(write_data_encode(&a, &first, &first_size, NULL), 0);
    assert_int_equal(write_data_encode(&b, &second, &second_size, NULL), 0);
    assert_true(first_size != second_size || memcmp(first, second, first_size) != 0);
    free(first);
    free(second);
    model_close(&a);
    model_close(&b);
}

static void one_source_is_one_path_size_and_time(void **state)
{
    (void)state;
    struct model model;
    uint32_t first, again, resized, touched;
    assert_int_equal(model_init(&model), 0);
    assert_int_equal(model_add_source(&model, "/a.py", 5, 10, 20, &first), 0);
    assert_int_equal(model_add_source(&model, "/a.py", 5, 11, 20, &resized), 0);
    assert_int_equal(model_add_source(&model, "/a.py", 5, 10, 21, &touched), 0);
    assert_int_equal(model_add_source(&model, "/a.py", 5, 10, 20, &again), 0);
    assert_int_equal(first, again);
    assert_int_equal(model.source_count, 3);
    assert_true(first != resized && first != touched && resized != touched);
    model_close(&model);
}

static void executed_lines_are_those_of_all_contexts(void **state)
{
    (void)state;
    struct model model;
    uint32_t source, context;
    struct line_set *lines, all = LINE_SET_EMPTY;
    assert_int_equal(model_init(&model), 0);
    assert_int_equal(model_add_source(&model, "/a.py", 5, 1, 1, &source), 0);
    assert_int_equal(model_add_lines(&model, source, 0, &lines), 0);
    assert_int_equal(line_set_add(lines, 3), 0);
    assert_int_equal(model_add_context(&model, "night", 5, &context), 0);
    assert_int_equal(model_add_lines(&model, source, context, &lines), 0);
    assert_int_equal(line_set_add(lines, 90), 0);
    assert_int_equal(model_source_executed(&model.sources[source], &all), 0);
    assert_int_equal(line_set_count(&all), 2);
    assert_true(line_set_has(&all, 3) && line_set_has(&all, 90));
    line_set_close(&all);
    model_close(&model);
}

static void what_was_added_is_found_again_after_sorting(void **state)
{
    (void)state;
    struct model model;
    uint32_t source, again;
    struct line_set *lines;
    assert_int_equal(model_init(&model), 0);
    for (int i = 99; i >= 0; i--) {
        char path[16];
        int length = snprintf(path, sizeof path, "/%02d.py", i);
        assert_int_equal(model_add_source(&model, path, (size_t)length, 1, 1, &source), 0);
        assert_int_equal(model_add_lines(&model, source, 0, &lines), 0);
        assert_int_equal(line_set_add(lines, (uint32_t)i + 1), 0);
    }
    assert_int_equal(model_sort(&model), 0);
    assert_string_equal(model.sources[0].path, "/00.py");
    assert_int_equal(model_add_source(&model, "/42.py", 6, 1, 1, &again), 0);
    assert_int_equal(again, 42);
    assert_int_equal(model_add_lines(&model, again, 0, &lines), 0);
    assert_true(line_set_has(lines, 43));
    assert_int_equal(model.source_count, 100);
    model_close(&model);
}

static void a_note_on_a_run_that_is_not_known_is_not_kept(void **state)
{
    (void)state;
    struct model model;
    uint8_t session[MODEL_ID_SIZE] = { 7 };
    assert_int_equal(model_init(&model), 0);
    assert_int_equal(model_add_note(&model, session, "x", 1, 1), 0);
    assert_int_equal(model.run_count, 0);
    model_close(&model);
}

static void merged_runs_have_the_notes_of_both(void **state)
{
    (void)state;
    struct model a, b;
    struct model_run run = { .session = { 7 }, .lost = 1 };
    assert_int_equal(model_init(&a), 0);
    assert_int_equal(model_init(&b), 0);
    assert_int_equal(model_add_run(&a, &run), 0);
    assert_int_equal(model_add_run(&b, &run), 0);
    assert_int_equal(model_add_note(&a, run.session, "x", 1, 1), 0);
    assert_int_equal(model_add_note(&b, run.session, "x", 1, 5), 0);
    assert_int_equal(model_add_note(&b, run.session, "y", 1, 2), 0);
    assert_int_equal(model_merge(&a, &b), 0);
    assert_int_equal(a.runs[0].note_count, 2);
    assert_int_equal(a.runs[0].notes[0].count, 5);
    assert_string_equal(a.runs[0].notes[1].reason, "y");
    model_close(&a);
    model_close(&b);
}

static void a_run_keeps_the_earlier_start_and_the_greater_counts(void **state)
{
    (void)state;
    struct model model;
    struct model_run early = { .start = 5, .processes = 1, .interpreters = 7 };
    struct model_run late = { .start = 9, .processes = 4, .interpreters = 2, .root = "/w" };
    assert_int_equal(model_init(&model), 0);
    assert_int_equal(model_add_run(&model, &late), 0);
    assert_int_equal(model_add_run(&model, &early), 0);
    assert_int_equal(model.run_count, 1);
    assert_int_equal(model.runs[0].start, 5);
    assert_int_equal(model.runs[0].processes, 4);
    assert_int_equal(model.runs[0].interpreters, 7);
    assert_string_equal(model.runs[0].root, "/w");
    model_close(&model);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(merging_is_commutative),
    cmocka_unit_test(merging_is_associative),
    cmocka_unit_test(merging_is_idempotent),
    cmocka_unit_test(different_models_are_written_differently),
    cmocka_unit_test(one_source_is_one_path_size_and_time),
    cmocka_unit_test(executed_lines_are_those_of_all_contexts),
    cmocka_unit_test(what_was_added_is_found_again_after_sorting),
    cmocka_unit_test(a_note_on_a_run_that_is_not_known_is_not_kept),
    cmocka_unit_test(merged_runs_have_the_notes_of_both),
    cmocka_unit_test(a_run_keeps_the_earlier_start_and_the_greater_counts),
};

UNIT_MAIN(tests)
