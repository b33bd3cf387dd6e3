/*
 * The engine for CPython 3.11 where lines alone are asked for. 3.11 can't trace at full speed: its
 * trace function slows each instruction down. So measured code has breakpoints.
 *
 * A frame evaluator (PEP 523) is installed. It sees each frame before it runs; where one has code
 * that is measured and new, each instruction of it that belongs to a line becomes a RETURN_VALUE.
 * That makes CPython's own evaluator return to ours, with the frame as it was but for the value it
 * "returned", which is still in its place and isn't touched. Ours marks the line, puts back what
 * was there, steps back and has CPython's go on, as it goes on with a generator. Each line of a
 * code object costs that once. Code without breakpoints pays for the call of our evaluator only.
 *
 * This holds while every measured frame is run by us, and nobody is told of returns. So all is put
 * back, and the trace function takes over for good, as soon as the program is about to trace or
 * profile, another evaluator may be about to be installed, or the C stack, which calls of Python
 * functions need while there is an evaluator, runs short.
 *
 * Runs with the GIL held.
 */
#include "breakpoints.h"

#include "../ledger.h"
#include "code_table.h"
#include "engine.h"
#include "line_table.h"
#include "loaded_objects.h"
#include "python_311.h"
#include "source.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define THREAD_LOCAL static _Thread_local __attribute__((tls_model("initial-exec")))

static const char setter[] = "_PyInterpreterState_SetEvalFrameFunc";

/* An instruction and its inline caches are not longer. */
#define LONGEST_INSTRUCTION 16

/* What code_table.h keeps of a measured code object: freed with it. All of them are in a list, for
 * the day that the breakpoints must go. */
struct slot {
    struct slot *next, *previous;
    struct code_311 *code; /* not owned: we go with it */
    struct source *source;
    uint32_t *lines; /* owned; of each unit that has a breakpoint, else 0. NULL: none has one */
    size_t left;     /* breakpoints */
    int64_t interpreter;
};

static struct slot *slots;
static struct slot not_measured;
static python_311_compare compare;
static enum { NOT_STARTED, RUNNING, GAVE_WAY } state;

/* The part of this thread's stack that is kept for C: from `stack_low` up to `stack_middle`. */
THREAD_LOCAL uintptr_t stack_low, stack_middle = UINTPTR_MAX;

static void free_slot(void *pointer)
{
    struct slot *slot = pointer;
    if (slot == &not_measured)
        return;
    if (slot->previous)
        slot->previous->next = slot->next;
    else
        slots = slot->next;
    if (slot->next)
        slot->next->previous = slot->previous;
    free(slot->lines);
    free(slot);
}

static struct code_table decided = { .drop = free_slot };

static void add_slot(struct slot *slot)
{
    slot->next = slots;
    if (slots)
        slots->previous = slot;
    slots = slot;
}

static const uint8_t *original_of(const struct code_311 *code)
{
    char *bytes = NULL;
    ssize_t size;
    if (python.bytes_get(code->original, &bytes, &size) != 0)
        python.clear_error();
    return (const uint8_t *)bytes;
}

/* --- breakpoints in code -----------------------------------------------------------------------
 */

/* Can `unit` have one? A RESUME is looked for by CPython, and what follows an EXTENDED_ARG is
 * reached through that alone. */
static bool may_break(const uint8_t *original, size_t unit)
{
    uint8_t opcode = original[unit * 2];
    return opcode != OPCODE_311_CACHE && opcode != OPCODE_311_RESUME &&
           original[unit * 2 - 2] != OPCODE_311_EXTENDED_ARG;
}

/* Where a LINE event would come: for each instruction with a line after the first RESUME, which is
 * an event of its own. */
static void choose_units(struct slot *slot, const uint8_t *original)
{
    size_t count = (size_t)slot->code->unit_count;
    size_t first = (size_t)slot->code->first_traceable + 1;
    for (size_t unit = 0; unit < count; unit++) {
        if (unit < first || !may_break(original, unit))
            slot->lines[unit] = 0;
        slot->left += slot->lines[unit] != 0;
    }
}

static void write_breakpoints(const struct slot *slot)
{
    for (size_t unit = 0; unit < (size_t)slot->code->unit_count; unit++)
        if (slot->lines[unit])
            slot->code->units[unit * 2] = OPCODE_311_RETURN_VALUE;
}

static void write_originals(const struct slot *slot)
{
    const uint8_t *original = original_of(slot->code);
    for (size_t unit = 0; unit < (size_t)slot->code->unit_count; unit++)
        if (slot->lines[unit])
            slot->code->units[unit * 2] = original[unit * 2];
}

