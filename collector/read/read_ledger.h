/*
 * The census of a session, from its ledger (preload/format.h): which processes and interpreters
 * there were, which left data, and what was lost. Untrusted text; a living process may be adding
 * lines meanwhile. Looks at no file but the ledger: what became of the data files, and whether
 * what was to be executed is a Python, is told to it.
 */
#ifndef COVFORK_READ_LEDGER_H
#define COVFORK_READ_LEDGER_H

#include "collector/base/error.h"
#include "collector/base/hash_map.h"
#include "collector/base/string_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What one process was between its start, a fork or an exec, and its end or the next exec. */
struct census_image {
    int64_t pid, ppid;  /* `pid` is a number of the namespace `space` */
    uint64_t space;     /* 0: not known */
    uint64_t boot;      /* hash of format.h's "boot"; 0: not known */
    uint64_t id;        /* of the "id"; of a fork its parent's; 0: not known */
    uint64_t time;      /* ns since the epoch */
    uint64_t last_time; /* of the last event that it or a child of it wrote */
    uint64_t end_time;  /* when it ended by itself; 0: it did not say so */
    uint32_t previous;  /* the image before it with this pid; CENSUS_NONE */
    uint32_t older;     /* the same, of any namespace */
    uint32_t execs;     /* how many were told of before it */
    uint32_t exec;      /* of those, the one that made it; CENSUS_NONE: it was not known then */
    uint32_t parent;    /* the image that its parent was when it began; CENSUS_NONE */
    uint32_t loss;      /* index of its last reason in `lost`; CENSUS_NONE: it lost nothing */
    struct string_list argv;
    char *executable, *python, *folder; /* "" when unknown, and of a fork */
    size_t lines;                       /* that its data files have */
    bool is_process;                    /* not an exec's: that goes on with its process */
    bool is_interpreter;
    bool is_fork;
    bool may_exec; /* an exec was the last that it said */
    bool was_replaced;
    bool is_claimed; /* the exec that made it is known */
    bool has_engine; /* recording could begin */
    bool has_data;
    bool in_memory; /* its marks are not in a file, as far as the ledger says */
    bool saves;     /* its engine keeps all in memory until it saves (coverage, slipcover) */
    bool owes;      /* and it has not saved since it could record, as far as the ledger says */
};

#define CENSUS_NONE UINT32_MAX

struct census_reason {
    char *text;
    size_t count;
};

/* An exec that was tried, or a posix_spawn. */
struct census_exec {
    int64_t pid;
    uint64_t space;
    char *path;
    char *command;           /* path and arguments, as a shell would take them, shortened */
    struct string_list argv; /* with the path as its first; the ledger has it shortened */
    uint64_t time;
    uint64_t since;  /* of a posix_spawn: when its call began; else 0 */
    uint64_t id;     /* of the image that executed or started it; 0: not known */
    uint32_t image;  /* what this pid was then; CENSUS_NONE: it began with this exec */
    uint32_t parent; /* the image that told of it for a child of its; CENSUS_NONE */
    bool can_load;   /* the library was there for it */
    bool is_outside; /* it began where the data folder is out of reach */
    bool is_settled; /* it made an image, failed, or was refused */
    bool is_early;   /* it was a Python, and ended before its first line */
    char *refused;   /* the reason; NULL when it was not */
    uint32_t loss;   /* as in census_image */
};

/* What is known, when the census is closed, of the file that was executed. */
enum census_program {
    CENSUS_PROGRAM_GONE,   /* nothing: it is not there */
    CENSUS_PROGRAM_OTHER,  /* no Python */
    CENSUS_PROGRAM_PYTHON, /* a Python that loads what is preloaded */
    CENSUS_PROGRAM_STRANGE /* a Python that can't (static, another machine) */
};

/* A data file that the ledger names. */
struct census_file {
    char *name;
    uint32_t image;
    bool is_seen;
};

