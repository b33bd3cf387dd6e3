/*
 * Puts the statement analysis together in the order of coverage.py's PythonParser: exclusion
 * patterns over the text, the token walk, docstrings, exclusions that carry from headers to
 * bodies, and what then remains of the lines with code.
 */
#include "collector/source/analysis.h"

#include "collector/source/exclude.h"
#include "collector/source/regions.h"
#include "collector/source/source_text.h"
#include "collector/source/statements.h"

#include <stdlib.h>
#include <string.h>

const char *const analysis_default_exclude[] = {
    "#\\s*(pragma|PRAGMA)[:\\s]?\\s*(no|NO)\\s*(cover|COVER)",
    "^\\s*(((async )?def .*?)?[\\])]+(\\s*->.*?)?:\\s*)?\\.\\.\\.\\s*(#|$)",
    "^\\s*if (typing\\.)?TYPE_CHECKING:",
    NULL,
};

const char *const analysis_default_partial[] = {
    "#\\s*(pragma|PRAGMA)[:\\s]?\\s*(no|NO)\\s*(branch|BRANCH)",
    NULL,
};

const char *const analysis_default_partial_always[] = {
    "^\\s*while (True|1|False|0):",
    "^\\s*if (True|1|False|0):",
    NULL,
};

struct analysis_rules {
    struct exclude *exclude;
    struct exclude *no_branch; /* NULL: branches are not wanted */
    char *text;                /* the patterns, each with a letter before and a NUL behind it */
    size_t text_size;
};

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

/* Adds patterns to the text. 0 or -1. */
static int add_text(struct analysis_rules *rules, char kind, const char *const *patterns,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(patterns[i]) + 2;
        char *larger = realloc(rules->text, rules->text_size + size);
        if (!larger)
            return -1;
        rules->text = larger;
        larger[rules->text_size] = kind;
        memcpy(larger + rules->text_size + 1, patterns[i], size - 1);
        rules->text_size += size;
    }
    return 0;
}

struct analysis_rules *analysis_rules_new(const char *const *exclude, size_t exclude_count,
                                          struct error *error)
{
    struct analysis_rules *rules = calloc(1, sizeof *rules);
    if (!rules || add_text(rules, 'x', exclude, exclude_count) != 0) {
        analysis_rules_free(rules);
        out_of_memory(error);
        return NULL;
    }
    rules->exclude = exclude_new(exclude, exclude_count, error);
    if (!rules->exclude) {
        analysis_rules_free(rules);
        return NULL;
    }
    return rules;
}

struct analysis_rules *analysis_rules_share(const struct analysis_rules *rules)
{
    struct analysis_rules *other = calloc(1, sizeof *other);
    if (!other)
        return NULL;
    other->exclude = exclude_share(rules->exclude);
    other->no_branch = rules->no_branch ? exclude_share(rules->no_branch) : NULL;
    if (!other->exclude || !other->no_branch != !rules->no_branch) {
        analysis_rules_free(other);
        return NULL;
    }
    return other;
}

const void *analysis_rules_text(const struct analysis_rules *rules, size_t *size)
{
    *size = rules->text_size;
    return rules->text;
}

void analysis_rules_free(struct analysis_rules *rules)
{
    if (!rules)
        return;
    exclude_free(rules->exclude);
    exclude_free(rules->no_branch);
    free(rules->text);
    free(rules);
}

int analysis_rules_want_branches(struct analysis_rules *rules, const char *const *partial,
                                 size_t partial_count, const char *const *partial_always,
                                 size_t partial_always_count, struct error *error)
{
    /* No pattern at all is an empty one to coverage.py, which all lines match. */
    static const char *const empty[] = { "(?:)" };
    size_t count = partial_count + partial_always_count;
    const char **patterns = calloc(count + 1, sizeof *patterns);
    if (!patterns)
        return error_set(error, ERROR_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++)
        patterns[i] = i < partial_count ? partial[i] : partial_always[i - partial_count];
    struct exclude *no_branch = exclude_new(count ? patterns : empty, count ? count : 1, error);
    int added = no_branch ? add_text(rules, 'b', count ? patterns : empty, count ? count : 1) : 0;
    free(patterns);
    if (!no_branch || added != 0) {
        exclude_free(no_branch);
        return no_branch ? out_of_memory(error) : -1;
    }
    exclude_free(rules->no_branch);
    rules->no_branch = no_branch;
    return 0;
}

/* Replaces each line of `lines` by the first line of its statement. 0 or -1. */
static int fold_lines(const struct statements *statements, struct line_set *lines)
{
    struct line_set folded = LINE_SET_EMPTY;
    for (uint32_t line = line_set_next(lines, 0); line; line = line_set_next(lines, line))
        if (line_set_add(&folded, statements_first_line(statements, line)) < 0) {
            line_set_close(&folded);
            return -1;
        }
    line_set_close(lines);
    *lines = folded;
    return 0;
}

/* Has the range code, and is all of it excluded? */
static bool is_all_excluded(const struct line_set *code, const struct line_set *excluded,
                            uint32_t first, uint32_t last)
{
    uint32_t line = line_set_next(code, first - 1);
    if (!line || line > last)
        return false;
    for (; line && line <= last; line = line_set_next(code, line))
        if (!line_set_has(excluded, line))
            return false;
    return true;
}

/* Exclusions carry from decorators and signatures to bodies, and from the body of a case that
 * matches all to its pattern. 0 or -1. */
static int exclude_block(const struct block *block, const struct line_set *code,
                         struct line_set *excluded)
{
    if (block->kind == BLOCK_FUNCTION || block->kind == BLOCK_CLASS) {
        uint32_t first = block->decorator ? block->decorator : block->line;
        if (line_set_has_any(excluded, first, block->line))
            return line_set_add_range(excluded, first, block->body_last);
    } else if (block->kind == BLOCK_CASE && block->irrefutable && block->body_first) {
        if (is_all_excluded(code, excluded, block->body_first, block->body_last))
            return line_set_add_range(excluded, block->pattern_first, block->pattern_last);
    }
    return 0;
}

