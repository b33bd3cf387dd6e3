/*
 * The shape of a Python source without a syntax tree: how lines fold into statements, which suites
 * an exclusion covers, and the tree of its compound statements' clauses (def, class, case, try, …)
 * with the lines that coverage.py takes from Python's ast; on request also its suites as steps, of
 * which flow.h makes arcs. Grammar inside a statement is not checked. Works on memory only.
 */
#ifndef COVFORK_STATEMENTS_H
#define COVFORK_STATEMENTS_H

#include "collector/source/constant.h"
#include "collector/base/error.h"
#include "collector/base/line_set.h"
#include "collector/source/source_text.h"

enum block_kind {
    BLOCK_MODULE,
    BLOCK_FUNCTION,
    BLOCK_CLASS,
    BLOCK_MATCH,
    BLOCK_CASE,
    BLOCK_TRY,
    BLOCK_EXCEPT,
    BLOCK_ELSE,
    BLOCK_FINALLY,
    BLOCK_IF,
    BLOCK_ELIF,
    BLOCK_FOR,
    BLOCK_WHILE,
    BLOCK_WITH,
};

#define BLOCK_NONE UINT32_MAX

/* One clause: its header up to the colon, and its suite. Links are indices of blocks. */
struct block {
    enum block_kind kind;
    uint32_t parent, previous, next, first_child, last_child;
    uint32_t line;            /* of its keyword (`async` is the keyword of `async def`) */
    uint32_t decorator;       /* first line of the first decorator's expression, or 0 */
    uint32_t body_first;      /* line of the first statement of the suite, decorators aside */
    uint32_t body_last;       /* last line of the last statement of the suite */
    uint32_t docstring_first; /* 0: has none */
    uint32_t docstring_last;
    uint32_t pattern_first; /* CASE: the lines of its pattern, parentheses around it aside */
    uint32_t pattern_last;
    bool irrefutable;               /* CASE: matches all, has no guard */
    uint32_t name_size;             /* FUNCTION, CLASS */
    const char *name;               /* in the source text, not NUL-terminated */
    enum constant test;             /* IF, ELIF, WHILE: its condition, when steps were asked for */
    uint32_t first_step, last_step; /* of its suite, or STEP_NONE */
};

enum step_kind {
    STEP_PLAIN,
    STEP_BREAK,
    STEP_CONTINUE,
    STEP_RAISE,
    STEP_RETURN,
    STEP_DECORATOR, /* of the next clause */
    STEP_CLAUSE,
};

#define STEP_NONE UINT32_MAX

/* A simple statement, a decorator or a clause, in the order of a suite. */
struct step {
    enum step_kind kind;
    uint32_t line;  /* what its lines fold to */
    uint32_t block; /* CLAUSE */
    uint32_t next;  /* in the same suite, or STEP_NONE */
};

struct statements {
    bool empty;           /* no token but comments */
    uint32_t *first_line; /* see struct analysis */
    uint32_t line_count;
    struct block *blocks; /* [0] is the module; a block follows its parent */
    size_t block_count;
    struct step *steps; /* NULL unless asked for */
    size_t step_count;
};

/*
 * Reads `text`, which must outlive `statements`. `excluded` has the lines that match an exclusion
 * pattern and gets those of the suites that these exclude, not yet folded to first lines. Steps are
 * read `with_steps` only. 0, or -1 with an ERROR_SOURCE that names `path` and the line, or an
 * ERROR_MEMORY. On success the caller closes `statements`.
 */
int statements_read(struct statements *statements, const char *path, const struct source_text *text,
                    bool with_steps, struct line_set *excluded, struct error *error);
void statements_close(struct statements *statements);
/* The first line of the statement that `line` is part of; of a line beyond the source, itself. */
uint32_t statements_first_line(const struct statements *statements, uint32_t line);
/* The block after `index` in coverage.py's walk: a block, then its children from the last to the
 * first. BLOCK_NONE at the end. */
uint32_t statements_next_block(const struct statements *statements, uint32_t index);

#endif
