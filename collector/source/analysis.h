/*
 * Statement analysis: which lines of a source file are statements, which are excluded, and how
 * lines of multi-line statements fold, by coverage.py 7.17's rules, from the source text and the
 * lines that have code (a recorded line table). Knows nothing of data files or reports.
 */
#ifndef COVFORK_ANALYSIS_H
#define COVFORK_ANALYSIS_H

#include "collector/base/error.h"
#include "collector/source/flow.h"
#include "collector/source/regions.h"
#include "collector/base/line_set.h"

#include <stdbool.h>

/* What a plugin says of a line's ways on, and of one of these, for branches.h. */
struct given_exits {
    uint32_t line, count;
};
struct given_words {
    struct arc arc;
    char *missing, *effect;
};

/* Compiled exclusion patterns; reusable for any number of files, from one thread at a time. */
struct analysis_rules;

/* coverage.py's default `exclude_lines`, `partial_branches` and `partial_branches_always`;
 * NULL-terminated arrays of patterns in Python's syntax. */
extern const char *const analysis_default_exclude[];
extern const char *const analysis_default_partial[];
extern const char *const analysis_default_partial_always[];

/* Compiles the patterns (Python's `re` syntax, joined as alternatives, re.MULTILINE). NULL and an
 * ERROR_CONFIG that names the pattern when one is wrong. Caller frees. */
struct analysis_rules *analysis_rules_new(const char *const *exclude, size_t exclude_count,
                                          struct error *error);
void analysis_rules_free(struct analysis_rules *rules);
/* The same for another thread: good as long as `rules` are, which must not change. NULL when memory
 * ran out. Caller frees. */
struct analysis_rules *analysis_rules_share(const struct analysis_rules *rules);
/* All that the rules are, in bytes that are equal where they are: for who keeps analyses. They are
 * the rules' own. */
const void *analysis_rules_text(const struct analysis_rules *rules, size_t *size);
/* Has analyses made with the rules ready for branches.h; without it, branches cost nothing. The
 * patterns are coverage.py's `partial_branches` (with partial_also) and
 * `partial_branches_always`. 0, or -1 as analysis_rules_new says. */
int analysis_rules_want_branches(struct analysis_rules *rules, const char *const *partial,
                                 size_t partial_count, const char *const *partial_always,
                                 size_t partial_always_count, struct error *error);

struct analysis {
    struct line_set
        statements; /* first lines of statements; excluded ones and docstrings are out */
    struct line_set excluded;
    uint32_t *first_line;   /* first_line[n]: first line of the statement that line n belongs to */
    uint32_t line_count;    /* lines in the source, as Python's str.splitlines() of coverage.py's
                               decoded source counts them; first_line has line_count + 1 entries */
    struct region *regions; /* functions and classes in coverage.py's order of discovery */
    size_t region_count;
    /* For branches.h; empty when branches are not wanted. */
    struct flow flow;
    struct line_set no_branch; /* first lines of statements whose arcs may be missing */
    /* Where a plugin says what the file is (plugin_files.h): it knows no such regions, and says
     * which lines are branches. Both sorted. */
    bool is_given, lacks_functions, lacks_classes;
    struct given_exits *exits;
    size_t exit_count;
    struct given_words *words;
    size_t words_count;
};

/*
 * Analyses one file. `source` is the raw bytes of the file as on disk (BOM, CRLF, any declared
 * encoding), `code_lines` the lines with code by the recorded line table. 0, or -1 with an
 * ERROR_SOURCE whose text is coverage.py's sense ("couldn't parse 'PATH' as Python source: …").
 * On success the caller closes `analysis`.
 */
int analysis_run(struct analysis *analysis, const char *path, const unsigned char *source,
                 size_t source_size, const struct line_set *code_lines,
                 const struct analysis_rules *rules, struct error *error);
void analysis_close(struct analysis *analysis);

/* Folds raw executed lines to first lines and keeps those that are statements: coverage.py's
 * `executed`. `executed` is an initialised set that is replaced. 0 or -1 (memory). */
int analysis_executed(const struct analysis *analysis, const struct line_set *raw,
                      struct line_set *executed);

#endif
