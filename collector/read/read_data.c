/*
 * One pass over each file, read whole into memory (file_bytes).
 */
#include "collector/read/read_data.h"

#include "collector/base/path.h"
#include "collector/model/process_lines.h"
#include "collector/read/read_processes.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "data files are little-endian");

#define FILE_SIZE_MAX ((size_t)1 << 30)

struct data_reader_key {
    uint64_t key;
    uint32_t source;
};

struct data_reader_pending {
    uint64_t key;
    uint32_t context;
    uint32_t process; /* as in pass */
    struct line_set lines;
    struct arc_set arcs;
    char *path; /* the data file */
};

/* One file while it is read. */
struct pass {
    struct data_reader *reader;
    const char *path;
    struct data_file *file;
    const unsigned char *bytes;
    size_t size;
    uint32_t own_context;
    uint32_t process; /* in the model's process_lines; PROCESS_NONE: not known, or not kept */
    struct hash_map contexts; /* the file's numbers to the model's */
    struct hash_map counted;  /* keys of the LINES so far, to where their bitmaps are */
    struct process_reader processes;
    bool warned;
};

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

/* 0 or -1 (memory). */
static int __attribute__((format(printf, 3, 4)))
warn(struct string_list *warnings, const char *path, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    char *line;
    if (asprintf(&line, "%s: %s", path, text) < 0)
        return -1;
    int result = string_list_add(warnings, line);
    free(line);
    return result;
}

/* The first thing that is wrong with a file is enough to say. */
static int __attribute__((format(printf, 2, 3)))
warn_damage(struct pass *pass, const char *format, ...)
{
    pass->file->damaged = true;
    if (pass->warned)
        return 0;
    pass->warned = true;
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return warn(pass->reader->warnings, pass->path, "%s", text);
}

void data_reader_init(struct data_reader *reader, struct model *model, struct string_list *warnings,
                      const uint8_t *session)
{
    *reader = (struct data_reader){ .model = model, .warnings = warnings, .session = session };
}

void data_reader_close(struct data_reader *reader)
{
    for (size_t i = 0; i < reader->pending_count; i++) {
        line_set_close(&reader->pending[i].lines);
        arc_set_close(&reader->pending[i].arcs);
        free(reader->pending[i].path);
    }
    free(reader->pending);
    free(reader->keys);
    file_bytes_close(&reader->buffer);
    hash_map_close(&reader->key_map);
    *reader = (struct data_reader){ 0 };
}

