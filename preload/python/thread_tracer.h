/*
 * The C trace function that a thread state has. CPython sets one and tells nobody which there is,
 * so where the thread states have theirs is learned as ours is first set: it is the word that is
 * ours then, and the program's before. One that is there can then be replaced without a trace of
 * it: its datum, CPython's counts of tracers and what sys.gettrace says stay as they are.
 *
 * With the GIL held or, free-threaded, with an attached thread state. Keeps errno.
 */
#ifndef COVFORK_PYTHON_THREAD_TRACER_H
#define COVFORK_PYTHON_THREAD_TRACER_H

#include "api.h"

/* Sets `function` for `state`, with `datum` (may be NULL), as PyEval_SetTrace does it: its audit
 * event comes. False when that raised, which is for the caller to clear. */
bool thread_tracer_set(PyThreadState *state, python_trace_function function, PyObject *datum);

enum thread_tracer_result {
    THREAD_TRACER_LEARNED,
    THREAD_TRACER_REFUSED, /* an audit hook does not want it, or another one is just being set */
    THREAD_TRACER_UNKNOWN  /* this Python is not as expected */
};

/* Sets `function`, one of ours, for the current thread with the datum that is there, and learns
 * where it is; what was there before is put into `*before`. Nothing below may be called earlier. */
enum thread_tracer_result thread_tracer_learn(python_trace_function function,
                                              python_trace_function *before);

/* What `state` has; NULL: nothing. */
python_trace_function thread_tracer_get(PyThreadState *state);

/* Puts `function` in the place of what `state` has, and keeps `programs` for it. False: no memory,
 * and nothing is changed. */
bool thread_tracer_stand_in(PyThreadState *state, python_trace_function function,
                            python_trace_function programs);

/* What was kept for `state`, the current one, which has a function that stands in for it. Costs a
 * comparison where the thread asks again. */
python_trace_function thread_tracer_programs(PyThreadState *state);

#endif
