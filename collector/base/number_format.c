/*
 * glibc's printf and strtod round correctly from the exact binary value, as Python does.
 */
#include "collector/base/number_format.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With so many decimals a number with a point has room in a text in any case. */
#define PRECISION_PLAIN 10

/* The shortest digits that read back as `value`, and the exponent of the first of them. */
static int find_digits(char digits[20], double value)
{
    char text[40];
    /* Whatever has no more than fifteen digits is the first fifteen of the number, and zeros; but
     * of those that are not normalized. */
    for (int precision = value < DBL_MIN ? 0 : 14; precision <= 16; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    char *exponent = strchr(text, 'e');
    size_t count = 0;
    for (const char *c = text; c < exponent; c++)
        if (*c >= '0' && *c <= '9' && count < 19)
            digits[count++] = *c;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    digits[count] = '\0';
    return atoi(exponent + 1);
}

size_t number_format_count(char text[NUMBER_COUNT_SIZE], unsigned long long value)
{
    char digits[NUMBER_COUNT_SIZE];
    size_t at = sizeof digits;
    digits[--at] = '\0';
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    memcpy(text, digits + at, sizeof digits - at);
    return sizeof digits - at - 1;
}

/* `value`, a point and `zeros` zeros, or none of these; there must be room. */
static void format_whole(char text[NUMBER_TEXT_SIZE], unsigned long long value, int zeros)
{
    text += number_format_count(text, value);
    if (zeros > 0)
        *text++ = '.';
    for (int i = 0; i < zeros; i++)
        *text++ = '0';
    *text = '\0';
}

/* Whole, and so small that every digit of it is its own? */
static bool is_whole(double value)
{
    return value >= 0 && value < 1e15 && value == (double)(long long)value && !signbit(value);
}

void number_format_repr(char text[NUMBER_TEXT_SIZE], double value)
{
    if (is_whole(value)) {
        format_whole(text, (unsigned long long)value, 1);
        return;
    }
    char digits[20];
    const char *sign = signbit(value) ? "-" : "";
    int exponent = find_digits(digits, fabs(value));
    int count = (int)strlen(digits);
    if (exponent < -4 || exponent >= 16)
        snprintf(text, NUMBER_TEXT_SIZE, "%s%c%s%se%c%02d", sign, digits[0], count > 1 ? "." : "",
                 digits + 1, exponent < 0 ? '-' : '+', abs(exponent));
    else if (exponent < 0)
        snprintf(text, NUMBER_TEXT_SIZE, "%s0.%.*s%s", sign, -exponent - 1, "0000", digits);
    else if (count <= exponent + 1)
        snprintf(text, NUMBER_TEXT_SIZE, "%s%s%.*s.0", sign, digits, exponent + 1 - count,
                 "0000000000000000");
    else
        snprintf(text, NUMBER_TEXT_SIZE, "%s%.*s.%s", sign, exponent + 1, digits,
                 digits + exponent + 1);
}

double number_round(double value, int precision)
{
    char text[NUMBER_TEXT_SIZE + 320];
    if (is_whole(value))
        return value;
    snprintf(text, sizeof text, "%.*f", precision, value);
    return strtod(text, NULL);
}

double number_percent(size_t covered, size_t all)
{
    return all ? 100.0 * (double)covered / (double)all : 100.0;
}

void number_format_percent(char text[NUMBER_TEXT_SIZE], double percent, int precision)
{
    /* As most functions have it. */
    if ((percent == 0.0 || percent == 100.0) && precision <= PRECISION_PLAIN) {
        format_whole(text, percent == 0.0 ? 0 : 100, precision);
        return;
    }
    double near_zero = 1.0 / pow(10.0, precision);
    double shown;
    if (percent > 0 && percent < near_zero)
        shown = near_zero;
    else if (percent > 100.0 - near_zero && percent < 100.0)
        shown = 100.0 - near_zero;
    else
        shown = number_round(percent, precision);
    snprintf(text, NUMBER_TEXT_SIZE, "%.*f", precision, shown);
}

/* Enough digits to show the limit as it was given. */
static int limit_precision(double fail_under, int precision)
{
    if (fail_under == floor(fail_under))
        return precision;
    char digits[20];
    int exponent = find_digits(digits, fabs(fail_under));
    int places = (int)strlen(digits) - 1 - exponent;
    if (places > NUMBER_PRECISION_MAX)
        places = NUMBER_PRECISION_MAX;
    return places > precision ? places : precision;
}

bool number_is_under(double total, double fail_under, int precision)
{
    if (fail_under == 100.0 && total != 100.0)
        return true;
    return number_round(total, limit_precision(fail_under, precision)) < fail_under;
}

void number_format_under(char shown_total[NUMBER_TEXT_SIZE], char shown_limit[NUMBER_TEXT_SIZE],
                         double total, double fail_under, int precision)
{
    precision = limit_precision(fail_under, precision);
    if (fail_under == 100.0 && total != 100.0)
        number_format_percent(shown_total, total, precision);
    else
        snprintf(shown_total, NUMBER_TEXT_SIZE, "%.*f", precision, number_round(total, precision));
    snprintf(shown_limit, NUMBER_TEXT_SIZE, "%.*f", precision, fail_under);
}
