/*
 * A driver of the statement analysis for scripts/bench/accuracy: reads requests from standard
 * input and answers each with one line of JSON. Not part of the product.
 *
 * A request is three lines: a path, the numbers of the lines that have code, and the numbers of
 * recorded arcs, two each. The arguments are exclusion patterns in place of the default ones.
 */
#include "collector/source/analysis.h"
#include "collector/source/branches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    unsigned char *bytes = NULL;
    size_t capacity = 0;
    *size = 0;
    for (;;) {
        if (capacity - *size < 65536) {
            capacity = (capacity + 65536) * 2;
            unsigned char *larger = realloc(bytes, capacity);
            if (!larger)
                abort();
            bytes = larger;
        }
        size_t got = fread(bytes + *size, 1, capacity - *size, file);
        *size += got;
        if (got == 0)
            break;
    }
    fclose(file);
    return bytes;
}

static void print_text(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void print_lines(const char *name, const struct line_set *lines)
{
    printf("\"%s\":[", name);
    const char *comma = "";
    for (uint32_t line = line_set_next(lines, 0); line; line = line_set_next(lines, line)) {
        printf("%s%u", comma, line);
        comma = ",";
    }
    printf("]");
}

static void print_analysis(const struct analysis *analysis)
{
    printf("{\"line_count\":%u,", analysis->line_count);
    print_lines("statements", &analysis->statements);
    putchar(',');
    print_lines("excluded", &analysis->excluded);
    printf(",\"first_line\":{");
    const char *comma = "";
    for (uint32_t line = 1; line <= analysis->line_count; line++)
        if (analysis->first_line[line] != line) {
            printf("%s\"%u\":%u", comma, line, analysis->first_line[line]);
            comma = ",";
        }
    printf("},\"regions\":[");
    for (size_t i = 0; i < analysis->region_count; i++) {
        const struct region *region = &analysis->regions[i];
        printf("%s{\"kind\":\"%s\",\"name\":", i ? "," : "",
               region->kind == REGION_CLASS ? "class" : "function");
        print_text(region->name);
        printf(",\"start\":%u,", region->start);
        print_lines("lines", &region->lines);
        putchar('}');
    }
    putchar(']');
}

static void print_arcs(const char *name, const struct arc_set *arcs)
{
    printf(",\"%s\":[", name);
    for (size_t i = 0; i < arcs->count; i++)
        printf("%s[%d,%d]", i ? "," : "", arcs->items[i].from, arcs->items[i].to);
    putchar(']');
}

static void print_words(const char *name, const struct analysis *analysis,
                        char *(*describe)(const struct analysis *, struct arc))
{
    printf(",\"%s\":[", name);
    for (size_t i = 0; i < analysis->flow.possible.count; i++) {
        char *text = describe(analysis, analysis->flow.possible.items[i]);
        if (!text)
            abort();
        if (i)
            putchar(',');
        print_text(text);
        free(text);
    }
    putchar(']');
}

static void print_branches(const struct analysis *analysis, const struct branches *branches)
{
    putchar(',');
    print_lines("no_branch", &analysis->no_branch);
    print_arcs("arcs", &analysis->flow.possible);
    print_arcs("executed", &branches->executed);
    print_arcs("missing", &branches->missing);
    printf(",\"branch_lines\":[");
    for (size_t i = 0; i < branches->line_count; i++) {
        const struct branch_line *line = &branches->lines[i];
        printf("%s[%u,%u,%u]", i ? "," : "", line->line, line->exits, line->taken);
    }
    printf("],\"numbers\":[%zu,%zu,%zu]", branches->total, branches->covered, branches->partial);
    print_words("arc_words", analysis, branches_describe_arc);
    print_words("missing_words", analysis, branches_describe_missing);
}

static void print_error(const char *text)
{
    printf("{\"error\":");
    print_text(text);
    printf("}\n");
}

static int read_code_lines(const char *text, struct line_set *lines)
{
    char *end;
    for (;;) {
        unsigned long line = strtoul(text, &end, 10);
        if (end == text)
            return 0;
        if (line_set_add(lines, (uint32_t)line) < 0)
            return -1;
        text = end;
    }
}

/* Also the lines that the arcs touch. */
static int read_arcs(const char *text, struct arc_set *arcs, struct line_set *lines)
{
    for (;;) {
        int32_t ends[2];
        for (int i = 0; i < 2; i++) {
            char *end;
            ends[i] = (int32_t)strtol(text, &end, 10);
            if (end == text) {
                arc_set_sort(arcs);
                return 0;
            }
            if (ends[i] > 0 && line_set_add(lines, (uint32_t)ends[i]) < 0)
                return -1;
            text = end;
        }
        if (arc_set_add(arcs, (struct arc){ ends[0], ends[1] }) < 0)
            return -1;
    }
}

static int print_answer(const struct analysis *analysis, const char *arc_text, struct error *error)
{
    struct arc_set arcs = ARC_SET_EMPTY;
    struct line_set touched = LINE_SET_EMPTY, executed = LINE_SET_EMPTY;
    struct branches branches;
    int result = -1;
    if (read_arcs(arc_text, &arcs, &touched) < 0 ||
        analysis_executed(analysis, &touched, &executed) < 0)
        error_set(error, ERROR_MEMORY, "out of memory");
    else
        result = branches_find(&branches, analysis, &arcs, &executed, error);
    if (result == 0) {
        print_analysis(analysis);
        print_branches(analysis, &branches);
        printf("}\n");
        branches_close(&branches);
    }
    arc_set_close(&arcs);
    line_set_close(&touched);
    line_set_close(&executed);
    return result;
}

static void answer(const char *path, const char *code, const char *arcs,
                   const struct analysis_rules *rules)
{
    size_t size;
    unsigned char *source = read_file(path, &size);
    if (!source) {
        print_error("can't read the file");
        return;
    }
    struct line_set code_lines = LINE_SET_EMPTY;
    struct analysis analysis;
    struct error error = { ERROR_NONE, "" };
    if (read_code_lines(code, &code_lines) < 0) {
        print_error("out of memory");
    } else if (analysis_run(&analysis, path, source, size, &code_lines, rules, &error) < 0) {
        print_error(error.text);
    } else {
        if (print_answer(&analysis, arcs, &error) < 0)
            print_error(error.text);
        analysis_close(&analysis);
    }
    line_set_close(&code_lines);
    free(source);
}

static size_t count_patterns(const char *const *patterns)
{
    size_t count = 0;
    while (patterns[count])
        count++;
    return count;
}

int main(int argc, char **argv)
{
    size_t count = (size_t)argc - 1;
    const char *const *patterns = (const char *const *)argv + 1;
    if (count == 0) {
        patterns = analysis_default_exclude;
        count = count_patterns(patterns);
    }
    struct error error = { ERROR_NONE, "" };
    struct analysis_rules *rules = analysis_rules_new(patterns, count, &error);
    if (!rules || analysis_rules_want_branches(
                      rules, analysis_default_partial, count_patterns(analysis_default_partial),
                      analysis_default_partial_always,
                      count_patterns(analysis_default_partial_always), &error) < 0) {
        fprintf(stderr, "analysis_dump: %s\n", error.text);
        analysis_rules_free(rules);
        return 1;
    }
    char *lines[3] = { NULL, NULL, NULL };
    size_t capacities[3] = { 0, 0, 0 };
    for (;;) {
        int got = 0;
        while (got < 3 && getline(&lines[got], &capacities[got], stdin) > 0)
            got++;
        if (got < 3)
            break;
        lines[0][strcspn(lines[0], "\n")] = '\0';
        answer(lines[0], lines[1], lines[2], rules);
        fflush(stdout);
    }
    for (int i = 0; i < 3; i++)
        free(lines[i]);
    analysis_rules_free(rules);
    return 0;
}
