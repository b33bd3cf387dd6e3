/*
 * covfork debug: coverage.py's, which is about its own inside. Says for each topic what tells the
 * same of covfork.
 */
#include "collector/command/cmd.h"

#include <string.h>

int cmd_debug(int argc, char **argv)
{
    static const struct {
        const char *topic, *instead;
    } topics[] = {
        { "config",
          "covfork doctor says which configuration is read, and what of it has no effect" },
        { "data",
          "covfork tree shows what was recorded, covfork report --data-file=FILE one file" },
        { "premain", "covfork starts nothing before the main program that a stack could show" },
        { "pybehave", "covfork doctor says how each Python is recorded" },
        { "sqlite", "covfork has no such files; covfork sqlite writes one" },
        { "sys", "covfork doctor looks at all that recording depends on" },
    };
    struct error error;
    const char *wanted = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
        if (strcmp(wanted, topics[i].topic) == 0) {
            error_set(&error, ERROR_USAGE, "debug %s is coverage.py's: %s", wanted,
                      topics[i].instead);
            return cmd_fail(&error);
        }
    error_set(&error, ERROR_USAGE, "debug is coverage.py's: see covfork doctor and covfork tree");
    return cmd_fail(&error);
}
