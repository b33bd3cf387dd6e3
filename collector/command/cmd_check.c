/*
 * covfork-collect check: what `covfork run` asks before it starts anything: would coverage.py run
 * with the configuration? And what does that name as the command? Internal: its words may change.
 */
#include "collector/command/cmd.h"

#include "collector/command/command_line.h"
#include "collector/base/path.h"
#include "collector/base/path_globs.h"

#include <stdlib.h>
#include <string.h>

/* Likewise of what the options of `covfork run`, or the variables, say. */
static int check_sources(const char *directory, const char *list, struct error *error)
{
    char *copy = strdup(list ? list : ""), *rest = copy, *part;
    int result = copy ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
    while (result == 0 && (part = strsep(&rest, ":")) != NULL) {
        char *path = *part ? path_canonical(directory, part) : NULL;
        if (path && strcmp(path, "/") == 0)
            result = error_set(error, ERROR_CONFIG,
                               "the source %s: the root of the file system can't be it", part);
        free(path);
    }
    free(copy);
    return result;
}

static int check_patterns(const char *directory, const char *list, struct error *error)
{
    struct string_list patterns = { 0 };
    char *copy = strdup(list ? list : ""), *rest = copy, *part;
    int result = copy ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
    while (result == 0 && (part = strsep(&rest, ",:\n")) != NULL)
        if (*part && string_list_add(&patterns, part) != 0)
            result = error_set(error, ERROR_MEMORY, "out of memory");
    struct path_globs *globs = result == 0 ? path_globs_new(&patterns, directory, error) : NULL;
    if (!globs)
        result = -1;
    path_globs_free(globs);
    string_list_close(&patterns);
    free(copy);
    return result;
}

static int check(const char *rcfile, bool wants_command, struct error *error)
{
    struct config config = { 0 };
    struct string_list words = { 0 };
    char *directory = realpath(".", NULL);
    if (!rcfile)
        rcfile = getenv("COVFORK_RCFILE");
    int result = directory ? config_init(&config, directory, error)
                           : error_set(error, ERROR_SYSTEM, "can't find the working folder");
    if (result == 0) {
        result = config_read_for_run(&config, rcfile, NULL, error);
        /* Where no Python can read it here, those that are recorded will. */
        if (result != 0 && error->code != ERROR_CONFIG && error->code != ERROR_MEMORY)
            result = 0;
        if (result == 0 && config.run_refusal)
            result = error_set(error, ERROR_CONFIG, "%s", config.run_refusal);
    }
    if (result == 0)
        result = check_sources(directory, getenv("COVFORK_SOURCE"), error);
    if (result == 0)
        result = check_patterns(directory, getenv("COVFORK_INCLUDE"), error);
    if (result == 0)
        result = check_patterns(directory, getenv("COVFORK_OMIT"), error);
    if (result == 0 && wants_command && config.command_line)
        result = command_line_split(&words, config.command_line, error);
    for (size_t i = 0; result == 0 && i < words.count; i++)
        fwrite(words.items[i], 1, strlen(words.items[i]) + 1, stdout);
    string_list_close(&words);
    config_close(&config);
    free(directory);
    return result;
}

int cmd_check(int argc, char **argv)
{
    const char *rcfile = NULL;
    int wants_command = 0;
    const struct option options[] = {
        { '\0', "command", OPTION_SET, &wants_command, NULL,
          "Write the words of [run] command_line, each ended by a NUL." },
        CMD_OPTION_RCFILE(&rcfile),
    };
    const struct command command = {
        "check",
        "",
        "Say why coverage.py would not run with the configuration.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct string_list arguments = { 0 };
    int status;
    enum options_result parsed = options_parse(&command, argc, argv, &arguments, &error);
    if (parsed != OPTIONS_OK)
        status = cmd_end_options(parsed, &command, &error);
    else if (check(rcfile, wants_command, &error) != 0)
        status = cmd_fail(&error);
    else
        status = cmd_flush_output();
    string_list_close(&arguments);
    return status;
}
