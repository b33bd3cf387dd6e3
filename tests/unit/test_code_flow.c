/*
 * Control flow in bytecode, on pieces of CPython 3.13's and 3.14's as its compiler makes them. A
 * piece names its instructions; an inline cache is a 0.
 */
#include "unit.h"

#include "python/code_flow.h"

enum {
    /* 3.13 */
    RESUME = 149,
    NOP = 30,
    LOAD = 83, /* LOAD_CONST */
    POP = 32,  /* POP_TOP */
    STORE = 110,
    JUMP = 79, /* JUMP_FORWARD */
    BACK = 77,
    IF_FALSE = 97,
    FOR = 72,
    END_FOR = 11,
    END_ASYNC_FOR = 10,
    SEND = 104,
    YIELD = 118,
    RETURN = 36,
    RERAISE = 102,
    RAISE = 101,
    PUSH_EXC = 33,
    EXTENDED = 71,
    /* 3.14 */
    LOAD_14 = 82,
    POP_14 = 31,
    STORE_14 = 112,
    NOT_TAKEN = 28,
    IF_FALSE_14 = 100,
    FOR_14 = 70,
    JUMP_14 = 77,
    RETURN_14 = 35,
    RAISE_14 = 104,
    RERAISE_14 = 105,
};

#define FIRST_LINE 5
#define LEAVES     (-FIRST_LINE)

#define FLOW(name, ...)                                                                            \
    static const struct {                                                                          \
        uint8_t code, argument;                                                                    \
        uint32_t line;                                                                             \
    } name##_units[] = { __VA_ARGS__ };                                                            \
    enum { name##_count = sizeof name##_units / sizeof name##_units[0] };                          \
    uint8_t name##_code[2 * name##_count];                                                         \
    uint32_t name##_lines[name##_count];                                                           \
    for (size_t i = 0; i < name##_count; i++) {                                                    \
        name##_code[2 * i] = name##_units[i].code;                                                 \
        name##_code[2 * i + 1] = name##_units[i].argument;                                         \
        name##_lines[i] = name##_units[i].line;                                                    \
    }                                                                                              \
    struct code_flow name = {                                                                      \
        .code = name##_code, .lines = name##_lines, .unit_count = name##_count, .exit = LEAVES     \
    }

static void versions_that_are_known(void **state)
{
    (void)state;
    assert_true(code_flow_choose(12));
    assert_true(code_flow_choose(15));
    assert_false(code_flow_choose(11));
    assert_false(code_flow_choose(16));
}

static void the_next_instruction_is_behind_the_caches(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { FOR, 9, 6 }, { 0, 0, 6 }, { STORE, 0, 6 });
    assert_int_equal(code_flow_next(&flow, 0), 2);
    assert_int_equal(code_flow_next(&flow, 2), 3);
}

static void a_branch_leads_to_the_line_of_its_destination(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { LOAD, 0, 6 }, { IF_FALSE, 1, 6 }, { 0, 0, 6 }, { LOAD, 0, 7 }, { RETURN, 0, 8 });
    assert_int_equal(code_flow_arrive(&flow, 6, 3), 7);
    assert_int_equal(code_flow_arrive(&flow, 6, 4), 8);
    assert_int_equal(code_flow_other_way(&flow, 1), 4);
}

static void code_of_the_same_line_is_no_destination(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { IF_FALSE, 1, 6 }, { 0, 0, 6 }, { LOAD, 0, 6 }, { RETURN, 0, 6 });
    assert_int_equal(code_flow_arrive(&flow, 6, 2), 0);
    assert_int_equal(code_flow_leave(&flow, 3), LEAVES);
}

static void jumps_without_a_line_are_followed(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { FOR, 4, 6 }, { 0, 0, 6 }, { STORE, 0, 7 }, { JUMP, 0, 0 }, { BACK, 6, 0 },
         { 0, 0, 0 }, { END_FOR, 0, 6 }, { POP, 0, 6 }, { RETURN, 0, 0 });
    assert_int_equal(code_flow_arrive(&flow, 7, 3), 6);
    assert_int_equal(code_flow_arrive(&flow, 6, 8), LEAVES);
    assert_int_equal(code_flow_other_way(&flow, 0), 8);
}

