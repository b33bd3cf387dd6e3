/*
 * The engine for CPython 3.12 and newer. A global PY_START event is asked for; its callback arms
 * LINE events in the code objects of measured files only and answers DISABLE, and so does the LINE
 * callback: each line of measured code costs one call, once, and all else runs at full speed.
 *
 * Some code objects have INSTRUCTION events instead: see instruction_lines.h.
 */
#include "engine.h"

#include "../ledger.h"
#include "api.h"
#include "code_table.h"
#include "instruction_lines.h"
#include "monitoring.h"
#include "source.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { EVENT_PY_START = 1 << 0, EVENT_LINE = 1 << 5, EVENT_INSTRUCTION = 1 << 6 };

static const char capsule_name[] = "covfork";

PyObject *monitor_disable(const struct monitor *monitor)
{
    python.increment(monitor->disable);
    return monitor->disable;
}

/* Most callbacks are those of the main interpreter's monitor, whose capsule is kept: no other
 * object can have its address. */
static PyObject *main_capsule;
static struct monitor *main_monitor;

struct monitor *monitor_of(PyObject *self)
{
    return self == main_capsule ? main_monitor : python.capsule_pointer(self, capsule_name);
}

PyObject *monitor_capsule(struct monitor *monitor)
{
    if (monitor == main_monitor) {
        python.increment(main_capsule);
        return main_capsule;
    }
    return python.new_capsule(monitor, capsule_name, NULL);
}

/* All of the process; none goes. */
static struct monitor *_Atomic monitors;

struct monitor *monitor_of_interpreter(int64_t interpreter)
{
    struct monitor *monitor = monitors;
    while (monitor && monitor->interpreter != interpreter)
        monitor = monitor->next;
    return monitor;
}

static void add_monitor(struct monitor *monitor)
{
    monitor->next = monitors;
    while (!atomic_compare_exchange_weak(&monitors, &monitor->next, monitor))
        ;
}

static struct slot *slots;

struct slot *monitor_slots(void)
{
    return slots;
}

static atomic_flag slots_locked = ATOMIC_FLAG_INIT;

/* Events come in rows from one code object: the slot of this thread's last one, for as long as none
 * was freed, after which its code's address may be another's. */
static atomic_uint slots_freed;
static _Thread_local __attribute__((tls_model("initial-exec"))) struct {
    const PyObject *code;
    struct slot *slot;
    unsigned freed;
} last;

static void slots_lock(void)
{
    while (atomic_flag_test_and_set_explicit(&slots_locked, memory_order_acquire))
        sched_yield();
}

static void slots_unlock(void)
{
    atomic_flag_clear_explicit(&slots_locked, memory_order_release);
}

void monitoring_after_fork_child(void)
{
    atomic_flag_clear(&slots_locked);
}

static void add_slot(struct slot *slot)
{
    slots_lock();
    slot->previous = NULL;
    slot->next = slots;
    if (slots)
        slots->previous = slot;
    slots = slot;
    slots_unlock();
}

static void drop_slot(struct slot *slot)
{
    free(slot->flow);
    free(slot->lines);
    free(slot->pairs);
    free(slot);
}

/* Its code object goes. */
static void free_slot(void *pointer)
{
    struct slot *slot = pointer;
    slots_lock();
    if (slot->previous)
        slot->previous->next = slot->next;
    else
        slots = slot->next;
    if (slot->next)
        slot->next->previous = slot->previous;
    slots_unlock();
    atomic_fetch_add_explicit(&slots_freed, 1, memory_order_relaxed);
    drop_slot(slot);
}

static struct code_table code_slots = { .drop = free_slot };

struct slot *monitor_known_slot(PyObject *code)
{
    return code_table_find(&code_slots, code);
}

static struct slot *make_slot(const struct monitor *monitor, struct source *source, PyObject *code)
{
    struct slot *slot = calloc(1, sizeof *slot);
    if (!slot)
        return NULL;
    slot->monitor = monitor;
    slot->source = source;
    slot->code = code;
    if (!monitor->arcs)
        slot->lines =
            instruction_lines_new(code, !monitor->has_others, &slot->unit_count, &slot->pairs);
    else if (!python_is_annotations(code))
        slot->flow = arcs_new_flow(code);
    return slot;
}

/* The slot of `code`, which is about to run in the current frame; NULL when it isn't measured. */
static struct slot *fill_slot(const struct monitor *monitor, PyObject *code)
{
    struct source *source = source_of_code(code, python.get_globals());
    if (!source)
        return NULL;
    struct slot *slot = make_slot(monitor, source, code);
    if (!slot)
        return NULL;
    struct slot *kept = code_table_keep(&code_slots, code, slot);
    if (kept == slot)
        add_slot(slot);
    else
        drop_slot(slot);
    return kept;
}

struct slot *monitor_find_slot(const struct monitor *monitor, PyObject *code)
{
    unsigned freed = atomic_load_explicit(&slots_freed, memory_order_relaxed);
    if (code == last.code && freed == last.freed && last.slot->monitor == monitor)
        return last.slot;
    struct slot *slot = monitor_known_slot(code);
    if (!slot)
        slot = fill_slot(monitor, code);
    if (slot) {
        last.code = code;
        last.slot = slot;
        last.freed = freed;
    }
    return slot;
}

/* PY_START: (code, offset). */
static PyObject *on_start(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = count >= 1 ? monitor_find_slot(monitor, arguments[0]) : NULL;
    if (slot)
        monitor_arm(slot);
    return monitor_disable(monitor);
}

/* LINE: (code, line). */
static PyObject *on_line(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = count >= 2 ? monitor_find_slot(monitor, arguments[0]) : NULL;
    if (slot) {
        long line = python.as_long(arguments[1]);
        if (line > 0)
            source_mark(slot->source, (uint32_t)line);
    }
    return monitor_disable(monitor);
}

