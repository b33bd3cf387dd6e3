/*
 * A driver of the statement analysis for scripts/bench/accuracy: reads requests from standard
 * input and answers each with one line of JSON. Not part of the product.
 *
 * A request is two lines, a path and the numbers of the lines that have code. The arguments are
 * exclusion patterns in place of the default ones.
 */
#include "analysis.h"

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
    printf("]}\n");
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

static void answer(const char *path, const char *code, const struct analysis_rules *rules)
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
        print_analysis(&analysis);
        analysis_close(&analysis);
    }
    line_set_close(&code_lines);
    free(source);
}

int main(int argc, char **argv)
{
    size_t count = (size_t)argc - 1;
    const char *const *patterns = (const char *const *)argv + 1;
    if (count == 0) {
        patterns = analysis_default_exclude;
        while (patterns[count])
            count++;
    }
    struct error error = { ERROR_NONE, "" };
    struct analysis_rules *rules = analysis_rules_new(patterns, count, &error);
    if (!rules) {
        fprintf(stderr, "analysis_dump: %s\n", error.text);
        return 1;
    }
    char *path = NULL, *code = NULL;
    size_t path_capacity = 0, code_capacity = 0;
    while (getline(&path, &path_capacity, stdin) > 0 && getline(&code, &code_capacity, stdin) > 0) {
        path[strcspn(path, "\n")] = '\0';
        answer(path, code, rules);
        fflush(stdout);
    }
    free(path);
    free(code);
    analysis_rules_free(rules);
    return 0;
}
