/* Work that needs a descriptor where there is none left. */
#include "unit.h"

#include "aside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *mapped;
static int calls;

/* Maps this program's own file. */
static int map_something(void *argument)
{
    calls++;
    int descriptor = open(argument, O_RDONLY);
    if (descriptor < 0)
        return errno;
    mapped = mmap(NULL, 4096, PROT_READ, MAP_SHARED, descriptor, 0);
    close(descriptor);
    return mapped == MAP_FAILED ? EINVAL : 0;
}

/* Runs `body` in a child, whose limits it may change; its exit status must be 0. */
static void in_child(void (*body)(void))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        body();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void take_all_descriptors(void)
{
    struct rlimit few = { 3, 3 };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
}

static void what_works_is_called_once_and_here(void **state)
{
    (void)state;
    calls = 0;
    assert_int_equal(aside_call(map_something, "/proc/self/exe"), 0);
    assert_int_equal(calls, 1);
}

static void another_error_is_returned_at_once(void **state)
{
    (void)state;
    calls = 0;
    assert_int_equal(aside_call(map_something, "/nowhere/at/all"), ENOENT);
    assert_int_equal(calls, 1);
}

static void map_without_descriptors(void)
{
    take_all_descriptors();
    assert_int_equal(open("/proc/self/exe", O_RDONLY), -1);
    assert_int_equal(aside_call(map_something, "/proc/self/exe"), 0);
    assert_memory_equal(mapped, "\177ELF", 4);
}

static void what_is_mapped_without_a_descriptor_stays(void **state)
{
    (void)state;
    in_child(map_without_descriptors);
}

static void descriptors_stay_open(void)
{
    take_all_descriptors();
    assert_int_equal(aside_call(map_something, "/proc/self/exe"), 0);
    for (int descriptor = 0; descriptor < 3; descriptor++)
        assert_true(fcntl(descriptor, F_GETFD) >= 0);
}

static void the_callers_descriptors_stay_open(void **state)
{
    (void)state;
    in_child(descriptors_stay_open);
}

static volatile sig_atomic_t child_signals;

static void count_signal(int number)
{
    (void)number;
    child_signals++;
}

static void no_child_is_noticed(void)
{
    signal(SIGCHLD, count_signal);
    take_all_descriptors();
    assert_int_equal(aside_call(map_something, "/proc/self/exe"), 0);
    assert_int_equal(child_signals, 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void the_program_hears_of_no_child(void **state)
{
    (void)state;
    in_child(no_child_is_noticed);
}

static void signal_mask_is_kept(void)
{
    sigset_t before, after;
    sigemptyset(&before);
    sigaddset(&before, SIGUSR2);
    sigprocmask(SIG_SETMASK, &before, NULL);
    take_all_descriptors();
    assert_int_equal(aside_call(map_something, "/proc/self/exe"), 0);
    sigprocmask(SIG_SETMASK, NULL, &after);
    assert_true(sigismember(&after, SIGUSR2) && !sigismember(&after, SIGUSR1));
}

static void the_signal_mask_is_kept(void **state)
{
    (void)state;
    in_child(signal_mask_is_kept);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_works_is_called_once_and_here),
    cmocka_unit_test(another_error_is_returned_at_once),
    cmocka_unit_test(what_is_mapped_without_a_descriptor_stays),
    cmocka_unit_test(the_callers_descriptors_stay_open),
    cmocka_unit_test(the_program_hears_of_no_child),
    cmocka_unit_test(the_signal_mask_is_kept),
};

UNIT_MAIN(tests)
