/*
 * What slipcover's branches are among the arcs that are possible.
 */
#include "unit.h"

#include "collector/model/syntax_arcs.h"

static const struct arc end = { 0, 0 };

/* Both lists end with (0, 0). */
static void fill(struct arc_set *set, const struct arc *arcs, int32_t mark)
{
    for (; arcs->from; arcs++)
        assert_int_equal(arc_set_add(set, (struct arc){ arcs->from, arcs->to + mark }), 0);
    arc_set_sort(set);
}

static void check(const struct arc *possible, const struct arc *branches, uint32_t ran,
                  const struct arc *expected)
{
    struct arc_set ways = ARC_SET_EMPTY, arcs = ARC_SET_EMPTY, wanted = ARC_SET_EMPTY;
    struct line_set executed = LINE_SET_EMPTY;
    fill(&ways, possible, 0);
    fill(&arcs, branches, SYNTAX_ARC_MARK);
    fill(&wanted, expected, 0);
    if (ran)
        assert_int_equal(line_set_add(&executed, ran), 0);
    assert_int_equal(syntax_arcs_resolve(&arcs, &ways, &executed), 0);
    assert_int_equal(arcs.count, wanted.count);
    for (size_t i = 0; i < arcs.count; i++) {
        assert_int_equal(arcs.items[i].from, wanted.items[i].from);
        assert_int_equal(arcs.items[i].to, wanted.items[i].to);
    }
    arc_set_close(&ways);
    arc_set_close(&arcs);
    arc_set_close(&wanted);
    line_set_close(&executed);
}

#define ARCS(...) ((const struct arc[]){ __VA_ARGS__, end })

static const struct arc one_if[] = { { 5, 6 }, { 5, -4 }, { 6, -4 }, { 0, 0 } };

static void a_branch_to_a_line_is_that_arc(void **state)
{
    (void)state;
    check(one_if, ARCS({ 5, 6 }), 0, ARCS({ 5, 6 }));
}

static void a_branch_out_of_the_function_is_its_exit(void **state)
{
    (void)state;
    check(one_if, ARCS({ 5, 0 }), 0, ARCS({ 5, -4 }));
    check(one_if, ARCS({ 5, 0 }, { 5, 6 }), 0, ARCS({ 5, -4 }, { 5, 6 }));
}

static void a_branch_past_the_end_of_a_class_is_its_exit(void **state)
{
    (void)state;
    check(one_if, ARCS({ 5, 30 }), 0, ARCS({ 5, -4 }));
    check(one_if, ARCS({ 5, 30 }, { 5, 6 }), 6, ARCS({ 5, -4 }, { 5, 6 }));
}

static void a_branch_to_a_decorated_definition_is_to_its_decorator(void **state)
{
    (void)state;
    check(one_if, ARCS({ 5, 8 }), 6, ARCS({ 5, 6 }));
}

static void a_loop_at_the_end_of_a_loop_goes_back(void **state)
{
    (void)state;
    const struct arc loops[] = { { 2, 3 }, { 2, -1 }, { 3, 4 }, { 3, 2 }, { 4, 3 }, { 0, 0 } };
    check(loops, ARCS({ 3, 2 }, { 2, 0 }), 0, ARCS({ 2, -1 }, { 3, 2 }));
    check(loops, ARCS({ 3, 9 }), 0, ARCS({ 3, 2 }));
}

static const struct arc cases[] = { { 40, 41 }, { 41, 42 },  { 41, 43 },  { 42, -39 },
                                    { 43, 44 }, { 43, -39 }, { 44, -39 }, { 0, 0 } };

static void a_match_leads_through_its_cases(void **state)
{
    (void)state;
    check(cases, ARCS({ 40, 42 }), 0, ARCS({ 41, 42 }));
    check(cases, ARCS({ 40, 44 }), 0, ARCS({ 41, 43 }, { 43, 44 }));
}

static void a_match_without_a_match_leads_past_all_cases(void **state)
{
    (void)state;
    check(cases, ARCS({ 40, 0 }), 0, ARCS({ 41, 43 }, { 43, -39 }));
}

static void what_is_not_possible_is_left_out(void **state)
{
    (void)state;
    check(one_if, ARCS({ 9, 12 }, { 6, 0 }), 0, (const struct arc[]){ { 6, -4 }, { 0, 0 } });
    check(one_if, ARCS({ 9, 0 }), 0, &end);
}

static void arcs_of_other_tools_stay(void **state)
{
    (void)state;
    struct arc_set arcs = ARC_SET_EMPTY, possible = ARC_SET_EMPTY;
    struct line_set executed = LINE_SET_EMPTY;
    fill(&possible, one_if, 0);
    fill(&arcs, ARCS({ 5, 0 }), SYNTAX_ARC_MARK);
    fill(&arcs, ARCS({ 7, 70 }), 0);
    assert_int_equal(syntax_arcs_resolve(&arcs, &possible, &executed), 0);
    assert_int_equal(arcs.count, 2);
    assert_true(arc_set_has(&arcs, (struct arc){ 7, 70 }));
    assert_true(arc_set_has(&arcs, (struct arc){ 5, -4 }));
    arc_set_close(&arcs);
    arc_set_close(&possible);
}

static void without_possible_arcs_branches_are_as_they_are_named(void **state)
{
    (void)state;
    check(&end, ARCS({ 5, 6 }, { 5, 0 }), 0, ARCS({ 5, 6 }));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_branch_to_a_line_is_that_arc),
    cmocka_unit_test(a_branch_out_of_the_function_is_its_exit),
    cmocka_unit_test(a_branch_past_the_end_of_a_class_is_its_exit),
    cmocka_unit_test(a_branch_to_a_decorated_definition_is_to_its_decorator),
    cmocka_unit_test(a_loop_at_the_end_of_a_loop_goes_back),
    cmocka_unit_test(a_match_leads_through_its_cases),
    cmocka_unit_test(a_match_without_a_match_leads_past_all_cases),
    cmocka_unit_test(what_is_not_possible_is_left_out),
    cmocka_unit_test(arcs_of_other_tools_stay),
    cmocka_unit_test(without_possible_arcs_branches_are_as_they_are_named),
};

UNIT_MAIN(tests)
