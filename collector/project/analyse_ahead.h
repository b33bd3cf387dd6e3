/*
 * Analyses sources one after the other, ahead of the caller on all cores that there are, so that
 * the report is written in its order while the next sources are analysed. What an earlier report
 * left is taken instead (analysis_cache.h).
 */
#ifndef COVFORK_ANALYSE_AHEAD_H
#define COVFORK_ANALYSE_AHEAD_H

#include "collector/source/analysis.h"
#include "collector/project/analysis_cache.h"
#include "collector/base/error.h"
#include "collector/project/source_file.h"

#include <stdbool.h>
#include <stddef.h>

struct analysed_source {
    int read_problem;     /* errno of what kept it from being read, or 0 */
    unsigned char *bytes; /* of the file; may be NULL where they are not needed */
    size_t size;
    bool has_analysis;
    struct analysis analysis;
    struct error problem; /* why there is no analysis, where it was read and source_file.problem
                           * does not say */
};

struct analyse_ahead;

/* `files` (that many pointers) and all else are the caller's and stay; `cache` may be NULL. NULL
 * when memory ran out. Caller frees. */
struct analyse_ahead *analyse_ahead_new(const struct source_file *const *files, size_t count,
                                        const struct analysis_rules *rules,
                                        struct analysis_cache *cache, bool needs_bytes);
/* The file `index`, to be asked for in rising order, from the thread that made it; valid until the
 * next one is asked for. */
const struct analysed_source *analyse_ahead_take(struct analyse_ahead *ahead, size_t index);
void analyse_ahead_free(struct analyse_ahead *ahead);

#endif
