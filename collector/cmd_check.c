/*
 * covfork-collect check: what `covfork run` asks before it starts anything: would coverage.py run
 * with the configuration? And what does that name as the command? Internal: its words may change.
 */
#include "cmd.h"

#include "command_line.h"

#include <stdlib.h>
#include <string.h>

static int check(const char *rcfile, bool wants_command, struct error *error)
{
    struct config config = { 0 };
    struct string_list words = { 0 };
    const char *engine = getenv("COVFORK_ENGINE");
    char *directory = realpath(".", NULL);
    int result = directory ? config_init(&config, directory, error)
                           : error_set(error, ERROR_SYSTEM, "can't find the working folder");
    if (result == 0) {
        result = config_read_for_run(&config, rcfile, engine && *engine ? engine : "native", error);
        /* Where no Python can read it here, those that are recorded will. */
        if (result != 0 && error->code != ERROR_CONFIG && error->code != ERROR_MEMORY)
            result = 0;
        if (result == 0 && config.run_refusal)
            result = error_set(error, ERROR_CONFIG, "%s", config.run_refusal);
    }
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
