/*
 * The line that each running frame of a thread was in last: a trace function is told of one frame
 * after the other, and of generators and greenlets in any order. A table a thread, freed with it.
 * A frame is a number here, never looked into. Needs no GIL; keeps errno.
 */
#ifndef COVFORK_PYTHON_FRAME_LINES_H
#define COVFORK_PYTHON_FRAME_LINES_H

#include "source.h"

#include <stdbool.h>
#include <stdint.h>

struct frame_line {
    const void *frame;     /* NULL: none */
    struct source *source; /* NULL: isn't measured */
    int32_t first_line;    /* of its code */
    int32_t last_line;     /* 0: not known */
    bool waits;            /* a generator or coroutine: what it returns from may be a yield */
};

/* Keeps `line` for its frame, in place of what was kept for it. Without memory it is forgotten. */
void frame_lines_keep(const struct frame_line *line);

/* Hands over what is kept for `frame`, and forgets it. False: nothing is. */
bool frame_lines_take(const void *frame, struct frame_line *line);

#endif
