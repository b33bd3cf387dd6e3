/*
 * Arcs on CPython 3.12 and newer. Each event is switched off for its place as soon as it has told
 * what it can, so that code which has run all its ways runs at full speed.
 *
 * 3.12 and 3.13: coverage.py records there what a trace function sees, from one line to the next.
 * INSTRUCTION events, one for each instruction that runs, tell it for all that goes one way only;
 * BRANCH events for the others, which can only be switched off for both ways together: when both
 * were seen, or when the other can be told from the instruction that it leads to; and RAISE events
 * for exceptions, which can't be switched off at all. Beside another tool an INSTRUCTION event may
 * be lost where a line begins (monitoring_beside.c): there are LINE events too then.
 *
 * 3.14 and newer: coverage.py uses sys.monitoring itself. The same events are asked for, and the
 * same is made of them.
 */
#include "monitoring.h"

#include "line_table.h"

#include <stdlib.h>
#include <string.h>

enum { SEEN_NEXT = 1, SEEN_JUMP = 2, SEEN_RAISED = 4, SEEN_RUN = 8 };

static struct slot *slot_of(const struct monitor *monitor, PyObject *const *arguments,
                            ssize_t count, ssize_t wanted)
{
    struct slot *slot = count >= wanted ? monitor_find_slot(monitor, arguments[0]) : NULL;
    return slot && slot->flow ? slot : NULL;
}

/* The unit that an event's offset is of; beyond the code when it is none. */
static uint32_t unit_of(const struct slot *slot, PyObject *offset)
{
    long bytes = python.as_long(offset);
    uint32_t count = slot->flow->flow.unit_count;
    return bytes >= 0 && bytes / 2 < (long)count ? (uint32_t)(bytes / 2) : count;
}

/* The instruction at `unit` ran, and so did the one after it. */
static void mark_step(const struct slot *slot, uint32_t unit)
{
    const struct code_flow *flow = &slot->flow->flow;
    int32_t line = (int32_t)flow->lines[unit];
    /* One without a line was passed when it was found out where the one before it leads. */
    if (line)
        source_mark_arc(slot->source, line,
                        code_flow_arrive(flow, line, code_flow_next(flow, unit)));
}

static bool has_run(const struct slot *slot, uint32_t unit)
{
    return unit < slot->flow->flow.unit_count && (atomic_load(&slot->flow->seen[unit]) & SEEN_RUN);
}

/*
 * The instruction at `unit` runs for the first time. That one leads to the next is recorded when
 * both have run: the first may raise.
 */
static void mark_unit(const struct slot *slot, uint32_t unit)
{
    const struct code_flow *flow = &slot->flow->flow;
    if (flow->lines[unit])
        source_mark(slot->source, flow->lines[unit]);
    atomic_fetch_or(&slot->flow->seen[unit], SEEN_RUN);
    source_mark_arc(slot->source, (int32_t)flow->lines[unit], code_flow_leave(flow, unit));
    uint32_t before = code_flow_before(flow, unit);
    if (has_run(slot, before))
        mark_step(slot, before);
    if (code_flow_falls(flow, unit) && has_run(slot, code_flow_next(flow, unit)))
        mark_step(slot, unit);
    int32_t source = (int32_t)slot->flow->sources[unit];
    if (source)
        source_mark_arc(slot->source, source, code_flow_arrive(flow, source, unit));
}

/* Will it be seen, or was it, that the branch at `unit` goes that `way`? */
static bool is_told(const struct slot *slot, uint32_t unit, uint8_t way, uint8_t seen)
{
    const struct code_flow *flow = &slot->flow->flow;
    if (seen & way)
        return true;
    uint32_t to = way == SEEN_NEXT ? code_flow_next(flow, unit) : code_flow_other_way(flow, unit);
    return to < flow->unit_count && slot->flow->sources[to];
}

/* INSTRUCTION, before 3.14: (code, offset). */
static PyObject *on_instruction(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = slot_of(monitor, arguments, count, 2);
    if (slot) {
        uint32_t unit = unit_of(slot, arguments[1]);
        if (unit < slot->flow->flow.unit_count)
            mark_unit(slot, unit);
    }
    return monitor_disable(monitor);
}

void arcs_mark_current(const struct slot *slot)
{
    PyFrameObject *frame = python.current_frame ? python.current_frame() : NULL;
    int offset = frame && python.frame_offset ? python.frame_offset(frame) : -1;
    if (offset >= 0 && (uint32_t)offset / 2 < slot->flow->flow.unit_count)
        mark_unit(slot, (uint32_t)offset / 2);
}

