/*
 * covfork-collect run: what `covfork run` (a script) becomes when all is prepared. Internal: its
 * arguments may change. The script is run by a shell, which changes the environment; so it hands
 * over the one that it was started with, entry by entry, and this gives the command exactly that,
 * with covfork's own variables.
 *
 *   run QUIET SESSION DATA-DIR ROOT LIBRARY COUNT ENTRY... PATH ARG0 [ARG...]
 *
 * QUIET is 1 or 0; COUNT -1 when the script could not read its environment: then ours is taken.
 */
#include "collector/command/cmd.h"

#include "collector/command/supervise.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PRELOAD "LD_PRELOAD="

/* As shells have them. */
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND      127
#define STATUS_SIGNAL         128

struct environment {
    char **entries; /* NULL-terminated */
    size_t count;
};

struct arguments {
    bool quiet;
    const char *session, *data_dir, *root, *library;
    char **entries;
    size_t entry_count;
    char *path;
    char **argv;
};

static bool same_name(const char *entry, const char *other)
{
    size_t length = strcspn(other, "=");
    return strncmp(entry, other, length) == 0 && entry[length] == '=';
}

/* `entry` in the place of the first of its name, and no others of that name. It is not copied. */
static void environment_set(struct environment *environment, char *entry)
{
    size_t kept = 0;
    bool is_set = false;
    for (size_t i = 0; i < environment->count; i++) {
        bool is_of_name = same_name(environment->entries[i], entry);
        if (is_of_name && !is_set)
            environment->entries[kept++] = entry;
        else if (!is_of_name)
            environment->entries[kept++] = environment->entries[i];
        is_set = is_set || is_of_name;
    }
    if (!is_set)
        environment->entries[kept++] = entry;
    environment->count = kept;
    environment->entries[kept] = NULL;
}

static bool environment_has(const struct environment *environment, const char *entry)
{
    for (size_t i = 0; i < environment->count; i++)
        if (strcmp(environment->entries[i], entry) == 0)
            return true;
    return false;
}

/* Text that lives as long as the process. */
static char *join(const char *a, const char *b, const char *c)
{
    char *text;
    return asprintf(&text, "%s%s%s", a, b, c) < 0 ? NULL : text;
}

/* Adds the library to what is preloaded. 0 or -1. */
static int environment_preload(struct environment *environment, const char *library)
{
    bool found = false;
    for (size_t i = 0; i < environment->count; i++) {
        char *entry = environment->entries[i];
        if (strncmp(entry, PRELOAD, sizeof PRELOAD - 1) != 0)
            continue;
        found = true;
        environment->entries[i] = join(entry, entry[sizeof PRELOAD - 1] ? ":" : "", library);
        if (!environment->entries[i])
            return -1;
    }
    if (found)
        return 0;
    char *entry = join(PRELOAD, library, "");
    if (entry)
        environment_set(environment, entry);
    return entry ? 0 : -1;
}

/* Is it one by which the script says what its options were? */
static bool is_option(const char *entry)
{
    return strncmp(entry, "COVFORK_", 8) == 0 || strncmp(entry, "COVERAGE_", 9) == 0;
}

/* The command's. 0, or -1 when there is no memory. */
static int compose(struct environment *environment, const struct arguments *arguments)
{
    size_t own = 0;
    while (environ && environ[own])
        own++;
    /* Room for all that may be added. */
    environment->entries = calloc(arguments->entry_count + own + 8, sizeof(char *));
    if (!environment->entries)
        return -1;
    environment->count = arguments->entry_count;
    if (arguments->entry_count > 0)
        memcpy(environment->entries, arguments->entries, arguments->entry_count * sizeof(char *));
    for (size_t i = 0; i < own; i++)
        if (is_option(environ[i]) && !environment_has(environment, environ[i]))
            environment_set(environment, environ[i]);
    char *const ours[] = { join("COVFORK_SESSION=", arguments->session, ""),
                           join("COVFORK_DIR=", arguments->data_dir, ""),
                           join("COVFORK_ROOT=", arguments->root, "") };
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (!ours[i])
            return -1;
        environment_set(environment, ours[i]);
    }
    return environment_preload(environment, arguments->library);
}

static bool parse(struct arguments *arguments, int argc, char **argv)
{
    if (argc < 9)
        return false;
    long count = strtol(argv[6], NULL, 10);
    arguments->quiet = strcmp(argv[1], "1") == 0;
    arguments->session = argv[2];
    arguments->data_dir = argv[3];
    arguments->root = argv[4];
    arguments->library = argv[5];
    arguments->entries = argv + 7;
    arguments->entry_count = count > 0 ? (size_t)count : 0;
    if (count > argc - 9)
        return false;
    arguments->path = argv[7 + arguments->entry_count];
    arguments->argv = argv + 8 + arguments->entry_count;
    if (count < 0) {
        arguments->entries = environ;
        while (environ && environ[arguments->entry_count])
            arguments->entry_count++;
    }
    return true;
}

/* With --quiet there is nothing but warnings of the configuration. */
static void print_closing_line(const struct arguments *arguments)
{
    char *const argv[] = { "summary",
                           "--session",
                           (char *)arguments->session,
                           "--data-dir",
                           (char *)arguments->data_dir,
                           arguments->quiet ? "--quiet" : NULL,
                           NULL };
    dup2(STDERR_FILENO, STDOUT_FILENO);
    (void)cmd_summary(arguments->quiet ? 6 : 5, (char **)argv);
}

int cmd_run(int argc, char **argv)
{
    struct arguments arguments;
    static struct environment environment; /* as long as the process */
    struct error error = { 0 };
    if (!parse(&arguments, argc, argv)) {
        error_set(&error, ERROR_USAGE, "run is for the script covfork; see covfork run --help");
        return cmd_fail(&error);
    }
    if (compose(&environment, &arguments) != 0) {
        error_set(&error, ERROR_MEMORY, "out of memory");
        return cmd_fail(&error);
    }
    const struct supervise_command command = { arguments.path, arguments.argv,
                                               environment.entries };
    int status, problem;
    int result;
    if (supervise(&command, &status, &problem) != 0) {
        error_set(&error, ERROR_SYSTEM, "%s: %s", arguments.argv[0], strerror(problem));
        cmd_fail(&error);
        result = problem == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
    } else {
        result = WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
        print_closing_line(&arguments);
    }
    return result;
}
