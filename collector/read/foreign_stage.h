/*
 * What was found in a file of another tool, kept until all of it was read. Indexes of sources and
 * contexts are those of the stage. Memory only.
 */
#ifndef COVFORK_FOREIGN_STAGE_H
#define COVFORK_FOREIGN_STAGE_H

#include "collector/base/arc_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct foreign_lines {
    uint32_t source, context;
    size_t offset, size; /* in the stage's bitmaps */
};

struct foreign_arc {
    uint32_t source, context;
    struct arc arc;
};

struct foreign_tracer {
    uint32_t source;
    char *name;
};

/* Begins as zeros. */
struct foreign_stage {
    char **sources;
    size_t source_count, source_room;
    char **contexts;
    size_t context_count, context_room;
    struct foreign_lines *lines;
    size_t lines_count, lines_room;
    struct foreign_arc *arcs;
    size_t arc_count, arc_room;
    struct foreign_tracer *tracers;
    size_t tracer_count, tracer_room;
    unsigned char *bitmaps;
    size_t bitmap_size, bitmap_room;
    bool has_branches;
};

/* These give 0, or -1 when memory ran out. Texts are copied; the caller has checked that they hold
 * no NUL. Bitmaps are format.h's. */
int foreign_stage_source(struct foreign_stage *stage, const char *path, size_t length,
                         uint32_t *index);
int foreign_stage_context(struct foreign_stage *stage, const char *label, size_t length,
                          uint32_t *index);
int foreign_stage_lines(struct foreign_stage *stage, uint32_t source, uint32_t context,
                        const unsigned char *bitmap, size_t size);
int foreign_stage_arc(struct foreign_stage *stage, uint32_t source, uint32_t context,
                      struct arc arc);
/* The plugin that traced the source. */
int foreign_stage_tracer(struct foreign_stage *stage, uint32_t source, const char *name,
                         size_t length);
void foreign_stage_close(struct foreign_stage *stage);

#endif
