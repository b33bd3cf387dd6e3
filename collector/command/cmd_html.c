/*
 * covfork html: the report as a folder of pages.
 */
#include "collector/command/cmd.h"

struct html_options {
    struct cmd_report_options common;
    const char *directory, *title;
    int skip_covered, skip_empty, quiet; /* -1: as configured */
};

static int write_report(struct cmd_report *report, void *state)
{
    const struct html_options *options = state;
    struct cmd_output output;
    struct error error = { 0 };
    int status;
    if (cmd_output_html(&output, report, options->directory, &error) != 0) {
        status = cmd_fail(&error);
    } else {
        struct report_html *html = &output.state.html;
        if (options->title)
            html->title = options->title;
        html->skip_covered = cmd_choose(options->skip_covered, html->skip_covered);
        html->skip_empty = cmd_choose(options->skip_empty, html->skip_empty);
        html->show_contexts = cmd_choose(options->common.show_contexts, html->show_contexts);
        status = cmd_output_write(&output, report, options->quiet);
    }
    cmd_output_close(&output);
    return status;
}

int cmd_html(int argc, char **argv)
{
    struct html_options given = { .skip_covered = -1, .skip_empty = -1 };
    cmd_report_options_init(&given.common);
    given.common.keep_processes = true;
    given.common.show_contexts = -1;
    given.common.filters_contexts = true;
    const struct option options[] = {
        { 'd', "directory", OPTION_TEXT, &given.directory, "DIR",
          "Write the report to this folder. Default: htmlcov." },
        { '\0', "title", OPTION_TEXT, &given.title, "TITLE", "What stands on top of the pages." },
        { '\0', "precision", OPTION_INTEGER, &given.common.precision, "N",
          "Digits after the decimal point in percentages." },
        { '\0', "show-contexts", OPTION_SET, &given.common.show_contexts, NULL,
          "Say under which contexts each line ran." },
        { '\0', "skip-covered", OPTION_SET, &given.skip_covered, NULL,
          "Leave out files in which nothing is missing." },
        { '\0', "no-skip-covered", OPTION_CLEAR, &given.skip_covered, NULL,
          "Undo --skip-covered." },
        { '\0', "skip-empty", OPTION_SET, &given.skip_empty, NULL, "Leave out empty files." },
        { 'q', "quiet", OPTION_SET, &given.quiet, NULL, "Do not say what was written." },
        CMD_OPTION_CONTEXTS(&given.common),
        CMD_REPORT_OPTIONS(&given.common),
    };
    const struct command command = {
        "html",
        "[FILE...]",
        "Write the report as a folder of pages for a browser: an index, each source file with\n"
        "what ran in it, and the processes of the run. It needs no server and no network.\n",
        options,
        sizeof options / sizeof options[0],
    };
    return cmd_report_run(&command, argc, argv, &given.common, write_report, &given);
}
