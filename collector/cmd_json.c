/*
 * covfork json: coverage.py's JSON report in a file. It is made in memory first, so that an error
 * leaves the file as it was.
 */
#include "cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int write_file(const char *path, const char *bytes, size_t size, struct error *error)
{
    cmd_make_parents(path);
    FILE *stream = fopen(path, "we");
    bool good = stream != NULL;
    if (good)
        good = fwrite(bytes, 1, size, stream) == size;
    if (stream && fclose(stream) != 0)
        good = false;
    return good ? 0 : error_set(error, ERROR_SYSTEM, "can't write %s: %s", path, strerror(errno));
}

/* Makes the report in memory; `*bytes` is the caller's. 0 or -1. */
static int make_report(struct cmd_report *report, bool pretty_print, char **bytes, size_t *size,
                       struct report_numbers *total, struct error *error)
{
    struct report_json json = {
        .stream = open_memstream(bytes, size),
        .precision = report->precision,
        .pretty_print = pretty_print,
        .origin = report->origin,
        .is_first = true,
    };
    if (!json.stream)
        return error_set(error, ERROR_MEMORY, "out of memory");
    int result = cmd_report_walk(report, &report_json_format, &json, total, error);
    bool failed = ferror(json.stream) != 0;
    if ((fclose(json.stream) != 0 || failed) && result == 0)
        result = error_set(error, ERROR_MEMORY, "out of memory");
    return result;
}

static int write_report(struct cmd_report *report, const char *path, bool pretty_print, bool quiet)
{
    struct error error = { 0 };
    char *bytes = NULL;
    size_t size = 0;
    struct report_numbers total;
    bool to_stdout = strcmp(path, "-") == 0;
    int status = CMD_OK;
    int result = make_report(report, pretty_print, &bytes, &size, &total, &error);
    if (result == 0 && to_stdout) {
        fwrite(bytes, 1, size, stdout);
        status = cmd_flush_output();
    } else if (result == 0) {
        result = write_file(path, bytes, size, &error);
        if (result == 0 && !quiet)
            fprintf(stderr, "Wrote JSON report to %s\n", path);
    }
    free(bytes);
    if (result != 0)
        return cmd_fail(&error);
    if (status != CMD_OK)
        return status;
    /* Not behind the report itself. */
    return cmd_report_judge(report, total.statements ? report_percent(&total) : 0.0,
                            to_stdout ? stderr : stdout);
}

int cmd_json(int argc, char **argv)
{
    struct cmd_report_options common;
    cmd_report_options_init(&common);
    int pretty_print = -1, quiet = 0;
    const char *output = NULL;
    const struct option options[] = {
        { 'o', NULL, OPTION_TEXT, &output, "OUTFILE",
          "Write the report to this file, - for standard output. Default: coverage.json." },
        { '\0', "pretty-print", OPTION_SET, &pretty_print, NULL, "Format it for human readers." },
        { 'q', "quiet", OPTION_SET, &quiet, NULL, "Do not say what was written." },
        CMD_REPORT_OPTIONS(&common),
    };
    const struct command command = {
        "json",
        "[FILE...]",
        "Write the report as JSON, in the format of coverage.py.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct cmd_report report = { 0 };
    int status;
    enum options_result parsed = options_parse(&command, argc, argv, &common.files, &error);
    if (parsed != OPTIONS_OK) {
        status = cmd_end_options(parsed, &command, &error);
    } else if (cmd_report_open(&report, &common, &error) != 0) {
        status = cmd_fail(&error);
    } else {
        const struct config *config = &report.data.config;
        const char *path = output ? output : config->json_output;
        status = write_report(&report, path ? path : "coverage.json",
                              pretty_print >= 0 ? pretty_print : config->json_pretty_print, quiet);
    }
    cmd_report_close(&report);
    cmd_report_options_close(&common);
    return status;
}
