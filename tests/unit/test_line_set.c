/* Tests of collector/line_set.c. */
#include "unit.h"

#include "collector/base/line_set.h"

#include <stdlib.h>

static struct line_set make(const uint32_t *lines, size_t count)
{
    struct line_set set = LINE_SET_EMPTY;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(line_set_add(&set, lines[i]), 0);
    return set;
}

#define MAKE(...)                                                                                  \
    make((const uint32_t[]){ __VA_ARGS__ },                                                        \
         sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void check(const struct line_set *set, const uint32_t *lines, size_t count)
{
    size_t i = 0;
    for (uint32_t line = line_set_next(set, 0); line; line = line_set_next(set, line), i++) {
        assert_true(i < count);
        assert_int_equal(line, lines[i]);
    }
    assert_int_equal(i, count);
    assert_int_equal(line_set_count(set), count);
}

#define CHECK(set, ...)                                                                            \
    check(set, (const uint32_t[]){ __VA_ARGS__ },                                                  \
          sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void empty_set_has_nothing(void **state)
{
    (void)state;
    struct line_set set = LINE_SET_EMPTY;
    assert_false(line_set_has(&set, 1));
    assert_false(line_set_has_any(&set, 0, UINT32_MAX));
    assert_int_equal(line_set_count(&set), 0);
    assert_int_equal(line_set_next(&set, 0), 0);
    assert_int_equal(line_set_last(&set), 0);
    line_set_close(&set);
}

static void added_lines_are_members_in_order(void **state)
{
    (void)state;
    struct line_set set = MAKE(700, 1, 64, 63, 65, 64);
    CHECK(&set, 1, 63, 64, 65, 700);
    assert_true(line_set_has(&set, 64));
    assert_false(line_set_has(&set, 2));
    assert_false(line_set_has(&set, 100000));
    assert_int_equal(line_set_last(&set), 700);
    line_set_close(&set);
}

static void line_zero_is_never_a_member(void **state)
{
    (void)state;
    struct line_set set = LINE_SET_EMPTY;
    assert_int_equal(line_set_add(&set, 0), 0);
    assert_int_equal(line_set_add_range(&set, 0, 2), 0);
    assert_int_equal(line_set_unite_bitmap(&set, (const unsigned char *)"\x09", 1), 0);
    assert_false(line_set_has(&set, 0));
    CHECK(&set, 1, 2, 3);
    line_set_close(&set);
}

static void lines_beyond_the_limit_are_refused(void **state)
{
    (void)state;
    struct line_set set = MAKE(5);
    assert_int_equal(line_set_add(&set, LINE_SET_MAX_LINE + 1), -1);
    assert_int_equal(line_set_add(&set, UINT32_MAX), -1);
    assert_int_equal(line_set_add_range(&set, 1, UINT32_MAX), -1);
    CHECK(&set, 5);
    assert_int_equal(line_set_next(&set, UINT32_MAX), 0);
    line_set_close(&set);
}

static void range_within_a_word(void **state)
{
    (void)state;
    struct line_set set = LINE_SET_EMPTY;
    assert_int_equal(line_set_add_range(&set, 66, 68), 0);
    CHECK(&set, 66, 67, 68);
    line_set_close(&set);
}

static void range_over_words(void **state)
{
    (void)state;
    struct line_set set = LINE_SET_EMPTY;
    assert_int_equal(line_set_add_range(&set, 60, 300), 0);
    assert_int_equal(line_set_count(&set), 241);
    assert_int_equal(line_set_next(&set, 0), 60);
    assert_int_equal(line_set_last(&set), 300);
    line_set_close(&set);
}

static void range_up_to_the_end_of_a_word(void **state)
{
    (void)state;
    struct line_set set = LINE_SET_EMPTY;
    assert_int_equal(line_set_add_range(&set, 64, 127), 0);
    assert_int_equal(line_set_count(&set), 64);
    assert_false(line_set_has(&set, 63));
    assert_false(line_set_has(&set, 128));
    line_set_close(&set);
}

static void backward_range_adds_nothing(void **state)
{
    (void)state;
    struct line_set set = LINE_SET_EMPTY;
    assert_int_equal(line_set_add_range(&set, 5, 4), 0);
    assert_int_equal(line_set_add_range(&set, 0, 0), 0);
    assert_int_equal(line_set_count(&set), 0);
    line_set_close(&set);
}

static void removed_lines_are_gone(void **state)
{
    (void)state;
    struct line_set set = MAKE(1, 2, 3);
    line_set_remove(&set, 2);
    line_set_remove(&set, 9999);
    CHECK(&set, 1, 3);
    line_set_close(&set);
}

static void has_any_looks_at_both_ends(void **state)
{
    (void)state;
    struct line_set set = MAKE(64, 300);
    assert_true(line_set_has_any(&set, 64, 64));
    assert_true(line_set_has_any(&set, 1, 64));
    assert_true(line_set_has_any(&set, 65, 300));
    assert_true(line_set_has_any(&set, 299, UINT32_MAX));
    assert_true(line_set_has_any(&set, 100, 400));
    assert_false(line_set_has_any(&set, 65, 299));
    assert_false(line_set_has_any(&set, 1, 63));
    assert_false(line_set_has_any(&set, 301, UINT32_MAX));
    assert_false(line_set_has_any(&set, 64, 1));
    line_set_close(&set);
}

static void copy_is_independent(void **state)
{
    (void)state;
    struct line_set from = MAKE(1, 200);
    struct line_set to = MAKE(7);
    assert_int_equal(line_set_copy(&to, &from), 0);
    line_set_add(&from, 2);
    CHECK(&to, 1, 200);
    assert_int_equal(line_set_copy(&to, &to), 0);
    CHECK(&to, 1, 200);
    line_set_close(&from);
    line_set_close(&to);
}

static void copy_of_an_empty_set_is_empty(void **state)
{
    (void)state;
    struct line_set from = LINE_SET_EMPTY;
    struct line_set to = MAKE(7);
    assert_int_equal(line_set_copy(&to, &from), 0);
    assert_int_equal(line_set_count(&to), 0);
    line_set_close(&to);
}

static void union_has_the_lines_of_both(void **state)
{
    (void)state;
    struct line_set set = MAKE(1, 5);
    struct line_set other = MAKE(5, 900);
    assert_int_equal(line_set_unite(&set, &other), 0);
    CHECK(&set, 1, 5, 900);
    assert_int_equal(line_set_unite(&other, &set), 0);
    CHECK(&other, 1, 5, 900);
    line_set_close(&set);
    line_set_close(&other);
}

static void difference_and_intersection_of_sets_of_different_length(void **state)
{
    (void)state;
    struct line_set small = MAKE(1, 2);
    struct line_set large = MAKE(2, 3, 500);
    struct line_set set = LINE_SET_EMPTY;
    line_set_copy(&set, &large);
    line_set_subtract(&set, &small);
    CHECK(&set, 3, 500);
    line_set_copy(&set, &large);
    line_set_intersect(&set, &small);
    CHECK(&set, 2);
    line_set_copy(&set, &small);
    line_set_subtract(&set, &large);
    CHECK(&set, 1);
    line_set_copy(&set, &small);
    line_set_intersect(&set, &large);
    CHECK(&set, 2);
    line_set_close(&set);
    line_set_close(&small);
    line_set_close(&large);
}

static void equality_minds_members_only(void **state)
{
    (void)state;
    struct line_set a = MAKE(1, 2);
    struct line_set b = MAKE(1, 2, 5000);
    assert_false(line_set_equal(&a, &b));
    assert_false(line_set_equal(&b, &a));
    line_set_remove(&b, 5000);
    assert_true(line_set_equal(&a, &b));
    assert_true(line_set_equal(&b, &a));
    line_set_remove(&b, 2);
    assert_false(line_set_equal(&a, &b));
    line_set_close(&a);
    line_set_close(&b);
}

static void bitmap_may_have_any_size_and_alignment(void **state)
{
    (void)state;
    unsigned char *block = calloc(1, 14);
    assert_non_null(block);
    unsigned char *bitmap = block + 3;
    bitmap[0] = 0x03;
    bitmap[8] = 0x80;
    bitmap[10] = 0x01;
    struct line_set set = MAKE(3);
    assert_int_equal(line_set_unite_bitmap(&set, bitmap, 11), 0);
    CHECK(&set, 1, 3, 71, 80);
    free(block);
    line_set_close(&set);
}

static void empty_bitmap_adds_nothing(void **state)
{
    (void)state;
    struct line_set set = LINE_SET_EMPTY;
    assert_int_equal(line_set_unite_bitmap(&set, NULL, 0), 0);
    assert_int_equal(line_set_unite_bitmap(&set, (const unsigned char *)"\0\0\0", 3), 0);
    assert_int_equal(line_set_count(&set), 0);
    line_set_close(&set);
}

static void last_finds_the_end_behind_removed_lines(void **state)
{
    (void)state;
    struct line_set set = MAKE(3, 64, 6400);
    assert_int_equal(line_set_last(&set), 6400);
    line_set_remove(&set, 6400);
    assert_int_equal(line_set_last(&set), 64);
    line_set_close(&set);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(empty_set_has_nothing),
    cmocka_unit_test(added_lines_are_members_in_order),
    cmocka_unit_test(line_zero_is_never_a_member),
    cmocka_unit_test(lines_beyond_the_limit_are_refused),
    cmocka_unit_test(range_within_a_word),
    cmocka_unit_test(range_over_words),
    cmocka_unit_test(range_up_to_the_end_of_a_word),
    cmocka_unit_test(backward_range_adds_nothing),
    cmocka_unit_test(removed_lines_are_gone),
    cmocka_unit_test(has_any_looks_at_both_ends),
    cmocka_unit_test(copy_is_independent),
    cmocka_unit_test(copy_of_an_empty_set_is_empty),
    cmocka_unit_test(union_has_the_lines_of_both),
    cmocka_unit_test(difference_and_intersection_of_sets_of_different_length),
    cmocka_unit_test(equality_minds_members_only),
    cmocka_unit_test(bitmap_may_have_any_size_and_alignment),
    cmocka_unit_test(empty_bitmap_adds_nothing),
    cmocka_unit_test(last_finds_the_end_behind_removed_lines),
};

UNIT_MAIN(tests)
