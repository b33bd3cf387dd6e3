/*
 * This process's own data file: created when the first mark is about to be made, mapped shared, so
 * that what is marked is kept however the process ends. Nothing stays open: programs close all
 * descriptors. Where no file can be mapped, the same bytes are kept in memory and written at the
 * end; the ledger says so. All functions may be called by any thread of any interpreter; none
 * touches Python, prints, or changes errno.
 */
#ifndef COVFORK_DATA_FILE_H
#define COVFORK_DATA_FILE_H

#include "format.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What PROCESS says of the interpreter; set before the first mark, copied. */
void data_file_describe(uint32_t python, const char *executable);

/* What the header says of how this process records: FORMAT_FLAG_BRANCH or FORMAT_FLAG_LINES. Set
 * before the first mark. */
void data_file_set_flags(uint32_t flags);

/*
 * A zeroed bitmap of `bit_count` bits in a new LINES record for the source `key`; it lives as long
 * as the process. `inherited` is NULL, or the bitmap of the same source and size that this process
 * had before it was forked: it is returned when no file of our own can be made (privileges were
 * dropped, the disk is full), for it is still mapped. NULL when there is neither file nor memory.
 */
uint8_t *data_file_add_lines(uint64_t key, uint32_t bit_count, uint8_t *inherited);

/*
 * The same for arcs: `place_count` places of zeros in a new ARCS record, stored into by
 * compare-and-swap with zero.
 */
uint64_t *data_file_add_arcs(uint64_t key, uint32_t place_count, uint64_t *inherited);

/*
 * Says what `key` stands for: in the session's shared `sources` file, unless another process has
 * done so; where that can't be written, in this process's own file. `lines` is a bitmap as in
 * format.h. 0 or -1.
 */
int data_file_add_source(const struct format_source *source, const char *path,
                         const uint8_t *lines);

/* True, and the number of bits of its bitmap, when the session's index has `key` already. */
bool data_file_knows_source(uint64_t key, uint32_t *bit_count);

/* Read by data_file_generation alone, which each event of a trace function asks. */
extern atomic_uint data_file_generation_now;

/*
 * Changes in the child of a fork: what was mapped is the parent's. A bitmap of an earlier
 * generation is the parent's too, and stays usable when a new one can't be had.
 */
static inline uint32_t data_file_generation(void)
{
    return atomic_load_explicit(&data_file_generation_now, memory_order_relaxed);
}

/* In the child of a fork, before anything else here. Async-signal-safe. */
void data_file_after_fork_child(void);

/* Reserves what the process may need later, while the folder is in reach. Changes errno. */
void data_file_reserve(void);

/* Writes what is kept in memory because no file could be mapped. Before exec and _exit and at
 * exit; may be called more than once. */
void data_file_flush(void);

#endif