static bool is_zero(const unsigned char *bytes, size_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

static bool find_key(struct data_reader *reader, uint64_t key, uint32_t *source)
{
    size_t index = reader->next_key;
    /* Processes import in much the same order. */
    if (index >= reader->key_count || reader->keys[index].key != key) {
        size_t at = hash_map_first(&reader->key_map, hash_integer(key));
        if (at == HASH_MAP_END)
            return false;
        index = hash_map_value(&reader->key_map, at);
    }
    reader->next_key = index + 1;
    *source = reader->keys[index].source;
    return true;
}

static int add_key(struct data_reader *reader, uint64_t key, uint32_t source)
{
    if (reader->key_count == reader->key_room) {
        size_t room = reader->key_room ? reader->key_room * 2 : 256;
        struct data_reader_key *larger = realloc(reader->keys, room * sizeof *larger);
        if (!larger)
            return -1;
        reader->keys = larger;
        reader->key_room = room;
    }
    if (hash_map_add(&reader->key_map, hash_integer(key), (uint32_t)reader->key_count) != 0)
        return -1;
    reader->keys[reader->key_count++] = (struct data_reader_key){ key, source };
    return 0;
}

/* The read_* functions get a record's payload. 0 when it was read or passed over, -1 (memory);
 * `*good` is cleared when a length in it is wrong. */

/* The process that the following LINES are of. */
static int add_process(struct pass *pass, const struct format_process *process, const char *context)
{
    struct process_lines *lines = pass->reader->model->processes;
    /* Of a combined file it is only an interpreter. */
    if (!lines || (pass->file->flags & FORMAT_FLAG_COMBINED))
        return 0;
    if (process_lines_add_process(lines, pass->file->session, process->pid, process->start,
                                  &pass->process) != 0)
        return -1;
    struct run_process *added = &lines->processes[pass->process];
    char version[32];
    snprintf(version, sizeof version, "%u.%u.%u", process->python >> 24,
             process->python >> 16 & 0xff, process->python >> 8 & 0xff);
    added->is_interpreter = true;
    return run_process_set(&added->python, version, strlen(version)) == 0
               ? run_process_set(&added->context, context, process->context_length)
               : -1;
}

static int read_process(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct format_process process;
    if (size < sizeof process)
        return *good = false, 0;
    memcpy(&process, payload, sizeof process);
    uint64_t executable_size = format_padded(process.executable_length);
    uint64_t context_size = format_padded(process.context_length);
    if (executable_size + context_size > size - sizeof process)
        return *good = false, 0;
    const char *executable = (const char *)payload + sizeof process;
    const char *context = executable + executable_size;
    if (memchr(executable, 0, process.executable_length) ||
        memchr(context, 0, process.context_length))
        return *good = false, 0;
    if (add_process(pass, &process, context) != 0)
        return -1;
    if (process.executable_length &&
        model_add_interpreter(pass->reader->model, process.python, executable,
                              process.executable_length) != 0)
        return -1;
    return model_add_context(pass->reader->model, context, process.context_length,
                             &pass->own_context);
}

static int read_source(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct data_reader *reader = pass->reader;
    struct format_source source;
    if (size < sizeof source)
        return *good = false, 0;
    memcpy(&source, payload, sizeof source);
    uint64_t path_size = format_padded(source.path_length);
    uint64_t bitmap_size = format_bitmap_size(source.bit_count);
    if (path_size + bitmap_size > size - sizeof source || source.path_length == 0 ||
        source.path_length >= PATH_MAX || source.bit_count > LINE_SET_MAX_LINE)
        return *good = false, 0;
    const char *path = (const char *)payload + sizeof source;
    bool is_absolute = path[0] == '/' || (source.path_length > 2 && path_is_of_windows(path));
    if (!is_absolute || memchr(path, 0, source.path_length))
        return *good = false, 0;
    uint32_t index, known;
    struct line_set *table;
    if (model_add_source(reader->model, path, source.path_length, source.size, source.mtime,
                         &index) != 0)
        return -1;
    bool has_table = source.python != 0 || source.bit_count != 0;
    if (has_table &&
        (model_add_table(reader->model, index, source.python,
                         source.flags & (SOURCE_WHOLE_MODULE | SOURCE_OPTIMIZED), &table) != 0 ||
         line_set_unite_bitmap(table, payload + sizeof source + path_size, bitmap_size) != 0))
        return -1;
    if (!find_key(reader, source.key, &known))
        return add_key(reader, source.key, index);
    if (known != index)
        *good = false;
    return 0;
}

/* Adds places of an ARCS record; `*good` is cleared when one of them can be no arc. 0 or -1. */
static int add_places(struct arc_set *arcs, const unsigned char *places, uint32_t count, bool *good)
{
    const int32_t last = LINE_SET_MAX_LINE;
    for (uint32_t i = 0; i < count; i++) {
        struct format_arc place;
        memcpy(&place, places + (size_t)i * sizeof place, sizeof place);
        /* No number is too great for the target of a branch of slipcover's. */
        if (place.from > last || place.from < -last || place.to < -last)
            *good = false;
        else if (arc_set_add(arcs, (struct arc){ place.from, place.to }) != 0)
            return -1;
    }
    return 0;
}

/* Room for what names a key that is not known yet, without its lines or arcs. NULL (memory). */
static struct data_reader_pending *keep_pending(struct pass *pass, uint64_t key, uint32_t context)
{
    struct data_reader *reader = pass->reader;
    if (reader->pending_count == reader->pending_room) {
        size_t room = reader->pending_room ? reader->pending_room * 2 : 16;
        struct data_reader_pending *larger = realloc(reader->pending, room * sizeof *larger);
        if (!larger)
            return NULL;
        reader->pending = larger;
        reader->pending_room = room;
    }
    char *path = strdup(pass->path);
    if (!path)
        return NULL;
    struct data_reader_pending *pending = &reader->pending[reader->pending_count++];
    *pending = (struct data_reader_pending){
        .key = key, .context = context, .process = pass->process, .path = path
    };
    return pending;
}

/* The model's number of the context that a record names. */
static bool find_context(const struct pass *pass, uint32_t number, uint32_t *context)
{
    *context = pass->own_context;
    if (number == 0)
        return true;
    size_t at = hash_map_first(&pass->contexts, hash_integer(number));
    if (at == HASH_MAP_END)
        return false;
    *context = hash_map_value(&pass->contexts, at);
    return true;
}

/* Adds those lines to the file's count that no earlier record of it has for the same key. */
static int count_lines(struct pass *pass, uint64_t key, const unsigned char *bitmap, size_t size)
{
    uint64_t hash = hash_integer(key);
    for (size_t i = 0; i < size; i++) {
        unsigned bits = bitmap[i];
        for (size_t at = hash_map_first(&pass->counted, hash); at != HASH_MAP_END;
             at = hash_map_next(&pass->counted, hash, at)) {
            /* In words of 8 bytes, to fit 32 bits: records lie at multiples of 8. */
            const unsigned char *earlier =
                pass->bytes + (size_t)hash_map_value(&pass->counted, at) * 8;
            struct format_lines lines;
            memcpy(&lines, earlier - sizeof lines, sizeof lines);
            if (i < format_bitmap_size(lines.bit_count))
                bits &= ~(unsigned)earlier[i];
        }
        pass->file->line_count += (size_t)__builtin_popcount(bits);
    }
    return hash_map_add(&pass->counted, hash, (uint32_t)((size_t)(bitmap - pass->bytes) / 8));
}

static int read_lines(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct data_reader *reader = pass->reader;
    struct format_lines lines;
    if (size < sizeof lines)
        return *good = false, 0;
    memcpy(&lines, payload, sizeof lines);
    uint64_t bitmap_size = format_bitmap_size(lines.bit_count);
    if (bitmap_size > size - sizeof lines || lines.bit_count > LINE_SET_MAX_LINE)
        return *good = false, 0;
    uint32_t context;
    if (!find_context(pass, lines.context, &context))
        return *good = false, 0;
    const unsigned char *bitmap = payload + sizeof lines;
    if (is_zero(bitmap, bitmap_size))
        return 0;
    pass->file->lines++;
    if (reader->counts_lines && count_lines(pass, lines.key, bitmap, bitmap_size) != 0)
        return -1;
    uint32_t source;
    struct line_set *set;
    if (!find_key(reader, lines.key, &source)) {
        struct data_reader_pending *pending = keep_pending(pass, lines.key, context);
        if (!pending)
            return -1;
        set = &pending->lines;
    } else if (model_add_lines(reader->model, source, context, &set) != 0 ||
               (pass->process != PROCESS_NONE &&
                process_lines_add_bitmap(reader->model->processes, pass->process,
                                         reader->model->sources[source].number, bitmap,
                                         bitmap_size) != 0)) {
        return -1;
    }
    return line_set_unite_bitmap(set, bitmap, bitmap_size);
}

/* Most records by far: lines of the file's own context, in the source that comes next, whose set
 * has room for them. Does what read_lines does with all of them that follow each other at
 * `*offset`, and moves that behind them. 0 or -1 (memory). */
static int read_usual_lines(struct pass *pass, size_t *offset)
{
    struct data_reader *reader = pass->reader;
    const struct model_source *sources = reader->model->sources;
    struct {
        struct format_record record;
        struct format_lines lines;
    } head;
    if (reader->counts_lines)
        return 0;
    size_t at = *offset;
    for (; pass->size - at >= sizeof head; at += head.record.size) {
        const unsigned char *bitmap = pass->bytes + at + sizeof head;
        memcpy(&head, pass->bytes + at, sizeof head);
        size_t word_count = format_bitmap_size(head.lines.bit_count) / sizeof(uint64_t);
        if (head.record.type != RECORD_LINES || head.lines.context != 0 ||
            head.record.size != sizeof head + word_count * sizeof(uint64_t) ||
            head.record.size > pass->size - at || reader->next_key >= reader->key_count ||
            reader->keys[reader->next_key].key != head.lines.key)
            break;
        const struct model_source *source = &sources[reader->keys[reader->next_key].source];
        if (source->last_lines >= source->lines_count)
            break;
        const struct model_lines *lines = &source->lines[source->last_lines];
        if (lines->context != pass->own_context || word_count > lines->lines.word_count ||
            word_count == 0 || (bitmap[0] & 1))
            break;
        uint64_t *words = lines->lines.words, any = 0, word;
        for (size_t i = 0; i < word_count; i++) {
            memcpy(&word, bitmap + i * sizeof word, sizeof word);
            words[i] |= word;
            any |= word;
        }
        reader->next_key++;
        pass->file->lines += any != 0;
        if (any && pass->process != PROCESS_NONE &&
            process_lines_add_bitmap(reader->model->processes, pass->process, source->number,
                                     bitmap, word_count * sizeof word) != 0)
            return -1;
    }
    *offset = at;
    return 0;
}

static int read_arcs(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct data_reader *reader = pass->reader;
    struct format_arcs arcs;
    if (size < sizeof arcs)
        return *good = false, 0;
    memcpy(&arcs, payload, sizeof arcs);
    const unsigned char *places = payload + sizeof arcs;
    uint64_t places_size = (uint64_t)arcs.place_count * sizeof(struct format_arc);
    uint32_t context, source;
    if (places_size > size - sizeof arcs || !find_context(pass, arcs.context, &context))
        return *good = false, 0;
    if (is_zero(places, places_size))
        return 0;
    struct arc_set *set;
    if (!find_key(reader, arcs.key, &source)) {
        struct data_reader_pending *pending = keep_pending(pass, arcs.key, context);
        if (!pending)
            return -1;
        set = &pending->arcs;
    } else if (model_add_arcs(reader->model, source, context, &set) != 0) {
        return -1;
    }
    return add_places(set, places, arcs.place_count, good);
}

static int read_hash(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct format_hash hash;
    uint32_t source;
    if (size < sizeof hash)
        return *good = false, 0;
    memcpy(&hash, payload, sizeof hash);
    if (!find_key(pass->reader, hash.key, &source))
        return *good = false, 0;
    model_set_hash(pass->reader->model, source, hash.hash);
    return 0;
}

static int read_tracer(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct format_tracer tracer;
    uint32_t source;
    if (size < sizeof tracer)
        return *good = false, 0;
    memcpy(&tracer, payload, sizeof tracer);
    const char *name = (const char *)payload + sizeof tracer;
    if (format_padded(tracer.name_length) > size - sizeof tracer || tracer.name_length == 0 ||
        memchr(name, 0, tracer.name_length) || !find_key(pass->reader, tracer.key, &source))
        return *good = false, 0;
    return model_set_tracer(pass->reader->model, source, name, tracer.name_length);
}

static int read_run(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct format_run run;
    if (size < sizeof run)
        return *good = false, 0;
    memcpy(&run, payload, sizeof run);
    uint64_t root_size = format_padded(run.root_length);
    uint64_t executable_size = format_padded(run.executable_length);
    if (root_size + executable_size > size - sizeof run)
        return *good = false, 0;
    const char *root = (const char *)payload + sizeof run;
    const char *executable = root + root_size;
    if (memchr(root, 0, run.root_length) || memchr(executable, 0, run.executable_length))
        return *good = false, 0;
    struct model_run added = {
        .start = run.start,
        .processes = run.processes,
        .interpreters = run.interpreters,
        .with_data = run.with_data,
        .lost = run.lost,
        .root = strndup(root, run.root_length),
        .executable = strndup(executable, run.executable_length),
    };
    memcpy(added.session, run.session, FORMAT_ID_SIZE);
    int result = -1;
    if (added.root && added.executable)
        result = model_add_run(pass->reader->model, &added);
    free(added.root);
    free(added.executable);
    return result;
}

static int read_context(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct format_context context;
    if (size < sizeof context)
        return *good = false, 0;
    memcpy(&context, payload, sizeof context);
    const char *label = (const char *)payload + sizeof context;
    if (format_padded(context.label_length) > size - sizeof context || context.number == 0 ||
        memchr(label, 0, context.label_length))
        return *good = false, 0;
    uint64_t hash = hash_integer(context.number);
    if (hash_map_first(&pass->contexts, hash) != HASH_MAP_END)
        return *good = false, 0;
    uint32_t number;
    if (model_add_context(pass->reader->model, label, context.label_length, &number) != 0)
        return -1;
    return hash_map_add(&pass->contexts, hash, number);
}

static int read_early(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct format_run_early early;
    if (size < sizeof early)
        return *good = false, 0;
    memcpy(&early, payload, sizeof early);
    model_add_early(pass->reader->model, early.session, early.count);
    return 0;
}

static int read_note(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct format_note note;
    if (size < sizeof note)
        return *good = false, 0;
    memcpy(&note, payload, sizeof note);
    const char *reason = (const char *)payload + sizeof note;
    if (format_padded(note.reason_length) > size - sizeof note ||
        memchr(reason, 0, note.reason_length))
        return *good = false, 0;
    return model_add_note(pass->reader->model, note.session, reason, note.reason_length,
                          note.count);
}

/* The writer puts them behind the record of their source. */
static int read_run_lines(struct pass *pass, const unsigned char *payload, size_t size, bool *good)
{
    struct model *model = pass->reader->model;
    uint64_t key;
    uint32_t source;
    if (!model->processes)
        return 0;
    if (!process_reader_key(payload, size, &key) || !find_key(pass->reader, key, &source))
        return *good = false, 0;
    return process_reader_add_lines(&pass->processes, model->processes,
                                    model->sources[source].number, payload, size, good);
}

static int read_record(struct pass *pass, uint32_t type, const unsigned char *payload, size_t size,
                       bool *good)
{
    switch (type) {
    case RECORD_PROCESS:
        return read_process(pass, payload, size, good);
    case RECORD_SOURCE:
        return read_source(pass, payload, size, good);
    case RECORD_LINES:
        return read_lines(pass, payload, size, good);
    case RECORD_ARCS:
        return read_arcs(pass, payload, size, good);
    case RECORD_HASH:
        return read_hash(pass, payload, size, good);
    case RECORD_TRACER:
        return read_tracer(pass, payload, size, good);
    case RECORD_RUN_EARLY:
        return read_early(pass, payload, size, good);
    case RECORD_RUN:
        return read_run(pass, payload, size, good);
    case RECORD_CONTEXT:
        return read_context(pass, payload, size, good);
    case RECORD_RUN_PROCESS:
        return pass->reader->model->processes
                   ? process_reader_add(&pass->processes, pass->reader->model->processes, payload,
                                        size, good)
                   : 0;
    case RECORD_RUN_LINES:
        return read_run_lines(pass, payload, size, good);
    case RECORD_NOTE:
        return read_note(pass, payload, size, good);
    default: /* RECORD_NONE with a size: its writer was killed before it was done */
        return 0;
    }
}

static int read_records(struct pass *pass, size_t offset)
{
    while (pass->size - offset >= sizeof(struct format_record)) {
        struct format_record record;
        memcpy(&record, pass->bytes + offset, sizeof record);
        if (record.type == RECORD_NONE && record.size == 0) {
            size_t next = (offset / FORMAT_PAGE + 1) * FORMAT_PAGE;
            /* A process that was killed with a place taken has others behind it. */
            if (pass->file->flags & FORMAT_FLAG_SOURCES)
                next = offset + sizeof record;
            if (next >= pass->size)
                return 0;
            offset = next;
            continue;
        }
        if (record.size < sizeof record || record.size % 8 != 0)
            return warn_damage(pass, "damaged at byte %zu, the records before it are used", offset);
        if (record.size > pass->size - offset)
            return warn_damage(pass, "cut short at byte %zu, the records before it are used",
                               offset);
        if (record.type == RECORD_LINES) {
            size_t before = offset;
            if (read_usual_lines(pass, &offset) != 0)
                return -1;
            if (offset != before)
                continue;
        }
        bool good = true;
        if (read_record(pass, record.type, pass->bytes + offset + sizeof record,
                        record.size - sizeof record, &good) != 0)
            return -1;
        if (!good &&
            warn_damage(pass, "the record at byte %zu is damaged and left out", offset) != 0)
            return -1;
        offset += record.size;
    }
    if (!is_zero(pass->bytes + offset, pass->size - offset))
        return warn_damage(pass, "cut short at byte %zu, the records before it are used", offset);
    return 0;
}

/* 0 and where the records begin; 0 and SIZE_MAX when the file has none; -1 (memory). */
static int read_header(struct pass *pass, size_t *offset)
{
    struct format_header header;
    *offset = SIZE_MAX;
    /* Killed between making the file and its first byte: nothing had run yet. */
    if (is_zero(pass->bytes, pass->size))
        return 0;
    size_t magic = pass->size < FORMAT_MAGIC_SIZE ? pass->size : FORMAT_MAGIC_SIZE;
    if (memcmp(pass->bytes, FORMAT_MAGIC, magic) != 0)
        return warn_damage(pass, "not a data file of covfork");
    if (pass->size < sizeof header)
        return warn_damage(pass, "cut short at byte %zu, in its header", pass->size);
    memcpy(&header, pass->bytes, sizeof header);
    if (header.version != FORMAT_VERSION)
        return warn_damage(pass,
                           "written in version %u of the format; this is covfork for version %u",
                           header.version, FORMAT_VERSION);
    if (header.header_size < sizeof header || header.header_size % 8 != 0)
        return warn_damage(pass, "damaged header");
    if (header.header_size > pass->size)
        return warn_damage(pass, "cut short at byte %zu, in its header", pass->size);
    if (pass->reader->session && memcmp(pass->reader->session, header.session, FORMAT_ID_SIZE) != 0)
        return warn_damage(pass, "belongs to another session than the folder it is in");
    pass->file->flags = header.flags;
    pass->file->has_header = true;
    pass->file->pid = header.pid;
    pass->file->start = header.start;
    memcpy(pass->file->session, header.session, FORMAT_ID_SIZE);
    *offset = header.header_size;
    return 0;
}

int data_reader_read(struct data_reader *reader, const char *path, struct data_file *file,
                     struct error *error)
{
    *file = (struct data_file){ 0 };
    if (file_bytes_read(&reader->buffer, path, FILE_SIZE_MAX, error) != 0)
        return -1;
    return data_reader_read_bytes(reader, path, &reader->buffer, file, error);
}

int data_reader_read_bytes(struct data_reader *reader, const char *path,
                           const struct file_bytes *bytes, struct data_file *file,
                           struct error *error)
{
    *file = (struct data_file){ 0 };
    struct pass pass = { .reader = reader,
                         .path = path,
                         .file = file,
                         .bytes = bytes->data,
                         .size = bytes->size,
                         .process = PROCESS_NONE };
    size_t offset;
    int result = read_header(&pass, &offset);
    if (result == 0 && offset != SIZE_MAX)
        result = read_records(&pass, offset);
    if (file->lines) {
        reader->model->has_branch_data |= (file->flags & FORMAT_FLAG_BRANCH) != 0;
        reader->model->has_line_data |=
            (file->flags & FORMAT_FLAG_LINES) != 0 || !(file->flags & FORMAT_FLAG_BRANCH);
    }
    if (reader->model->processes)
        process_reader_finish(&pass.processes, reader->model->processes);
    process_reader_close(&pass.processes);
    hash_map_close(&pass.contexts);
    hash_map_close(&pass.counted);
    return result == 0 ? 0 : out_of_memory(error);
}

bool data_reader_is_waiting(struct data_reader *reader)
{
    uint32_t source;
    for (size_t i = 0; i < reader->pending_count; i++)
        if (!find_key(reader, reader->pending[i].key, &source))
            return true;
    return false;
}

static int add_pending(struct data_reader *reader, const struct data_reader_pending *pending,
                       uint32_t source)
{
    struct line_set *lines;
    struct arc_set *arcs;
    if (line_set_last(&pending->lines) != 0 &&
        (model_add_lines(reader->model, source, pending->context, &lines) != 0 ||
         line_set_unite(lines, &pending->lines) != 0 ||
         (pending->process != PROCESS_NONE &&
          process_lines_add(reader->model->processes, pending->process,
                            reader->model->sources[source].number, &pending->lines) != 0)))
        return -1;
    if (pending->arcs.count != 0 &&
        (model_add_arcs(reader->model, source, pending->context, &arcs) != 0 ||
         arc_set_unite(arcs, &pending->arcs) != 0))
        return -1;
    return 0;
}

int data_reader_finish(struct data_reader *reader, struct error *error)
{
    for (size_t i = 0, lost = 0; i < reader->pending_count; i++) {
        struct data_reader_pending *pending = &reader->pending[i];
        uint32_t source;
        if (!find_key(reader, pending->key, &source))
            lost += line_set_last(&pending->lines) != 0;
        else if (add_pending(reader, pending, source) != 0)
            return out_of_memory(error);
        bool last = i + 1 == reader->pending_count ||
                    strcmp(pending->path, reader->pending[i + 1].path) != 0;
        if (last && lost) {
            if (warn(reader->warnings, pending->path,
                     "what ran in %zu source file%s is lost: no record says which %s", lost,
                     lost == 1 ? "" : "s", lost == 1 ? "it is" : "they are") != 0)
                return out_of_memory(error);
            lost = 0;
        }
    }
    return 0;
}
