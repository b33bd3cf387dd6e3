/*
 * The encoding of a combined file. Bitmaps are cut behind their last line, keys count from 1, and
 * everything is in model_sort's order, so that the same content has the same bytes.
 */
#include "collector/write/write_data.h"

#include "preload/format.h"
#include "collector/model/process_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "data files are little-endian");

struct output {
    unsigned char *bytes;
    size_t size, room;
    const struct process_lines *processes; /* NULL: who ran what is not kept */
    struct source_runners runners;
    size_t record; /* where the record that is being written begins */
};

static int put(struct output *output, const void *bytes, size_t size)
{
    size_t padded = format_padded(size);
    if (output->room - output->size < padded) {
        size_t room = output->room ? output->room * 2 : 65536;
        while (room - output->size < padded)
            room *= 2;
        unsigned char *larger = realloc(output->bytes, room);
        if (!larger)
            return -1;
        output->bytes = larger;
        output->room = room;
    }
    if (size)
        memcpy(output->bytes + output->size, bytes, size);
    memset(output->bytes + output->size + size, 0, padded - size);
    output->size += padded;
    return 0;
}

static int put_text(struct output *output, const char *text)
{
    return put(output, text, strlen(text));
}

static int begin_record(struct output *output, uint32_t type)
{
    output->record = output->size;
    struct format_record record = { type, 0 };
    return put(output, &record, sizeof record);
}

static int end_record(struct output *output)
{
    size_t size = output->size - output->record;
    if (size > UINT32_MAX)
        return -1;
    uint32_t field = (uint32_t)size;
    memcpy(output->bytes + output->record + offsetof(struct format_record, size), &field,
           sizeof field);
    return 0;
}

/* Bits of a bitmap that ends with its last line. */
static uint32_t bit_count(const struct line_set *lines)
{
    uint32_t last = line_set_last(lines);
    return last ? last + 1 : 0;
}

static int put_bitmap(struct output *output, const struct line_set *lines)
{
    return put(output, lines->words, format_bitmap_size(bit_count(lines)));
}

static int put_run(struct output *output, const struct model_run *run)
{
    struct format_run record = {
        .start = run->start,
        .processes = run->processes,
        .interpreters = run->interpreters,
        .with_data = run->with_data,
        .lost = run->lost,
        .root_length = (uint32_t)strlen(run->root),
        .executable_length = (uint32_t)strlen(run->executable),
    };
    memcpy(record.session, run->session, FORMAT_ID_SIZE);
    return begin_record(output, RECORD_RUN) == 0 && put(output, &record, sizeof record) == 0 &&
                   put_text(output, run->root) == 0 && put_text(output, run->executable) == 0
               ? end_record(output)
               : -1;
}

static int put_early(struct output *output, const struct model_run *run)
{
    struct format_run_early record = { .count = run->early };
    memcpy(record.session, run->session, FORMAT_ID_SIZE);
    return begin_record(output, RECORD_RUN_EARLY) == 0 && put(output, &record, sizeof record) == 0
               ? end_record(output)
               : -1;
}

static int put_note(struct output *output, const struct model_run *run,
                    const struct model_note *note)
{
    struct format_note record = {
        .count = note->count,
        .reason_length = (uint32_t)strlen(note->reason),
    };
    memcpy(record.session, run->session, FORMAT_ID_SIZE);
    return begin_record(output, RECORD_NOTE) == 0 && put(output, &record, sizeof record) == 0 &&
                   put_text(output, note->reason) == 0
               ? end_record(output)
               : -1;
}

/* Of a PROCESS record only the interpreter is kept: with it, line tables can be had later. */
static int put_interpreter(struct output *output, const struct model_interpreter *interpreter)
{
    struct format_process record = {
        .python = interpreter->python,
        .executable_length = (uint32_t)strlen(interpreter->executable),
    };
    return begin_record(output, RECORD_PROCESS) == 0 && put(output, &record, sizeof record) == 0 &&
                   put_text(output, interpreter->executable) == 0
               ? end_record(output)
               : -1;
}

static int put_context(struct output *output, uint32_t number, const char *label)
{
    struct format_context record = { number, (uint32_t)strlen(label) };
    return begin_record(output, RECORD_CONTEXT) == 0 && put(output, &record, sizeof record) == 0 &&
                   put_text(output, label) == 0
               ? end_record(output)
               : -1;
}

