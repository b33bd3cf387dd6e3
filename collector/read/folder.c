/*
 * Everything is done relative to a descriptor of the folder, so that nobody can put a link in the
 * way between the look and the removal.
 */
#include "collector/read/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CACHE_NAME      "cache"
#define COMBINED_PREFIX "combined-"
#define COVERAGE_NAME   ".coverage"

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

char *folder_choose(const char *option)
{
    const char *path = option;
    if (!path || !*path)
        path = getenv("COVFORK_DIR");
    if (!path || !*path)
        path = ".covfork";
    char *copy = strdup(path);
    for (size_t length = copy ? strlen(copy) : 0; length > 1 && copy[length - 1] == '/'; length--)
        copy[length - 1] = '\0';
    return copy;
}

void folder_close(struct folder *folder)
{
    if (folder->is_open)
        close(folder->descriptor);
    free(folder->path);
    string_list_close(&folder->sessions);
    string_list_close(&folder->combined);
    string_list_close(&folder->leftovers);
    string_list_close(&folder->foreign);
    *folder = (struct folder){ 0 };
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_names(struct string_list *list)
{
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare_names);
}

static bool is_hex(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isdigit((unsigned char)text[i]) && (text[i] < 'a' || text[i] > 'f'))
            return false;
    return true;
}

bool folder_session_id(const char *name, uint8_t id[FORMAT_ID_SIZE])
{
    size_t prefix = strlen(FORMAT_SESSION_PREFIX);
    if (strncmp(name, FORMAT_SESSION_PREFIX, prefix) != 0)
        return false;
    const char *digits = name + prefix;
    if (strlen(digits) != 2 * FORMAT_ID_SIZE || !is_hex(digits, 2 * FORMAT_ID_SIZE))
        return false;
    for (size_t i = 0; i < FORMAT_ID_SIZE; i++) {
        char pair[3] = { digits[2 * i], digits[2 * i + 1], '\0' };
        id[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return true;
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name), suffix_length = strlen(suffix);
    return length > suffix_length && strcmp(name + length - suffix_length, suffix) == 0;
}

static bool is_combined_name(const char *name)
{
    return strncmp(name, COMBINED_PREFIX, strlen(COMBINED_PREFIX)) == 0 &&
           has_suffix(name, FORMAT_DATA_SUFFIX);
}

/* Nothing, or what mkstemp adds to a name. */
static bool is_temporary_end(const char *end)
{
    return !*end || (end[0] == '.' && strlen(end) == 7);
}

/* A combined file that was never finished. */
static bool is_leftover_name(const char *name)
{
    const char *end = strstr(name, FORMAT_DATA_SUFFIX ".");
    return end && strncmp(name, COMBINED_PREFIX, strlen(COMBINED_PREFIX)) == 0 &&
           is_temporary_end(end + strlen(FORMAT_DATA_SUFFIX));
}

/* SQLite may have left a journal beside a file: it is covfork's to remove, not to read. */
static bool is_journal_name(const char *name)
{
    return has_suffix(name, "-journal") || has_suffix(name, "-wal") || has_suffix(name, "-shm");
}

static bool is_foreign_name(const char *name)
{
    size_t prefix = strlen(FORMAT_COVERAGE_PREFIX);
    return (strncmp(name, FORMAT_COVERAGE_PREFIX, prefix) == 0 && name[prefix]) ||
           has_suffix(name, FORMAT_SLIPCOVER_SUFFIX);
}

bool folder_is_foreign_name(const char *name)
{
    return is_foreign_name(name) && !is_journal_name(name);
}

static bool is_data_name(const char *name)
{
    return has_suffix(name, FORMAT_DATA_SUFFIX) || folder_is_foreign_name(name);
}

/* HOST.PID.START.RANDOM.data, where RANDOM has 32 hexadecimal digits. */
static bool is_process_name(const char *name)
{
    if (!has_suffix(name, FORMAT_DATA_SUFFIX))
        return false;
    size_t length = strlen(name) - strlen(FORMAT_DATA_SUFFIX);
    size_t digits = 2 * FORMAT_ID_SIZE;
    return length > digits && name[length - digits - 1] == '.' &&
           is_hex(name + length - digits, digits);
}

/* A shared file of a session, or what a killed process left while it made one. */
static bool is_shared_name(const char *name)
{
    static const char *const names[] = { FORMAT_SETTINGS_NAME, FORMAT_LEDGER_NAME,
                                         FORMAT_SOURCES_NAME, FORMAT_INDEX_NAME,
                                         FORMAT_OVERFLOW_NAME };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t length = strlen(names[i]);
        if (strncmp(name, names[i], length) != 0)
            continue;
        const char *rest = name + length;
        if (!*rest)
            return true;
        size_t digits = rest[0] == '.' ? strspn(rest + 1, "0123456789abcdef") : 0;
        if (digits >= 8 && strcmp(rest + 1 + digits, ".new") == 0)
            return true;
    }
    return false;
}

