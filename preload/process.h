/*
 * What the wrapped calls tell the recording side about this process, and what they know of it.
 */
#ifndef COVFORK_PROCESS_H
#define COVFORK_PROCESS_H

#include <stdbool.h>

/*
 * In hook_process.c. process_init is called once by the constructor of an active session, after
 * session_init: it remembers this process and registers the fork and quick_exit handlers.
 */
void process_init(void);

/* False in a vfork child, which shares the memory of its parent and must not change it, and in the
 * child of a raw clone, of which nobody told us. Async-signal-safe. */
bool process_is_current(void);

/*
 * On the recording side; never called in a vfork child; errno is kept by the caller.
 * before_exec: the image may be replaced now, or go on if the exec fails (also before daemon(),
 * whose parent ends inside libc). before_exit: _exit, _Exit or quick_exit is about to end the
 * process. Both may be called by any thread, in a signal handler too.
 * before_chroot: from now on the session's folder may be out of reach.
 * after_fork_child: first thing in the child of fork, forkpty, daemon or _Fork; the only thread.
 * After _Fork it must be async-signal-safe.
 */
void process_before_exec(void);
void process_before_exit(void);
void process_before_chroot(void);
void process_after_fork_child(void);

/*
 * A library brought CPython: `library` is a handle of dlopen that stays open. Before Python is
 * initialised, each time that it is; perhaps before our constructor. In one thread at a time.
 */
void process_see_python(void *library);

/* In hook_load.c; in the child of a fork. Async-signal-safe. */
void load_after_fork_child(void);

#endif
