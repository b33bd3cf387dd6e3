/*
 * The engine for CPython 3.12 and newer. A global PY_START event is asked for; its callback arms
 * LINE events in the code objects of measured files only and answers DISABLE, and so does the LINE
 * callback: each line of measured code costs one call, once, and all else runs at full speed.
 */
#include "engine.h"

#include "../ledger.h"
#include "api.h"
#include "source.h"

#include <stdlib.h>
#include <string.h>

enum { EVENT_PY_START = 1 << 0, EVENT_LINE = 1 << 5 };

/* Of one interpreter. Lives as long as the process: callbacks of a finalizing one may come late. */
struct monitor {
    PyObject *disable;          /* sys.monitoring.DISABLE */
    PyObject *set_local_events; /* sys.monitoring.set_local_events */
    PyObject *tool_id;
    PyObject *line_event;
    ssize_t extra; /* the code objects' slot that holds their struct source */
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

static struct source *find_source(const struct monitor *monitor, PyObject *code)
{
    struct source *source = source_of_code(code, python.get_globals());
    if (source && python.extra_set(code, monitor->extra, source) != 0)
        python.clear_error();
    return source;
}

/* PY_START: (code, offset). */
static PyObject *on_start(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    if (count >= 1 && find_source(monitor, arguments[0])) {
        PyObject *result = python.call(monitor->set_local_events, monitor->tool_id, arguments[0],
                                       monitor->line_event, NULL);
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
    void *source = NULL;
    if (count >= 2) {
        if (python.extra_get(arguments[0], monitor->extra, &source) != 0)
            python.clear_error();
        if (!source)
            source = find_source(monitor, arguments[0]);
        long line = python.as_long(arguments[1]);
        if (source && line > 0)
            source_mark(source, (uint32_t)line);
    }
    return answer_disable(monitor);
}

static struct python_method start_method = { "covfork_start", (void *)on_start,
                                             PYTHON_METH_FASTCALL, NULL };
static struct python_method line_method = { "covfork_line", (void *)on_line, PYTHON_METH_FASTCALL,
                                            NULL };

/* Calls monitoring.NAME(a, b, c), of which b and c may be NULL. False when it raised. */
static bool call_method(PyObject *monitoring, const char *name, PyObject *a, PyObject *b, PyObject *c)
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
    bool done = function &&
                call_method(monitoring, "register_callback", monitor->tool_id, event, function);
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
    monitor->disable = python.get_attribute(monitoring, "DISABLE");
    monitor->set_local_events = python.get_attribute(monitoring, "set_local_events");
    monitor->extra = python.extra_index(NULL);
    bool done = start_event && monitor->line_event && monitor->disable &&
                monitor->set_local_events && monitor->extra >= 0 &&
                register_callback(monitoring, monitor, monitor->line_event, &line_method) &&
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
