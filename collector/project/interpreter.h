/*
 * Which programs the collector may start. Data files are untrusted: a path that one names says
 * where a Python was, and is never executed for that. What is started is what the user names, or
 * what is found in PATH in a folder that neither the working folder nor a data folder contains:
 * what lies there may have come with the data. Executes nothing.
 */
#ifndef COVFORK_INTERPRETER_H
#define COVFORK_INTERPRETER_H

#include "collector/base/string_list.h"

#include <stdbool.h>
#include <stdint.h>

/* What --python names, for all that follows; NULL: nothing. Else COVFORK_PYTHON counts. */
extern const char *interpreter_option;

/* Does the user name one? */
bool interpreter_is_named(void);

/*
 * Where `name` is, as execvp looks for it, but for relative entries of PATH and what lies below the
 * working folder (unless that is /) or one of `never` (NULL: none), by its name or its links.
 * Caller frees; NULL when it isn't there.
 */
char *interpreter_find_program(const char *name, const struct string_list *never);

/* An interpreter that ran. */
struct interpreter_wish {
    uint32_t python;        /* PY_VERSION_HEX; 0: not known */
    const char *executable; /* may be NULL */
};

/*
 * Adds to `chosen` the interpreters to be tried, the best first: the one that the user names, and
 * nothing else; or those in PATH: of each wish the very program, where it is one of these, else one
 * of its version, then python3 and python, then the versions nearest to the first wish. 0, or -1
 * when memory ran out.
 */
int interpreter_choose(struct string_list *chosen, const struct interpreter_wish *wishes,
                       size_t count, const struct string_list *never);

#endif
