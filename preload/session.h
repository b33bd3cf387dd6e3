/*
 * The session that this process belongs to, and its settings: fixed once by the constructor, but
 * for the folder, which follows the process's user and where it is moved to, and a variable more
 * for children. May be read anywhere, in a vfork child too.
 */
#ifndef COVFORK_SESSION_H
#define COVFORK_SESSION_H

#include "format.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SESSION_VARIABLES_MAX 16

enum session_engine {
    ENGINE_NATIVE,
    ENGINE_COVERAGE,
    ENGINE_SLIPCOVER,
    ENGINE_OFF,
    ENGINE_UNKNOWN, /* COVFORK_ENGINE has no engine's name: children are followed, nothing runs */
};

struct session {
    bool active; /* false: every call is passed through untouched */
    bool is_root;
    bool has_folder; /* it was there once: if it is gone, it was moved, and isn't made again */
    enum session_engine engine;
    char id[FORMAT_ID_SIZE * 2 + 1];
    uint8_t id_bytes[FORMAT_ID_SIZE];
    char directory[PATH_MAX];        /* COVFORK_DIR, absolute */
    char own_folder[PATH_MAX];       /* the session's folder below it */
    char folder[PATH_MAX];           /* where this process writes: that, or its user's below that */
    char ledger_path[PATH_MAX];      /* the ledger in `folder` */
    _Atomic unsigned folder_changes; /* how often `folder` has become another one */
    char root[PATH_MAX];             /* working directory of the session's first process */
    char library[PATH_MAX];          /* this libcovfork.so, absolute */
    /* "NAME=value" of each variable that children must have; LD_PRELOAD is not among them. */
    const char *variables[SESSION_VARIABLES_MAX + 1];
    size_t variable_count;
    const char *context; /* COVFORK_CONTEXT, else that of the configuration, or "" */
};

extern struct session session;

/*
 * Called once by the constructor: joins the session that the environment names or makes a new one.
 * May use the heap. Never fails loudly: what can't be
 * set up leaves session.active false.
 */
void session_init(void);

/* Makes the session's folder if it was never there. Async-signal-safe, no heap, keeps errno; may
 * run in a vfork child. 0 or an errno. */
int session_ensure_folder(void);

/* A descriptor (O_PATH) of session.folder; see open_folder.h. -1 with errno.
 * Async-signal-safe; in a vfork child too. */
int session_open_folder(void);

/*
 * Root is about to become `uid` in this process: makes a folder below the session's that this user
 * may write to. False where there is none then. Async-signal-safe, no heap, no cancellation point,
 * keeps errno; may run in a vfork child.
 */
bool session_prepare_user(uid_t uid);

/* Where the session's folder is not this process's to write to, as which user it is now, its
 * user's is: session.folder is that one then. Not in a vfork child. */
void session_enter_user_folder(void);

/* The label of what this process executes where COVFORK_CONTEXT is not set; `context` stays the
 * caller's. Before anything is recorded. */
void session_default_context(const char *context);

/* The session's folder has another name now. Not in a vfork child. */
void session_move(const char *folder);

/* Looks for the session's folder among what the process `pid` has mapped, and moves there. True if
 * it did. Not in a vfork child. */
bool session_find_moved(pid_t pid);

/* Fills `bytes` with random bytes; from the clock and addresses where the kernel gives none. */
void session_random(uint8_t *bytes, size_t size);

/* Writes 2 * size lower-case hexadecimal digits and a NUL. */
void session_hex(char *text, const uint8_t *bytes, size_t size);

/* Nanoseconds since the epoch. Async-signal-safe. */
uint64_t session_time(void);

#endif
