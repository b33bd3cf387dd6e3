/* See path_aliases.h. */
#include "collector/project/path_aliases.h"

#include "collector/base/glob_regex.h"
#include "collector/base/path.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int memory_error(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

struct alias {
    char *pattern; /* as it was given, or generated */
    char *result;  /* ends with a separator */
    struct glob_regex regex;
};

/* Aliases are added while paths are mapped, so they are apart from the const struct. */
struct alias_table {
    struct alias *items;
    size_t count;
};

struct path_aliases {
    struct alias_table *table;
    char *directory;
    bool relative;
};

/* The first separator in `path`, a slash when it has none. */
static char find_separator(const char *path)
{
    const char *found = strpbrk(path, "/\\");
    return found ? *found : '/';
}

/* Absolute on any system: what isabs of posixpath or ntpath says. */
static bool is_absolute_anywhere(const char *path)
{
    if (path[0] == '/')
        return true;
    if (path[0] == '\\' && (path[1] == '\\' || path[1] == '/'))
        return true;
    return path[0] && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
}

static void trim_separators(char *path)
{
    for (size_t length = strlen(path); length && strchr("/\\", path[length - 1]); length--)
        path[length - 1] = '\0';
}

/* Takes `pattern` and `result`, whatever the outcome. 0, or a PCRE2 error number. */
static int append_alias(struct alias_table *table, char *pattern, char *result, const char *regex,
                        uint32_t options)
{
    int number = PCRE2_ERROR_NOMEMORY;
    struct alias *items = NULL;
    if (pattern && result)
        items = realloc(table->items, (table->count + 1) * sizeof *items);
    if (items) {
        table->items = items;
        struct alias *alias = &items[table->count];
        *alias = (struct alias){ .pattern = pattern, .result = result };
        number = glob_regex_init(&alias->regex, regex, options);
        if (number == 0) {
            table->count++;
            return 0;
        }
    }
    free(pattern);
    free(result);
    return number;
}

/* What the glob of an alias is compiled from: absolute where it can be, with a separator at its
 * end. NULL when memory ran out or, with *wildcard set, when it ends with a star. */
static char *prepare_alias_pattern(const struct path_aliases *aliases, const char *original,
                                   bool *wildcard)
{
    char separator[2] = { find_separator(original), '\0' };
    char *pattern = strdup(original);
    if (!pattern)
        return NULL;
    if (pattern[0] && pattern[1])
        trim_separators(pattern);
    size_t length = strlen(pattern);
    *wildcard = length && pattern[length - 1] == '*';
    if (*wildcard) {
        free(pattern);
        return NULL;
    }
    char *ended;
    int written = asprintf(&ended, "%s%s", pattern, separator);
    if (written >= 0 && !aliases->relative && pattern[0] != '*' && !is_absolute_anywhere(ended)) {
        char *absolute = path_canonical(aliases->directory, pattern);
        free(pattern);
        free(ended);
        pattern = absolute;
        if (!pattern)
            return NULL;
        written = asprintf(&ended, "%s%s", pattern, separator);
    }
    if (written < 0) {
        free(pattern);
        return NULL;
    }
    length = strlen(pattern);
    if (length && pattern[length - 1] == separator[0]) {
        free(ended);
        return pattern;
    }
    free(pattern);
    return ended;
}

static int add_alias(struct path_aliases *aliases, const char *name, const char *original,
                     const char *canonical, struct error *error)
{
    bool wildcard = false;
    char *pattern = prepare_alias_pattern(aliases, original, &wildcard);
    if (wildcard)
        return error_set(error, ERROR_CONFIG, "[paths] %s: '%s' must not end with a wildcard", name,
                         original);
    if (!pattern)
        return memory_error(error);
    char *regex = glob_regex_translate(pattern, error);
    if (!regex) {
        free(pattern);
        return -1;
    }
    if (strpbrk(canonical, "*?")) {
        free(regex);
        free(pattern);
        return error_set(error, ERROR_CONFIG,
                         "[paths] %s: '%s', the first, must not contain a wildcard", name,
                         canonical);
    }
    char separator = find_separator(canonical);
    char *result = malloc(strlen(canonical) + 2);
    if (result) {
        strcpy(result, canonical);
        trim_separators(result);
        size_t length = strlen(result);
        result[length] = separator;
        result[length + 1] = '\0';
    }
    int number = append_alias(aliases->table, strdup(original), result, regex, PCRE2_CASELESS);
    if (number)
        glob_regex_error(number, original, error);
    free(regex);
    free(pattern);
    return number ? -1 : 0;
}

struct path_aliases *path_aliases_new(const struct config *config, struct error *error)
{
    struct path_aliases *aliases = calloc(1, sizeof *aliases);
    if (aliases) {
        aliases->table = calloc(1, sizeof *aliases->table);
        aliases->directory = strdup(config->directory);
        aliases->relative = config->relative_files;
    }
    if (!aliases || !aliases->table || !aliases->directory) {
        memory_error(error);
        goto failed;
    }
    for (size_t i = 0; i < config->path_count; i++) {
        const struct config_path_alias *group = &config->paths[i];
        for (size_t j = 1; j < group->patterns.count; j++)
            if (add_alias(aliases, group->name, group->patterns.items[j], group->patterns.items[0],
                          error) < 0)
                goto failed;
    }
    return aliases;
failed:
    path_aliases_free(aliases);
    return NULL;
}