/* BRANCH, before 3.14: (code, offset, destination). */
static PyObject *on_branch(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = slot_of(monitor, arguments, count, 3);
    if (!slot)
        return monitor_disable(monitor);
    const struct code_flow *flow = &slot->flow->flow;
    uint32_t unit = unit_of(slot, arguments[1]), to = unit_of(slot, arguments[2]);
    if (unit >= flow->unit_count)
        return monitor_disable(monitor);
    uint8_t way = to == code_flow_next(flow, unit) ? SEEN_NEXT : SEEN_JUMP;
    uint8_t seen = atomic_load_explicit(&slot->flow->seen[unit], memory_order_relaxed);
    if (!(seen & way)) {
        int32_t line = code_flow_line(flow, unit);
        source_mark_arc(slot->source, line, code_flow_arrive(flow, line, to));
        seen = atomic_fetch_or(&slot->flow->seen[unit], way);
    }
    uint8_t other = way ^ (SEEN_NEXT | SEEN_JUMP);
    if (is_told(slot, unit, other, seen))
        return monitor_disable(monitor);
    python.increment(python.none);
    return python.none;
}

/* An exception comes up at `unit`. */
static void mark_raise(const struct slot *slot, uint32_t unit, PyObject *exception)
{
    const struct code_flow *flow = &slot->flow->flow;
    bool asks = code_flow_asks(flow, unit);
    if (atomic_load_explicit(&slot->flow->seen[unit], memory_order_relaxed) & SEEN_RAISED)
        return;
    /* That there is no more to be had is told like an exception, though it is none. */
    if (asks && python.exception_matches(exception, *python.stop_iteration))
        return;
    bool ends_async_for = python.exception_matches(exception, *python.stop_async_iteration);
    source_mark_arc(slot->source, code_flow_line(flow, unit),
                    code_flow_raise(flow, unit, ends_async_for));
    /* Other instructions are left in one way by all exceptions. */
    if (!asks)
        atomic_fetch_or(&slot->flow->seen[unit], SEEN_RAISED);
}

/* RAISE, before 3.14: (code, offset, exception). In whatever code: it is a global event. */
static PyObject *on_raise(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    (void)self;
    const struct slot *slot = count >= 3 ? monitor_known_slot(arguments[0]) : NULL;
    if (slot && slot->flow) {
        uint32_t unit = unit_of(slot, arguments[1]);
        if (unit < slot->flow->flow.unit_count)
            mark_raise(slot, unit, arguments[2]);
    }
    python.increment(python.none);
    return python.none;
}

/* LINE, 3.14 and newer: (code, line). */
static PyObject *on_line(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = count >= 2 ? monitor_find_slot(monitor, arguments[0]) : NULL;
    if (slot) {
        long line = python.as_long(arguments[1]);
        if (line > 0 && line <= INT32_MAX) {
            source_mark(slot->source, (uint32_t)line);
            if (slot->flow)
                source_mark_arc(slot->source,
                                atomic_exchange(&slot->flow->last_line, (int32_t)line),
                                (int32_t)line);
        }
    }
    return count >= 2 ? monitor_line_told(monitor, arguments[0]) : monitor_disable(monitor);
}

/* PY_RETURN, 3.14 and newer: (code, offset, value). */
static PyObject *on_return(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = slot_of(monitor, arguments, count, 2);
    if (slot) {
        const struct code_flow *flow = &slot->flow->flow;
        uint32_t unit = unit_of(slot, arguments[1]);
        if (unit < flow->unit_count)
            source_mark_arc(slot->source, (int32_t)flow->lines[unit], flow->exit);
        atomic_store(&slot->flow->last_line, 0);
    }
    return monitor_disable(monitor);
}

/* BRANCH_LEFT and BRANCH_RIGHT, 3.14 and newer: (code, offset, destination). */
static PyObject *on_way(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = slot_of(monitor, arguments, count, 3);
    if (slot) {
        struct format_arc arcs[8];
        size_t found = code_flow_follow(&slot->flow->flow, unit_of(slot, arguments[1]),
                                        unit_of(slot, arguments[2]), arcs, 8);
        for (size_t i = 0; i < found; i++)
            source_mark_arc(slot->source, arcs[i].from, arcs[i].to);
    }
    return monitor_disable(monitor);
}