static void forget_lines(struct slot *slot)
{
    free(slot->lines);
    slot->lines = NULL;
    slot->left = 0;
}

/* Puts back, from `unit` on, what belongs to its line. What is left of it elsewhere comes when it
 * is run. The form that it would have by now if it had been there: hot code may be reached late. */
static void clear_line(struct slot *slot, size_t unit)
{
    struct code_311 *code = slot->code;
    const uint8_t *original = original_of(code);
    size_t count = (size_t)code->unit_count, end = unit, gap = 0;
    uint32_t line = slot->lines[unit];
    static const struct quickening as_it_was;
    const struct quickening *known = code->warm_up == 0 ? &python_311.quickening : &as_it_was;
    for (size_t at = unit; at < count && gap < LONGEST_INSTRUCTION; at++) {
        if (slot->lines[at] && slot->lines[at] != line)
            break;
        gap = slot->lines[at] ? 0 : gap + 1;
        if (gap == 0)
            end = at + 1;
    }
    for (size_t at = unit; at < end; at++) {
        if (!slot->lines[at])
            continue;
        size_t run = 1;
        while (at + run < end && slot->lines[at + run])
            run++;
        quickening_apply(known, code->units + at * 2, original + at * 2, run);
        memset(slot->lines + at, 0, run * sizeof slot->lines[0]);
        slot->left -= run;
        at += run;
    }
    if (slot->left == 0)
        forget_lines(slot);
}

/* Does the frame stand at a breakpoint, and not at what CPython has run? */
static bool is_at_breakpoint(const struct slot *slot, const struct frame_311 *frame)
{
    if (!slot->lines || frame->previous_unit < slot->code->units)
        return false;
    size_t unit = (size_t)(frame->previous_unit - slot->code->units) / 2;
    return unit < (size_t)slot->code->unit_count && slot->lines[unit] != 0;
}

static void pass_breakpoint(struct slot *slot, struct frame_311 *frame)
{
    size_t unit = (size_t)(frame->previous_unit - slot->code->units) / 2;
    uint32_t line = slot->lines[unit];
    frame->stack_top++;
    frame->previous_unit -= 2;
    clear_line(slot, unit);
    source_mark(slot->source, line);
}

__attribute__((noinline)) static PyObject *
run_to_breakpoints(PyThreadState *thread, struct frame_311 *frame, int throwing, struct slot *slot)
{
    for (;;) {
        PyObject *result = python_311.evaluate(thread, frame, throwing);
        if (!is_at_breakpoint(slot, frame) || python_311.error())
            return result;
        pass_breakpoint(slot, frame);
        throwing = 0;
    }
}

/* --- what is measured --------------------------------------------------------------------------
 */

/* Of measured code that never ran. NULL: it can't have breakpoints. */
static struct slot *make_slot(struct code_311 *code, struct source *source)
{
    PyObject *original = python_311.original_code(code); /* and the code keeps it */
    size_t count = (size_t)code->unit_count;
    struct slot *slot = calloc(1, sizeof *slot);
    uint32_t *lines = calloc(count, sizeof *lines);
    if (original)
        python.decrement(original);
    if (!slot || !lines || !original || code->warm_up != python_311.fresh_warm_up) {
        free(lines);
        free(slot);
        return NULL;
    }
    line_table_units(lines, count, (PyObject *)code);
    *slot = (struct slot){
        .code = code, .source = source, .lines = lines, .interpreter = python_interpreter_id()
    };
    choose_units(slot, original_of(code));
    if (slot->left == 0)
        forget_lines(slot);
    return slot;
}

static struct slot *decide_on(struct frame_311 *frame)
{
    struct code_311 *code = frame->code;
    struct source *source =
        state == RUNNING ? source_of_code((PyObject *)code, frame->globals) : NULL;
    struct slot *slot = source ? make_slot(code, source) : &not_measured;
    if (slot && code_table_keep(&decided, (PyObject *)code, slot)) {
        if (slot->lines)
            write_breakpoints(slot);
        if (source)
            add_slot(slot);
        return slot;
    }
    if (slot && slot != &not_measured) {
        free(slot->lines);
        free(slot);
    }
    /* It runs now, and can't have any when it runs again. */
    if (source)
        breakpoints_give_way();
    return &not_measured;
}

__attribute__((noinline)) static struct slot *decide(struct frame_311 *frame, int throwing)
{
    int saved = errno;
    PyObject *type = NULL, *value = NULL, *traceback = NULL;
    if (throwing)
        python.fetch_error(&type, &value, &traceback);
    struct slot *slot = decide_on(frame);
    if (throwing)
        python.restore_error(type, value, traceback);
    errno = saved;
    return slot;
}

