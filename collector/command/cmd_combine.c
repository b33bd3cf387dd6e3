/*
 * covfork combine: all that was recorded in one file. Sessions are removed only after the file is
 * on disk, and never those that a process still writes to or that could not be read whole.
 */
#include "collector/command/cmd.h"

#include "collector/read/folder.h"
#include "collector/base/progress.h"
#include "collector/write/write_data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct combine_options {
    const char *data_dir, *rcfile, *output;
    int keep, append, quiet;
    double wait;
    struct string_list paths;
};

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

/* What lies at `path`, or with NULL in the data folder. */
static int read_one(struct cmd_data *data, const char *path, struct error *error)
{
    progress_begin("reading data", 0);
    int result = path ? collection_add_path(&data->collection, path, error)
                      : collection_add_folder(&data->collection, data->folder, error);
    progress_end();
    return result;
}

static int load(struct cmd_data *data, const struct combine_options *options, struct error *error)
{
    struct collection *collection = &data->collection;
    collection->find_live = true;
    collection->keep_processes = true;
    cmd_data_expect_config(data, options->rcfile);
    if (options->paths.count == 0) {
        cmd_wait_for_writers(data->folder, options->wait);
        if (read_one(data, NULL, error) != 0) {
            struct error found = *error;
            if (error->code == ERROR_NO_DATA)
                error_set(error, ERROR_NO_DATA, "no data to combine: %s%s", found.text,
                          cmd_foreign_hint());
            return -1;
        }
    }
    bool any = options->paths.count == 0;
    for (size_t i = 0; i < options->paths.count; i++) {
        cmd_wait_for_writers(options->paths.items[i], options->wait);
        if (read_one(data, options->paths.items[i], error) == 0) {
            any = true;
            continue;
        }
        /* The others are combined all the same; where there is none, it ends with this. */
        if (error->code == ERROR_MEMORY || (!any && i + 1 == options->paths.count))
            return -1;
        collection->broken_count++;
        if (string_list_add(&collection->warnings, error->text) != 0)
            return out_of_memory(error);
    }
    *error = (struct error){ 0 };
    if (options->append && options->output && access(options->output, F_OK) == 0)
        return read_one(data, options->output, error);
    return 0;
}