static int put_table(struct output *output, uint64_t key, const struct model_source *source,
                     const struct model_table *table)
{
    struct format_source record = {
        .key = key,
        .size = source->size,
        .mtime = source->mtime,
        .python = table->python,
        .flags = table->flags,
        .bit_count = bit_count(&table->lines),
        .path_length = (uint32_t)strlen(source->path),
    };
    return begin_record(output, RECORD_SOURCE) == 0 && put(output, &record, sizeof record) == 0 &&
                   put_text(output, source->path) == 0 && put_bitmap(output, &table->lines) == 0
               ? end_record(output)
               : -1;
}

static int put_lines(struct output *output, uint64_t key, uint32_t context,
                     const struct line_set *lines)
{
    struct format_lines record = { key, bit_count(lines), context };
    return begin_record(output, RECORD_LINES) == 0 && put(output, &record, sizeof record) == 0 &&
                   put_bitmap(output, lines) == 0
               ? end_record(output)
               : -1;
}

static int put_arcs(struct output *output, uint64_t key, uint32_t context,
                    const struct arc_set *arcs)
{
    _Static_assert(sizeof(struct arc) == sizeof(struct format_arc), "arcs are written as they are");
    struct format_arcs record = { key, (uint32_t)arcs->count, context };
    return begin_record(output, RECORD_ARCS) == 0 && put(output, &record, sizeof record) == 0 &&
                   put(output, arcs->items, arcs->count * sizeof *arcs->items) == 0
               ? end_record(output)
               : -1;
}

static int put_hash(struct output *output, uint64_t key, const struct model_source *source)
{
    _Static_assert(MODEL_HASH_SIZE == FORMAT_HASH_SIZE, "hashes are written as they are");
    struct format_hash record = { .key = key };
    memcpy(record.hash, source->hash, sizeof record.hash);
    return begin_record(output, RECORD_HASH) == 0 && put(output, &record, sizeof record) == 0
               ? end_record(output)
               : -1;
}

static int put_tracer(struct output *output, uint64_t key, const char *name)
{
    struct format_tracer record = { .key = key, .name_length = (uint32_t)strlen(name) };
    return begin_record(output, RECORD_TRACER) == 0 && put(output, &record, sizeof record) == 0 &&
                   put_text(output, name) == 0
               ? end_record(output)
               : -1;
}

static int put_run_process(struct output *output, uint32_t index)
{
    const struct run_process *process = &output->processes->processes[index];
    struct format_run_process record = {
        .pid = (uint64_t)process->pid,
        .start = process->start,
        .began = process->began,
        .end = process->end,
        .number = index + 1,
        .parent = process->parent + 1, /* 0 of PROCESS_NONE */
        .previous = process->previous + 1,
        .flags = (process->is_interpreter ? RUN_PROCESS_INTERPRETER : 0) |
                 (process->is_fork ? RUN_PROCESS_FORK : 0) |
                 (process->is_lost ? RUN_PROCESS_LOST : 0) |
                 (process->is_known ? RUN_PROCESS_KNOWN : 0),
        .ending = process->ending,
        .command_length = (uint32_t)strlen(process->command),
        .python_length = (uint32_t)strlen(process->python),
        .context_length = (uint32_t)strlen(process->context),
        .note_length = (uint32_t)strlen(process->note),
    };
    memcpy(record.session, process->session, FORMAT_ID_SIZE);
    return begin_record(output, RECORD_RUN_PROCESS) == 0 &&
                   put(output, &record, sizeof record) == 0 &&
                   put_text(output, process->command) == 0 &&
                   put_text(output, process->python) == 0 &&
                   put_text(output, process->context) == 0 && put_text(output, process->note) == 0
               ? end_record(output)
               : -1;
}

#define LEB128_SIZE 5

static size_t encode_leb128(unsigned char *to, uint32_t value)
{
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        to[size++] = (unsigned char)(value | 0x80);
    to[size++] = (unsigned char)value;
    return size;
}

