#include "collector/base/arc_set.h"
#include "unit.h"

static void one_that_is_added_twice_is_in_it_once(void **state)
{
    (void)state;
    struct arc_set set = ARC_SET_EMPTY;
    assert_int_equal(arc_set_add(&set, (struct arc){ 3, -1 }), 0);
    assert_int_equal(arc_set_add(&set, (struct arc){ -1, 2 }), 0);
    assert_int_equal(arc_set_add(&set, (struct arc){ 3, -1 }), 0);
    arc_set_sort(&set);
    assert_int_equal(set.count, 2);
    assert_int_equal(set.items[0].from, -1);
    assert_true(arc_set_has(&set, (struct arc){ 3, -1 }));
    assert_false(arc_set_has(&set, (struct arc){ 3, 1 }));
    arc_set_close(&set);
}

static void no_arc_is_not_added(void **state)
{
    (void)state;
    struct arc_set set = ARC_SET_EMPTY;
    assert_int_equal(arc_set_add(&set, (struct arc){ 0, 0 }), 0);
    assert_int_equal(set.count, 0);
    arc_set_close(&set);
}

static void a_set_that_sees_the_same_again_and_again_does_not_grow(void **state)
{
    (void)state;
    struct arc_set set = ARC_SET_EMPTY;
    for (int i = 0; i < 100000; i++)
        assert_int_equal(arc_set_add(&set, (struct arc){ i * 7 % 50, i % 3 + 1 }), 0);
    assert_true(set.room <= 1024);
    arc_set_sort(&set);
    assert_int_equal(set.count, 150);
    arc_set_close(&set);
}

static void those_that_leave_a_line_are_found(void **state)
{
    (void)state;
    struct arc_set set = ARC_SET_EMPTY, other = ARC_SET_EMPTY;
    for (int line = 1; line <= 5; line++) {
        assert_int_equal(arc_set_add(&set, (struct arc){ line, line + 1 }), 0);
        assert_int_equal(arc_set_add(&other, (struct arc){ line, -1 }), 0);
    }
    assert_int_equal(arc_set_unite(&set, &other), 0);
    arc_set_sort(&set);
    size_t count;
    const struct arc *arcs = arc_set_leaving(&set, 3, &count);
    assert_int_equal(count, 2);
    assert_int_equal(arcs[0].to, -1);
    assert_int_equal(arcs[1].to, 4);
    arc_set_leaving(&set, 9, &count);
    assert_int_equal(count, 0);
    arc_set_close(&set);
    arc_set_close(&other);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(one_that_is_added_twice_is_in_it_once),
    cmocka_unit_test(no_arc_is_not_added),
    cmocka_unit_test(a_set_that_sees_the_same_again_and_again_does_not_grow),
    cmocka_unit_test(those_that_leave_a_line_are_found),
};

UNIT_MAIN(tests)
