/*
 * The engine for CPython 3.8 to 3.11: a trace function in C (on 3.11 where breakpoints.c isn't, or
 * had to give way). It belongs to a thread state, so every one is given it: those that are there
 * when the engine starts, and each new one when its thread is about to be created (hook_thread.c).
 *
 * A thread state has room for one trace function, and the program may want it (a debugger, a tool
 * like ours). Then ours takes its place, its datum stays there, and ours calls it with that as
 * CPython would: sys.settrace's own C half, and whatever else was set with whatever datum. So
 * sys.gettrace, which returns the datum, tells the program what it expects. sys.settrace is
 * replaced to see to this at once; one that is set in C is noticed by its audit event.
 *
 * Runs with the GIL held.
 */
#include "engine.h"

#include "../ledger.h"
#include "api.h"
#include "breakpoints.h"
#include "code_table.h"
#include "frame_lines.h"
#include "source.h"
#include "thread_frames.h"
#include "thread_tracer.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* In a preloaded library this is one instruction instead of a call. */
#define THREAD_LOCAL static _Thread_local __attribute__((tls_model("initial-exec")))

/* Has this thread had an event of ours? Its trace function may be the program's since. */
THREAD_LOCAL bool traced;
/* Are we setting a trace function ourselves, or calling the program's? Then the audit event for one
 * that is set is no news. */
THREAD_LOCAL bool setting, calling;
/* The frame that the last event of this thread came from, and its source: LINE events come in rows
 * from one frame. Not of one that has returned: another may have its address next, and no CALL
 * event if it was there before it was traced. */
THREAD_LOCAL PyFrameObject *last_frame;
THREAD_LOCAL struct source *last_source;
static bool running;
/* What is set for each thread, with arcs or without: alone, or beside the program's. */
static python_trace_function tracer, tracer_beside;
/* Is it known where a thread state has it? */
static bool knows_threads;

/* Of each code object that has run: its source, or with arcs its note. */
static struct code_table decided;
/* What a code object that isn't measured has there: NULL means not decided. */
static struct source not_measured;

/*
 * 3.8 has no function for it, and reading the attribute there is an event for the program's audit
 * hooks: they would see us, and one that runs into the recursion limit would have CPython abort, as
 * we can't hand on its exception. So it is read so once only, to learn where in a frame it is.
 */
static PyObject *old_code_of(PyFrameObject *frame)
{
    enum { PLACES = 9 }; /* The code is among the first of a frame's many pointers. */
    static size_t place;
    PyObject *words[PLACES];
    memcpy(words, frame, sizeof words);
    if (place > 0) {
        python.increment(words[place]);
        return words[place];
    }
    PyObject *code = python.get_attribute((PyObject *)frame, "f_code");
    for (size_t i = 1; code && i < PLACES && place == 0; i++)
        if (words[i] == code)
            place = i;
    return code;
}

static PyObject *code_of(PyFrameObject *frame)
{
    return python.frame_code ? python.frame_code(frame) : old_code_of(frame);
}

static struct source *source_of_new_code(PyFrameObject *frame, PyObject *code)
{
    PyObject *globals = python.get_attribute((PyObject *)frame, "f_globals");
    struct source *source = source_of_code(code, globals);
    if (globals)
        python.decrement(globals);
    python.clear_error();
    return source;
}

static struct source *decide(PyFrameObject *frame, PyObject *code)
{
    struct source *source = source_of_new_code(frame, code);
    (void)code_table_keep(&decided, code, source ? source : &not_measured);
    return source;
}

static struct source *source_of_frame(PyFrameObject *frame)
{
    PyObject *code = code_of(frame);
    if (!code) {
        python.clear_error();
        return NULL;
    }
    struct source *source = code_table_find(&decided, code);
    if (!source)
        source = decide(frame, code);
    python.decrement(code);
    return source == &not_measured ? NULL : source;
}