/* --- the C stack -------------------------------------------------------------------------------
 */

static void measure_stack(uintptr_t here)
{
    enum { UNLIMITED = 64 << 20 };
    pthread_attr_t attributes;
    void *low;
    size_t size;
    stack_low = stack_middle = 0;
    if (syscall(SYS_gettid) == getpid()) {
        /* It grows down from about here; what the C library would do is to read a file. */
        struct rlimit limit;
        size = UNLIMITED;
        if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < UNLIMITED)
            size = limit.rlim_cur;
        uintptr_t top = (uintptr_t)environ;
        if (top < here || top - here > size)
            top = here;
        stack_low = top > size ? top - size : 0;
        stack_middle = stack_low + size / 2;
    } else if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
            stack_low = (uintptr_t)low;
            stack_middle = stack_low + size / 2;
        }
        pthread_attr_destroy(&attributes);
    }
}

__attribute__((noinline)) static void see_to_stack(uintptr_t here, int throwing)
{
    int saved = errno;
    if (stack_middle == UINTPTR_MAX)
        measure_stack(here);
    /* Below it, the stack is one of the program's own making. */
    if (here >= stack_low && here < stack_middle && state == RUNNING) {
        PyObject *type = NULL, *value = NULL, *traceback = NULL;
        if (throwing)
            python.fetch_error(&type, &value, &traceback);
        breakpoints_give_way();
        if (throwing)
            python.restore_error(type, value, traceback);
    }
    errno = saved;
}

/* --- the evaluator -----------------------------------------------------------------------------
 */

static PyObject *evaluate(PyThreadState *thread, struct frame_311 *frame, int throwing)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (__builtin_expect(here < stack_middle, 0))
        see_to_stack(here, throwing);
    struct slot *slot = code_table_find(&decided, (PyObject *)frame->code);
    if (__builtin_expect(!slot, 0))
        slot = decide(frame, throwing);
    if (!slot->lines)
        return python_311.evaluate(thread, frame, throwing);
    return run_to_breakpoints(thread, frame, throwing, slot);
}

/* --- that two code objects are equal -----------------------------------------------------------
 */

static struct slot *slot_with_breakpoints(PyObject *object)
{
    struct slot *slot = python_is_code(object) ? code_table_find(&decided, object) : NULL;
    return slot && slot->lines ? slot : NULL;
}

/* CPython compares the instructions as they are executed. */
static PyObject *compare_codes(PyObject *self, PyObject *other, int operation)
{
    PyObject *both[] = { self, other };
    for (size_t i = 0; i < 2; i++) {
        struct slot *slot = slot_with_breakpoints(both[i]);
        if (slot)
            write_originals(slot);
    }
    PyObject *result = compare(self, other, operation);
    for (size_t i = 0; i < 2; i++) {
        const struct slot *slot = slot_with_breakpoints(both[i]);
        if (slot)
            write_breakpoints(slot);
    }
    return result;
}

static void start_comparing(void)
{
    if (*python_311.compare == compare_codes)
        return;
    compare = *python_311.compare;
    *python_311.compare = compare_codes;
}

static void stop_comparing(void)
{
    if (compare && *python_311.compare == compare_codes)
        *python_311.compare = compare;
}

/* --- start and end ------------------------------------------------------------------------------
 */

/* Is measured code running in `thread`? Its frames would be none of ours. */
static bool runs_measured_code(PyThreadState *thread)
{
    bool runs = false;
    PyFrameObject *frame = python_311.thread_frame(thread);
    while (frame && !runs) {
        PyObject *owner = NULL;
        PyObject *code = python.frame_code(frame);
        const char *name = code ? python_code_text(code, CODE_FILE_NAME, &owner) : NULL;
        runs = name && name[0] != '<' && source_may_be_measured(name);
        if (owner)
            python.decrement(owner);
        if (code)
            python.decrement(code);
        PyFrameObject *back = python_311.frame_back(frame);
        python.decrement((PyObject *)frame);
        frame = back;
    }
    if (frame)
        python.decrement((PyObject *)frame);
    return runs;
}

static bool any_thread_runs_measured_code(void)
{
    PyThreadState *thread = python.first_thread(python.interpreter());
    for (; thread; thread = python.next_thread(thread))
        if (runs_measured_code(thread))
            return true;
    return false;
}

