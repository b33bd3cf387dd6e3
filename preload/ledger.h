/*
 * The ledger: one JSON line an event, as format.h has it, appended by one write(2). Every function
 * is async-signal-safe, uses no heap, keeps errno, is no cancellation point, and may run in a vfork
 * child and after fork. None can fail loudly: where no line can be written there is none. Of a line
 * without which a loss would stay unnamed, an empty file (format.h's ledger.dropped) says that
 * there was one.
 *
 * A line is written where the session's folder exists; all but ledger_fork, ledger_end and the
 * ledger_start of a process without Python make the folder. The start of a first process without
 * Python is thus not written until it or a fork child of it makes the folder: two of them at once
 * may both write that line, with one "id".
 */
#ifndef COVFORK_LEDGER_H
#define COVFORK_LEDGER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A process image began. Called once, by the constructor (not in a vfork child); "id" is a random
 * name of the image. `python` is its version, NULL where CPython is not inside; copied. */
void ledger_start(const char *python);

/* Called in the child of a fork. `parent` is the process that forked: it may have ended already, as
 * daemon's has, and the child would not learn its name any more. */
void ledger_fork(pid_t parent);

/* This process is about to end by itself. Not written where the folder does not exist. */
void ledger_end(void);

/* An exec that is about to be tried by, or a posix_spawn that has just made, the process `pid`. */
struct ledger_exec {
    pid_t pid;
    const char *path;
    char *const *argv; /* NULL: not known */
    bool can_load;     /* nothing is known that keeps the library from being loaded by it */
    uint64_t since;    /* posix_spawn: when the call began, session_time; else 0 */
};
void ledger_exec(const struct ledger_exec *exec);

/* The exec that this process has just told of failed with `error`, an errno. */
void ledger_failed(int error);

/* `path` can't load the library; `reason` is one of those in format.h (target_reason). */
void ledger_refused(pid_t pid, const char *path, const char *reason);

/* The ledger may go out of reach of this process: it is about to enter another namespace or root
 * folder, or to give up its rights. What it then tells of an exec is kept in memory that is a file.
 */
void ledger_reserve(void);
/* In the environment: ledger_start is to reserve, too. */
#define LEDGER_RESERVE_VARIABLE "COVFORK_SPARE"

/* Any other event of this process. `pairs`: key, value, key, value, …, NULL; keys are plain names;
 * a value that is NULL passes its key over. */
void ledger_event(const char *event, const char *const pairs[]);

#endif
