/*
 * slipcover's branches as coverage.py's arcs. slipcover names where a branch leads by the syntax
 * tree: the way out of a function is 0, what follows the last statement of a class is the statement
 * after it, and a `match` leads to the bodies of its cases. Which arc that is can only be said
 * beside the arcs that are possible, so until then such a branch is kept with a mark.
 */
#ifndef COVFORK_SYNTAX_ARCS_H
#define COVFORK_SYNTAX_ARCS_H

#include "collector/base/arc_set.h"
#include "collector/base/line_set.h"

#include <stdbool.h>

/* Added to the line that a branch leads to; more than any line has. */
#define SYNTAX_ARC_MARK 0x40000000

/* Is anything marked? */
bool syntax_arcs_are_in(const struct arc_set *arcs);
/* Replaces what is marked in `arcs` by the arcs that it stands for: of the `possible` ones (sorted)
 * in a file of which the lines `executed` ran. Where nothing is possible, branches are taken as
 * they are named. Sorts `arcs`. 0 or -1 (memory; `arcs` may have lost some). */
int syntax_arcs_resolve(struct arc_set *arcs, const struct arc_set *possible,
                        const struct line_set *executed);

#endif
