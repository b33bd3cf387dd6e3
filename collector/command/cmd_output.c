/*
 * Reports that go to files, one or several of one walk. What is said about them goes to stderr, so
 * that a report on stdout stands alone.
 */
#include "collector/command/cmd.h"

#include "collector/base/path.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_stdout(const struct cmd_output *output)
{
    return output->stream && strcmp(output->path, "-") == 0;
}

int cmd_output_html(struct cmd_output *output, const struct cmd_report *report, const char *path,
                    struct error *error)
{
    (void)error;
    const struct config *config = &report->data.config;
    *output = (struct cmd_output){
        .path = path ? path : config->html_dir,
        .what = "HTML report",
        .format = &report_html_format,
        .state.html = { .title = config->html_title,
                        .extra_css = config->html_extra_css,
                        .precision = report->precision,
                        .skip_covered = config->html_skip_covered_given ? config->html_skip_covered
                                                                        : config->skip_covered,
                        .skip_empty = config->html_skip_empty_given ? config->html_skip_empty
                                                                    : config->skip_empty,
                        .show_contexts = config->html_show_contexts && report->with_contexts,
                        .origin = report->origin,
                        .model = &report->data.collection.model,
                        .processes = report->data.collection.model.processes },
    };
    output->state.html.directory = output->path;
    return 0;
}

int cmd_output_json(struct cmd_output *output, const struct cmd_report *report, const char *path,
                    struct error *error)
{
    (void)error;
    const struct config *config = &report->data.config;
    *output = (struct cmd_output){
        .path = path ? path : config->json_output,
        .what = "JSON report",
        .format = &report_json_format,
        .state.json = { .precision = report->precision,
                        .pretty_print = config->json_pretty_print,
                        .show_contexts = report->with_contexts,
                        .origin = report->origin,
                        .is_first = true },
    };
    output->stream = &output->state.json.stream;
    return 0;
}

int cmd_output_lcov(struct cmd_output *output, const struct cmd_report *report, const char *path,
                    struct error *error)
{
    (void)error;
    const struct config *config = &report->data.config;
    *output = (struct cmd_output){
        .path = path ? path : config->lcov_output,
        .what = "LCOV report",
        .format = &report_lcov_format,
        .state.lcov = { .skip_empty = config->skip_empty,
                        .line_checksums = config->lcov_line_checksums },
    };
    output->stream = &output->state.lcov.stream;
    return 0;
}

/* The configured sources that are there: what names in the XML are relative to. */
static int find_sources(struct string_list *sources, const struct config *config)
{
    for (size_t i = 0; i < config->source.count; i++) {
        char *path = path_canonical(config->directory, config->source.items[i]);
        int result = path ? 0 : -1;
        if (path && access(path, F_OK) == 0) {
            char *given = strdup(config->source.items[i]);
            for (size_t size = given ? strlen(given) : 0; size && given[size - 1] == '/';)
                given[--size] = '\0';
            result = given ? string_list_add(sources, config->relative_files ? given : path) : -1;
            free(given);
        }
        free(path);
        if (result != 0)
            return -1;
    }
    return 0;
}

int cmd_output_xml(struct cmd_output *output, const struct cmd_report *report, const char *path,
                   struct error *error)
{
    const struct config *config = &report->data.config;
    *output = (struct cmd_output){
        .path = path ? path : config->xml_output,
        .what = "XML report",
        .format = &report_xml_format,
        .state.xml = { .skip_empty = config->skip_empty,
                       .package_depth = config->xml_package_depth,
                       .sources = &output->sources,
                       .relative_files = config->relative_files,
                       .origin = report->origin },
    };
    output->stream = &output->state.xml.stream;
    if (find_sources(&output->sources, config) != 0)
        return error_set(error, ERROR_MEMORY, "out of memory");
    return 0;
}

void cmd_output_close(struct cmd_output *output)
{
    if (output->format == &report_html_format)
        report_html_close(&output->state.html);
    if (output->format == &report_xml_format)
        report_xml_close(&output->state.xml);
    if (output->format == &report_lcov_format)
        report_lcov_close(&output->state.lcov);
    string_list_close(&output->sources);
    output_file_close(&output->file);
    *output = (struct cmd_output){ 0 };
}

static int open_file(struct cmd_output *output, struct error *error)
{
    if (!output->stream)
        return 0;
    if (!is_stdout(output))
        cmd_make_parents(output->path);
    if (output_file_open(&output->file, output->path, error) != 0)
        return -1;
    *output->stream = output->file.stream;
    return 0;
}

/* 0 or -1. */
static int commit(struct cmd_output *output, bool quiet, struct error *error)
{
    if (output->stream && output_file_commit(&output->file, error) != 0)
        return -1;
    if (!quiet && !is_stdout(output))
        fprintf(stderr, "Wrote %s to %s%s\n", output->what, output->path,
                output->stream ? "" : "/index.html");
    return 0;
}

int cmd_output_write(struct cmd_output *output, struct cmd_report *report, bool quiet)
{
    struct error error = { 0 };
    struct report_numbers total;
    if (open_file(output, &error) != 0 ||
        cmd_report_walk(report, output->format, &output->state, &total, &error) != 0 ||
        commit(output, quiet, &error) != 0)
        return cmd_fail(&error);
    /* Not behind the report itself. */
    return cmd_report_judge(report, total.statements ? report_percent(&total) : 0.0,
                            is_stdout(output) ? stderr : stdout);
}

int cmd_outputs_write(struct cmd_output *outputs, size_t count, struct cmd_report *report,
                      struct report_part last, struct report_numbers *total, struct error *error)
{
    struct report_part *parts = calloc(count + 1, sizeof *parts);
    int result = parts ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
    for (size_t i = 0; result == 0 && i < count; i++) {
        parts[i] = (struct report_part){ outputs[i].format, &outputs[i].state };
        result = open_file(&outputs[i], error);
    }
    if (result == 0) {
        parts[count] = last;
        struct report_many many = { parts, count + 1 };
        result = cmd_report_walk(report, &report_many_format, &many, total, error);
    }
    free(parts);
    for (size_t i = 0; result == 0 && i < count; i++)
        result = commit(&outputs[i], false, error);
    return result;
}
