/*
 * The records of a combined file that say who ran what (format.h's RUN_PROCESS and RUN_LINES), into
 * the model's process_lines. Untrusted: each length and number is checked.
 */
#ifndef COVFORK_READ_PROCESSES_H
#define COVFORK_READ_PROCESSES_H

#include "collector/base/hash_map.h"
#include "collector/model/process_lines.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one file; begins as { 0 }. */
struct process_reader {
    struct hash_map numbers; /* the file's numbers to indexes */
    struct process_link *links;
    size_t link_count, link_room;
};

void process_reader_close(struct process_reader *reader);
/* Read a record's payload. 0, or -1 (memory); `*good` is cleared when something in it is wrong. */
int process_reader_add(struct process_reader *reader, struct process_lines *lines,
                       const unsigned char *payload, size_t size, bool *good);
/* The key of a RUN_LINES record; false when it is cut short. */
bool process_reader_key(const unsigned char *payload, size_t size, uint64_t *key);
int process_reader_add_lines(struct process_reader *reader, struct process_lines *lines,
                             uint32_t source, const unsigned char *payload, size_t size,
                             bool *good);
/* Joins parents and children, once all of the file was read. */
void process_reader_finish(struct process_reader *reader, struct process_lines *lines);

#endif
