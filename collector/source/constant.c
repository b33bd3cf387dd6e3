/*
 * A reader of the few expressions that can be constant. It gives up at the first thing that is not
 * part of one, so most conditions cost it one word. Recursion is as deep as parentheses are nested:
 * the tokenizer's limit.
 */
#include "collector/source/constant.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct reader {
    const char *position, *end;
};

static enum constant read_or(struct reader *reader);

static enum constant from_bool(bool value)
{
    return value ? CONSTANT_TRUE : CONSTANT_FALSE;
}

static char peek(const struct reader *reader, size_t ahead)
{
    return (size_t)(reader->end - reader->position) > ahead ? reader->position[ahead] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

static void skip_blanks(struct reader *reader)
{
    for (; reader->position < reader->end; reader->position++) {
        char c = *reader->position;
        if (c == '#') {
            const char *newline =
                memchr(reader->position, '\n', (size_t)(reader->end - reader->position));
            if (!newline)
                return;
            reader->position = newline;
        } else if (c != ' ' && c != '\t' && c != '\f' && c != '\n' && c != '\\') {
            return;
        }
    }
}

static size_t word_size(const struct reader *reader)
{
    size_t size = 0;
    while (is_word(peek(reader, size)))
        size++;
    return size;
}

/* Passes over blanks and the word, if it comes next. */
static bool take_word(struct reader *reader, const char *word)
{
    skip_blanks(reader);
    size_t size = strlen(word);
    if (word_size(reader) != size || memcmp(reader->position, word, size) != 0)
        return false;
    reader->position += size;
    return true;
}

/* Digits and underscores; is one of the digits not 0? */
static bool skip_digits(struct reader *reader, bool hexadecimal)
{
    bool found = false;
    for (;; reader->position++) {
        char c = peek(reader, 0), lower = (char)(c | 0x20);
        bool letter = hexadecimal && lower >= 'a' && lower <= 'f';
        if (letter || (is_digit(c) && c != '0'))
            found = true;
        else if (c != '0' && c != '_')
            return found;
    }
}

/* A float too small to be told from 0 passes for true. */
static enum constant read_number(struct reader *reader)
{
    char base = (char)(peek(reader, 1) | 0x20);
    if (peek(reader, 0) == '0' && (base == 'x' || base == 'o' || base == 'b')) {
        reader->position += 2;
        return from_bool(skip_digits(reader, base == 'x'));
    }
    bool found = skip_digits(reader, false);
    if (peek(reader, 0) == '.') {
        reader->position++;
        found = skip_digits(reader, false) || found;
    }
    if ((peek(reader, 0) | 0x20) == 'e') {
        size_t sign = peek(reader, 1) == '+' || peek(reader, 1) == '-';
        if (is_digit(peek(reader, 1 + sign))) {
            reader->position += 1 + sign;
            skip_digits(reader, false);
        }
    }
    if ((peek(reader, 0) | 0x20) == 'j')
        reader->position++;
    return from_bool(found);
}

/* The size of a prefix that stands right before a quote; SIZE_MAX when there is no literal. */
static size_t prefix_size(const struct reader *reader)
{
    size_t size = word_size(reader);
    return size <= 2 && is_quote(peek(reader, size)) ? size : SIZE_MAX;
}

/* One literal, its prefix included; `*filled`: it is not empty. False: not a constant one. */
static bool read_string(struct reader *reader, size_t prefix, bool *filled)
{
    bool raw = false;
    for (; prefix; prefix--, reader->position++) {
        char letter = (char)(*reader->position | 0x20);
        raw = raw || letter == 'r';
        if (letter == 'f' || letter == 't')
            return false;
    }
    char quote = peek(reader, 0);
    bool triple = peek(reader, 1) == quote && peek(reader, 2) == quote;
    for (reader->position += triple ? 3 : 1; reader->position < reader->end; reader->position++) {
        char c = *reader->position;
        if (c == quote && (!triple || (peek(reader, 1) == quote && peek(reader, 2) == quote))) {
            reader->position += triple ? 3 : 1;
            return true;
        }
        bool continued = false;
        if (c == '\\') {
            reader->position++;
            continued = !raw && peek(reader, 0) == '\n';
        }
        if (!continued)
            *filled = true;
    }
    return false;
}

static enum constant read_strings(struct reader *reader)
{
    bool filled = false;
    size_t prefix;
    while ((prefix = prefix_size(reader)) != SIZE_MAX) {
        if (!read_string(reader, prefix, &filled))
            return CONSTANT_NONE;
        skip_blanks(reader);
    }
    return from_bool(filled);
}

static enum constant read_atom(struct reader *reader)
{
    skip_blanks(reader);
    char c = peek(reader, 0);
    if (c == '(') {
        reader->position++;
        enum constant value = read_or(reader);
        skip_blanks(reader);
        if (peek(reader, 0) != ')')
            return CONSTANT_NONE;
        reader->position++;
        return value;
    }
    if (c == '.' && peek(reader, 1) == '.' && peek(reader, 2) == '.') {
        reader->position += 3;
        return CONSTANT_TRUE;
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(reader, 1))))
        return read_number(reader);
    if (prefix_size(reader) != SIZE_MAX)
        return read_strings(reader);
    if (take_word(reader, "True") || take_word(reader, "__debug__"))
        return CONSTANT_TRUE;
    if (take_word(reader, "False") || take_word(reader, "None"))
        return CONSTANT_FALSE;
    return CONSTANT_NONE;
}

static enum constant read_not(struct reader *reader)
{
    bool invert = false;
    while (take_word(reader, "not"))
        invert = !invert;
    enum constant value = read_atom(reader);
    return value == CONSTANT_NONE ? value : from_bool((value == CONSTANT_TRUE) != invert);
}

static enum constant read_and(struct reader *reader)
{
    enum constant all = read_not(reader);
    while (all != CONSTANT_NONE && take_word(reader, "and")) {
        enum constant value = read_not(reader);
        if (value != CONSTANT_TRUE)
            all = value;
    }
    return all;
}

static enum constant read_or(struct reader *reader)
{
    enum constant any = read_and(reader);
    while (any != CONSTANT_NONE && take_word(reader, "or")) {
        enum constant value = read_and(reader);
        if (value != CONSTANT_FALSE)
            any = value;
    }
    return any;
}

enum constant constant_read(const char *text, size_t size)
{
    struct reader reader = { text, text + size };
    enum constant value = read_or(&reader);
    skip_blanks(&reader);
    return reader.position == reader.end ? value : CONSTANT_NONE;
}
