/*
 * covfork report: coverage.py's table on stdout.
 */
#include "cmd.h"

#include <string.h>

static int find_style(const char *name, enum report_style *style, struct error *error)
{
    static const char *const names[] = { "text", "markdown", "total" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0) {
            *style = (enum report_style)i;
            return 0;
        }
    return error_set(error, ERROR_CONFIG, "Unknown report format choice: '%s'", name);
}

/* An option of the command line, else the configuration's. */
static bool choose(int given, bool configured)
{
    return given >= 0 ? given : configured;
}

int cmd_report(int argc, char **argv)
{
    struct cmd_report_options common;
    cmd_report_options_init(&common);
    int show_missing = -1, skip_covered = -1, skip_empty = -1;
    const char *sort = NULL, *format = NULL;
    const struct option options[] = {
        { '\0', "format", OPTION_TEXT, &format, "FORMAT", "text (default), markdown, or total." },
        { 'm', "show-missing", OPTION_SET, &show_missing, NULL,
          "Show the numbers of the lines that did not run." },
        { '\0', "precision", OPTION_INTEGER, &common.precision, "N",
          "Digits after the decimal point of percentages." },
        { '\0', "skip-covered", OPTION_SET, &skip_covered, NULL, "Leave out files with 100%." },
        { '\0', "no-skip-covered", OPTION_CLEAR, &skip_covered, NULL, "Undo --skip-covered." },
        { '\0', "skip-empty", OPTION_SET, &skip_empty, NULL, "Leave out files without code." },
        { '\0', "sort", OPTION_TEXT, &sort, "COLUMN",
          "Sort by name (default), stmts, miss, or cover; -COLUMN reverses." },
        CMD_REPORT_OPTIONS(&common),
    };
    const struct command command = {
        "report",
        "[FILE...]",
        "Say how much of each source file ran.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct cmd_report report = { 0 };
    struct report_text text = { .stream = stdout };
    struct report_numbers total;
    int status;
    enum options_result parsed = options_parse(&command, argc, argv, &common.files, &error);
    if (parsed != OPTIONS_OK) {
        status = cmd_end_options(parsed, &command, &error);
    } else if (cmd_report_open(&report, &common, &error) != 0) {
        status = cmd_fail(&error);
    } else {
        const struct config *config = &report.data.config;
        text.precision = report.precision;
        text.show_missing = choose(show_missing, config->show_missing);
        text.skip_covered = choose(skip_covered, config->skip_covered);
        text.skip_empty = choose(skip_empty, config->skip_empty);
        text.sort = sort ? sort : config->sort;
        text.origin = report.origin;
        const char *style = format ? format : config->format;
        if (find_style(style ? style : "text", &text.style, &error) != 0 ||
            cmd_report_walk(&report, &report_text_format, &text, &total, &error) != 0)
            status = cmd_fail(&error);
        else
            status = cmd_report_judge(&report, report_percent(&total), stdout);
        int written = cmd_flush_output();
        if (written != CMD_OK)
            status = written;
    }
    report_text_close(&text);
    cmd_report_close(&report);
    cmd_report_options_close(&common);
    return status;
}
