/*
 * How control can flow through a source: the arcs between its statements that coverage.py 7.17
 * holds possible, and why one of them may be missing. Works on the shape of a source (steps of
 * statements.h) and its lines with code; knows nothing of what was recorded.
 */
#ifndef COVFORK_FLOW_H
#define COVFORK_FLOW_H

#include "collector/base/arc_set.h"
#include "collector/base/error.h"
#include "collector/base/line_set.h"

struct statements;

enum flow_cause {
    FLOW_CAUSE_NONE,
    FLOW_CAUSE_EMPTY, /* named by an empty text, which is not the same */
    FLOW_CAUSE_BREAK,
    FLOW_CAUSE_CONTINUE,
    FLOW_CAUSE_RAISE,
    FLOW_CAUSE_RETURN,
    FLOW_CAUSE_LOOP_NEVER,      /* started */
    FLOW_CAUSE_LOOP_INCOMPLETE, /* didn't complete */
    FLOW_CAUSE_CONDITION_FALSE, /* always, so what it guards did not run */
    FLOW_CAUSE_CONDITION_TRUE,
    FLOW_CAUSE_PATTERN_FAILED, /* always */
    FLOW_CAUSE_PATTERN_MATCHED,
    FLOW_CAUSE_NO_EXCEPTION,
};

enum flow_action {
    FLOW_ACTION_JUMP,
    FLOW_ACTION_EXIT_MODULE,
    FLOW_ACTION_EXIT_CLASS,
    FLOW_ACTION_RETURN, /* from a function */
    FLOW_ACTION_EXCEPT, /* an exception leaves it */
};

/* A way in which an arc comes about. One arc can have several. */
struct flow_reason {
    struct arc arc;
    uint32_t order; /* in which they were found */
    uint32_t name;  /* of the class or function that the action leaves: an offset in `names` */
    enum flow_cause cause;
    enum flow_action action;
};

/* Leaving a `with` goes through its first line in the interpreter, but past it for a reader. */
struct flow_fix {
    struct arc arc;
    struct arc instead; /* zeros: the arc is dropped */
};

struct flow {
    struct arc_set possible;     /* sorted, folded to first lines, fixed */
    struct flow_reason *reasons; /* sorted by arc, then order; of unfixed arcs */
    size_t reason_count;
    struct flow_fix *fixes; /* sorted by arc */
    size_t fix_count;
    char *names; /* NUL-terminated, one after the other */
};

/*
 * `statements` was read with its steps; `code_lines` are the lines with code, folded to first
 * lines. 0, or -1 with an ERROR_SOURCE that names `path` where clauses stand that can't stand
 * there, or an ERROR_MEMORY. On success the caller closes `flow`.
 */
int flow_find(struct flow *flow, const struct statements *statements,
              const struct line_set *code_lines, const char *path, struct error *error);
void flow_close(struct flow *flow);

/* The arc that stands for `arc`, itself mostly; zeros when none does. */
struct arc flow_fix_arc(const struct flow *flow, struct arc arc);
/* The reasons of the arc, their number in `*count`. */
const struct flow_reason *flow_reasons(const struct flow *flow, struct arc arc, size_t *count);

#endif
