/*
 * Numbers as Python writes them; the expected texts are Python's.
 */
#include "unit.h"

#include "collector/base/number_format.h"

static void assert_repr(double value, const char *expected)
{
    char text[NUMBER_TEXT_SIZE];
    number_format_repr(text, value);
    assert_string_equal(text, expected);
}

static void repr_is_the_shortest_text_that_reads_back(void **state)
{
    (void)state;
    assert_repr(97.22222222222223, "97.22222222222223");
    assert_repr(100.0 * 2 / 3, "66.66666666666667");
    assert_repr(0.1, "0.1");
    assert_repr(33.333333333333336, "33.333333333333336");
    assert_repr(5e-324, "5e-324");
}

static void repr_of_a_whole_number_has_a_point(void **state)
{
    (void)state;
    assert_repr(0.0, "0.0");
    assert_repr(-0.0, "-0.0");
    assert_repr(100.0, "100.0");
    assert_repr(9007199254740992.0, "9007199254740992.0");
}

static void repr_has_an_exponent_where_python_has_one(void **state)
{
    (void)state;
    assert_repr(0.0001, "0.0001");
    assert_repr(0.00012, "0.00012");
    assert_repr(0.00001, "1e-05");
    assert_repr(0.0000125, "1.25e-05");
    assert_repr(1e16, "1e+16");
    assert_repr(1.5e300, "1.5e+300");
}

static void rounding_is_of_the_exact_binary_value(void **state)
{
    (void)state;
    /* 2.675 lies below, 0.5 and 1.5 exactly between: round half to even. */
    assert_true(number_round(2.675, 2) == 2.67);
    assert_true(number_round(0.5, 0) == 0.0);
    assert_true(number_round(1.5, 0) == 2.0);
    assert_true(number_round(2.5, 0) == 2.0);
    assert_true(number_round(96.5, 0) == 96.0);
}

static void assert_percent(double percent, int precision, const char *expected)
{
    char text[NUMBER_TEXT_SIZE];
    number_format_percent(text, percent, precision);
    assert_string_equal(text, expected);
}

static void a_percentage_is_rounded(void **state)
{
    (void)state;
    assert_percent(97.22222222222223, 0, "97");
    assert_percent(97.22222222222223, 2, "97.22");
    assert_percent(49.5, 0, "50");
    assert_percent(48.5, 0, "48");
}

static void hundred_and_zero_are_shown_only_when_true(void **state)
{
    (void)state;
    assert_percent(100.0, 0, "100");
    assert_percent(99.9999, 0, "99");
    assert_percent(99.9999, 2, "99.99");
    assert_percent(0.0, 0, "0");
    assert_percent(0.0001, 0, "1");
    assert_percent(0.0001, 2, "0.01");
}

static void nothing_to_cover_is_covered(void **state)
{
    (void)state;
    assert_true(number_percent(0, 0) == 100.0);
    assert_true(number_percent(1, 4) == 25.0);
}

static void assert_under(double total, double limit, int precision, bool expected)
{
    assert_int_equal(number_is_under(total, limit, precision), expected);
}

static void the_limit_compares_with_the_rounded_total(void **state)
{
    (void)state;
    assert_under(96.6, 97, 0, false);
    assert_under(96.4, 97, 0, true);
    assert_under(96.6, 97, 1, true);
    assert_under(0.0, 0, 0, false);
}

static void a_limit_with_digits_brings_its_own_precision(void **state)
{
    (void)state;
    assert_under(97.24, 97.25, 0, true);
    assert_under(97.246, 97.25, 0, false);
}

static void a_limit_of_hundred_is_met_by_hundred_alone(void **state)
{
    (void)state;
    assert_under(99.9999, 100, 0, true);
    assert_under(100.0, 100, 0, false);
}

static void the_message_shows_the_digits_that_were_compared(void **state)
{
    (void)state;
    char total[NUMBER_TEXT_SIZE], limit[NUMBER_TEXT_SIZE];
    number_format_under(total, limit, 96.12, 97, 2);
    assert_string_equal(total, "96.12");
    assert_string_equal(limit, "97.00");
    number_format_under(total, limit, 97.2, 97.25, 0);
    assert_string_equal(total, "97.20");
    assert_string_equal(limit, "97.25");
    number_format_under(total, limit, 99.999, 100, 0);
    assert_string_equal(total, "99");
    assert_string_equal(limit, "100");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(repr_is_the_shortest_text_that_reads_back),
    cmocka_unit_test(repr_of_a_whole_number_has_a_point),
    cmocka_unit_test(repr_has_an_exponent_where_python_has_one),
    cmocka_unit_test(rounding_is_of_the_exact_binary_value),
    cmocka_unit_test(a_percentage_is_rounded),
    cmocka_unit_test(hundred_and_zero_are_shown_only_when_true),
    cmocka_unit_test(nothing_to_cover_is_covered),
    cmocka_unit_test(the_limit_compares_with_the_rounded_total),
    cmocka_unit_test(a_limit_with_digits_brings_its_own_precision),
    cmocka_unit_test(a_limit_of_hundred_is_met_by_hundred_alone),
    cmocka_unit_test(the_message_shows_the_digits_that_were_compared),
};

UNIT_MAIN(tests)
