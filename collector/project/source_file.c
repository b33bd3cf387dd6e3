/*
 * A record is of a file when size and time are those of the file on disk. A checkout elsewhere or
 * anew has another time and the same text: such a record counts when it has the hash of the file on
 * disk; where no hash was recorded, its size and line table. Lines of any other record would be
 * reported in the wrong places.
 *
 * A record whose file is not here may be of another checkout. [paths] says where that is here; else
 * a file here counts whose name ends alike and whose content is proved to be the same, and what is
 * in the same folders there and here.
 */
#include "collector/project/source_file.h"

#include "preload/format.h"
#include "collector/base/hash_map.h"
#include "collector/project/moved_sources.h"
#include "collector/base/path.h"
#include "collector/project/plugin_file.h"
#include "collector/project/python_files.h"
#include "collector/project/python_helper.h"
#include "collector/model/syntax_arcs.h"
#include "collector/base/zip_member.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NANOSECONDS 1000000000u

/* Is a record of the file as it is? */
enum fit { FITS, MAY_FIT, DIFFERS };

/* A source_file in the making. */
struct entry {
    struct source_file file;
    const struct model_source **records;
    size_t record_count;
    bool is_looked_at; /* on disk: the next four are known then */
    bool on_disk;
    uint64_t size, mtime;
    bool is_hashed, has_hash; /* looked for, and found */
    uint8_t hash[MODEL_HASH_SIZE];
    bool is_moved;          /* it is another checkout's: its records are with a file here */
    bool is_chosen;         /* reported at all */
    bool has_other_records; /* of the same size, to be compared by their tables */
    bool has_used;
    size_t stale_count;
    const struct python_line_table *helper_table;
};

struct collector {
    const struct source_scope *scope;
    struct string_list *warnings;
    struct error *error;
    struct entry *entries;
    size_t count, room;
    struct hash_map map;
    struct path_folders folders;
};

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

static int __attribute__((format(printf, 2, 3)))
warn(struct string_list *warnings, const char *format, ...)
{
    struct error line; /* replaces control characters, as every message has it */
    char *text;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return -1;
    error_set(&line, ERROR_NONE, "%s", text);
    free(text);
    return string_list_add(warnings, line.text);
}

int source_file_read_with(const char *path, unsigned char **bytes, size_t *size,
                          struct stat *status, bool *has_status)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    *has_status = descriptor >= 0;
    if (descriptor < 0)
        return errno == ENOTDIR ? zip_member_read(path, bytes, size) : -1;
    unsigned char *buffer = NULL;
    int problem = 0;
    if (fstat(descriptor, status) != 0)
        problem = errno;
    else if (S_ISDIR(status->st_mode))
        problem = EISDIR;
    else if (!S_ISREG(status->st_mode))
        problem = EINVAL;
    else if (!(buffer = malloc((size_t)status->st_size + 1)))
        problem = ENOMEM;
    *size = 0;
    while (!problem && *size < (size_t)status->st_size) {
        ssize_t got = read(descriptor, buffer + *size, (size_t)status->st_size - *size);
        if (got == 0)
            break;
        if (got > 0)
            *size += (size_t)got;
        else if (errno != EINTR)
            problem = errno;
    }
    close(descriptor);
    if (problem) {
        free(buffer);
        errno = problem;
        return -1;
    }
    *bytes = buffer;
    return 0;
}

int source_file_read(const char *path, unsigned char **bytes, size_t *size)
{
    struct stat status;
    bool has_status;
    return source_file_read_with(path, bytes, size, &status, &has_status);
}

static void close_lines(struct source_lines *lines)
{
    line_set_close(&lines->lines);
    arc_set_close(&lines->arcs);
}

static void close_file(struct source_file *file)
{
    free(file->path);
    free(file->problem);
    free(file->tracer);
    plugin_file_free(file->plugin);
    line_set_close(&file->executed);
    line_set_close(&file->table);
    arc_set_close(&file->arcs);
    for (size_t i = 0; i < file->context_count; i++)
        close_lines(&file->contexts[i]);
    free(file->contexts);
    free(file->records);
}

/* The prime is 2^88 + 0x13b. */
int source_file_hash(const char *path, uint8_t hash[MODEL_HASH_SIZE], uint64_t *size)
{
    unsigned char *bytes;
    size_t length;
    if (source_file_read(path, &bytes, &length) != 0)
        return -1;
    const unsigned __int128 basis =
        (unsigned __int128)0x6c62272e07bb0142u << 64 | 0x62b821756295c58du;
    const unsigned __int128 prime = (unsigned __int128)1 << 88 | 0x13b;
    unsigned __int128 value = basis;
    for (size_t i = 0; i < length; i++)
        value = (value ^ bytes[i]) * prime;
    for (size_t i = 0; i < MODEL_HASH_SIZE; i++, value >>= 8)
        hash[i] = (uint8_t)value;
    *size = length;
    free(bytes);
    return 0;
}

void source_files_close(struct source_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        close_file(&files->items[i]);
    free(files->items);
    *files = (struct source_files){ 0 };
}

static void collector_close(struct collector *collector)
{
    for (size_t i = 0; i < collector->count; i++) {
        free(collector->entries[i].records);
        close_file(&collector->entries[i].file);
    }
    free(collector->entries);
    hash_map_close(&collector->map);
    path_folders_close(&collector->folders);
}

