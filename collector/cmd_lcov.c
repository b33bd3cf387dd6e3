/*
 * covfork lcov: LCOV's tracefile.
 */
#include "cmd.h"

int cmd_lcov(int argc, char **argv)
{
    struct cmd_report_options common;
    cmd_report_options_init(&common);
    int quiet = 0;
    const char *path = NULL;
    const struct option options[] = {
        { 'o', NULL, OPTION_TEXT, &path, "OUTFILE",
          "Write the report to this file, - for standard output. Default: coverage.lcov." },
        { 'q', "quiet", OPTION_SET, &quiet, NULL, "Do not say what was written." },
        CMD_REPORT_OPTIONS(&common),
    };
    const struct command command = {
        "lcov",
        "[FILE...]",
        "Write the report as LCOV's tracefile, as coverage.py writes it.\n",
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
               cmd_output_lcov(&output, &report, path, &error) != 0) {
        status = cmd_fail(&error);
    } else {
        status = cmd_output_write(&output, &report, quiet);
    }
    cmd_output_close(&output);
    cmd_report_close(&report);
    cmd_report_options_close(&common);
    return status;
}