/* A case looks at what is excluded when its turn comes, so the order of blocks matters. */
static int exclude_blocks(const struct statements *statements, const struct line_set *code,
                          struct line_set *excluded, struct line_set *docstrings)
{
    for (uint32_t i = 0; i != BLOCK_NONE; i = statements_next_block(statements, i)) {
        const struct block *block = &statements->blocks[i];
        if (line_set_add_range(docstrings, block->docstring_first, block->docstring_last) < 0 ||
            exclude_block(block, code, excluded) < 0)
            return -1;
    }
    return 0;
}

/* Puts into `result` the statements among `code`; `docstrings` is spoiled. 0 or -1. */
static int find_statements(const struct statements *statements, const struct line_set *code,
                           const struct line_set *excluded, struct line_set *docstrings,
                           struct line_set *result)
{
    struct line_set *ignored = docstrings;
    if (line_set_unite(ignored, excluded) < 0 || line_set_copy(result, code) < 0)
        return -1;
    line_set_subtract(result, ignored);
    if (fold_lines(statements, result) < 0)
        return -1;
    line_set_subtract(result, ignored);
    return 0;
}

/* What branches need, once all else is known. 0 or -1. */
static int complete_branches(struct analysis *analysis, const struct statements *statements,
                             const struct line_set *code, const char *path, struct error *error)
{
    struct line_set folded = LINE_SET_EMPTY;
    int result = 0;
    if (line_set_copy(&folded, code) < 0 || fold_lines(statements, &folded) < 0 ||
        fold_lines(statements, &analysis->no_branch) < 0)
        result = error_set(error, ERROR_MEMORY, "out of memory analysing '%s'", path);
    else
        result = flow_find(&analysis->flow, statements, &folded, path, error);
    line_set_close(&folded);
    return result;
}

/* All that comes after the reading of the source. 0 or -1. */
static int complete(struct analysis *analysis, struct statements *statements,
                    const struct line_set *code_lines, bool with_branches, const char *path,
                    struct error *error)
{
    const struct line_set no_code = LINE_SET_EMPTY;
    const struct line_set *code = statements->empty ? &no_code : code_lines;
    struct line_set docstrings = LINE_SET_EMPTY;
    int result = 0;
    if (fold_lines(statements, &analysis->excluded) < 0 ||
        exclude_blocks(statements, code, &analysis->excluded, &docstrings) < 0 ||
        find_statements(statements, code, &analysis->excluded, &docstrings, &analysis->statements) <
            0 ||
        regions_find(statements, &analysis->regions, &analysis->region_count) < 0)
        result = error_set(error, ERROR_MEMORY, "out of memory analysing '%s'", path);
    line_set_close(&docstrings);
    if (result == 0 && with_branches)
        result = complete_branches(analysis, statements, code, path, error);
    analysis->line_count = statements->line_count;
    analysis->first_line = statements->first_line;
    statements->first_line = NULL;
    return result;
}

int analysis_run(struct analysis *analysis, const char *path, const unsigned char *source,
                 size_t source_size, const struct line_set *code_lines,
                 const struct analysis_rules *rules, struct error *error)
{
    memset(analysis, 0, sizeof *analysis);
    struct source_text text;
    if (source_text_decode(&text, path, source, source_size, error) < 0)
        return -1;
    struct statements statements;
    const bool with_branches = rules->no_branch != NULL;
    int result =
        exclude_match(rules->exclude, path, text.bytes, text.size, &analysis->excluded, error);
    if (result == 0 && with_branches)
        result = exclude_match(rules->no_branch, path, text.bytes, text.size, &analysis->no_branch,
                               error);
    if (result == 0)
        result =
            statements_read(&statements, path, &text, with_branches, &analysis->excluded, error);
    if (result == 0) {
        result = complete(analysis, &statements, code_lines, with_branches, path, error);
        statements_close(&statements);
    }
    source_text_close(&text);
    if (result < 0)
        analysis_close(analysis);
    return result;
}

void analysis_close(struct analysis *analysis)
{
    line_set_close(&analysis->statements);
    line_set_close(&analysis->excluded);
    line_set_close(&analysis->no_branch);
    flow_close(&analysis->flow);
    free(analysis->first_line);
    regions_free(analysis->regions, analysis->region_count);
    for (size_t i = 0; i < analysis->words_count; i++) {
        free(analysis->words[i].missing);
        free(analysis->words[i].effect);
    }
    free(analysis->words);
    free(analysis->exits);
    memset(analysis, 0, sizeof *analysis);
}

int analysis_executed(const struct analysis *analysis, const struct line_set *raw,
                      struct line_set *executed)
{
    struct line_set folded = LINE_SET_EMPTY, rest = LINE_SET_EMPTY;
    int result = line_set_copy(&folded, raw) == 0 && line_set_copy(&rest, raw) == 0 ? 0 : -1;
    /* Most are first lines of statements, which stand for themselves. */
    line_set_intersect(&folded, &analysis->statements);
    line_set_subtract(&rest, &analysis->statements);
    for (uint32_t line = 0; result == 0 && (line = line_set_next(&rest, line)) != 0;) {
        uint32_t first = line <= analysis->line_count ? analysis->first_line[line] : line;
        if (line_set_has(&analysis->statements, first))
            result = line_set_add(&folded, first);
    }
    line_set_close(&rest);
    if (result != 0) {
        line_set_close(&folded);
        return -1;
    }
    line_set_close(executed);
    *executed = folded;
    return 0;
}
