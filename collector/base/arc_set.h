/*
 * A set of arcs: pairs of a line that control left and the line that it went to, as coverage.py
 * counts them. A negative number -N is the entry to, or the exit from, the code object whose first
 * line is N. A sorted array, sorted when it is looked at.
 */
#ifndef COVFORK_ARC_SET_H
#define COVFORK_ARC_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arc {
    int32_t from, to;
};

struct arc_set {
    struct arc *items; /* owned; sorted by from and to after arc_set_sort */
    size_t count, room;
    size_t sorted; /* so many of the first items are in order and unique */
};

#define ARC_SET_EMPTY ((struct arc_set){ NULL, 0, 0, 0 })

/* Functions that can grow a set return 0, or -1 when memory ran out (the set is unchanged). */
void arc_set_close(struct arc_set *set);
/* (0, 0) is no arc and is passed over. */
int arc_set_add(struct arc_set *set, struct arc arc);
int arc_set_unite(struct arc_set *set, const struct arc_set *other);
/* Puts the items in order, each once. To be called before anything below, and before items are
 * looked at; cheap when nothing was added since. */
void arc_set_sort(struct arc_set *set);
bool arc_set_has(const struct arc_set *set, struct arc arc);
/* The first of the items that leave `from`, their number in `*count`. */
const struct arc *arc_set_leaving(const struct arc_set *set, int32_t from, size_t *count);

#endif
