/*
 * What the commands share: messages, and the way from a data folder to analysed files.
 */
#include "collector/command/cmd.h"

#include "collector/project/context_filter.h"
#include "collector/read/folder.h"
#include "collector/project/interpreter.h"
#include "collector/base/number_format.h"
#include "collector/base/path.h"
#include "collector/base/path_globs.h"
#include "collector/project/path_aliases.h"
#include "collector/project/plugin_files.h"
#include "collector/base/progress.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Reasons in the report's line on what was lost. */
#define LOSSES_SHOWN 2

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

int cmd_fail(const struct error *error)
{
    fflush(stdout);
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, error->text);
    return CMD_ERROR;
}

void cmd_warn(const char *format, ...)
{
    struct error line; /* replaces control characters */
    char text[sizeof line.text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    error_set(&line, ERROR_NONE, "%s", text);
    fflush(stdout);
    fprintf(stderr, "%s: warning: %s\n", program_invocation_short_name, line.text);
}

void cmd_print_warnings(struct string_list *warnings)
{
    for (size_t i = 0; i < warnings->count; i++)
        cmd_warn("%s", warnings->items[i]);
    string_list_close(warnings);
    *warnings = (struct string_list){ 0 };
}

int cmd_end_options(enum options_result result, const struct command *command,
                    const struct error *error)
{
    if (result == OPTIONS_ERROR)
        return cmd_fail(error);
    options_print_help(stdout, command);
    return cmd_flush_output();
}

int cmd_flush_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CMD_OK;
    struct error error;
    error_set(&error, ERROR_SYSTEM, "can't write the output: %s", strerror(errno));
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, error.text);
    return CMD_ERROR;
}

