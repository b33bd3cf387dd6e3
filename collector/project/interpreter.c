/* See interpreter.h. */
#include "collector/project/interpreter.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The minor versions of Python 3 that are looked for. */
#define MINOR_FIRST 8u
#define MINOR_LAST  30u

const char *interpreter_option;

static const char *named_by_user(void)
{
    const char *named = interpreter_option ? interpreter_option : getenv("COVFORK_PYTHON");
    return named && *named ? named : NULL;
}

bool interpreter_is_named(void)
{
    return named_by_user() != NULL;
}

static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    if (length == 1)
        return false; /* all is below / */
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Is it below a folder that may hold what came with data? `path` and what it links to. */
static bool is_doubtful(const char *path, const struct string_list *never)
{
    char *folder = realpath(".", NULL);
    char *real = realpath(path, NULL);
    bool doubtful = !folder || !real || is_below(path, folder) || is_below(real, folder);
    for (size_t i = 0; !doubtful && never && i < never->count; i++) {
        char *other = realpath(never->items[i], NULL);
        doubtful = other && (is_below(path, other) || is_below(real, other));
        free(other);
    }
    free(real);
    free(folder);
    return doubtful;
}

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static const char *search_path(void)
{
    const char *path = getenv("PATH");
    return path ? path : "/bin:/usr/bin";
}

/* A path without links in its folders. Caller frees. */
static char *canonical_name(const char *folder, size_t length, const char *name)
{
    char *given, *path = NULL;
    if (asprintf(&given, "%.*s", (int)length, folder) < 0)
        return NULL;
    char *real = realpath(given, NULL);
    if (real && asprintf(&path, "%s/%s", strcmp(real, "/") == 0 ? "" : real, name) < 0)
        path = NULL;
    free(real);
    free(given);
    return path;
}

char *interpreter_find_program(const char *name, const struct string_list *never)
{
    for (const char *at = *name ? search_path() : NULL; at;) {
        size_t length = strcspn(at, ":");
        char file[PATH_MAX];
        bool fits = at[0] == '/' && length + strlen(name) + 2 <= sizeof file;
        if (fits)
            snprintf(file, sizeof file, "%.*s/%s", (int)length, at, name);
        if (fits && is_program(file)) {
            char *path = canonical_name(at, length, name);
            if (path && !is_doubtful(path, never))
                return path;
            free(path);
        }
        at = at[length] ? at + length + 1 : NULL;
    }
    return NULL;
}

static int add_once(struct string_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return 0;
    return string_list_add(list, text);
}

/* What PATH has by that name. */
static int add_found(struct string_list *chosen, const char *name, const struct string_list *never)
{
    char *path = interpreter_find_program(name, never);
    int result = path ? add_once(chosen, path) : 0;
    free(path);
    return result;
}

static int add_version(struct string_list *chosen, unsigned minor, const struct string_list *never)
{
    char name[24];
    snprintf(name, sizeof name, "python3.%u", minor);
    return add_found(chosen, name, never);
}

/* Is `executable` what PATH has by its name, in whatever folder of it? Only its name is looked for.
 */
static int add_if_in_path(struct string_list *chosen, const char *executable,
                          const struct string_list *never)
{
    const char *slash = executable && executable[0] == '/' ? strrchr(executable, '/') : NULL;
    if (!slash || strncmp(slash + 1, "python", 6) != 0 || !is_program(executable))
        return 0;
    char *wanted = canonical_name(executable, (size_t)(slash - executable), slash + 1);
    int result = 0;
    bool found = false;
    for (const char *at = wanted ? search_path() : NULL; at && !found;) {
        size_t length = strcspn(at, ":");
        char *path = at[0] == '/' ? canonical_name(at, length, slash + 1) : NULL;
        found = path && strcmp(path, wanted) == 0 && !is_doubtful(path, never);
        if (found)
            result = add_once(chosen, path);
        free(path);
        at = at[length] ? at + length + 1 : NULL;
    }
    free(wanted);
    return result;
}

/* Of Python 3; 0 when it isn't known. */
static unsigned wish_minor(const struct interpreter_wish *wish)
{
    const char *name = wish->executable ? strrchr(wish->executable, '/') : NULL;
    unsigned minor = 0;
    if (wish->python >> 24 == 3)
        return wish->python >> 16 & 0xff;
    if (name && sscanf(name, "/python3.%2u", &minor) == 1)
        return minor;
    return 0;
}

static int add_nearest(struct string_list *chosen, unsigned wanted, const struct string_list *never)
{
    /* Newer ones first: they have what older ones don't. */
    int result = 0;
    for (unsigned distance = 1; result == 0 && distance <= MINOR_LAST; distance++) {
        if (wanted + distance <= MINOR_LAST)
            result = add_version(chosen, wanted + distance, never);
        if (result == 0 && wanted >= MINOR_FIRST + distance)
            result = add_version(chosen, wanted - distance, never);
    }
    return result;
}

static int add_named(struct string_list *chosen, const char *name, const struct string_list *never)
{
    if (name[0] == '/')
        return string_list_add(chosen, name);
    if (!strchr(name, '/')) {
        char *found = interpreter_find_program(name, never);
        int result = string_list_add(chosen, found ? found : name);
        free(found);
        return result;
    }
    char *folder = realpath(".", NULL), *path = NULL;
    if (folder && asprintf(&path, "%s/%s", folder, name) < 0)
        path = NULL;
    int result = path ? string_list_add(chosen, path) : -1;
    free(path);
    free(folder);
    return result;
}

int interpreter_choose(struct string_list *chosen, const struct interpreter_wish *wishes,
                       size_t count, const struct string_list *never)
{
    const char *named = named_by_user();
    if (named)
        return add_named(chosen, named, never);
    unsigned first = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned minor = wish_minor(&wishes[i]);
        if (add_if_in_path(chosen, wishes[i].executable, never) != 0 ||
            (minor && add_version(chosen, minor, never) != 0))
            return -1;
        first = first ? first : minor;
    }
    bool has_wanted = chosen->count > 0;
    if (add_found(chosen, "python3", never) != 0 || add_found(chosen, "python", never) != 0)
        return -1;
    return has_wanted ? 0 : add_nearest(chosen, first ? first : MINOR_LAST, never);
}
