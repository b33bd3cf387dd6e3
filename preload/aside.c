/* See aside.h. Not in a vfork child: it maps a stack. */
#include "aside.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_SIZE (256u * 1024)

struct call {
    int (*work)(void *argument);
    void *argument;
    int result;
};

static int help(void *argument)
{
    struct call *call = argument;
    for (int descriptor = 0; descriptor < 3; descriptor++)
        close(descriptor);
    call->result = call->work(call->argument);
    return 0;
}

int aside_call(int (*work)(void *argument), void *argument)
{
    struct call call = { work, argument, EMFILE };
    int result = work(argument);
    if (result != EMFILE)
        return result;
    void *stack =
        mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED)
        return EMFILE;
    /* A handler that ran in the helper would change the program's memory a second time. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    /* No CLONE_FILES: a table of its own. No exit signal: nobody else waits for it by chance. */
    pid_t helper = clone(help, (char *)stack + STACK_SIZE, CLONE_VM | CLONE_VFORK, &call);
    if (helper > 0)
        while (waitpid(helper, NULL, __WCLONE) < 0 && errno == EINTR)
            ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, STACK_SIZE);
    return call.result;
}
