/*
 * The engine for CPython 3.8 to 3.11: a trace function in C (on 3.11 where breakpoints.c isn't, or
 * had to give way). It belongs to a thread state, so every one is given it: those that are there
 * when the engine starts, and each new one when its thread is about to be created (hook_thread.c).
 *
 * A thread state has room for one trace function, and the program may want it (a debugger, a tool
 * like ours): then ours stays, with the program's as its datum, and calls that as CPython would.
 * sys.gettrace, which returns the datum, tells the program what it expects. sys.settrace is
 * replaced to see to this; a tool that uses the C function is noticed by its audit event and taken
 * over right after (in its own form it takes a Python call as well as a C one: coverage.py's does).
 *
 * Runs with the GIL held.
 */
#include "engine.h"

#include "../ledger.h"
#include "api.h"
#include "breakpoints.h"
#include "frame_lines.h"
#include "source.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static ssize_t extra = -1;
/* In a preloaded library this is one instruction instead of a call. */
#define THREAD_LOCAL static _Thread_local __attribute__((tls_model("initial-exec")))

/* Has this thread had an event of ours? Its trace function may be the program's since. */
THREAD_LOCAL bool traced;
/* Are we setting a trace function ourselves? Then its audit event is no news. */
THREAD_LOCAL bool setting;
/* Was another one set by other means than sys.settrace? */
THREAD_LOCAL bool replaced;
/* The frame that the last event of this thread came from, and its source: LINE events come in rows
 * from one frame. Not of one that has returned: another may have its address next, and no CALL
 * event if it was there before it was traced. */
THREAD_LOCAL PyFrameObject *last_frame;
THREAD_LOCAL struct source *last_source;
static bool running;
/* What is set for each thread: with arcs or without. */
static python_trace_function tracer;

/* What a code object that isn't measured has in its slot: NULL means not decided. */
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
    if (python.extra_set(code, extra, source ? source : &not_measured) != 0)
        python.clear_error();
    return source;
}

static struct source *source_of_frame(PyFrameObject *frame)
{
    PyObject *code = code_of(frame);
    void *source = NULL;
    if (!code) {
        python.clear_error();
        return NULL;
    }
    if (python.extra_get(code, extra, &source) != 0)
        python.clear_error();
    if (!source)
        source = decide(frame, code);
    python.decrement(code);
    return source == &not_measured ? NULL : source;
}

static void trace_thread(PyThreadState *state, PyObject *programs);
static int take_over(void *unused);

/* Calls the program's trace function as sys.settrace's own C half does. 0 or -1 with its exception.
 */