static void a_far_jump_has_its_distance_in_parts(void **state)
{
    (void)state;
    code_flow_choose(13);
    static uint8_t code[2 * 300] = { EXTENDED, 1, JUMP, 4, NOP, 0 };
    static uint32_t lines[300] = { 6, 6, 7 };
    for (size_t i = 2; i < 300; i++)
        code[2 * i] = NOP;
    lines[262] = 9;
    struct code_flow flow = { .code = code, .lines = lines, .unit_count = 300, .exit = LEAVES };
    assert_int_equal(code_flow_leave(&flow, 1), 9);
}

static void damaged_code_leads_nowhere(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { JUMP, 200, 6 }, { BACK, 200, 6 }, { BACK, 1, 0 }, { IF_FALSE, 200, 6 },
         { LOAD, 0, 6 });
    uint32_t sources[flow_count];
    assert_int_equal(code_flow_leave(&flow, 0), 0);
    assert_int_equal(code_flow_leave(&flow, 1), 0);
    assert_int_equal(code_flow_arrive(&flow, 6, 2), 0); /* jumps to itself for ever */
    assert_int_equal(code_flow_arrive(&flow, 7, 99), 0);
    assert_int_equal(code_flow_leave(&flow, 99), 0);
    assert_int_equal(code_flow_raise(&flow, 4, false), LEAVES);
    code_flow_sources(&flow, sources);
    flow.table = (const uint8_t *)"\x80\x7f\x7f";
    flow.table_size = 3;
    assert_int_equal(code_flow_raise(&flow, 4, false), LEAVES);
}

/* Units 0 to 1 have a handler at unit 3, units 3 to 5 one at unit 6. */
static const uint8_t exceptions[] = { 0x80, 2, 3, 0, 0x83, 3, 6, 1 };

#define HANDLED(name)                                                                              \
    FLOW(name, { LOAD, 0, 6 }, { RETURN, 0, 6 }, { NOP, 0, 7 }, { PUSH_EXC, 0, 0 },                \
         { LOAD, 0, 8 }, { RERAISE, 0, 8 }, { POP, 0, 0 }, { RERAISE, 1, 0 });                     \
    name.table = exceptions;                                                                       \
    name.table_size = sizeof exceptions

static void an_exception_leads_to_its_handler(void **state)
{
    (void)state;
    code_flow_choose(13);
    HANDLED(flow);
    assert_int_equal(code_flow_raise(&flow, 0, false), 8);
}

static void an_exception_without_a_handler_leaves(void **state)
{
    (void)state;
    code_flow_choose(13);
    HANDLED(flow);
    assert_int_equal(code_flow_raise(&flow, 2, false), LEAVES);
}

static void a_handler_that_raises_again_is_passed(void **state)
{
    (void)state;
    code_flow_choose(13);
    HANDLED(flow);
    assert_int_equal(code_flow_leave(&flow, 5), LEAVES);
}

static void what_is_thrown_into_a_waiting_generator_is_not_seen_to_leave(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { LOAD, 0, 6 }, { YIELD, 0, 6 }, { RESUME, 5, 6 }, { POP, 0, 6 });
    assert_int_equal(code_flow_raise(&flow, 1, false), 0);
    assert_int_equal(code_flow_raise(&flow, 3, false), LEAVES);
}

static void the_end_of_an_async_for_is_for_its_own_exception(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { SEND, 1, 6 }, { 0, 0, 6 }, { YIELD, 1, 6 }, { END_ASYNC_FOR, 0, 6 },
         { RETURN, 0, 7 });
    flow.table = (const uint8_t *)"\x80\x03\x03\x00";
    flow.table_size = 4;
    assert_int_equal(code_flow_raise(&flow, 0, true), 7);
    assert_int_equal(code_flow_raise(&flow, 0, false), LEAVES);
    assert_true(code_flow_asks(&flow, 0));
    assert_false(code_flow_asks(&flow, 2));
}

