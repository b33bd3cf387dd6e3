/*
 * Which characters are printable is PCRE2's to say, from its tables of Unicode.
 */
#include "collector/base/printable.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

size_t printable_count(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* Python's str.isprintable, by Unicode's categories. */
static bool replace_unprintable(char *text)
{
    bool plain = true;
    for (const char *c = text; plain && *c; c++)
        plain = *c >= 0x20 && *c < 0x7f;
    if (plain)
        return true;
    int code;
    PCRE2_SIZE where;
    pcre2_code *pattern =
        pcre2_compile((PCRE2_SPTR) "(?! )[\\p{C}\\p{Z}]", PCRE2_ZERO_TERMINATED,
                      PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF, &code, &where, NULL);
    pcre2_match_data *match = pattern ? pcre2_match_data_create(1, NULL) : NULL;
    if (!match) {
        pcre2_code_free(pattern);
        return false;
    }
    size_t length = strlen(text), offset = 0;
    while (offset < length && pcre2_match(pattern, (PCRE2_SPTR)text, length, offset,
                                          PCRE2_NO_UTF_CHECK, match, NULL) > 0) {
        const PCRE2_SIZE *span = pcre2_get_ovector_pointer(match);
        size_t end = span[1];
        text[span[0]] = '?';
        memmove(text + span[0] + 1, text + end, length - end + 1);
        length -= end - span[0] - 1;
        offset = span[0] + 1;
    }
    pcre2_match_data_free(match);
    pcre2_code_free(pattern);
    return true;
}

/* Bytes that are not UTF-8, each of which Python holds for one unprintable character. */
static void replace_invalid(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c;) {
        size_t length = *c < 0x80 ? 1 : *c >= 0xc2 && *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : 4;
        bool good = *c < 0x80 || (*c >= 0xc2 && *c < 0xf5);
        for (size_t i = 1; good && i < length; i++)
            good = (c[i] & 0xc0) == 0x80;
        if (good && length == 3)
            good = !(c[0] == 0xe0 && c[1] < 0xa0) && !(c[0] == 0xed && c[1] >= 0xa0);
        if (good && length == 4)
            good = !(c[0] == 0xf0 && c[1] < 0x90) && !(c[0] == 0xf4 && c[1] >= 0x90);
        if (!good)
            *c++ = '?';
        else
            c += length;
    }
}

char *printable_copy(const char *name)
{
    char *copy = strdup(name);
    if (!copy)
        return NULL;
    replace_invalid(copy);
    if (!replace_unprintable(copy)) {
        free(copy);
        return NULL;
    }
    return copy;
}