void path_aliases_free(struct path_aliases *aliases)
{
    if (!aliases)
        return;
    for (size_t i = 0; aliases->table && i < aliases->table->count; i++) {
        free(aliases->table->items[i].pattern);
        free(aliases->table->items[i].result);
        glob_regex_close(&aliases->table->items[i].regex);
    }
    if (aliases->table)
        free(aliases->table->items);
    free(aliases->table);
    free(aliases->directory);
    free(aliases);
}

static bool exists(const char *directory, const char *path)
{
    char *full = path[0] == '/' ? strdup(path) : path_join(directory, path);
    bool found = full && access(full, F_OK) == 0;
    free(full);
    return found;
}

/* A file counts as there also when it is said to be inside a zip archive that is there. */
static bool source_exists(const char *directory, const char *path)
{
    static const char *const extensions[] = { ".zip", ".whl", ".egg", ".pex", ".par" };
    if (exists(directory, path))
        return true;
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        char inside[6];
        snprintf(inside, sizeof inside, "%s%c", extensions[i], find_separator(path));
        const char *found = strstr(path, inside);
        if (!found)
            continue;
        char *archive = strndup(path, (size_t)(found - path) + strlen(extensions[i]));
        bool there = archive && exists(directory, archive);
        free(archive);
        if (there)
            return true;
    }
    return false;
}

/* `path` with its first `matched` bytes replaced by the alias's result. NULL: memory. */
static char *apply_alias(const struct path_aliases *aliases, const struct alias *alias,
                         const char *path, size_t matched)
{
    const char *result = alias->result;
    char *mapped;
    if (asprintf(&mapped, "%s%s", result, path + matched) < 0)
        return NULL;
    char from = find_separator(path), to = find_separator(result);
    for (char *c = mapped; *c; c++)
        if (*c == from)
            *c = to;
    if (!aliases->relative) {
        char *canonical = path_canonical(aliases->directory, mapped);
        free(mapped);
        if (!canonical)
            return NULL;
        mapped = canonical;
    }
    bool dotted = result[0] == '.' && strchr("/\\", result[1]) && result[1] && result[2];
    if (!dotted && mapped[0] == '.' && mapped[1] && strchr("/\\", mapped[1]))
        memmove(mapped, mapped + 2, strlen(mapped + 2) + 1);
    return mapped;
}

/* Adds the alias that lets a relative path's first folder match anywhere. 1 when it is new, 0 when
 * it was there or the path has no folder, -1 (memory). */
static int generate_alias(struct alias_table *table, const char *path)
{
    size_t length = strcspn(path, "/\\");
    if (!path[length])
        return 0;
    char *pattern = NULL, *result = NULL, *regex = NULL;
    size_t size;
    if (asprintf(&pattern, "*/%.*s", (int)length, path) < 0)
        return -1;
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->items[i].pattern, pattern) == 0) {
            free(pattern);
            return 0;
        }
    }
    FILE *out = NULL;
    if (asprintf(&result, "%.*s/", (int)length, path) < 0)
        result = NULL;
    else
        out = open_memstream(&regex, &size);
    if (!out)
        goto failed;
    fputs("(?:.*[\\\\/])?", out);
    for (size_t i = 0; i < length; i++) {
        if (!glob_regex_is_word(path[i]) && !(path[i] & 0x80))
            fputc('\\', out);
        fputc(path[i], out);
    }
    fputs("[\\\\/]", out);
    bool written = !ferror(out);
    if (fclose(out) != 0 || !written)
        goto failed;
    int number = append_alias(table, pattern, result, regex, 0);
    free(regex);
    return number ? -1 : 1;
failed:
    free(pattern);
    free(result);
    free(regex);
    return -1;
}

/* What the first alias makes of `path` whose file is there; NULL when there is none, or, with
 * *failed set, no memory. */
static char *map_once(const struct path_aliases *aliases, const char *path, bool *failed)
{
    const struct alias_table *table = aliases->table;
    for (size_t i = 0; i < table->count; i++) {
        ssize_t matched = glob_regex_match(&table->items[i].regex, path);
        if (matched < 0)
            continue;
        char *mapped = apply_alias(aliases, &table->items[i], path, (size_t)matched);
        *failed = !mapped;
        if (!mapped || source_exists(aliases->directory, mapped))
            return mapped;
        free(mapped);
    }
    return NULL;
}

char *path_aliases_map(const struct path_aliases *aliases, const char *path)
{
    bool failed = false;
    for (;;) {
        char *mapped = map_once(aliases, path, &failed);
        if (mapped || failed)
            return mapped;
        if (!aliases->relative)
            return strdup(path);
        /* Data that was relative is made absolute when it is read: its names are matched as they
         * were, too. */
        const char *relative = path_relative(aliases->directory, path);
        if (relative != path) {
            path = relative;
            continue;
        }
        if (is_absolute_anywhere(path))
            return strdup(path);
        int generated = generate_alias(aliases->table, path);
        if (generated <= 0)
            return generated < 0 ? NULL : strdup(path);
    }
}
