/*
 * Cuts each file down to the statements that a change touched, before another format sees it. A
 * statement of several lines is touched by a change in any of them.
 */
#include "collector/report/report.h"

#include <stdlib.h>

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

static int diff_begin(void *state, struct error *error)
{
    struct report_diff *diff = state;
    diff->total = (struct report_numbers){ 0 };
    return diff->part.format->begin(diff->part.state, error);
}

/* The first lines of the statements that the lines are part of. 0 or -1 (memory). */
static int find_touched(struct line_set *touched, const struct analysis *analysis,
                        const struct line_set *lines)
{
    for (uint32_t line = 0; (line = line_set_next(lines, line)) != 0;) {
        uint32_t first = line <= analysis->line_count ? analysis->first_line[line] : line;
        if (line_set_add(touched, first) != 0)
            return -1;
    }
    return 0;
}

/* What is in both. 0 or -1 (memory). */
static int cut_lines(struct line_set *to, const struct line_set *from, const struct line_set *by)
{
    *to = LINE_SET_EMPTY;
    if (line_set_copy(to, from) != 0)
        return -1;
    line_set_intersect(to, by);
    return 0;
}

static int cut_arcs(struct arc_set *to, const struct arc_set *from, const struct line_set *by)
{
    for (size_t i = 0; i < from->count; i++)
        if (line_set_has(by, (uint32_t)from->items[i].from) && arc_set_add(to, from->items[i]) != 0)
            return -1;
    arc_set_sort(to);
    return 0;
}

/* 0 or -1 (memory); the caller closes `to` in either case. */
static int cut_branches(struct branches *to, const struct report_file *file,
                        const struct line_set *by)
{
    const struct branches *from = file->branches;
    if (cut_arcs(&to->executed, &from->executed, by) != 0 ||
        cut_arcs(&to->missing, &from->missing, by) != 0)
        return -1;
    to->lines = calloc(from->line_count + 1, sizeof *to->lines);
    for (size_t i = 0; to->lines && i < from->line_count; i++) {
        const struct branch_line *line = &from->lines[i];
        if (!line_set_has(by, line->line))
            continue;
        to->lines[to->line_count++] = *line;
        to->total += line->exits;
        to->covered += line->taken;
        if (!line_set_has(file->missing, line->line))
            to->partial += line->exits - line->taken;
    }
    return to->lines ? 0 : -1;
}

static int hand_over(struct report_diff *diff, const struct report_file *file,
                     const struct line_set *touched, struct error *error)
{
    struct analysis analysis = *file->analysis;
    struct line_set executed = LINE_SET_EMPTY, missing = LINE_SET_EMPTY;
    struct branches branches = { 0 };
    analysis.statements = analysis.excluded = LINE_SET_EMPTY;
    int result = -1;
    if (cut_lines(&analysis.statements, &file->analysis->statements, touched) != 0 ||
        cut_lines(&analysis.excluded, &file->analysis->excluded, touched) != 0 ||
        cut_lines(&executed, file->executed, touched) != 0 ||
        cut_lines(&missing, file->missing, touched) != 0 ||
        (file->branches && cut_branches(&branches, file, touched) != 0)) {
        out_of_memory(error);
    } else if (line_set_count(&analysis.statements) == 0) {
        result = 0;
    } else {
        struct report_file cut = *file;
        cut.analysis = &analysis;
        cut.executed = &executed;
        cut.missing = &missing;
        cut.branches = file->branches ? &branches : NULL;
        cut.numbers = (struct report_numbers){
            .files = 1,
            .statements = line_set_count(&analysis.statements),
            .excluded = line_set_count(&analysis.excluded),
            .missing = line_set_count(&missing),
            .branches = branches.total,
            .missing_branches = branches.total - branches.covered,
            .partial_branches = branches.partial,
        };
        report_numbers_add(&diff->total, &cut.numbers);
        result = diff->part.format->file(diff->part.state, &cut, error);
    }
    line_set_close(&analysis.statements);
    line_set_close(&analysis.excluded);
    line_set_close(&executed);
    line_set_close(&missing);
    branches_close(&branches);
    return result;
}

static int diff_file(void *state, const struct report_file *file, struct error *error)
{
    struct report_diff *diff = state;
    const struct line_set *lines = git_diff_find(diff->diff, file->path);
    if (!lines)
        return 0;
    struct line_set touched = LINE_SET_EMPTY;
    int result = find_touched(&touched, file->analysis, lines) == 0
                     ? hand_over(diff, file, &touched, error)
                     : out_of_memory(error);
    line_set_close(&touched);
    return result;
}

static int diff_end(void *state, const struct report_numbers *total, struct error *error)
{
    (void)total;
    struct report_diff *diff = state;
    return diff->total.files ? diff->part.format->end(diff->part.state, &diff->total, error) : 0;
}

static bool diff_needs_bytes(const void *state)
{
    const struct report_diff *diff = state;
    return report_needs_bytes(diff->part.format, diff->part.state);
}

const struct report_format report_diff_format = { diff_begin, diff_file, diff_end,
                                                  diff_needs_bytes };
