/*
 * covfork xml: Cobertura's XML in a file.
 */
#include "cmd.h"

int cmd_xml(int argc, char **argv)
{
    struct cmd_report_options common;
    cmd_report_options_init(&common);
    int skip_empty = -1, quiet = 0;
    const char *path = NULL;
    const struct option options[] = {
        { 'o', NULL, OPTION_TEXT, &path, "OUTFILE",
          "Write the report to this file, - for standard output. Default: coverage.xml." },
        { '\0', "skip-empty", OPTION_SET, &skip_empty, NULL, "Leave out files without code." },
        { 'q', "quiet", OPTION_SET, &quiet, NULL, "Do not say what was written." },
        CMD_REPORT_OPTIONS(&common),
    };
    const struct command command = {
        "xml",
        "[FILE...]",
        "Write the report as XML, as Cobertura and coverage.py write it.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct cmd_report report = { 0 };
    struct cmd_output output = { 0 };
    int status;
    enum options_result parsed = options_parse(&command, argc, argv, &common.files, &error);
    if (parsed != OPTIONS_OK) {
        status = cmd_end_options(parsed, &command, &error);
    } else if (cmd_report_open(&report, &common, &error) != 0 ||
               cmd_output_xml(&output, &report, path, &error) != 0) {
        status = cmd_fail(&error);
    } else {
        if (skip_empty >= 0)
            output.state.xml.skip_empty = skip_empty;
        status = cmd_output_write(&output, &report, quiet);
    }
    cmd_output_close(&output);
    cmd_report_close(&report);
    cmd_report_options_close(&common);
    return status;
}
