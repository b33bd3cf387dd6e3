/*
 * What is run when a command is: the search in PATH, and the interpreters that `#!` lines name, as
 * the kernel follows them. Reads files, executes none.
 */
#ifndef COVFORK_PROGRAM_H
#define COVFORK_PROGRAM_H

#include "collector/base/error.h"
#include "collector/base/string_list.h"

/* The file that `name` means when it is looked for in `search_path` (as PATH); one with a slash in
 * it is taken as it is, relative to `directory`. Caller frees. NULL with an error when there is no
 * such executable file. */
char *program_find(const char *name, const char *search_path, const char *directory,
                   struct error *error);
/*
 * Adds to `chain` the file `path` and, while the last one is a script, what its `#!` line names:
 * the last one added is no script. With `search_path`, an `env` there is followed to the program
 * that it will look for. Paths are absolute with symbolic links followed. 0, or -1 with an error
 * when one of them is not there.
 */
int program_resolve(struct string_list *chain, const char *path, const char *search_path,
                    struct error *error);

#endif
