/*
 * The commands of covfork-collect and what they share. Only cmd_*.c and main.c print and choose an
 * exit status: 0, 1 for an error, 2 below --fail-under, 3 when --require-complete is not met, which
 * goes before 2.
 */
#ifndef COVFORK_CMD_H
#define COVFORK_CMD_H

#include "collector/source/analysis.h"
#include "collector/read/collection.h"
#include "collector/project/config.h"
#include "collector/base/error.h"
#include "collector/project/interpreter.h"
#include "collector/base/options.h"
#include "collector/base/output_file.h"
#include "collector/report/report.h"
#include "collector/project/source_file.h"

enum cmd_status { CMD_OK = 0, CMD_ERROR = 1, CMD_UNDER = 2, CMD_INCOMPLETE = 3 };

/* Each takes the command's name in argv[0] and gives the exit status. */
int cmd_annotate(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_combine(int argc, char **argv);
int cmd_debug(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_erase(int argc, char **argv);
int cmd_html(int argc, char **argv);
int cmd_json(int argc, char **argv);
int cmd_lcov(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_sqlite(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_summary(int argc, char **argv);
int cmd_tree(int argc, char **argv);
int cmd_xml(int argc, char **argv);

/* Writes one line on stderr; cmd_fail gives CMD_ERROR. */
int cmd_fail(const struct error *error);
void cmd_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Writes and removes all lines of the list. */
void cmd_print_warnings(struct string_list *warnings);
/* Warns of what the configuration of a session, in the folder of this name, said in vain. */
void cmd_warn_of_settings(const char *session_path);
/* Writes what a session recorded and lost, as the end of a line, on stdout. */
void cmd_print_census(const struct census *census);
/* What remains to be done after options_parse gave anything but OPTIONS_OK. */
int cmd_end_options(enum options_result result, const struct command *command,
                    const struct error *error);
/* Flushes stdout: CMD_OK, or CMD_ERROR with a line when not everything could be written. */
int cmd_flush_output(void);
/* Makes the folders that `path` is to be in, as far as they are missing and can be made. */
void cmd_make_parents(const char *path);

/* Data, configuration and scope, as commands that look at sources need them. */
struct cmd_data {
    char *directory;                   /* the working folder, canonical */
    char *folder;                      /* the data folder */
    char *cache;                       /* the folder for answers of interpreters */
    const char *rcfile;                /* as it was given; NULL: none */
    struct config_start *config_start; /* NULL: none, or not yet */
    struct collection collection;
    struct config config;
    struct string_list interpreters;
    struct string_list dirs, pkgs, roots; /* what was to be measured */
    bool branch;                          /* branches were to be measured */
    struct path_globs *run_omit;
    struct path_aliases *aliases;
};

/* To be called first; cmd_data_close may be called then whatever happens. 0 or -1. */
int cmd_data_init(struct cmd_data *data, const char *folder_option, struct error *error);
/* To be called before data is read, by who calls cmd_data_configure after: the Python that reads
 * the configuration then runs meanwhile. `data` stays where it is, and `rcfile` the caller's. */
void cmd_data_expect_config(struct cmd_data *data, const char *rcfile);
/* Reads the configuration and settles the scope; the collection is filled. 0 or -1. */
int cmd_data_configure(struct cmd_data *data, const char *rcfile, struct error *error);
/* A scope of all that was to be measured. It borrows from `data`. */
struct source_scope cmd_data_scope(const struct cmd_data *data);
/* Did any measured line run? */
bool cmd_data_has_lines(const struct cmd_data *data);
/* May there be sources to report? Without a line that ran, those that nothing imported, where
 * interpreters ran and lost nothing. */
bool cmd_data_may_have_sources(const struct cmd_data *data);
/* Sets an ERROR_NO_DATA "no data to WHAT: …" that says why, as far as the ledgers tell. -1. */
int cmd_data_explain_none(const struct cmd_data *data, const char *what, struct error *error);
/* How to use what another tool left in the working folder, as the end of a message; "" where it
 * left nothing. */
const char *cmd_foreign_hint(void);
void cmd_data_close(struct cmd_data *data);

/* Waits until no process lives that could add to what the folder or data file has, `seconds` at
 * most; with 0 not at all. */
void cmd_wait_for_writers(const char *path, double seconds);
/* Warns of one of those that still live, as far as the collection looked for them. */
void cmd_warn_of_writers(const struct collection *collection);

/* What the reporting commands have in common. */
struct cmd_report_options {
    const char *data_dir, *rcfile;
    const char *data_file; /* to be read instead of the folder; NULL */
    int require_complete;
    int keep_combined; /* what it asks for is done in any case */
    double wait;       /* seconds */
    struct string_list include, omit, files;
    int ignore_errors;     /* -1: as configured */
    bool keep_processes;   /* the report says who ran what */
    double fail_under;     /* NaN: as configured */
    int precision;         /* -1: as configured */
    bool filters_contexts; /* the report is of chosen contexts, as coverage.py's is */
    const char *contexts;  /* of the command line, with commas; NULL */
    int show_contexts;     /* collect them too; -1: as configured for json; 0 without the option */
};

/* clang-format off */
#define CMD_OPTION_DATA_DIR(target)                                                                \
    { '\0', "data-dir", OPTION_TEXT, target, "DIR",                                                \
      "The folder with the data. Default: $COVFORK_DIR, else .covfork." }
#define CMD_OPTION_RCFILE(target)                                                                  \
    { '\0', "rcfile", OPTION_TEXT, target, "FILE",                                                 \
      "The configuration file. Default: .coveragerc, setup.cfg, tox.ini or pyproject.toml." },     \
    { '\0', "python", OPTION_TEXT, &interpreter_option, "FILE",                                    \
      "The Python to ask where one is needed. Default: $COVFORK_PYTHON, else one in PATH." }
#define CMD_OPTION_WAIT(target)                                                                    \
    { '\0', "wait", OPTION_NUMBER, target, "SECONDS",                                              \
      "Wait until the recorded processes have ended, SECONDS at most." }

#define CMD_OPTION_DEBUG                                                                           \
    { '\0', "debug", OPTION_REFUSED, NULL, "see covfork doctor and covfork tree", NULL }

#define CMD_SOURCE_OPTIONS(o)                                                                      \
    CMD_OPTION_DEBUG,                                                                              \
    { '\0', "data-file", OPTION_TEXT, &(o)->data_file, "INFILE",                                   \
      "Report this in place of the folder with the data: a file of covfork combine, or another "   \
      "tool's, as covfork combine takes it." },                                                    \
    { '\0', "keep-combined", OPTION_SET, &(o)->keep_combined, NULL,                                \
      "Leave the data as it is, which a report does in any case." },                               \
    CMD_OPTION_DATA_DIR(&(o)->data_dir),                                                           \
    CMD_OPTION_RCFILE(&(o)->rcfile),                                                               \
    { '\0', "include", OPTION_LIST, &(o)->include, "PAT1,PAT2,...",                                \
      "Report only files whose paths match one of these patterns." },                              \
    { '\0', "omit", OPTION_LIST, &(o)->omit, "PAT1,PAT2,...",                                      \
      "Leave out files whose paths match one of these patterns." },                                \
    CMD_OPTION_WAIT(&(o)->wait),                                                                   \
    { 'i', "ignore-errors", OPTION_SET, &(o)->ignore_errors, NULL,                                 \
      "Warn of source files that can't be read or parsed, and go on." }

/* And those of reports that have a total. */
#define CMD_REPORT_OPTIONS(o)                                                                      \
    CMD_SOURCE_OPTIONS(o),                                                                         \
    { '\0', "fail-under", OPTION_NUMBER, &(o)->fail_under, "MIN",                                  \
      "Exit with a status of 2 if the total coverage is less than MIN." },                         \
    { '\0', "require-complete", OPTION_SET, &(o)->require_complete, NULL,                          \
      "Exit with a status of 3 if an interpreter lost data, also where the total is less than "    \
      "MIN." }
/* clang-format on */

/* clang-format off */
#define CMD_OPTION_CONTEXTS(o)                                                                     \
    { '\0', "contexts", OPTION_TEXT, &(o)->contexts, "REGEX1,REGEX2,...",                          \
      "Count only what ran under contexts that one of these regular expressions is found in." }
/* clang-format on */

void cmd_report_options_init(struct cmd_report_options *options);
void cmd_report_options_close(struct cmd_report_options *options);

struct cmd_report {
    struct cmd_data data;
    struct analysis_rules *rules;
    struct analysis_cache *cache;
    bool *contexts; /* those that count, by number; NULL: all */
    struct source_files files;
    struct report_input input;
    struct report_origin origin;
    int precision;
    double fail_under;
    bool require_complete, with_contexts;
    char *losses; /* why data was lost, for the report's line; NULL when none was */
};

/* Reads everything up to the walk. `report` may be closed whatever comes back. 0 or -1. */
int cmd_report_open(struct cmd_report *report, const struct cmd_report_options *options,
                    struct error *error);
/* Walks the files and prints warnings. 0 or -1. */
int cmd_report_walk(struct cmd_report *report, const struct report_format *format, void *state,
                    struct report_numbers *total, struct error *error);
/* Compares with --fail-under and says so on `stream`, and looks at --require-complete: CMD_OK,
 * CMD_UNDER, CMD_INCOMPLETE or CMD_ERROR. */
int cmd_report_judge(const struct cmd_report *report, double total, FILE *stream);
void cmd_report_close(struct cmd_report *report);
/*
 * A reporting command whose `options` need no more than its command line: parses that, opens the
 * report, has it written by `write`, which gives the exit status, and closes the report and
 * `options`. The exit status.
 */
int cmd_report_run(const struct command *command, int argc, char **argv,
                   struct cmd_report_options *options,
                   int (*write)(struct cmd_report *report, void *state), void *state);
/* An option of the command line, else (-1) what is configured. */
bool cmd_choose(int given, bool configured);

/* cmd_output.c: a report that goes to a file or, HTML, to a folder. */
struct cmd_output {
    const char *path; /* "-": standard output, of a file */
    const char *what; /* "XML report" */
    const struct report_format *format;
    union {
        struct report_html html;
        struct report_json json;
        struct report_lcov lcov;
        struct report_xml xml;
    } state;
    FILE **stream; /* that of the state; NULL of a folder */
    struct string_list sources;
    struct output_file file;
};

/* Each fills `output` as it is configured; `path` NULL: where the configuration says. The report
 * must stay open. 0 or -1; cmd_output_close may be called whatever comes back. */
int cmd_output_html(struct cmd_output *output, const struct cmd_report *report, const char *path,
                    struct error *error);
int cmd_output_json(struct cmd_output *output, const struct cmd_report *report, const char *path,
                    struct error *error);
int cmd_output_lcov(struct cmd_output *output, const struct cmd_report *report, const char *path,
                    struct error *error);
int cmd_output_xml(struct cmd_output *output, const struct cmd_report *report, const char *path,
                   struct error *error);
void cmd_output_close(struct cmd_output *output);
/* Walks the files and writes the report, says so unless `quiet`, and judges the total. The exit
 * status. */
int cmd_output_write(struct cmd_output *output, struct cmd_report *report, bool quiet);
/* Walks the files once for several reports in files and, in the end, for `last`, which writes on
 * stdout. 0 or -1; with an error, no file has changed but those named before on stderr. */
int cmd_outputs_write(struct cmd_output *outputs, size_t count, struct cmd_report *report,
                      struct report_part last, struct report_numbers *total, struct error *error);

#endif
