/*
 * coverage.py's globs as regular expressions. Paths are bytes: each is compiled for UTF-8 and, for
 * names that are not UTF-8, for bytes. Reads memory only; one thread at a time.
 */
#ifndef COVFORK_GLOB_REGEX_H
#define COVFORK_GLOB_REGEX_H

#include "collector/base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* For pcre2.h, wherever it is included. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct glob_regex {
    pcre2_code *utf;   /* NULL when the pattern is not UTF-8 */
    pcre2_code *bytes; /* for subjects that are not UTF-8 */
    pcre2_match_data *match;
};

/* Compiles the regular expression `text`, anchored at its start. 0, or a PCRE2 error number. */
int glob_regex_init(struct glob_regex *regex, const char *text, uint32_t options);
void glob_regex_close(struct glob_regex *regex);
/* Bytes at the start of `subject` that match, or -1. */
ssize_t glob_regex_match(const struct glob_regex *regex, const char *subject);

/* The regular expression for one glob; NULL with an ERROR_CONFIG that names it. Caller frees. */
char *glob_regex_translate(const char *glob, struct error *error);
/* Says what glob_regex_init returned for `glob`. -1. */
int glob_regex_error(int number, const char *glob, struct error *error);
/* What stands for itself in a regular expression. */
bool glob_regex_is_word(char c);

#endif
