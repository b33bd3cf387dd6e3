/* Patterns of files as coverage.py's `include` and `omit` have them. */
#ifndef COVFORK_PATH_GLOBS_H
#define COVFORK_PATH_GLOBS_H

#include "collector/base/error.h"
#include "collector/base/string_list.h"

#include <stdbool.h>

/* coverage.py's GlobMatcher over prep_patterns: patterns that start with * or ? are used as they
 * are, others are also made absolute from `directory`; one without a slash matches a file name
 * anywhere. */
struct path_globs;
/* NULL with an ERROR_CONFIG that names the pattern. Caller frees. An empty list matches nothing. */
struct path_globs *path_globs_new(const struct string_list *patterns, const char *directory,
                                  struct error *error);
bool path_globs_match(const struct path_globs *globs, const char *path);
void path_globs_free(struct path_globs *globs);

#endif
