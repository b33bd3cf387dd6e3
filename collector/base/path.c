/* See path.h. Runs in the collector only. */
#include "collector/base/path.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Linux follows no more links than this either. */
#define MAX_LINKS 40

char *path_join(const char *directory, const char *name)
{
    size_t length = strlen(directory);
    const char *slash = length && directory[length - 1] == '/' ? "" : "/";
    char *joined;
    return asprintf(&joined, "%s%s%s", directory, slash, name) < 0 ? NULL : joined;
}

/* Appends one component to the normal absolute path `path`, which has room for it. */
static void push_component(char *path, const char *component, size_t length)
{
    if (!length || (length == 1 && component[0] == '.'))
        return;
    if (length == 2 && component[0] == '.' && component[1] == '.') {
        char *slash = strrchr(path, '/');
        if (slash)
            slash[slash == path] = '\0';
        return;
    }
    size_t end = strlen(path);
    if (end > 1)
        path[end++] = '/';
    memcpy(path + end, component, length);
    path[end + length] = '\0';
}

/* The absolute `path` without ".", ".." and repeated slashes, looking at no file. */
static char *normalize(const char *path)
{
    char *result = malloc(strlen(path) + 2);
    if (!result)
        return NULL;
    strcpy(result, "/");
    while (*path) {
        size_t length = strcspn(path, "/");
        push_component(result, path, length);
        path += length + (path[length] == '/');
    }
    return result;
}

/* Python's realpath for what realpath(3) refuses: parts that do not exist or can't be looked at
 * stand for themselves, and a loop of links is left as it is. */
static char *resolve_leniently(const char *path)
{
    char *resolved = strdup("/");
    char *rest = strdup(path);
    int links = 0;
    size_t at = 0;
    while (resolved && rest && rest[at]) {
        size_t length = strcspn(rest + at, "/");
        char *next = malloc(strlen(resolved) + length + 2);
        if (!next)
            goto failed;
        strcpy(next, resolved);
        push_component(next, rest + at, length);
        at += length + (rest[at + length] == '/');
        char target[PATH_MAX];
        ssize_t target_length = -1;
        /* "..", "." and an empty part give a shorter or the same path, which is no link. */
        if (strlen(next) > strlen(resolved))
            target_length = readlink(next, target, sizeof target - 1);
        if (target_length <= 0) {
            free(resolved);
            resolved = next;
            continue;
        }
        free(next);
        if (++links > MAX_LINKS) {
            free(resolved);
            free(rest);
            return normalize(path);
        }
        target[target_length] = '\0';
        char *longer = path_join(target, rest + at);
        free(rest);
        rest = longer;
        at = 0;
        if (target[0] == '/')
            resolved[1] = '\0';
    }
    if (!rest)
        goto failed;
    free(rest);
    return resolved;
failed:
    free(resolved);
    free(rest);
    return NULL;
}

char *path_canonical(const char *directory, const char *path)
{
    char *joined = path[0] == '/' ? strdup(path) : path_join(directory, path);
    if (joined && joined[0] != '/') {
        char *working = getcwd(NULL, 0);
        char *absolute = working ? path_join(working, joined) : NULL;
        free(working);
        free(joined);
        joined = absolute;
    }
    if (!joined)
        return NULL;
    char *real = realpath(joined, NULL);
    if (!real && errno != ENOMEM)
        real = resolve_leniently(joined);
    free(joined);
    return real;
}

/* The canonical name of the folder `given`; NULL when memory ran out. It is the struct's. */
static const char *find_folder(struct path_folders *folders, const char *given)
{
    uint64_t hash = hash_bytes(given, strlen(given));
    for (size_t at = hash_map_first(&folders->map, hash); at != HASH_MAP_END;
         at = hash_map_next(&folders->map, hash, at)) {
        size_t index = hash_map_value(&folders->map, at);
        if (strcmp(folders->given.items[index], given) == 0)
            return folders->canonical.items[index];
    }
    char *canonical = path_canonical("/", given);
    size_t index = folders->given.count;
    bool added = canonical && string_list_add(&folders->given, given) == 0 &&
                 string_list_add(&folders->canonical, canonical) == 0 &&
                 hash_map_add(&folders->map, hash, (uint32_t)index) == 0;
    free(canonical);
    return added ? folders->canonical.items[index] : NULL;
}

char *path_canonical_file(struct path_folders *folders, const char *directory, const char *path)
{
    char *joined = path[0] == '/' ? strdup(path) : path_join(directory, path);
    char *slash = joined ? strrchr(joined, '/') : NULL;
    const char *name = slash ? slash + 1 : "";
    struct stat status;
    if (!joined)
        return NULL;
    if (joined[0] == '/' && slash != joined && *name && strcmp(name, ".") != 0 &&
        strcmp(name, "..") != 0) {
        *slash = '\0';
        const char *folder = find_folder(folders, joined);
        char *file = folder ? path_join(folder, name) : NULL;
        *slash = '/';
        if (!folder || !file || (lstat(file, &status) == 0 && !S_ISLNK(status.st_mode))) {
            free(joined);
            return file;
        }
        free(file);
    }
    free(joined);
    return path_canonical(directory, path);
}

void path_folders_close(struct path_folders *folders)
{
    string_list_close(&folders->given);
    string_list_close(&folders->canonical);
    hash_map_close(&folders->map);
}

bool path_is_of_windows(const char *path)
{
    bool has_drive = ((path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z')) &&
                     path[1] == ':' && (path[2] == '\\' || path[2] == '/');
    return has_drive || path[0] == '\\';
}

void path_use_slashes(char *path)
{
    for (; *path; path++)
        if (*path == '\\')
            *path = '/';
}

const char *path_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *path_relative(const char *directory, const char *path)
{
    size_t length = strlen(directory);
    while (length && directory[length - 1] == '/')
        length--;
    if (strncmp(path, directory, length) == 0 && path[length] == '/' && path[length + 1])
        return path + length + 1;
    return path;
}

bool path_in_tree(const char *tree, const char *path)
{
    size_t length = strlen(tree);
    while (length && tree[length - 1] == '/')
        length--;
    return strncmp(path, tree, length) == 0 && (path[length] == '\0' || path[length] == '/');
}
