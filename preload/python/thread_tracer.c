/* See thread_tracer.h. */
#include "thread_tracer.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The shortest thread state, that of 3.8, has more words. */
enum { WORDS = 32 };

/* The word of a thread state; 0: not known. */
static size_t place;

/* The program's, by thread state. None goes: where one has the address of another that has ended,
 * it is given its own before it is asked for. */
static struct programs {
    struct programs *next;
    const PyThreadState *state;
    _Atomic(python_trace_function) function;
} * _Atomic all_programs;

/* The one that this thread asked for last. */
static _Thread_local __attribute__((tls_model("initial-exec"))) struct programs *last;

bool thread_tracer_set(PyThreadState *state, python_trace_function function, PyObject *datum)
{
    if (python.set_trace_of)
        return python.set_trace_of(state, function, datum) == 0;
    /* 3.8 sets it for the current thread state only: with the GIL held, that can be any. */
    PyThreadState *current = python.swap_thread(state);
    python.set_trace(function, datum);
    python.swap_thread(current);
    return true;
}

static struct programs *find(const PyThreadState *state)
{
    struct programs *programs = all_programs;
    while (programs && programs->state != state)
        programs = programs->next;
    return programs;
}

static bool keep(const PyThreadState *state, python_trace_function function)
{
    struct programs *programs = find(state);
    if (programs) {
        atomic_store(&programs->function, function);
        return true;
    }
    int saved = errno;
    programs = malloc(sizeof *programs);
    errno = saved;
    if (!programs)
        return false;
    *programs = (struct programs){ .next = all_programs, .state = state, .function = function };
    while (!atomic_compare_exchange_weak(&all_programs, &programs->next, programs))
        ;
    return true;
}

static _Atomic(python_trace_function) *tracer_of(PyThreadState *state)
{
    return (_Atomic(python_trace_function) *)((void **)(void *)state + place);
}

/* What sys.gettrace returns: the datum of whatever is set. Caller releases it. */
static PyObject *datum_of_current(void)
{
    PyObject *get = python.sys_get_object("gettrace");
    PyObject *datum = get ? python.call(get, NULL) : NULL;
    if (!datum)
        python.clear_error();
    if (datum == python.none) {
        python.decrement(datum);
        datum = NULL;
    }
    return datum;
}

enum thread_tracer_result thread_tracer_learn(python_trace_function function,
                                              python_trace_function *before)
{
    PyThreadState *state = python.thread_state();
    PyObject *datum = datum_of_current();
    void *old[WORDS], *new[WORDS];
    memcpy(old, state, sizeof old);
    bool done = thread_tracer_set(state, function, datum);
    if (!done)
        python.clear_error();
    if (datum)
        python.decrement(datum);
    if (!done)
        return THREAD_TRACER_REFUSED;
    memcpy(new, state, sizeof new);
    place = 0;
    for (size_t i = 1; i < WORDS && place == 0; i++)
        if (new[i] == (void *)function && old[i] != new[i])
            place = i;
    if (place == 0)
        return THREAD_TRACER_UNKNOWN;
    *before = (python_trace_function)old[place];
    return THREAD_TRACER_LEARNED;
}

python_trace_function thread_tracer_get(PyThreadState *state)
{
    return atomic_load_explicit(tracer_of(state), memory_order_relaxed);
}

bool thread_tracer_stand_in(PyThreadState *state, python_trace_function function,
                            python_trace_function programs)
{
    if (!keep(state, programs))
        return false;
    atomic_store(tracer_of(state), function);
    return true;
}

python_trace_function thread_tracer_programs(PyThreadState *state)
{
    if (!last || last->state != state)
        last = find(state);
    return last ? atomic_load_explicit(&last->function, memory_order_relaxed) : NULL;
}