static void mark_line(PyFrameObject *frame)
{
    if (frame != last_frame) {
        last_source = source_of_frame(frame);
        last_frame = frame;
    }
    int line = last_source ? python.frame_line(frame) : 0;
    if (line > 0)
        source_mark(last_source, (uint32_t)line);
}

static inline void note_event(PyFrameObject *frame, int what)
{
    if (what == PYTHON_TRACE_LINE || what == PYTHON_TRACE_OPCODE) {
        /* Opcodes come where the program asked for them, perhaps instead of lines. */
        mark_line(frame);
    } else if (what == PYTHON_TRACE_CALL) {
        traced = true;
        last_source = source_of_frame(frame);
        last_frame = frame;
    } else if (what == PYTHON_TRACE_RETURN) {
        last_frame = NULL;
    }
}

static int on_trace(PyObject *datum, PyFrameObject *frame, int what, PyObject *value)
{
    (void)datum;
    (void)value;
    note_event(frame, what);
    return 0;
}

/*
 * With arcs: what is kept of a code object, and, of the frame that the last event of
 * this thread came from, its line. The others are in frame_lines.c.
 */
struct code_note {
    struct source *source;
    int32_t first_line;
    bool waits;
};

static struct code_note no_note;
THREAD_LOCAL struct frame_line running_frame;
/* The number of RESUME, 3.11 and newer. */
static int resume_instruction;

static void free_note(void *note)
{
    if (note != &no_note)
        free(note);
}

static const uint8_t *code_bytes(PyObject *code, ssize_t *size, PyObject **owner)
{
    char *start = NULL;
    *owner = python.get_attribute(code, "co_code");
    if (!*owner || python.bytes_get(*owner, &start, size) != 0)
        python.clear_error();
    return (const uint8_t *)start;
}

static void choose_resume(void)
{
    static const uint8_t numbers[] = { [11] = 151, [12] = 151, [13] = 149, [14] = 128, [15] = 128 };
    if (python.minor >= 11 && python.minor < (int)sizeof numbers)
        resume_instruction = numbers[python.minor];
}

/* On a Python that isn't known: a module's body begins with it. */
static void learn_resume(PyObject *code)
{
    PyObject *owner;
    ssize_t size;
    const uint8_t *bytes = code_bytes(code, &size, &owner);
    if (bytes && size > 1 && bytes[1] == 0)
        resume_instruction = bytes[0];
    if (owner)
        python.decrement(owner);
}

static const struct code_note *make_note(PyFrameObject *frame, PyObject *code)
{
    enum { GENERATOR = 0x20, COROUTINE = 0x80, ASYNC_GENERATOR = 0x200, NEW_LOCALS = 0x2 };
    struct source *source = source_of_new_code(frame, code);
    struct code_note *note = source ? malloc(sizeof *note) : &no_note;
    if (!note)
        return &no_note;
    if (source) {
        long flags = python_code_long(code, CODE_FLAGS);
        *note = (struct code_note){
            .source = source,
            .first_line = python_first_line(code),
            .waits = (flags & (GENERATOR | COROUTINE | ASYNC_GENERATOR)) != 0,
        };
        if (python.minor >= 11 && !resume_instruction && !(flags & NEW_LOCALS) && !note->waits)
            learn_resume(code);
    }
    const struct code_note *kept = code_table_keep(&decided, code, note);
    if (kept != note)
        free_note(note);
    return kept ? kept : &no_note;
}

static struct frame_line line_of_new_frame(PyFrameObject *frame)
{
    struct frame_line line = { .frame = frame };
    PyObject *code = code_of(frame);
    if (!code) {
        python.clear_error();
        return line;
    }
    const struct code_note *note = code_table_find(&decided, code);
    if (!note)
        note = make_note(frame, code);
    line.source = note->source;
    line.first_line = note->first_line;
    line.waits = note->waits;
    python.decrement(code);
    return line;
}

