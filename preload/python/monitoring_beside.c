/*
 * Events beside those of other tools: the program's own tools of sys.monitoring, and CPython's two,
 * which are behind sys.settrace and sys.setprofile. Neither must take events from the other.
 *
 * CPython (3.12 to 3.15, Python/instrumentation.c) notes for each instruction of a code object
 * whose events it has as soon as any event has two tools, and not before. Two things go wrong:
 *
 * - The notes of INSTRUCTION events begin with nobody's (update_instrumentation_data): who had them
 *   alone until then loses them. That goes by the tools of any event, and all have PY_START. So two
 *   tool ids are ours as soon as it can matter, the second for no other end than to have PY_START
 *   too: there are two tools before anyone has INSTRUCTION events, and the notes are right from the
 *   beginning. It matters for code objects that have INSTRUCTION events of ours, in which a
 * debugger can set f_trace_opcodes without being heard of (3.13 and newer), and for all code
 * objects once another tool is there.
 * - Before 3.14, where the last LINE event of an instruction is disabled, its INSTRUCTION event
 * does not come that time (_Py_call_instrumentation_line goes on with what is below both). So once
 *   another tool of sys.monitoring is there, which may disable its LINE events, LINE events tell
 * our lines everywhere; arcs have them in addition, see arcs_mark_current. Trace functions disable
 *   none. And ours are not disabled where another tool has INSTRUCTION events but no LINE events.
 */
#include "api.h"
#include "monitoring.h"

void monitor_set_local_events(const struct slot *slot, PyObject *id, PyObject *events)
{
    monitor_call(MONITORING_set_local_events, id, slot->code, events);
}

PyObject *monitor_events_of(const struct slot *slot)
{
    const struct monitor *monitor = slot->monitor;
    if (slot->flow)
        return monitor->has_tools ? monitor->arc_events_beside : monitor->arc_local_events;
    return slot->lines && !monitor->has_tools ? monitor->instruction_event : monitor->line_event;
}

/* Does it have INSTRUCTION events, or did it before there was another tool? */
static bool has_instruction_events(const struct slot *slot)
{
    return slot->flow ? slot->monitor->arcs_have_instructions : slot->lines != NULL;
}

/* PY_START of the second id. */
static PyObject *on_second_start(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    (void)arguments;
    (void)count;
    return monitor_disable(monitor_of(self));
}

static struct python_method second_method = { "covfork_start", (void *)on_second_start,
                                              PYTHON_METH_FASTCALL, NULL };

static bool register_second(struct monitor *monitor)
{
    PyObject *self = monitor_capsule(monitor);
    PyObject *function = self ? python.new_function(&second_method, self, NULL) : NULL;
    if (function)
        python.untrack(function);
    bool done = function && monitor_call(MONITORING_register_callback, monitor->second_id,
                                         monitor->start_event, function);
    if (function)
        python.decrement(function);
    if (self)
        python.decrement(self);
    return done;
}

/* Have we a second id? It is taken when there is none yet. */
static bool has_second(struct monitor *monitor)
{
    if (monitor->second_id)
        return true;
    monitor->second_id = monitor_take_id(monitor, &monitor->second);
    if (!monitor->second_id)
        monitor->second = -1;
    else if (!register_second(monitor))
        monitor_drop_second(monitor);
    return monitor->second_id != NULL;
}

void monitor_drop_second(struct monitor *monitor)
{
    PyObject *id = monitor->second_id, *none = python.from_long(0);
    long number = monitor->second;
    monitor->second_id = NULL;
    monitor->second = -1;
    if (!id)
        return;
    if (none) {
        monitor_lock(monitor);
        monitor_call(MONITORING_set_events, id, none, NULL);
        for (struct slot *slot = monitor_slots(monitor); slot; slot = slot->next)
            if (has_instruction_events(slot))
                monitor_set_local_events(slot, id, none);
        monitor_unlock(monitor);
        monitor_call(MONITORING_register_callback, id, monitor->start_event, python.none);
    }
    if (none)
        python.decrement(none);
    python.clear_error();
    monitor_free_id(monitor, id, number);
}

void monitor_hold_second(struct monitor *monitor)
{
    if (monitor->has_others && has_second(monitor))
        monitor_call(MONITORING_set_events, monitor->second_id, monitor->start_event, NULL);
    python.clear_error();
}

void monitor_reserve_second(struct monitor *monitor)
{
    (void)has_second(monitor);
}

