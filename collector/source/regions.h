/*
 * Functions and classes as regions of a source file, by the rules of coverage.py's regions: nested
 * functions are not part of the function around them, a class has the lines of its methods.
 */
#ifndef COVFORK_REGIONS_H
#define COVFORK_REGIONS_H

#include "collector/base/line_set.h"

#include <stddef.h>
#include <stdint.h>

struct statements;

enum region_kind { REGION_FUNCTION, REGION_CLASS };

struct region {
    enum region_kind kind;
    char *name;     /* fully qualified, dotted, as coverage.py's json names it (without "@line") */
    uint32_t start; /* line of the `def` or `class` keyword */
    struct line_set lines;
};

/* Puts the regions, in coverage.py's order of discovery, into `*regions` (caller frees with
 * regions_free). 0, or -1 (memory). */
int regions_find(const struct statements *statements, struct region **regions, size_t *count);
void regions_free(struct region *regions, size_t count);

#endif