void cmd_make_parents(const char *path)
{
    char *copy = strdup(path);
    for (char *slash = copy; copy && (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
        *slash = '\0';
        /* What goes wrong is said when the file is made. */
        (void)mkdir(copy, 0777);
    }
    free(copy);
}

int cmd_data_init(struct cmd_data *data, const char *folder_option, struct error *error)
{
    *data = (struct cmd_data){ 0 };
    data->directory = realpath(".", NULL);
    if (!data->directory)
        return error_set(error, ERROR_SYSTEM, "can't find the working folder: %s", strerror(errno));
    data->folder = folder_choose(folder_option);
    if (!data->folder || asprintf(&data->cache, "%s/cache", data->folder) < 0) {
        data->cache = NULL;
        return out_of_memory(error);
    }
    return collection_init(&data->collection, error);
}

void cmd_data_close(struct cmd_data *data)
{
    free(data->directory);
    free(data->folder);
    config_start_free(data->config_start);
    free(data->cache);
    collection_close(&data->collection);
    config_close(&data->config);
    string_list_close(&data->interpreters);
    string_list_close(&data->dirs);
    string_list_close(&data->pkgs);
    string_list_close(&data->roots);
    path_globs_free(data->run_omit);
    path_aliases_free(data->aliases);
    *data = (struct cmd_data){ 0 };
}

/* Data files are untrusted: nothing is started because one names it. */
static int choose_interpreters(struct string_list *chosen, const struct cmd_data *data,
                               const struct interpreter_wish *wishes, size_t count)
{
    struct string_list never = { 0 };
    int result = string_list_add(&never, data->folder);
    if (result == 0)
        result = interpreter_choose(chosen, wishes, count, &never);
    string_list_close(&never);
    return result;
}

static void start_config(void *state, const char *executable)
{
    struct cmd_data *data = state;
    const struct model *model = &data->collection.model;
    const struct interpreter_wish wish = { model->interpreters[0].python, executable };
    struct string_list chosen = { 0 };
    if (choose_interpreters(&chosen, data, &wish, 1) == 0 && chosen.count)
        data->config_start =
            config_start_new(data->directory, data->rcfile, chosen.items[0], data->cache);
    string_list_close(&chosen);
}

void cmd_data_expect_config(struct cmd_data *data, const char *rcfile)
{
    data->rcfile = rcfile;
    data->collection.found_interpreter = start_config;
    data->collection.found_state = data;
}

static int add_once(struct string_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return 0;
    return string_list_add(list, text);
}

static int find_interpreters(struct cmd_data *data)
{
    struct model *model = &data->collection.model;
    if (model_sort(model) != 0)
        return -1;
    size_t count = 0;
    struct interpreter_wish *wishes =
        calloc(model->interpreter_count + model->run_count + 1, sizeof *wishes);
    if (!wishes)
        return -1;
    for (size_t i = 0; i < model->interpreter_count; i++)
        wishes[count++] = (struct interpreter_wish){ model->interpreters[i].python,
                                                     model->interpreters[i].executable };
    for (size_t i = 0; i < model->run_count; i++)
        wishes[count++] = (struct interpreter_wish){ 0, model->runs[i].executable };
    int result = choose_interpreters(&data->interpreters, data, wishes, count);
    free(wishes);
    return result;
}

/* The configuration of the working folder; where that has none, the one the runs were made with. */
static int read_config(struct cmd_data *data, const char *rcfile, struct error *error)
{
    if (config_init(&data->config, data->directory, error) != 0 ||
        config_read_started(&data->config, rcfile, &data->interpreters, data->cache,
                            data->config_start, error) != 0)
        return -1;
    if (rcfile || data->config.file)
        return 0;
    for (size_t i = data->collection.session_count; i-- > 0;) {
        const struct settings *settings = &data->collection.sessions[i].settings;
        if (!settings->config || access(settings->config, R_OK) != 0)
            continue;
        config_close(&data->config);
        const char *directory = settings->root ? settings->root : data->directory;
        if (config_init(&data->config, directory, error) != 0)
            return -1;
        data->config.plugins_stay = true;
        return config_read(&data->config, settings->config, &data->interpreters, data->cache,
                           error);
    }
    return 0;
}

static int add_all(struct string_list *to, const struct string_list *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (add_once(to, from->items[i]) != 0)
            return -1;
    return 0;
}

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* As coverage.py does: what is a folder is one, everything else is an import name. */
static int add_configured_source(struct cmd_data *data, const char *source, bool must_be_directory)
{
    char *path = path_canonical(data->config.directory, source);
    if (!path)
        return -1;
    int result = 0;
    /* No run takes the root of the file system, and no report is of all that is below it. */
    if (strcmp(path, "/") == 0)
        result = 0;
    else if (is_directory(path))
        result = add_once(&data->dirs, path);
    else if (!must_be_directory)
        result = add_once(&data->pkgs, source);
    free(path);
    return result;
}

static int add_configured_sources(struct cmd_data *data)
{
    const struct config *config = &data->config;
    for (size_t i = 0; i < config->source.count; i++)
        if (add_configured_source(data, config->source.items[i], false) != 0)
            return -1;
    for (size_t i = 0; i < config->source_dirs.count; i++)
        if (add_configured_source(data, config->source_dirs.items[i], true) != 0)
            return -1;
    return add_all(&data->pkgs, &config->source_pkgs);
}

/* What was to be measured: as the runs fixed it; of combined files, as it is configured. */
static int settle_scope(struct cmd_data *data, struct error *error)
{
    const struct collection *collection = &data->collection;
    struct string_list omit = { 0 };
    const char *omit_root = data->directory;
    bool fixed = false;
    int result = 0;
    data->branch = data->config.branch;
    for (size_t i = 0; result == 0 && i < collection->session_count; i++) {
        const struct settings *settings = &collection->sessions[i].settings;
        if (!settings->present)
            continue;
        fixed = true;
        data->branch |= settings->branch;
        if (settings->root)
            omit_root = settings->root;
        result = add_all(&data->dirs, &settings->source_dirs) == 0 &&
                         add_all(&data->pkgs, &settings->source_pkgs) == 0 &&
                         add_all(&omit, &settings->omit) == 0
                     ? 0
                     : -1;
    }
    for (size_t i = 0; result == 0 && i < collection->model.run_count; i++)
        if (*collection->model.runs[i].root)
            result = add_once(&data->roots, collection->model.runs[i].root);
    if (result == 0)
        result = add_once(&data->roots, data->directory);
    if (result == 0 && !fixed)
        result = add_configured_sources(data) == 0 ? add_all(&omit, &data->config.run_omit) : -1;
    if (result != 0)
        out_of_memory(error);
    if (result == 0 && omit.count) {
        data->run_omit = path_globs_new(&omit, omit_root, error);
        result = data->run_omit ? 0 : -1;
    }
    string_list_close(&omit);
    return result;
}

static int warn_of_idle_plugins(const struct cmd_data *data)
{
    struct string_list texts = { 0 };
    int result = 0;
    for (size_t i = 0; result == 0 && i < data->collection.session_count; i++)
        result = add_all(&texts, &data->collection.sessions[i].settings.idle);
    for (size_t i = 0; result == 0 && i < texts.count; i++)
        cmd_warn("%s", texts.items[i]);
    string_list_close(&texts);
    return result;
}

/* What the runs' configuration said in vain, behind what this one's does. */
static int add_run_warnings(struct cmd_data *data)
{
    for (size_t i = 0; i < data->collection.session_count; i++)
        if (add_all(&data->config.warnings, &data->collection.sessions[i].settings.unused) != 0)
            return -1;
    return 0;
}

int cmd_data_configure(struct cmd_data *data, const char *rcfile, struct error *error)
{
    if (find_interpreters(data) != 0)
        return out_of_memory(error);
    if (read_config(data, rcfile, error) != 0)
        return -1;
    if (add_run_warnings(data) != 0)
        return out_of_memory(error);
    cmd_print_warnings(&data->config.warnings);
    if (warn_of_idle_plugins(data) != 0)
        return out_of_memory(error);
    const char *refusal = collection_find_refusal(&data->collection);
    if (refusal)
        cmd_warn("%s", refusal);
    if (data->config.path_count) {
        data->aliases = path_aliases_new(&data->config, error);
        if (!data->aliases)
            return -1;
    }
    return settle_scope(data, error);
}

struct source_scope cmd_data_scope(const struct cmd_data *data)
{
    return (struct source_scope){
        .directory = data->directory,
        .aliases = data->aliases,
        .dirs = &data->dirs,
        .pkgs = &data->pkgs,
        .roots = &data->roots,
        .run_omit = data->run_omit,
        .include_namespace_packages = data->config.include_namespace_packages,
        .quiet_unimported = config_disables(&data->config, "module-not-imported"),
        .relative_files = data->config.relative_files,
        .interpreters = &data->interpreters,
        .cache_directory = data->cache,
    };
}

bool cmd_data_has_lines(const struct cmd_data *data)
{
    const struct model *model = &data->collection.model;
    for (size_t i = 0; i < model->source_count; i++)
        if (model->sources[i].lines_count)
            return true;
    return false;
}

bool cmd_data_may_have_sources(const struct cmd_data *data)
{
    if (cmd_data_has_lines(data) || data->collection.model.source_count)
        return true;
    struct collection_totals totals = collection_count(&data->collection);
    return totals.interpreters && totals.lost == 0;
}

/* "source: a, b", as the user gave it as far as possible. Caller frees. */
static char *describe_source(const struct cmd_data *data)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    const char *separator = "";
    for (size_t i = 0; i < data->collection.session_count; i++) {
        const struct settings *settings = &data->collection.sessions[i].settings;
        const struct string_list *lists[] = { &settings->source_dirs, &settings->source_pkgs };
        for (size_t j = 0; j < 2 && i + 1 == data->collection.session_count; j++)
            for (size_t k = 0; k < lists[j]->count; k++) {
                fprintf(stream, "%s%s", separator,
                        path_relative(data->directory, lists[j]->items[k]));
                separator = ", ";
            }
    }
    fclose(stream);
    return text;
}

