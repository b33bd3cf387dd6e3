/* Numbers as text without stdio, which takes locks. Runs anywhere, in a vfork child too. */
#ifndef COVFORK_DECIMAL_H
#define COVFORK_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/* Digits of the largest number, and a NUL. */
#define DECIMAL_MAX 21

/* Writes `value` and a NUL to `to`, which has room for them. The number of digits. */
size_t decimal_put(char *to, uint64_t value);

#endif
