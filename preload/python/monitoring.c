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

struct slot *monitor_slots(const struct monitor *monitor)
{
    return monitor->slots->first;
}

/* Its address is this thread. */
static _Thread_local __attribute__((tls_model("initial-exec"))) char this_thread;

static bool try_lock(struct slot_list *list)
{
    const void *nobody = NULL;
    if (atomic_load_explicit(&list->owner, memory_order_relaxed) != &this_thread &&
        !atomic_compare_exchange_strong_explicit(&list->owner, &nobody, &this_thread,
                                                 memory_order_acquire, memory_order_relaxed))
        return false;
    list->depth++;
    return true;
}

void monitor_lock(const struct monitor *monitor)
{
    while (!try_lock(monitor->slots)) {
        PyThreadState *state = python.save_thread();
        sched_yield();
        python.restore_thread(state);
    }
}

void monitor_unlock(const struct monitor *monitor)
{
    if (--monitor->slots->depth == 0)
        atomic_store_explicit(&monitor->slots->owner, NULL, memory_order_release);
}

void monitoring_after_fork_child(void)
{
    for (struct monitor *monitor = monitors; monitor; monitor = monitor->next)
        if (atomic_load(&monitor->slots->owner) != &this_thread) {
            monitor->slots->depth = 0;
            atomic_store(&monitor->slots->owner, NULL);
        }
}

/* Events come in rows from one code object: the slot of this thread's last one, for as long as none
 * was freed, after which its code's address may be another's. */
static atomic_uint slots_freed;
static _Thread_local __attribute__((tls_model("initial-exec"))) struct {
    const PyObject *code;
    struct slot *slot;
    unsigned freed;
} last;

void monitoring_begin_life(void)
{
    for (struct monitor *monitor = monitors; monitor; monitor = monitor->next)
        monitor->interpreter = -1; /* none goes: code objects of that life may be left */
    main_monitor = NULL;
    main_capsule = NULL;
}

static void add_slot(struct slot *slot)
{
    struct slot_list *list = slot->monitor->slots;
    monitor_lock(slot->monitor);
    slot->previous = NULL;
    slot->next = list->first;
    if (list->first)
        list->first->previous = slot;
    list->first = slot;
    monitor_unlock(slot->monitor);
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
    monitor_lock(slot->monitor);
    if (slot->previous)
        slot->previous->next = slot->next;
    else
        slot->monitor->slots->first = slot->next;
    if (slot->next)
        slot->next->previous = slot->previous;
    monitor_unlock(slot->monitor);
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
    if (!monitor->arcs && !monitor->has_tools)
        slot->lines =
            instruction_lines_new(code, !monitor->has_others, &slot->unit_count, &slot->pairs);
    else if (monitor->arcs && !python_is_annotations(code))
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
        monitor_arm(monitor, slot);
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
        if (slot->flow)
            arcs_mark_current(slot);
    }
    return count >= 2 ? monitor_line_told(monitor, arguments[0]) : monitor_disable(monitor);
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
    if (function)
        python.untrack(function); /* gc.get_objects() is the program's */
    bool done = function && monitor_register_function(monitoring, monitor, event, function);
    if (function)
        python.decrement(function);
    if (self)
        python.decrement(self);
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

static bool set_up(PyObject *monitoring, struct monitor *monitor)
{
    monitor->interpreter = python_interpreter_id();
    monitor->tool = -1;
    monitor->second = -1;
    monitor->slots = calloc(1, sizeof *monitor->slots);
    if (!monitor->slots)
        return false;
    monitoring_view_install(monitor);
    monitor_look_for_others(monitor);
    add_monitor(monitor);
    if (monitor->interpreter == 0 && !main_monitor) {
        main_capsule = python.new_capsule(monitor, capsule_name, NULL);
        main_monitor = main_capsule ? monitor : NULL;
    }
    monitor->start_event = python.from_long(EVENT_PY_START);
    monitor->line_event = python.from_long(EVENT_LINE);
    monitor->instruction_event = python.from_long(EVENT_INSTRUCTION);
    monitor->disable = python.get_attribute(monitoring, "DISABLE");
    return monitor->start_event && monitor->line_event && monitor->instruction_event &&
           monitor->disable && code_table_start(&code_slots) == 0;
}

static bool register_all(PyObject *monitoring, struct monitor *monitor)
{
    monitor->is_registered =
        monitor_register(monitoring, monitor, monitor->line_event, &line_method) &&
        monitor_register(monitoring, monitor, monitor->instruction_event, &instruction_method) &&
        (!monitor->arcs || arcs_listen(monitoring, monitor)) &&
        monitor_register(monitoring, monitor, monitor->start_event, &start_method);
    return monitor->is_registered;
}

bool monitor_listen(PyObject *monitoring, struct monitor *monitor)
{
    PyObject *global_events = python.from_long(EVENT_PY_START | monitor->arc_global_events);
    bool done = global_events && monitor_set_events(monitoring, monitor, global_events);
    if (global_events)
        python.decrement(global_events);
    if (done)
        monitor_begin_beside(monitor);
    return done;
}

/* All but that events are asked for. NULL where it failed for another reason than that the program
 * has all ids, or that this Python isn't known: then the monitor has none. */
static struct monitor *prepare(PyObject *monitoring)
{
    struct monitor *monitor = monitor_of_interpreter(python_interpreter_id());
    if (monitor)
        return monitor;
    monitor = calloc(1, sizeof *monitor);
    bool done = monitoring && monitor && set_up(monitoring, monitor);
    if (done && (!source_wants_arcs() || arcs_set_up(monitoring, monitor)) &&
        monitor_take_tool_id(monitor))
        done = register_all(monitoring, monitor);
    python.clear_error();
    return done ? monitor : NULL;
}

int monitor_trace_instead(struct monitor *monitor)
{
    monitor->view.is_traced = true;
    return trace_start();
}

void monitoring_see_thread(void)
{
    const struct monitor *monitor = monitor_of_interpreter(python_interpreter_id());
    if (monitor && monitor->view.is_traced)
        trace_this_state();
}

void monitoring_prepare(void)
{
    struct monitor *monitor = prepare(python.sys_get_object("monitoring"));
    if (monitor && monitor->tool >= 0)
        monitor_reserve_second(monitor);
    python.clear_error();
}

int monitoring_start(void)
{
    PyObject *monitoring = python.sys_get_object("monitoring");
    struct monitor *monitor = prepare(monitoring);
    if (monitor && monitor->tool < 0)
        return monitor_trace_instead(monitor);
    bool done = monitor && monitor->is_registered && monitor_listen(monitoring, monitor);
    python.clear_error();
    if (!done) {
        const char *pairs[] = { "reason", "sys.monitoring could not be used", NULL };
        ledger_event("lost", pairs);
        return -1;
    }
    monitor->is_running = true;
    const char *pairs[] = { "engine", "native", "tool", "monitoring", NULL };
    ledger_event("engine", pairs);
    return 0;
}