/* INSTRUCTION: (code, offset). */
static PyObject *on_instruction(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = count >= 2 ? monitor_find_slot(monitor, arguments[0]) : NULL;
    if (slot) {
        size_t unit = (size_t)python.as_long(arguments[1]) / 2;
        if (unit < slot->unit_count && slot->lines[unit])
            source_mark(slot->source, slot->lines[unit]);
        if (slot->pairs && !monitor->has_others)
            superinstructions_put_back(slot->pairs, unit);
    }
    return monitor_disable(monitor);
}

static struct python_method start_method = { "covfork_start", (void *)on_start,
                                             PYTHON_METH_FASTCALL, NULL };
static struct python_method instruction_method = { "covfork_instruction", (void *)on_instruction,
                                                   PYTHON_METH_FASTCALL, NULL };
static struct python_method line_method = { "covfork_line", (void *)on_line, PYTHON_METH_FASTCALL,
                                            NULL };

bool monitor_register(PyObject *monitoring, struct monitor *monitor, PyObject *event,
                      struct python_method *method)
{
    PyObject *self = monitor_capsule(monitor);
    PyObject *function = self ? python.new_function(method, self, NULL) : NULL;
    bool done = function && monitor_register_function(monitoring, monitor, event, function);
    if (function)
        python.decrement(function);
    if (self)
        python.decrement(self);
    return done;
}

bool monitor_listen(PyObject *monitoring, struct monitor *monitor)
{
    PyObject *start_event = python.from_long(EVENT_PY_START);
    PyObject *global_events = python.from_long(EVENT_PY_START | monitor->arc_global_events);
    bool done =
        start_event && global_events &&
        monitor_register(monitoring, monitor, monitor->line_event, &line_method) &&
        monitor_register(monitoring, monitor, monitor->instruction_event, &instruction_method) &&
        (!monitor->arcs || arcs_listen(monitoring, monitor)) &&
        monitor_register(monitoring, monitor, start_event, &start_method) &&
        monitor_set_events(monitoring, monitor, global_events);
    if (start_event)
        python.decrement(start_event);
    if (global_events)
        python.decrement(global_events);
    return done;
}

void monitor_ignore(PyObject *monitoring, struct monitor *monitor)
{
    static const long events[] = { EVENT_PY_START, EVENT_LINE, EVENT_INSTRUCTION };
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        PyObject *event = python.from_long(events[i]);
        if (event)
            monitor_register_function(monitoring, monitor, event, python.none);
        if (event)
            python.decrement(event);
    }
    for (size_t i = 0; i < MONITOR_ARC_EVENTS && monitor->arc_events[i]; i++)
        monitor_register_function(monitoring, monitor, monitor->arc_events[i], python.none);
    python.clear_error();
}

/*
 * The methods of sys.monitoring that are kept keep it alive, and all that it has. They go with the
 * interpreter's own dict: after the last Python code that its thread states run as they end.
 */
static void drop_methods(PyObject *capsule)
{
    struct monitor *monitor = python.capsule_pointer(capsule, capsule_name);
    PyObject **methods[] = { &monitor->set_local_events, &monitor->use_tool_id,
                             &monitor->free_tool_id, &monitor->get_tool };
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        PyObject *method = *methods[i];
        *methods[i] = NULL;
        if (method)
            python.decrement(method);
    }
}

static void drop_methods_at_end(struct monitor *monitor)
{
    PyObject *kept = python.interpreter_dict ? python.interpreter_dict(python.interpreter()) : NULL;
    PyObject *capsule =
        kept ? python.new_capsule(monitor, capsule_name, (void *)drop_methods) : NULL;
    if (capsule) {
        python.dict_set(kept, "covfork.monitor", capsule);
        python.decrement(capsule);
    }
    python.clear_error();
}

static bool set_up(PyObject *monitoring, struct monitor *monitor)
{
    monitor->interpreter = python_interpreter_id();
    monitor->tool = -1;
    add_monitor(monitor);
    if (monitor->interpreter == 0 && !main_monitor) {
        main_capsule = python.new_capsule(monitor, capsule_name, NULL);
        main_monitor = main_capsule ? monitor : NULL;
    }
    drop_methods_at_end(monitor);
    monitor->line_event = python.from_long(EVENT_LINE);
    monitor->instruction_event = python.from_long(EVENT_INSTRUCTION);
    monitor->disable = python.get_attribute(monitoring, "DISABLE");
    monitor->set_local_events = python.get_attribute(monitoring, "set_local_events");
    return monitor->line_event && monitor->instruction_event && monitor->disable &&
           monitor->set_local_events && code_table_start(&code_slots) == 0 &&
           monitor_stand_in(monitoring, monitor);
}

int monitoring_start(void)
{
    const char *reason = NULL;
    PyObject *monitoring = python.sys_get_object("monitoring");
    struct monitor *monitor = calloc(1, sizeof *monitor);
    if (!monitoring || !monitor || !set_up(monitoring, monitor))
        reason = "sys.monitoring could not be set up";
    else if (source_wants_arcs() && !arcs_set_up(monitoring, monitor)) {
        monitor->tool = -1;
        return trace_start(); /* a Python that isn't known well enough */
    } else if (!monitor_take_tool_id(monitor))
        return trace_start(); /* the program has them all */
    else if (!monitor_listen(monitoring, monitor))
        reason = "sys.monitoring could not be used";
    python.clear_error();
    if (reason) {
        const char *pairs[] = { "reason", reason, NULL };
        ledger_event("lost", pairs);
        return -1;
    }
    const char *pairs[] = { "engine", "native", "tool", "monitoring", NULL };
    ledger_event("engine", pairs);
    return 0;
}
