/*
 * The settings of coverage.py that a project already has: read from `.coveragerc`,
 * `.coveragerc.toml`, `setup.cfg`, `tox.ini` or `pyproject.toml` in coverage.py's order and by its
 * rules: plain ones by config_plain.c, all others by Python's own configparser and tomllib in one
 * helper process (scripts/helper/read_config.py), whose answer arrives here as JSON.
 */
#ifndef COVFORK_CONFIG_H
#define COVFORK_CONFIG_H

#include "collector/base/error.h"
#include "collector/base/string_list.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct config_path_alias {
    char *name;
    struct string_list patterns; /* the first is the canonical one */
};

struct config {
    char *file;      /* the file that was read, absolute; NULL when none had settings */
    char *directory; /* the folder that relative names are relative to; absolute */
    /* [run] */
    bool branch;
    bool relative_files;
    bool source_given; /* `source` was set, even to nothing */
    struct string_list source, source_pkgs, source_dirs;
    struct string_list run_include, run_omit;
    struct string_list plugins;
    /* Of those that trace files, CoveragePlugin's names. */
    struct string_list file_tracers;
    struct string_list idle_plugins; /* what is said of those that need coverage.py's engine */
    bool plugins_stay;  /* not run: data names the file, which must start nothing. Set before */
    char *command_line; /* NULL when unset */
    struct string_list disable_warnings; /* coverage.py's names of them */
    /* [report] */
    struct string_list exclude; /* exclude_lines (or the default) and exclude_also */
    struct string_list partial; /* partial_branches (or the default) and partial_also */
    struct string_list partial_always;
    double fail_under;
    int precision;
    bool show_missing, skip_covered, skip_empty, ignore_errors, include_namespace_packages;
    bool report_include_given, report_omit_given;
    struct string_list report_include, report_omit;
    struct string_list report_contexts; /* regular expressions, not yet looked at */
    char *sort;                         /* NULL when unset */
    char *format;                       /* NULL when unset */
    /* [html] [xml] [json] [lcov] */
    char *html_dir, *html_title, *xml_output, *json_output, *lcov_output;
    bool json_pretty_print, json_show_contexts, lcov_line_checksums;
    int xml_package_depth;
    char *html_extra_css; /* NULL when unset */
    bool html_show_contexts;
    bool html_skip_covered, html_skip_covered_given, html_skip_empty, html_skip_empty_given;
    /* [paths] */
    struct config_path_alias *paths;
    size_t path_count;
    /* What coverage.py would warn of (unrecognized options), one line each, file and line first. */
    struct string_list warnings;
    /* What only config_read_for_run is sure to tell, one line each, file and line first: why
     * coverage.py would not run with this (NULL: it would), and what has no effect on a run. */
    char *run_refusal;
    struct string_list run_warnings;
};

/* Fills `config` with coverage.py's defaults for the folder `directory`. 0 or -1 (memory). */
int config_init(struct config *config, const char *directory, struct error *error);
/*
 * Reads the configuration that coverage.py would read in `directory`, or `rcfile` when it is not
 * NULL (an error then when it is not there). `interpreters` (may be empty) are Pythons to try for
 * the helper process before those on PATH; when no file can have settings, or they are plain, none
 * is started. Plugins are run, and are what they make of it.
 * `cache_directory` (NULL: no cache) keeps the helper's answer, keyed by the files' content.
 * `config` is initialised by config_init. 0 or -1; an ERROR_CONFIG names file and key.
 */
int config_read(struct config *config, const char *rcfile, const struct string_list *interpreters,
                const char *cache_directory, struct error *error);
/*
 * Has the plugins of the configuration that was read with `rcfile` answer `question` (NULL: none),
 * JSON as scripts/helper/plugins.py has it. What the configuration is with them is in `*answer`,
 * too. Caller frees it. 0 or -1; ERROR_SYSTEM where no interpreter has them.
 */
int config_ask_plugins(const struct config *config, const char *rcfile,
                       const struct string_list *interpreters, const char *question,
                       json_t **answer, struct error *error);
/* The same before a run that records with `engine`: also what matters to runs only is looked at,
 * and as it is now. Where only its refusal matters, not its warnings, `engine` is NULL. */
int config_read_for_run(struct config *config, const char *rcfile, const char *engine,
                        struct error *error);

/*
 * Starts the helper that config_read would need, before the interpreters are known for sure, so
 * that it runs while the caller reads data. NULL when it would not be needed, or can't be started.
 * config_read_started is config_read, and takes what was started (may be NULL) when the question
 * and the first of the interpreters are the same. The caller frees `start` after.
 */
struct config_start;
struct config_start *config_start_new(const char *directory, const char *rcfile,
                                      const char *interpreter, const char *cache_directory);
int config_read_started(struct config *config, const char *rcfile,
                        const struct string_list *interpreters, const char *cache_directory,
                        struct config_start *start, struct error *error);
void config_start_free(struct config_start *start);
/* Is coverage.py's warning of this name not wanted? */
bool config_disables(const struct config *config, const char *warning);
void config_close(struct config *config);

#endif