static bool is_kind(int directory, const char *name, mode_t kind)
{
    struct stat status;
    return fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           (status.st_mode & S_IFMT) == kind;
}

static DIR *open_directory(int parent, const char *path, int flags)
{
    int descriptor = openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
    if (descriptor < 0)
        return NULL;
    DIR *directory = fdopendir(descriptor);
    if (!directory)
        close(descriptor);
    return directory;
}

/* The next name but . and .., or NULL. */
static const char *next_name(DIR *directory)
{
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            return entry->d_name;
    return NULL;
}

static int sort_entry(struct folder *folder, int directory, const char *name)
{
    uint8_t id[FORMAT_ID_SIZE];
    if (folder_session_id(name, id) && is_kind(directory, name, S_IFDIR))
        return string_list_add(&folder->sessions, name);
    if (is_combined_name(name) && is_kind(directory, name, S_IFREG))
        return string_list_add(&folder->combined, name);
    if (is_leftover_name(name) && is_kind(directory, name, S_IFREG))
        return string_list_add(&folder->leftovers, name);
    if (strcmp(name, CACHE_NAME) == 0 && is_kind(directory, name, S_IFDIR)) {
        folder->has_cache = true;
        return 0;
    }
    return string_list_add(&folder->foreign, name);
}

int folder_open(struct folder *folder, const char *path, struct error *error)
{
    *folder = (struct folder){ 0 };
    DIR *directory = open_directory(AT_FDCWD, path, 0);
    if (!directory && errno == ENOENT)
        return error_set(error, ERROR_NO_DATA, "%s does not exist", path);
    if (!directory)
        return error_set(error, ERROR_SYSTEM, "can't read %s: %s", path, strerror(errno));
    folder->path = strdup(path);
    folder->descriptor = fcntl(dirfd(directory), F_DUPFD_CLOEXEC, 0);
    folder->is_open = folder->descriptor >= 0;
    int result = folder->path && folder->is_open ? 0 : -1;
    const char *name;
    while (result == 0 && (name = next_name(directory)) != NULL)
        result = sort_entry(folder, dirfd(directory), name);
    closedir(directory);
    if (result != 0) {
        folder_close(folder);
        return out_of_memory(error);
    }
    sort_names(&folder->sessions);
    sort_names(&folder->combined);
    sort_names(&folder->foreign);
    return 0;
}

/* u-UID: the part of a session that another user's processes wrote. Also one that root was ended in
 * the making of: there is nothing in it, but it is the session's. */
static bool is_user_folder(int directory, const char *name)
{
    if (strncmp(name, FORMAT_USER_PREFIX, strlen(FORMAT_USER_PREFIX)) != 0)
        return false;
    const char *number = name + strlen(FORMAT_USER_PREFIX);
    size_t digits = strspn(number, "0123456789");
    const char *rest = number + digits;
    bool is_new = strncmp(rest, FORMAT_USER_NEW, strlen(FORMAT_USER_NEW)) == 0;
    return digits > 0 && digits < 11 && (!*rest || is_new) && is_kind(directory, name, S_IFDIR);
}

static bool is_ledger_name(const char *name)
{
    return strcmp(name, FORMAT_LEDGER_NAME) == 0 ||
           strcmp(name, FORMAT_LEDGER_NAME FORMAT_SPARE_SUFFIX) == 0;
}

