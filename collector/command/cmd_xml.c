/*
 * covfork xml: Cobertura's XML in a file.
 */
#include "collector/command/cmd.h"

struct xml_options {
    struct cmd_report_options common;
    const char *path;
    int skip_empty /* -1: as configured */, quiet;
};

static int write_report(struct cmd_report *report, void *state)
{
    const struct xml_options *options = state;
    struct cmd_output output;
    struct error error = { 0 };
    int status;
    if (cmd_output_xml(&output, report, options->path, &error) != 0) {
        status = cmd_fail(&error);
    } else {
        output.state.xml.skip_empty = cmd_choose(options->skip_empty, output.state.xml.skip_empty);
        status = cmd_output_write(&output, report, options->quiet);
    }
    cmd_output_close(&output);
    return status;
}

int cmd_xml(int argc, char **argv)
{
    struct xml_options given = { .skip_empty = -1 };
    cmd_report_options_init(&given.common);
    const struct option options[] = {
        { 'o', NULL, OPTION_TEXT, &given.path, "OUTFILE",
          "Write the report to this file, - for standard output. Default: coverage.xml." },
        { '\0', "skip-empty", OPTION_SET, &given.skip_empty, NULL,
          "Leave out files without code." },
        { 'q', "quiet", OPTION_SET, &given.quiet, NULL, "Do not say what was written." },
        CMD_REPORT_OPTIONS(&given.common),
    };
    const struct command command = {
        "xml",
        "[FILE...]",
        "Write the report as XML, as Cobertura and coverage.py write it.\n",
        options,
        sizeof options / sizeof options[0],
    };
    return cmd_report_run(&command, argc, argv, &given.common, write_report, &given);
}