struct arc_event {
    const char *name;
    bool global;
    struct python_method method;
};
#define ARC_EVENT(name, global, function)                                                          \
    {                                                                                              \
        name, global,                                                                              \
        {                                                                                          \
            "covfork_arc", (void *)(function), PYTHON_METH_FASTCALL, NULL                          \
        }                                                                                          \
    }

static struct arc_event old_events[] = {
    ARC_EVENT("INSTRUCTION", false, on_instruction),
    ARC_EVENT("BRANCH", false, on_branch),
    ARC_EVENT("RAISE", true, on_raise),
    ARC_EVENT(NULL, false, NULL),
};
static struct arc_event new_events[] = {
    ARC_EVENT("LINE", false, on_line),
    ARC_EVENT("PY_RETURN", false, on_return),
    ARC_EVENT("BRANCH_LEFT", false, on_way),
    ARC_EVENT("BRANCH_RIGHT", false, on_way),
    ARC_EVENT(NULL, false, NULL),
};

static struct arc_event *events_of_version(void)
{
    return python.minor >= 14 ? new_events : old_events;
}

bool arcs_set_up(PyObject *monitoring, struct monitor *monitor)
{
    if (!code_flow_choose(python.minor))
        return false;
    PyObject *numbers = python.get_attribute(monitoring, "events");
    long local = 0;
    bool done = numbers != NULL;
    const struct arc_event *events = events_of_version();
    for (size_t i = 0; done && events[i].name; i++) {
        monitor->arc_events[i] = python.get_attribute(numbers, events[i].name);
        long number = monitor->arc_events[i] ? python.as_long(monitor->arc_events[i]) : 0;
        if (events[i].global)
            monitor->arc_global_events |= number;
        else
            local |= number;
        monitor->arcs_have_instructions |= strcmp(events[i].name, "INSTRUCTION") == 0;
        done = number > 0;
    }
    monitor->arc_local_events = done ? python.from_long(local) : NULL;
    monitor->arc_events_beside = done ? python.from_long(local | EVENT_LINE) : NULL;
    if (numbers)
        python.decrement(numbers);
    python.clear_error();
    monitor->arcs = monitor->arc_local_events && monitor->arc_events_beside;
    return monitor->arcs;
}

bool arcs_listen(PyObject *monitoring, struct monitor *monitor)
{
    struct arc_event *events = events_of_version();
    for (size_t i = 0; events[i].name; i++)
        if (!monitor_register(monitoring, monitor, monitor->arc_events[i], &events[i].method))
            return false;
    return true;
}

/* All of it in one block: the structure, the lines, what was seen, the code, the exceptions. */
static struct slot_flow *new_flow(PyObject *code, const char *bytes, size_t size,
                                  const char *exceptions, size_t exceptions_size)
{
    size_t units = size / 2;
    struct slot_flow *flow =
        calloc(1, sizeof *flow + units * (2 * sizeof(uint32_t) + sizeof(uint8_t)) + size +
                      exceptions_size);
    if (!flow)
        return NULL;
    uint32_t *lines = (uint32_t *)(flow + 1);
    uint32_t *sources = lines + units;
    uint8_t *seen = (uint8_t *)(sources + units);
    uint8_t *code_copy = seen + units;
    uint8_t *table_copy = code_copy + size;
    memcpy(code_copy, bytes, size);
    memcpy(table_copy, exceptions, exceptions_size);
    line_table_units(lines, units, code);
    flow->seen = (_Atomic uint8_t *)seen;
    flow->flow = (struct code_flow){
        .code = code_copy,
        .lines = lines,
        .table = table_copy,
        .table_size = exceptions_size,
        .unit_count = (uint32_t)units,
        .exit = -python_first_line(code),
    };
    flow->sources = sources;
    code_flow_sources(&flow->flow, sources);
    return flow;
}

struct slot_flow *arcs_new_flow(PyObject *code)
{
    struct slot_flow *flow = NULL;
    char *start, *exceptions;
    ssize_t size, exceptions_size;
    PyObject *bytes = python.get_attribute(code, "co_code");
    PyObject *table = bytes ? python.get_attribute(code, "co_exceptiontable") : NULL;
    if (table && python.bytes_get(bytes, &start, &size) == 0 &&
        python.bytes_get(table, &exceptions, &exceptions_size) == 0)
        flow = new_flow(code, start, (size_t)size, exceptions, (size_t)exceptions_size);
    else
        python.clear_error();
    if (table)
        python.decrement(table);
    if (bytes)
        python.decrement(bytes);
    return flow;
}
