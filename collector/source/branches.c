/*
 * The comparison of recorded arcs with possible ones, in the steps of coverage.py's Analysis, and
 * the words of its reports.
 */
#include "collector/source/branches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first line of the statement that `line` is part of; of -N likewise. */
static int32_t fold_line(const struct analysis *analysis, int32_t line)
{
    uint32_t positive = line < 0 ? 0u - (uint32_t)line : (uint32_t)line;
    if (positive > analysis->line_count)
        return line;
    int32_t first = (int32_t)analysis->first_line[positive];
    return line < 0 ? -first : first;
}

/* Takes a `with` that control leaves out of an arc, and folds what remains. */
static struct arc translate(const struct analysis *analysis, struct arc arc)
{
    arc = flow_fix_arc(&analysis->flow, arc);
    return (struct arc){ fold_line(analysis, arc.from), fold_line(analysis, arc.to) };
}

/* Puts into `ran` what the recorded arcs stand for. An arc within a line is the one that leaves it
 * where there is only one. 0 or -1. */
static int translate_all(const struct analysis *analysis, const struct arc_set *arcs,
                         struct arc_set *ran)
{
    for (size_t i = 0; i < arcs->count; i++) {
        struct arc arc = translate(analysis, arcs->items[i]);
        if (arc.from == arc.to) {
            size_t count;
            const struct arc *only = arc_set_leaving(&analysis->flow.possible, arc.from, &count);
            if (count != 1)
                continue;
            arc = *only;
        }
        if (arc_set_add(ran, translate(analysis, arc)) < 0)
            return -1;
    }
    arc_set_sort(ran);
    return 0;
}

static bool is_excluded(const struct analysis *analysis, int32_t line)
{
    return line > 0 && line_set_has(&analysis->excluded, (uint32_t)line);
}

/* How many of the arcs, all from one line, count as ways on. */
static uint32_t count_exits(const struct analysis *analysis, const struct arc *arcs, size_t count)
{
    uint32_t exits = 0;
    for (size_t i = 0; i < count; i++)
        exits += !is_excluded(analysis, arcs[i].to);
    return is_excluded(analysis, arcs[0].from) ? 0 : exits;
}

static int add_line(struct branches *branches, size_t *room, struct branch_line line)
{
    if (branches->line_count == *room) {
        size_t more = *room ? *room * 2 : 64;
        struct branch_line *lines = reallocarray(branches->lines, more, sizeof *lines);
        if (!lines)
            return -1;
        branches->lines = lines;
        *room = more;
    }
    branches->lines[branches->line_count++] = line;
    return 0;
}

/* Sorts the ways on from a branch line into those that ran and those that are missing. The number
 * of the latter, or -1. */
static int divide(struct branches *branches, const struct analysis *analysis,
                  const struct arc_set *ran, const struct arc *arcs, size_t count)
{
    bool may_miss = line_set_has(&analysis->no_branch, (uint32_t)arcs[0].from);
    int missing = 0;
    for (size_t i = 0; i < count; i++) {
        if (arc_set_has(ran, arcs[i])) {
            if (arc_set_add(&branches->executed, arcs[i]) < 0)
                return -1;
        } else if (!may_miss && !is_excluded(analysis, arcs[i].to)) {
            if (arc_set_add(&branches->missing, arcs[i]) < 0)
                return -1;
            missing++;
        }
    }
    return missing;
}

static int find_lines(struct branches *branches, const struct analysis *analysis,
                      const struct arc_set *ran, const struct line_set *executed)
{
    const struct arc_set *possible = &analysis->flow.possible;
    size_t room = 0;
    for (size_t i = 0, count; i < possible->count; i += count) {
        const struct arc *arcs = arc_set_leaving(possible, possible->items[i].from, &count);
        uint32_t exits = count_exits(analysis, arcs, count);
        if (exits < 2)
            continue;
        uint32_t line = (uint32_t)arcs[0].from;
        int missing = divide(branches, analysis, ran, arcs, count);
        if (missing < 0)
            return -1;
        struct branch_line found = { line, exits, exits - (uint32_t)missing };
        if (add_line(branches, &room, found) < 0)
            return -1;
        branches->total += exits;
        branches->covered += found.taken;
        if (!line_set_has(&analysis->statements, line) || line_set_has(executed, line))
            branches->partial += (size_t)missing;
    }
    return 0;
}

/* The same where a plugin says how many ways on a line has, which need not be as many as its arcs.
 */
static int find_given(struct branches *branches, const struct analysis *analysis,
                      const struct arc_set *ran, const struct line_set *executed)
{
    size_t room = 0;
    for (size_t i = 0; i < analysis->exit_count; i++) {
        const struct given_exits *exits = &analysis->exits[i];
        size_t count;
        const struct arc *arcs =
            arc_set_leaving(&analysis->flow.possible, (int32_t)exits->line, &count);
        int missing = count ? divide(branches, analysis, ran, arcs, count) : 0;
        if (missing < 0)
            return -1;
        uint32_t taken = exits->count > (uint32_t)missing ? exits->count - (uint32_t)missing : 0;
        if (add_line(branches, &room, (struct branch_line){ exits->line, exits->count, taken }) < 0)
            return -1;
        branches->total += exits->count;
        branches->covered += taken;
        if (!line_set_has(&analysis->statements, exits->line) ||
            line_set_has(executed, exits->line))
            branches->partial += (size_t)missing;
    }
    return 0;
}

