/*
 * unshare, setns, prctl: what takes a process, and what it executes, out of reach of the session's
 * folder. Sandboxes (bubblewrap, Landlock, seccomp filters) begin by giving up new privileges.
 *
 * Async-signal-safe, no heap, errno is the original's; may run in a vfork child.
 */
#include "ledger.h"
#include "real.h"
#include "session.h"

#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>

/* A mount namespace of its own: this process or one below it may mount something over the folder.
 */
static void leave_mounts(void)
{
    static const char variable[] = LEDGER_RESERVE_VARIABLE "=1";
    ledger_reserve();
    for (size_t i = 0; i < session.variable_count; i++)
        if (strcmp(session.variables[i], variable) == 0)
            return;
    /* In a vfork child this is as true of its parent. Threads may read the list meanwhile. */
    size_t count = session.variable_count;
    if (count < SESSION_VARIABLES_MAX) {
        session.variables[count] = variable;
        __atomic_store_n(&session.variable_count, count + 1, __ATOMIC_RELEASE);
    }
}

int unshare(int flags)
{
    if (session.active && (flags & (CLONE_NEWNS | CLONE_NEWUSER)))
        leave_mounts();
    return REAL(unshare)(flags);
}

int setns(int fd, int nstype)
{
    /* 0 is any namespace. */
    if (session.active && (nstype == 0 || (nstype & (CLONE_NEWNS | CLONE_NEWUSER))))
        leave_mounts();
    return REAL(setns)(fd, nstype);
}

int prctl(int option, ...)
{
    unsigned long arguments[4];
    va_list list;
    va_start(list, option);
    for (int i = 0; i < 4; i++)
        arguments[i] = va_arg(list, unsigned long);
    va_end(list);
    if (session.active && (option == PR_SET_NO_NEW_PRIVS || option == PR_SET_SECCOMP))
        ledger_reserve();
    return REAL(prctl)(option, arguments[0], arguments[1], arguments[2], arguments[3]);
}
