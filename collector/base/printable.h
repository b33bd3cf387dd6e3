/*
 * Text from file names, fit to be shown: what could steer a terminal, end a record or is no text
 * at all becomes "?", as in coverage.py's reports.
 */
#ifndef COVFORK_PRINTABLE_H
#define COVFORK_PRINTABLE_H

#include <stddef.h>

/* A copy of `text` in valid UTF-8 without characters that Python's str.isprintable refuses; each
 * byte that is not UTF-8 counts as one. Caller frees; NULL when memory ran out. */
char *printable_copy(const char *text);
/* Characters in UTF-8 text. */
size_t printable_count(const char *text);

#endif