/* The entry of a canonical path, made when there is none; `path` is taken over. NULL (memory). */
static struct entry *find_entry(struct collector *collector, char *path, bool *is_new)
{
    uint64_t hash = hash_bytes(path, strlen(path));
    for (size_t at = hash_map_first(&collector->map, hash); at != HASH_MAP_END;
         at = hash_map_next(&collector->map, hash, at)) {
        struct entry *entry = &collector->entries[hash_map_value(&collector->map, at)];
        if (strcmp(entry->file.path, path) == 0) {
            free(path);
            *is_new = false;
            return entry;
        }
    }
    if (collector->count == collector->room) {
        size_t room = collector->room ? collector->room * 2 : 64;
        struct entry *larger = realloc(collector->entries, room * sizeof *larger);
        if (!larger) {
            free(path);
            return NULL;
        }
        collector->entries = larger;
        collector->room = room;
    }
    if (hash_map_add(&collector->map, hash, (uint32_t)collector->count) != 0) {
        free(path);
        return NULL;
    }
    *is_new = true;
    struct entry *entry = &collector->entries[collector->count++];
    *entry = (struct entry){ .file.path = path, .is_chosen = true };
    return entry;
}

static int add_record(struct collector *collector, const struct model_source *record)
{
    const struct source_scope *scope = collector->scope;
    char *mapped =
        scope->aliases ? path_aliases_map(scope->aliases, record->path) : strdup(record->path);
    char *path = mapped;
    if (mapped && path_is_of_windows(mapped)) {
        /* coverage.py names it so, too; and so it is compared with names that are here. */
        path_use_slashes(path);
    } else {
        path = mapped ? path_canonical_file(&collector->folders, scope->directory, mapped) : NULL;
        free(mapped);
    }
    bool is_new;
    struct entry *entry = path ? find_entry(collector, path, &is_new) : NULL;
    if (!entry)
        return out_of_memory(collector->error);
    const struct model_source **larger =
        realloc(entry->records, (entry->record_count + 1) * sizeof *larger);
    if (!larger)
        return out_of_memory(collector->error);
    entry->records = larger;
    larger[entry->record_count++] = record;
    return 0;
}

static int add_path(struct collector *collector, const char *name, bool is_chosen)
{
    char *path = path_canonical(collector->scope->directory, name);
    bool is_new;
    struct entry *entry = path ? find_entry(collector, path, &is_new) : NULL;
    if (!entry)
        return out_of_memory(collector->error);
    entry->is_chosen = is_chosen;
    return 0;
}

/* Files on disk, and records of files that are elsewhere. */

/* The process could not see the file (in a chroot), or is another tool's: nothing says whether it
 * changed. */
static bool is_unseen(const struct model_source *record)
{
    return record->size == 0 && record->mtime == 0 && !record->has_hash;
}

static void look_at_file(struct entry *entry)
{
    struct stat status;
    if (entry->is_looked_at)
        return;
    entry->is_looked_at = true;
    entry->on_disk = stat(entry->file.path, &status) == 0;
    if (entry->on_disk) {
        entry->size = (uint64_t)status.st_size;
        entry->mtime =
            (uint64_t)status.st_mtim.tv_sec * NANOSECONDS + (uint64_t)status.st_mtim.tv_nsec;
    }
}

/* Has the file this content? */
static bool has_content(struct entry *entry, const uint8_t hash[MODEL_HASH_SIZE])
{
    uint64_t size;
    if (!entry->is_hashed && entry->on_disk)
        entry->has_hash = source_file_hash(entry->file.path, entry->hash, &size) == 0;
    entry->is_hashed = true;
    return entry->has_hash && memcmp(entry->hash, hash, MODEL_HASH_SIZE) == 0;
}

/* Gives what is recorded of an entry to the file `here`. */
static int move_records(struct collector *collector, size_t index, const char *here)
{
    char *path = path_canonical(collector->scope->directory, here);
    bool is_new;
    struct entry *entry = path ? find_entry(collector, path, &is_new) : NULL;
    struct entry *from = &collector->entries[index];
    if (!entry)
        return out_of_memory(collector->error);
    if (entry == from)
        return 0;
    const struct model_source **larger =
        reallocarray(entry->records, entry->record_count + from->record_count, sizeof *larger);
    if (!larger)
        return out_of_memory(collector->error);
    entry->records = larger;
    memcpy(larger + entry->record_count, from->records, from->record_count * sizeof *larger);
    entry->record_count += from->record_count;
    from->record_count = 0;
    from->is_moved = true;
    return 0;
}

/* Is this the file that one of the records is of, for sure, or by its size? */
static enum fit compare_candidate(const struct entry *entry, const char *candidate)
{
    uint8_t hash[MODEL_HASH_SIZE];
    uint64_t size;
    struct stat status;
    enum fit best = DIFFERS;
    if (stat(candidate, &status) != 0)
        return DIFFERS;
    /* Many files have no content, and many projects a conftest.py. */
    bool has_folder = moved_common_parts(entry->file.path, candidate) > 1;
    for (size_t i = 0; i < entry->record_count; i++) {
        const struct model_source *record = entry->records[i];
        if (is_unseen(record) || record->size != (uint64_t)status.st_size ||
            (!has_folder && record->size == 0))
            continue;
        if (!record->has_hash)
            best = has_folder ? MAY_FIT : best;
        else if (source_file_hash(candidate, hash, &size) == 0 &&
                 memcmp(hash, record->hash, sizeof hash) == 0)
            return FITS;
    }
    return best;
}

static bool have_same_content(const char *a, const char *b)
{
    uint8_t first[MODEL_HASH_SIZE], second[MODEL_HASH_SIZE];
    uint64_t first_size, second_size;
    return source_file_hash(a, first, &first_size) == 0 &&
           source_file_hash(b, second, &second_size) == 0 && first_size == second_size &&
           memcmp(first, second, sizeof first) == 0;
}

/* A run that began in another folder is one of another checkout. Where that is still there, only a
 * file that is the same, or was when it was measured, is taken for the one here. 0 or -1. */
