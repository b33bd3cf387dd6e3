/*
 * The processes of runs, as text for a terminal and as JSON. Knows the tree, not where it came
 * from.
 */
#ifndef COVFORK_REPORT_TREE_H
#define COVFORK_REPORT_TREE_H

#include "collector/base/error.h"
#include "collector/model/process_tree.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct report_tree {
    FILE *stream;
    size_t width;    /* columns */
    bool is_unicode; /* else ASCII */
};

/* Writes the groups of a folded tree. 0 or -1 (memory). */
int report_tree_write(const struct report_tree *report, const struct process_tree *tree,
                      const struct process_group *root, struct error *error);
/* The nodes that are not hidden, as a JSON array of nested objects. NULL when memory ran out. */
json_t *report_tree_json(const struct process_tree *tree);

#endif
