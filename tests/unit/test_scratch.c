/* Memory that is taken where there is no stack for it. */
#include "unit.h"

#include "scratch.h"

#include <errno.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

static void what_is_given_back_is_taken_again(void **state)
{
    (void)state;
    void *first = scratch_take(100);
    assert_non_null(first);
    memset(first, 1, SCRATCH_SIZE);
    scratch_give(first);
    assert_ptr_equal(scratch_take(SCRATCH_SIZE), first);
    scratch_give(first);
}

static void several_are_apart(void **state)
{
    (void)state;
    unsigned char *taken[8];
    for (int i = 0; i < 8; i++) {
        taken[i] = scratch_take(SCRATCH_SIZE);
        assert_non_null(taken[i]);
        assert_int_equal((uintptr_t)taken[i] % 16, 0);
        memset(taken[i], i, SCRATCH_SIZE);
    }
    for (int i = 0; i < 8; i++) {
        assert_int_equal(taken[i][0], i);
        assert_int_equal(taken[i][SCRATCH_SIZE - 1], i);
        scratch_give(taken[i]);
    }
}

static void large_memory_is_kept_for_the_next(void **state)
{
    (void)state;
    unsigned char *large = scratch_take(1 << 20);
    assert_non_null(large);
    memset(large, 1, 1 << 20);
    scratch_give(large);
    assert_ptr_equal(scratch_take(1 << 19), large);
    scratch_give(large);
}

static void no_memory_is_null_and_leaves_nothing_taken(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        void *first = scratch_take(1);
        scratch_give(first);
        errno = 4242;
        if (scratch_take(SIZE_MAX - 4096) || scratch_take((size_t)1 << 60) || errno != 4242)
            _exit(1);
        _exit(scratch_take(1) == first ? 0 : 2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* What a child had that shares our memory, and that does not give it back when it runs `program`.
 */
static void *taken_by_child(const char *program)
{
    static void *volatile taken;
    pid_t child = vfork();
    if (child == 0) {
        taken = scratch_take(1000);
        scratch_leave_to_exec(taken);
        execl(program, program, (char *)NULL);
        scratch_keep();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    return taken;
}

static void what_a_vfork_child_execs_with_is_given_back(void **state)
{
    (void)state;
    void *first = taken_by_child("/bin/true");
    for (int i = 0; i < 20; i++)
        assert_ptr_equal(taken_by_child("/bin/true"), first);
    void *memory = scratch_take(1);
    assert_ptr_equal(memory, first);
    scratch_give(memory);
}

static void what_a_vfork_child_could_not_exec_with_stays_its_own(void **state)
{
    (void)state;
    void *kept = taken_by_child("/no/such/program");
    void *other = scratch_take(1);
    assert_ptr_not_equal(other, kept);
    scratch_give(other);
    scratch_give(kept);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_is_given_back_is_taken_again),
    cmocka_unit_test(several_are_apart),
    cmocka_unit_test(large_memory_is_kept_for_the_next),
    cmocka_unit_test(no_memory_is_null_and_leaves_nothing_taken),
    cmocka_unit_test(what_a_vfork_child_execs_with_is_given_back),
    cmocka_unit_test(what_a_vfork_child_could_not_exec_with_stays_its_own),
};

UNIT_MAIN(tests)