static int move_from_root(struct collector *collector, size_t index,
                          const struct moved_folders *roots)
{
    struct entry *entry = &collector->entries[index];
    char *here;
    if (moved_folders_find(roots, entry->file.path, &here) != 0)
        return out_of_memory(collector->error);
    int result = 0;
    if (here && (!entry->on_disk || compare_candidate(entry, here) == FITS ||
                 have_same_content(entry->file.path, here)))
        result = move_records(collector, index, here);
    free(here);
    return result;
}

/* Looks for a file here that is the same, or has the same size. */
static int move_by_content(struct collector *collector, size_t index,
                           const struct string_list *folders, struct moved_folders *learned)
{
    const struct entry *entry = &collector->entries[index];
    struct string_list candidates = { 0 };
    const char *chosen = NULL;
    bool is_proved = false;
    int result = moved_candidates(&candidates, folders, entry->file.path);
    for (size_t i = 0; result == 0 && i < candidates.count && !is_proved; i++) {
        enum fit fit = compare_candidate(entry, candidates.items[i]);
        is_proved = fit == FITS;
        if (is_proved || (fit == MAY_FIT && !chosen))
            chosen = candidates.items[i];
    }
    if (result == 0 && is_proved)
        result = moved_folders_learn(learned, entry->file.path, chosen);
    if (result != 0)
        out_of_memory(collector->error);
    else if (chosen)
        result = move_records(collector, index, chosen);
    string_list_close(&candidates);
    return result;
}

static uint32_t last_line(const struct entry *entry)
{
    uint32_t last = 0;
    for (size_t i = 0; i < entry->record_count; i++)
        for (size_t j = 0; j < entry->records[i]->lines_count; j++) {
            uint32_t line = line_set_last(&entry->records[i]->lines[j].lines);
            last = line > last ? line : last;
        }
    return last;
}

static bool has_lines_up_to(const char *path, uint32_t line)
{
    unsigned char *bytes;
    size_t size, count = 1;
    if (source_file_read(path, &bytes, &size) != 0)
        return false;
    for (size_t i = 0; i < size; i++)
        count += bytes[i] == '\n' || (bytes[i] == '\r' && !(i + 1 < size && bytes[i + 1] == '\n'));
    free(bytes);
    return count >= line;
}

/* Other tools' data tells nothing of a source but its name: a file here whose name ends with the
 * same folder and name, and that is long enough. */
static int move_by_name(struct collector *collector, size_t index,
                        const struct string_list *folders, struct moved_folders *guessed)
{
    const struct entry *entry = &collector->entries[index];
    struct string_list candidates = { 0 };
    const char *chosen = NULL;
    int result = moved_candidates(&candidates, folders, entry->file.path);
    for (size_t i = 0; result == 0 && i < candidates.count && !chosen; i++)
        if (moved_common_parts(entry->file.path, candidates.items[i]) > 1 &&
            has_lines_up_to(candidates.items[i], last_line(entry)))
            chosen = candidates.items[i];
    if (chosen)
        result = moved_folders_learn(guessed, entry->file.path, chosen);
    if (result != 0)
        out_of_memory(collector->error);
    else if (chosen)
        result = move_records(collector, index, chosen);
    string_list_close(&candidates);
    return result;
}

static bool is_lost(const struct entry *entry)
{
    return entry->record_count && !entry->on_disk;
}

static bool is_all_unseen(const struct entry *entry)
{
    for (size_t i = 0; i < entry->record_count; i++)
        if (!is_unseen(entry->records[i]))
            return false;
    return true;
}

/* The folders that a candidate may be below: the working folder, those of the sources, and what
 * these are in, for a package that is named as it is imported. */
static int list_folders(const struct source_scope *scope, struct string_list *folders)
{
    int result = string_list_add(folders, scope->directory);
    for (size_t i = 0; result == 0 && scope->dirs && i < scope->dirs->count; i++) {
        const char *slash = strrchr(scope->dirs->items[i], '/');
        result = string_list_add(folders, scope->dirs->items[i]);
        if (result == 0 && slash && slash != scope->dirs->items[i] &&
            path_in_tree(scope->directory, scope->dirs->items[i])) {
            char *parent = strndup(scope->dirs->items[i], (size_t)(slash - scope->dirs->items[i]));
            result = parent ? string_list_add(folders, parent) : -1;
            free(parent);
        }
    }
    return result;
}

static int list_roots(const struct source_scope *scope, struct moved_folders *roots)
{
    for (size_t i = 0; scope->roots && i < scope->roots->count; i++) {
        const char *root = scope->roots->items[i];
        if (!path_in_tree(root, scope->directory) && !path_in_tree(scope->directory, root) &&
            moved_folders_add(roots, root, scope->directory) != 0)
            return -1;
    }
    return 0;
}

static int warn_of_guesses(const struct collector *collector, const struct moved_folders *guessed)
{
    for (size_t i = 0; i < guessed->count; i++)
        if (warn(collector->warnings,
                 "%s is taken for %s by the names of files in it: [paths] would say so for sure",
                 *guessed->items[i].from ? guessed->items[i].from : "/",
                 *guessed->items[i].to ? guessed->items[i].to : "/") != 0)
            return out_of_memory(collector->error);
    return 0;
}

