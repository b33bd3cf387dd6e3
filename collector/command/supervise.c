/*
 * A signal that comes to us may have been sent to our process group, as terminals, timeout(1) and
 * `kill 0` do: then the command has it already, and must not get it twice. Nothing in the signal
 * says so. Hence the witness: a process of our group that has all signals blocked and does nothing
 * but say, when it is asked, whether it has got this one, too. It also ends the command should we
 * be killed, as our caller meant the command by us.
 *
 * The witness is made by the bare system call: where we are ourselves below a recorded process, it
 * is none of that one's.
 */
#include "collector/command/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What the witness is asked. */
struct request {
    pid_t command; /* 0, or the process to end with us */
    int signal;    /* 0, or the one in question */
};

/* How long a signal may be under way to the other processes of a group, as it goes from one to the
 * next. */
#define GROUP_NANOSECONDS 3000000

struct supervisor {
    pid_t command, witness;
    int to_witness; /* -1: there is none */
    sigset_t all;
};

static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
        ;
}

/* --- descriptors --- */

/* Out of the way of 0, 1 and 2, which may be closed here. */
static int move_up(int descriptor)
{
    if (descriptor < 0 || descriptor > 2)
        return descriptor;
    int higher = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    close(descriptor);
    return higher;
}

static void close_from_to(int first, int last)
{
    if (first > last)
        return;
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned)first, (unsigned)last, 0) == 0)
        return;
#endif
    long limit = sysconf(_SC_OPEN_MAX);
    for (int descriptor = first; descriptor <= last && descriptor < limit; descriptor++)
        close(descriptor);
}

/* Closes what is above 2 but for two. */
static void close_others(int one, int other)
{
    int low = one < other ? one : other, high = one < other ? other : one;
    int next = 3;
    if (low >= next) {
        close_from_to(next, low - 1);
        next = low + 1;
    }
    if (high >= next) {
        close_from_to(next, high - 1);
        next = high + 1;
    }
    close_from_to(next, 0x7fffffff);
}

static void close_standard(void)
{
    int null = open("/dev/null", O_RDWR);
    for (int descriptor = 0; descriptor < 2; descriptor++)
        if (null < 0)
            close(descriptor);
        else if (descriptor != null)
            dup2(null, descriptor);
    if (null > 2)
        close(null);
}

/* --- the witness --- */

/* Has this process got it? It is gone then. */
static int take_signal(int number)
{
    const struct timespec none = { 0, 0 };
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    return sigtimedwait(&set, NULL, &none) == number;
}

static void witness_run(int from)
{
    struct request request;
    pid_t command = 0;
    int handle = -1;
    for (int descriptor = 0; descriptor < 3; descriptor++)
        close(descriptor);
    close_others(from, -1);
    (void)!chdir("/");
    ssize_t got;
    while ((got = read(from, &request, sizeof request)) == (ssize_t)sizeof request ||
           (got < 0 && errno == EINTR)) {
        if (got < 0)
            continue;
        if (request.command) {
            command = request.command;
#ifdef SYS_pidfd_open
            handle = (int)syscall(SYS_pidfd_open, command, 0);
#endif
        }
        int answer = request.signal ? take_signal(request.signal) : 0;
        if (write(from, &answer, sizeof answer) != (ssize_t)sizeof answer)
            break;
    }
    /* Nobody asks any more: killed. Where all went well the witness is ended before. */
#ifdef SYS_pidfd_send_signal
    if (handle >= 0)
        syscall(SYS_pidfd_send_signal, handle, SIGKILL, NULL, 0);
    else
#endif
        if (command)
        kill(command, SIGKILL);
    syscall(SYS_exit_group, 0);
}

