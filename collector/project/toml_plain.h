/*
 * TOML as configuration files have it, in so far as there is no doubt about it: no dates, no rare
 * notations of numbers, no rare escapes, and no table that is defined in several places. Works on
 * memory only.
 */
#ifndef COVFORK_TOML_PLAIN_H
#define COVFORK_TOML_PLAIN_H

#include <jansson.h>
#include <stddef.h>

/* The document as an object, in the order of the text; the caller frees it. NULL where the text is
 * not plain, or wrong, or memory ran out. */
json_t *toml_plain_read(const char *text, size_t size);

#endif
