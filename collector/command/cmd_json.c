/*
 * covfork json: coverage.py's JSON report in a file.
 */
#include "collector/command/cmd.h"

struct json_options {
    struct cmd_report_options common;
    const char *path;
    int pretty_print /* -1: as configured */, quiet;
};

static int write_report(struct cmd_report *report, void *state)
{
    const struct json_options *options = state;
    struct cmd_output output;
    struct error error = { 0 };
    int status;
    if (cmd_output_json(&output, report, options->path, &error) != 0) {
        status = cmd_fail(&error);
    } else {
        output.state.json.pretty_print =
            cmd_choose(options->pretty_print, output.state.json.pretty_print);
        status = cmd_output_write(&output, report, options->quiet);
    }
    cmd_output_close(&output);
    return status;
}

int cmd_json(int argc, char **argv)
{
    struct json_options given = { .pretty_print = -1 };
    cmd_report_options_init(&given.common);
    given.common.show_contexts = -1;
    given.common.filters_contexts = true;
    const struct option options[] = {
        { 'o', NULL, OPTION_TEXT, &given.path, "OUTFILE",
          "Write the report to this file, - for standard output. Default: coverage.json." },
        { '\0', "pretty-print", OPTION_SET, &given.pretty_print, NULL,
          "Format it for human readers." },
        { '\0', "show-contexts", OPTION_SET, &given.common.show_contexts, NULL,
          "Say of each line under which contexts it ran." },
        { 'q', "quiet", OPTION_SET, &given.quiet, NULL, "Do not say what was written." },
        CMD_OPTION_CONTEXTS(&given.common),
        CMD_REPORT_OPTIONS(&given.common),
    };
    const struct command command = {
        "json",
        "[FILE...]",
        "Write the report as JSON, in the format of coverage.py.\n",
        options,
        sizeof options / sizeof options[0],
    };
    return cmd_report_run(&command, argc, argv, &given.common, write_report, &given);
}