/* Where the combined file goes; caller frees. */
static char *choose_target(const struct cmd_data *data, const struct combine_options *options,
                           const unsigned char *bytes, size_t size)
{
    if (options->output)
        return strdup(options->output);
    char name[33], *path;
    write_data_name(bytes, size, name);
    if (asprintf(&path, "%s/combined-%s" FORMAT_DATA_SUFFIX, data->folder, name) < 0)
        return NULL;
    return path;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat first, second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* Removes what the combined file stands for now. 0 or -1. */
static int remove_sources(const struct cmd_data *data, const char *target, struct error *error)
{
    const struct collection *collection = &data->collection;
    struct folder folder = { .path = data->folder };
    struct string_list left = { 0 };
    int result = 0;
    for (size_t i = 0; result == 0 && i < collection->session_count; i++) {
        const struct collection_session *session = &collection->sessions[i];
        if (session->is_own)
            continue;
        if (session->live)
            cmd_warn("%s is kept: its process %ld still runs", session->path, (long)session->live);
        else if (session->damaged)
            cmd_warn("%s is kept: not all of it could be read", session->path);
        else
            result = folder_remove_session(&folder, session->name, &left, error);
    }
    for (size_t i = 0; result == 0 && i < collection->combined.count; i++) {
        const char *path = collection->combined.items[i];
        if (!is_same_file(path, target))
            result = folder_remove_combined(&folder, strrchr(path, '/') + 1, error);
    }
    for (size_t i = 0; i < left.count; i++)
        cmd_warn("%s is not covfork's and is left where it is", left.items[i]);
    string_list_close(&left);
    return result;
}

static void say_what_was_combined(const struct collection *collection, const char *target)
{
    size_t runs = collection_count(collection).runs_with_data;
    size_t others = collection->foreign_count;
    fputs("Combined ", stderr);
    if (runs || !others)
        fprintf(stderr, "%zu run%s%s", runs, runs == 1 ? "" : "s", others ? " and " : "");
    if (others)
        fprintf(stderr, "%zu file%s of other tools", others, others == 1 ? "" : "s");
    fprintf(stderr, " into %s\n", target);
}

static int combine(struct cmd_data *data, const struct combine_options *options,
                   struct error *error)
{
    struct collection *collection = &data->collection;
    int result = load(data, options, error);
    cmd_print_warnings(&collection->warnings);
    if (result != 0)
        return -1;
    bool may_have_sources = cmd_data_may_have_sources(data);
    if (!may_have_sources && options->paths.count)
        return error_set(error, ERROR_NO_DATA, "no data to combine: nothing ran by what was named");
    if (!may_have_sources)
        return cmd_data_explain_none(data, "combine", error);
    if (cmd_data_configure(data, options->rcfile, error) != 0)
        return -1;
    struct source_scope scope = cmd_data_scope(data);
    unsigned char *bytes = NULL;
    size_t size;
    progress_begin("looking at sources", 0);
    result = source_files_add_unimported(&collection->model, &scope, &collection->warnings, error);
    progress_end();
    cmd_print_warnings(&collection->warnings);
    if (result == 0 && collection->model.source_count == 0)
        return cmd_data_explain_none(data, "combine", error);
    if (result == 0 && source_files_add_hashes(&collection->model) != 0)
        result = out_of_memory(error);
    if (result == 0)
        result = write_data_encode(&collection->model, &bytes, &size, error);
    char *target = NULL;
    if (result == 0) {
        target = choose_target(data, options, bytes, size);
        if (target)
            cmd_make_parents(target);
        result = target ? write_data_store(target, bytes, size, error) : out_of_memory(error);
    }
    if (result == 0 && !options->output && !options->keep && options->paths.count == 0)
        result = remove_sources(data, target, error);
    if (result == 0 && !options->quiet)
        say_what_was_combined(collection, target);
    free(target);
    free(bytes);
    return result;
}

int cmd_combine(int argc, char **argv)
{
    struct combine_options given = { 0 };
    const struct option options[] = {
        { 'a', "append", OPTION_SET, &given.append, NULL,
          "Add to what the file of -o has. Without -o data is always added." },
        { '\0', "keep", OPTION_SET, &given.keep, NULL,
          "Leave the sessions in the data folder. What is named as PATH stays in any case." },
        { 'o', NULL, OPTION_TEXT, &given.output, "FILE",
          "Write the combined data to this file and leave the data folder as it is." },
        { 'q', "quiet", OPTION_SET, &given.quiet, NULL, "Do not say what was written." },
        { '\0', "data-file", OPTION_REFUSED, NULL,
          "name what is to be combined as PATH, and with -o where it is to go", NULL },
        CMD_OPTION_DEBUG,
        CMD_OPTION_DATA_DIR(&given.data_dir),
        CMD_OPTION_WAIT(&given.wait),
        CMD_OPTION_RCFILE(&given.rcfile),
    };
    const struct command command = {
        "combine",
        "[PATH...]",
        "Put all data of the data folder, or of each PATH, into one file. A PATH is a data\n"
        "folder, a session's folder, a data file, a data file or JSON report of coverage.py, a\n"
        "JSON report of slipcover, or a folder with such files in it. What is broken is named\n"
        "and left out; the exit status is then 1.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct cmd_data data = { 0 };
    int status = CMD_OK;
    enum options_result parsed = options_parse(&command, argc, argv, &given.paths, &error);
    if (parsed != OPTIONS_OK)
        status = cmd_end_options(parsed, &command, &error);
    else if (cmd_data_init(&data, given.data_dir, &error) != 0 ||
             combine(&data, &given, &error) != 0)
        status = cmd_fail(&error);
    else if (data.collection.broken_count)
        status = CMD_ERROR;
    cmd_data_close(&data);
    string_list_close(&given.paths);
    return status;
}