void cmd_warn_of_settings(const char *session_path)
{
    struct settings settings;
    char *path;
    if (asprintf(&path, "%s/" FORMAT_SETTINGS_NAME, session_path) < 0)
        return;
    if (settings_read(&settings, path, NULL) == 0) {
        if (settings.refused)
            cmd_warn(MODEL_NOTE_REFUSED "%s", settings.refused);
        for (size_t i = 0; i < settings.unused.count; i++)
            cmd_warn("%s", settings.unused.items[i]);
        settings_close(&settings);
    }
    free(path);
}

const char *cmd_foreign_hint(void)
{
    return access(".coverage", R_OK) == 0 ? " (coverage.py's data: covfork combine .coverage)" : "";
}

int cmd_data_explain_none(const struct cmd_data *data, const char *what, struct error *error)
{
    const struct collection *collection = &data->collection;
    struct census_counts all = { 0 };
    const char *reason = NULL;
    bool present = false;
    for (size_t i = 0; i < collection->session_count; i++) {
        const struct census *census = &collection->sessions[i].census;
        struct census_counts counts = census_count(census);
        present |= census->present;
        all.processes += counts.processes;
        all.interpreters += counts.interpreters;
        all.lost += counts.lost;
        if (census->lost_count)
            reason = census->lost[0].text;
    }
    if (!present)
        return error_set(error, ERROR_NO_DATA, "no data to %s: nothing was recorded in %s%s", what,
                         data->folder, cmd_foreign_hint());
    const char *plural = all.processes == 1 ? "process was" : "processes were";
    if (all.interpreters == 0)
        return error_set(error, ERROR_NO_DATA,
                         "no data to %s: %zu %s recorded, %s Python interpreter%s%s", what,
                         all.processes, plural, all.processes == 1 ? "not a" : "none of them a",
                         reason ? "; lost: " : "", reason ? reason : "");
    plural = all.interpreters == 1 ? "interpreter" : "interpreters";
    if (all.lost)
        return error_set(error, ERROR_NO_DATA, "no data to %s: what %zu %s ran was lost: %s", what,
                         all.interpreters, plural, reason);
    char *source = describe_source(data);
    error_set(error, ERROR_NO_DATA, "no data to %s: %zu %s ran no measured line%s%s%s", what,
              all.interpreters, plural, source && *source ? " (source: " : "",
              source && *source ? source : "", source && *source ? ")" : "");
    free(source);
    return -1;
}

