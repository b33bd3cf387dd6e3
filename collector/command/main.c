/*
 * covfork-collect: reads what libcovfork.so recorded. Chooses the command; no more. The wrapper
 * calls it by the name covfork, under which it speaks then.
 */
#include "collector/command/cmd.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct command_entry {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help; /* NULL: not shown */
};

static const struct command_entry commands[] = {
    { "annotate", cmd_annotate, "Mark in copies of the sources what ran." },
    { "check", cmd_check, NULL },
    { "combine", cmd_combine, "Put all data into one file." },
    { "debug", cmd_debug, NULL },
    { "doctor", cmd_doctor, "Say what would be lost, and what to do." },
    { "erase", cmd_erase, "Remove all recorded data." },
    { "html", cmd_html, "Write the report as a folder of pages." },
    { "json", cmd_json, "Write the report as JSON." },
    { "lcov", cmd_lcov, "Write the report as LCOV's tracefile." },
    { "report", cmd_report, "Say how much of each source file ran." },
    { "run", cmd_run, NULL },
    { "sqlite", cmd_sqlite, "Write a data file of coverage.py." },
    { "summary", cmd_summary, NULL },
    { "tree", cmd_tree, "Show the processes of each run and what they left." },
    { "xml", cmd_xml, "Write the report as XML (Cobertura)." },
};

static int print_help(void)
{
    bool for_wrapper = strcmp(program_invocation_short_name, "covfork") == 0;
    printf("Usage: %s COMMAND [options]\n\n"
           "Coverage of every Python process below a command.\n\n"
           "Commands:\n",
           program_invocation_short_name);
    if (for_wrapper)
        printf("  %-10s %s\n", "run", "Run a command and record what is below it.");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i].help)
            printf("  %-10s %s\n", commands[i].name, commands[i].help);
    printf("\n  COMMAND --help says more; --version says which this is.\n");
    return cmd_flush_output();
}

static const struct command_entry *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

int main(int argc, char **argv)
{
    static char help[] = "--help";
    struct error error;
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--version") == 0) {
        printf("%s %s\n", program_invocation_short_name, COVFORK_VERSION);
        return cmd_flush_output();
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return print_help();
    const struct command_entry *command = find_command(name);
    if (command)
        return command->run(argc - 1, argv + 1);
    if (strcmp(name, "help") == 0) {
        if (argc < 3)
            return print_help();
        if ((command = find_command(argv[2])) != NULL)
            return command->run(2, (char *[]){ argv[2], help, NULL });
        name = argv[2];
    }
    error_set(&error, ERROR_USAGE, "unknown %s '%s'; see %s --help",
              name[0] == '-' ? "option" : "command", name, program_invocation_short_name);
    return cmd_fail(&error);
}