static void keep_current(void)
{
    if (running_frame.frame && running_frame.source)
        frame_lines_keep(&running_frame);
    running_frame.frame = NULL;
}

static void mark_line_and_arc(PyFrameObject *frame)
{
    if (frame != running_frame.frame) {
        keep_current();
        if (!frame_lines_take(frame, &running_frame))
            running_frame = line_of_new_frame(frame);
    }
    int line = running_frame.source ? python.frame_line(frame) : 0;
    if (line > 0) {
        source_mark(running_frame.source, (uint32_t)line);
        source_mark_arc(running_frame.source, running_frame.last_line, line);
        running_frame.last_line = line;
    }
}

static long last_instruction(PyFrameObject *frame)
{
    long last = -1;
    PyObject *number = python.get_attribute((PyObject *)frame, "f_lasti");
    if (number) {
        last = python.as_long(number);
        python.decrement(number);
    }
    python.clear_error();
    return last;
}

/* Does a generator's frame, for which a CALL event came, begin, and not go on? */
static bool begins(const uint8_t *code, ssize_t size, long last)
{
    if (python.minor < 11)
        return last < 0;
    return last < 0 || last + 1 >= size || code[last + 1] == 0;
}

/* Does it, for which a RETURN event came, end, and not wait? By the rules of coverage.py. */
static bool ends(const uint8_t *code, ssize_t size, long last)
{
    enum { OLD_YIELD_VALUE = 86, OLD_YIELD_FROM = 72 };
    if (last < 0 || last + 2 >= size)
        return true;
    if (python.minor < 11)
        return code[last] != OLD_YIELD_VALUE && code[last + 2] != OLD_YIELD_FROM;
    return code[python.minor == 13 ? last : last + 2] != resume_instruction;
}

static bool ask_of_generator(PyFrameObject *frame,
                             bool (*question)(const uint8_t *code, ssize_t size, long last))
{
    PyObject *owner = NULL;
    ssize_t size = 0;
    PyObject *code = code_of(frame);
    const uint8_t *bytes = code ? code_bytes(code, &size, &owner) : NULL;
    bool answer = bytes && question(bytes, size, last_instruction(frame));
    if (owner)
        python.decrement(owner);
    if (code)
        python.decrement(code);
    python.clear_error();
    return answer;
}

static void begin_frame(PyFrameObject *frame)
{
    struct frame_line old;
    if (frame != running_frame.frame)
        keep_current();
    (void)frame_lines_take(frame, &old); /* of a frame that ended without an event */
    running_frame = line_of_new_frame(frame);
    if (running_frame.waits && !ask_of_generator(frame, begins))
        running_frame.last_line = python.frame_line(frame);
}

static void end_frame(PyFrameObject *frame)
{
    struct frame_line line = running_frame;
    if (frame == running_frame.frame)
        running_frame.frame = NULL;
    else if (!frame_lines_take(frame, &line))
        return;
    if (!line.source || line.last_line <= 0 || (line.waits && !ask_of_generator(frame, ends)))
        return;
    /* From 3.14 on a line can be left out that only returns. */
    int last = python.minor >= 14 ? python.frame_line(frame) : 0;
    if (last > 0 && last != line.last_line) {
        source_mark(line.source, (uint32_t)last);
        source_mark_arc(line.source, line.last_line, last);
        line.last_line = last;
    }
    source_mark_arc(line.source, line.last_line, -line.first_line);
}

static inline void note_event_with_arcs(PyFrameObject *frame, int what)
{
    if (what == PYTHON_TRACE_LINE || what == PYTHON_TRACE_OPCODE) {
        mark_line_and_arc(frame);
    } else if (what == PYTHON_TRACE_CALL) {
        traced = true;
        begin_frame(frame);
    } else if (what == PYTHON_TRACE_RETURN) {
        end_frame(frame);
    }
}

static int on_trace_with_arcs(PyObject *datum, PyFrameObject *frame, int what, PyObject *value)
{
    (void)datum;
    (void)value;
    note_event_with_arcs(frame, what);
    return 0;
}

