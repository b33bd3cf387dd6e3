/*
 * See thread_frames.h. The evaluator runs with the GIL held, once a frame, and goes on to CPython's
 * own with a jump: it takes no part of the C stack, of which each call of Python has one there.
 *
 * From 3.9 on thread states have numbers that are never used again. On 3.8 a thread's outermost
 * frame is taken for its new state's first; and there is no function that sets an evaluator: the
 * interpreter has it among its first words, and CPython's own is looked for there.
 */
#include "thread_frames.h"

#include "api.h"
#include "engine.h"

#include <stdint.h>
#include <string.h>

typedef PyObject *(*old_evaluator)(PyFrameObject *frame, int throwing);
typedef PyObject *(*new_evaluator)(PyThreadState *state, PyFrameObject *frame, int throwing);

static union {
    void *symbol;
    old_evaluator old;
    new_evaluator new;
} evaluate_as_ever;
static uint64_t (*state_id)(PyThreadState *state);

/* Of the state that this thread was seen in last. Two interpreters have the same numbers, and so
 * has Python's next life. */
static _Thread_local __attribute__((tls_model("initial-exec"))) uint64_t known;
static uint64_t life;

static PyObject *evaluate_old(PyFrameObject *frame, int throwing)
{
    if (__builtin_expect(!python.get_globals(), 0))
        trace_new_state();
    return evaluate_as_ever.old(frame, throwing);
}

static inline uint64_t identity(PyThreadState *state)
{
    return (state_id(state) + life) * 0x9e3779b97f4a7c15u ^ (uintptr_t)state;
}

/* Not inlined: else each frame would have room for what only this needs. */
static __attribute__((noinline)) void see_new_state(uint64_t state)
{
    known = state;
    trace_new_state();
}

static PyObject *evaluate_new(PyThreadState *state, PyFrameObject *frame, int throwing)
{
    uint64_t now = identity(state);
    if (__builtin_expect(now != known, 0))
        see_new_state(now);
    return evaluate_as_ever.new(state, frame, throwing);
}

static void start_old(PyInterpreterState *interpreter)
{
    /* Some 90 words, of which the configuration is the most, and what follows is as long again. */
    enum { FIRST_WORDS = 128 };
    void **found = NULL;
    void **words = (void **)interpreter;
    for (size_t i = 0; i < FIRST_WORDS; i++)
        if (words[i] == evaluate_as_ever.symbol) {
            if (found)
                return;
            found = words + i;
        }
    if (found)
        *(old_evaluator *)found = evaluate_old;
}

static void start_new(PyInterpreterState *interpreter)
{
    new_evaluator (*get)(PyInterpreterState *);
    void (*set)(PyInterpreterState *, new_evaluator);
    *(void **)&get = python_api_symbol("_PyInterpreterState_GetEvalFrameFunc");
    *(void **)&set = python_api_symbol("_PyInterpreterState_SetEvalFrameFunc");
    *(void **)&state_id = python_api_symbol("PyThreadState_GetID");
    if (!get || !set || !state_id || get(interpreter) != evaluate_as_ever.new)
        return;
    life += (uint64_t)1 << 32;
    known = identity(python.thread_state());
    set(interpreter, evaluate_new);
}

void thread_frames_start(void)
{
    evaluate_as_ever.symbol = python_api_symbol("_PyEval_EvalFrameDefault");
    if (!evaluate_as_ever.symbol || python.minor > 10)
        return;
    if (python.minor == 8)
        start_old(python.interpreter());
    else
        start_new(python.interpreter());
}

python_evaluator thread_frames_evaluator(void)
{
    if (!evaluate_as_ever.symbol || python.minor > 10)
        return NULL;
    return python.minor == 8 ? (python_evaluator)(void *)evaluate_old
                             : (python_evaluator)(void *)evaluate_new;
}
