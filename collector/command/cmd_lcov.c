/*
 * covfork lcov: LCOV's tracefile.
 */
#include "collector/command/cmd.h"

struct lcov_options {
    struct cmd_report_options common;
    const char *path;
    int quiet;
};

static int write_report(struct cmd_report *report, void *state)
{
    const struct lcov_options *options = state;
    struct cmd_output output;
    struct error error = { 0 };
    int status;
    if (cmd_output_lcov(&output, report, options->path, &error) != 0)
        status = cmd_fail(&error);
    else
        status = cmd_output_write(&output, report, options->quiet);
    cmd_output_close(&output);
    return status;
}

int cmd_lcov(int argc, char **argv)
{
    struct lcov_options given = { 0 };
    cmd_report_options_init(&given.common);
    const struct option options[] = {
        { 'o', NULL, OPTION_TEXT, &given.path, "OUTFILE",
          "Write the report to this file, - for standard output. Default: coverage.lcov." },
        { 'q', "quiet", OPTION_SET, &given.quiet, NULL, "Do not say what was written." },
        CMD_REPORT_OPTIONS(&given.common),
    };
    const struct command command = {
        "lcov",
        "[FILE...]",
        "Write the report as LCOV's tracefile, as coverage.py writes it.\n",
        options,
        sizeof options / sizeof options[0],
    };
    return cmd_report_run(&command, argc, argv, &given.common, write_report, &given);
}