/* `user`: of a folder below `parent`; NULL: of `parent` itself, and of those. 0 or -1 (memory). */
static int add_ledgers(struct string_list *names, int parent, const char *user)
{
    DIR *directory = open_directory(parent, user ? user : ".", O_NOFOLLOW);
    int result = 0;
    const char *name;
    while (directory && result == 0 && (name = next_name(directory)) != NULL) {
        if (!user && is_user_folder(dirfd(directory), name)) {
            result = add_ledgers(names, dirfd(directory), name);
        } else if (is_ledger_name(name)) {
            char *path;
            if (asprintf(&path, "%s%s%s", user ? user : "", user ? "/" : "", name) < 0)
                path = NULL;
            result = path ? string_list_add(names, path) : -1;
            free(path);
        }
    }
    if (directory)
        closedir(directory);
    return result;
}

int folder_list_ledgers(struct string_list *names, const char *path, struct error *error)
{
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return error_set(error, ERROR_SYSTEM, "can't read %s: %s", path, strerror(errno));
    int result = add_ledgers(names, descriptor, NULL);
    close(descriptor);
    if (result != 0)
        return out_of_memory(error);
    sort_names(names);
    return 0;
}

/* Adds "USER/NAME" for each data file of that user's, and for the sources file. */
static int add_users_files(struct string_list *names, int parent, const char *user)
{
    DIR *directory = open_directory(parent, user, O_NOFOLLOW);
    int result = 0;
    const char *name;
    while (directory && result == 0 && (name = next_name(directory)) != NULL) {
        char *joined;
        if (!is_data_name(name) && strcmp(name, FORMAT_SOURCES_NAME) != 0)
            continue;
        result = asprintf(&joined, "%s/%s", user, name) < 0 ? -1 : 0;
        if (result == 0) {
            result = string_list_add(names, joined);
            free(joined);
        }
    }
    if (directory)
        closedir(directory);
    return result;
}

int folder_list_session(struct string_list *names, const char *path, bool *has_sources,
                        struct error *error)
{
    *has_sources = false;
    DIR *directory = open_directory(AT_FDCWD, path, 0);
    if (!directory)
        return error_set(error, ERROR_SYSTEM, "can't read %s: %s", path, strerror(errno));
    int result = 0;
    const char *name;
    while (result == 0 && (name = next_name(directory)) != NULL) {
        if (strcmp(name, FORMAT_SOURCES_NAME) == 0)
            *has_sources = true;
        else if (is_data_name(name))
            result = string_list_add(names, name);
        else if (is_user_folder(dirfd(directory), name))
            result = add_users_files(names, dirfd(directory), name);
    }
    closedir(directory);
    if (result != 0)
        return out_of_memory(error);
    sort_names(names);
    return 0;
}

int folder_list_loose(struct string_list *names, const char *path, bool has_data_folder,
                      struct error *error)
{
    DIR *directory = open_directory(AT_FDCWD, path, 0);
    if (!directory)
        return error_set(error, ERROR_SYSTEM, "can't read %s: %s", path, strerror(errno));
    size_t prefix = strlen(FORMAT_COVERAGE_PREFIX);
    bool has_parts = false, has_whole = false;
    int result = 0;
    const char *name;
    while (result == 0 && (name = next_name(directory)) != NULL) {
        bool is_part = strncmp(name, FORMAT_COVERAGE_PREFIX, prefix) == 0 && !is_journal_name(name);
        bool is_other =
            !has_data_folder && (has_suffix(name, ".json") ||
                                 (has_suffix(name, FORMAT_DATA_SUFFIX) && !is_combined_name(name)));
        if (!is_kind(dirfd(directory), name, S_IFREG))
            continue;
        has_whole |= strcmp(name, COVERAGE_NAME) == 0;
        has_parts |= is_part;
        if (is_part || is_other)
            result = string_list_add(names, name);
    }
    /* What coverage.py has combined is of its parts, where those are still there. */
    if (result == 0 && has_whole && !has_parts && !has_data_folder)
        result = string_list_add(names, COVERAGE_NAME);
    closedir(directory);
    if (result != 0)
        return out_of_memory(error);
    sort_names(names);
    return 0;
}

static int add_left(struct string_list *left, const char *a, const char *b, const char *c)
{
    char *path;
    if (asprintf(&path, "%s/%s%s%s", a, b, c ? "/" : "", c ? c : "") < 0)
        return -1;
    int result = string_list_add(left, path);
    free(path);
    return result;
}

