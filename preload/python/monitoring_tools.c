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

bool monitor_call(PyObject *monitoring, const char *name, PyObject *a, PyObject *b, PyObject *c)
{
    PyObject *method = python.get_attribute(monitoring, name);
    is_own_call = true;
    PyObject *result = method ? python.call(method, a, b, c, NULL) : NULL;
    is_own_call = false;
    if (method)
        python.decrement(method);
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
    return monitor_call(monitoring, "register_callback", monitor->tool_id, event, function);
}

bool monitor_set_events(PyObject *monitoring, struct monitor *monitor, PyObject *events)
{
    return monitor_call(monitoring, "set_events", monitor->tool_id, events, NULL);
}

/* 3 and 4 are anybody's, and a program may ask for them by number; 0, 1 and 2 are kept for
 * debuggers, coverage tools and profilers. 5 is an optimizer's: there is none. */
PyObject *monitor_take_id(const struct monitor *monitor, long *number)
{
    static const long wanted[] = { 5, 4, 3, 2, 1, 0 };
    PyObject *name = python.new_string("covfork"), *found = NULL;
    for (size_t i = 0; name && !found && i < sizeof wanted / sizeof wanted[0]; i++) {
        PyObject *id = python.from_long(wanted[i]);
        PyObject *result = id ? python.call(monitor->use_tool_id, id, name, NULL) : NULL;
        if (result) {
            python.decrement(result);
            found = id;
            *number = wanted[i];
        } else {
            python.clear_error();
            if (id)
                python.decrement(id);
        }
    }
    if (name)
        python.decrement(name);
    return found;
}

void monitor_free_id(const struct monitor *monitor, PyObject *id)
{
    PyObject *result = python.call(monitor->free_tool_id, id, NULL);
    if (result)
        python.decrement(result);
    python.clear_error();
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
    if (monitor && monitor->tool >= 0)
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
    for (struct slot *slot = monitor_slots(); slot; slot = slot->next)
        if (slot->monitor == monitor)
            monitor_set_local_events(slot, monitor->tool_id, none);
    monitor_ignore(monitoring, monitor);
    python.decrement(none);
}

/* The program wants our tool id: it is given up for another, or for a trace function. */
static void give_up_tool_id(struct monitor *monitor)
{
    PyObject *monitoring = python.sys_get_object("monitoring");
    PyObject *old = monitor->tool_id;
    if (!monitoring)
        return;
    stop_listening(monitoring, monitor);
    bool taken = monitor_take_tool_id(monitor);
    if (!taken && monitor->second_id) {
        monitor_drop_second(monitor);
        taken = monitor_take_tool_id(monitor);
    }
    bool moved = taken && monitor_listen(monitoring, monitor);
    for (struct slot *slot = monitor_slots(); moved && slot; slot = slot->next)
        if (slot->monitor == monitor)
            monitor_set_local_events(slot, monitor->tool_id, monitor_events_of(slot));
    monitor_free_id(monitor, old);
    if (!moved)
        trace_start();
}

static bool is_ours(const struct monitor *monitor, PyObject *id)
{
    long number = python.as_long(id);
    if (number == -1)
        python.clear_error();
    return number >= 0 && (number == monitor->tool || number == monitor->second);
}

static PyObject *return_none(void)
{
    python.increment(python.none);
    return python.none;
}

/* sys.monitoring.use_tool_id(id, name): no id is taken but by the program. */
static PyObject *use_tool_id(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    if (monitor->tool >= 0)
        monitor_make_room(monitor, true);
    if (count == 2 && is_ours(monitor, arguments[0])) {
        if (python.as_long(arguments[0]) == monitor->second)
            monitor_move_second(monitor);
        else
            give_up_tool_id(monitor);
    }
    return count == 2 ? python.call(monitor->use_tool_id, arguments[0], arguments[1], NULL)
                      : python.call(monitor->use_tool_id, count > 0 ? arguments[0] : NULL, NULL);
}

/* sys.monitoring.free_tool_id(id): the program can't mean ours. */
static PyObject *free_tool_id(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    if (count == 1 && is_ours(monitor, arguments[0]))
        return return_none();
    return python.call(monitor->free_tool_id, count > 0 ? arguments[0] : NULL, NULL);
}

/* sys.monitoring.get_tool(id) */
static PyObject *get_tool(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of(self);
    if (count == 1 && is_ours(monitor, arguments[0]))
        return return_none();
    return python.call(monitor->get_tool, count > 0 ? arguments[0] : NULL, NULL);
}

static struct python_method use_method = { "use_tool_id", (void *)use_tool_id, PYTHON_METH_FASTCALL,
                                           NULL };
static struct python_method free_method = { "free_tool_id", (void *)free_tool_id,
                                            PYTHON_METH_FASTCALL, NULL };
static struct python_method get_method = { "get_tool", (void *)get_tool, PYTHON_METH_FASTCALL,
                                           NULL };

/* Puts ours in the place of monitoring.NAME, which goes to `original`. */
static bool stand_in(PyObject *monitoring, struct monitor *monitor, struct python_method *method,
                     PyObject **original)
{
    PyObject *self = monitor_capsule(monitor);
    PyObject *function = self ? python.new_function(method, self, NULL) : NULL;
    *original = python.get_attribute(monitoring, method->name);
    bool done =
        function && *original && python.set_attribute(monitoring, method->name, function) == 0;
    if (function)
        python.decrement(function);
    if (self)
        python.decrement(self);
    return done;
}

/* Has the program a tool of sys.monitoring already? */
static bool are_tools_there(const struct monitor *monitor)
{
    for (long number = 0; number <= MONITOR_LAST_TOOL; number++) {
        PyObject *id = python.from_long(number);
        PyObject *name = id ? python.call(monitor->get_tool, id, NULL) : NULL;
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

bool monitor_stand_in(PyObject *monitoring, struct monitor *monitor)
{
    if (!stand_in(monitoring, monitor, &use_method, &monitor->use_tool_id) ||
        !stand_in(monitoring, monitor, &free_method, &monitor->free_tool_id) ||
        !stand_in(monitoring, monitor, &get_method, &monitor->get_tool))
        return false;
    monitor->has_tools = are_tools_there(monitor);
    monitor->has_others = monitor->has_tools || atomic_load(&others_came);
    return true;
}
