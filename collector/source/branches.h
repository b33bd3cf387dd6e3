/*
 * The branches of one source file as coverage.py 7.17 counts them: lines with more than one way on,
 * which of the ways ran, and how a way is put into words. Works on an analysis alone.
 */
#ifndef COVFORK_BRANCHES_H
#define COVFORK_BRANCHES_H

#include "collector/source/analysis.h"
#include "collector/base/arc_set.h"
#include "collector/base/error.h"

struct branch_line {
    uint32_t line;
    uint32_t exits; /* ways on that there are, 2 or more */
    uint32_t taken; /* of them */
};

struct branches {
    struct arc_set executed; /* ways on from branch lines that ran; sorted */
    struct arc_set missing;  /* those that didn't; sorted */
    struct branch_line *lines;
    size_t line_count;
    size_t total, covered; /* ways on, of all branch lines */
    size_t partial;        /* coverage.py's num_partial_branches: missing ones of lines that ran */
};

/* `analysis` was made with branches, `arcs` are those that were recorded, sorted, `executed` the
 * statements that ran, as analysis_executed says. 0 or -1 (memory). On success the caller closes
 * `branches`. */
int branches_find(struct branches *branches, const struct analysis *analysis,
                  const struct arc_set *arcs, const struct line_set *executed, struct error *error);
void branches_close(struct branches *branches);

/* In coverage.py's words. Where an arc leads ("jump to line 5", "exit the module", …), and why it
 * is missing ("line 3 didn't jump to line 5 because the condition on line 3 was never true"). The
 * caller frees; NULL when memory ran out. */
char *branches_describe_arc(const struct analysis *analysis, struct arc arc);
char *branches_describe_missing(const struct analysis *analysis, struct arc arc);

#endif