/* Finds here what was measured in other checkouts. */
static int find_moved(struct collector *collector, bool guesses_are_used)
{
    struct string_list folders = { 0 };
    struct moved_folders roots = { 0 }, learned = { 0 }, guessed = { 0 };
    size_t count = collector->count; /* those that are added meanwhile are here */
    int result =
        list_folders(collector->scope, &folders) == 0 && list_roots(collector->scope, &roots) == 0
            ? 0
            : out_of_memory(collector->error);
    for (size_t i = 0; result == 0 && i < count; i++) {
        look_at_file(&collector->entries[i]);
        if (roots.count)
            result = move_from_root(collector, i, &roots);
        if (result == 0 && is_lost(&collector->entries[i]))
            result = move_by_content(collector, i, &folders, &learned);
    }
    for (size_t i = 0; result == 0 && i < count; i++)
        if (is_lost(&collector->entries[i]))
            result = move_from_root(collector, i, &learned);
    for (size_t i = 0; result == 0 && i < count; i++)
        if (is_lost(&collector->entries[i]) && is_all_unseen(&collector->entries[i]))
            result = move_by_name(collector, i, &folders, &guessed);
    for (size_t i = 0; result == 0 && i < count; i++)
        if (is_lost(&collector->entries[i]) && is_all_unseen(&collector->entries[i]))
            result = move_from_root(collector, i, &guessed);
    if (result == 0 && guesses_are_used)
        result = warn_of_guesses(collector, &guessed);
    string_list_close(&folders);
    moved_folders_close(&roots);
    moved_folders_close(&learned);
    moved_folders_close(&guessed);
    return result;
}

/* Files that nothing imported. */

static int add_unimported_below(struct collector *collector, const char *directory)
{
    const struct source_scope *scope = collector->scope;
    struct string_list found = { 0 };
    int result = path_find_python_files(&found, directory, scope->include_namespace_packages,
                                        collector->error);
    for (size_t i = 0; result == 0 && i < found.count; i++) {
        char *path = path_canonical_file(&collector->folders, scope->directory, found.items[i]);
        bool is_new;
        if (!path)
            result = out_of_memory(collector->error);
        else if (scope->run_omit && path_globs_match(scope->run_omit, path))
            free(path);
        else if (!find_entry(collector, path, &is_new))
            result = out_of_memory(collector->error);
    }
    string_list_close(&found);
    return result;
}

static bool is_file(const char *directory, size_t length, const char *name)
{
    char *path;
    struct stat status;
    if (asprintf(&path, "%.*s%s", (int)length, directory, name) < 0)
        return false;
    bool found = stat(path, &status) == 0 && S_ISREG(status.st_mode);
    free(path);
    return found;
}

static bool has_prefix(const struct string_list *list, const char *path, size_t length)
{
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->items[i]) == length && memcmp(list->items[i], path, length) == 0)
            return true;
    return false;
}

static int add_prefix(struct string_list *list, const char *path, size_t length)
{
    char *prefix = strndup(path, length);
    int result = prefix ? string_list_add(list, prefix) : -1;
    free(prefix);
    return result;
}

/* Where packages named `parts` (with slashes for dots) were found, and where not. */
struct package {
    const char *parts;
    bool is_measured;
    struct string_list roots, rejected; /* rejected ones may be namespace packages */
};

/* Is a measured file the package's, or the module itself? A project's folder often has the name of
 * its package: the package is the one that is not in a package itself. */
static int match_package(struct package *package, const char *path)
{
    size_t length = strlen(package->parts);
    for (const char *at = path; (at = strstr(at, package->parts)) != NULL; at++) {
        if (at == path || at[-1] != '/')
            continue;
        size_t parent = (size_t)(at - path) - 1, end = parent + 1 + length;
        if (strcmp(path + end, ".py") == 0 && !is_file(path, parent, "/__init__.py")) {
            package->is_measured = true;
            return 0;
        }
        if (path[end] != '/' || has_prefix(&package->rejected, path, end))
            continue;
        if (!has_prefix(&package->roots, path, end)) {
            bool good =
                is_file(path, end, "/__init__.py") && !is_file(path, parent, "/__init__.py");
            if (add_prefix(good ? &package->roots : &package->rejected, path, end) != 0)
                return -1;
            if (!good)
                continue;
        }
        package->is_measured = true;
        return 0;
    }
    return 0;
}

/* Looks for a package that was not measured at all in the roots of the runs. */
static int add_unmeasured_package(struct collector *collector, const char *name, const char *parts,
                                  bool may_be_namespace)
{
    static const char *const below[] = { "", "/src" };
    const struct source_scope *scope = collector->scope;
    for (size_t i = 0; scope->roots && i < scope->roots->count; i++)
        for (size_t j = 0; j < sizeof below / sizeof below[0]; j++) {
            char *directory;
            /* With room for a suffix, so that one buffer names folder and module. */
            if (asprintf(&directory, "%s%s/%s.py", scope->roots->items[i], below[j], parts) < 0)
                return out_of_memory(collector->error);
            size_t length = strlen(directory) - strlen(".py");
            int result = 1;
            if (is_file(directory, length, ".py"))
                result = add_path(collector, directory, true);
            directory[length] = '\0';
            if (is_file(directory, length, "/__init__.py"))
                result = add_unimported_below(collector, directory);
            free(directory);
            if (result <= 0)
                return result;
        }
    if (may_be_namespace || scope->quiet_unimported)
        return 0;
    return warn(collector->warnings, "module %s was never imported", name) == 0
               ? 0
               : out_of_memory(collector->error);
}