#define POLL_NANOSECONDS 50000000

void cmd_wait_for_writers(const char *path, double seconds)
{
    struct timespec until, now, pause = { 0, POLL_NANOSECONDS };
    clock_gettime(CLOCK_MONOTONIC, &now);
    until = now;
    if (!(seconds > 0))
        return;
    /* Longer than anybody waits, and far from what the clock can hold. */
    if (seconds > 1e8)
        seconds = 1e8;
    until.tv_sec += (time_t)seconds;
    double fraction = seconds - (double)(time_t)seconds;
    progress_begin("waiting for recorded processes", 0);
    while (collection_find_live(path) != 0) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        double left = (double)(until.tv_sec - now.tv_sec) + fraction +
                      (double)(until.tv_nsec - now.tv_nsec) / 1e9;
        if (left <= 0)
            break;
        nanosleep(&pause, NULL);
        /* A large ledger takes its time to read. */
        if (pause.tv_nsec < 10 * POLL_NANOSECONDS)
            pause.tv_nsec += POLL_NANOSECONDS / 5;
    }
    progress_end();
}

void cmd_warn_of_writers(const struct collection *collection)
{
    size_t others = 0;
    pid_t live = 0;
    for (size_t i = 0; i < collection->session_count; i++) {
        others += live != 0 && collection->sessions[i].live != 0;
        if (!live)
            live = collection->sessions[i].live;
    }
    if (live && others)
        cmd_warn("process %ld and those of %zu other run%s still run: what they do from now on is "
                 "left out",
                 (long)live, others, others == 1 ? "" : "s");
    else if (live)
        cmd_warn("process %ld still runs: what it does from now on is left out", (long)live);
}

/* Why data was lost, the first reasons of all runs: "A (2x), B, and 3 more (see covfork tree)".
 * Caller frees; NULL when memory ran out. */