/* The list of RUN_LINES; caller frees. NULL when memory ran out. */
static unsigned char *encode_list(const struct source_runner *runner, size_t *size)
{
    unsigned char *list = malloc(runner->count * 2 * LEB128_SIZE + 1);
    uint32_t next = 0;
    *size = 0;
    for (size_t i = 0, last; list && i < runner->count; i = last + 1) {
        for (last = i; last + 1 < runner->count &&
                       runner->processes[last + 1] == runner->processes[last] + 1;)
            last++;
        *size += encode_leb128(list + *size, runner->processes[i] - next);
        *size += encode_leb128(list + *size, (uint32_t)(last - i));
        next = runner->processes[last] + 1;
    }
    return list;
}

static int put_run_lines(struct output *output, uint64_t key, const struct source_runner *runner)
{
    const struct line_set *lines = &output->processes->sets[runner->set];
    size_t size;
    unsigned char *list = encode_list(runner, &size);
    struct format_run_lines record = { key, bit_count(lines), (uint32_t)size };
    int result = list && begin_record(output, RECORD_RUN_LINES) == 0 &&
                         put(output, &record, sizeof record) == 0 &&
                         put_bitmap(output, lines) == 0 && put(output, list, size) == 0
                     ? end_record(output)
                     : -1;
    free(list);
    return result;
}

static int put_runners(struct output *output, uint64_t key, const struct model_source *source)
{
    size_t count;
    const struct source_runner *runners =
        source_runners_of(&output->runners, source->number, &count);
    for (size_t i = 0; i < count; i++)
        if (put_run_lines(output, key, &runners[i]) != 0)
            return -1;
    return 0;
}

/* The tables of a source, each with a key of its own; its lines and arcs name the first. */
static int put_source(struct output *output, const struct model_source *source, uint64_t *key,
                      const uint32_t *context_numbers)
{
    const struct model_table none = { 0 };
    uint64_t first = *key + 1;
    if (source->table_count == 0 && put_table(output, ++*key, source, &none) != 0)
        return -1;
    for (size_t i = 0; i < source->table_count; i++)
        if (put_table(output, ++*key, source, &source->tables[i]) != 0)
            return -1;
    if (source->has_hash && put_hash(output, first, source) != 0)
        return -1;
    if ((source->tracer && put_tracer(output, first, source->tracer) != 0) ||
        (source->other_tracer && put_tracer(output, first, source->other_tracer) != 0))
        return -1;
    for (size_t i = 0; i < source->lines_count; i++) {
        const struct model_lines *lines = &source->lines[i];
        if (line_set_last(&lines->lines) != 0 &&
            put_lines(output, first, context_numbers[lines->context], &lines->lines) != 0)
            return -1;
    }
    for (size_t i = 0; i < source->arcs_count; i++) {
        const struct model_arcs *arcs = &source->arcs[i];
        if (arcs->arcs.count != 0 &&
            put_arcs(output, first, context_numbers[arcs->context], &arcs->arcs) != 0)
            return -1;
    }
    return put_runners(output, first, source);
}

static int compare_labels(const void *a, const void *b)
{
    return strcmp(**(char ***)a, **(char ***)b);
}

/* Numbers the contexts that name lines or arcs in the order of their labels and writes them. */
static int put_contexts(struct output *output, const struct model *model, uint32_t *numbers)
{
    char ***order = calloc(model->context_count, sizeof *order);
    unsigned char *used = calloc(model->context_count, 1);
    int result = order && used ? 0 : -1;
    size_t count = 0;
    if (result == 0) {
        for (size_t i = 0; i < model->source_count; i++) {
            for (size_t j = 0; j < model->sources[i].lines_count; j++)
                used[model->sources[i].lines[j].context] = 1;
            for (size_t j = 0; j < model->sources[i].arcs_count; j++)
                used[model->sources[i].arcs[j].context] = 1;
        }
        for (size_t i = 1; i < model->context_count; i++)
            if (used[i])
                order[count++] = &model->contexts[i];
        if (count > 1)
            qsort(order, count, sizeof *order, compare_labels);
    }
    for (size_t i = 0; result == 0 && i < count; i++) {
        numbers[order[i] - model->contexts] = (uint32_t)i + 1;
        result = put_context(output, (uint32_t)i + 1, *order[i]);
    }
    free(order);
    free(used);
    return result;
}

