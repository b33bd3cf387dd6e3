/*
 * A small hash table from co_filename to what was decided. It only grows; an entry is published
 * whole, so readers of a free-threaded build need no lock.
 */
#include "source.h"

#include "../ledger.h"
#include "../session.h"
#include "../settings.h"
#include "../source_filter.h"
#include "line_table.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLE_BUCKETS 1024

/* Places of a source's first ARCS record and of its greatest, and how many of them an arc may be
 * in: where all these are taken it goes into a record twice as large. */
#define ARCS_FIRST  16u
#define ARCS_MOST   4096u
#define ARCS_PROBES 8u

struct file {
    struct file *next;
    uint64_t hash;
    _Atomic(struct source *) source; /* NULL: not measured */
    struct format_source description;
    char *canonical;             /* NULL: not measured */
    bool is_renamed;             /* it is known by another name than the code's */
    _Atomic uint64_t last_table; /* hash of the line table that was recorded last */
    char name[];
};

static _Atomic(struct file *) table[TABLE_BUCKETS];
static struct settings settings;
/* Guards additions; held while a source is decided upon. */
static atomic_flag adding = ATOMIC_FLAG_INIT;
/* Held while the settings are read: other interpreters, with a GIL each, may want them. */
static atomic_flag reading = ATOMIC_FLAG_INIT;

static void lock(void)
{
    while (atomic_flag_test_and_set_explicit(&adding, memory_order_acquire))
        sched_yield();
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&adding, memory_order_release);
}

void source_after_fork_child(void)
{
    atomic_flag_clear(&adding);
    atomic_flag_clear(&reading);
    python_api_after_fork_child();
}

static int read_settings(void)
{
    PyObject *owner = NULL;
    PyObject *executable = python.sys_get_object("executable");
    const char *path = executable ? python_text(executable, &owner) : NULL;
    if (!path)
        python.clear_error();
    int result = settings_load(&settings, path);
    if (result == 0)
        source_filter_init(&settings);
    if (settings.context)
        session_default_context(settings.context);
    data_file_describe(python.version, path ? path : "");
    data_file_set_flags(settings.branch ? FORMAT_FLAG_BRANCH : FORMAT_FLAG_LINES);
    if (owner)
        python.decrement(owner);
    return result;
}

int source_init(void)
{
    enum { UNREAD = 1 };
    static atomic_int result = UNREAD;
    int known = atomic_load_explicit(&result, memory_order_acquire);
    if (known != UNREAD)
        return known;
    while (atomic_flag_test_and_set_explicit(&reading, memory_order_acquire))
        sched_yield();
    known = atomic_load_explicit(&result, memory_order_relaxed);
    if (known == UNREAD) {
        known = read_settings();
        atomic_store_explicit(&result, known, memory_order_release);
    }
    atomic_flag_clear_explicit(&reading, memory_order_release);
    return known;
}

const struct settings *source_settings(void)
{
    return &settings;
}

bool source_wants_arcs(void)
{
    return settings.branch;
}

bool source_may_be_measured(const char *file_name)
{
    char canonical[PATH_MAX];
    return source_filter_canonical(file_name, canonical, NULL) &&
           source_filter_may_measure(canonical);
}

bool source_may_turn_out_measured(const char *file_name)
{
    char canonical[PATH_MAX];
    struct stat status;
    return source_filter_canonical(file_name, canonical, &status) &&
           (source_filter_may_measure(canonical) || !status.st_mode);
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const uint8_t *byte = bytes;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * 1099511628211u;
    return hash;
}