/* --- beside the program's ----------------------------------------------------------------------
 */

static int on_trace_beside(PyObject *datum, PyFrameObject *frame, int what, PyObject *value);
static int on_trace_with_arcs_beside(PyObject *datum, PyFrameObject *frame, int what,
                                     PyObject *value);

static bool is_ours(python_trace_function function)
{
    return function == on_trace || function == on_trace_beside || function == on_trace_with_arcs ||
           function == on_trace_with_arcs_beside;
}

static void trace_alone(PyThreadState *state)
{
    setting = true;
    if (!thread_tracer_set(state, tracer, NULL))
        python.clear_error();
    setting = false;
}

/* Puts ours in the place of `programs`, which `state` has. */
static void trace_beside(PyThreadState *state, python_trace_function programs)
{
    if (!thread_tracer_stand_in(state, tracer_beside, programs)) {
        const char *pairs[] = { "reason", "no memory to trace beside the program", NULL };
        ledger_event("lost", pairs);
    }
}

/* Sees to it that ours is called for `state`. True when it was not. */
static bool trace_thread(PyThreadState *state)
{
    if (!knows_threads)
        return false;
    python_trace_function there = thread_tracer_get(state);
    if (is_ours(there))
        return false;
    if (there)
        trace_beside(state, there);
    else
        trace_alone(state);
    return true;
}

/* Calls the program's own trace function as CPython would; `mark` is ours for a line. Not inlined,
 * or each event of ours would save the registers that it needs. */
__attribute__((noinline)) static int trace_for_program(PyObject *datum, PyFrameObject *frame,
                                                       int what, PyObject *value,
                                                       void (*mark)(PyFrameObject *))
{
    PyThreadState *state = python.thread_state();
    python_trace_function programs = thread_tracer_programs(state);
    if (!programs)
        return 0;
    bool outer = calling;
    calling = true;
    int result = programs(datum, frame, what, value);
    calling = outer;
    /* It may have dropped itself, set another, or failed and be dropped for that. */
    if (!is_ours(thread_tracer_get(state))) {
        PyObject *type, *exception, *traceback;
        python.fetch_error(&type, &exception, &traceback);
        trace_thread(state);
        python.restore_error(type, exception, traceback);
    }
    /* A debugger may have jumped to another line, for which there is no event. */
    if (what == PYTHON_TRACE_LINE && result == 0)
        mark(frame);
    return result;
}

static int on_trace_beside(PyObject *datum, PyFrameObject *frame, int what, PyObject *value)
{
    note_event(frame, what);
    return trace_for_program(datum, frame, what, value, mark_line);
}

static int on_trace_with_arcs_beside(PyObject *datum, PyFrameObject *frame, int what,
                                     PyObject *value)
{
    note_event_with_arcs(frame, what);
    return trace_for_program(datum, frame, what, value, mark_line_and_arc);
}

/* --- which thread states have ours -------------------------------------------------------------
 */

void trace_this_thread(void)
{
    if (running && !traced) {
        traced = true;
        trace_thread(python.thread_state());
    }
}

void trace_this_state(void)
{
    /* An address may be another state's by now, and a number is one's of its interpreter alone. */
    THREAD_LOCAL uint64_t seen;
    THREAD_LOCAL int64_t seen_interpreter;
    if (!running || !python.thread_number)
        return;
    PyThreadState *state = python.thread_state();
    uint64_t number = python.thread_number(state);
    int64_t interpreter = python_interpreter_id();
    if (number == seen && interpreter == seen_interpreter)
        return;
    seen = number;
    seen_interpreter = interpreter;
    trace_thread(state);
}

