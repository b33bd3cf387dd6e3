/*
 * Reads and analyses file after file; only one is in memory at a time.
 */
#include "report.h"

#include "number_format.h"
#include "paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

double report_percent(const struct report_numbers *numbers)
{
    return number_percent(numbers->statements - numbers->missing + numbers->branches -
                              numbers->missing_branches,
                          numbers->statements + numbers->branches);
}

static int add_warning(struct string_list *warnings, struct error *error, const char *format,
                       const char *path, const char *text)
{
    struct error line;
    error_set(&line, ERROR_NONE, "%s'%s'%s%s", format, path, *text ? ": " : "", text);
    if (string_list_add(warnings, line.text) != 0)
        return error_set(error, ERROR_MEMORY, "out of memory");
    return 0;
}

/* What becomes of a file that is not Python. 0 (passed over) or -1. */
static int refuse_syntax(const struct report_input *input, const struct source_file *file,
                         const struct error *problem, struct string_list *warnings,
                         struct error *error)
{
    if (problem->code == ERROR_MEMORY ||
        (source_file_should_be_python(file->path) && !input->ignore_errors)) {
        *error = *problem;
        return -1;
    }
    if (!source_file_should_be_python(file->path))
        return 0;
    return add_warning(warnings, error, "couldn't parse Python file ", file->path, "");
}

static int refuse_source(const struct report_input *input, const struct source_file *file,
                         int problem, struct string_list *warnings, struct error *error)
{
    struct error found;
    if (problem == ENOMEM)
        return error_set(error, ERROR_MEMORY, "out of memory");
    if (problem == ENOENT || problem == ENOTDIR)
        error_set(&found, ERROR_SOURCE, "No source for code: '%s'.", file->path);
    else
        error_set(&found, ERROR_SOURCE, "can't read %s: %s", file->path, strerror(problem));
    if (!input->ignore_errors) {
        *error = found;
        return -1;
    }
    return add_warning(warnings, error, "couldn't parse ", file->path, found.text);
}

static int hand_over(const struct report_input *input, const struct source_file *file,
                     const unsigned char *source, size_t source_size,
                     const struct analysis *analysis, const struct report_format *format,
                     void *state, struct report_numbers *total, struct error *error)
{
    struct line_set executed = LINE_SET_EMPTY, missing = LINE_SET_EMPTY;
    int result = analysis_executed(analysis, &file->executed, &executed);
    if (result == 0)
        result = line_set_copy(&missing, &analysis->statements);
    if (result != 0) {
        error_set(error, ERROR_MEMORY, "out of memory");
    } else {
        line_set_subtract(&missing, &executed);
        struct report_file handed = {
            .path = file->path,
            .name = path_relative(input->directory, file->path),
            .analysis = analysis,
            .executed = &executed,
            .missing = &missing,
            .numbers = { .files = 1,
                         .statements = line_set_count(&analysis->statements),
                         .excluded = line_set_count(&analysis->excluded),
                         .missing = line_set_count(&missing) },
            .source = source,
            .source_size = source_size,
            .records = file->records,
            .record_count = file->record_count,
        };
        total->files++;
        total->statements += handed.numbers.statements;
        total->excluded += handed.numbers.excluded;
        total->missing += handed.numbers.missing;
        result = format->file(state, &handed, error);
    }
    line_set_close(&executed);
    line_set_close(&missing);
    return result;
}

static int walk_file(const struct report_input *input, const struct source_file *file,
                     const struct report_format *format, void *state, struct report_numbers *total,
                     struct string_list *warnings, struct error *error)
{
    unsigned char *bytes;
    size_t size;
    if (source_file_read(file->path, &bytes, &size) != 0)
        return refuse_source(input, file, errno, warnings, error);
    struct error problem = { 0 };
    struct analysis analysis;
    int result;
    if (file->problem) {
        error_set(&problem, ERROR_SOURCE, "%s", file->problem);
        result = refuse_syntax(input, file, &problem, warnings, error);
    } else if (analysis_run(&analysis, file->path, bytes, size, &file->table, input->rules,
                            &problem) != 0) {
        result = refuse_syntax(input, file, &problem, warnings, error);
    } else {
        result = hand_over(input, file, bytes, size, &analysis, format, state, total, error);
        analysis_close(&analysis);
    }
    free(bytes);
    return result;
}

int report_walk(const struct report_input *input, const struct report_format *format, void *state,
                struct report_numbers *total, struct string_list *warnings, struct error *error)
{
    *total = (struct report_numbers){ 0 };
    if (input->files->count == 0)
        return error_set(error, ERROR_NO_DATA, "no data to report");
    if (format->begin(state, error) != 0)
        return -1;
    for (size_t i = 0; i < input->files->count; i++)
        if (walk_file(input, &input->files->items[i], format, state, total, warnings, error) != 0)
            return -1;
    return format->end(state, total, error);
}
