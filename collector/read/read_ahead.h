/*
 * Reads small data files of a folder into memory in a thread of its own, some files ahead of who
 * parses them, so that opening and reading is done on another core. What it did not read, for
 * whatever reason, the caller reads as if there were no such thread.
 */
#ifndef COVFORK_READ_AHEAD_H
#define COVFORK_READ_AHEAD_H

#include "collector/base/file_bytes.h"
#include "collector/base/string_list.h"

struct read_ahead;

/* Starts to read what `names` of `directory` lists; both stay as they are until read_ahead_free.
 * NULL where it would not pay (few files, one core), or can't be had. */
struct read_ahead *read_ahead_new(const char *directory, const struct string_list *names);
/* The bytes of names->items[index], until the next call; NULL: the caller is to read it. Indexes
 * rise from call to call. `ahead` may be NULL. */
const struct file_bytes *read_ahead_take(struct read_ahead *ahead, size_t index);
void read_ahead_free(struct read_ahead *ahead); /* may be NULL */

#endif
