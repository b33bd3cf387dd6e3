/*
 * Side by side with other tools of sys.monitoring: those of the program (it may want the tool id
 * that is ours), and CPython's own two, which are behind sys.settrace and sys.setprofile.
 *
 * CPython (3.12 to 3.15 at least) loses INSTRUCTION events when another tool comes: as soon as any
 * event of a code object has two tools, it notes for each instruction whose event it is, and begins
 * with nobody's (update_instrumentation_data in Python/instrumentation.c). That is so whatever the
 * two have in common, and all of them have PY_START. So before the first other tool can ask for
 * anything, each code object with INSTRUCTION events is made to have them for two tools for a
 * moment, after which the notes are there and right; and so is each that comes after that.
 */
#include "api.h"
#include "engine.h"
#include "monitoring.h"

#include <stdatomic.h>

/* Did one come before our engine started, in any interpreter? */
static atomic_bool others_came;
/* Are we calling ourselves what tells of one? */
static _Thread_local __attribute__((tls_model("initial-exec"))) bool is_own_call;

/* Calls CPython's own function of sys.monitoring with as many arguments as it has. False when it
 * raised. */
static bool call_function(enum monitoring_function function, PyObject *a, PyObject *b, PyObject *c)
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
    return call_function(MONITORING_register_callback, monitor->tool_id, event, function);
}

bool monitor_set_events(PyObject *monitoring, struct monitor *monitor, PyObject *events)
{
    (void)monitoring;
    return call_function(MONITORING_set_events, monitor->tool_id, events, NULL);
}

/*
 * An id that nobody has, for now ours; `number` is told. NULL: there is none. 3 and 4 are
 * anybody's, and a program may ask for them by number; 0, 1 and 2 are kept for debuggers, coverage
 * tools and profilers. 5 is an optimizer's: there is none. Of what the program has left something
 * under, none is taken.
 */
static PyObject *take_id(const struct monitor *monitor, long *number)
{
    static const long wanted[] = { 5, 4, 3, 2, 1, 0 };
    PyObject *name = python.new_string("covfork"), *found = NULL;
    for (size_t i = 0; name && !found && i < sizeof wanted / sizeof wanted[0]; i++) {
        if (monitoring_view_is_used(monitor, wanted[i]))
            continue;
        PyObject *id = python.from_long(wanted[i]);
        if (id && call_function(MONITORING_use_tool_id, id, name, NULL)) {
            found = id;
            *number = wanted[i];
        } else if (id) {
            python.decrement(id);
        }
    }
    if (name)
        python.decrement(name);
    return found;
}

static void free_id(PyObject *id)
{
    call_function(MONITORING_free_tool_id, id, NULL, NULL);
    python.decrement(id);
}

bool monitor_take_tool_id(struct monitor *monitor)
{
    monitor->tool = -1;
    monitor->tool_id = take_id(monitor, &monitor->tool);
    if (monitor->tool_id)
        monitoring_view_hide(monitor, monitor->tool);
    return monitor->tool_id != NULL;
}

static void set_local_events(const struct slot *slot, PyObject *id, PyObject *events)
{
    call_function(MONITORING_set_local_events, id, slot->code, events);
}

static PyObject *events_of(const struct slot *slot)
{
    const struct monitor *monitor = slot->monitor;
    if (slot->flow)
        return monitor->arc_local_events;
    return slot->lines ? monitor->instruction_event : monitor->line_event;
}

static bool has_instruction_events(const struct slot *slot)
{
    return slot->flow ? slot->monitor->arcs_have_instructions : slot->lines != NULL;
}

/* Asks for the events of `first`'s code, and of those of the slots `behind` it that have
 * INSTRUCTION events and are this monitor's, for us and for a moment for another id. False: there
 * is none. */
static bool arm_beside(const struct monitor *monitor, const struct slot *first, bool behind)
{
    long number;
    PyObject *helper = take_id(monitor, &number);
    PyObject *none = helper ? python.from_long(0) : NULL;
    for (const struct slot *slot = first; none && slot; slot = behind ? slot->next : NULL)
        if (has_instruction_events(slot)) {
            set_local_events(slot, monitor->tool_id, none);
            set_local_events(slot, helper, monitor->instruction_event);
            set_local_events(slot, monitor->tool_id, events_of(slot));
            set_local_events(slot, helper, none);
        }
    bool done = none != NULL;
    if (none)
        python.decrement(none);
    if (helper)
        free_id(helper);
    python.clear_error();
    return done;
}

void monitor_arm(const struct slot *slot)
{
    const struct monitor *monitor = slot->monitor;
    if (!monitor->has_others || !has_instruction_events(slot) || !arm_beside(monitor, slot, false))
        set_local_events(slot, monitor->tool_id, events_of(slot));
}

void monitor_make_room(struct monitor *monitor)
{
    if (monitor->has_others || monitor->tool < 0)
        return;
    monitor_lock(monitor);
    monitor->has_others = true;
    arm_beside(monitor, monitor_slots(monitor), true);
    monitor_unlock(monitor);
}

void monitoring_expect_other_tool(void)
{
    if (is_own_call)
        return;
    atomic_store(&others_came, true);
    struct monitor *monitor = monitor_of_interpreter(python_interpreter_id());
    if (monitor)
        monitor_make_room(monitor);
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
        set_local_events(slot, monitor->tool_id, none);
    monitor_ignore(monitoring, monitor);
    python.decrement(none);
}

void monitor_give_up_tool_id(struct monitor *monitor)
{
    stop_listening(python.sys_get_object("monitoring"), monitor);
    free_id(monitor->tool_id);
    monitor->tool_id = NULL;
    monitor->tool = -1;
    if (monitor->is_running)
        monitor_trace_instead(monitor);
}

/* Has the program a tool already, or a trace function? */
static bool are_others_there(void)
{
    for (long number = 0; number <= 5; number++) {
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
    return atomic_load(&others_came);
}

void monitor_look_for_others(struct monitor *monitor)
{
    monitor->has_others = are_others_there();
}