static int put_all(struct output *output, struct model *model, uint32_t *context_numbers)
{
    struct format_header header = {
        .version = FORMAT_VERSION,
        .header_size = sizeof header,
        .flags = FORMAT_FLAG_COMBINED,
    };
    /* Neither stands for lines alone. */
    if (model->has_branch_data)
        header.flags |= FORMAT_FLAG_BRANCH | (model->has_line_data ? FORMAT_FLAG_LINES : 0);
    memcpy(header.magic, FORMAT_MAGIC, FORMAT_MAGIC_SIZE);
    for (size_t i = 0; i < model->run_count; i++)
        if (header.start == 0 || model->runs[i].start < header.start)
            header.start = model->runs[i].start;
    int result = put(output, &header, sizeof header);
    for (size_t i = 0; result == 0 && i < model->run_count; i++)
        result = put_run(output, &model->runs[i]);
    for (size_t i = 0; result == 0 && i < model->run_count; i++)
        if (model->runs[i].early)
            result = put_early(output, &model->runs[i]);
    for (size_t i = 0; i < model->run_count; i++)
        for (size_t j = 0; result == 0 && j < model->runs[i].note_count; j++)
            result = put_note(output, &model->runs[i], &model->runs[i].notes[j]);
    for (size_t i = 0; result == 0 && i < model->interpreter_count; i++)
        result = put_interpreter(output, &model->interpreters[i]);
    if (result == 0)
        result = put_contexts(output, model, context_numbers);
    for (size_t i = 0; result == 0 && output->processes && i < output->processes->count; i++)
        result = put_run_process(output, (uint32_t)i);
    uint64_t key = 0;
    for (size_t i = 0; result == 0 && i < model->source_count; i++)
        result = put_source(output, &model->sources[i], &key, context_numbers);
    return result;
}

int write_data_encode(struct model *model, unsigned char **bytes, size_t *size, struct error *error)
{
    struct output output = { .processes = model->processes };
    uint32_t *numbers = calloc(model->context_count, sizeof *numbers);
    int result = numbers ? model_sort(model) : -1;
    if (result == 0 && model->processes && process_lines_sort(model->processes) != 0)
        result = -1;
    if (result == 0 && model->processes &&
        source_runners_make(&output.runners, model->processes) != 0)
        result = -1;
    if (result == 0)
        result = put_all(&output, model, numbers);
    source_runners_close(&output.runners);
    free(numbers);
    if (result != 0) {
        free(output.bytes);
        return error_set(error, ERROR_MEMORY, "out of memory");
    }
    char name[33];
    write_data_name(output.bytes, output.size, name);
    struct format_header *header = (struct format_header *)output.bytes;
    for (size_t i = 0; i < FORMAT_ID_SIZE; i++) {
        char digits[3] = { name[2 * i], name[2 * i + 1], '\0' };
        header->name[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    *bytes = output.bytes;
    *size = output.size;
    return 0;
}

void write_data_name(const unsigned char *bytes, size_t size, char name[33])
{
    /* The name field of the header is made from this, so it is not part of it. */
    size_t from = size < sizeof(struct format_header) ? size : sizeof(struct format_header);
    uint64_t high = hash_bytes(bytes + from, size - from);
    uint64_t low = hash_integer(high ^ hash_bytes("covfork", 7));
    for (size_t i = from; i + 8 <= size; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        low = hash_integer(low + word);
    }
    snprintf(name, 33, "%016llx%016llx", (unsigned long long)high, (unsigned long long)low);
}

static int write_all(int descriptor, const unsigned char *bytes, size_t size)
{
    while (size) {
        ssize_t done = write(descriptor, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return -1;
        bytes += done;
        size -= (size_t)done;
    }
    return 0;
}

int write_data_store(const char *path, const unsigned char *bytes, size_t size, struct error *error)
{
    char *temporary;
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return error_set(error, ERROR_MEMORY, "out of memory");
    int descriptor = mkostemp(temporary, O_CLOEXEC); /* makes it 0600 */
    int result = -1;
    if (descriptor >= 0) {
        result = write_all(descriptor, bytes, size) == 0 && fsync(descriptor) == 0 ? 0 : -1;
        if (close(descriptor) != 0)
            result = -1;
        if (result == 0)
            result = rename(temporary, path);
        if (result != 0) {
            int saved = errno;
            unlink(temporary);
            errno = saved;
        }
    }
    free(temporary);
    if (result != 0)
        return error_set(error, ERROR_SYSTEM, "can't write %s: %s", path, strerror(errno));
    return 0;
}
