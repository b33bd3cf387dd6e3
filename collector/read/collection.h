/*
 * Everything that was recorded, from data folders, sessions, data files and other tools' files, in
 * one model, with the census and settings of each session. What is wrong with single files becomes
 * warnings.
 */
#ifndef COVFORK_COLLECTION_H
#define COVFORK_COLLECTION_H

#include "collector/base/error.h"
#include "preload/format.h"
#include "collector/model/model.h"
#include "collector/model/process_lines.h"
#include "collector/read/read_foreign.h"
#include "collector/read/read_ledger.h"
#include "collector/read/read_settings.h"
#include "collector/base/string_list.h"

#include <stdbool.h>

struct collection_session {
    char *path;
    char *name; /* of its folder */
    uint8_t id[FORMAT_ID_SIZE];
    struct census census;
    struct settings settings;
    bool damaged; /* a file of it could not be read whole: must not be removed */
    bool is_own;  /* this process runs in it (COVFORK_SESSION) */
    pid_t live;   /* a process of it that lived before its data was read; 0: none or not asked.
                   * What runs this command is not meant when it is in the session itself. */
};

struct collection {
    struct model model;
    struct process_lines processes; /* who ran what */
    struct collection_session *sessions;
    size_t session_count;
    struct string_list combined; /* combined files that were read whole */
    struct string_list warnings; /* one line each */
    size_t foreign_count;        /* files of other tools that were read, outside of sessions */
    size_t broken_count;         /* files that could not be read, or not whole */
    char *directory;             /* the working folder: relative names in foreign files are of it */
    struct foreign_reader foreign;
    /* Set by the caller to be told of the first interpreter that is read of, while the rest is
     * still to be read. */
    void (*found_interpreter)(void *state, const char *executable);
    void *found_state;
    bool find_live;      /* set by the caller to have collection_session.live filled */
    bool keep_processes; /* set by the caller to have `processes` filled */
    bool count_lines;    /* set by the caller to have census_image.lines filled */
};

int collection_init(struct collection *collection, struct error *error);
void collection_close(struct collection *collection);

/* Adds all that is in the data folder `path`. 0 or -1; ERROR_NO_DATA when there is no folder. */
int collection_add_folder(struct collection *collection, const char *path, struct error *error);
/* Adds what a user named: a data folder, a folder with `.covfork` in it, a session's folder, a
 * combined file or a process's data file, a file of coverage.py or slipcover, or a folder that such
 * files are in (`.coverage.*`, or `.coverage` where there is none; where there is no `.covfork`
 * also *.data and *.json of the right content). 0 or -1 with an error that names `path`. */
int collection_add_path(struct collection *collection, const char *path, struct error *error);

/* A process that lives and belongs to a session that collection_add_path, or _add_folder, would
 * read from `path`; 0 when there is none, or nothing that can be read. */
pid_t collection_find_live(const char *path);

/* Counts of all runs, and how many of them left data. */
struct collection_totals {
    size_t runs, runs_with_data;
    uint64_t since; /* start of the earliest run with data, ns since the epoch */
    size_t processes, interpreters, with_data, lost, early;
    bool has_sessions_lost; /* some of what was lost is in a session's ledger, not yet combined */
};
struct collection_totals collection_count(const struct collection *collection);

/* Is it the note of a run whose configuration was refused? */
bool collection_is_refusal(const struct model_note *note);
/* The first such note of all runs, "recorded with the defaults, …"; NULL when there is none. */
const char *collection_find_refusal(const struct collection *collection);

#endif
