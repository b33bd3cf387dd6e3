/*
 * Command lines: options as each command declares them, in any order with its arguments, and the
 * help made from the same declarations.
 */
#ifndef COVFORK_OPTIONS_H
#define COVFORK_OPTIONS_H

#include "collector/base/error.h"
#include "collector/base/string_list.h"

#include <stddef.h>
#include <stdio.h>

enum option_kind {
    OPTION_SET,     /* int: becomes 1 */
    OPTION_CLEAR,   /* int: becomes 0 */
    OPTION_TEXT,    /* const char *: the argument */
    OPTION_LIST,    /* struct string_list: replaced by what the argument has between commas */
    OPTION_INTEGER, /* int, not negative */
    OPTION_NUMBER,  /* double */
    OPTION_REFUSED, /* no target: an error that says `metavar`, what to do instead */
};

struct option {
    char letter;      /* '\0': none */
    const char *name; /* without dashes; NULL: none */
    enum option_kind kind;
    void *target;
    const char *metavar; /* NULL for those without argument */
    const char *help;    /* NULL: not shown */
};

struct command {
    const char *name;
    const char *arguments; /* how its arguments are shown, or "" when it has none */
    const char *summary;   /* what it does; lines end with \n */
    const struct option *options;
    size_t option_count;
};

enum options_result { OPTIONS_OK, OPTIONS_HELP, OPTIONS_ERROR };

/* Parses argv[1..]; what is no option is added to `arguments`. -h and --help are every command's.
 * OPTIONS_ERROR comes with an ERROR_USAGE. */
enum options_result options_parse(const struct command *command, int argc, char **argv,
                                  struct string_list *arguments, struct error *error);
void options_print_help(FILE *stream, const struct command *command);

#endif
