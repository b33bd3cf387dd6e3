/*
 * A file is read whole, parsed into a stage, and only then added: a file that breaks off in its
 * middle would else count as having run less than it did.
 */
#include "collector/read/read_foreign.h"

#include "collector/base/file_bytes.h"
#include "collector/read/foreign_stage.h"
#include "collector/read/read_coverage_sqlite.h"
#include "collector/read/read_tool_json.h"
#include "preload/format.h"
#include "collector/base/line_set.h"
#include "collector/base/path.h"
#include "collector/base/room.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SIZE_MAX  ((size_t)1 << 30)
#define SQLITE_MAGIC   "SQLite format 3" /* and a NUL */
#define SNIFFED        512
#define REPORT_KEY     "\"executed_lines\""
#define REPORT_SNIFFED (1u << 20)
#define NANOSECONDS    1000000000u

/* A name as files have it, and the source that it is in the model. */
struct foreign_path {
    char *name;
    uint32_t source;
};

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

void foreign_reader_init(struct foreign_reader *reader, struct model *model, const char *directory)
{
    *reader = (struct foreign_reader){ .model = model, .directory = directory };
}

void foreign_reader_close(struct foreign_reader *reader)
{
    for (size_t i = 0; i < reader->path_count; i++)
        free(reader->paths[i].name);
    free(reader->paths);
    free(reader->buffer);
    hash_map_close(&reader->path_map);
    *reader = (struct foreign_reader){ 0 };
}

/* The stage */

/* From the stage to the model */

static int add_source(struct foreign_reader *reader, const char *name, uint32_t *source)
{
    /* A name of Windows is of nothing here: it stays as it is, for [paths] to be matched. */
    char *path = path_is_of_windows(name) ? strdup(name) : path_canonical("/", name);
    if (!path)
        return -1;
    struct stat status;
    uint64_t size = 0, mtime = 0;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        size = (uint64_t)status.st_size;
        mtime = (uint64_t)status.st_mtim.tv_sec * NANOSECONDS + (uint64_t)status.st_mtim.tv_nsec;
    }
    int result = model_add_source(reader->model, path, strlen(path), size, mtime, source);
    free(path);
    return result;
}

/* A thousand files name the same sources: each is looked for once. `name` is absolute. */
static int find_absolute(struct foreign_reader *reader, const char *name, uint32_t *source)
{
    uint64_t hash = hash_bytes(name, strlen(name));
    for (size_t at = hash_map_first(&reader->path_map, hash); at != HASH_MAP_END;
         at = hash_map_next(&reader->path_map, hash, at)) {
        const struct foreign_path *known = &reader->paths[hash_map_value(&reader->path_map, at)];
        if (strcmp(known->name, name) == 0) {
            *source = known->source;
            return 0;
        }
    }
    if (room_for_one((void **)&reader->paths, &reader->path_room, reader->path_count,
                     sizeof *reader->paths) != 0 ||
        add_source(reader, name, source) != 0)
        return -1;
    char *copy = strdup(name);
    if (!copy || hash_map_add(&reader->path_map, hash, (uint32_t)reader->path_count) != 0) {
        free(copy);
        return -1;
    }
    reader->paths[reader->path_count++] = (struct foreign_path){ copy, *source };
    return 0;
}

static int find_source(struct foreign_reader *reader, const char *name, uint32_t *source)
{
    if (name[0] == '/' || path_is_of_windows(name))
        return find_absolute(reader, name, source);
    char *path;
    if (asprintf(&path, "%s/%s", reader->directory, name) < 0)
        return -1;
    /* A relative name that was made on Windows; one with a backslash can be of a file here. */
    if (strchr(name, '\\') && access(path, F_OK) != 0)
        path_use_slashes(path + strlen(path) - strlen(name));
    int result = find_absolute(reader, path, source);
    free(path);
    return result;
}

static int add_lines(struct foreign_reader *reader, const struct foreign_stage *stage,
                     const uint32_t *sources, const uint32_t *contexts, struct foreign_file *file)
{
    for (size_t i = 0; i < stage->lines_count; i++) {
        const struct foreign_lines *staged = &stage->lines[i];
        struct line_set *lines;
        if (model_add_lines(reader->model, sources[staged->source], contexts[staged->context],
                            &lines) != 0 ||
            line_set_unite_bitmap(lines, stage->bitmaps + staged->offset, staged->size) != 0)
            return -1;
        file->has_lines |= line_set_last(lines) != 0;
    }
    return 0;
}

static int compare_arcs(const void *a, const void *b)
{
    const struct foreign_arc *left = a, *right = b;
    if (left->source != right->source)
        return left->source < right->source ? -1 : 1;
    if (left->context != right->context)
        return left->context < right->context ? -1 : 1;
    if (left->arc.from != right->arc.from)
        return left->arc.from < right->arc.from ? -1 : 1;
    return (left->arc.to > right->arc.to) - (left->arc.to < right->arc.to);
}