struct census {
    bool present; /* a ledger was there */
    struct census_image *images;
    size_t image_count, image_room;
    struct hash_map pid_map;    /* the newest image of each pid, of any namespace */
    struct hash_map space_map;  /* the newest image of each pid of each namespace */
    struct hash_map id_map;     /* images that said "start", by their id */
    struct hash_map orphan_map; /* images whose exec nobody told of, by their parent's pid */
    bool has_orphans;           /* that map was made */
    struct census_exec *execs;
    size_t exec_count, exec_room;
    struct hash_map exec_map; /* the newest exec of each pid */
    struct hash_map off_map;  /* 1: the pid was told to rest, and its exec not told of yet */
    struct census_file *files;
    size_t file_count, file_room;
    struct hash_map file_map; /* by name */
    struct hash_map
        data_map; /* images, by number and start of the data that the ledger says is theirs */
    struct census_reason *lost, *refused;
    size_t lost_count, refused_count;
    size_t unknown_losses; /* of what no image stands for */
    size_t unloaded;       /* interpreters that were started without libcovfork.so */
    size_t early;          /* that ended before their first line */
    size_t unseen;         /* of both: processes that no image stands for */
    uint64_t first_time;   /* of the first event; 0 when there is none */
    uint64_t last_time;    /* of the last event */
    size_t engines;        /* interpreters in which recording could begin */
    size_t bad_lines;      /* not JSON, or of an event that is not known */
    size_t cut_lines;      /* whose writer ended in the midst of them; a last line is not counted */
    size_t cut_losses;     /* of those: such as tell of a loss */
    bool is_dropped;       /* a line is missing without which a loss may have no name */
    char *problem;         /* the first that was said; NULL: none */
    size_t data_files;     /* those the ledger says were made */
    size_t extra_data;     /* data files of processes that the ledger does not know */
};

/* `lost` counts those that lost anything, however often. */
struct census_counts {
    size_t processes, interpreters, with_data, lost, refused;
    size_t early; /* Pythons that ended before their first line; no interpreters */
};

/* Reads `path`; one that is not there leaves the census empty. 0 or -1; on success the caller
 * closes it. */
int census_read(struct census *census, const char *path, struct error *error);
/* Reads all ledgers of a session, as if they were one: those of other users' processes too. Lines
 * are taken by their time, each ledger's in their order. What can't be read is passed over: then
 * `error` says so, and the result is 1. */
int census_read_all(struct census *census, const struct string_list *paths, struct error *error);
void census_close(struct census *census);
/* Says that a data file with lines in it (`lines` distinct ones), made at `start`, is there from
 * process `pid`. Where the ledger names the file (`name`, or NULL), it says whose it is. */
void census_add_data(struct census *census, int64_t pid, uint64_t start, size_t lines);
void census_add_data_of(struct census *census, const char *name, int64_t pid, uint64_t start,
                        size_t lines);
/* The image whose data this is, of process `pid`, made at `start`: as the ledger says by the name
 * of the file (census_add_data_of), else the one that was there then. CENSUS_NONE when the ledger
 * knows none. */
uint32_t census_find_image(const struct census *census, int64_t pid, uint64_t start);
/* Says that the data file `name` is there. One that is empty is lost only where the ledger says
 * that it was made: else its maker was about to. 0 or -1 (memory). */
int census_see_file(struct census *census, const char *name, bool is_empty, bool is_damaged);
/* Does the ledger say that this data file was made? */
bool census_names_file(const struct census *census, const char *name);
/* All files that are there were seen: the others are lost, and so is what an image that has ended
 * did not save. 0 or -1 (memory). */
int census_end_files(struct census *census);
/* Counts something as lost that the ledger does not know of. 0 or -1 (memory). */
int census_add_loss(struct census *census, const char *reason);
/* The next exec from `*index` on that nothing came of, as far as the ledger tells, or that was
 * refused; NULL at the end. `*index` is then its own. */
const struct census_exec *census_next_unsettled(const struct census *census, size_t *index);
/* Says what such an exec was of; a Python's own file is `path` (canonical). A Python that could
 * load the library and never said a word ended before its first line, unless there is a sign of its
 * life: `is_alive` is one, and children that it started. Others are lost, but for one that made an
 * image whose parent told of it late, as that of a posix_spawn does. 0 or -1 (memory). */
int census_settle(struct census *census, size_t index, enum census_program program,
                  const char *path, bool is_alive);
/* The process that an unsettled exec was by, where it is alive now, by this process's numbers; else
 * 0. */
pid_t census_find_exec_process(const struct census_exec *exec, const struct census *census);
/* To be asked when all data was added. */
struct census_counts census_count(const struct census *census);
/* Is the process that an image stands for, the newest of its pid, alive on this machine now, as far
 * as can be seen from here? */
bool census_is_live(const struct census *census, const struct census_image *image);
/* The next data file from `*index` on whose process has not said that it ended and is where it
 * could not be seen; NULL at the end. `*index` is then its own, and `*pid` the process's number
 * there. */
const char *census_next_unseen_file(const struct census *census, size_t *index, pid_t *pid);
/* A process of this session that is alive on this machine now, except `except` and, with
 * `and_ancestors`, what that is below; 0 when none is. */
pid_t census_find_live(const struct census *census, pid_t except, bool and_ancestors);

#endif