static int add_package(struct collector *collector, const char *name)
{
    char *parts = strdup(name);
    if (!parts)
        return out_of_memory(collector->error);
    for (char *dot = parts; (dot = strchr(dot, '.')) != NULL;)
        *dot = '/';
    struct package package = { .parts = parts };
    int result = *parts ? 0 : error_set(collector->error, ERROR_CONFIG, "an empty package name");
    for (size_t i = 0; result == 0 && i < collector->count; i++)
        if (!collector->entries[i].is_moved &&
            match_package(&package, collector->entries[i].file.path) != 0)
            result = out_of_memory(collector->error);
    for (size_t i = 0; result == 0 && i < package.roots.count; i++)
        result = add_unimported_below(collector, package.roots.items[i]);
    if (result == 0 && !package.is_measured)
        result = add_unmeasured_package(collector, name, parts, package.rejected.count > 0);
    string_list_close(&package.roots);
    string_list_close(&package.rejected);
    free(parts);
    return result;
}

static int add_unimported(struct collector *collector)
{
    const struct source_scope *scope = collector->scope;
    int result = 0;
    for (size_t i = 0; result == 0 && scope->pkgs && i < scope->pkgs->count; i++)
        result = add_package(collector, scope->pkgs->items[i]);
    for (size_t i = 0; result == 0 && scope->dirs && i < scope->dirs->count; i++)
        result = add_unimported_below(collector, scope->dirs->items[i]);
    return result;
}

/* Plugins */

static bool has_executed(const struct model_source *record)
{
    for (size_t i = 0; i < record->lines_count; i++)
        if (line_set_last(&record->lines[i].lines) != 0)
            return true;
    return false;
}

/* Settles which files are not Python. */
static int find_tracer(struct collector *collector, struct entry *entry)
{
    const char *tracer = NULL;
    for (size_t i = 0; i < entry->record_count; i++) {
        const struct model_source *record = entry->records[i];
        const char *other = record->other_tracer;
        if (!other && tracer && record->tracer && strcmp(tracer, record->tracer) != 0)
            other = tracer;
        if (record->tracer)
            tracer = record->tracer;
        if (other)
            return error_set(collector->error, ERROR_SOURCE,
                             "Conflicting file tracer name for '%s': '%s' vs '%s'",
                             entry->file.path, other, tracer);
    }
    entry->file.tracer = tracer ? strdup(tracer) : NULL;
    return tracer && !entry->file.tracer ? out_of_memory(collector->error) : 0;
}

/* Of a file that a plugin traced, what was recorded without it is of other text: of the Python that
 * a template became. */
static int leave_python_out(struct collector *collector, struct entry *entry)
{
    size_t kept = 0;
    bool is_left = false;
    for (size_t i = 0; i < entry->record_count; i++) {
        const struct model_source *record = entry->records[i];
        bool is_other = !record->tracer && has_executed(record);
        is_left |= is_other;
        if (!is_other)
            entry->records[kept++] = record;
    }
    entry->record_count = kept;
    return !is_left || warn(collector->warnings,
                            "%s: what was recorded of it without its plugin, %s, is left out",
                            entry->file.path, entry->file.tracer) == 0
               ? 0
               : out_of_memory(collector->error);
}

static int settle_tracers(struct collector *collector, bool is_report)
{
    for (size_t i = 0; i < collector->count; i++) {
        struct entry *entry = &collector->entries[i];
        if (entry->is_moved)
            continue;
        if (find_tracer(collector, entry) != 0)
            return -1;
        if (is_report && entry->file.tracer && leave_python_out(collector, entry) != 0)
            return -1;
    }
    return 0;
}

/* Choosing */

static int choose_only(struct collector *collector)
{
    const struct source_scope *scope = collector->scope;
    for (size_t i = 0; i < collector->count; i++)
        collector->entries[i].is_chosen = false;
    for (size_t i = 0; i < scope->only->count; i++)
        if (add_path(collector, scope->only->items[i], true) != 0)
            return -1;
    return 0;
}

static void choose_by_globs(struct collector *collector)
{
    const struct source_scope *scope = collector->scope;
    for (size_t i = 0; i < collector->count; i++) {
        struct entry *entry = &collector->entries[i];
        const char *name = entry->file.path;
        if (scope->relative_files)
            name = path_relative(scope->directory, name);
        if (scope->report_include && !path_globs_match(scope->report_include, name))
            entry->is_chosen = false;
        if (scope->report_omit && path_globs_match(scope->report_omit, name))
            entry->is_chosen = false;
        if (entry->is_moved)
            entry->is_chosen = false;
    }
}

/* Records of the file as it is on disk, or as it was last where it is gone. */

static bool is_whole(const struct model_table *table)
{
    return table->flags & SOURCE_WHOLE_MODULE && !(table->flags & SOURCE_OPTIMIZED);
}

/* Templates are compiled under their own names: what was executed as `page.html` need not be what
 * page.html holds, and coverage.py leaves it out when it is not Python. */
bool source_file_should_be_python(const char *path)
{
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    /* Dots at the beginning of a name begin no suffix. */
    name += strspn(name, ".");
    const char *suffix = strrchr(name, '.');
    return !suffix || strncmp(suffix, ".py", 3) == 0;
}

static bool is_context_wanted(const struct source_scope *scope, uint32_t context)
{
    return !scope->contexts || scope->contexts[context];
}

/* Takes the lines and arcs of the contexts that count. 0 or -1 (memory). */
static int take_executed(struct source_file *file, const struct model_source *record,
                         const struct source_scope *scope)
{
    if (!scope->contexts)
        return model_source_executed(record, &file->executed) == 0
                   ? model_source_arcs(record, &file->arcs)
                   : -1;
    int result = 0;
    for (size_t i = 0; result == 0 && i < record->lines_count; i++)
        if (is_context_wanted(scope, record->lines[i].context))
            result = line_set_unite(&file->executed, &record->lines[i].lines);
    for (size_t i = 0; result == 0 && i < record->arcs_count; i++)
        if (is_context_wanted(scope, record->arcs[i].context))
            result = arc_set_unite(&file->arcs, &record->arcs[i].arcs);
    return result;
}

