/*
 * Names are compared from their ends, part by part; nothing here reads a file.
 */
#include "collector/project/moved_sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

void moved_folders_close(struct moved_folders *folders)
{
    for (size_t i = 0; i < folders->count; i++) {
        free(folders->items[i].from);
        free(folders->items[i].to);
    }
    free(folders->items);
    *folders = (struct moved_folders){ 0 };
}

static int add_folder(struct moved_folders *folders, char *from, char *to)
{
    bool known = false;
    for (size_t i = 0; from && to && i < folders->count; i++)
        known |= strcmp(folders->items[i].from, from) == 0 && strcmp(folders->items[i].to, to) == 0;
    struct moved_folder *larger = NULL;
    if (from && to && !known)
        larger = reallocarray(folders->items, folders->count + 1, sizeof *larger);
    if (!larger) {
        free(from);
        free(to);
        return known ? 0 : -1;
    }
    folders->items = larger;
    larger[folders->count++] = (struct moved_folder){ from, to };
    return 0;
}

int moved_folders_add(struct moved_folders *folders, const char *from, const char *to)
{
    return add_folder(folders, strdup(from), strdup(to));
}

/* Where the last parts that both names have in common begin, with their slash, as a length from
 * the end. */
static size_t common_length(const char *path, const char *other, size_t *parts)
{
    size_t a = strlen(path), b = strlen(other), length = 0;
    *parts = 0;
    for (size_t i = 1; i <= a && i <= b && path[a - i] == other[b - i]; i++)
        if (path[a - i] == '/') {
            length = i;
            ++*parts;
        }
    return length;
}

size_t moved_common_parts(const char *path, const char *other)
{
    size_t parts;
    common_length(path, other, &parts);
    return parts;
}

int moved_folders_learn(struct moved_folders *folders, const char *path, const char *here)
{
    size_t parts, length = common_length(path, here, &parts);
    if (length == 0)
        return 0;
    return add_folder(folders, strndup(path, strlen(path) - length),
                      strndup(here, strlen(here) - length));
}

int moved_folders_find(const struct moved_folders *folders, const char *path, char **here)
{
    *here = NULL;
    for (size_t i = 0; i < folders->count; i++) {
        const struct moved_folder *folder = &folders->items[i];
        size_t length = strlen(folder->from);
        if (strncmp(path, folder->from, length) != 0 || path[length] != '/')
            continue;
        if (asprintf(here, "%s%s", folder->to, path + length) < 0) {
            *here = NULL;
            return -1;
        }
        if (strcmp(*here, path) != 0 && is_file(*here))
            return 0;
        free(*here);
        *here = NULL;
    }
    return 0;
}

int moved_candidates(struct string_list *candidates, const struct string_list *roots,
                     const char *path)
{
    for (const char *end = strchr(path, '/'); end; end = strchr(end + 1, '/'))
        for (size_t i = 0; i < roots->count; i++) {
            char *candidate;
            if (asprintf(&candidate, "%s%s", roots->items[i], end) < 0)
                return -1;
            int result = 0;
            if (strcmp(candidate, path) != 0 && is_file(candidate))
                result = string_list_add(candidates, candidate);
            free(candidate);
            if (result != 0)
                return -1;
        }
    return 0;
}
