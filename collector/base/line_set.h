/*
 * A set of line numbers (1-based; 0 is never a member) as a growing bitmap in the layout of
 * preload/format.h, so that merging data files is an OR of words.
 */
#ifndef COVFORK_LINE_SET_H
#define COVFORK_LINE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line_set {
    uint64_t *words; /* owned; NULL when empty */
    size_t word_count;
};

#define LINE_SET_EMPTY ((struct line_set){ NULL, 0 })
/* Lines beyond this are refused: no Python source is that long, and data files are untrusted. */
#define LINE_SET_MAX_LINE 0x3fffffffu

/* All functions that can grow a set return 0, or -1 when memory ran out (the set is unchanged). */
void line_set_close(struct line_set *set);
int line_set_add(struct line_set *set, uint32_t line);
int line_set_add_range(struct line_set *set, uint32_t first, uint32_t last); /* inclusive */
void line_set_remove(struct line_set *set, uint32_t line);
bool line_set_has(const struct line_set *set, uint32_t line);
bool line_set_has_any(const struct line_set *set, uint32_t first, uint32_t last); /* inclusive */
int line_set_copy(struct line_set *to, const struct line_set *from); /* `to` is initialised */
int line_set_unite(struct line_set *set, const struct line_set *other);
/* Makes `set` a view of a bitmap as it stands in a data file, for reading alone: it is valid as
 * long as the bitmap is, and not closed. False where that can't be had (not aligned, bit 0 is set).
 */
bool line_set_view(struct line_set *set, const unsigned char *bitmap, size_t size);
/* Unites a bitmap as it stands in a data file: `size` bytes, any alignment. Bit 0 is dropped. */
int line_set_unite_bitmap(struct line_set *set, const unsigned char *bitmap, size_t size);
void line_set_subtract(struct line_set *set, const struct line_set *other);
void line_set_intersect(struct line_set *set, const struct line_set *other);
bool line_set_equal(const struct line_set *a, const struct line_set *b);
size_t line_set_count(const struct line_set *set);
/* The smallest member greater than `after` (0 to start), or 0 when there is none. */
uint32_t line_set_next(const struct line_set *set, uint32_t after);
/* The greatest member, or 0. */
uint32_t line_set_last(const struct line_set *set);

#endif