static void only_what_goes_on_comes_before(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { LOAD, 0, 6 }, { 0, 0, 6 }, { STORE, 0, 6 }, { JUMP, 0, 6 }, { RAISE, 0, 7 },
         { NOP, 0, 8 });
    assert_int_equal(code_flow_before(&flow, 2), 0);
    assert_int_equal(code_flow_before(&flow, 4), flow_count);
    assert_int_equal(code_flow_before(&flow, 5), flow_count);
    assert_int_equal(code_flow_before(&flow, 0), flow_count);
    assert_true(code_flow_falls(&flow, 0));
    assert_false(code_flow_falls(&flow, flow_count));
}

static void where_one_line_leads_to_is_told_by_arriving(void **state)
{
    (void)state;
    code_flow_choose(13);
    /* if …: a statement; another one */
    FLOW(flow, { LOAD, 0, 6 }, { IF_FALSE, 1, 6 }, { 0, 0, 6 }, { LOAD, 0, 7 }, { LOAD, 0, 8 },
         { RETURN, 0, 8 });
    uint32_t sources[flow_count];
    code_flow_sources(&flow, sources);
    assert_int_equal(sources[3], 6);
    assert_int_equal(sources[4], 0); /* from 6 and from 7 */
    assert_int_equal(sources[5], 8);
}

static void a_loops_end_is_told_by_arriving(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { FOR, 2, 6 }, { 0, 0, 6 }, { STORE, 0, 6 }, { BACK, 4, 7 }, { END_FOR, 0, 6 },
         { POP, 0, 6 }, { RETURN, 0, 8 });
    uint32_t sources[flow_count];
    code_flow_sources(&flow, sources);
    assert_int_equal(sources[2], 6);
    assert_int_equal(code_flow_other_way(&flow, 0), 6);
    assert_int_equal(sources[6], 6);
}

static void a_loops_end_that_is_reached_otherwise_too_is_not_told(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { IF_FALSE, 6, 5 }, { 0, 0, 5 }, { FOR, 2, 6 }, { 0, 0, 6 }, { STORE, 0, 6 },
         { BACK, 4, 7 }, { END_FOR, 0, 6 }, { POP, 0, 6 }, { LOAD, 0, 8 }, { RETURN, 0, 8 });
    uint32_t sources[flow_count];
    code_flow_sources(&flow, sources);
    assert_int_equal(code_flow_other_way(&flow, 0), 8);
    assert_int_equal(code_flow_other_way(&flow, 2), 8);
    assert_int_equal(sources[8], 0);
}

static void a_handler_is_told_by_its_exception_only(void **state)
{
    (void)state;
    code_flow_choose(13);
    HANDLED(flow);
    uint32_t sources[flow_count];
    code_flow_sources(&flow, sources);
    assert_int_equal(sources[3], 0);
}

static void check_follow(const struct code_flow *flow, uint32_t unit, uint32_t to,
                         const struct format_arc *wanted, size_t count)
{
    struct format_arc arcs[4];
    assert_int_equal(code_flow_follow(flow, unit, to, arcs, 4), count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(arcs[i].from, wanted[i].from);
        assert_int_equal(arcs[i].to, wanted[i].to);
    }
}

static void a_way_is_followed_to_another_line(void **state)
{
    (void)state;
    code_flow_choose(14);
    FLOW(flow, { IF_FALSE_14, 2, 6 }, { 0, 0, 6 }, { NOT_TAKEN, 0, 6 }, { LOAD_14, 0, 7 },
         { JUMP_14, 0, 6 }, { RETURN_14, 0, 6 });
    check_follow(&flow, 0, 2, &(struct format_arc){ 6, 7 }, 1);
    check_follow(&flow, 0, 4, &(struct format_arc){ 6, LEAVES }, 1);
}

