/*
 * The engine for CPython 3.12 and newer. A global PY_START event is asked for; its callback arms
 * LINE events in the code objects of measured files only and answers DISABLE, and so does the LINE
 * callback: each line of measured code costs one call, once, and all else runs at full speed.
 *
 * To find the line of a LINE event CPython scans the line table when the line is more than 127 away
 * from the code object's first: quadratic in a long module body. Such a body has INSTRUCTION events
 * instead, which bring an offset; its lines are decoded once, here.
 */
#include "engine.h"

#include "../ledger.h"
#include "api.h"
#include "line_table.h"
#include "source.h"

#include <stdlib.h>
#include <string.h>

enum { EVENT_PY_START = 1 << 0, EVENT_LINE = 1 << 5, EVENT_INSTRUCTION = 1 << 6 };

/* From this many code units on a body may be long. */
#define LONG_BODY_UNITS 256

/* What the slot of a measured code object points to: freed with it, by CPython. */
struct slot {
    struct source *source;
    size_t unit_count; /* 0: LINE events tell the line */
    uint32_t lines[];  /* of each code unit */
};

/* Of one interpreter. Lives as long as the process: callbacks of a finalizing one may come late. */
struct monitor {
    PyObject *disable;          /* sys.monitoring.DISABLE */
    PyObject *set_local_events; /* sys.monitoring.set_local_events */
    PyObject *tool_id;
    PyObject *line_event, *instruction_event;
    ssize_t extra; /* index of the code objects' slot */
};

static const char capsule_name[] = "covfork";

static PyObject *answer_disable(const struct monitor *monitor)
{
    python.increment(monitor->disable);
    return monitor->disable;
}

/* The monitor whose callback this is; a capsule costs less than a look-up by interpreter. */
static struct monitor *monitor_of(PyObject *self)
{
    return python.capsule_pointer(self, capsule_name);
}

/* Does the body reach so far that LINE events would be slow? */
static bool is_long(const uint32_t *lines, size_t count, uint32_t first_line)
{
    for (size_t i = count; i > 0; i--)
        if (lines[i - 1] > first_line + 127)
            return true;
    return false;
}

static struct slot *make_slot(struct source *source, PyObject *code)
{
    PyObject *owner;
    const char *name = python_text_attribute(code, "co_name", &owner);
    bool is_module = name && strcmp(name, "<module>") == 0;
    if (owner)
        python.decrement(owner);
    size_t units = is_module ? line_table_units(NULL, 0, code) : 0;
    if (units < LONG_BODY_UNITS)
        units = 0;
    struct slot *slot = malloc(sizeof *slot + units * sizeof slot->lines[0]);
    if (!slot)
        return NULL;
    slot->source = source;
    slot->unit_count = units;
    if (units > 0) {
        line_table_units(slot->lines, units, code);
        long first_line = python_long_attribute(code, "co_firstlineno");
        if (!is_long(slot->lines, units, (uint32_t)first_line))
            slot->unit_count = 0;
    }
    return slot;
}

/* The slot of `code`, which is about to run in the current frame; NULL when it isn't measured. */
static struct slot *fill_slot(const struct monitor *monitor, PyObject *code)
{
    struct source *source = source_of_code(code, python.get_globals());
    if (!source)
        return NULL;
    struct slot *slot = make_slot(source, code);
    if (slot && python.extra_set(code, monitor->extra, slot) != 0)
        python.clear_error();
    return slot;
}

static struct slot *find_slot(const struct monitor *monitor, PyObject *code)
{
    void *slot = NULL;
    if (python.extra_get(code, monitor->extra, &slot) != 0)
        python.clear_error();
    return slot ? slot : fill_slot(monitor, code);
}

/* PY_START: (code, offset). */
static PyObject *on_start(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = count >= 1 ? find_slot(monitor, arguments[0]) : NULL;
    if (slot) {
        PyObject *event = slot->unit_count ? monitor->instruction_event : monitor->line_event;
        PyObject *result =
            python.call(monitor->set_local_events, monitor->tool_id, arguments[0], event, NULL);
        if (result)
            python.decrement(result);
        else
            python.clear_error();
    }
    return answer_disable(monitor);
}

/* LINE: (code, line). */
static PyObject *on_line(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = count >= 2 ? find_slot(monitor, arguments[0]) : NULL;
    if (slot) {
        long line = python.as_long(arguments[1]);
        if (line > 0)
            source_mark(slot->source, (uint32_t)line);
    }
    return answer_disable(monitor);
}