static void witness_start(struct supervisor *supervisor)
{
    int ends[2];
    supervisor->to_witness = -1;
    supervisor->witness = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return;
    ends[0] = move_up(ends[0]);
    ends[1] = move_up(ends[1]);
    if (ends[0] < 0 || ends[1] < 0)
        goto failed;
#ifdef SYS_fork
    supervisor->witness = (pid_t)syscall(SYS_fork);
#else
    supervisor->witness = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
    if (supervisor->witness == 0)
        witness_run(ends[1]);
    if (supervisor->witness < 0)
        goto failed;
    close(ends[1]);
    supervisor->to_witness = ends[0];
    return;
failed:
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

static bool witness_ask(const struct supervisor *supervisor, struct request request)
{
    int answer;
    if (supervisor->to_witness < 0 ||
        write(supervisor->to_witness, &request, sizeof request) != (ssize_t)sizeof request)
        return false;
    ssize_t got;
    while ((got = read(supervisor->to_witness, &answer, sizeof answer)) < 0 && errno == EINTR)
        ;
    return got == (ssize_t)sizeof answer && answer;
}

static void witness_end(const struct supervisor *supervisor)
{
    if (supervisor->witness <= 0)
        return;
    kill(supervisor->witness, SIGKILL);
    reap(supervisor->witness);
    close(supervisor->to_witness);
}

/* Was a signal that we got sent to the whole group? */
static bool was_for_group(const struct supervisor *supervisor, const siginfo_t *signal)
{
    const struct request request = { 0, signal->si_signo };
    if (witness_ask(supervisor, request))
        return true;
    const struct timespec moment = { 0, GROUP_NANOSECONDS };
    nanosleep(&moment, NULL);
    return witness_ask(supervisor, request);
}

/* --- signals --- */

static void pass_on(const struct supervisor *supervisor, const siginfo_t *signal)
{
    if (was_for_group(supervisor, signal))
        return;
    if (signal->si_code == SI_QUEUE)
        sigqueue(supervisor->command, signal->si_signo, signal->si_value);
    else
        kill(supervisor->command, signal->si_signo);
}

/* The command has stopped by `number`: so do we, for our caller waits for us. */
static void stop_too(int number)
{
    sigset_t set, pending;
    struct sigaction usual;
    /* Who continues the group may have been faster. */
    if (sigpending(&pending) == 0 && sigismember(&pending, SIGCONT))
        return;
    memset(&usual, 0, sizeof usual);
    usual.sa_handler = SIG_DFL;
    sigaction(number, &usual, NULL);
    sigemptyset(&set);
    sigaddset(&set, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

/* True when the command has ended. */
static bool has_ended(const struct supervisor *supervisor, int *status)
{
    pid_t pid;
    while ((pid = waitpid(supervisor->command, status, WNOHANG | WUNTRACED)) > 0) {
        if (!WIFSTOPPED(*status))
            return true;
        stop_too(WSTOPSIG(*status));
    }
    return false;
}

static void wait_for_end(const struct supervisor *supervisor, int *status)
{
    while (!has_ended(supervisor, status)) {
        siginfo_t signal;
        int number = sigwaitinfo(&supervisor->all, &signal);
        if (number > 0 && number != SIGCHLD)
            pass_on(supervisor, &signal);
    }
}

/* --- the command --- */

/* Returns only when it can't be executed, with an errno. */
static int execute(const struct supervise_command *command)
{
    execve(command->path, command->argv, command->environment);
    if (errno != ENOEXEC)
        return errno;
    /* A script without `#!`: a shell's, as execvp and shells have it. */
    size_t count = 0;
    while (command->argv[count])
        count++;
    char **argv = malloc((count + 2) * sizeof *argv);
    if (!argv)
        return ENOMEM;
    static char shell[] = "/bin/sh";
    argv[0] = shell;
    argv[1] = (char *)command->path;
    for (size_t i = 1; i <= count; i++)
        argv[i + 1] = command->argv[i];
    execve(shell, argv, command->environment);
    int problem = errno;
    free(argv);
    return problem;
}

/* What we found when we began. */
struct inherited {
    sigset_t mask;
    struct sigaction on_child;
};

/* As it was; then the command, or an errno. */
static int become(const struct supervise_command *command, const struct inherited *inherited)
{
    sigaction(SIGCHLD, &inherited->on_child, NULL);
    sigprocmask(SIG_SETMASK, &inherited->mask, NULL);
    return execute(command);
}

/* Starts the command and waits until it is executed. 0, or -1 with `*problem`. */
static int start(struct supervisor *supervisor, const struct supervise_command *command,
                 const struct inherited *inherited, int *problem)
{
    int ends[2] = { -1, -1 };
    *problem = 0;
    if (pipe2(ends, O_CLOEXEC) == 0) {
        ends[0] = move_up(ends[0]);
        ends[1] = move_up(ends[1]);
    }
    supervisor->command = fork();
    if (supervisor->command == 0) {
        int failure = become(command, inherited);
        (void)!write(ends[1], &failure, sizeof failure);
        _exit(127);
    }
    if (ends[1] >= 0)
        close(ends[1]);
    if (supervisor->command < 0) {
        witness_end(supervisor);
        *problem = become(command, inherited);
        return -1;
    }
    witness_ask(supervisor, (struct request){ supervisor->command, 0 });
    ssize_t got;
    while ((got = read(ends[0], problem, sizeof *problem)) < 0 && errno == EINTR)
        ;
    if (ends[0] >= 0)
        close(ends[0]);
    if (got == (ssize_t)sizeof *problem) {
        reap(supervisor->command);
        return -1;
    }
    close_others(supervisor->to_witness, -1);
    close_standard();
    return 0;
}

int supervise(const struct supervise_command *command, int *status, int *problem)
{
    struct supervisor supervisor;
    struct inherited inherited;
    struct sigaction usual;
    sigfillset(&supervisor.all);
    sigprocmask(SIG_SETMASK, &supervisor.all, &inherited.mask);
    /* Where it is ignored no status could be had. */
    memset(&usual, 0, sizeof usual);
    usual.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &usual, &inherited.on_child);
    witness_start(&supervisor);
    if (start(&supervisor, command, &inherited, problem) != 0) {
        if (supervisor.command > 0)
            witness_end(&supervisor);
        return -1;
    }
    wait_for_end(&supervisor, status);
    witness_end(&supervisor);
    return 0;
}
