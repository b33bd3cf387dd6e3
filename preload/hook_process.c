/*
 * fork, _Fork, daemon, chroot, _exit, _Exit: the child of a fork is told that it is one, and what
 * is kept in memory only is written before a process ends without running its exit handlers.
 *
 * fork itself is not wrapped: a handler of pthread_atfork is run by forkpty and daemon too, which
 * call it inside libc. _Fork (glibc 2.34) runs no handlers and is wrapped. The handler is
 * registered by the constructor, so it runs in the child before the program's own handlers.
 *
 * Async-signal-safe but for process_init. In a vfork child nothing but the original is called.
 */
#include "process.h"

#include "ledger.h"
#include "real.h"
#include "session.h"

#include <errno.h>
#include <pthread.h>

/* The process whose memory this is. Stays as it is in a vfork child, which may not write here. */
static pid_t owner;

bool process_is_current(void)
{
    return getpid() == owner;
}

static void begin_fork_child(void)
{
    int saved = errno;
    pid_t parent = owner;
    owner = getpid();
    process_after_fork_child();
    ledger_fork(parent);
    errno = saved;
}

static void end_process(void)
{
    int saved = errno;
    if (session.active && process_is_current())
        process_before_exit();
    errno = saved;
}

void process_init(void)
{
    owner = getpid();
    /* Without memory for them: a fork child goes on in its parent's mapping, nothing is lost. */
    (void)pthread_atfork(NULL, NULL, begin_fork_child);
    (void)at_quick_exit(end_process);
}

pid_t _Fork(void)
{
    if (!REAL(_Fork)) {
        errno = ENOSYS;
        return -1;
    }
    pid_t pid = REAL(_Fork)();
    if (pid == 0 && session.active)
        begin_fork_child();
    return pid;
}

int daemon(int nochdir, int noclose)
{
    /* The parent ends by libc's own _exit. */
    int saved = errno;
    if (session.active && process_is_current())
        process_before_exec();
    errno = saved;
    return REAL(daemon)(nochdir, noclose);
}

int chroot(const char *path)
{
    int saved = errno;
    if (session.active) {
        ledger_reserve();
        if (process_is_current())
            process_before_chroot();
    }
    errno = saved;
    return REAL(chroot)(path);
}

void _exit(int status)
{
    end_process();
    REAL(_exit)(status);
    __builtin_unreachable();
}

void _Exit(int status)
{
    end_process();
    REAL(_Exit)(status);
    __builtin_unreachable();
}
