/*
 * Third-party folders are told by their names and by a pyvenv.cfg, not by asking the interpreter:
 * the answer must be the same in every process of a session.
 */
#include "source_filter.h"

#include "glob.h"
#include "scratch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* nox loads its configuration, the project's noxfile.py, under this name: the tool's work, which
 * coverage.py never sees, not the project's. */
#define NOX_MODULE "user_nox_module"

static const struct settings *settings;

void source_filter_init(const struct settings *from)
{
    settings = from;
}

static bool in_tree(const char *tree, const char *path)
{
    size_t length = strlen(tree);
    while (length > 1 && tree[length - 1] == '/')
        length--;
    return strncmp(path, tree, length) == 0 &&
           (path[length] == '/' || path[length] == '\0' || length == 1);
}

static bool is_third_party_name(const char *name, size_t length)
{
    static const char *const names[] = { "site-packages", "dist-packages", ".nox",          ".tox",
                                         ".venv",         ".eggs",         "__pypackages__" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
            return true;
    return false;
}

/* Does a folder between `top` and the file hold what was installed? */
static bool is_third_party_in(const char *top, const char *path, char folder[PATH_MAX + 16])
{
    size_t length = strlen(top);
    for (const char *name = path + length; *name == '/';) {
        name++;
        size_t name_length = strcspn(name, "/");
        if (name[name_length] != '/')
            return false;
        if (is_third_party_name(name, name_length))
            return true;
        size_t end = (size_t)(name + name_length - path);
        if (end >= PATH_MAX)
            return true;
        memcpy(folder, path, end);
        strcpy(folder + end, "/pyvenv.cfg");
        if (access(folder, F_OK) == 0)
            return true;
        name += name_length;
    }
    return false;
}

static bool is_third_party(const char *top, const char *path)
{
    char *folder = scratch_take(PATH_MAX + 16);
    bool is = !folder || is_third_party_in(top, path, folder);
    scratch_give(folder);
    return is;
}

/* Below the root folder. */
static bool match_below_root(const char *pattern, const char *path)
{
    size_t size = PATH_MAX * 2;
    char *absolute = scratch_take(size);
    if (!absolute)
        return false;
    snprintf(absolute, size, "%s/%s", settings->root, pattern);
    bool matches = glob_match(absolute, path);
    scratch_give(absolute);
    return matches;
}

static bool match_globs(const struct settings_list *globs, const char *path)
{
    for (size_t i = 0; i < globs->count; i++) {
        const char *pattern = globs->items[i];
        if (glob_match(pattern, path))
            return true;
        if (pattern[0] == '*' || pattern[0] == '?' || pattern[0] == '/')
            continue;
        if (strncmp(pattern, "./", 2) == 0)
            pattern += 2;
        if (match_below_root(pattern, path))
            return true;
    }
    return false;
}

static bool module_matches(const char *module)
{
    for (size_t i = 0; i < settings->source_pkgs.count; i++) {
        const char *package = settings->source_pkgs.items[i];
        size_t length = strlen(package);
        if (strncmp(module, package, length) == 0 &&
            (module[length] == '\0' || module[length] == '.'))
            return true;
    }
    return false;
}

/* Can a file of this name be a module of a source package? By its folders' and its own name. */
static bool path_may_be_package(const char *path)
{
    for (size_t i = 0; i < settings->source_pkgs.count; i++) {
        const char *package = settings->source_pkgs.items[i];
        size_t length = strcspn(package, ".");
        for (const char *at = path; (at = strchr(at, '/')) != NULL;) {
            at++;
            if (strncmp(at, package, length) == 0 && (at[length] == '/' || at[length] == '.'))
                return true;
        }
    }
    return false;
}

static bool in_source_dirs(const char *path)
{
    for (size_t i = 0; i < settings->source_dirs.count; i++)
        if (in_tree(settings->source_dirs.items[i], path) &&
            !is_third_party(settings->source_dirs.items[i], path))
            return true;
    return false;
}

static bool passes(const char *path, bool package_matches)
{
    if (settings->source_dirs.count || settings->source_pkgs.count) {
        if (!package_matches && !in_source_dirs(path))
            return false;
    } else if (settings->include.count) {
        if (!match_globs(&settings->include, path))
            return false;
    } else if (!in_tree(settings->root, path) || is_third_party(settings->root, path)) {
        return false;
    }
    return !match_globs(&settings->omit, path);
}

bool source_filter_may_measure(const char *canonical)
{
    return settings && passes(canonical, path_may_be_package(canonical));
}

bool source_filter_measures(const char *canonical, const char *module)
{
    if (!settings || (module && strcmp(module, NOX_MODULE) == 0))
        return false;
    return passes(canonical, module ? module_matches(module) : path_may_be_package(canonical));
}

/* Most files of a process lie in a few folders: each is resolved once. */
static struct folder {
    struct folder *next;
    char *resolved; /* behind name, in the same block */
    char name[];
} * folders[64];

static const char *resolve_folder(const char *name, size_t length)
{
    unsigned hash = 5381;
    for (size_t i = 0; i < length; i++)
        hash = hash * 33 + (unsigned char)name[i];
    struct folder **list = &folders[hash % 64];
    for (struct folder *known = *list; known; known = known->next)
        if (strncmp(known->name, name, length) == 0 && !known->name[length])
            return known->resolved;
    char *text = scratch_take(2 * PATH_MAX);
    char *resolved = text ? text + PATH_MAX : NULL;
    struct folder *folder = NULL;
    if (text) {
        memcpy(text, name, length);
        text[length] = '\0';
    }
    if (text && realpath(length ? text : "/", resolved)) {
        size_t resolved_size = strlen(resolved) + 1;
        folder = malloc(sizeof *folder + length + 1 + resolved_size);
        if (folder) {
            memcpy(folder->name, text, length + 1);
            folder->resolved = folder->name + length + 1;
            memcpy(folder->resolved, resolved, resolved_size);
            folder->next = *list;
            *list = folder;
        }
    }
    scratch_give(text);
    return folder ? folder->resolved : NULL;
}

static bool canonical_of_absolute(const char *path, char canonical[PATH_MAX], struct stat *status)
{
    const char *base = strrchr(path, '/');
    if (base - path >= PATH_MAX)
        return false;
    if (lstat(path, status) != 0)
        *status = (struct stat){ 0 };
    if (S_ISLNK(status->st_mode)) {
        if (stat(path, status) != 0)
            *status = (struct stat){ 0 };
        return realpath(path, canonical) != NULL;
    }
    const char *folder = resolve_folder(path, (size_t)(base - path));
    int length =
        folder ? snprintf(canonical, PATH_MAX, "%s%s", strcmp(folder, "/") ? folder : "", base)
               : snprintf(canonical, PATH_MAX, "%s", path);
    return length > 0 && length < PATH_MAX;
}

static bool canonical_name(const char *file_name, char canonical[PATH_MAX], struct stat *status)
{
    if (!file_name[0] || file_name[0] == '<' || strncmp(file_name, "memory:", 7) == 0)
        return false;
    if (file_name[0] == '/')
        return canonical_of_absolute(file_name, canonical, status);
    /* The working folder may change: relative names are not cached by their own text. */
    char *absolute = scratch_take(PATH_MAX);
    bool found = absolute && getcwd(absolute, PATH_MAX) != NULL;
    if (found) {
        size_t length = strlen(absolute);
        int added = snprintf(absolute + length, PATH_MAX - length, "/%s", file_name);
        found = added >= 0 && (size_t)added < PATH_MAX - length &&
                canonical_of_absolute(absolute, canonical, status);
    }
    scratch_give(absolute);
    return found;
}

bool source_filter_canonical(const char *file_name, char canonical[PATH_MAX], struct stat *status)
{
    int saved = errno;
    struct stat unwanted;
    bool found = canonical_name(file_name, canonical, status ? status : &unwanted);
    errno = saved;
    return found;
}