static void sort_arcs(struct foreign_stage *stage)
{
    for (size_t i = 1; i < stage->arc_count; i++)
        if (compare_arcs(&stage->arcs[i - 1], &stage->arcs[i]) > 0) {
            qsort(stage->arcs, stage->arc_count, sizeof *stage->arcs, compare_arcs);
            return;
        }
}

/* Not the entry or exit of a code object, nor a branch of slipcover's (syntax_arcs.h): what that
 * leads to is listed as a line when it ran. */
static bool is_line(int32_t line)
{
    return line > 0 && line <= (int32_t)LINE_SET_MAX_LINE;
}

/* The arcs of one source and context, which are in order, and the lines that they join. */
static int add_arcs_of(struct foreign_reader *reader, uint32_t source, uint32_t context,
                       const struct foreign_arc *staged, size_t count)
{
    struct arc_set *arcs, added = ARC_SET_EMPTY;
    struct line_set *lines;
    int result = model_add_lines(reader->model, source, context, &lines);
    for (size_t i = 0; result == 0 && i < count; i++) {
        struct arc arc = staged[i].arc;
        if (is_line(arc.from))
            result = line_set_add(lines, (uint32_t)arc.from);
        if (result == 0 && is_line(arc.to))
            result = line_set_add(lines, (uint32_t)arc.to);
        if (result == 0)
            result = arc_set_add(&added, arc);
    }
    if (result == 0)
        result = model_add_arcs(reader->model, source, context, &arcs);
    if (result == 0)
        result = arc_set_unite(arcs, &added);
    arc_set_close(&added);
    return result;
}

static int add_arcs(struct foreign_reader *reader, struct foreign_stage *stage,
                    const uint32_t *sources, const uint32_t *contexts, struct foreign_file *file)
{
    sort_arcs(stage);
    for (size_t first = 0, end; first < stage->arc_count; first = end) {
        const struct foreign_arc *staged = &stage->arcs[first];
        for (end = first + 1; end < stage->arc_count; end++)
            if (stage->arcs[end].source != staged->source ||
                stage->arcs[end].context != staged->context)
                break;
        if (add_arcs_of(reader, sources[staged->source], contexts[staged->context], staged,
                        end - first) != 0)
            return -1;
        file->has_lines = true;
    }
    return 0;
}

/* Distinct lines that ran by this file, over all its contexts. */
static int count_lines(const struct foreign_stage *stage, struct foreign_file *file)
{
    struct line_set *sets = calloc(stage->source_count + 1, sizeof *sets);
    int result = sets ? 0 : -1;
    for (size_t i = 0; result == 0 && i < stage->lines_count; i++)
        result =
            line_set_unite_bitmap(&sets[stage->lines[i].source],
                                  stage->bitmaps + stage->lines[i].offset, stage->lines[i].size);
    for (size_t i = 0; result == 0 && i < stage->arc_count; i++) {
        struct line_set *set = &sets[stage->arcs[i].source];
        struct arc arc = stage->arcs[i].arc;
        if (is_line(arc.from))
            result = line_set_add(set, (uint32_t)arc.from);
        if (result == 0 && is_line(arc.to))
            result = line_set_add(set, (uint32_t)arc.to);
    }
    for (size_t i = 0; sets && i < stage->source_count; i++) {
        file->line_count += line_set_count(&sets[i]);
        line_set_close(&sets[i]);
    }
    free(sets);
    return result;
}

static int add_stage(struct foreign_reader *reader, struct foreign_stage *stage,
                     struct foreign_file *file)
{
    struct model *model = reader->model;
    uint32_t *sources = calloc(stage->source_count + 1, sizeof *sources);
    uint32_t *contexts = calloc(stage->context_count + 1, sizeof *contexts);
    int result = sources && contexts ? 0 : -1;
    for (size_t i = 0; result == 0 && i < stage->source_count; i++)
        result = find_source(reader, stage->sources[i], &sources[i]);
    for (size_t i = 0; result == 0 && i < stage->context_count; i++)
        result =
            model_add_context(model, stage->contexts[i], strlen(stage->contexts[i]), &contexts[i]);
    for (size_t i = 0; result == 0 && i < stage->tracer_count; i++)
        result = model_set_tracer(model, sources[stage->tracers[i].source], stage->tracers[i].name,
                                  strlen(stage->tracers[i].name));
    if (result == 0)
        result = add_lines(reader, stage, sources, contexts, file);
    if (result == 0)
        result = add_arcs(reader, stage, sources, contexts, file);
    if (result == 0 && reader->counts_lines)
        result = count_lines(stage, file);
    free(sources);
    free(contexts);
    file->sources = stage->source_count;
    if (file->has_lines) {
        model->has_branch_data |= stage->has_branches;
        model->has_line_data |= !stage->has_branches;
    }
    return result;
}

/* Files */

