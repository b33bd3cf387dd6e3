/* The last lines of frames: kept, taken in any order, and each thread's own. */
#include "unit.h"

#include "python/frame_lines.h"

#include <pthread.h>
#include <stdlib.h>

/* A frame that never was: its address is all that counts. */
static const void *frame(uintptr_t number)
{
    return (const void *)(number * 16);
}

static void keep(uintptr_t number, int32_t line)
{
    frame_lines_keep(&(struct frame_line){ .frame = frame(number), .last_line = line });
}

static int32_t take(uintptr_t number)
{
    struct frame_line line = { 0 };
    return frame_lines_take(frame(number), &line) ? line.last_line : -1;
}

static void a_line_is_taken_once(void **state)
{
    (void)state;
    keep(1, 10);
    assert_int_equal(take(1), 10);
    assert_int_equal(take(1), -1);
}

static void a_frame_has_the_line_that_was_kept_last(void **state)
{
    (void)state;
    keep(1, 10);
    keep(1, 11);
    assert_int_equal(take(1), 11);
    assert_int_equal(take(1), -1);
}

static void many_frames_come_back_in_any_order(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    for (uintptr_t i = 1; i <= COUNT; i++)
        keep(i, (int32_t)i);
    for (uintptr_t i = 1; i <= COUNT; i += 3)
        assert_int_equal(take(i), i);
    for (uintptr_t i = COUNT; i > 0; i--)
        assert_int_equal(take(i), i % 3 == 1 ? -1 : (int32_t)i);
}

static void *take_in_a_thread(void *unused)
{
    (void)unused;
    intptr_t taken = take(1);
    keep(1, 99); /* freed with the thread: the sanitizers would say */
    return (void *)taken;
}

static void threads_have_their_own(void **state)
{
    (void)state;
    pthread_t thread;
    void *taken;
    keep(1, 10);
    assert_int_equal(pthread_create(&thread, NULL, take_in_a_thread, NULL), 0);
    assert_int_equal(pthread_join(thread, &taken), 0);
    assert_int_equal((intptr_t)taken, -1);
    assert_int_equal(take(1), 10);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_line_is_taken_once),
    cmocka_unit_test(a_frame_has_the_line_that_was_kept_last),
    cmocka_unit_test(many_frames_come_back_in_any_order),
    cmocka_unit_test(threads_have_their_own),
};

UNIT_MAIN(tests)
