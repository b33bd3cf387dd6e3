/*
 * How CPython 3.11 rewrites the instructions of code that runs often ("quickening"): most of them
 * one by one, some in pairs. Which opcode becomes which is no interface, so it is learned from a
 * piece of code before and after. Pure: bytes in, bytes out. Any time.
 *
 * Instructions are pairs of bytes, an opcode and its argument; opcode 0 is the inline cache of the
 * one before.
 */
#ifndef COVFORK_PYTHON_QUICKENING_H
#define COVFORK_PYTHON_QUICKENING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QUICKENING_PAIRS = 16 };

struct quickening {
    uint8_t forms[256]; /* 0: stays as it is */
    struct quickened_pair {
        uint8_t first, second, form; /* the first becomes `form` */
    } pairs[QUICKENING_PAIRS];
    size_t pair_count;
};

/* What `first` becomes before `second`; borrowed, NULL: no such pair is known. */
const struct quickened_pair *quickening_find_pair(const struct quickening *known, uint8_t first,
                                                  uint8_t second);

/* Adds what is to be seen in `count` units. False when `after` can't have come from `before`. */
bool quickening_learn(struct quickening *known, const uint8_t *before, const uint8_t *after,
                      size_t count);

/* Writes to `units` what quickening makes of the `count` units of `original`, which have no holes:
 * an inline cache stays as it is. */
void quickening_apply(const struct quickening *known, uint8_t *units, const uint8_t *original,
                      size_t count);

#endif