/* Several records of one file may have the same context: united by finish_contexts. */
static int add_contexts(struct source_file *file, const struct model_source *record,
                        const struct source_scope *scope)
{
    size_t added_count = record->lines_count + record->arcs_count;
    if (added_count == 0)
        return 0;
    struct source_lines *larger =
        reallocarray(file->contexts, file->context_count + added_count, sizeof *larger);
    if (!larger)
        return -1;
    file->contexts = larger;
    for (size_t i = 0; i < record->lines_count; i++) {
        if (!is_context_wanted(scope, record->lines[i].context))
            continue;
        struct source_lines *added = &larger[file->context_count++];
        *added = (struct source_lines){ .context = record->lines[i].context };
        if (line_set_copy(&added->lines, &record->lines[i].lines) != 0)
            return -1;
    }
    for (size_t i = 0; i < record->arcs_count; i++) {
        if (!is_context_wanted(scope, record->arcs[i].context))
            continue;
        struct source_lines *added = &larger[file->context_count++];
        *added = (struct source_lines){ .context = record->arcs[i].context };
        if (arc_set_unite(&added->arcs, &record->arcs[i].arcs) != 0)
            return -1;
    }
    return 0;
}

static int compare_contexts(const void *a, const void *b, void *labels)
{
    const struct source_lines *left = a, *right = b;
    char *const *texts = labels;
    return strcmp(texts[left->context], texts[right->context]);
}

static int finish_contexts(struct source_file *file, const struct model *model)
{
    if (file->context_count == 0)
        return 0;
    qsort_r(file->contexts, file->context_count, sizeof *file->contexts, compare_contexts,
            model->contexts);
    size_t kept = 0;
    int result = 0;
    for (size_t i = 1; i < file->context_count; i++) {
        if (file->contexts[i].context != file->contexts[kept].context) {
            struct source_lines moved = file->contexts[i];
            file->contexts[i] = (struct source_lines){ 0 };
            file->contexts[++kept] = moved;
            continue;
        }
        if (line_set_unite(&file->contexts[kept].lines, &file->contexts[i].lines) != 0 ||
            arc_set_unite(&file->contexts[kept].arcs, &file->contexts[i].arcs) != 0)
            result = -1;
        close_lines(&file->contexts[i]);
    }
    file->context_count = kept + 1;
    for (size_t i = 0; i < file->context_count; i++)
        arc_set_sort(&file->contexts[i].arcs);
    return result;
}

static int add_record_number(struct source_file *file, uint32_t number)
{
    uint32_t *larger = reallocarray(file->records, file->record_count + 1, sizeof *larger);
    if (!larger)
        return -1;
    file->records = larger;
    larger[file->record_count++] = number;
    return 0;
}

/* May the code with this table have been compiled from the file? Templates and the like are
 * compiled from other text under their file's name. One that has no suffix .py, or more lines than
 * bytes, is compiled anew. */
static bool may_be_of_file(const struct source_file *file, uint64_t size,
                           const struct line_set *table)
{
    const char *name = strrchr(file->path, '/');
    const char *suffix = strrchr(name ? name : file->path, '.');
    return suffix && strncmp(suffix, ".py", 3) == 0 && line_set_last(table) <= size + 1;
}

/* Takes what ran by a record, and its line table where that is of a newer Python. */
static int use_record(struct entry *entry, const struct model_source *record,
                      const struct source_scope *scope)
{
    struct source_file *file = &entry->file;
    entry->has_used = true;
    if (take_executed(file, record, scope) != 0 || add_record_number(file, record->number) != 0 ||
        (scope->with_contexts && add_contexts(file, record, scope) != 0))
        return -1;
    for (size_t i = 0; i < record->table_count; i++) {
        const struct model_table *table = &record->tables[i];
        if (!is_whole(table) || table->python < file->python ||
            (entry->on_disk && !may_be_of_file(file, entry->size, &table->lines)))
            continue;
        if (table->python == file->python) {
            if (line_set_unite(&file->table, &table->lines) != 0)
                return -1;
        } else if (line_set_copy(&file->table, &table->lines) != 0) {
            return -1;
        }
        file->python = table->python;
    }
    return 0;
}

static enum fit find_fit(struct entry *entry, const struct model_source *record)
{
    if (is_unseen(record) || (record->size == entry->size && record->mtime == entry->mtime))
        return FITS;
    if (record->size != entry->size)
        return DIFFERS;
    if (!record->has_hash)
        return MAY_FIT;
    return has_content(entry, record->hash) ? FITS : DIFFERS;
}

static int use_exact_records(struct entry *entry, const struct source_scope *scope)
{
    look_at_file(entry);
    if (!entry->on_disk)
        for (size_t i = 0; i < entry->record_count; i++) {
            const struct model_source *record = entry->records[i];
            if (record->mtime < entry->mtime)
                continue;
            entry->size = record->size;
            entry->mtime = record->mtime;
            entry->has_hash = record->has_hash;
            memcpy(entry->hash, record->hash, sizeof entry->hash);
        }
    for (size_t i = 0; i < entry->record_count; i++) {
        const struct model_source *record = entry->records[i];
        enum fit fit = find_fit(entry, record);
        if (fit == FITS) {
            if (use_record(entry, record, scope) != 0)
                return -1;
        } else if (has_executed(record)) {
            entry->has_other_records |= fit == MAY_FIT;
            entry->stale_count += fit == DIFFERS;
        }
    }
    return 0;
}

/* Line tables made now */

static bool needs_table(const struct entry *entry)
{
    return entry->is_chosen && entry->on_disk && !entry->file.python && !entry->file.tracer;
}

