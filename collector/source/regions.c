/*
 * The walk over the tree of clauses that finds regions. Its recursion is as deep as the source is
 * indented: TOKENIZER_MAX_INDENT at most.
 */
#include "collector/source/regions.h"

#include "collector/source/statements.h"
#include "collector/source/tokenizer.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT_MAX (TOKENIZER_MAX_INDENT + 2)

struct finder {
    const struct statements *statements;
    struct region *regions;
    size_t count, capacity;
    size_t context[CONTEXT_MAX]; /* the regions around, the outermost first */
    size_t depth;
};

static int visit_block(struct finder *finder, uint32_t index);

/* The blocks of a try statement are visited as its fields are named: handlers come last. */
static uint32_t visit_try(struct finder *finder, uint32_t index, int *result)
{
    const struct block *blocks = finder->statements->blocks;
    uint32_t end = blocks[index].next;
    while (end != BLOCK_NONE &&
           (blocks[end].kind == BLOCK_EXCEPT || blocks[end].kind == BLOCK_ELSE ||
            blocks[end].kind == BLOCK_FINALLY))
        end = blocks[end].next;
    for (int handlers = 0; handlers < 2; handlers++)
        for (uint32_t i = index; i != end && *result == 0; i = blocks[i].next)
            if ((blocks[i].kind == BLOCK_EXCEPT) == handlers)
                *result = visit_block(finder, i);
    return end;
}

static int visit_children(struct finder *finder, uint32_t index)
{
    const struct block *blocks = finder->statements->blocks;
    int result = 0;
    for (uint32_t i = blocks[index].first_child; i != BLOCK_NONE && result == 0;) {
        if (blocks[i].kind == BLOCK_TRY) {
            i = visit_try(finder, i, &result);
        } else {
            result = visit_block(finder, i);
            i = blocks[i].next;
        }
    }
    return result;
}

/* The dotted name: that of the region around, if any, and the block's own. */
static char *make_name(const struct finder *finder, const struct block *block)
{
    const char *outer =
        finder->depth ? finder->regions[finder->context[finder->depth - 1]].name : "";
    size_t outer_size = strlen(outer);
    char *name = malloc(outer_size + block->name_size + 2);
    if (!name)
        return NULL;
    memcpy(name, outer, outer_size);
    if (outer_size)
        name[outer_size++] = '.';
    memcpy(name + outer_size, block->name, block->name_size);
    name[outer_size + block->name_size] = '\0';
    return name;
}

static int add_region(struct finder *finder, const struct block *block)
{
    if (finder->count == finder->capacity) {
        size_t capacity = finder->capacity ? finder->capacity * 2 : 16;
        struct region *regions = realloc(finder->regions, capacity * sizeof *regions);
        if (!regions)
            return -1;
        finder->regions = regions;
        finder->capacity = capacity;
    }
    char *name = make_name(finder, block);
    if (!name)
        return -1;
    finder->regions[finder->count++] =
        (struct region){ .kind = block->kind == BLOCK_CLASS ? REGION_CLASS : REGION_FUNCTION,
                         .name = name,
                         .start = block->line,
                         .lines = LINE_SET_EMPTY };
    return 0;
}

static int visit_function(struct finder *finder, uint32_t index)
{
    const struct block *block = &finder->statements->blocks[index];
    if (add_region(finder, block) < 0)
        return -1;
    size_t self = finder->count - 1;
    struct line_set *lines = &finder->regions[self].lines;
    if (line_set_add_range(lines, block->body_first, block->body_last) < 0)
        return -1;
    if (finder->depth) {
        struct region *around = &finder->regions[finder->context[finder->depth - 1]];
        if (around->kind == REGION_CLASS && line_set_unite(&around->lines, lines) < 0)
            return -1;
    }
    for (size_t i = finder->depth; i-- > 0;) {
        struct region *around = &finder->regions[finder->context[i]];
        if (around->kind == REGION_FUNCTION) {
            line_set_subtract(&around->lines, lines);
            break;
        }
    }
    finder->context[finder->depth++] = self;
    int result = visit_children(finder, index);
    finder->depth--;
    return result;
}

static int visit_class(struct finder *finder, uint32_t index)
{
    if (add_region(finder, &finder->statements->blocks[index]) < 0)
        return -1;
    size_t self = finder->count - 1;
    finder->context[finder->depth++] = self;
    int result = visit_children(finder, index);
    finder->depth--;
    for (size_t i = 0; i < finder->depth; i++) {
        struct region *around = &finder->regions[finder->context[i]];
        if (around->kind == REGION_CLASS)
            line_set_subtract(&around->lines, &finder->regions[self].lines);
    }
    return result;
}

static int visit_block(struct finder *finder, uint32_t index)
{
    switch (finder->statements->blocks[index].kind) {
    case BLOCK_FUNCTION:
        return visit_function(finder, index);
    case BLOCK_CLASS:
        return visit_class(finder, index);
    default:
        return visit_children(finder, index);
    }
}

int regions_find(const struct statements *statements, struct region **regions, size_t *count)
{
    struct finder finder = { .statements = statements };
    int result = visit_block(&finder, 0);
    if (result < 0) {
        regions_free(finder.regions, finder.count);
        finder.regions = NULL;
        finder.count = 0;
    }
    *regions = finder.regions;
    *count = finder.count;
    return result;
}

void regions_free(struct region *regions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(regions[i].name);
        line_set_close(&regions[i].lines);
    }
    free(regions);
}
