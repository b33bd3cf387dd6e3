/*
 * The words of a command in one text.
 */
#ifndef COVFORK_SHELL_WORDS_H
#define COVFORK_SHELL_WORDS_H

#include "collector/base/string_list.h"

#include <stddef.h>

/* The words as a shell would take them; a "…" stands for words that are not known. Caller frees;
 * NULL when memory ran out. */
char *shell_words_join(const struct string_list *words);
/* Likewise, on one line, and cut with "…" where it has more than `columns` characters. */
char *shell_words_join_short(const struct string_list *words, size_t columns);

#endif
