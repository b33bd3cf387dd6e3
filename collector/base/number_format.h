/*
 * Numbers as Python and coverage.py write them: a float's shortest repr, rounded percentages, and
 * the comparison with --fail-under.
 */
#ifndef COVFORK_NUMBER_FORMAT_H
#define COVFORK_NUMBER_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#define NUMBER_TEXT_SIZE 160
/* More digits than a double has say nothing. */
#define NUMBER_PRECISION_MAX 100

/* Room for a count of any size, and the NUL. */
#define NUMBER_COUNT_SIZE 24

/* The decimal digits of `value` and a NUL; how many digits there are. There is one a line in some
 * reports: printf takes several times as long. */
size_t number_format_count(char text[NUMBER_COUNT_SIZE], unsigned long long value);
/* repr(value) of a finite value; the shortest text that gives it back. */
void number_format_repr(char text[NUMBER_TEXT_SIZE], double value);
/* round(value, precision), 0 <= precision <= NUMBER_PRECISION_MAX. */
double number_round(double value, int precision);
/* A percentage without its sign; never "0" or "100" by rounding alone. */
void number_format_percent(char text[NUMBER_TEXT_SIZE], double percent, int precision);
/* 100.0 where there is nothing to cover. */
double number_percent(size_t covered, size_t all);
/* Is `total` below `fail_under` at the digits that either of them shows? */
bool number_is_under(double total, double fail_under, int precision);
/* The two numbers of the message that says so. */
void number_format_under(char shown_total[NUMBER_TEXT_SIZE], char shown_limit[NUMBER_TEXT_SIZE],
                         double total, double fail_under, int precision);

#endif
