/*
 * Hands over file after file; few are in memory at a time.
 */
#include "collector/report/report.h"

#include "collector/project/analyse_ahead.h"
#include "collector/base/number_format.h"
#include "collector/base/path.h"
#include "collector/project/plugin_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

double report_percent(const struct report_numbers *numbers)
{
    return number_percent(numbers->statements - numbers->missing + numbers->branches -
                              numbers->missing_branches,
                          numbers->statements + numbers->branches);
}

void report_numbers_add(struct report_numbers *sum, const struct report_numbers *numbers)
{
    sum->files += numbers->files;
    sum->statements += numbers->statements;
    sum->excluded += numbers->excluded;
    sum->missing += numbers->missing;
    sum->branches += numbers->branches;
    sum->missing_branches += numbers->missing_branches;
    sum->partial_branches += numbers->partial_branches;
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
    if (!source_file_should_be_python(file->path) || input->quiet_errors)
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
    if (input->quiet_errors)
        return 0;
    return add_warning(warnings, error, "couldn't parse ", file->path, found.text);
}

static int hand_over(const struct report_input *input, const struct source_file *file,
                     const struct analysed_source *source, const struct report_format *format,
                     void *state, struct report_numbers *total, struct error *error)
{
    const struct analysis *analysis = &source->analysis;
    struct line_set executed = LINE_SET_EMPTY, missing = LINE_SET_EMPTY;
    struct branches branches = { 0 };
    int result = -1;
    if (analysis_executed(analysis, &file->executed, &executed) != 0 ||
        line_set_copy(&missing, &analysis->statements) != 0) {
        error_set(error, ERROR_MEMORY, "out of memory");
        goto out;
    }
    line_set_subtract(&missing, &executed);
    if (input->has_branches &&
        branches_find(&branches, analysis, &file->arcs, &executed, error) != 0)
        goto out;
    struct report_file handed = {
        .path = file->path,
        .name = path_relative(input->directory, file->path),
        .analysis = analysis,
        .executed = &executed,
        .missing = &missing,
        .branches = input->has_branches ? &branches : NULL,
        .source = file,
        .bytes = source->bytes,
        .size = source->size,
        .numbers = { .files = 1,
                     .statements = line_set_count(&analysis->statements),
                     .excluded = line_set_count(&analysis->excluded),
                     .missing = line_set_count(&missing),
                     .branches = branches.total,
                     .missing_branches = branches.total - branches.covered,
                     .partial_branches = branches.partial },
    };
    report_numbers_add(total, &handed.numbers);
    result = format->file(state, &handed, error);
    branches_close(&branches);
out:
    line_set_close(&executed);
    line_set_close(&missing);
    return result;
}

/* A file of which its plugin could say nothing. */
static int refuse_plugin(const struct report_input *input, const struct source_file *file,
                         struct string_list *warnings, struct error *error)
{
    if (input->ignore_errors)
        return add_warning(warnings, error, "couldn't parse ", file->path, file->problem);
    return error_set(error, ERROR_SOURCE, "couldn't parse '%s': %s", file->path, file->problem);
}

static int walk_file(const struct report_input *input, const struct source_file *file,
                     const struct analysed_source *source, const struct report_format *format,
                     void *state, struct report_numbers *total, struct string_list *warnings,
                     struct error *error)
{
    if (file->plugin) {
        const struct analysed_source given = { .bytes = file->plugin->bytes,
                                               .size = file->plugin->size,
                                               .has_analysis = true,
                                               .analysis = file->plugin->analysis };
        return hand_over(input, file, &given, format, state, total, error);
    }
    if (file->tracer && file->problem)
        return refuse_plugin(input, file, warnings, error);
    if (source->read_problem)
        return refuse_source(input, file, source->read_problem, warnings, error);
    if (source->has_analysis)
        return hand_over(input, file, source, format, state, total, error);
    struct error problem = source->problem;
    if (file->problem)
        error_set(&problem, ERROR_SOURCE, "%s", file->problem);
    return refuse_syntax(input, file, &problem, warnings, error);
}

bool report_needs_bytes(const struct report_format *format, const void *state)
{
    return format->needs_bytes && format->needs_bytes(state);
}

bool report_always_needs_bytes(const void *state)
{
    (void)state;
    return true;
}

static int walk(const struct report_input *input, const struct source_file *const *files,
                size_t count, const struct report_format *format, void *state,
                struct report_numbers *total, struct string_list *warnings, struct error *error)
{
    struct analyse_ahead *ahead = analyse_ahead_new(files, count, input->rules, input->cache,
                                                    report_needs_bytes(format, state));
    int result = ahead ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
    for (size_t i = 0; result == 0 && i < count; i++)
        result = walk_file(input, files[i], analyse_ahead_take(ahead, i), format, state, total,
                           warnings, error);
    analyse_ahead_free(ahead);
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
    const struct source_file **files = calloc(input->files->count, sizeof *files);
    if (!files)
        return error_set(error, ERROR_MEMORY, "out of memory");
    size_t count = 0;
    for (size_t i = 0; i < input->files->count; i++) {
        files[count] = &input->files->items[i];
        count += !input->only || git_diff_find(input->only, files[count]->path);
    }
    int result = walk(input, files, count, format, state, total, warnings, error);
    free(files);
    return result == 0 ? format->end(state, total, error) : -1;
}
