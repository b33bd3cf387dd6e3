/*
 * See unseen.h. Three processes: a helper, of which nobody is told (no exit signal) and which
 * forgets its children (SA_NOCLDWAIT, in its own table); its child, which starts the program,
 * waits for it and is forgotten with the time that it took; and the program. A program that is
 * started directly would get SIGCHLD as its exit signal at its exec; one whose parent has ended
 * would be adopted, perhaps by this very process. The two of ours share our memory and run one
 * after the other, while this thread waits.
 */
#include "unseen.h"

#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define STACK_SIZE (128u * 1024)

struct call {
    const char *file;
    char *const *argv;
    char *const *envp;
    int output;
    char *stack; /* of the second */
    int status;
};

static int run(void *argument)
{
    struct call *call = argument;
    posix_spawn_file_actions_t actions;
    pid_t child;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return 0;
    /* First: it may be 0, 1 or 2 itself, where the program has closed these. */
    posix_spawn_file_actions_adddup2(&actions, call->output, 1);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    struct sigaction usual;
    memset(&usual, 0, sizeof usual);
    usual.sa_handler = SIG_DFL;
    REAL(sigaction)(SIGCHLD, &usual, NULL);
    if (REAL(posix_spawnp)(&child, call->file, &actions, NULL, call->argv, call->envp) == 0)
        while (waitpid(child, &call->status, 0) < 0)
            if (errno != EINTR) {
                call->status = -1;
                break;
            }
    posix_spawn_file_actions_destroy(&actions);
    return 0;
}

static int help(void *argument)
{
    struct call *call = argument;
    struct sigaction forget;
    memset(&forget, 0, sizeof forget);
    forget.sa_handler = SIG_DFL;
    forget.sa_flags = SA_NOCLDWAIT;
    REAL(sigaction)(SIGCHLD, &forget, NULL);
    /* To its very end, not only until it lets go of our memory: it would be adopted. */
    if (clone(run, call->stack, CLONE_VM | CLONE_VFORK | SIGCHLD, call) > 0)
        while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
            ;
    return 0;
}

int unseen_run(const char *file, char *const argv[], char *const envp[], int output)
{
    char *stacks =
        mmap(NULL, 2 * STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stacks == MAP_FAILED)
        return -1;
    struct call call = { file, argv, envp, output, stacks + STACK_SIZE, -1 };
    /* A handler that ran in a helper would change the program's memory a second time. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t helper = clone(help, stacks + 2 * STACK_SIZE, CLONE_VM | CLONE_VFORK, &call);
    if (helper > 0)
        while (waitpid(helper, NULL, __WCLONE) < 0 && errno == EINTR)
            ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stacks, 2 * STACK_SIZE);
    return call.status;
}
