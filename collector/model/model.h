/*
 * Coverage in memory: which lines of which source files ran, and which arcs between them, under
 * which context, in which runs.
 * Knows no file format and no report. Adding to a model is a union, so that the order in which
 * data arrives, and what arrives twice, makes no difference.
 */
#ifndef COVFORK_MODEL_H
#define COVFORK_MODEL_H

#include "collector/base/arc_set.h"
#include "collector/base/hash_map.h"
#include "collector/base/line_set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_ID_SIZE   16
#define MODEL_HASH_SIZE 16

/* Lines that have code, as one Python version compiles them. `flags` are format.h's SOURCE_*. */
struct model_table {
    uint32_t python;
    uint32_t flags;
    struct line_set lines;
};

/* Lines that ran under one context (an index into model.contexts). */
struct model_lines {
    uint32_t context;
    struct line_set lines;
};

/* Arcs that were followed under one context. The lines that they join are in model_lines too. */
struct model_arcs {
    uint32_t context;
    struct arc_set arcs;
};

/* One state of one file: the same path with another size or time is another source. Where both are
 * 0 they are not known: the data is another tool's. */
struct model_source {
    char *path;
    uint32_t number; /* in the order of their arrival: it stays when the model is sorted */
    uint64_t size, mtime;
    uint8_t hash[MODEL_HASH_SIZE]; /* of its content: source_file_hash */
    bool has_hash;
    struct model_table *tables;
    size_t table_count;
    struct model_lines *lines;
    size_t lines_count;
    size_t last_lines; /* those that were asked for last, in any order of them */
    struct model_arcs *arcs;
    size_t arcs_count;
    /* The plugin of coverage.py that traced the file; NULL: it is Python. The second is another
     * that did, which can't be. */
    char *tracer, *other_tracer;
};

/* How a note begins that is of no loss: the run did not record what was configured. */
#define MODEL_NOTE_REFUSED "recorded with the defaults, the configuration was refused: "

/* Why something of a run was lost, and how often. */
struct model_note {
    char *reason;
    uint32_t count;
};

struct model_run {
    uint8_t session[MODEL_ID_SIZE];
    uint64_t start; /* ns since the epoch */
    uint32_t processes, interpreters, with_data, lost;
    uint32_t early;   /* of the processes: Pythons that ended before their first line */
    char *root;       /* "" when unknown */
    char *executable; /* of an interpreter; "" when unknown */
    struct model_note *notes;
    size_t note_count;
};

struct model_interpreter {
    uint32_t python; /* PY_VERSION_HEX */
    char *executable;
};

struct process_lines;

struct model {
    struct process_lines *processes; /* who ran what: the caller sets and owns it; NULL: not kept */
    struct model_source *sources;
    size_t source_count, source_room;
    char **contexts; /* contexts[0] is "", the absence of one */
    size_t context_count, context_room;
    struct model_run *runs;
    size_t run_count, run_room;
    struct model_interpreter *interpreters;
    size_t interpreter_count, interpreter_room;
    bool has_branch_data; /* of what ran, some was recorded with its arcs, */
    bool has_line_data;   /* and some without */
    struct hash_map source_map, context_map, lines_map, arcs_map, run_map;
};

/* All functions that add return 0, or -1 when memory ran out. Strings are copied. Pointers into
 * the model are valid until something of the same kind is added. */
int model_init(struct model *model);
void model_close(struct model *model);

int model_add_context(struct model *model, const char *label, size_t length, uint32_t *context);
int model_add_source(struct model *model, const char *path, size_t length, uint64_t size,
                     uint64_t mtime, uint32_t *source);
/* Says what the content of a source was. */
void model_set_hash(struct model *model, uint32_t source, const uint8_t hash[MODEL_HASH_SIZE]);
/* The plugin that traced a source; several are kept apart as far as it takes to say so. 0 or -1. */
int model_set_tracer(struct model *model, uint32_t source, const char *name, size_t length);
/* The line table of this version and these flags, empty when it is new. */
int model_add_table(struct model *model, uint32_t source, uint32_t python, uint32_t flags,
                    struct line_set **lines);
/* The executed lines of a source under a context, empty when they are new. */
int model_add_lines(struct model *model, uint32_t source, uint32_t context,
                    struct line_set **lines);
/* The arcs of a source under a context, likewise. */
int model_add_arcs(struct model *model, uint32_t source, uint32_t context, struct arc_set **arcs);
/* A run that is known already keeps the greater of each count and the earlier start. Its notes are
 * added as model_add_note does. */
int model_add_run(struct model *model, const struct model_run *run);
/* Adds a note to a run that is known; the greater count is kept. Of very many notes, and of runs
 * that are not known, nothing is kept. */
/* Says of a run that is known how many of its Pythons ended before their first line; the greater
 * count is kept. */
void model_add_early(struct model *model, const uint8_t session[MODEL_ID_SIZE], uint32_t count);
int model_add_note(struct model *model, const uint8_t session[MODEL_ID_SIZE], const char *reason,
                   size_t length, uint32_t count);
int model_add_interpreter(struct model *model, uint32_t python, const char *executable,
                          size_t length);

/* Adds all of `from` to `to`. */
int model_merge(struct model *to, const struct model *from);

/* Unites the executed lines of all contexts into `lines`, which is initialised. 0 or -1. */
int model_source_executed(const struct model_source *source, struct line_set *lines);
/* The same of arcs. */
int model_source_arcs(const struct model_source *source, struct arc_set *arcs);

/* Sorts sources by path, size and time, their tables, lines and arcs, runs by session, their notes,
 * interpreters by version (newest first) and name. Contexts keep their numbers. 0, or -1 (memory):
 * the model may then only be closed. */
int model_sort(struct model *model);

#endif
