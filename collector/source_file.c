/*
 * A record is of a file when size and time are those of the file on disk. A checkout elsewhere or
 * anew has another time and the same text: such a record counts when it has the size and the line
 * table of the file on disk. Lines of any other record would be reported in the wrong places.
 */
#include "source_file.h"

#include "format.h"
#include "hash_map.h"
#include "python_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NANOSECONDS 1000000000u

/* A source_file in the making. */
struct entry {
    struct source_file file;
    const struct model_source **records;
    size_t record_count;
    bool on_disk;
    bool is_chosen; /* reported at all */
    uint64_t size, mtime;
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

int source_file_read(const char *path, unsigned char **bytes, size_t *size)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return -1;
    struct stat status;
    unsigned char *buffer = NULL;
    int problem = 0;
    if (fstat(descriptor, &status) != 0)
        problem = errno;
    else if (S_ISDIR(status.st_mode))
        problem = EISDIR;
    else if (!S_ISREG(status.st_mode))
        problem = EINVAL;
    else if (!(buffer = malloc((size_t)status.st_size + 1)))
        problem = ENOMEM;
    *size = 0;
    while (!problem && *size < (size_t)status.st_size) {
        ssize_t got = read(descriptor, buffer + *size, (size_t)status.st_size - *size);
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

static void close_lines(struct source_lines *lines)
{
    line_set_close(&lines->lines);
    arc_set_close(&lines->arcs);
}

static void close_file(struct source_file *file)
{
    free(file->path);
    free(file->problem);
    line_set_close(&file->executed);
    line_set_close(&file->table);
    arc_set_close(&file->arcs);
    for (size_t i = 0; i < file->context_count; i++)
        close_lines(&file->contexts[i]);
    free(file->contexts);
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
    char *path = mapped ? path_canonical(scope->directory, mapped) : NULL;
    free(mapped);
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

/* Files that nothing imported. */

static int add_unimported_below(struct collector *collector, const char *directory)
{
    const struct source_scope *scope = collector->scope;
    struct string_list found = { 0 };
    int result = path_find_python_files(&found, directory, scope->include_namespace_packages,
                                        collector->error);
    for (size_t i = 0; result == 0 && i < found.count; i++) {
        char *path = path_canonical(scope->directory, found.items[i]);
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
    if (may_be_namespace)
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
        if (match_package(&package, collector->entries[i].file.path) != 0)
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
        if (scope->report_include && !path_globs_match(scope->report_include, entry->file.path))
            entry->is_chosen = false;
        if (scope->report_omit && path_globs_match(scope->report_omit, entry->file.path))
            entry->is_chosen = false;
    }
}

/* Records of the file as it is on disk, or as it was last where it is gone. */

static bool is_whole(const struct model_table *table)
{
    return table->flags & SOURCE_WHOLE_MODULE && !(table->flags & SOURCE_OPTIMIZED);
}

static bool has_executed(const struct model_source *record)
{
    for (size_t i = 0; i < record->lines_count; i++)
        if (line_set_last(&record->lines[i].lines) != 0)
            return true;
    return false;
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

/* Several records of one file may have the same context: united by finish_contexts. */
static int add_contexts(struct source_file *file, const struct model_source *record)
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
        struct source_lines *added = &larger[file->context_count++];
        *added = (struct source_lines){ .context = record->lines[i].context };
        if (line_set_copy(&added->lines, &record->lines[i].lines) != 0)
            return -1;
    }
    for (size_t i = 0; i < record->arcs_count; i++) {
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

/* Takes what ran by a record, and its line table where that is of a newer Python. */
static int use_record(struct entry *entry, const struct model_source *record, bool with_contexts)
{
    struct source_file *file = &entry->file;
    entry->has_used = true;
    if (model_source_executed(record, &file->executed) != 0 ||
        model_source_arcs(record, &file->arcs) != 0 ||
        (with_contexts && add_contexts(file, record) != 0))
        return -1;
    if (!source_file_should_be_python(file->path))
        return 0;
    for (size_t i = 0; i < record->table_count; i++) {
        const struct model_table *table = &record->tables[i];
        if (!is_whole(table) || table->python < file->python)
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

static bool is_exact(const struct entry *entry, const struct model_source *record)
{
    /* Neither: the process could not see the file (in a chroot), so nothing says that it changed.
     */
    bool unseen = record->size == 0 && record->mtime == 0;
    return unseen || (record->size == entry->size && record->mtime == entry->mtime);
}

static int use_exact_records(struct entry *entry, bool with_contexts)
{
    struct stat status;
    entry->on_disk = stat(entry->file.path, &status) == 0;
    if (entry->on_disk) {
        entry->size = (uint64_t)status.st_size;
        entry->mtime =
            (uint64_t)status.st_mtim.tv_sec * NANOSECONDS + (uint64_t)status.st_mtim.tv_nsec;
    } else {
        for (size_t i = 0; i < entry->record_count; i++)
            if (entry->records[i]->mtime >= entry->mtime) {
                entry->size = entry->records[i]->size;
                entry->mtime = entry->records[i]->mtime;
            }
    }
    for (size_t i = 0; i < entry->record_count; i++) {
        const struct model_source *record = entry->records[i];
        if (is_exact(entry, record)) {
            if (use_record(entry, record, with_contexts) != 0)
                return -1;
        } else if (record->size == entry->size && has_executed(record)) {
            entry->has_other_records = true;
        } else if (has_executed(record)) {
            entry->stale_count++;
        }
    }
    return 0;
}

/* Line tables made now */

static bool needs_table(const struct entry *entry)
{
    return entry->is_chosen && entry->on_disk && !entry->file.python;
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
        if (is_exact(entry, record) || record->size != entry->size || !has_executed(record))
            continue;
        if (python && has_same_table(collector, entry, record, &table, python))
            result = use_record(entry, record, collector->scope->with_contexts);
        else
            entry->stale_count++;
    }
    line_set_close(&table);
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
        result = add_unimported(&collector);
    if (result == 0 && scope->only && scope->only->count)
        result = choose_only(&collector);
    if (result == 0)
        choose_by_globs(&collector);
    for (size_t i = 0; result == 0 && i < collector.count; i++)
        if (collector.entries[i].is_chosen &&
            use_exact_records(&collector.entries[i], scope->with_contexts) != 0)
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
        result = add_unimported(&collector);
    for (size_t i = 0; result == 0 && i < collector.count; i++) {
        struct entry *entry = &collector.entries[i];
        entry->is_chosen = entry->record_count == 0;
        if (entry->is_chosen && use_exact_records(entry, false) != 0)
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
