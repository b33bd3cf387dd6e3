/*
 * covfork sqlite: what ran as a data file of coverage.py. A file of that name is replaced when it
 * is one of coverage.py's; another is left alone.
 */
#include "collector/command/cmd.h"

#include "collector/read/read_foreign.h"
#include "collector/write/write_data.h"
#include "collector/write/write_sqlite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct sqlite_options {
    const char *data_dir, *rcfile, *output;
    int append, quiet;
    double wait;
    struct string_list arguments; /* there are none */
};

/* Is `path` free to be written to, or coverage.py's? */
static int check_output(const char *path, bool *exists, struct error *error)
{
    enum foreign_kind kind;
    *exists = access(path, F_OK) == 0;
    if (!*exists)
        return 0;
    if (foreign_kind_of(path, &kind, error) != 0)
        return -1;
    if (kind == FOREIGN_EMPTY || kind == FOREIGN_SQLITE)
        return 0;
    return error_set(error, ERROR_USAGE, "%s is not a data file of coverage.py: not replaced",
                     path);
}

static int load(struct cmd_data *data, const struct sqlite_options *options, bool append,
                struct error *error)
{
    cmd_wait_for_writers(data->folder, options->wait);
    data->collection.find_live = true;
    cmd_data_expect_config(data, options->rcfile);
    if (collection_add_folder(&data->collection, data->folder, error) != 0) {
        struct error found = *error;
        if (error->code == ERROR_NO_DATA)
            error_set(error, ERROR_NO_DATA, "no data to write: %s%s", found.text,
                      cmd_foreign_hint());
        return -1;
    }
    if (append && collection_add_path(&data->collection, options->output, error) != 0)
        return -1;
    cmd_print_warnings(&data->collection.warnings);
    cmd_warn_of_writers(&data->collection);
    if (!cmd_data_may_have_sources(data))
        return cmd_data_explain_none(data, "write", error);
    return cmd_data_configure(data, options->rcfile, error);
}

static int collect(struct cmd_data *data, struct source_files *files, struct error *error)
{
    struct analysis_rules *rules = analysis_rules_new(
        (const char *const *)data->config.exclude.items, data->config.exclude.count, error);
    if (!rules)
        return -1;
    struct source_scope scope = cmd_data_scope(data);
    scope.rules = rules;
    scope.with_contexts = true;
    int result = source_files_collect(files, &data->collection.model, &scope,
                                      &data->collection.warnings, error);
    cmd_print_warnings(&data->collection.warnings);
    /* Nothing ran, and branches were to be recorded. */
    if (data->branch && !cmd_data_has_lines(data))
        files->has_branches = true;
    analysis_rules_free(rules);
    return result;
}

/* What others may read of a file that is made here: as the user has it for every file. */
static void open_to_others(const char *path)
{
    mode_t mask = umask(0);
    umask(mask);
    (void)chmod(path, 0666 & ~mask);
}

static int write_sqlite(struct cmd_data *data, const struct sqlite_options *options,
                        struct error *error)
{
    bool exists;
    if (check_output(options->output, &exists, error) != 0 ||
        load(data, options, exists && options->append, error) != 0)
        return -1;
    struct source_files files = { 0 };
    unsigned char *bytes = NULL;
    size_t size;
    int result = collect(data, &files, error);
    if (result == 0 && files.count == 0 && !cmd_data_has_lines(data))
        result = cmd_data_explain_none(data, "write", error);
    if (result == 0)
        result = write_sqlite_encode(&files, data->collection.model.contexts,
                                     data->config.relative_files ? data->directory : NULL, &bytes,
                                     &size, error);
    if (result == 0) {
        cmd_make_parents(options->output);
        result = write_data_store(options->output, bytes, size, error);
    }
    if (result == 0) {
        open_to_others(options->output);
        if (!options->quiet)
            fprintf(stderr, "Wrote data of coverage.py to %s\n", options->output);
    }
    write_sqlite_free(bytes);
    source_files_close(&files);
    return result;
}

int cmd_sqlite(int argc, char **argv)
{
    struct sqlite_options given = { .output = ".coverage" };
    const struct option options[] = {
        { 'o', NULL, OPTION_TEXT, &given.output, "OUTFILE",
          "Write to this file; a data file of coverage.py is replaced. Default: .coverage." },
        { 'a', "append", OPTION_SET, &given.append, NULL, "Add to what the file has." },
        { 'q', "quiet", OPTION_SET, &given.quiet, NULL, "Do not say what was written." },
        CMD_OPTION_DATA_DIR(&given.data_dir),
        CMD_OPTION_WAIT(&given.wait),
        CMD_OPTION_RCFILE(&given.rcfile),
    };
    const struct command command = {
        "sqlite",
        "",
        "Write what ran as a data file of coverage.py, for its own reports and for what reads\n"
        "them.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct cmd_data data = { 0 };
    int status = CMD_OK;
    enum options_result parsed = options_parse(&command, argc, argv, &given.arguments, &error);
    if (parsed != OPTIONS_OK)
        status = cmd_end_options(parsed, &command, &error);
    else if (cmd_data_init(&data, given.data_dir, &error) != 0 ||
             write_sqlite(&data, &given, &error) != 0)
        status = cmd_fail(&error);
    cmd_data_close(&data);
    string_list_close(&given.arguments);
    return status;
}