static char *describe_losses(const struct collection *collection)
{
    char *text;
    size_t size, shown = 0, others = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    const struct model *model = &collection->model;
    for (size_t i = 0; i < model->run_count; i++)
        for (size_t j = 0; j < model->runs[i].note_count; j++) {
            const struct model_note *note = &model->runs[i].notes[j];
            if (collection_is_refusal(note))
                continue;
            if (shown == LOSSES_SHOWN) {
                others++;
                continue;
            }
            fputs(shown++ ? ", " : "", stream);
            for (const char *c = note->reason; *c; c++)
                putc((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c, stream);
            if (!*note->reason)
                fputs("unknown", stream);
            if (note->count > 1)
                fprintf(stream, " (%ux)", note->count);
        }
    if (others)
        fprintf(stream, ", and %zu more", others);
    if (collection_count(collection).has_sessions_lost)
        fputs(" (see covfork tree)", stream);
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

void cmd_report_options_init(struct cmd_report_options *options)
{
    *options =
        (struct cmd_report_options){ .ignore_errors = -1, .fail_under = NAN, .precision = -1 };
}

void cmd_report_options_close(struct cmd_report_options *options)
{
    string_list_close(&options->include);
    string_list_close(&options->omit);
    string_list_close(&options->files);
}

/* Patterns of the command line, else of the configuration; NULL where there are none. 0 or -1. */
static int make_globs(struct path_globs **globs, const struct string_list *given,
                      const struct string_list *configured, const char *directory,
                      struct error *error)
{
    const struct string_list *patterns = given->count ? given : configured;
    *globs = NULL;
    if (patterns->count == 0)
        return 0;
    *globs = path_globs_new(patterns, directory, error);
    return *globs ? 0 : -1;
}

/* Those of the command line, else of the configuration. 0 or -1. */
static int choose_contexts(struct cmd_report *report, const struct cmd_report_options *options,
                           struct error *error)
{
    const struct cmd_data *data = &report->data;
    const char *text = options->contexts;
    if (!options->filters_contexts)
        return 0;
    if (!text || !*text)
        return context_filter_make(&report->contexts, &data->config.report_contexts,
                                   &data->collection.model, error);
    struct string_list given = { 0 };
    char *copy = strdup(text), *rest = copy;
    int result = copy ? 0 : -1;
    /* An empty part, a last one too, is a pattern. */
    for (char *part; result == 0 && (part = strsep(&rest, ",")) != NULL;)
        result = string_list_add(&given, part);
    if (result != 0)
        out_of_memory(error);
    else
        result = context_filter_make(&report->contexts, &given, &data->collection.model, error);
    string_list_close(&given);
    free(copy);
    return result;
}

static int collect_files(struct cmd_report *report, const struct cmd_report_options *options,
                         struct error *error)
{
    struct cmd_data *data = &report->data;
    struct source_scope scope = cmd_data_scope(data);
    struct path_globs *include, *omit = NULL;
    int result = make_globs(&include, &options->include, &data->config.report_include,
                            data->directory, error);
    if (result == 0)
        result =
            make_globs(&omit, &options->omit, &data->config.report_omit, data->directory, error);
    if (result == 0) {
        scope.report_include = include;
        scope.report_omit = omit;
        scope.only = &options->files;
        scope.rules = report->rules;
        scope.with_contexts = report->with_contexts;
        scope.contexts = report->contexts;
        progress_begin("looking at sources", 0);
        result = source_files_collect(&report->files, &data->collection.model, &scope,
                                      &data->collection.warnings, error);
        if (result == 0)
            result =
                plugin_files_ask(&report->files, &scope, &data->config, options->rcfile, error);
        progress_end();
        /* Nothing ran, and branches were to be recorded. */
        if (data->branch && !cmd_data_has_lines(data))
            report->files.has_branches = true;
    }
    path_globs_free(include);
    path_globs_free(omit);
    cmd_print_warnings(&data->collection.warnings);
    return result;
}

/* Branches are reported when all of the data has them. 0 or -1. */
static int settle_branches(struct cmd_report *report, struct error *error)
{
    const struct config *config = &report->data.config;
    if (report->files.has_branches)
        return analysis_rules_want_branches(
            report->rules, (const char *const *)config->partial.items, config->partial.count,
            (const char *const *)config->partial_always.items, config->partial_always.count, error);
    /* That only a part of the data has them was said when the files were collected. */
    /* Nor is it news of a run that did not record what was configured. */
    if (report->data.branch && !report->data.collection.model.has_branch_data &&
        !collection_find_refusal(&report->data.collection))
        cmd_warn("no branches were recorded: the report has lines only");
    return 0;
}

/* Is it data, though sources are to be named? */
static bool is_data(const char *path, bool *is_folder)
{
    struct folder folder;
    struct stat status;
    enum foreign_kind kind;
    *is_folder = false;
    if (stat(path, &status) != 0)
        return false;
    if (S_ISDIR(status.st_mode) && folder_open(&folder, path, NULL) == 0) {
        *is_folder = folder.sessions.count || folder.combined.count;
        folder_close(&folder);
    } else if (S_ISREG(status.st_mode) && foreign_kind_of(path, &kind, NULL) == 0) {
        return kind == FOREIGN_COVFORK || kind == FOREIGN_SQLITE ||
               (kind == FOREIGN_JSON && foreign_is_report(path));
    }
    return *is_folder;
}

/* Those that a report is to be of. */
static int check_files(const struct string_list *files, struct error *error)
{
    bool is_folder;
    for (size_t i = 0; i < files->count; i++)
        if (is_data(files->items[i], &is_folder))
            return error_set(error, ERROR_USAGE,
                             "%s is data, not a source: --data-%s=%s reports it", files->items[i],
                             is_folder ? "dir" : "file", files->items[i]);
    return 0;
}

int cmd_report_open(struct cmd_report *report, const struct cmd_report_options *options,
                    struct error *error)
{
    *report = (struct cmd_report){ 0 };
    struct cmd_data *data = &report->data;
    if (cmd_data_init(data, options->data_dir, error) != 0)
        return -1;
    if (check_files(&options->files, error) != 0)
        return -1;
    cmd_wait_for_writers(options->data_file ? options->data_file : data->folder, options->wait);
    data->collection.find_live = true;
    data->collection.keep_processes = options->keep_processes;
    progress_begin("reading data", 0);
    cmd_data_expect_config(data, options->rcfile);
    int added = options->data_file
                    ? collection_add_path(&data->collection, options->data_file, error)
                    : collection_add_folder(&data->collection, data->folder, error);
    progress_end();
    if (added != 0) {
        if (error->code == ERROR_NO_DATA && !options->data_file) {
            struct error found = *error;
            error_set(error, ERROR_NO_DATA, "no data to report: %s%s", found.text,
                      cmd_foreign_hint());
        }
        return -1;
    }
    cmd_print_warnings(&data->collection.warnings);
    cmd_warn_of_writers(&data->collection);
    /* In one order, wherever they were read. */
    if (process_lines_sort(&data->collection.processes) != 0)
        return out_of_memory(error);
    if (!cmd_data_may_have_sources(data))
        return cmd_data_explain_none(data, "report", error);
    if (cmd_data_configure(data, options->rcfile, error) != 0)
        return -1;
    report->precision = options->precision >= 0 ? options->precision : data->config.precision;
    if (report->precision < 0)
        return error_set(error, ERROR_CONFIG, "precision=%d is invalid. Must not be negative.",
                         report->precision);
    if (report->precision > NUMBER_PRECISION_MAX)
        return error_set(error, ERROR_CONFIG, "precision=%d is more than %d", report->precision,
                         NUMBER_PRECISION_MAX);
    report->fail_under = isnan(options->fail_under) ? data->config.fail_under : options->fail_under;
    report->with_contexts = options->show_contexts >= 0
                                ? options->show_contexts
                                : data->config.json_show_contexts ||
                                      (options->keep_processes && data->config.html_show_contexts);
    report->rules = analysis_rules_new((const char *const *)data->config.exclude.items,
                                       data->config.exclude.count, error);
    if (!report->rules || choose_contexts(report, options, error) != 0 ||
        collect_files(report, options, error) != 0)
        return -1;
    bool is_chosen = options->include.count || options->omit.count ||
                     data->config.report_include.count || data->config.report_omit.count;
    if (report->files.count == 0 && !is_chosen && !cmd_data_has_lines(data))
        return cmd_data_explain_none(data, "report", error);
    if (report->files.count == 0)
        return error_set(error, ERROR_NO_DATA,
                         "no data to report: include and omit leave none of the measured files");
    if (settle_branches(report, error) != 0)
        return -1;
    report->cache = analysis_cache_open(data->cache, report->rules);
    report->input = (struct report_input){
        .files = &report->files,
        .rules = report->rules,
        .directory = data->directory,
        .ignore_errors =
            options->ignore_errors >= 0 ? options->ignore_errors : data->config.ignore_errors,
        .quiet_errors = config_disables(&data->config, "couldnt-parse"),
        .has_branches = report->files.has_branches,
        .cache = report->cache,
    };
    struct collection_totals totals = collection_count(&data->collection);
    report->origin = (struct report_origin){
        .runs = totals.runs_with_data,
        .processes = totals.processes,
        .interpreters = totals.interpreters,
        .with_data = totals.with_data,
        .lost = totals.lost,
        .early = totals.early,
        .since = totals.since,
        .has_branches = report->files.has_branches,
        .contexts = (const char *const *)data->collection.model.contexts,
        .refusal = collection_find_refusal(&data->collection),
    };
    report->require_complete = options->require_complete;
    if (totals.lost) {
        report->losses = describe_losses(&data->collection);
        if (!report->losses)
            return out_of_memory(error);
        if (*report->losses)
            report->origin.losses = report->losses;
    }
    return 0;
}

/* A format that is waited for: tells how far the walk is. */
static int watched_begin(void *state, struct error *error)
{
    const struct report_part *part = state;
    return part->format->begin(part->state, error);
}

static int watched_file(void *state, const struct report_file *file, struct error *error)
{
    const struct report_part *part = state;
    progress_advance();
    return part->format->file(part->state, file, error);
}

static int watched_end(void *state, const struct report_numbers *total, struct error *error)
{
    const struct report_part *part = state;
    /* It may write on the terminal now. */
    progress_end();
    return part->format->end(part->state, total, error);
}

static bool watched_needs_bytes(const void *state)
{
    const struct report_part *part = state;
    return report_needs_bytes(part->format, part->state);
}

static const struct report_format watched_format = { watched_begin, watched_file, watched_end,
                                                     watched_needs_bytes };

int cmd_report_walk(struct cmd_report *report, const struct report_format *format, void *state,
                    struct report_numbers *total, struct error *error)
{
    struct string_list warnings = { 0 };
    struct report_part part = { format, state };
    progress_begin("analysing sources", report->files.count);
    int result = report_walk(&report->input, &watched_format, &part, total, &warnings, error);
    analysis_cache_save(report->cache);
    progress_end();
    cmd_print_warnings(&warnings);
    return result;
}

int cmd_report_judge(const struct cmd_report *report, double total, FILE *stream)
{
    double limit = report->fail_under;
    struct error error;
    if (!(limit >= 0 && limit <= 100)) {
        char text[NUMBER_TEXT_SIZE];
        number_format_repr(text, limit);
        error_set(&error, ERROR_CONFIG, "fail_under=%s is invalid. Must be between 0 and 100.",
                  text);
        return cmd_fail(&error);
    }
    bool is_complete = report->origin.lost == 0 && !report->origin.refusal;
    int complete = report->require_complete && !is_complete ? CMD_INCOMPLETE : CMD_OK;
    if (!number_is_under(total, limit, report->precision))
        return complete;
    char shown_total[NUMBER_TEXT_SIZE], shown_limit[NUMBER_TEXT_SIZE];
    number_format_under(shown_total, shown_limit, total, limit, report->precision);
    fprintf(stream, "Coverage failure: total of %s is less than fail-under=%s\n", shown_total,
            shown_limit);
    return complete != CMD_OK ? complete : CMD_UNDER;
}

void cmd_report_close(struct cmd_report *report)
{
    source_files_close(&report->files);
    analysis_cache_free(report->cache);
    analysis_rules_free(report->rules);
    free(report->losses);
    free(report->contexts);
    cmd_data_close(&report->data);
}

int cmd_report_run(const struct command *command, int argc, char **argv,
                   struct cmd_report_options *options,
                   int (*write)(struct cmd_report *report, void *state), void *state)
{
    struct error error = { 0 };
    struct cmd_report report = { 0 };
    int status;
    enum options_result parsed = options_parse(command, argc, argv, &options->files, &error);
    if (parsed != OPTIONS_OK)
        status = cmd_end_options(parsed, command, &error);
    else if (cmd_report_open(&report, options, &error) != 0)
        status = cmd_fail(&error);
    else
        status = write(&report, state);
    cmd_report_close(&report);
    cmd_report_options_close(options);
    return status;
}

bool cmd_choose(int given, bool configured)
{
    return given >= 0 ? given : configured;
}
