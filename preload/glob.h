/*
 * File patterns in coverage.py's syntax, matched without a regular-expression library.
 */
#ifndef COVFORK_GLOB_H
#define COVFORK_GLOB_H

#include <stdbool.h>

/*
 * Does `pattern` match the whole of `path`? `**` + `/` stands for any folders or none, `*` and `?`
 * for anything but a slash, `[…]` for one of a set; a pattern without a slash matches a file name
 * anywhere; a backslash in it is a slash. Any time, no heap.
 */
bool glob_match(const char *pattern, const char *path);

#endif