/* Sets ours for the current thread, where it is to be learned yet how. */
static enum thread_tracer_result trace_first_thread(void)
{
    python_trace_function programs = NULL;
    setting = true;
    enum thread_tracer_result result = thread_tracer_learn(tracer, &programs);
    setting = false;
    knows_threads = result == THREAD_TRACER_LEARNED;
    if (knows_threads && programs)
        trace_beside(python.thread_state(), programs);
    return result;
}

/* Of the current interpreter. True when one had another than ours. */
static bool trace_all_threads(void)
{
    bool any = !knows_threads && trace_first_thread() == THREAD_TRACER_LEARNED;
    PyThreadState *state = python.first_thread(python.interpreter());
    for (; state && knows_threads; state = python.next_thread(state))
        any |= trace_thread(state);
    return any;
}

/*
 * Somebody is about to set a trace function in C, for the current thread, and nothing tells that it
 * is done. What comes next in the main thread is a pending call, and in the others that a Python
 * function is called: a frame evaluator (PEP 523) sees the first ones.
 */
enum { CALLS_TO_SEE = 64 }; /* audit hooks of the program may be among them */
static int calls_to_see;
static python_evaluator evaluator_before; /* CPython's own, or that of thread_frames.h */

/* Where the current interpreter has its evaluator, which is `known`. 3.8 has no function for it;
 * some way down the struct, with many words behind it. NULL: it is another. */
static _Atomic(python_evaluator) *old_place_of(python_evaluator known)
{
    enum { WORDS = 128 };
    _Atomic(python_evaluator) *words = (void *)python.interpreter();
    size_t place = 0;
    while (place < WORDS && atomic_load(&words[place]) != known)
        place++;
    return place < WORDS ? &words[place] : NULL;
}

/* Replaces the evaluator of the current interpreter where it is `known`. */
static bool replace_evaluator(python_evaluator known, python_evaluator other)
{
    if (python.set_evaluator && python.get_evaluator) {
        if (python.get_evaluator(python.interpreter()) != known)
            return false;
        python.set_evaluator(python.interpreter(), other);
        return true;
    }
    _Atomic(python_evaluator) *place = python.minor == 8 ? old_place_of(known) : NULL;
    if (place)
        atomic_store(place, other);
    return place != NULL;
}

static PyObject *see_call(PyThreadState *state, void *frame, int throwing)
{
    int saved = errno;
    PyObject *type = NULL, *value = NULL, *traceback = NULL;
    if (throwing)
        python.fetch_error(&type, &value, &traceback);
    if (trace_all_threads() || --calls_to_see <= 0)
        replace_evaluator(see_call, evaluator_before);
    if (throwing)
        python.restore_error(type, value, traceback);
    errno = saved;
    return evaluator_before(state, frame, throwing);
}

void trace_new_state(void)
{
    if (!running)
        return;
    traced = true;
    trace_thread(python.thread_state());
}

/* From 3.12 on, where trace functions are the last resort, the pending call has to do. Another
 * tool's evaluator stays. */
static void see_next_calls(void)
{
    if (!python.evaluate_frame || python.minor >= 12)
        return;
    calls_to_see = CALLS_TO_SEE;
    python_evaluator possible[] = { python.evaluate_frame, thread_frames_evaluator() };
    for (size_t i = 0; i < sizeof possible / sizeof possible[0]; i++)
        if (possible[i] && replace_evaluator(possible[i], see_call)) {
            evaluator_before = possible[i];
            return;
        }
}

static int on_pending(void *unused)
{
    (void)unused;
    trace_all_threads();
    if (!knows_threads) {
        const char *pairs[] = { "reason", "no trace function could be set", NULL };
        ledger_event("lost", pairs);
    }
    return 0;
}

static void trace_soon(void)
{
    if (python.add_pending_call(on_pending, NULL) != 0)
        python.clear_error();
    see_next_calls();
}

void trace_about_to_be_set(void)
{
    if (running && !setting && !calling)
        trace_soon();
}

/* --- sys.settrace ------------------------------------------------------------------------------
 */

static const char key_of_original[] = "covfork.settrace";