/* Opens a regular file of a size that data can have. -1 with an error. */
static int open_file(const char *path, size_t *size, struct error *error)
{
    int descriptor = file_bytes_open(path, size, error);
    if (descriptor < 0 || *size <= FILE_SIZE_MAX)
        return descriptor;
    error_set(error, ERROR_FORMAT, "%s: larger than 1 GiB, which no data file is", path);
    close(descriptor);
    return -1;
}

/* Reads up to `wanted` bytes. 0 or -1 and errno. */
static int read_bytes(int descriptor, unsigned char *bytes, size_t wanted, size_t *size)
{
    *size = 0;
    while (*size < wanted) {
        ssize_t got = read(descriptor, bytes + *size, wanted - *size);
        if (got == 0)
            break;
        if (got > 0)
            *size += (size_t)got;
        else if (errno != EINTR)
            return -1;
    }
    return 0;
}

static bool is_zero(const unsigned char *bytes, size_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

static enum foreign_kind sniff(const unsigned char *bytes, size_t size)
{
    if (is_zero(bytes, size))
        return FOREIGN_EMPTY;
    if (size >= FORMAT_MAGIC_SIZE && memcmp(bytes, FORMAT_MAGIC, FORMAT_MAGIC_SIZE) == 0)
        return FOREIGN_COVFORK;
    if (size >= sizeof SQLITE_MAGIC && memcmp(bytes, SQLITE_MAGIC, sizeof SQLITE_MAGIC) == 0)
        return FOREIGN_SQLITE;
    size_t blank = 0;
    while (blank < size && memchr(" \t\r\n", bytes[blank], 4))
        blank++;
    if (blank < size && bytes[blank] == '{')
        return FOREIGN_JSON;
    return FOREIGN_UNKNOWN;
}

int foreign_kind_of(const char *path, enum foreign_kind *kind, struct error *error)
{
    unsigned char bytes[SNIFFED];
    size_t size;
    size_t whole;
    int descriptor = open_file(path, &whole, error);
    if (descriptor < 0)
        return -1;
    int result = read_bytes(descriptor, bytes, sizeof bytes, &size);
    if (result != 0)
        error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
    else
        *kind = sniff(bytes, size);
    /* A file that is made before it is written to, but is not done: zeros, then something. */
    if (result == 0 && *kind == FOREIGN_EMPTY && size < whole)
        *kind = FOREIGN_UNKNOWN;
    close(descriptor);
    return result;
}

bool foreign_is_report(const char *path)
{
    size_t whole;
    int descriptor = open_file(path, &whole, NULL);
    if (descriptor < 0)
        return false;
    unsigned char *bytes = malloc(REPORT_SNIFFED);
    size_t size;
    bool found = bytes && read_bytes(descriptor, bytes, REPORT_SNIFFED, &size) == 0 &&
                 sniff(bytes, size) == FOREIGN_JSON &&
                 memmem(bytes, size, REPORT_KEY, strlen(REPORT_KEY)) != NULL;
    free(bytes);
    close(descriptor);
    return found;
}

/* Reads the whole file into the reader's buffer. */
static int read_file(struct foreign_reader *reader, const char *path, size_t *size,
                     struct error *error)
{
    size_t wanted;
    int descriptor = open_file(path, &wanted, error);
    if (descriptor < 0)
        return -1;
    if (wanted > reader->buffer_size) {
        free(reader->buffer);
        reader->buffer = malloc(wanted);
        reader->buffer_size = reader->buffer ? wanted : 0;
    }
    int result = 0;
    *size = 0;
    if (wanted && !reader->buffer)
        result = out_of_memory(error);
    else if (read_bytes(descriptor, reader->buffer, wanted, size) != 0)
        result = error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
    close(descriptor);
    return result;
}

int foreign_reader_read(struct foreign_reader *reader, const char *path, struct foreign_file *file,
                        struct error *error)
{
    *file = (struct foreign_file){ 0 };
    struct foreign_stage stage = { 0 };
    struct error problem = { 0 };
    size_t size;
    if (read_file(reader, path, &size, error) != 0)
        return -1;
    int result = 0;
    switch (sniff(reader->buffer, size)) {
    case FOREIGN_EMPTY:
        file->is_empty = true;
        break;
    case FOREIGN_SQLITE:
        result = read_coverage_sqlite(&stage, reader->buffer, size, &problem);
        break;
    case FOREIGN_JSON:
        result = read_tool_json(&stage, reader->buffer, size, &problem);
        break;
    default:
        result = error_set(&problem, ERROR_FORMAT,
                           "not data of covfork, coverage.py (5.0 or later) or slipcover");
    }
    if (result == 0 && add_stage(reader, &stage, file) != 0)
        result = out_of_memory(&problem);
    foreign_stage_close(&stage);
    if (result != 0 && problem.code == ERROR_MEMORY)
        return out_of_memory(error);
    return result == 0 ? 0 : error_set(error, problem.code, "%s: %s", path, problem.text);
}