void monitor_move_second(struct monitor *monitor)
{
    PyObject *old = monitor->second_id;
    long number = monitor->second;
    /* The new one is taken while the old one is not to be had. */
    monitor->second_id = NULL;
    bool moved = has_second(monitor);
    PyObject *new = monitor->second_id;
    long new_number = monitor->second;
    monitor->second_id = old;
    monitor->second = number;
    monitor_drop_second(monitor);
    monitor->second_id = moved ? new : NULL;
    monitor->second = moved ? new_number : -1;
    if (moved)
        monitor_hold_second(monitor);
}

/*
 * Frames of this thread whose instructions are traced (f_trace_opcodes) while there is no trace
 * function yet, as pdb's are when it starts on 3.13: their code objects had one tool with
 * INSTRUCTION events, which are to be noted from the beginning.
 */
static void note_traced_instructions(void)
{
    PyObject *frame = python.minor >= 13 && python.current_frame && python.from_bool
                          ? (PyObject *)python.current_frame()
                          : NULL;
    PyObject *no = frame ? python.from_bool(0) : NULL, *yes = frame ? python.from_bool(1) : NULL;
    if (frame)
        python.increment(frame);
    while (frame && frame != python.none) {
        PyObject *traced = python.get_attribute(frame, "f_trace_opcodes");
        if (traced == yes) {
            python.set_attribute(frame, "f_trace_opcodes", no);
            python.set_attribute(frame, "f_trace_opcodes", yes);
        }
        PyObject *back = python.get_attribute(frame, "f_back");
        if (traced)
            python.decrement(traced);
        python.decrement(frame);
        frame = back;
    }
    if (frame)
        python.decrement(frame);
    if (no)
        python.decrement(no);
    if (yes)
        python.decrement(yes);
    python.clear_error();
}

/* Asks once more for the events of all code that has INSTRUCTION events, or had them. */
static void arm_again(const struct monitor *monitor)
{
    PyObject *none = python.from_long(0);
    monitor_lock(monitor);
    for (const struct slot *slot = monitor_slots(monitor); none && slot; slot = slot->next)
        if (has_instruction_events(slot)) {
            monitor_set_local_events(slot, monitor->tool_id, none);
            monitor_set_local_events(slot, monitor->tool_id, monitor_events_of(slot));
        }
    monitor_unlock(monitor);
    if (none)
        python.decrement(none);
    python.clear_error();
}

void monitor_make_room(struct monitor *monitor, bool tool)
{
    bool first = !monitor->has_others, first_tool = tool && !monitor->has_tools;
    if (!first && !first_tool)
        return;
    monitor->has_others = true;
    monitor->has_tools |= tool;
    if (monitor->tool < 0)
        return;
    if (first) {
        monitor_hold_second(monitor);
        note_traced_instructions();
    }
    arm_again(monitor);
}

void monitor_begin_beside(struct monitor *monitor)
{
    if (!monitor->has_others)
        return;
    monitor_hold_second(monitor);
    note_traced_instructions();
}

void monitor_arm(struct monitor *monitor, const struct slot *slot)
{
    if (!monitor->has_others && python.minor >= 13 && has_instruction_events(slot) &&
        has_second(monitor))
        monitor_set_local_events(slot, monitor->second_id, monitor->start_event);
    monitor_set_local_events(slot, monitor->tool_id, monitor_events_of(slot));
}

/* The number in `events`, which may be NULL; takes the reference. */
static long number_of(PyObject *events)
{
    long number = events ? python.as_long(events) : 0;
    if (events)
        python.decrement(events);
    return number;
}

/* The events that other tools of sys.monitoring have in `code`. */
static long events_of_others(const struct monitor *monitor, PyObject *code)
{
    long events = 0;
    for (long number = 0; number < MONITORING_TOOLS; number++) {
        if (number == monitor->tool || number == monitor->second)
            continue;
        PyObject *id = python.from_long(number);
        PyObject *name = id ? monitoring_call(MONITORING_get_tool, id, NULL, NULL) : NULL;
        if (name && name != python.none)
            events |= number_of(monitoring_call(MONITORING_get_events, id, NULL, NULL)) |
                      number_of(monitoring_call(MONITORING_get_local_events, id, code, NULL));
        if (name)
            python.decrement(name);
        if (id)
            python.decrement(id);
    }
    python.clear_error();
    return events;
}

PyObject *monitor_line_told(const struct monitor *monitor, PyObject *code)
{
    long others = monitor->has_tools ? events_of_others(monitor, code) : 0;
    if ((others & (EVENT_INSTRUCTION | EVENT_LINE)) != EVENT_INSTRUCTION)
        return monitor_disable(monitor);
    python.increment(python.none);
    return python.none;
}