static int ask_helper(struct collector *collector, struct python_line_table **tables,
                      size_t *table_count)
{
    struct string_list paths = { 0 };
    int result = 0;
    for (size_t i = 0; result == 0 && i < collector->count; i++) {
        struct entry *entry = &collector->entries[i];
        if (needs_table(entry))
            result = string_list_add(&paths, entry->file.path);
    }
    if (result != 0)
        result = out_of_memory(collector->error);
    struct error problem = { 0 };
    *tables = NULL;
    *table_count = paths.count;
    if (result == 0 && paths.count &&
        python_line_tables(&paths, collector->scope->interpreters,
                           collector->scope->cache_directory, tables, &problem) != 0) {
        *tables = NULL;
        *table_count = 0;
        if (problem.code == ERROR_MEMORY)
            result = out_of_memory(collector->error);
    }
    for (size_t i = 0, next = 0; result == 0 && i < collector->count && paths.count; i++) {
        struct entry *entry = &collector->entries[i];
        if (!needs_table(entry))
            continue;
        if (*tables) {
            entry->helper_table = &(*tables)[next++];
        } else {
            entry->file.problem = strdup(problem.text);
            if (!entry->file.problem)
                result = out_of_memory(collector->error);
        }
    }
    string_list_close(&paths);
    return result;
}

/* Do both tables give the file on disk the same statements? Versions compile a little differently.
 */
static bool same_statements(const struct collector *collector, const char *path,
                            const struct line_set *a, const struct line_set *b)
{
    unsigned char *bytes;
    size_t size;
    if (!collector->scope->rules || source_file_read(path, &bytes, &size) != 0)
        return false;
    struct analysis first, second;
    bool same = false;
    if (analysis_run(&first, path, bytes, size, a, collector->scope->rules, NULL) == 0) {
        if (analysis_run(&second, path, bytes, size, b, collector->scope->rules, NULL) == 0) {
            same = line_set_equal(&first.statements, &second.statements);
            analysis_close(&second);
        }
        analysis_close(&first);
    }
    free(bytes);
    return same;
}

static bool is_subset(const struct line_set *part, const struct line_set *whole)
{
    for (uint32_t line = 0; (line = line_set_next(part, line)) != 0;)
        if (!line_set_has(whole, line))
            return false;
    return true;
}

/* Has the record's text, which had the same size, the same lines with code as `table`? */
static bool has_same_table(const struct collector *collector, const struct entry *entry,
                           const struct model_source *record, const struct line_set *table,
                           uint32_t python)
{
    for (size_t i = 0; i < record->table_count; i++) {
        const struct model_table *recorded = &record->tables[i];
        bool same = is_whole(recorded) ? line_set_equal(&recorded->lines, table)
                                       : is_subset(&recorded->lines, table);
        if (!same && is_whole(recorded) && recorded->python >> 16 != python >> 16)
            same = same_statements(collector, entry->file.path, &recorded->lines, table);
        if (!same)
            return false;
    }
    return record->table_count > 0;
}

static int use_other_records(const struct collector *collector, struct entry *entry)
{
    /* A copy, because using records changes the file's own. */
    struct line_set table = LINE_SET_EMPTY;
    uint32_t python = entry->file.python;
    const struct line_set *known = &entry->file.table;
    if (!python && entry->helper_table && !entry->helper_table->problem) {
        known = &entry->helper_table->lines;
        python = entry->helper_table->python;
    }
    int result = line_set_copy(&table, known);
    for (size_t i = 0; result == 0 && i < entry->record_count; i++) {
        const struct model_source *record = entry->records[i];
        if (find_fit(entry, record) != MAY_FIT || !has_executed(record))
            continue;
        if (python && has_same_table(collector, entry, record, &table, python))
            result = use_record(entry, record, collector->scope);
        else
            entry->stale_count++;
    }
    line_set_close(&table);
    return result;
}

/* Analyses a file for its possible arcs alone. False when it can't be read or parsed. */
static bool find_possible(const struct source_file *file, struct analysis *analysis)
{
    unsigned char *bytes;
    size_t size;
    if (!file->python || source_file_read(file->path, &bytes, &size) != 0)
        return false;
    struct analysis_rules *rules = analysis_rules_new(NULL, 0, NULL);
    bool found = rules && analysis_rules_want_branches(rules, NULL, 0, NULL, 0, NULL) == 0 &&
                 analysis_run(analysis, file->path, bytes, size, &file->table, rules, NULL) == 0;
    analysis_rules_free(rules);
    free(bytes);
    return found;
}

/* Branches of slipcover's become arcs. 0 or -1 (memory). */
static int resolve_branches(struct source_file *file)
{
    if (!syntax_arcs_are_in(&file->arcs))
        return 0;
    struct analysis analysis;
    bool has_analysis = find_possible(file, &analysis);
    const struct arc_set none = ARC_SET_EMPTY;
    const struct arc_set *possible = has_analysis ? &analysis.flow.possible : &none;
    int result = syntax_arcs_resolve(&file->arcs, possible, &file->executed);
    for (size_t i = 0; result == 0 && i < file->context_count; i++)
        result = syntax_arcs_resolve(&file->contexts[i].arcs, possible, &file->executed);
    if (has_analysis)
        analysis_close(&analysis);
    return result;
}

