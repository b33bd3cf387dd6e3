/*
 * The census of a session, from its ledger (preload/format.h): how many processes and interpreters
 * there were, which left data, and what was lost. Untrusted text; a living process may be adding
 * lines meanwhile.
 */
#ifndef COVFORK_READ_LEDGER_H
#define COVFORK_READ_LEDGER_H

#include "error.h"
#include "hash_map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What one process was between its start, a fork or an exec, and its end or the next exec. */
struct census_image {
    int64_t pid, ppid;
    uint64_t time;     /* ns since the epoch */
    uint32_t previous; /* the image before it with this pid; CENSUS_NONE */
    bool is_process;   /* not an exec's: that goes on with its process */
    bool is_interpreter;
    bool is_fork;
    bool may_exec; /* an exec was the last that it said */
    bool was_replaced;
    bool has_data;
    bool in_memory; /* its marks are not in a file, as far as the ledger says */
};

#define CENSUS_NONE UINT32_MAX

struct census_reason {
    char *text;
    size_t count;
};

struct census {
    bool present; /* a ledger was there */
    struct census_image *images;
    size_t image_count, image_room;
    struct hash_map pid_map; /* the newest image of each pid */
    struct census_reason *lost, *refused;
    size_t lost_count, refused_count;
    uint64_t first_time; /* of the first event; 0 when there is none */
    size_t engines;      /* interpreters in which recording could begin */
    size_t bad_lines;    /* not JSON; a cut last line is not counted */
    size_t data_files;   /* those the ledger says were made */
    size_t extra_data;   /* data files of processes that the ledger does not know */
};

struct census_counts {
    size_t processes, interpreters, with_data, lost, refused;
};

/* Reads `path`; one that is not there leaves the census empty. 0 or -1; on success the caller
 * closes it. */
int census_read(struct census *census, const char *path, struct error *error);
void census_close(struct census *census);
/* Says that a data file with lines in it, made at `start`, is there from process `pid`. */
void census_add_data(struct census *census, int64_t pid, uint64_t start);
/* To be asked when all data was added. */
struct census_counts census_count(const struct census *census);
/* A process of this session that is alive on this machine now, except `except`; 0 when none is. */
pid_t census_find_live(const struct census *census, pid_t except);

#endif
