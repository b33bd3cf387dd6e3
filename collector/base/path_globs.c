/* See path_globs.h. */
#include "collector/base/path_globs.h"

#include "collector/base/glob_regex.h"
#include "collector/base/path.h"

#include <stdlib.h>

static int memory_error(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

struct path_globs {
    size_t count;
    struct glob_regex regexes[];
};

/* Adds one prepared glob. 0 or -1. */
static int add_glob(struct path_globs *globs, const char *glob, struct error *error)
{
    char *text = glob_regex_translate(glob, error);
    if (!text)
        return -1;
    int number = glob_regex_init(&globs->regexes[globs->count], text, PCRE2_ENDANCHORED);
    free(text);
    if (number)
        return glob_regex_error(number, glob, error);
    globs->count++;
    return 0;
}

struct path_globs *path_globs_new(const struct string_list *patterns, const char *directory,
                                  struct error *error)
{
    struct path_globs *globs =
        calloc(1, sizeof *globs + 2 * patterns->count * sizeof globs->regexes[0]);
    if (!globs) {
        memory_error(error);
        return NULL;
    }
    for (size_t i = 0; i < patterns->count; i++) {
        const char *pattern = patterns->items[i];
        if (add_glob(globs, pattern, error) < 0)
            goto failed;
        if (pattern[0] == '*' || pattern[0] == '?')
            continue;
        char *absolute = path_canonical(directory, pattern);
        if (!absolute) {
            memory_error(error);
            goto failed;
        }
        int status = add_glob(globs, absolute, error);
        free(absolute);
        if (status < 0)
            goto failed;
    }
    return globs;
failed:
    path_globs_free(globs);
    return NULL;
}

bool path_globs_match(const struct path_globs *globs, const char *path)
{
    for (size_t i = 0; i < globs->count; i++)
        if (glob_regex_match(&globs->regexes[i], path) >= 0)
            return true;
    return false;
}

void path_globs_free(struct path_globs *globs)
{
    if (!globs)
        return;
    for (size_t i = 0; i < globs->count; i++)
        glob_regex_close(&globs->regexes[i]);
    free(globs);
}
