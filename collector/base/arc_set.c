/*
 * Arcs are added by the thousand and looked up later: they are appended, and sorted only when the
 * unsorted part has outgrown the sorted one, so that a set stays within twice its size.
 */
#include "collector/base/arc_set.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

static int compare(const void *a, const void *b)
{
    const struct arc *one = a, *other = b;
    if (one->from != other->from)
        return one->from < other->from ? -1 : 1;
    return (one->to > other->to) - (one->to < other->to);
}

void arc_set_close(struct arc_set *set)
{
    free(set->items);
    *set = ARC_SET_EMPTY;
}

void arc_set_sort(struct arc_set *set)
{
    if (set->sorted == set->count)
        return;
    qsort(set->items, set->count, sizeof *set->items, compare);
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++)
        if (kept == 0 || compare(&set->items[kept - 1], &set->items[i]) != 0)
            set->items[kept++] = set->items[i];
    set->count = set->sorted = kept;
}

/* Room for another item. */
static int make_room(struct arc_set *set)
{
    if (set->count < set->room)
        return 0;
    arc_set_sort(set);
    if (set->count < set->room / 2)
        return 0;
    size_t room = set->room ? set->room * 2 : FIRST_ROOM;
    struct arc *items = reallocarray(set->items, room, sizeof *items);
    if (!items)
        return set->count < set->room ? 0 : -1;
    set->items = items;
    set->room = room;
    return 0;
}

int arc_set_add(struct arc_set *set, struct arc arc)
{
    if (arc.from == 0 && arc.to == 0)
        return 0;
    if (make_room(set) != 0)
        return -1;
    /* What comes in order stays in order. */
    if (set->sorted == set->count &&
        (set->count == 0 || compare(&set->items[set->count - 1], &arc) < 0))
        set->sorted++;
    set->items[set->count++] = arc;
    return 0;
}

int arc_set_unite(struct arc_set *set, const struct arc_set *other)
{
    bool in_order = other->sorted == other->count;
    if (in_order)
        arc_set_sort(set);
    /* Of what is in order, that which the set has already is passed over: what many processes did
     * comes many times. */
    size_t known = in_order ? set->count : 0;
    for (size_t i = 0, at = 0; i < other->count; i++) {
        while (at < known && compare(&set->items[at], &other->items[i]) < 0)
            at++;
        if (at < known && compare(&set->items[at], &other->items[i]) == 0)
            continue;
        /* Items may be sorted to make room: the known ones are then no longer the first. */
        if (set->count == set->room)
            known = at;
        if (arc_set_add(set, other->items[i]) != 0)
            return -1;
    }
    return 0;
}

/* Where `arc` is, or would be. */
static size_t find(const struct arc_set *set, struct arc arc)
{
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&set->items[middle], &arc) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool arc_set_has(const struct arc_set *set, struct arc arc)
{
    size_t place = find(set, arc);
    return place < set->count && compare(&set->items[place], &arc) == 0;
}

const struct arc *arc_set_leaving(const struct arc_set *set, int32_t from, size_t *count)
{
    size_t first = find(set, (struct arc){ from, INT32_MIN }), end = first;
    while (end < set->count && set->items[end].from == from)
        end++;
    *count = end - first;
    return set->items + first;
}