/* The interpreter keeps it, and drops it as it ends. */
static PyObject *original_set_trace(void)
{
    PyObject *kept = python.interpreter_dict(python.interpreter());
    return kept ? python.dict_get(kept, key_of_original) : NULL;
}

/* sys.settrace(function). */
static PyObject *set_trace(PyObject *self, PyObject *function)
{
    (void)self;
    if (!running && function != python.none)
        breakpoints_give_way();
    if (running) {
        bool outer = setting;
        setting = true;
        PyObject *original = function == python.none ? NULL : original_set_trace();
        PyObject *result = original ? python.call(original, function, NULL) : NULL;
        bool done =
            original ? result != NULL : thread_tracer_set(python.thread_state(), tracer, NULL);
        setting = outer;
        if (result)
            python.decrement(result);
        if (!done)
            return NULL;
        traced = true;
        trace_thread(python.thread_state());
    }
    python.increment(python.none);
    return python.none;
}

static struct python_method set_trace_method = {
    "settrace", (void *)set_trace, PYTHON_METH_O,
    "settrace(function)\n\nSet the global debug tracing function.  It will be called on each\n"
    "function call.  See the debugger chapter in the library manual."
};

static PyObject *system_module(void)
{
    PyObject *modules = python.sys_get_object("modules");
    return modules ? python.dict_get(modules, "sys") : NULL;
}

void trace_replace_set_trace(void)
{
    PyObject *sys = python.interpreter_dict ? system_module() : NULL;
    PyObject *kept = sys ? python.interpreter_dict(python.interpreter()) : NULL;
    PyObject *original = kept ? python.get_attribute(sys, "settrace") : NULL;
    PyObject *module = original ? python.new_string("sys") : NULL;
    PyObject *function = module ? python.new_function(&set_trace_method, sys, module) : NULL;
    if (function && python.dict_set(kept, key_of_original, original) == 0)
        python.set_attribute(sys, "settrace", function);
    if (function)
        python.decrement(function);
    if (module)
        python.decrement(module);
    if (original)
        python.decrement(original);
    python.clear_error();
}

/* Is `function` of the library or program that CPython is in? */
static bool is_pythons(void *function)
{
    Dl_info own, other;
    return dladdr((void *)python.add_audit_hook, &own) && dladdr(function, &other) &&
           own.dli_fbase == other.dli_fbase;
}

void trace_expect_thread(void *(*start)(void *))
{
    /* That the GIL is held is what CPython says to all where there was a subinterpreter. */
    if (!running || !is_pythons((void *)start) || !python.holds_gil() ||
        (python.current_thread && !python.current_thread()))
        return;
    /* CPython makes the new thread's state before the thread, and puts it first in the list. */
    PyThreadState *state = python.first_thread(python.interpreter());
    if (state && state != python.thread_state())
        trace_thread(state);
}

int trace_prepare(void)
{
    decided.drop = source_wants_arcs() ? free_note : NULL;
    if (code_table_start(&decided) == 0)
        return 0;
    const char *pairs[] = { "reason", "the code objects of this Python are not as expected", NULL };
    ledger_event("lost", pairs);
    return -1;
}

void trace_begin_life(void)
{
    running = false;
    knows_threads = false;
}

void trace_start_prepared(void)
{
    tracer = source_wants_arcs() ? on_trace_with_arcs : on_trace;
    tracer_beside = source_wants_arcs() ? on_trace_with_arcs_beside : on_trace_beside;
    choose_resume();
    const char *pairs[] = { "engine", "native", "tool", "trace", NULL };
    ledger_event("engine", pairs);
    running = true;
    traced = true;
    if (!trace_all_threads())
        trace_soon(); /* the program is just setting one: 3.11 allows no other meanwhile */
}

int trace_start(void)
{
    if (trace_prepare() != 0)
        return -1;
    trace_replace_set_trace();
    trace_start_prepared();
    return 0;
}
