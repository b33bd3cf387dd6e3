/*
 * The tool ids of sys.monitoring, of which the program may want any: ours are given up for others.
 * What the tools' events do to each other: monitoring_beside.c.
 */
#include "api.h"
#include "engine.h"
#include "monitoring.h"

#include <stdatomic.h>

/* Did one come before our engine started, in any interpreter? And was it one of sys.monitoring? */
static atomic_bool others_came, tools_came;
/* Are we calling ourselves what tells of one? */
static _Thread_local __attribute__((tls_model("initial-exec"))) bool is_own_call;

bool monitor_call(enum monitoring_function function, PyObject *a, PyObject *b, PyObject *c)
{
    is_own_call = true;
    PyObject *result = monitoring_call(function, a, b, c);
    is_own_call = false;
    if (!result) {
        python.clear_error();
        return false;
    }
    python.decrement(result);
    return true;
}

bool monitor_register_function(PyObject *monitoring, struct monitor *monitor, PyObject *event,
                               PyObject *function)
{
    (void)monitoring;
    return monitor_call(MONITORING_register_callback, monitor->tool_id, event, function);
}

bool monitor_set_events(PyObject *monitoring, struct monitor *monitor, PyObject *events)
{
    (void)monitoring;
    return monitor_call(MONITORING_set_events, monitor->tool_id, events, NULL);
}

/* 3 and 4 are anybody's, and a program may ask for them by number; 0, 1 and 2 are kept for
 * debuggers, coverage tools and profilers. 5 is an optimizer's: there is none. Of what the program
 * has left something under, none is taken. */
PyObject *monitor_take_id(struct monitor *monitor, long *number)
{
    static const long wanted[] = { 5, 4, 3, 2, 1, 0 };
    PyObject *name = python.new_string("covfork"), *found = NULL;
    for (size_t i = 0; name && !found && i < sizeof wanted / sizeof wanted[0]; i++) {
        if (monitoring_view_is_used(monitor, wanted[i]))
            continue;
        PyObject *id = python.from_long(wanted[i]);
        if (id && monitor_call(MONITORING_use_tool_id, id, name, NULL)) {
            found = id;
            *number = wanted[i];
            monitoring_view_hide(monitor, wanted[i]);
        } else if (id) {
            python.decrement(id);
        }
    }
    if (name)
        python.decrement(name);
    return found;
}

void monitor_free_id(struct monitor *monitor, PyObject *id, long number)
{
    monitor_call(MONITORING_free_tool_id, id, NULL, NULL);
    monitoring_view_show(monitor, number);
    python.decrement(id);
}

bool monitor_take_tool_id(struct monitor *monitor)
{
    monitor->tool = -1;
    monitor->tool_id = monitor_take_id(monitor, &monitor->tool);
    return monitor->tool_id != NULL;
}

void monitoring_expect_other_tool(bool monitors)
{
    if (is_own_call)
        return;
    atomic_store(&others_came, true);
    if (monitors)
        atomic_store(&tools_came, true);
    struct monitor *monitor = monitor_of_interpreter(python_interpreter_id());
    if (monitor)
        monitor_make_room(monitor, monitors);
}

/* Nothing is ours under the tool id any more. */
static void stop_listening(PyObject *monitoring, struct monitor *monitor)
{
    PyObject *none = python.from_long(0);
    if (!none) {
        python.clear_error();
        return;
    }
    monitor_set_events(monitoring, monitor, none);
    for (struct slot *slot = monitor_slots(monitor); slot; slot = slot->next)
        monitor_set_local_events(slot, monitor->tool_id, none);
    monitor_ignore(monitoring, monitor);
    python.decrement(none);
}

void monitor_give_up_tool_id(struct monitor *monitor)
{
    PyObject *old = monitor->tool_id;
    long number = monitor->tool;
    stop_listening(python.sys_get_object("monitoring"), monitor);
    monitor->tool_id = NULL;
    monitor->tool = -1;
    monitor_free_id(monitor, old, number);
    if (monitor->is_running)
        monitor_trace_instead(monitor);
}

/* Has the program a tool of sys.monitoring already? */
static bool are_tools_there(void)
{
    for (long number = 0; number < MONITORING_TOOLS; number++) {
        PyObject *id = python.from_long(number);
        PyObject *name = id ? monitoring_call(MONITORING_get_tool, id, NULL, NULL) : NULL;
        bool there = name && name != python.none;
        if (name)
            python.decrement(name);
        if (id)
            python.decrement(id);
        if (there)
            return true;
    }
    python.clear_error();
    return atomic_load(&tools_came);
}

void monitor_look_for_others(struct monitor *monitor)
{
    monitor->has_tools = are_tools_there();
    monitor->has_others = monitor->has_tools || atomic_load(&others_came);
}