static uint64_t make_key(const struct file *file, uint64_t table_hash)
{
    const struct format_source *description = &file->description;
    uint64_t hash = hash_bytes(14695981039346656037u, file->canonical, strlen(file->canonical));
    hash = hash_bytes(hash, &description->size, sizeof description->size);
    hash = hash_bytes(hash, &description->mtime, sizeof description->mtime);
    hash = hash_bytes(hash, &description->python, sizeof description->python);
    hash = hash_bytes(hash, &description->flags, sizeof description->flags);
    hash = hash_bytes(hash, &table_hash, sizeof table_hash);
    /* Both mean something else in the index. */
    return hash == 0 || hash == UINT64_MAX ? 1 : hash;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool ends_with(const char *text, size_t length, const char *suffix)
{
    size_t suffix_length = strlen(suffix);
    return length >= suffix_length &&
           memcmp(text + length - suffix_length, suffix, suffix_length) == 0;
}

/* Puts the name that a module has by the file that it is in into `buffer`, as
 * inspect.getmodulename says it; false when the file is none that can be imported (bin/tox). */
static bool name_by_file(const char *canonical, char *buffer, size_t size)
{
    const char *base = base_name(canonical);
    size_t length = strlen(base);
    if (ends_with(base, length, ".py"))
        length -= strlen(".py");
    else if (ends_with(base, length, ".pyc"))
        length -= strlen(".pyc");
    else
        return false;
    if (length >= size)
        length = size - 1;
    memcpy(buffer, base, length);
    buffer[length] = '\0';
    return true;
}

/* coverage.py's name for a module: __name__, but for a main program what `-m` was given, or what
 * it could be imported as. "" where it has none. */
static const char *module_name(PyObject *globals, const char *canonical, char *buffer, size_t size)
{
    PyObject *owner;
    buffer[0] = '\0';
    PyObject *name = globals ? python.dict_get(globals, "__name__") : NULL;
    const char *text = name ? python_text(name, &owner) : NULL;
    if (text) {
        strncat(buffer, text, size - 1);
        if (owner)
            python.decrement(owner);
    }
    if (buffer[0] && strcmp(buffer, "__main__") != 0)
        return buffer;
    PyObject *spec = globals ? python.dict_get(globals, "__spec__") : NULL;
    text = spec ? python_text_attribute(spec, "name", &owner) : NULL;
    if (text && strcmp(text, "__main__") != 0) {
        buffer[0] = '\0';
        strncat(buffer, text, size - 1);
        python.decrement(owner);
        return buffer;
    }
    if (text)
        python.decrement(owner);
    name_by_file(canonical, buffer, size);
    return buffer;
}

/* Is there `name`, in the folder `directory` if that isn't NULL? Its path is left in `buffer`. */
static bool is_there(const char *directory, const char *name, char buffer[PATH_MAX])
{
    int length = directory && *directory ? snprintf(buffer, PATH_MAX, "%s/%s", directory, name)
                                         : snprintf(buffer, PATH_MAX, "%s", name);
    return length > 0 && length < PATH_MAX && access(buffer, F_OK) == 0;
}

/* The file on sys.path that a relative name is of, in `buffer`; false when there is none. */
static bool find_on_path(const char *name, char buffer[PATH_MAX])
{
    PyObject *path = python.sys_get_object("path");
    bool found = false;
    for (ssize_t i = 0; path && !found; i++) {
        PyObject *entry = python.list_get(path, i); /* NULL beyond its end, and of no list */
        PyObject *owner = NULL;
        const char *directory = entry ? python_text(entry, &owner) : NULL;
        found = directory && is_there(directory, name, buffer);
        if (owner)
            python.decrement(owner);
        if (!entry)
            break;
    }
    python.clear_error();
    return found;
}

/* The module's __file__, of bytecode that of its source, in `buffer`; NULL when it has none. */
static const char *module_file(PyObject *globals, char buffer[PATH_MAX])
{
    PyObject *owner = NULL;
    PyObject *file = globals ? python.dict_get(globals, "__file__") : NULL;
    const char *text = file ? python_text(file, &owner) : NULL;
    size_t length = text ? strlen(text) : 0;
    if (text && (ends_with(text, length, ".pyc") || ends_with(text, length, ".pyo")))
        length--;
    bool fits = length && length < PATH_MAX;
    if (fits) {
        memcpy(buffer, text, length);
        buffer[length] = '\0';
    }
    if (owner)
        python.decrement(owner);
    return fits ? buffer : NULL;
}

/*
 * The name of the file that coverage.py takes code named `name` to be of: the module's __file__
 * where that ends with the same name, for bytecode is moved after it is compiled, and compiled
 * modules name their files from the folder that they were built in. (Otherwise than for
 * coverage.py, only where the code's own name is not of the only file that is there: a program that
 * PyInstaller packed has a __file__ in no folder.) A relative name is of the working folder, else
 * of one of sys.path, else of nothing that is there. `buffer` may hold it.
 */
static const char *choose_name(const char *name, PyObject *globals, char buffer[PATH_MAX])
{
    if (name[0] == '<' || !name[0])
        return name;
    char own[PATH_MAX];
    if (module_file(globals, own) && strcmp(own, name) != 0 &&
        strcmp(base_name(own), base_name(name)) == 0 &&
        (access(own, F_OK) == 0 || access(name, F_OK) != 0))
        name = strcpy(buffer, own);
    if (name[0] == '/' || strncmp(name, "memory:", 7) == 0 || access(name, F_OK) == 0)
        return name;
    char found[PATH_MAX];
    return find_on_path(name, found) ? strcpy(buffer, found) : name;
}

static long optimization_level(void)
{
    PyObject *flags = python.sys_get_object("flags");
    long level = flags ? python_long_attribute(flags, "optimize") : 0;
    return level < 0 ? 0 : level;
}

/* The size and time of the source file; zeros where it isn't there. */
static void describe_file(struct format_source *description, const struct stat *status)
{
    description->size = (uint64_t)status->st_size;
    description->mtime =
        (uint64_t)status->st_mtim.tv_sec * 1000000000u + (uint64_t)status->st_mtim.tv_nsec;
}

/* Another module body under a name that has one: the file may have been changed and reloaded, and
 * is another source then. */
static void renew_source(struct file *file)
{
    struct format_source description = file->description;
    struct stat status;
    if (stat(file->canonical, &status) == 0)
        describe_file(&description, &status);
    if (description.size == file->description.size && description.mtime == file->description.mtime)
        return;
    struct source *source = calloc(1, sizeof *source);
    if (!source)
        return;
    file->description = description;
    source->older = atomic_load(&file->source); /* which its code keeps */
    atomic_store(&file->source, source);
}

/* One that nobody has seen. */
static void free_file(struct file *file)
{
    free(atomic_load(&file->source));
    free(file->canonical);
    free(file);
}

/* Is nothing recorded here, though the file would be? Said once. */
static bool is_unusable(const char *canonical)
{
    static atomic_flag is_said = ATOMIC_FLAG_INIT;
    if (settings.unusable && !atomic_flag_test_and_set(&is_said)) {
        const char *pairs[] = { "reason", settings.unusable, "path", canonical, NULL };
        ledger_event("lost", pairs);
    }
    return settings.unusable != NULL;
}

/* Decides upon a new file name. The entry, or NULL when memory ran out. */
static struct file *add_file(const char *name, uint64_t hash, PyObject *globals)
{
    size_t length = strlen(name);
    struct file *file = calloc(1, sizeof *file + length + 1);
    if (!file)
        return NULL;
    memcpy(file->name, name, length + 1);
    file->hash = hash;
    char canonical[PATH_MAX], chosen[PATH_MAX], module[512];
    struct stat status;
    const char *real_name = choose_name(name, globals, chosen);
    if (source_filter_canonical(real_name, canonical, &status) &&
        source_filter_measures(canonical, module_name(globals, canonical, module, sizeof module)) &&
        !is_unusable(canonical)) {
        char by_name[PATH_MAX];
        file->is_renamed =
            strcmp(real_name, name) != 0 &&
            !(source_filter_canonical(name, by_name, NULL) && strcmp(by_name, canonical) == 0);
        describe_file(&file->description, &status);
        file->description.python = python.version;
        file->description.flags = optimization_level() > 0 ? SOURCE_OPTIMIZED : 0;
        file->description.path_length = (uint32_t)strlen(canonical);
        file->canonical = strdup(canonical);
        struct source *source = calloc(1, sizeof *source);
        atomic_init(&file->source, source);
        if (!file->canonical || !source) {
            free_file(file);
            return NULL;
        }
    }
    return file;
}

static struct file *find_file(const char *name, PyObject *globals)
{
    uint64_t hash = hash_bytes(14695981039346656037u, name, strlen(name));
    _Atomic(struct file *) *bucket = &table[hash % TABLE_BUCKETS];
    struct file *first = atomic_load_explicit(bucket, memory_order_acquire);
    for (struct file *file = first; file; file = file->next)
        if (file->hash == hash && strcmp(file->name, name) == 0)
            return file;
    struct file *added = add_file(name, hash, globals);
    if (!added)
        return NULL;
    lock();
    struct file *newest = atomic_load_explicit(bucket, memory_order_acquire);
    for (struct file *file = newest; file != first; file = file->next)
        if (file->hash == hash && strcmp(file->name, name) == 0) {
            unlock();
            free_file(added);
            return file; /* another thread was quicker */
        }
    added->next = newest;
    atomic_store_explicit(bucket, added, memory_order_release);
    unlock();
    return added;
}

/* Sees to it that the session has the line table of `code`, the file's module or a part of it. */
static void record_table(struct file *file, PyObject *code, bool whole)
{
    uint64_t table_hash = line_table_hash(code);
    if (table_hash == atomic_load(&file->last_table))
        return;
    if (whole && atomic_load(&file->last_table) != 0)
        renew_source(file);
    atomic_store(&file->last_table, table_hash);
    struct source *source = atomic_load(&file->source);
    struct format_source description = file->description;
    if (whole)
        description.flags |= SOURCE_WHOLE_MODULE;
    description.key = make_key(file, whole ? table_hash : 0);
    uint32_t bit_count = 0;
    bool known = data_file_knows_source(description.key, &bit_count);
    if (!known) {
        struct line_bits lines = { 0 };
        line_table_add_code(&lines, code, whole);
        if (lines.failed)
            description.flags &= ~SOURCE_WHOLE_MODULE;
        description.bit_count = bit_count = lines.bit_count;
        if (data_file_add_source(&description, file->canonical, lines.bytes) != 0) {
            const char *pairs[] = { "reason", "a source could not be named", "path",
                                    file->canonical, NULL };
            ledger_event("lost", pairs);
        }
        line_bits_close(&lines);
    }
    /* Marks go under the first key that the file had in this process. */
    if (!source->key) {
        source->expected_bits = bit_count;
        source->key = description.key;
    }
}

/* Is `code`, run with these globals, what the file was compiled to as a whole? Templates, and what
 * is compiled by the program, have names of files, too, but no module that is of that file. */
static bool is_module_of(const struct file *file, PyObject *code, PyObject *globals)
{
    PyObject *owner;
    const char *name = python_code_text(code, CODE_NAME, &owner);
    bool is_module = name && strcmp(name, "<module>") == 0;
    if (owner)
        python.decrement(owner);
    if (!is_module || file->is_renamed)
        return false;
    /* Of one that is not there (in an archive) nobody can make another table. */
    char own[PATH_MAX], canonical[PATH_MAX];
    return !file->description.mtime ||
           (module_file(globals, own) && source_filter_canonical(own, canonical, NULL) &&
            strcmp(canonical, file->canonical) == 0);
}

/*
 * Code that another compiler made up to have something to tell tools about (Cython's linetrace,
 * from 3.13 on): zeros for bytecode, and for a module's beginning what PyCode_NewEmpty makes, 3
 * units. No tool of Python sees it run, and its source need not be Python.
 */
static bool is_made_up(PyObject *code)
{
    static const char beginning[] = "PyInit_";
    if (python.minor < 12)
        return false;
    char *bytes = NULL;
    ssize_t size = 0;
    PyObject *owner = python.get_attribute(code, "_co_code_adaptive"), *name_owner = NULL;
    bool made_up = false;
    if (!owner || python.bytes_get(owner, &bytes, &size) != 0)
        python.clear_error();
    else if (size > 0 && bytes[0] == 0)
        made_up = true;
    else if (size == 6 && bytes[5] == 1) { /* RAISE_VARARGS 1 */
        const char *name = python_code_text(code, CODE_NAME, &name_owner);
        made_up = name && strncmp(name, beginning, sizeof beginning - 1) == 0;
    }
    if (owner)
        python.decrement(owner);
    if (name_owner)
        python.decrement(name_owner);
    return made_up;
}

struct source *source_of_code(PyObject *code, PyObject *globals)
{
    int saved = errno;
    PyObject *owner;
    const char *name = python_code_text(code, CODE_FILE_NAME, &owner);
    struct file *file = name ? find_file(name, globals) : NULL;
    if (owner)
        python.decrement(owner);
    struct source *source = file ? atomic_load(&file->source) : NULL;
    if (source && is_made_up(code))
        source = NULL;
    if (source) {
        bool whole = is_module_of(file, code, globals);
        if (whole || !source->key)
            record_table(file, code, whole);
        source = atomic_load(&file->source);
    }
    errno = saved;
    return source;
}

void source_mark_in_new_bitmap(struct source *source, uint32_t line)
{
    struct source_bitmap *old = atomic_load_explicit(&source->bitmap, memory_order_acquire);
    struct source_bitmap *fresh = malloc(sizeof *fresh);
    if (!fresh)
        return;
    uint32_t bit_count = old ? old->bit_count : source->expected_bits;
    while (bit_count <= line)
        bit_count = (line + 1 + 511) & ~511u;
    fresh->bit_count = bit_count;
    fresh->generation = data_file_generation();
    bool same_size = old && old->bit_count == bit_count;
    fresh->bits = data_file_add_lines(source->key, bit_count, same_size ? old->bits : NULL);
    if (!fresh->bits) {
        free(fresh);
        return;
    }
    fresh->older = atomic_exchange(&source->bitmap, fresh);
    __atomic_fetch_or(fresh->bits + line / 8, (uint8_t)(1u << (line % 8)), __ATOMIC_RELAXED);
}

/* Larger than `old`, which has no place for an arc, or the first of this process. NULL: no memory.
 */
static struct source_arcs *add_arcs(struct source *source, struct source_arcs *old)
{
    lock();
    struct source_arcs *newest = atomic_load_explicit(&source->arcs, memory_order_acquire);
    if (newest != old) {
        unlock();
        return newest; /* another thread was quicker */
    }
    struct source_arcs *fresh = malloc(sizeof *fresh);
    if (fresh) {
        uint32_t generation = data_file_generation();
        bool grows = old && old->generation == generation;
        uint32_t count = grows ? old->place_count * 2 : ARCS_FIRST;
        while (!grows && count < source->expected_bits / 16)
            count *= 2;
        fresh->place_count = count < ARCS_MOST ? count : ARCS_MOST;
        fresh->generation = generation;
        fresh->older = old;
        uint64_t *inherited = old && !grows ? (uint64_t *)old->places : NULL;
        uint64_t *places = data_file_add_arcs(source->key, fresh->place_count, inherited);
        if (places && places == inherited)
            fresh->place_count = old->place_count;
        fresh->places = (_Atomic uint64_t *)places;
    }
    if (fresh && fresh->places) {
        atomic_store_explicit(&source->arcs, fresh, memory_order_release);
    } else {
        free(fresh);
        fresh = NULL;
    }
    unlock();
    return fresh;
}

/* Is `arc` in `arcs`? Puts it there with `add` if there is a place. */
static bool find_arc(struct source_arcs *arcs, uint64_t arc, bool add)
{
    uint64_t hash = arc * 0x9e3779b97f4a7c15u;
    for (uint32_t i = 0; i < ARCS_PROBES; i++) {
        _Atomic uint64_t *place =
            &arcs->places[((uint32_t)(hash >> 32) + i) & (arcs->place_count - 1)];
        uint64_t there = atomic_load_explicit(place, memory_order_relaxed);
        if (there == arc)
            return true;
        if (there == 0 && !add)
            return false;
        if (there == 0 && atomic_compare_exchange_strong(place, &there, arc))
            return true;
        if (there == arc)
            return true; /* another thread was quicker */
    }
    return false;
}

void source_mark_arc(struct source *source, int32_t from, int32_t to)
{
    if (from <= 0 || from == to || to == 0)
        return;
    struct format_arc both = { from, to };
    uint64_t arc;
    memcpy(&arc, &both, sizeof arc);
    struct source_arcs *newest = atomic_load_explicit(&source->arcs, memory_order_acquire);
    uint32_t generation = data_file_generation();
    for (struct source_arcs *arcs = newest; arcs && arcs->generation == generation;
         arcs = arcs->older)
        if (find_arc(arcs, arc, false))
            return;
    while (!newest || newest->generation != generation || !find_arc(newest, arc, true)) {
        newest = add_arcs(source, newest);
        if (!newest || newest->generation != generation)
            return;
    }
}