int branches_find(struct branches *branches, const struct analysis *analysis,
                  const struct arc_set *arcs, const struct line_set *executed, struct error *error)
{
    *branches = (struct branches){ .executed = ARC_SET_EMPTY, .missing = ARC_SET_EMPTY };
    struct arc_set ran = ARC_SET_EMPTY;
    int result = translate_all(analysis, arcs, &ran);
    if (result == 0)
        result = analysis->is_given ? find_given(branches, analysis, &ran, executed)
                                    : find_lines(branches, analysis, &ran, executed);
    arc_set_close(&ran);
    if (result == 0)
        return 0;
    branches_close(branches);
    return error_set(error, ERROR_MEMORY, "out of memory finding branches");
}

void branches_close(struct branches *branches)
{
    arc_set_close(&branches->executed);
    arc_set_close(&branches->missing);
    free(branches->lines);
    *branches = (struct branches){ .executed = ARC_SET_EMPTY, .missing = ARC_SET_EMPTY };
}

static void print_action(FILE *stream, const struct analysis *analysis,
                         const struct flow_reason *reason, int32_t to)
{
    enum flow_action action = reason ? reason->action : FLOW_ACTION_JUMP;
    const char *name = reason ? analysis->flow.names + reason->name : "";
    switch (action) {
    case FLOW_ACTION_EXIT_MODULE:
        fputs("exit the module", stream);
        break;
    case FLOW_ACTION_EXIT_CLASS:
        fprintf(stream, "exit class '%s'", name);
        break;
    case FLOW_ACTION_RETURN:
        fprintf(stream, "return from function '%s'", name);
        break;
    case FLOW_ACTION_EXCEPT:
        fprintf(stream, "except from function '%s'", name);
        break;
    case FLOW_ACTION_JUMP:
        if (to < 0)
            fputs("jump to the function exit", stream);
        else
            fprintf(stream, "jump to line %d", to);
        break;
    }
}

static void print_cause(FILE *stream, enum flow_cause cause, int32_t line)
{
    static const struct {
        const char *before, *behind; /* the line's number */
    } texts[] = {
        [FLOW_CAUSE_BREAK] = { "the break on line ", " wasn't executed" },
        [FLOW_CAUSE_CONTINUE] = { "the continue on line ", " wasn't executed" },
        [FLOW_CAUSE_RAISE] = { "the raise on line ", " wasn't executed" },
        [FLOW_CAUSE_RETURN] = { "the return on line ", " wasn't executed" },
        [FLOW_CAUSE_LOOP_NEVER] = { "the loop on line ", " never started" },
        [FLOW_CAUSE_LOOP_INCOMPLETE] = { "the loop on line ", " didn't complete" },
        [FLOW_CAUSE_CONDITION_FALSE] = { "the condition on line ", " was never true" },
        [FLOW_CAUSE_CONDITION_TRUE] = { "the condition on line ", " was always true" },
        [FLOW_CAUSE_PATTERN_FAILED] = { "the pattern on line ", " never matched" },
        [FLOW_CAUSE_PATTERN_MATCHED] = { "the pattern on line ", " always matched" },
        [FLOW_CAUSE_NO_EXCEPTION] = { "the exception caught by line ", " didn't happen" },
    };
    if (cause == FLOW_CAUSE_NONE)
        return;
    fputs(" because ", stream);
    if (cause != FLOW_CAUSE_EMPTY)
        fprintf(stream, "%s%d%s", texts[cause].before, line, texts[cause].behind);
}

static void print_missing(FILE *stream, const struct analysis *analysis, struct arc arc)
{
    size_t count;
    const struct flow_reason *reasons = flow_reasons(&analysis->flow, arc, &count);
    for (size_t i = 0; i == 0 || i < count; i++) {
        fprintf(stream, "%sline %d didn't ", i ? " or " : "", arc.from);
        print_action(stream, analysis, count ? &reasons[i] : NULL, arc.to);
        if (count)
            print_cause(stream, reasons[i].cause, arc.from);
    }
}

/* What `print` prints. The caller frees; NULL when memory ran out. */
static char *print_text(void (*print)(FILE *, const struct analysis *, struct arc),
                        const struct analysis *analysis, struct arc arc)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    print(stream, analysis, arc);
    bool failed = ferror(stream);
    if (fclose(stream) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}

static void print_arc(FILE *stream, const struct analysis *analysis, struct arc arc)
{
    size_t count;
    const struct flow_reason *reasons = flow_reasons(&analysis->flow, arc, &count);
    print_action(stream, analysis, count ? reasons : NULL, arc.to);
}

/* What the plugin says of an arc, its missing or its effect; coverage.py's words where it says
 * nothing. The caller frees; NULL when memory ran out. */
static char *describe_given(const struct analysis *analysis, struct arc arc, bool is_missing)
{
    char *text;
    for (size_t i = 0; i < analysis->words_count; i++) {
        const struct given_words *words = &analysis->words[i];
        if (words->arc.from == arc.from && words->arc.to == arc.to)
            return strdup(is_missing ? words->missing : words->effect);
    }
    int length = is_missing ? asprintf(&text, "Line %d didn't jump to line %d", arc.from, arc.to)
                            : asprintf(&text, "jump to line %d", arc.to);
    return length < 0 ? NULL : text;
}

char *branches_describe_arc(const struct analysis *analysis, struct arc arc)
{
    if (analysis->is_given)
        return describe_given(analysis, arc, false);
    return print_text(print_arc, analysis, arc);
}

char *branches_describe_missing(const struct analysis *analysis, struct arc arc)
{
    if (analysis->is_given)
        return describe_given(analysis, arc, true);
    return print_text(print_missing, analysis, arc);
}
