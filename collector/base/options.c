/*
 * Long options may be shortened as long as they are unique, as coverage.py's may.
 */
#include "collector/base/options.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HELP_INDENT 26
#define HELP_WIDTH  79

static bool takes_argument(const struct option *option)
{
    return option->kind != OPTION_SET && option->kind != OPTION_CLEAR &&
           option->kind != OPTION_REFUSED;
}

static int split_list(struct string_list *list, const char *text, struct error *error)
{
    string_list_close(list);
    *list = (struct string_list){ 0 };
    while (*text) {
        size_t length = strcspn(text, ",");
        char *item = strndup(text, length);
        int result = item ? string_list_add(list, item) : -1;
        free(item);
        if (result != 0)
            return error_set(error, ERROR_MEMORY, "out of memory");
        text += length + (text[length] == ',');
    }
    return 0;
}

/* `shown` is the option as it was written. */
static int apply(const struct option *option, const char *shown, const char *value,
                 struct error *error)
{
    char *end;
    switch (option->kind) {
    case OPTION_SET:
        *(int *)option->target = 1;
        return 0;
    case OPTION_CLEAR:
        *(int *)option->target = 0;
        return 0;
    case OPTION_TEXT:
        *(const char **)option->target = value;
        return 0;
    case OPTION_LIST:
        return split_list(option->target, value, error);
    case OPTION_INTEGER: {
        errno = 0;
        long number = strtol(value, &end, 10);
        if (!*value || *end || errno || number < 0 || number > INT_MAX)
            return error_set(error, ERROR_USAGE, "%s needs a whole number, not '%s'", shown, value);
        *(int *)option->target = (int)number;
        return 0;
    }
    case OPTION_NUMBER: {
        double number = strtod(value, &end);
        if (!*value || *end || !isfinite(number))
            return error_set(error, ERROR_USAGE, "%s needs a number, not '%s'", shown, value);
        *(double *)option->target = number;
        return 0;
    }
    case OPTION_REFUSED:
        return error_set(error, ERROR_USAGE, "%s is coverage.py's: %s", shown, option->metavar);
    }
    return 0;
}

/* The option that `name` of this length names or begins; NULL with an error. */
static const struct option *find_long(const struct command *command, const char *name,
                                      size_t length, struct error *error)
{
    const struct option *found = NULL;
    bool ambiguous = false;
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option *option = &command->options[i];
        if (!option->name || strncmp(option->name, name, length) != 0)
            continue;
        if (option->name[length] == '\0')
            return option;
        ambiguous = found != NULL;
        found = option;
    }
    if (!found || ambiguous || length == 0) {
        error_set(error, ERROR_USAGE,
                  ambiguous ? "%s: --%.*s may be more than one option" : "%s has no option --%.*s",
                  command->name, (int)length, name);
        return NULL;
    }
    return found;
}

static int parse_long(const struct command *command, int argc, char **argv, int *index,
                      struct error *error)
{
    const char *name = argv[*index] + 2;
    size_t length = strcspn(name, "=");
    const struct option *option = find_long(command, name, length, error);
    if (!option)
        return -1;
    char shown[64];
    snprintf(shown, sizeof shown, "--%s", option->name);
    const char *value = name[length] ? name + length + 1 : NULL;
    if (value && !takes_argument(option) && option->kind != OPTION_REFUSED)
        return error_set(error, ERROR_USAGE, "%s takes no value", shown);
    if (!value && takes_argument(option)) {
        if (*index + 1 >= argc)
            return error_set(error, ERROR_USAGE, "%s needs a value", shown);
        value = argv[++*index];
    }
    return apply(option, shown, value, error);
}

static int parse_letters(const struct command *command, int argc, char **argv, int *index,
                         bool *help, struct error *error)
{
    for (const char *letter = argv[*index] + 1; *letter; letter++) {
        const struct option *option = NULL;
        for (size_t i = 0; !option && i < command->option_count; i++)
            if (command->options[i].letter == *letter)
                option = &command->options[i];
        if (!option && *letter == 'h') {
            *help = true;
            continue;
        }
        char shown[3] = { '-', *letter, '\0' };
        if (!option)
            return error_set(error, ERROR_USAGE, "%s has no option %s", command->name, shown);
        if (!takes_argument(option)) {
            if (apply(option, shown, NULL, error) != 0)
                return -1;
            continue;
        }
        const char *value = letter + 1;
        if (!*value && *index + 1 >= argc)
            return error_set(error, ERROR_USAGE, "%s needs a value", shown);
        return apply(option, shown, *value ? value : argv[++*index], error);
    }
    return 0;
}

enum options_result options_parse(const struct command *command, int argc, char **argv,
                                  struct string_list *arguments, struct error *error)
{
    bool only_arguments = false, help = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        int result;
        if (only_arguments || word[0] != '-' || !word[1]) {
            result = string_list_add(arguments, word);
            if (result != 0)
                error_set(error, ERROR_MEMORY, "out of memory");
        } else if (strcmp(word, "--") == 0) {
            only_arguments = true;
            result = 0;
        } else if (strcmp(word, "--help") == 0) {
            help = true;
            result = 0;
        } else if (word[1] == '-') {
            result = parse_long(command, argc, argv, &i, error);
        } else {
            result = parse_letters(command, argc, argv, &i, &help, error);
        }
        if (result != 0)
            return OPTIONS_ERROR;
    }
    if (help)
        return OPTIONS_HELP;
    if (!*command->arguments && arguments->count) {
        error_set(error, ERROR_USAGE, "%s takes no arguments: '%s'", command->name,
                  arguments->items[0]);
        return OPTIONS_ERROR;
    }
    return OPTIONS_OK;
}

/* Writes `text` in lines that begin at `HELP_INDENT`; `used` columns are taken. */
static void print_wrapped(FILE *stream, const char *text, size_t used)
{
    if (used + 1 > HELP_INDENT) {
        putc('\n', stream);
        used = 0;
    }
    fprintf(stream, "%*s", (int)(HELP_INDENT - used), "");
    size_t column = HELP_INDENT;
    while (*text) {
        size_t length = strcspn(text, " ");
        if (column > HELP_INDENT && column + 1 + length > HELP_WIDTH) {
            fprintf(stream, "\n%*s", HELP_INDENT, "");
            column = HELP_INDENT;
        } else if (column > HELP_INDENT) {
            putc(' ', stream);
            column++;
        }
        fprintf(stream, "%.*s", (int)length, text);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    putc('\n', stream);
}

static void print_option(FILE *stream, const struct option *option)
{
    const char *metavar = option->metavar ? option->metavar : "";
    int used = fprintf(stream, "  ");
    if (option->letter)
        used += fprintf(stream, "-%c%s%s", option->letter, *metavar && !option->name ? " " : "",
                        option->name ? ", " : metavar);
    if (option->name)
        used += fprintf(stream, "--%s%s%s", option->name, *metavar ? "=" : "", metavar);
    print_wrapped(stream, option->help, used < 0 ? 0 : (size_t)used);
}

void options_print_help(FILE *stream, const struct command *command)
{
    static const struct option help = { 'h', "help", OPTION_SET, NULL, NULL, "Say this and end." };
    fprintf(stream, "Usage: covfork %s [options]%s%s\n\n%s\nOptions:\n", command->name,
            *command->arguments ? " " : "", command->arguments, command->summary);
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].help)
            print_option(stream, &command->options[i]);
    print_option(stream, &help);
}