/* Is there nobody else, and nothing that would be in the way? */
static bool is_free(PyInterpreterState *interpreter)
{
    const void *own = (const void *)python.add_audit_hook;
    return python_311.get_evaluator(interpreter) == python_311.evaluate &&
           !loaded_objects_new_names(own, setter) && !any_thread_runs_measured_code();
}

static bool is_possible(void)
{
    if (state == GAVE_WAY || source_wants_arcs() || python.minor != 11 || !python.frame_code)
        return false;
    /* With assertions an evaluator that isn't at its end does not return. */
    return !loaded_object_names((const void *)python.add_audit_hook, "__assert_fail") &&
           python_311_is_known();
}

bool breakpoints_start(void)
{
    PyInterpreterState *interpreter = python.interpreter();
    if (!is_possible() || !is_free(interpreter)) {
        /* A trace function belongs to threads, of whichever interpreter. */
        breakpoints_give_way();
        return false;
    }
    if (trace_prepare() != 0 || code_table_start(&decided) != 0)
        return true; /* there is no other way either */
    start_comparing();
    trace_replace_set_trace();
    const char *pairs[] = { "engine", "native", "tool", "breakpoints", NULL };
    ledger_event("engine", pairs);
    state = RUNNING;
    python_311.set_evaluator(interpreter, evaluate);
    return true;
}

static void clear_interpreter(int64_t interpreter)
{
    for (struct slot *slot = slots; slot; slot = slot->next)
        if (slot->interpreter == interpreter && slot->lines) {
            write_originals(slot);
            forget_lines(slot);
        }
}

static void trace_interpreter(PyInterpreterState *interpreter)
{
    PyThreadState *current = python.thread_state();
    if (interpreter == python.interpreter()) {
        trace_start_prepared();
        return;
    }
    PyThreadState *other = python.first_thread(interpreter);
    if (!other)
        return;
    python.swap_thread(other);
    trace_start_prepared();
    python.swap_thread(current);
}

void breakpoints_give_way(void)
{
    bool ran = state == RUNNING;
    state = GAVE_WAY;
    if (!ran)
        return;
    int saved = errno;
    stop_comparing();
    PyInterpreterState *interpreter = python_311.first_interpreter();
    for (; interpreter; interpreter = python_311.next_interpreter(interpreter)) {
        clear_interpreter(python.interpreter_id(interpreter));
        if (python_311.get_evaluator(interpreter) != evaluate)
            continue;
        python_311.set_evaluator(interpreter, python_311.evaluate);
        trace_interpreter(interpreter);
    }
    errno = saved;
}

/* ctypes.dlsym: (dll, name). */
static bool asks_for_setter(PyObject *arguments)
{
    PyObject *owner = NULL;
    PyObject *name = python.tuple_size(arguments) > 1 ? python.tuple_get(arguments, 1) : NULL;
    const char *text = name ? python_text(name, &owner) : NULL;
    bool asks = text && strcmp(text, setter) == 0;
    if (owner)
        python.decrement(owner);
    return asks;
}

/* import: (module, file, …), where the file is that of a library that is about to be loaded; else
 * None. It may set the evaluator while it is. */
static bool imports_setter(PyObject *arguments)
{
    PyObject *owner = NULL;
    PyObject *path = python.tuple_size(arguments) > 1 ? python.tuple_get(arguments, 1) : NULL;
    const char *text = path && path != python.none ? python_text(path, &owner) : NULL;
    bool imports = text && library_file_names(text, setter);
    if (owner)
        python.decrement(owner);
    return imports;
}

/* May somebody be about to set an evaluator? */
static bool threatens(const char *event, PyObject *arguments)
{
    if (strcmp(event, "import") == 0 && imports_setter(arguments))
        return true;
    if (strcmp(event, "ctypes.dlsym") == 0 && asks_for_setter(arguments))
        return true;
    return (strcmp(event, "exec") == 0 || strcmp(event, "import") == 0 ||
            strcmp(event, "ctypes.dlsym") == 0) &&
           loaded_objects_new_names((const void *)python.add_audit_hook, setter);
}

void breakpoints_see_event(const char *event, PyObject *arguments)
{
    if (strcmp(event, "sys.settrace") == 0 || strcmp(event, "sys.setprofile") == 0 ||
        (state == RUNNING && threatens(event, arguments)))
        breakpoints_give_way();
    else if (strcmp(event, "cpython._PySys_ClearAuditHooks") == 0)
        stop_comparing(); /* what is initialized next has code that isn't ours */
}

void breakpoints_begin_life(void)
{
    for (struct slot *slot = slots; slot; slot = slot->next)
        slot->interpreter = -1;
    if (state == RUNNING)
        state = NOT_STARTED;
}