static int call_programs(PyObject *function, PyFrameObject *frame, int what, PyObject *value)
{
    static const char *const names[] = { "call",   "exception",   "line",     "return",
                                         "c_call", "c_exception", "c_return", "opcode" };
    PyObject *callback = function;
    if (what == PYTHON_TRACE_CALL)
        python.increment(callback);
    else
        callback = python.get_attribute((PyObject *)frame, "f_trace");
    if (!callback)
        return -1;
    if (callback == python.none) {
        python.decrement(callback);
        return 0;
    }
    PyObject *name = python.new_string(names[what]);
    PyObject *result = NULL;
    if (name && python.fast_to_locals(frame) == 0) {
        result = python.call(callback, (PyObject *)frame, name, value ? value : python.none, NULL);
        python.locals_to_fast(frame, 1);
        if (!result)
            python.add_traceback(frame);
    }
    if (name)
        python.decrement(name);
    python.decrement(callback);
    if (!result)
        return -1;
    if (result != python.none)
        python.set_attribute((PyObject *)frame, "f_trace", result);
    python.decrement(result);
    return 0;
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

/* Calls the program's own trace function; `mark` is ours for a line. Not inlined, or each event of
 * ours would save the registers that it needs. */
__attribute__((noinline)) static int trace_for_program(PyObject *programs, PyFrameObject *frame,
                                                       int what, PyObject *value,
                                                       void (*mark)(PyFrameObject *))
{
    /* It may drop itself, and with it the last reference; it may set another, in C too. */
    python.increment(programs);
    replaced = false;
    int result = call_programs(programs, frame, what, value);
    if (replaced)
        take_over(NULL);
    /* A debugger may have jumped to another line, for which there is no event. */
    if (what == PYTHON_TRACE_LINE && result == 0)
        mark(frame);
    if (result != 0)
        trace_thread(python.thread_state(), NULL);
    python.decrement(programs);
    return result;
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

__attribute__((noinline)) static int trace_for_both(PyObject *programs, PyFrameObject *frame,
                                                    int what, PyObject *value)
{
    note_event(frame, what);
    if (what > PYTHON_TRACE_OPCODE)
        return 0;
    return trace_for_program(programs, frame, what, value, mark_line);
}

static int on_trace(PyObject *programs, PyFrameObject *frame, int what, PyObject *value)
{
    if (programs)
        return trace_for_both(programs, frame, what, value);
    note_event(frame, what);
    return 0;
}

/*
 * With arcs: what is kept of a code object in its slot, and, of the frame that the last event of
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

static struct code_note *make_note(PyFrameObject *frame, PyObject *code)
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
    if (python.extra_set(code, extra, note) != 0) {
        python.clear_error();
        free_note(note);
        return &no_note;
    }
    return note;
}

static struct frame_line line_of_new_frame(PyFrameObject *frame)
{
    struct frame_line line = { .frame = frame };
    void *found = NULL;
    PyObject *code = code_of(frame);
    if (!code) {
        python.clear_error();
        return line;
    }
    if (python.extra_get(code, extra, &found) != 0)
        python.clear_error();
    const struct code_note *note = found ? found : make_note(frame, code);
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

static int on_trace_with_arcs(PyObject *programs, PyFrameObject *frame, int what, PyObject *value)
{
    if (what == PYTHON_TRACE_LINE || what == PYTHON_TRACE_OPCODE) {
        mark_line_and_arc(frame);
    } else if (what == PYTHON_TRACE_CALL) {
        traced = true;
        begin_frame(frame);
    } else if (what == PYTHON_TRACE_RETURN) {
        end_frame(frame);
    }
    if (!programs || what > PYTHON_TRACE_OPCODE)
        return 0;
    return trace_for_program(programs, frame, what, value, mark_line_and_arc);
}

/* Traces `state`, and has the program's trace function called too where there is one. */
static void trace_thread(PyThreadState *state, PyObject *programs)
{
    setting = true;
    if (python.set_trace_of) {
        if (python.set_trace_of(state, tracer, programs) != 0)
            python.clear_error();
    } else {
        /* 3.8 sets it for the current thread state only: with the GIL held, that can be any. */
        PyThreadState *current = python.swap_thread(state);
        python.set_trace(tracer, programs);
        python.swap_thread(current);
    }
    setting = false;
}

void trace_this_thread(void)
{
    if (running && !traced) {
        traced = true;
        trace_thread(python.thread_state(), NULL);
    }
}

/* What sys.gettrace would return for the current thread; NULL for none. Caller releases it. */
static PyObject *programs_function(void)
{
    PyObject *get = python.sys_get_object("gettrace");
    PyObject *function = get ? python.call(get, NULL) : NULL;
    if (!function)
        python.clear_error();
    if (function == python.none) {
        python.decrement(function);
        function = NULL;
    }
    return function;
}

/* Keeps what the program has set for that thread already. */
static void trace_other_thread(PyThreadState *state)
{
    PyThreadState *current = python.swap_thread(state);
    PyObject *programs = programs_function();
    python.swap_thread(current);
    trace_thread(state, programs);
    if (programs)
        python.decrement(programs);
}

void trace_new_state(void)
{
    if (!running)
        return;
    traced = true;
    trace_other_thread(python.thread_state());
}

/* A C trace function was set in place of ours: ours again, with that one's object as its datum. */
static int take_over(void *unused)
{
    (void)unused;
    PyObject *programs = programs_function();
    trace_thread(python.thread_state(), programs);
    if (programs)
        python.decrement(programs);
    return 0;
}

void trace_about_to_be_set(void)
{
    if (!running || setting)
        return;
    replaced = true;
    /* Runs in the main thread; in others the function stays the program's until its next call. */
    if (python.add_pending_call(take_over, NULL) != 0)
        python.clear_error();
}

/* sys.settrace(function). */
static PyObject *set_trace(PyObject *self, PyObject *function)
{
    (void)self;
    if (!running && function != python.none)
        breakpoints_give_way();
    if (running) {
        traced = true;
        trace_thread(python.thread_state(), function == python.none ? NULL : function);
    }
    python.increment(python.none);
    return python.none;
}

static struct python_method set_trace_method = {
    "settrace", (void *)set_trace, PYTHON_METH_O,
    "settrace(function)\n\nSet the global debug tracing function.  It will be called on each\n"
    "function call.  See the debugger chapter in the library manual."
};

void trace_replace_set_trace(void)
{
    if (!python.fast_to_locals || !python.locals_to_fast)
        return;
    PyObject *modules = python.sys_get_object("modules");
    PyObject *sys = modules ? python.dict_get(modules, "sys") : NULL;
    PyObject *function = sys ? python.new_function(&set_trace_method, sys, NULL) : NULL;
    if (function) {
        python.set_attribute(sys, "settrace", function);
        python.decrement(function);
    }
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
        trace_other_thread(state);
}

int trace_take_slot(void)
{
    /* An index an interpreter; the same one in all of them, unless another tool was there first. */
    ssize_t index = python.extra_index(source_wants_arcs() ? free_note : NULL);
    if (index < 0 || (extra >= 0 && index != extra)) {
        const char *pairs[] = { "reason", "no slot in code objects is free", NULL };
        ledger_event("lost", pairs);
        return -1;
    }
    extra = index;
    return 0;
}

void trace_begin_life(void)
{
    running = false;
    extra = -1;
}

void trace_start_with_slot(void)
{
    tracer = source_wants_arcs() ? on_trace_with_arcs : on_trace;
    choose_resume();
    const char *pairs[] = { "engine", "native", "tool", "trace", NULL };
    ledger_event("engine", pairs);
    running = true;
    traced = true;
    PyThreadState *state = python.first_thread(python.interpreter());
    for (; state; state = python.next_thread(state))
        trace_other_thread(state);
}

int trace_start(void)
{
    if (trace_take_slot() != 0)
        return -1;
    trace_replace_set_trace();
    trace_start_with_slot();
    return 0;
}