static void a_way_to_another_branch_of_the_line_is_none(void **state)
{
    (void)state;
    code_flow_choose(14);
    FLOW(flow, { IF_FALSE_14, 2, 6 }, { 0, 0, 6 }, { LOAD_14, 0, 6 }, { IF_FALSE_14, 0, 6 },
         { 0, 0, 6 }, { RERAISE_14, 0, 6 });
    check_follow(&flow, 0, 2, NULL, 0);
    check_follow(&flow, 0, 5, NULL, 0);
    check_follow(&flow, 99, 2, NULL, 0);
    check_follow(&flow, 0, 99, NULL, 0);
}

static void a_loops_target_on_another_line_goes_on_to_its_body(void **state)
{
    (void)state;
    code_flow_choose(14);
    FLOW(flow, { FOR_14, 9, 7 }, { 0, 0, 7 }, { STORE_14, 0, 6 }, { LOAD_14, 0, 8 },
         { POP_14, 0, 9 });
    check_follow(&flow, 0, 2, (struct format_arc[]){ { 7, 6 }, { 6, 8 } }, 2);
}

static void a_raise_in_a_line_of_its_condition_goes_on_as_coverage_has_it(void **state)
{
    (void)state;
    code_flow_choose(14);
    FLOW(flow, { IF_FALSE_14, 2, 6 }, { 0, 0, 6 }, { LOAD_14, 0, 6 }, { RAISE_14, 1, 6 },
         { LOAD_14, 0, 7 });
    check_follow(&flow, 0, 2, &(struct format_arc){ 6, 7 }, 1);
}

static void no_more_arcs_are_given_than_there_is_room_for(void **state)
{
    (void)state;
    code_flow_choose(14);
    FLOW(flow, { FOR_14, 9, 7 }, { 0, 0, 7 }, { STORE_14, 0, 6 }, { STORE_14, 0, 5 },
         { LOAD_14, 0, 8 });
    struct format_arc arcs[2] = { { 0, 0 }, { -1, -1 } };
    assert_int_equal(code_flow_follow(&flow, 0, 2, arcs, 1), 1);
    assert_int_equal(arcs[1].from, -1);
}

static bool lingers(const struct code_flow *flow, bool back)
{
    uint32_t sources[32];
    assert_in_range(flow->unit_count, 1, 32);
    code_flow_sources(flow, sources);
    bool lingers = code_flow_lingers(flow, sources, back);
    if (lingers)
        assert_true(code_flow_jumps(flow, back) && code_flow_jumps_within_line(flow, back));
    return lingers;
}

static void a_choice_within_a_line_lingers(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { RESUME, 0, 5 }, { LOAD, 0, 6 }, { IF_FALSE, 2, 6 }, { 0, 0, 6 }, { LOAD, 0, 6 },
         { RETURN, 0, 6 }, { LOAD, 1, 6 }, { RETURN, 0, 6 });
    assert_false(code_flow_jumps(&flow, true));
    assert_true(lingers(&flow, false));
    assert_false(lingers(&flow, true));
}

static void a_choice_of_lines_does_not_linger(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { RESUME, 0, 5 }, { LOAD, 0, 6 }, { IF_FALSE, 2, 6 }, { 0, 0, 6 }, { LOAD, 0, 7 },
         { RETURN, 0, 7 }, { LOAD, 1, 8 }, { RETURN, 0, 8 });
    assert_true(code_flow_jumps(&flow, false));
    assert_false(code_flow_jumps_within_line(&flow, false));
    assert_false(lingers(&flow, false));
}

static void a_loop_within_a_line_lingers(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { RESUME, 0, 5 }, { LOAD, 0, 6 }, { FOR, 3, 6 }, { 0, 0, 6 }, { STORE, 0, 6 },
         { BACK, 5, 6 }, { 0, 0, 6 }, { END_FOR, 0, 6 }, { POP, 0, 6 }, { RETURN, 0, 7 });
    assert_true(lingers(&flow, false));
    assert_true(lingers(&flow, true));
}

