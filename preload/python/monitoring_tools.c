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

/* Calls monitoring.NAME(a, b, c), of which b and c may be NULL. False when it raised. */
static bool call_method(PyObject *monitoring, const char *name, PyObject *a, PyObject *b,
                        PyObject *c)
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
    return call_method(monitoring, "register_callback", monitor->tool_id, event, function);
}

bool monitor_set_events(PyObject *monitoring, struct monitor *monitor, PyObject *events)
{
    return call_method(monitoring, "set_events", monitor->tool_id, events, NULL);
}

/*
 * An id that nobody has, for now ours; `number` is told. NULL: there is none. 3 and 4 are
 * anybody's, and a program may ask for them by number; 0, 1 and 2 are kept for debuggers, coverage
 * tools and profilers. 5 is an optimizer's: there is none.
 */
static PyObject *take_id(const struct monitor *monitor, long *number)
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

static void free_id(const struct monitor *monitor, PyObject *id)
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
    monitor->tool_id = take_id(monitor, &monitor->tool);
    return monitor->tool_id != NULL;
}

static void set_local_events(const struct slot *slot, PyObject *id, PyObject *events)
{
    if (!slot->monitor->set_local_events)
        return; /* the interpreter ends */
    PyObject *result = python.call(slot->monitor->set_local_events, id, slot->code, events, NULL);
    if (result)
        python.decrement(result);
    else
        python.clear_error();
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
        if (slot->monitor == monitor && has_instruction_events(slot)) {
            set_local_events(slot, monitor->tool_id, none);
            set_local_events(slot, helper, monitor->instruction_event);
            set_local_events(slot, monitor->tool_id, events_of(slot));
            set_local_events(slot, helper, none);
        }
    bool done = none != NULL;
    if (none)
        python.decrement(none);
    if (helper)
        free_id(monitor, helper);
    python.clear_error();
    return done;
}

void monitor_arm(const struct slot *slot)
{
    const struct monitor *monitor = slot->monitor;
    if (!monitor->has_others || !has_instruction_events(slot) || !arm_beside(monitor, slot, false))
        set_local_events(slot, monitor->tool_id, events_of(slot));
}

/* Another tool is about to come. The list of slots does not change meanwhile, for the GIL is held;
 * in a free-threaded build code that ends on another thread just then is not guarded against. */
static void make_room(struct monitor *monitor)
{
    if (monitor->has_others)
        return;
    monitor->has_others = true;
    arm_beside(monitor, monitor_slots(), true);
}

void monitoring_expect_other_tool(void)
{
    if (is_own_call)
        return;
    atomic_store(&others_came, true);
    struct monitor *monitor = monitor_of_interpreter(python_interpreter_id());
    if (monitor && monitor->tool >= 0)
        make_room(monitor);
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
            set_local_events(slot, monitor->tool_id, none);
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
    bool moved = monitor_take_tool_id(monitor) && monitor_listen(monitoring, monitor);
    for (struct slot *slot = monitor_slots(); moved && slot; slot = slot->next)
        if (slot->monitor == monitor)
            set_local_events(slot, monitor->tool_id, events_of(slot));
    free_id(monitor, old);
    if (!moved)
        trace_start();
}

static bool is_ours(const struct monitor *monitor, PyObject *id)
{
    long number = python.as_long(id);
    if (number == -1)
        python.clear_error();
    return number >= 0 && number == monitor->tool;
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
        make_room(monitor);
    if (count == 2 && is_ours(monitor, arguments[0]))
        give_up_tool_id(monitor);
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

/* Has the program a tool already, or a trace function? */
static bool are_others_there(const struct monitor *monitor)
{
    for (long number = 0; number <= 5; number++) {
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
    return atomic_load(&others_came);
}

bool monitor_stand_in(PyObject *monitoring, struct monitor *monitor)
{
    if (!stand_in(monitoring, monitor, &use_method, &monitor->use_tool_id) ||
        !stand_in(monitoring, monitor, &free_method, &monitor->free_tool_id) ||
        !stand_in(monitoring, monitor, &get_method, &monitor->get_tool))
        return false;
    monitor->has_others = are_others_there(monitor);
    return true;
}
