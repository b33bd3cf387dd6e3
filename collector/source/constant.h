/*
 * Conditions that are constant before a program runs, by coverage.py's rules: literals, True,
 * False, None, __debug__, and `not`, `and`, `or` of these. Reads memory only.
 */
#ifndef COVFORK_CONSTANT_H
#define COVFORK_CONSTANT_H

#include <stddef.h>

enum constant { CONSTANT_NONE, CONSTANT_FALSE, CONSTANT_TRUE };

/* `text` is the condition of an `if` or `while` that the tokenizer has accepted. What is more than
 * the above is CONSTANT_NONE; so is what Python would refuse. */
enum constant constant_read(const char *text, size_t size);

#endif