static void a_loop_of_several_lines_does_not_linger(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { RESUME, 0, 5 }, { LOAD, 0, 6 }, { FOR, 3, 6 }, { 0, 0, 6 }, { STORE, 0, 7 },
         { BACK, 5, 7 }, { 0, 0, 7 }, { END_FOR, 0, 6 }, { POP, 0, 6 }, { RETURN, 0, 7 });
    assert_false(lingers(&flow, false));
}

static void code_without_jumps_does_not_linger(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { RESUME, 0, 5 }, { LOAD, 0, 6 }, { RETURN, 0, 6 });
    assert_false(code_flow_jumps(&flow, false));
    assert_false(lingers(&flow, false));
}

static void a_jump_to_what_has_no_line_does_not_linger(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { LOAD, 0, 0 }, { IF_FALSE, 1, 0 }, { 0, 0, 0 }, { LOAD, 0, 0 }, { RETURN, 0, 0 },
         { JUMP, 200, 6 });
    assert_false(lingers(&flow, false));
}

static void what_brings_no_line_event_has_no_line(void **state)
{
    (void)state;
    code_flow_choose(13);
    FLOW(flow, { LOAD, 0, 5 }, { RESUME, 0, 5 }, { LOAD, 0, 5 }, { FOR, 3, 6 }, { 0, 0, 6 },
         { STORE, 0, 6 }, { BACK, 5, 6 }, { 0, 0, 6 }, { END_FOR, 0, 6 }, { RESUME, 1, 7 },
         { RETURN, 0, 7 });
    static const uint32_t wanted[] = { 0, 0, 5, 6, 6, 6, 6, 6, 0, 0, 7 };
    code_flow_drop_silent(&flow, flow_lines);
    assert_memory_equal(flow_lines, wanted, sizeof wanted);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(versions_that_are_known),
    cmocka_unit_test(the_next_instruction_is_behind_the_caches),
    cmocka_unit_test(a_branch_leads_to_the_line_of_its_destination),
    cmocka_unit_test(code_of_the_same_line_is_no_destination),
    cmocka_unit_test(jumps_without_a_line_are_followed),
    cmocka_unit_test(a_far_jump_has_its_distance_in_parts),
    cmocka_unit_test(damaged_code_leads_nowhere),
    cmocka_unit_test(an_exception_leads_to_its_handler),
    cmocka_unit_test(an_exception_without_a_handler_leaves),
    cmocka_unit_test(a_handler_that_raises_again_is_passed),
    cmocka_unit_test(what_is_thrown_into_a_waiting_generator_is_not_seen_to_leave),
    cmocka_unit_test(the_end_of_an_async_for_is_for_its_own_exception),
    cmocka_unit_test(only_what_goes_on_comes_before),
    cmocka_unit_test(where_one_line_leads_to_is_told_by_arriving),
    cmocka_unit_test(a_loops_end_is_told_by_arriving),
    cmocka_unit_test(a_loops_end_that_is_reached_otherwise_too_is_not_told),
    cmocka_unit_test(a_handler_is_told_by_its_exception_only),
    cmocka_unit_test(a_way_is_followed_to_another_line),
    cmocka_unit_test(a_way_to_another_branch_of_the_line_is_none),
    cmocka_unit_test(a_loops_target_on_another_line_goes_on_to_its_body),
    cmocka_unit_test(a_raise_in_a_line_of_its_condition_goes_on_as_coverage_has_it),
    cmocka_unit_test(no_more_arcs_are_given_than_there_is_room_for),
    cmocka_unit_test(a_choice_within_a_line_lingers),
    cmocka_unit_test(a_choice_of_lines_does_not_linger),
    cmocka_unit_test(a_loop_within_a_line_lingers),
    cmocka_unit_test(a_loop_of_several_lines_does_not_linger),
    cmocka_unit_test(code_without_jumps_does_not_linger),
    cmocka_unit_test(a_jump_to_what_has_no_line_does_not_linger),
    cmocka_unit_test(what_brings_no_line_event_has_no_line),
};

UNIT_MAIN(tests)
