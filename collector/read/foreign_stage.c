/* See foreign_stage.h. */
#include "collector/read/foreign_stage.h"

#include "collector/base/room.h"

#include <stdlib.h>
#include <string.h>

static int stage_text(char ***items, size_t *count, size_t *room, const char *text, size_t length,
                      uint32_t *index)
{
    if (*count >= UINT32_MAX || room_for_one((void **)items, room, *count, sizeof **items) != 0)
        return -1;
    char *copy = strndup(text, length);
    if (!copy)
        return -1;
    *index = (uint32_t)*count;
    (*items)[(*count)++] = copy;
    return 0;
}

int foreign_stage_source(struct foreign_stage *stage, const char *path, size_t length,
                         uint32_t *index)
{
    return stage_text(&stage->sources, &stage->source_count, &stage->source_room, path, length,
                      index);
}

int foreign_stage_context(struct foreign_stage *stage, const char *label, size_t length,
                          uint32_t *index)
{
    return stage_text(&stage->contexts, &stage->context_count, &stage->context_room, label, length,
                      index);
}

int foreign_stage_lines(struct foreign_stage *stage, uint32_t source, uint32_t context,
                        const unsigned char *bitmap, size_t size)
{
    if (size == 0)
        return 0;
    if (room_for_one((void **)&stage->lines, &stage->lines_room, stage->lines_count,
                     sizeof *stage->lines) != 0)
        return -1;
    if (stage->bitmap_room - stage->bitmap_size < size) {
        size_t room = stage->bitmap_room ? stage->bitmap_room * 2 : 65536;
        while (room - stage->bitmap_size < size)
            room *= 2;
        unsigned char *larger = realloc(stage->bitmaps, room);
        if (!larger)
            return -1;
        stage->bitmaps = larger;
        stage->bitmap_room = room;
    }
    memcpy(stage->bitmaps + stage->bitmap_size, bitmap, size);
    stage->lines[stage->lines_count++] =
        (struct foreign_lines){ source, context, stage->bitmap_size, size };
    stage->bitmap_size += size;
    return 0;
}

int foreign_stage_arc(struct foreign_stage *stage, uint32_t source, uint32_t context,
                      struct arc arc)
{
    if (room_for_one((void **)&stage->arcs, &stage->arc_room, stage->arc_count,
                     sizeof *stage->arcs) != 0)
        return -1;
    stage->arcs[stage->arc_count++] = (struct foreign_arc){ source, context, arc };
    return 0;
}

int foreign_stage_tracer(struct foreign_stage *stage, uint32_t source, const char *name,
                         size_t length)
{
    if (room_for_one((void **)&stage->tracers, &stage->tracer_room, stage->tracer_count,
                     sizeof *stage->tracers) != 0)
        return -1;
    char *copy = strndup(name, length);
    if (!copy)
        return -1;
    stage->tracers[stage->tracer_count++] = (struct foreign_tracer){ source, copy };
    return 0;
}

void foreign_stage_close(struct foreign_stage *stage)
{
    for (size_t i = 0; i < stage->source_count; i++)
        free(stage->sources[i]);
    for (size_t i = 0; i < stage->context_count; i++)
        free(stage->contexts[i]);
    for (size_t i = 0; i < stage->tracer_count; i++)
        free(stage->tracers[i].name);
    free(stage->tracers);
    free(stage->sources);
    free(stage->contexts);
    free(stage->lines);
    free(stage->arcs);
    free(stage->bitmaps);
}
