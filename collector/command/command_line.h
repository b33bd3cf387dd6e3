/*
 * The words of a command in a setting, as Python's shlex cuts it (and so coverage.py, [run]
 * command_line): quotes and backslashes; there are no comments.
 */
#ifndef COVFORK_COMMAND_LINE_H
#define COVFORK_COMMAND_LINE_H

#include "collector/base/error.h"
#include "collector/base/string_list.h"

/* Adds the words of `text` to `words`. 0, or -1 with an ERROR_CONFIG where a quote has no end. */
int command_line_split(struct string_list *words, const char *text, struct error *error);

#endif
