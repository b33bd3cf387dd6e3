/*
 * The processes of all runs, and which of them ran which lines. Equal sets of lines are kept once:
 * most processes run what an import runs. Knows no file format, no ledger and no report. Adding is
 * a union, as in the model.
 */
#ifndef COVFORK_PROCESS_LINES_H
#define COVFORK_PROCESS_LINES_H

#include "collector/base/hash_map.h"
#include "collector/base/line_set.h"
#include "collector/model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCESS_NONE UINT32_MAX
/* Lines of further processes are not kept when the distinct sets take more than this. */
#define PROCESS_LINES_BYTES_MAX ((size_t)64 << 20)

/* How far `end` of a process is to be trusted. Numbers are those of preload/format.h. */
enum run_ending {
    RUN_ENDING_UNKNOWN,  /* nothing is known after its start */
    RUN_ENDING_LATER,    /* `end` is its last sign of life */
    RUN_ENDING_REPLACED, /* an exec put the next program in its place */
    RUN_ENDING_LIVE,     /* it was running when its ledger was read */
    RUN_ENDING_SAID,     /* it ended by itself, and said so */
};

/* One program that a process ran; an exec begins the next one. */
struct run_process {
    uint8_t session[MODEL_ID_SIZE];
    int64_t pid;
    uint64_t start;      /* of its data, or of itself where it has none: with session and pid, what
                            it is known by */
    uint64_t began, end; /* ns since the epoch; 0: not known */
    enum run_ending ending;
    uint32_t parent;     /* index; PROCESS_NONE */
    uint32_t previous;   /* the program before an exec; PROCESS_NONE */
    char *command;       /* words as a shell would take them; "" when not known */
    char *python;        /* version; "" when it is none */
    char *context;       /* "": none */
    char *note;          /* why there is no data, or not all of it; "" */
    bool is_interpreter; /* CPython was inside */
    bool is_fork;        /* goes on with its parent's program */
    bool is_lost;        /* the note tells of a loss */
    bool is_known;       /* more than its data is known of it */
    bool has_lines;
    size_t line_count; /* distinct lines of all sources */
};

/* Lines of a source that a process ran. */
struct process_source {
    uint32_t source; /* model_source.number */
    uint32_t set;
};

struct process_lines {
    struct run_process *processes;
    size_t count, room;
    struct line_set *sets;
    size_t set_count, set_room, set_bytes;
    bool is_cut; /* there was more than PROCESS_LINES_BYTES_MAX */
    /* private from here */
    uint32_t *line_counts;           /* of each set */
    struct process_sources *sources; /* of each process */
    struct hash_map process_map, set_map;
};

void process_lines_init(struct process_lines *lines);
void process_lines_close(struct process_lines *lines);

/* The process of this run, number and start; it is made when it is new, all else of it unknown. 0
 * or -1 (memory). */
int process_lines_add_process(struct process_lines *lines, const uint8_t session[MODEL_ID_SIZE],
                              int64_t pid, uint64_t start, uint32_t *process);
/* Replaces a text of a process by a copy of `text`. 0 or -1 (memory). */
int run_process_set(char **to, const char *text, size_t length);
/* Adds lines that a process ran, as a bitmap of format.h or a set. 0 or -1 (memory). */
int process_lines_add_bitmap(struct process_lines *lines, uint32_t process, uint32_t source,
                             const unsigned char *bitmap, size_t size);
int process_lines_add(struct process_lines *lines, uint32_t process, uint32_t source,
                      const struct line_set *set);
/* What a process ran; `*count` of them. Valid until lines are added. */
const struct process_source *process_lines_of(const struct process_lines *lines, uint32_t process,
                                              size_t *count);

/* Puts the processes in an order that their data alone determines: by run, start and number, and
 * renews all indexes. 0 or -1 (memory). */
int process_lines_sort(struct process_lines *lines);

/* Who ran a source: its distinct sets, each with its processes in rising order. */
struct source_runner {
    uint32_t set;
    uint32_t *processes; /* in `numbers` of the whole */
    size_t count;
};

/* All sources at once, turned around: made once, then asked for each source. */
struct source_runners {
    struct source_runner *items; /* by source, then by first process */
    size_t count;
    uint32_t *numbers;
    size_t *first; /* first[n]: where source n begins in `items`; source_count + 1 of them */
    size_t source_count;
};

/* 0 or -1 (memory). The caller closes it. Valid until lines are added. */
int source_runners_make(struct source_runners *runners, const struct process_lines *lines);
void source_runners_close(struct source_runners *runners);
const struct source_runner *source_runners_of(const struct source_runners *runners, uint32_t source,
                                              size_t *count);

#endif
