/* Where thread states have their trace function, and what the program's was in each. */
#include "unit.h"

#include "python/thread_tracer.h"

#include <stdbool.h>
#include <stdlib.h>

enum { WORDS = 40, PLACE = 9 };

/* Thread states that never were, with a trace function somewhere among other words. */
static void *one[WORDS], *other[WORDS];
static void *current = one;
/* What setting one does: nothing, or it is kept in a place that isn't looked at. */
static bool refuses, is_elsewhere;

static PyThreadState *state(void *words)
{
    return words;
}

static PyThreadState *thread_state(void)
{
    return current;
}

static int set_trace_of(PyThreadState *thread, python_trace_function function, PyObject *datum)
{
    (void)datum;
    void **words = (void **)(void *)thread;
    if (refuses)
        return -1;
    words[is_elsewhere ? WORDS - 1 : PLACE] = (void *)function;
    return 0;
}

static PyObject *sys_get_object(const char *name)
{
    (void)name;
    return NULL;
}

static void clear_error(void)
{
}

static int ours(PyObject *datum, PyFrameObject *frame, int what, PyObject *value)
{
    (void)datum, (void)frame, (void)value;
    return what;
}

static int beside(PyObject *datum, PyFrameObject *frame, int what, PyObject *value)
{
    (void)datum, (void)frame, (void)value;
    return what + 1;
}

static int programs(PyObject *datum, PyFrameObject *frame, int what, PyObject *value)
{
    (void)datum, (void)frame, (void)value;
    return what + 2;
}

static int set_up(void **unused)
{
    (void)unused;
    python.thread_state = thread_state;
    python.set_trace_of = set_trace_of;
    python.sys_get_object = sys_get_object;
    python.clear_error = clear_error;
    python.none = (PyObject *)&refuses;
    memset(one, 0x11, sizeof one);
    memset(other, 0x22, sizeof other);
    one[PLACE] = other[PLACE] = NULL;
    current = one;
    refuses = is_elsewhere = false;
    return 0;
}

static void learn(void)
{
    python_trace_function before;
    assert_int_equal(thread_tracer_learn(ours, &before), THREAD_TRACER_LEARNED);
}

static void what_was_there_before_is_told(void **unused)
{
    (void)unused;
    python_trace_function before = NULL;
    one[PLACE] = (void *)programs;
    assert_int_equal(thread_tracer_learn(ours, &before), THREAD_TRACER_LEARNED);
    assert_true(before == programs);
    assert_true(thread_tracer_get(state(one)) == ours);
}

static void it_is_learned_for_all_threads(void **unused)
{
    (void)unused;
    learn();
    other[PLACE] = (void *)programs;
    assert_true(thread_tracer_get(state(other)) == programs);
}

static void it_may_be_refused(void **unused)
{
    (void)unused;
    python_trace_function before;
    refuses = true;
    assert_int_equal(thread_tracer_learn(ours, &before), THREAD_TRACER_REFUSED);
    refuses = false;
    assert_int_equal(thread_tracer_learn(ours, &before), THREAD_TRACER_LEARNED);
}

static void a_python_that_is_otherwise_is_not_guessed_at(void **unused)
{
    (void)unused;
    python_trace_function before;
    is_elsewhere = true;
    assert_int_equal(thread_tracer_learn(ours, &before), THREAD_TRACER_UNKNOWN);
}

static void each_thread_has_its_own_of_the_programs(void **unused)
{
    (void)unused;
    learn();
    assert_true(thread_tracer_stand_in(state(one), beside, programs));
    assert_true(thread_tracer_stand_in(state(other), beside, ours));
    assert_true(thread_tracer_get(state(one)) == beside);
    for (int i = 0; i < 2; i++) {
        assert_true(thread_tracer_programs(state(one)) == programs);
        assert_true(thread_tracer_programs(state(other)) == ours);
    }
}

static void the_programs_next_one_takes_the_place_of_the_first(void **unused)
{
    (void)unused;
    learn();
    assert_true(thread_tracer_stand_in(state(one), beside, programs));
    assert_true(thread_tracer_programs(state(one)) == programs);
    assert_true(thread_tracer_stand_in(state(one), beside, ours));
    assert_true(thread_tracer_programs(state(one)) == ours);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(what_was_there_before_is_told, set_up),
    cmocka_unit_test_setup(it_is_learned_for_all_threads, set_up),
    cmocka_unit_test_setup(it_may_be_refused, set_up),
    cmocka_unit_test_setup(a_python_that_is_otherwise_is_not_guessed_at, set_up),
    cmocka_unit_test_setup(each_thread_has_its_own_of_the_programs, set_up),
    cmocka_unit_test_setup(the_programs_next_one_takes_the_place_of_the_first, set_up),
};

UNIT_MAIN(tests)
