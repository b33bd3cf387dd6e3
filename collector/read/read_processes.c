/*
 * Processes are joined last: a parent may stand behind its child.
 */
#include "collector/read/read_processes.h"

#include "preload/format.h"

#include <stdlib.h>
#include <string.h>

struct process_link {
    uint32_t process, parent, previous; /* an index, and numbers of the file */
};

void process_reader_close(struct process_reader *reader)
{
    hash_map_close(&reader->numbers);
    free(reader->links);
    *reader = (struct process_reader){ 0 };
}

static uint32_t find_process(const struct process_reader *reader, uint32_t number)
{
    size_t at = number ? hash_map_first(&reader->numbers, hash_integer(number)) : HASH_MAP_END;
    return at == HASH_MAP_END ? PROCESS_NONE : hash_map_value(&reader->numbers, at);
}

static int add_link(struct process_reader *reader, uint32_t process,
                    const struct format_run_process *record)
{
    if (reader->link_count == reader->link_room) {
        size_t room = reader->link_room ? reader->link_room * 2 : 64;
        struct process_link *larger = realloc(reader->links, room * sizeof *larger);
        if (!larger)
            return -1;
        reader->links = larger;
        reader->link_room = room;
    }
    reader->links[reader->link_count++] =
        (struct process_link){ process, record->parent, record->previous };
    return 0;
}

/* The texts behind a record, in their order. */
struct texts {
    const char *command, *python, *context, *note;
};

static bool find_texts(struct texts *texts, const struct format_run_process *record, const char *at,
                       size_t size)
{
    const uint32_t lengths[] = { record->command_length, record->python_length,
                                 record->context_length, record->note_length };
    const char **places[] = { &texts->command, &texts->python, &texts->context, &texts->note };
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        uint64_t padded = format_padded(lengths[i]);
        if (padded > size || memchr(at, 0, lengths[i]))
            return false;
        *places[i] = at;
        at += padded;
        size -= padded;
    }
    return true;
}

/* Which of two records of a process says more does not depend on which came first. */
static bool says_more(const struct run_process *known, const struct format_run_process *record)
{
    bool is_known = record->flags & RUN_PROCESS_KNOWN;
    if (known->is_known != is_known)
        return is_known;
    if (known->end != record->end)
        return record->end > known->end;
    return record->ending >= (uint32_t)known->ending;
}

static int fill(struct run_process *process, const struct format_run_process *record,
                const struct texts *texts)
{
    process->began = record->began;
    process->end = record->end;
    process->ending =
        record->ending <= RUN_ENDING_SAID ? (enum run_ending)record->ending : RUN_ENDING_UNKNOWN;
    process->is_interpreter = record->flags & RUN_PROCESS_INTERPRETER;
    process->is_fork = record->flags & RUN_PROCESS_FORK;
    process->is_lost = record->flags & RUN_PROCESS_LOST;
    process->is_known = record->flags & RUN_PROCESS_KNOWN;
    return run_process_set(&process->command, texts->command, record->command_length) == 0 &&
                   run_process_set(&process->python, texts->python, record->python_length) == 0 &&
                   run_process_set(&process->context, texts->context, record->context_length) ==
                       0 &&
                   run_process_set(&process->note, texts->note, record->note_length) == 0
               ? 0
               : -1;
}

int process_reader_add(struct process_reader *reader, struct process_lines *lines,
                       const unsigned char *payload, size_t size, bool *good)
{
    struct format_run_process record;
    struct texts texts;
    if (size < sizeof record)
        return *good = false, 0;
    memcpy(&record, payload, sizeof record);
    if (!find_texts(&texts, &record, (const char *)payload + sizeof record, size - sizeof record) ||
        record.number == 0 || find_process(reader, record.number) != PROCESS_NONE)
        return *good = false, 0;
    uint32_t index;
    if (process_lines_add_process(lines, record.session, (int64_t)record.pid, record.start,
                                  &index) != 0 ||
        hash_map_add(&reader->numbers, hash_integer(record.number), index) != 0)
        return -1;
    if (!says_more(&lines->processes[index], &record))
        return 0;
    return fill(&lines->processes[index], &record, &texts) == 0 ? add_link(reader, index, &record)
                                                                : -1;
}

bool process_reader_key(const unsigned char *payload, size_t size, uint64_t *key)
{
    struct format_run_lines record;
    if (size < sizeof record)
        return false;
    memcpy(&record, payload, sizeof record);
    *key = record.key;
    return true;
}

/* False at the end of the list, and where a number in it is cut short or too large. */
static bool take_number(const unsigned char **at, const unsigned char *end, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; *at < end && shift < 35; shift += 7) {
        unsigned char byte = *(*at)++;
        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

int process_reader_add_lines(struct process_reader *reader, struct process_lines *lines,
                             uint32_t source, const unsigned char *payload, size_t size, bool *good)
{
    struct format_run_lines record;
    memcpy(&record, payload, sizeof record); /* process_reader_key has seen that it is there */
    uint64_t bitmap_size = format_bitmap_size(record.bit_count);
    if (record.bit_count > LINE_SET_MAX_LINE ||
        bitmap_size + format_padded(record.list_size) > size - sizeof record)
        return *good = false, 0;
    struct line_set set = LINE_SET_EMPTY;
    if (line_set_unite_bitmap(&set, payload + sizeof record, bitmap_size) != 0)
        return -1;
    const unsigned char *at = payload + sizeof record + bitmap_size, *end = at + record.list_size;
    uint64_t number = 1, passed, more;
    int result = 0;
    while (result == 0 && *good && at < end) {
        if (!take_number(&at, end, &passed) || !take_number(&at, end, &more))
            *good = false;
        number += *good ? passed : 0;
        for (uint64_t i = 0; result == 0 && *good && i <= more; i++, number++) {
            uint32_t process =
                number <= UINT32_MAX ? find_process(reader, (uint32_t)number) : PROCESS_NONE;
            if (process == PROCESS_NONE)
                *good = false;
            else
                result = process_lines_add(lines, process, source, &set);
        }
    }
    line_set_close(&set);
    return result;
}

void process_reader_finish(struct process_reader *reader, struct process_lines *lines)
{
    for (size_t i = 0; i < reader->link_count; i++) {
        const struct process_link *link = &reader->links[i];
        uint32_t parent = find_process(reader, link->parent);
        uint32_t previous = find_process(reader, link->previous);
        lines->processes[link->process].parent = parent == link->process ? PROCESS_NONE : parent;
        lines->processes[link->process].previous =
            previous == link->process ? PROCESS_NONE : previous;
    }
}
