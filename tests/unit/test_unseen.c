/* A program that runs below us and that nobody sees. */
#include "unit.h"

#include "real.h"
#include "unseen.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int set_up(void **state)
{
    (void)state;
    return real_init();
}

/* Runs `text` by sh; its status. `said` is what it printed. */
static int run_shell(const char *text, char *said, size_t size)
{
    char *argv[] = { "sh", "-c", (char *)(uintptr_t)text, NULL };
    int output = memfd_create("test", MFD_CLOEXEC);
    int status = unseen_run("sh", argv, environ, output);
    ssize_t length = pread(output, said, size - 1, 0);
    said[length > 0 ? length : 0] = '\0';
    close(output);
    return status;
}

static void what_it_prints_and_how_it_ends_are_known(void **state)
{
    (void)state;
    char said[64];
    assert_int_equal(run_shell("echo words; read line || echo nothing", said, sizeof said), 0);
    assert_string_equal(said, "words\nnothing\n");
    assert_int_equal(WEXITSTATUS(run_shell("exit 3", said, sizeof said)), 3);
    assert_int_equal(WTERMSIG(run_shell("kill -9 $$", said, sizeof said)), SIGKILL);
}

static void a_program_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    char *argv[] = { "no-such-program", NULL };
    assert_int_equal(unseen_run("no-such-program", argv, environ, 1), -1);
}

static atomic_int signals;

static void on_child(int number)
{
    (void)number;
    signals++;
}

/* In a process of its own: 0 when nothing of the program is to be seen. */
static int look(void)
{
    char said[64];
    struct rusage usage;
    signals = 0;
    /* Some tenths of a second of work. */
    int status = run_shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo done", said,
                           sizeof said);
    if (status != 0 || strcmp(said, "done\n") != 0)
        return 1;
    /* Where an orphan had been adopted it would be here, or come within that time. */
    const struct timespec moment = { 0, 50000000 };
    nanosleep(&moment, NULL);
    if (signals != 0)
        return 2;
    if (waitpid(-1, &status, __WALL | WNOHANG) != -1 || errno != ECHILD)
        return 3;
    getrusage(RUSAGE_CHILDREN, &usage);
    if (usage.ru_utime.tv_sec || usage.ru_utime.tv_usec > 5000 || usage.ru_stime.tv_sec ||
        usage.ru_stime.tv_usec > 5000)
        return 4;
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGCHLD) ? 5 : 0;
}

static void in_child(int (*body)(void))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(body());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static int look_with_a_handler(void)
{
    signal(SIGCHLD, on_child);
    return look();
}

static int look_with_the_signal_blocked(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return look();
}

static int look_without_zombies(void)
{
    signal(SIGCHLD, SIG_IGN);
    return look();
}

static int look_as_subreaper(void)
{
    signal(SIGCHLD, on_child);
    return prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 ? 9 : look();
}

/* The first process of a namespace, which adopts all orphans. */
static int look_as_first(void)
{
    if (unshare(CLONE_NEWPID) != 0)
        return 0; /* only root can */
    pid_t child = fork();
    if (child == 0) {
        signal(SIGCHLD, on_child);
        _exit(getpid() == 1 ? look() : 9);
    }
    int status;
    return waitpid(child, &status, 0) == child ? WEXITSTATUS(status) + WTERMSIG(status) : 9;
}

static atomic_bool is_over;

static void *wait_for_any(void *seen)
{
    int status;
    while (!is_over)
        if (waitpid(-1, &status, WNOHANG) >= 0)
            ++*(int *)seen;
    return NULL;
}

static int look_beside_a_thread_that_waits(void)
{
    pthread_t thread;
    int seen = 0;
    pthread_create(&thread, NULL, wait_for_any, &seen);
    int problem = look();
    is_over = true;
    pthread_join(thread, NULL);
    return problem ? problem : seen ? 8 : 0;
}

static void nothing_is_seen_by_a_handler(void **state)
{
    (void)state;
    in_child(look_with_a_handler);
}

static void nothing_is_seen_where_the_signal_is_blocked(void **state)
{
    (void)state;
    in_child(look_with_the_signal_blocked);
}

static void nothing_is_seen_where_children_leave_no_zombies(void **state)
{
    (void)state;
    in_child(look_without_zombies);
}

static void nothing_is_seen_by_a_subreaper(void **state)
{
    (void)state;
    in_child(look_as_subreaper);
}

static void nothing_is_seen_by_the_first_process_of_a_namespace(void **state)
{
    (void)state;
    in_child(look_as_first);
}

static void nothing_is_seen_by_a_thread_that_waits_for_any_child(void **state)
{
    (void)state;
    in_child(look_beside_a_thread_that_waits);
}

static int run_without_descriptors(void)
{
    for (int descriptor = 0; descriptor < 3; descriptor++)
        close(descriptor);
    char said[64];
    return run_shell("echo words; test -c /dev/stdin && test -c /dev/stderr", said, sizeof said) ||
           strcmp(said, "words\n") != 0;
}

static void it_has_standard_descriptors_where_we_have_none(void **state)
{
    (void)state;
    in_child(run_without_descriptors);
}

static void the_signal_mask_is_as_before(void **state)
{
    (void)state;
    sigset_t set, before, after;
    char said[8];
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, &before);
    run_shell("true", said, sizeof said);
    sigprocmask(SIG_SETMASK, &before, &after);
    assert_int_equal(sigismember(&after, SIGUSR2), 1);
    assert_int_equal(sigismember(&after, SIGUSR1), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_it_prints_and_how_it_ends_are_known),
    cmocka_unit_test(a_program_that_is_not_there_is_an_error),
    cmocka_unit_test(nothing_is_seen_by_a_handler),
    cmocka_unit_test(nothing_is_seen_where_the_signal_is_blocked),
    cmocka_unit_test(nothing_is_seen_where_children_leave_no_zombies),
    cmocka_unit_test(nothing_is_seen_by_a_subreaper),
    cmocka_unit_test(nothing_is_seen_by_the_first_process_of_a_namespace),
    cmocka_unit_test(nothing_is_seen_by_a_thread_that_waits_for_any_child),
    cmocka_unit_test(it_has_standard_descriptors_where_we_have_none),
    cmocka_unit_test(the_signal_mask_is_as_before),
};

UNIT_MAIN_WITH(tests, set_up, NULL)