/* Settles what the file's table and lines are, now that all there is to know is known. */
static int finish_entry(const struct collector *collector, struct entry *entry,
                        const struct model *model)
{
    struct source_file *file = &entry->file;
    if (entry->has_other_records && use_other_records(collector, entry) != 0)
        return out_of_memory(collector->error);
    arc_set_sort(&file->arcs);
    if (finish_contexts(file, model) != 0)
        return out_of_memory(collector->error);
    const struct python_line_table *made = entry->helper_table;
    if (!file->python && made && made->problem) {
        file->problem = strdup(made->problem);
        if (!file->problem)
            return out_of_memory(collector->error);
    } else if (!file->python && made) {
        file->python = made->python;
        if (line_set_copy(&file->table, &made->lines) != 0)
            return out_of_memory(collector->error);
    }
    if (resolve_branches(file) != 0)
        return out_of_memory(collector->error);
    int result = 0;
    if (entry->stale_count && entry->has_used)
        result = warn(collector->warnings,
                      "%s has changed since part of it was measured: what ran before is left out",
                      file->path);
    else if (entry->stale_count)
        result =
            warn(collector->warnings,
                 "%s has changed since it was measured: what ran in it is left out", file->path);
    return result == 0 ? 0 : out_of_memory(collector->error);
}

static int compare_files(const void *a, const void *b)
{
    const struct source_file *left = a, *right = b;
    return strcmp(left->path, right->path);
}

/* Moves the chosen entries to `files`. */
static int take_files(struct collector *collector, struct source_files *files)
{
    files->items = calloc(collector->count + 1, sizeof *files->items);
    if (!files->items)
        return out_of_memory(collector->error);
    for (size_t i = 0; i < collector->count; i++)
        if (collector->entries[i].is_chosen) {
            files->items[files->count++] = collector->entries[i].file;
            collector->entries[i].file = (struct source_file){ 0 };
        }
    if (files->count > 1)
        qsort(files->items, files->count, sizeof *files->items, compare_files);
    return 0;
}

int source_files_collect(struct source_files *files, const struct model *model,
                         const struct source_scope *scope, struct string_list *warnings,
                         struct error *error)
{
    *files = (struct source_files){ 0 };
    struct collector collector = { .scope = scope, .warnings = warnings, .error = error };
    struct python_line_table *tables = NULL;
    size_t table_count = 0;
    int result = 0;
    for (size_t i = 0; result == 0 && i < model->source_count; i++)
        result = add_record(&collector, &model->sources[i]);
    if (result == 0)
        result = find_moved(&collector, true);
    if (result == 0)
        result = settle_tracers(&collector, true);
    if (result == 0)
        result = add_unimported(&collector);
    if (result == 0 && scope->only && scope->only->count)
        result = choose_only(&collector);
    if (result == 0)
        choose_by_globs(&collector);
    for (size_t i = 0; result == 0 && i < collector.count; i++)
        if (collector.entries[i].is_chosen && use_exact_records(&collector.entries[i], scope) != 0)
            result = out_of_memory(error);
    if (result == 0)
        result = ask_helper(&collector, &tables, &table_count);
    for (size_t i = 0; result == 0 && i < collector.count; i++)
        if (collector.entries[i].is_chosen)
            result = finish_entry(&collector, &collector.entries[i], model);
    if (result == 0)
        result = take_files(&collector, files);
    files->has_branches = model->has_branch_data && !model->has_line_data;
    if (result == 0 && model->has_branch_data && model->has_line_data &&
        string_list_add(warnings, "some of the data has no branches: only lines are reported") != 0)
        result = out_of_memory(error);
    if (tables)
        python_line_tables_free(tables, table_count);
    collector_close(&collector);
    return result;
}

int source_files_add_unimported(struct model *model, const struct source_scope *scope,
                                struct string_list *warnings, struct error *error)
{
    struct collector collector = { .scope = scope, .warnings = warnings, .error = error };
    struct python_line_table *tables = NULL;
    size_t table_count = 0;
    int result = 0;
    for (size_t i = 0; result == 0 && i < model->source_count; i++)
        result = add_record(&collector, &model->sources[i]);
    if (result == 0)
        result = find_moved(&collector, false);
    if (result == 0)
        result = settle_tracers(&collector, false);
    if (result == 0)
        result = add_unimported(&collector);
    for (size_t i = 0; result == 0 && i < collector.count; i++) {
        struct entry *entry = &collector.entries[i];
        entry->is_chosen = entry->record_count == 0 && !entry->is_moved;
        if (entry->is_chosen && use_exact_records(entry, scope) != 0)
            result = out_of_memory(error);
    }
    if (result == 0)
        result = ask_helper(&collector, &tables, &table_count);
    for (size_t i = 0; result == 0 && i < collector.count; i++) {
        struct entry *entry = &collector.entries[i];
        const struct python_line_table *made = entry->helper_table;
        if (!made || made->problem)
            continue;
        uint32_t index;
        struct line_set *lines;
        if (model_add_source(model, entry->file.path, strlen(entry->file.path), entry->size,
                             entry->mtime, &index) != 0 ||
            model_add_table(model, index, made->python, SOURCE_WHOLE_MODULE, &lines) != 0 ||
            line_set_unite(lines, &made->lines) != 0)
            result = out_of_memory(error);
    }
    if (tables)
        python_line_tables_free(tables, table_count);
    collector_close(&collector);
    return result;
}

int source_files_add_hashes(struct model *model)
{
    for (uint32_t i = 0; i < model->source_count; i++) {
        const struct model_source *source = &model->sources[i];
        struct entry entry = { .file.path = source->path };
        if (source->has_hash || is_unseen(source))
            continue;
        look_at_file(&entry);
        uint8_t hash[MODEL_HASH_SIZE];
        uint64_t size;
        if (!entry.on_disk || find_fit(&entry, source) != FITS)
            continue;
        if (source_file_hash(source->path, hash, &size) == 0 && size == source->size)
            model_set_hash(model, i, hash);
        else if (errno == ENOMEM)
            return -1;
    }
    return 0;
}
