/*
 * Whether a process that a ledger names is there, by number, namespace and start of the machine.
 */
#include "unit.h"

#include "preload/format.h"
#include "collector/base/hash_map.h"
#include "collector/read/live_process.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t own_space(void)
{
    struct stat status;
    assert_int_equal(stat("/proc/self/ns/pid", &status), 0);
    return status.st_ino;
}

static uint64_t own_boot(void)
{
    char text[LEDGER_BOOT_LENGTH];
    int descriptor = open(LEDGER_BOOT_FILE, O_RDONLY);
    assert_int_equal(read(descriptor, text, sizeof text), sizeof text);
    close(descriptor);
    return hash_bytes(text, sizeof text);
}

static void a_number_of_our_own_namespace_is_found(void **state)
{
    (void)state;
    struct live_process_name name = { getpid(), own_space(), own_boot() };
    assert_int_equal(live_process_find(&name, now()), getpid());
    assert_true(live_process_is_visible(&name));
}

static void what_began_later_is_another_process(void **state)
{
    (void)state;
    struct live_process_name name = { getpid(), own_space(), own_boot() };
    assert_int_equal(live_process_find(&name, now() - 3600 * (uint64_t)1000000000), 0);
}

static void a_number_of_another_namespace_is_not_ours(void **state)
{
    (void)state;
    struct live_process_name name = { getpid(), own_space() + 1, own_boot() };
    assert_int_equal(live_process_find(&name, now()), 0);
}

static void a_number_of_another_start_of_the_machine_is_not_ours(void **state)
{
    (void)state;
    struct live_process_name name = { getpid(), own_space(), own_boot() + 1 };
    assert_int_equal(live_process_find(&name, now()), 0);
    assert_false(live_process_is_visible(&name));
}

static void what_is_not_known_is_taken_for_our_own(void **state)
{
    (void)state;
    struct live_process_name name = { getpid(), 0, 0 };
    assert_int_equal(live_process_find(&name, now()), getpid());
}

static void a_process_in_a_namespace_below_is_found_by_its_number_there(void **state)
{
    (void)state;
    int of_outer[2], of_first[2];
    pid_t first = 0;
    uint64_t space = 0;
    assert_int_equal(pipe(of_outer), 0);
    assert_int_equal(pipe(of_first), 0);
    pid_t outer = fork();
    if (outer == 0) {
        close(of_outer[0]);
        close(of_first[0]);
        if (unshare(CLONE_NEWPID) != 0)
            _exit(1);
        first = fork();
        if (first == 0) {
            space = own_space();
            if (write(of_first[1], &space, sizeof space) == sizeof space)
                pause();
            _exit(1);
        }
        if (write(of_outer[1], &first, sizeof first) == sizeof first)
            waitpid(first, NULL, 0);
        _exit(0);
    }
    close(of_outer[1]);
    close(of_first[1]);
    bool is_made = read(of_outer[0], &first, sizeof first) == sizeof first &&
                   read(of_first[0], &space, sizeof space) == sizeof space;
    close(of_outer[0]);
    close(of_first[0]);
    if (!is_made) {
        waitpid(outer, NULL, 0);
        print_message("SKIPPED: no pid namespace can be made here\n");
        skip();
    }
    struct live_process_name name = { 1, space, own_boot() };
    live_process_refresh();
    assert_int_equal(live_process_find(&name, now()), first);
    assert_true(live_process_is_visible(&name));
    kill(first, SIGKILL);
    waitpid(outer, NULL, 0);
    live_process_refresh();
    assert_int_equal(live_process_find(&name, now()), 0);
}

static void a_file_that_another_process_has_mapped_is_known(void **state)
{
    (void)state;
    char path[] = "/tmp/covfork-test-XXXXXX";
    int descriptor = mkstemp(path), parts[2];
    assert_int_equal(ftruncate(descriptor, 4096), 0);
    assert_int_equal(pipe(parts), 0);
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    assert_true(memory != MAP_FAILED);
    close(descriptor);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        close(parts[1]);
        _exit(read(parts[0], &byte, 1) < 0);
    }
    munmap(memory, 4096);
    close(parts[0]);
    bool while_mapped = live_process_has_file(path);
    close(parts[1]);
    waitpid(child, NULL, 0);
    bool afterwards = live_process_has_file(path);
    unlink(path);
    assert_true(while_mapped);
    assert_false(afterwards);
    assert_false(live_process_has_file(path));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_number_of_our_own_namespace_is_found),
    cmocka_unit_test(what_began_later_is_another_process),
    cmocka_unit_test(a_number_of_another_namespace_is_not_ours),
    cmocka_unit_test(a_number_of_another_start_of_the_machine_is_not_ours),
    cmocka_unit_test(what_is_not_known_is_taken_for_our_own),
    cmocka_unit_test(a_process_in_a_namespace_below_is_found_by_its_number_there),
    cmocka_unit_test(a_file_that_another_process_has_mapped_is_known),
};

UNIT_MAIN(tests)
