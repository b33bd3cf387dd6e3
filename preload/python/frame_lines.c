/* A hash table a thread, with linear probing; removal closes the gap. See frame_lines.h. */
#include "frame_lines.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#define FIRST_ROOM 64u

struct table {
    size_t room; /* a power of two */
    size_t count;
    struct frame_line lines[];
};

static _Thread_local __attribute__((tls_model("initial-exec"))) struct table *table;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool has_key;

static void make_key(void)
{
    has_key = pthread_key_create(&key, free) == 0;
}

static size_t place_of(const struct table *in, const void *frame)
{
    return (size_t)(((uintptr_t)frame >> 4) * 0x9e3779b97f4a7c15u >> 32) & (in->room - 1);
}

/* Where `frame` is, or the free place where it would be. */
static struct frame_line *find(struct table *in, const void *frame)
{
    size_t at = place_of(in, frame);
    while (in->lines[at].frame && in->lines[at].frame != frame)
        at = (at + 1) & (in->room - 1);
    return &in->lines[at];
}

static bool grow(void)
{
    size_t room = table ? table->room * 2 : FIRST_ROOM;
    int saved = errno;
    struct table *larger = calloc(1, sizeof *larger + room * sizeof larger->lines[0]);
    if (larger) {
        larger->room = room;
        for (size_t i = 0; table && i < table->room; i++)
            if (table->lines[i].frame)
                *find(larger, table->lines[i].frame) = table->lines[i];
        larger->count = table ? table->count : 0;
        free(table);
        table = larger;
        pthread_once(&once, make_key);
        if (has_key)
            (void)pthread_setspecific(key, table);
    }
    errno = saved;
    return larger != NULL;
}

void frame_lines_keep(const struct frame_line *line)
{
    if ((!table || table->count * 2 >= table->room) && !grow())
        return;
    struct frame_line *place = find(table, line->frame);
    table->count += !place->frame;
    *place = *line;
}

bool frame_lines_take(const void *frame, struct frame_line *line)
{
    struct frame_line *place = table ? find(table, frame) : NULL;
    if (!place || !place->frame)
        return false;
    *line = *place;
    size_t gap = (size_t)(place - table->lines);
    for (size_t at = gap;;) {
        table->lines[gap].frame = NULL;
        struct frame_line *next;
        do {
            at = (at + 1) & (table->room - 1);
            next = &table->lines[at];
            /* It may fill the gap unless its own place lies between the gap and it. */
        } while (next->frame && ((at - place_of(table, next->frame)) & (table->room - 1)) <
                                    ((at - gap) & (table->room - 1)));
        if (!next->frame)
            break;
        table->lines[gap] = *next;
        gap = at;
    }
    table->count--;
    return true;
}
