/*
 * Analyses of an earlier report, so that the next one neither reads nor analyses what has not
 * changed: the file analysis.cache in the data folder's cache/. Only a help: what is wrong with the
 * file, or keeps it from being written, costs time and nothing else.
 *
 * An analysis is taken when the source is the same file, by device, inode, size and the times of
 * its last modification and change to the nanosecond, when its line table is the same to the bit,
 * and when the rules and this very program are the same. Nobody can set the time of a change, so
 * that it tells a content that was exchanged with its time kept. A source that was changed less
 * than two seconds before it is looked at could be changed again within a tick of the file system's
 * clock: of such ones nothing is kept.
 */
#ifndef COVFORK_ANALYSIS_CACHE_H
#define COVFORK_ANALYSIS_CACHE_H

#include "collector/source/analysis.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct analysis_cache;

/* What is in the folder `directory`, for these rules, which must stay; empty where nothing can be
 * used. NULL when memory ran out: all functions below take that as an empty cache. Caller frees. */
struct analysis_cache *analysis_cache_open(const char *directory,
                                           const struct analysis_rules *rules);
void analysis_cache_free(struct analysis_cache *cache);

/*
 * Fills `analysis`, which the caller closes, with what is known of the source; `status` is that of
 * the file now. False where there is nothing (or no memory). Any thread, also while others are
 * added.
 */
bool analysis_cache_find(const struct analysis_cache *cache, const char *path,
                         const struct stat *status, const struct line_set *table,
                         struct analysis *analysis);

/* One analysis as it is kept; NULL where it can't be: the source is too new, memory ran out.
 * `status` is from before the source was read. Any thread. The caller frees. */
void *analysis_cache_pack(const struct analysis_cache *cache, const char *path,
                          const struct stat *status, const struct line_set *table,
                          const struct analysis *analysis);
/* Keeps what analysis_cache_pack gave (may be NULL), which is taken over. */
void analysis_cache_add(struct analysis_cache *cache, void *packed);

/* Replaces the file, with its folder if need be, when something was added. Of the rest what is of
 * sources that are still as they were stays. */
void analysis_cache_save(struct analysis_cache *cache);

#endif
