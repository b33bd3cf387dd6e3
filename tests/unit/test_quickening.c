/* What is learned of quickened code, and done to other code. Opcodes are numbers here. */
#include "unit.h"

#include "python/quickening.h"

enum { CACHE = 0, LOAD = 124, CALL = 171, QUICK_CALL = 20, PAIR = 56, JUMP = 140, QUICK_JUMP = 40 };
enum { OTHER = 9 };

static const uint8_t before[] = {
    LOAD, 1, LOAD, 2, CALL, 3, CACHE, 0, CACHE, 0, JUMP, 4, OTHER, 5
};
static const uint8_t after[] = { PAIR, 1,     LOAD, 2,          QUICK_CALL, 3,     CACHE,
                                 0,    CACHE, 0,    QUICK_JUMP, 4,          OTHER, 5 };

static struct quickening learned(void)
{
    struct quickening known = { 0 };
    assert_true(quickening_learn(&known, before, after, sizeof before / 2));
    return known;
}

static void what_was_learned_is_done_again(void **state)
{
    (void)state;
    struct quickening known = learned();
    uint8_t units[sizeof before];
    memcpy(units, before, sizeof before);
    quickening_apply(&known, units, before, sizeof before / 2);
    assert_memory_equal(units, after, sizeof after);
}

static void a_pair_is_not_made_of_one(void **state)
{
    (void)state;
    struct quickening known = learned();
    uint8_t original[] = { LOAD, 1, CALL, 2, CACHE, 0, LOAD, 3 }, units[sizeof original];
    memcpy(units, original, sizeof original);
    quickening_apply(&known, units, original, sizeof original / 2);
    assert_int_equal(units[0], LOAD);
    assert_int_equal(units[6], LOAD);
}

static void the_second_of_a_pair_may_begin_another(void **state)
{
    (void)state;
    struct quickening known = learned();
    uint8_t original[] = { LOAD, 1, LOAD, 2, LOAD, 3 }, units[sizeof original];
    memcpy(units, original, sizeof original);
    quickening_apply(&known, units, original, sizeof original / 2);
    assert_int_equal(units[0], PAIR);
    assert_int_equal(units[2], PAIR);
    assert_int_equal(units[4], LOAD);
}

static void a_jump_is_known_before_whatever_comes(void **state)
{
    (void)state;
    struct quickening known = learned();
    uint8_t original[] = { JUMP, 1, LOAD, 2 }, units[] = { 83, 1, 83, 2 };
    quickening_apply(&known, units, original, sizeof original / 2);
    assert_int_equal(units[0], QUICK_JUMP);
    assert_int_equal(units[2], LOAD);
}

static void caches_and_arguments_stay(void **state)
{
    (void)state;
    struct quickening known = learned();
    uint8_t units[sizeof before];
    memset(units, 7, sizeof units);
    quickening_apply(&known, units, before, sizeof before / 2);
    for (size_t i = 0; i < sizeof before / 2; i++) {
        assert_int_equal(units[i * 2 + 1], 7);
        if (before[i * 2] == CACHE)
            assert_int_equal(units[i * 2], 7);
    }
}

static void nothing_is_learned_of_changed_arguments(void **state)
{
    (void)state;
    struct quickening known = { 0 };
    uint8_t changed[sizeof after];
    memcpy(changed, after, sizeof after);
    changed[1]++;
    assert_false(quickening_learn(&known, before, changed, sizeof before / 2));
}

static void nothing_is_learned_of_two_forms_of_one(void **state)
{
    (void)state;
    struct quickening known = { 0 };
    uint8_t original[] = { CALL, 1, CACHE, 0, CALL, 1, CACHE, 0 };
    uint8_t quickened[] = { QUICK_CALL, 1, CACHE, 0, QUICK_CALL + 1, 1, CACHE, 0 };
    assert_false(quickening_learn(&known, original, quickened, sizeof original / 2));
}

static void nothing_is_learned_of_a_cache_in_use(void **state)
{
    (void)state;
    struct quickening known = { 0 };
    uint8_t changed[sizeof after];
    memcpy(changed, after, sizeof after);
    changed[6] = 1;
    assert_false(quickening_learn(&known, before, changed, sizeof before / 2));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_was_learned_is_done_again),
    cmocka_unit_test(a_pair_is_not_made_of_one),
    cmocka_unit_test(the_second_of_a_pair_may_begin_another),
    cmocka_unit_test(a_jump_is_known_before_whatever_comes),
    cmocka_unit_test(caches_and_arguments_stay),
    cmocka_unit_test(nothing_is_learned_of_changed_arguments),
    cmocka_unit_test(nothing_is_learned_of_two_forms_of_one),
    cmocka_unit_test(nothing_is_learned_of_a_cache_in_use),
};

UNIT_MAIN(tests)
