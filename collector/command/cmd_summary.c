/*
 * covfork-collect summary: the line with which `covfork run` ends. Internal: its words may change.
 */
#include "collector/command/cmd.h"

#include "collector/read/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Of the reasons for losses: each names a command. */
#define REASONS_SHOWN 10

/* The name of the session's folder that `id` or "latest" means; caller frees. NULL with an error.
 */
static char *find_session(const char *folder_path, const char *id, struct error *error)
{
    char *name = NULL;
    if (strcmp(id, "latest") != 0) {
        uint8_t bytes[FORMAT_ID_SIZE];
        if (asprintf(&name, FORMAT_SESSION_PREFIX "%s", id) < 0)
            name = NULL;
        if (name && folder_session_id(name, bytes))
            return name;
        free(name);
        error_set(error, ERROR_USAGE, "'%s' is no session", id);
        return NULL;
    }
    struct folder folder;
    if (folder_open(&folder, folder_path, error) != 0)
        return NULL;
    uint64_t newest = 0;
    const char *found = NULL;
    for (size_t i = 0; i < folder.sessions.count; i++) {
        struct census census;
        char *path;
        if (asprintf(&path, "%s/%s/" FORMAT_LEDGER_NAME, folder_path, folder.sessions.items[i]) < 0)
            continue;
        if (census_read(&census, path, NULL) == 0) {
            if (!found || census.first_time > newest) {
                newest = census.first_time;
                found = folder.sessions.items[i];
            }
            census_close(&census);
        }
        free(path);
    }
    name = found ? strdup(found) : NULL;
    if (!name)
        error_set(error, ERROR_NO_DATA, "no session in %s", folder_path);
    folder_close(&folder);
    return name;
}

static void print_reasons(const struct census_reason *reasons, size_t count)
{
    for (size_t i = 0; i < count && i < REASONS_SHOWN; i++)
        printf("%s%s (%zux)", i ? ", " : ": ", *reasons[i].text ? reasons[i].text : "unknown",
               reasons[i].count);
    if (count > REASONS_SHOWN)
        printf(", and %zu more", count - REASONS_SHOWN);
}

static void print_count(size_t count, const char *one, const char *many)
{
    printf("%zu %s", count, count == 1 ? one : many);
}

void cmd_print_census(const struct census *census)
{
    struct census_counts counts = census_count(census);
    print_count(counts.processes, "process", "processes");
    if (counts.interpreters == 0) {
        printf(", no Python interpreter");
    } else {
        printf(", ");
        print_count(counts.interpreters, "interpreter", "interpreters");
        printf(", %zu with data", counts.with_data);
        size_t without = counts.interpreters - counts.with_data;
        if (without && counts.lost == 0)
            printf(" (%zu ran no measured line)", without);
    }
    if (counts.lost) {
        printf(", %zu lost", counts.lost);
        print_reasons(census->lost, census->lost_count);
    } else {
        printf(", nothing lost");
    }
    if (counts.early)
        printf(", %zu ended before %s first line", counts.early,
               counts.early == 1 ? "its" : "their");
    if (counts.refused) {
        printf(", %zu not followed", counts.refused);
        print_reasons(census->refused, census->refused_count);
    }
    if (census->problem)
        printf("; recorded otherwise than was meant: %s", census->problem);
    printf("\n");
}

/* With `quiet` there is nothing but warnings of the configuration. */
static int summarize(const char *data_dir, const char *id, bool quiet, struct error *error)
{
    struct collection collection = { 0 };
    char *folder = folder_choose(data_dir);
    char *name = folder ? find_session(folder, id, error) : NULL;
    char *path = NULL;
    if (name && asprintf(&path, "%s/%s", folder, name) < 0) {
        path = NULL;
        error_set(error, ERROR_MEMORY, "out of memory");
    }
    int result = path ? 0 : -1;
    if (!folder)
        result = error_set(error, ERROR_MEMORY, "out of memory");
    struct stat status;
    if (result == 0)
        cmd_warn_of_settings(path);
    if (quiet)
        goto out;
    if (result == 0 && stat(path, &status) != 0 && errno == ENOENT) {
        /* A static program, say, that starts no other. */
        printf("covfork: nothing was recorded: no process loaded libcovfork.so\n");
        goto out;
    }
    if (result == 0)
        result = collection_init(&collection, error);
    if (result == 0)
        result = collection_add_path(&collection, path, error);
    if (result == 0) {
        cmd_print_warnings(&collection.warnings);
        printf("covfork: ");
        cmd_print_census(&collection.sessions[0].census);
        const struct string_list *idle = &collection.sessions[0].settings.idle;
        for (size_t i = 0; i < idle->count; i++)
            cmd_warn("%s", idle->items[i]);
    }
out:
    collection_close(&collection);
    free(path);
    free(name);
    free(folder);
    return result;
}

int cmd_summary(int argc, char **argv)
{
    const char *data_dir = NULL, *session = "latest";
    int quiet = 0;
    const struct option options[] = {
        { '\0', "session", OPTION_TEXT, &session, "ID", "The session, or latest (default)." },
        { 'q', "quiet", OPTION_SET, &quiet, NULL, "Only warn of the configuration." },
        CMD_OPTION_DATA_DIR(&data_dir),
    };
    const struct command command = {
        "summary",
        "",
        "Say in one line what a session recorded.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct string_list arguments = { 0 };
    int status;
    enum options_result parsed = options_parse(&command, argc, argv, &arguments, &error);
    if (parsed != OPTIONS_OK)
        status = cmd_end_options(parsed, &command, &error);
    else if (summarize(data_dir, session, quiet, &error) != 0)
        status = cmd_fail(&error);
    else
        status = cmd_flush_output();
    string_list_close(&arguments);
    return status;
}
