/*
 * covfork report: coverage.py's table on stdout, and with it, in the same walk, reports in files.
 */
#include "collector/command/cmd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What was asked for; NULL and -1: as configured. */
struct wishes {
    int show_missing, skip_covered, skip_empty;
    const char *sort, *format;
    const char *revision;          /* changed lines only */
    const char *html;              /* a folder */
    const char *json, *lcov, *xml; /* files */
};

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

/* Characters in a line of the terminal that stdout is; 0 when it is none. */
static int find_width(void)
{
    if (!isatty(STDOUT_FILENO))
        return 0;
    const char *columns = getenv("COLUMNS");
    int width = columns ? atoi(columns) : 0;
    struct winsize size;
    if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    return width > 0 ? width : 80;
}

static bool wants_colors(void)
{
    const char *refused = getenv("NO_COLOR"), *name = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(refused && *refused) && name && strcmp(name, "dumb") != 0;
}

static int prepare_text(struct report_text *text, const struct cmd_report *report,
                        const struct wishes *wishes, struct error *error)
{
    const struct config *config = &report->data.config;
    const char *style = wishes->format ? wishes->format : config->format;
    *text = (struct report_text){
        .stream = stdout,
        .precision = report->precision,
        .show_missing = cmd_choose(wishes->show_missing, config->show_missing),
        .skip_covered = cmd_choose(wishes->skip_covered, config->skip_covered),
        .skip_empty = cmd_choose(wishes->skip_empty, config->skip_empty),
        .sort = wishes->sort ? wishes->sort : config->sort,
        .width = find_width(),
        .colors = wants_colors(),
        .fail_under = report->fail_under,
        .origin = report->origin,
    };
    return find_style(style ? style : "text", &text->style, error);
}

#define OUTPUTS_MAX 4

/* The reports in files; further formats belong here. 0 or -1. */
static int prepare_outputs(struct cmd_output outputs[OUTPUTS_MAX], size_t *count,
                           const struct cmd_report *report, const struct wishes *wishes,
                           struct error *error)
{
    const struct {
        const char *option, *path;
        int (*prepare)(struct cmd_output *output, const struct cmd_report *report, const char *path,
                       struct error *error);
        bool is_of_all; /* whatever contexts are chosen */
    } wanted[OUTPUTS_MAX] = { { "--html", wishes->html, cmd_output_html, false },
                              { "--json", wishes->json, cmd_output_json, false },
                              { "--lcov", wishes->lcov, cmd_output_lcov, true },
                              { "--xml", wishes->xml, cmd_output_xml, true } };
    for (size_t i = 0; i < OUTPUTS_MAX; i++) {
        if (!wanted[i].path)
            continue;
        if (report->contexts && wanted[i].is_of_all)
            return error_set(error, ERROR_USAGE,
                             "%s is of all contexts, as coverage.py's is: write it by itself",
                             wanted[i].option);
        if (!*wanted[i].path || strcmp(wanted[i].path, "-") == 0)
            return error_set(error, ERROR_USAGE, "%s needs the name of a file", wanted[i].option);
        if (wanted[i].prepare(&outputs[(*count)++], report, wanted[i].path, error) != 0)
            return -1;
    }
    return 0;
}

/* Writes everything. The exit status. */
static int write_reports(struct cmd_report *report, const struct wishes *wishes)
{
    struct error error = { 0 };
    struct report_text text = { 0 };
    struct cmd_output outputs[OUTPUTS_MAX] = { 0 };
    struct git_diff changes = { 0 };
    struct report_numbers total;
    size_t count = 0;
    int result = prepare_text(&text, report, wishes, &error);
    if (result == 0)
        result = prepare_outputs(outputs, &count, report, wishes, &error);
    if (result == 0 && wishes->revision)
        result = git_diff_read(&changes, report->data.directory, wishes->revision, &error);
    struct report_part last = { &report_text_format, &text };
    struct report_diff diff = { .diff = &changes, .part = last };
    if (wishes->revision)
        last = (struct report_part){ &report_diff_format, &diff };
    if (wishes->revision && count == 0)
        report->input.only = &changes;
    if (result == 0)
        result = cmd_outputs_write(outputs, count, report, last, &total, &error);
    int status = result == 0 ? CMD_OK : cmd_fail(&error);
    if (wishes->revision)
        total = diff.total;
    if (status == CMD_OK && wishes->revision && total.files == 0 && text.style == REPORT_TOTAL)
        printf("100\n");
    else if (status == CMD_OK && wishes->revision && total.files == 0)
        printf("No statement changed since %s.\n", wishes->revision);
    if (status == CMD_OK)
        status = cmd_report_judge(report, report_percent(&total), stdout);
    for (size_t i = 0; i < OUTPUTS_MAX; i++)
        cmd_output_close(&outputs[i]);
    git_diff_close(&changes);
    report_text_close(&text);
    return status;
}

int cmd_report(int argc, char **argv)
{
    struct cmd_report_options common;
    cmd_report_options_init(&common);
    common.filters_contexts = true;
    struct wishes wishes = { .show_missing = -1, .skip_covered = -1, .skip_empty = -1 };
    const struct option options[] = {
        { '\0', "format", OPTION_TEXT, &wishes.format, "FORMAT",
          "text (default), markdown, or total." },
        { 'm', "show-missing", OPTION_SET, &wishes.show_missing, NULL,
          "Show the numbers of the lines that did not run." },
        { '\0', "precision", OPTION_INTEGER, &common.precision, "N",
          "Digits after the decimal point of percentages." },
        { '\0', "skip-covered", OPTION_SET, &wishes.skip_covered, NULL,
          "Leave out files with 100%." },
        { '\0', "no-skip-covered", OPTION_CLEAR, &wishes.skip_covered, NULL,
          "Undo --skip-covered." },
        { '\0', "skip-empty", OPTION_SET, &wishes.skip_empty, NULL,
          "Leave out files without code." },
        { '\0', "sort", OPTION_TEXT, &wishes.sort, "COLUMN",
          "Sort by name (default), stmts, miss, branch, brpart, or cover; -COLUMN reverses." },
        { '\0', "diff", OPTION_TEXT, &wishes.revision, "REV",
          "Show only statements that git diff REV says are new or changed; --fail-under is for "
          "these, and the configured one is for the whole." },
        { '\0', "html", OPTION_TEXT, &wishes.html, "DIR", "Write the HTML report too." },
        { '\0', "json", OPTION_TEXT, &wishes.json, "OUTFILE", "Write the JSON report too." },
        { '\0', "lcov", OPTION_TEXT, &wishes.lcov, "OUTFILE", "Write the LCOV report too." },
        { '\0', "xml", OPTION_TEXT, &wishes.xml, "OUTFILE", "Write the XML report too." },
        CMD_OPTION_CONTEXTS(&common),
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
    int status;
    enum options_result parsed = options_parse(&command, argc, argv, &common.files, &error);
    if (wishes.json || wishes.html)
        common.show_contexts = -1;
    common.keep_processes = wishes.html != NULL;
    if (wishes.revision && isnan(common.fail_under))
        common.fail_under = 0;
    if (parsed != OPTIONS_OK) {
        status = cmd_end_options(parsed, &command, &error);
    } else if (cmd_report_open(&report, &common, &error) != 0) {
        status = cmd_fail(&error);
    } else {
        status = write_reports(&report, &wishes);
        int written = cmd_flush_output();
        if (written != CMD_OK)
            status = written;
    }
    cmd_report_close(&report);
    cmd_report_options_close(&common);
    return status;
}