static bool is_session_file(const char *name)
{
    return is_shared_name(name) || is_ledger_name(name) ||
           strcmp(name, FORMAT_LEDGER_NAME FORMAT_DROPPED_SUFFIX) == 0 || is_process_name(name) ||
           is_foreign_name(name);
}

/* NAME-HASH.json of config.c and python_helper.c, analysis_cache.c's file, and what a killed one
 * leaves. */
static bool is_cache_file(const char *name)
{
    static const char *const prefixes[] = { "config-", "lines-" };
    static const char analyses[] = "analysis.cache";
    if (strncmp(name, analyses, strlen(analyses)) == 0)
        return is_temporary_end(name + strlen(analyses));
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t length = strlen(prefixes[i]);
        if (strncmp(name, prefixes[i], length) != 0)
            continue;
        const char *rest = name + length + strspn(name + length, "0123456789abcdef");
        return strncmp(rest, ".json", 5) == 0 && is_temporary_end(rest + 5);
    }
    return false;
}

static int refuse_removal(const char *path, const char *name, struct error *error)
{
    return error_set(error, ERROR_SYSTEM, "can't remove %s/%s: %s", path, name, strerror(errno));
}

/* Empties and removes the folder `name` in the folder `parent`, which is called `path`, but for
 * files that `is_ours` does not know. */
static int remove_inside(int parent, const char *path, const char *name,
                         bool (*is_ours)(const char *), struct string_list *left,
                         struct error *error)
{
    DIR *directory = open_directory(parent, name, O_NOFOLLOW);
    if (!directory)
        return refuse_removal(path, name, error);
    size_t kept = 0;
    int result = 0;
    struct string_list names = { 0 };
    char *own_path;
    const char *file;
    if (asprintf(&own_path, "%s/%s", path, name) < 0)
        own_path = NULL;
    while (own_path && result == 0 && (file = next_name(directory)) != NULL)
        result = string_list_add(&names, file);
    if (!own_path || result != 0)
        result = out_of_memory(error);
    for (size_t i = 0; result == 0 && i < names.count; i++) {
        file = names.items[i];
        if (is_user_folder(dirfd(directory), file)) {
            size_t before = left->count;
            result = remove_inside(dirfd(directory), own_path, file, is_ours, left, error);
            kept += left->count - before;
        } else if (!is_ours(file) || !is_kind(dirfd(directory), file, S_IFREG)) {
            kept++;
            if (add_left(left, path, name, file) != 0)
                result = out_of_memory(error);
        } else if (unlinkat(dirfd(directory), file, 0) != 0 && errno != ENOENT) {
            result = refuse_removal(own_path, file, error);
        }
    }
    string_list_close(&names);
    free(own_path);
    closedir(directory);
    /* A living process may just have made another file. */
    if (result == 0 && kept == 0 && unlinkat(parent, name, AT_REMOVEDIR) != 0 && errno != ENOENT &&
        errno != ENOTEMPTY && errno != EEXIST)
        result = refuse_removal(path, name, error);
    return result;
}

/* The folder as it was opened, whatever its path names by now. -1 with errno. */
static int open_again(const struct folder *folder)
{
    int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    return folder->is_open ? openat(folder->descriptor, ".", flags) : open(folder->path, flags);
}

static int remove_folder(const struct folder *folder, const char *name,
                         bool (*is_ours)(const char *), struct string_list *left,
                         struct error *error)
{
    int parent = open_again(folder);
    if (parent < 0)
        return refuse_removal(folder->path, name, error);
    int result = remove_inside(parent, folder->path, name, is_ours, left, error);
    close(parent);
    return result;
}

int folder_remove_session(const struct folder *folder, const char *name, struct string_list *left,
                          struct error *error)
{
    return remove_folder(folder, name, is_session_file, left, error);
}

int folder_remove_cache(const struct folder *folder, struct string_list *left, struct error *error)
{
    return remove_folder(folder, CACHE_NAME, is_cache_file, left, error);
}

int folder_remove_combined(const struct folder *folder, const char *name, struct error *error)
{
    int parent = open_again(folder);
    int result = 0;
    if (parent < 0 || (unlinkat(parent, name, 0) != 0 && errno != ENOENT))
        result = refuse_removal(folder->path, name, error);
    if (parent >= 0)
        close(parent);
    return result;
}
