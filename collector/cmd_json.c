/*
 * covfork json: coverage.py's JSON report in a file.
 */
#include "cmd.h"

int cmd_json(int argc, char **argv)
{
    struct cmd_report_options common;
    cmd_report_options_init(&common);
    int pretty_print = -1, quiet = 0;
    common.show_contexts = -1;
    const char *path = NULL;
    const struct option options[] = {
        { 'o', NULL, OPTION_TEXT, &path, "OUTFILE",
          "Write the report to this file, - for standard output. Default: coverage.json." },
        { '\0', "pretty-print", OPTION_SET, &pretty_print, NULL, "Format it for human readers." },
        { '\0', "show-contexts", OPTION_SET, &common.show_contexts, NULL,
          "Say of each line under which contexts it ran." },
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
    struct cmd_output output = { 0 };
    int status;
    enum options_result parsed = options_parse(&command, argc, argv, &common.files, &error);
    if (parsed != OPTIONS_OK) {
        status = cmd_end_options(parsed, &command, &error);
    } else if (cmd_report_open(&report, &common, &error) != 0 ||
               cmd_output_json(&output, &report, path, &error) != 0) {
        status = cmd_fail(&error);
    } else {
        if (pretty_print >= 0)
            output.state.json.pretty_print = pretty_print;
        status = cmd_output_write(&output, &report, quiet);
    }
    cmd_output_close(&output);
    cmd_report_close(&report);
    cmd_report_options_close(&common);
    return status;
}