/* INSTRUCTION: (code, offset). */
static PyObject *on_instruction(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    struct slot *slot = count >= 2 ? find_slot(monitor, arguments[0]) : NULL;
    if (slot) {
        size_t unit = (size_t)python.as_long(arguments[1]) / 2;
        if (unit < slot->unit_count && slot->lines[unit])
            source_mark(slot->source, slot->lines[unit]);
    }
    return answer_disable(monitor);
}

static struct python_method start_method = { "covfork_start", (void *)on_start,
                                             PYTHON_METH_FASTCALL, NULL };
static struct python_method instruction_method = { "covfork_instruction", (void *)on_instruction,
                                                   PYTHON_METH_FASTCALL, NULL };
static struct python_method line_method = { "covfork_line", (void *)on_line, PYTHON_METH_FASTCALL,
                                            NULL };

/* Calls monitoring.NAME(a, b, c), of which b and c may be NULL. False when it raised. */
static bool call_method(PyObject *monitoring, const char *name, PyObject *a, PyObject *b,
                        PyObject *c)
{
    PyObject *method = python.get_attribute(monitoring, name);
    PyObject *result = method ? python.call(method, a, b, c, NULL) : NULL;
    if (method)
        python.decrement(method);
    if (!result) {
        python.clear_error();
        return false;
    }
    python.decrement(result);
    return true;
}

/* A tool id that nobody has. 0, 1, 2 and 5 are kept for debuggers, coverage tools, profilers and
 * optimizers, so those are the last to be taken. */
static bool take_tool_id(PyObject *monitoring, struct monitor *monitor)
{
    static const long wanted[] = { 4, 3, 5, 2, 1, 0 };
    PyObject *name = python.new_string("covfork");
    bool taken = false;
    for (size_t i = 0; name && !taken && i < sizeof wanted / sizeof wanted[0]; i++) {
        monitor->tool_id = python.from_long(wanted[i]);
        taken = monitor->tool_id &&
                call_method(monitoring, "use_tool_id", monitor->tool_id, name, NULL);
        if (!taken && monitor->tool_id)
            python.decrement(monitor->tool_id);
    }
    if (name)
        python.decrement(name);
    return taken;
}

static bool register_callback(PyObject *monitoring, struct monitor *monitor, PyObject *event,
                              struct python_method *method)
{
    PyObject *self = python.new_capsule(monitor, capsule_name, NULL);
    PyObject *function = self ? python.new_function(method, self, NULL) : NULL;
    bool done =
        function && call_method(monitoring, "register_callback", monitor->tool_id, event, function);
    if (function)
        python.decrement(function);
    if (self)
        python.decrement(self);
    return done;
}

static bool set_up(PyObject *monitoring, struct monitor *monitor)
{
    PyObject *start_event = python.from_long(EVENT_PY_START);
    monitor->line_event = python.from_long(EVENT_LINE);
    monitor->instruction_event = python.from_long(EVENT_INSTRUCTION);
    monitor->disable = python.get_attribute(monitoring, "DISABLE");
    monitor->set_local_events = python.get_attribute(monitoring, "set_local_events");
    monitor->extra = python.extra_index(free);
    bool done =
        start_event && monitor->line_event && monitor->instruction_event && monitor->disable &&
        monitor->set_local_events && monitor->extra >= 0 &&
        register_callback(monitoring, monitor, monitor->line_event, &line_method) &&
        register_callback(monitoring, monitor, monitor->instruction_event, &instruction_method) &&
        register_callback(monitoring, monitor, start_event, &start_method) &&
        call_method(monitoring, "set_events", monitor->tool_id, start_event, NULL);
    if (start_event)
        python.decrement(start_event);
    return done;
}

int monitoring_start(void)
{
    const char *reason = NULL;
    PyObject *monitoring = python.sys_get_object("monitoring");
    struct monitor *monitor = calloc(1, sizeof *monitor);
    if (!monitoring || !monitor)
        reason = "sys.monitoring is not there";
    else if (!take_tool_id(monitoring, monitor))
        reason = "every tool id of sys.monitoring is taken";
    else if (!set_up(monitoring, monitor))
        reason = "sys.monitoring could not be set up";
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
