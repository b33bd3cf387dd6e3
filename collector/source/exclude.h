/*
 * Lines that match Python regular expressions, as coverage.py's `exclude_lines` and
 * `partial_branches` do: the expressions are translated from `re` to PCRE2 and searched in the
 * whole text, so that a match may span lines. Reads memory only.
 */
#ifndef COVFORK_EXCLUDE_H
#define COVFORK_EXCLUDE_H

#include "collector/base/error.h"
#include "collector/base/line_set.h"

#include <stdbool.h>
#include <stddef.h>

/* Compiled patterns; for one thread at a time. */
struct exclude;

/*
 * Compiles `patterns` (UTF-8, Python's syntax) joined as alternatives, with re.MULTILINE. NULL and
 * an ERROR_CONFIG that names the pattern that is wrong, or an ERROR_MEMORY. Caller frees.
 *
 * Differences from Python: \N{NAME}, which scripts/helper/read_config.py replaces, and surrogates
 * are refused; dotted and dotless i are not letters of one case; global flags such as (?i) at the
 * start of any pattern hold for all of them (so did Python up to 3.10; later ones refuse them when
 * there is more than one pattern).
 */
struct exclude *exclude_new(const char *const *patterns, size_t count, struct error *error);
void exclude_free(struct exclude *exclude);

/*
 * One pattern for exclude_search, without re.MULTILINE; an empty one is found everywhere. NULL and
 * an ERROR_CONFIG that says what is wrong with it, after "PREFIX 'PATTERN': ", or an ERROR_MEMORY.
 * Freed like the others, for which it is of no use.
 */
struct exclude *exclude_new_search(const char *pattern, const char *prefix, struct error *error);
/* Does re.search find it in `text`, a label of some kind, UTF-8 or not? 0, or -1 with an
 * ERROR_CONFIG when it takes too long. */
int exclude_search(const struct exclude *exclude, const char *text, bool *found,
                   struct error *error);
/* The same for another thread: good as long as `exclude` is. NULL when memory ran out. Caller
 * frees. */
struct exclude *exclude_share(const struct exclude *exclude);
/* What searches, and its version. From one thread at a time. */
const char *exclude_engine(void);

/*
 * Adds to `lines` each line that a match touches; a match that ends behind a newline touches the
 * next line too, even behind the last one. `text` is valid UTF-8. 0, or -1 with an ERROR_SOURCE
 * that names `path` when a pattern takes too long on it, or an ERROR_MEMORY.
 */
int exclude_match(const struct exclude *exclude, const char *path, const char *text, size_t size,
                  struct line_set *lines, struct error *error);

#endif
