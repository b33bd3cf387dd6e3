/*
 * A relative interpreter of a script is taken from the working folder, as the kernel does.
 */
#include "collector/base/program.h"

#include "collector/base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As Linux has them. */
#define SCRIPT_LINE_MAX  256
#define SCRIPT_DEPTH_MAX 5

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111) != 0;
}

char *program_find(const char *name, const char *search_path, const char *directory,
                   struct error *error)
{
    char *path;
    if (strchr(name, '/')) {
        if (asprintf(&path, "%s%s%s", name[0] == '/' ? "" : directory, name[0] == '/' ? "" : "/",
                     name) < 0) {
            out_of_memory(error);
            return NULL;
        }
        if (is_program(path))
            return path;
        error_set(error, ERROR_SYSTEM, "%s: %s", name,
                  access(path, F_OK) == 0 ? "not an executable file" : "no such file");
        free(path);
        return NULL;
    }
    for (const char *at = *name ? search_path : NULL; at;) {
        int length = (int)strcspn(at, ":");
        if (length == 0)
            length = asprintf(&path, "%s/%s", directory, name);
        else
            length = asprintf(&path, "%s%s%.*s/%s", at[0] == '/' ? "" : directory,
                              at[0] == '/' ? "" : "/", length, at, name);
        if (length < 0) {
            out_of_memory(error);
            return NULL;
        }
        if (is_program(path))
            return path;
        free(path);
        at += strcspn(at, ":");
        at = *at ? at + 1 : NULL;
    }
    error_set(error, ERROR_SYSTEM, "%s: not found in PATH", name);
    return NULL;
}

/* The `#!` line of a script without these two, in `line`; false when it is none. */
static bool read_script_line(char line[SCRIPT_LINE_MAX + 1], const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return false;
    ssize_t length = read(descriptor, line, SCRIPT_LINE_MAX);
    close(descriptor);
    if (length < 3 || line[0] != '#' || line[1] != '!')
        return false;
    line[length] = '\0';
    memmove(line, line + 2, (size_t)length - 1);
    line[strcspn(line, "\n")] = '\0';
    return true;
}

/* Splits the line in place: the interpreter and what follows it. */
static char *split_line(char *line, char **rest)
{
    char *interpreter = line + strspn(line, " \t");
    char *end = interpreter + strcspn(interpreter, " \t");
    *rest = end + strspn(end, " \t");
    *end = '\0';
    return interpreter;
}

/* The command in what an `env` is given: its options and settings are passed over. */
static char *find_env_command(char *rest)
{
    for (char *word = strtok(rest, " \t"); word; word = strtok(NULL, " \t")) {
        if (strcmp(word, "-u") == 0 || strcmp(word, "-C") == 0)
            (void)strtok(NULL, " \t");
        else if (word[0] != '-' && !strchr(word, '='))
            return word;
    }
    return NULL;
}

static int add_canonical(struct string_list *chain, const char *path, struct error *error)
{
    char *real = realpath(path, NULL);
    if (!real)
        return error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
    int result = string_list_add(chain, real) == 0 ? 0 : out_of_memory(error);
    free(real);
    return result;
}

int program_resolve(struct string_list *chain, const char *path, const char *search_path,
                    struct error *error)
{
    int result = add_canonical(chain, path, error);
    char line[SCRIPT_LINE_MAX + 1];
    for (int depth = 0; result == 0 && depth < SCRIPT_DEPTH_MAX; depth++) {
        if (!read_script_line(line, chain->items[chain->count - 1]))
            break;
        char *rest, *command;
        const char *interpreter = split_line(line, &rest);
        if (search_path && strcmp(path_base_name(interpreter), "env") == 0 &&
            (command = find_env_command(rest)) != NULL) {
            char *found = program_find(command, search_path, "/", error);
            result = found ? add_canonical(chain, found, error) : -1;
            free(found);
        } else {
            result = add_canonical(chain, interpreter, error);
        }
    }
    return result;
}
