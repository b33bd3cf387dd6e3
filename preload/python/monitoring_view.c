/* See monitoring_view.h. */
#include "monitoring_view.h"

#include "monitoring.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNMAPPED = -1, FUNCTIONS = MONITORING__all_events + 1, ARGUMENTS_MOST = 3 };

/* Of the events that CPython has for a trace function: see get_all_events. */
enum { TRACE_BIT = 7 };

typedef PyObject *(*one_argument)(PyObject *self, PyObject *argument);

static const struct {
    const char *name;
    int count;
} functions[FUNCTIONS] = {
#define X(name, count, arguments) { #name, count },
    MONITORING_FUNCTIONS(X)
#undef X
};

/*
 * CPython's own, by their address in the library, the same for all interpreters: no function object
 * of it is kept, for the program could count them, and one belongs to an interpreter. NULL: not
 * known, or not there.
 */
static _Atomic(void *) originals[FUNCTIONS];

/* With the number of arguments that the program gave, right or not. */
static PyObject *call_original(enum monitoring_function function, PyObject *module,
                               PyObject *const *arguments, ssize_t count)
{
    void *address = atomic_load_explicit(&originals[function], memory_order_relaxed);
    if (functions[function].count < 2)
        return ((one_argument)address)(module, count > 0 ? arguments[0] : NULL);
    return ((python_fast_function)address)(module, arguments, count);
}

PyObject *monitoring_call(enum monitoring_function function, PyObject *a, PyObject *b, PyObject *c)
{
    PyObject *module = python.sys_get_object("monitoring");
    PyObject *const arguments[ARGUMENTS_MOST] = { a, b, c };
    if (atomic_load_explicit(&originals[function], memory_order_relaxed))
        return call_original(function, module, arguments, functions[function].count);
    PyObject *method = module ? python.get_attribute(module, functions[function].name) : NULL;
    /* The first one that is NULL is the end. */
    PyObject *result = method ? python.call(method, a, b, c, NULL) : NULL;
    if (method)
        python.decrement(method);
    return result;
}

/* --- which id is which --------------------------------------------------------------------------
 */

/* The id of CPython's that the number is; -1 when it raised. `function` takes an id alone. */
static long ask(enum monitoring_function function, long real)
{
    PyObject *id = python.from_long(real);
    PyObject *answer = id ? monitoring_call(function, id, NULL, NULL) : NULL;
    long value = -1;
    if (answer)
        value = answer == python.none             ? 0
                : function == MONITORING_get_tool ? 1
                                                  : python.as_long(answer);
    python.clear_error();
    if (answer)
        python.decrement(answer);
    if (id)
        python.decrement(id);
    return value;
}

/* Does the program use its id `number`, or has it left something there? */
static bool is_used(const struct monitoring_view *view, int number)
{
    long real = view->real[number];
    return real != UNMAPPED && (view->callbacks[number] || view->has_local_events[number] ||
                                ask(MONITORING_get_tool, real) || ask(MONITORING_get_events, real));
}

bool monitoring_view_is_used(const struct monitor *monitor, long real)
{
    for (int number = 0; number < MONITORING_TOOLS; number++)
        if (monitor->view.real[number] == real)
            return is_used(&monitor->view, number);
    return false;
}

/* Would the ids that are used be in the order of CPython's, which calls their callbacks in it, if
 * `number` was `real`? */
static bool keeps_order(const struct monitoring_view *view, const bool *used, int number, int real)
{
    for (int other = 0; other < MONITORING_TOOLS; other++)
        if (used[other] && (other < number) != (view->real[other] < real))
            return false;
    return true;
}

/* One, perhaps `number` itself, whose id of CPython's nobody uses: what is nearest of those that
 * keep the order, else of all. -1: there is none. `*ordered` is told whether it does, and so is
 * `*second`, which becomes -1 where that id of CPython's would not. */
static int find_spare(const struct monitoring_view *view, int number, bool *ordered, long *second)
{
    bool used[MONITORING_TOOLS];
    int found = -1, least = INT_MAX;
    for (int i = 0; i < MONITORING_TOOLS; i++)
        used[i] = is_used(view, i);
    for (int i = 0; i < MONITORING_TOOLS; i++) {
        if (used[i] || view->real[i] == UNMAPPED)
            continue;
        int distance = abs(view->real[i] - number);
        if (!keeps_order(view, used, number, view->real[i]))
            distance += MONITORING_TOOLS;
        if (distance < least) {
            least = distance;
            found = i;
        }
    }
    *ordered = least < MONITORING_TOOLS;
    if (*second >= 0 && !keeps_order(view, used, number, (int)*second))
        *second = -1;
    return found;
}

/*
 * CPython's id for the program's `number`. Where it has none, one that nobody uses, which answers
 * as it would; perhaps -1. With `takes` the program is about to use it: then it has one from now
 * on, for which ours may be given up.
 */
static long map(struct monitor *monitor, int number, bool takes)
{
    struct monitoring_view *view = &monitor->view;
    int8_t there = view->real[number];
    if (there != UNMAPPED && (!takes || is_used(view, number)))
        return there;
    bool ordered;
    long second = monitor->second;
    int spare = find_spare(view, number, &ordered, &second);
    if (takes && monitor->second >= 0 && (spare < 0 || (!ordered && second >= 0))) {
        if (spare < 0)
            monitor_drop_second(monitor);
        else
            monitor_move_second(monitor);
        there = view->real[number];
        second = -1;
        spare = find_spare(view, number, &ordered, &second);
    }
    if (spare < 0 && takes && monitor->tool >= 0) {
        monitor_give_up_tool_id(monitor); /* it is the only one that has none */
        return view->real[number];
    }
    if (spare < 0)
        return -1;
    int8_t real = view->real[spare];
    if (takes) {
        view->real[spare] = there;
        view->real[number] = real;
    }
    return real;
}

/* --- exceptions ---------------------------------------------------------------------------------
 */

/* CPython names the id in the exception that it has raised: `real`, where the program said
 * `number`. */
static void rename_id(long real, int number)
{
    static const char *const ends[] = { "is not in use", "is already in use" };
    if (real == number || !python.error_matches(*python.value_error))
        return;
    PyObject *type, *value, *traceback, *owner = NULL;
    python.fetch_error(&type, &value, &traceback);
    PyObject *arguments = value ? python.get_attribute(value, "args") : NULL;
    PyObject *first =
        arguments && python.tuple_size(arguments) > 0 ? python.tuple_get(arguments, 0) : NULL;
    const char *text = first ? python_text(first, &owner) : NULL;
    char wanted[64] = "", found[64];
    for (size_t i = 0; text && !wanted[0] && i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(found, sizeof found, "tool %ld %s", real, ends[i]);
        if (strcmp(text, found) == 0)
            snprintf(wanted, sizeof wanted, "tool %d %s", number, ends[i]);
    }
    python.clear_error();
    if (owner)
        python.decrement(owner);
    if (arguments)
        python.decrement(arguments);
    if (!wanted[0]) {
        python.restore_error(type, value, traceback);
        return;
    }
    PyObject *const parts[] = { type, value, traceback };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i])
            python.decrement(parts[i]);
    python.set_error(*python.value_error, wanted);
}

static PyObject *return_none(void)
{
    python.increment(python.none);
    return python.none;
}

/* What an id that nobody uses answers, where the program uses all the others. */
static PyObject *answer_unused(enum monitoring_function function, PyObject *module,
                               PyObject *const *arguments, ssize_t count, int number)
{
    char text[64];
    PyObject *any, *answer;
    switch (function) {
    case MONITORING_get_events:
        return python.from_long(0);
    case MONITORING_get_local_events:
        /* Is the other argument a code object? */
        any = python.from_long(0);
        PyObject *const others[] = { any, arguments[1] };
        answer = any ? call_original(function, module, others, count) : NULL;
        if (any)
            python.decrement(any);
        if (!answer)
            return NULL;
        python.decrement(answer);
        return python.from_long(0);
    case MONITORING_set_events:
    case MONITORING_set_local_events:
        snprintf(text, sizeof text, "tool %d is not in use", number);
        python.set_error(*python.value_error, text);
        return NULL;
    default:
        return return_none();
    }
}

/* --- the functions ------------------------------------------------------------------------------
 */

/* The event whose number this is; 0: it can't be one. */
static uint32_t event_of(PyObject *number)
{
    long event = python.as_long(number);
    if (event < 0 || event > INT32_MAX)
        event = 0;
    python.clear_error();
    return (uint32_t)event;
}

/* Must the program's `number` be an id of its own for this? */
static bool takes_id(enum monitoring_function function, PyObject *const *arguments)
{
    return function == MONITORING_use_tool_id ||
           (function == MONITORING_register_callback && arguments[2] != python.none);
}

/* The program is about to call it, and the id is `number`, if it is one that is used. */
static void note_before(struct monitor *monitor, enum monitoring_function function, int number,
                        PyObject *const *arguments)
{
    struct monitoring_view *view = &monitor->view;
    if (function == MONITORING_register_callback && arguments[2] != python.none)
        view->callbacks[number] |= event_of(arguments[1]);
    else if (function == MONITORING_set_local_events)
        view->has_local_events[number] |= event_of(arguments[2]) != 0;
}

static void note_after(struct monitor *monitor, enum monitoring_function function, int number,
                       PyObject *const *arguments)
{
    struct monitoring_view *view = &monitor->view;
    bool clears = function == MONITORING_clear_tool_id ||
                  (function == MONITORING_free_tool_id && python.minor >= 14);
    if (clears) {
        view->callbacks[number] = 0;
        view->has_local_events[number] = false;
    } else if (function == MONITORING_register_callback && arguments[2] == python.none) {
        view->callbacks[number] &= ~event_of(arguments[1]);
    }
}

/* With one of the program's ids. */
static PyObject *call_with_id(struct monitor *monitor, enum monitoring_function function,
                              PyObject *module, PyObject *const *arguments, int number)
{
    ssize_t count = functions[function].count;
    monitor_lock(monitor);
    bool takes = takes_id(function, arguments);
    bool mapped = takes || monitor->view.real[number] != UNMAPPED;
    /* This may take an id for us, which must not be the one that the program gets. */
    if (function == MONITORING_use_tool_id)
        monitor_make_room(monitor, true);
    long real = map(monitor, number, takes);
    PyObject *id = real >= 0 ? python.from_long(real) : NULL;
    if (real >= 0 && mapped)
        note_before(monitor, function, number, arguments);
    /* Its audit event runs code of the program's. */
    bool runs_code = function == MONITORING_register_callback;
    if (runs_code)
        monitor_unlock(monitor);
    PyObject *const all[ARGUMENTS_MOST] = { id, count > 1 ? arguments[1] : NULL,
                                            count > 2 ? arguments[2] : NULL };
    PyObject *result = NULL;
    if (id)
        result = call_original(function, module, all, count);
    else if (real < 0)
        result = answer_unused(function, module, arguments, count, number);
    if (runs_code)
        monitor_lock(monitor);
    if (result && mapped)
        note_after(monitor, function, number, arguments);
    monitor_unlock(monitor);
    if (!result && id)
        rename_id(real, number);
    if (id)
        python.decrement(id);
    return result;
}

static PyObject *call(enum monitoring_function function, PyObject *module,
                      PyObject *const *arguments, ssize_t count)
{
    struct monitor *monitor = monitor_of_interpreter(python_interpreter_id());
    if (!monitor || count != functions[function].count)
        return call_original(function, module, arguments, count);
    long number = python.as_long(arguments[0]);
    if (number < 0 || number >= MONITORING_TOOLS) {
        python.clear_error();
        return call_original(function, module, arguments, count);
    }
    return call_with_id(monitor, function, module, arguments, (int)number);
}

/* Has the program set a trace function for this thread? */
static bool is_traced_by_program(void)
{
    PyObject *get = python.sys_get_object("gettrace");
    PyObject *function = get ? python.call(get, NULL) : NULL;
    bool is = function && function != python.none;
    if (function)
        python.decrement(function);
    python.clear_error();
    return is;
}

/* The tools of an event, a bit an id of CPython's, as the program knows them. */
static long program_tools(const struct monitoring_view *view, long tools, bool hides_trace)
{
    long seen = tools & ~(long)((1 << MONITORING_TOOLS) - 1);
    if (hides_trace)
        seen &= ~(1L << TRACE_BIT);
    for (int number = 0; number < MONITORING_TOOLS; number++)
        if (view->real[number] != UNMAPPED && tools >> view->real[number] & 1)
            seen |= 1L << number;
    return seen;
}

/* sys.monitoring._all_events(): {name of an event: tools}, those that have any. */
static PyObject *get_all_events(PyObject *module)
{
    struct monitor *monitor = monitor_of_interpreter(python_interpreter_id());
    PyObject *all = call_original(MONITORING__all_events, module, NULL, 0);
    if (!monitor || !all)
        return all;
    PyObject *seen = python.new_dict(), *name, *tools;
    bool hides_trace = monitor->view.is_traced && !is_traced_by_program();
    bool done = seen != NULL;
    for (ssize_t at = 0; done && python.dict_next(all, &at, &name, &tools);) {
        long bits = program_tools(&monitor->view, python.as_long(tools), hides_trace);
        PyObject *value = bits ? python.from_long(bits) : NULL;
        done = !bits || (value && python.dict_set_item(seen, name, value) == 0);
        if (value)
            python.decrement(value);
    }
    python.decrement(all);
    if (seen && !done) {
        python.decrement(seen);
        seen = NULL;
    }
    return seen;
}

#define COUNT_0(name)                                                                              \
    static PyObject *name##_seen(PyObject *module, PyObject *unused)                               \
    {                                                                                              \
        (void)unused;                                                                              \
        return get_all_events(module);                                                             \
    }
#define COUNT_1(name)                                                                              \
    static PyObject *name##_seen(PyObject *module, PyObject *argument)                             \
    {                                                                                              \
        return call(MONITORING_##name, module, &argument, 1);                                      \
    }
#define COUNT_2(name)                                                                              \
    static PyObject *name##_seen(PyObject *module, PyObject *const *arguments, ssize_t count)      \
    {                                                                                              \
        return call(MONITORING_##name, module, arguments, count);                                  \
    }
#define COUNT_3(name)             COUNT_2(name)
#define X(name, count, arguments) COUNT_##count(name)
MONITORING_FUNCTIONS(X)
#undef X

/* CPython's documentation of them is their signature. */
static struct python_method methods[FUNCTIONS] = {
#define FLAGS_0 PYTHON_METH_NOARGS
#define FLAGS_1 PYTHON_METH_O
#define FLAGS_2 PYTHON_METH_FASTCALL
#define FLAGS_3 PYTHON_METH_FASTCALL
#define X(name, count, arguments)                                                                  \
    { #name, (void *)name##_seen, FLAGS_##count, #name "($module, " arguments "/)\n--\n\n" },
    MONITORING_FUNCTIONS(X)
#undef X
};

/* --- in their place -----------------------------------------------------------------------------
 */

/* The address of a function of `module`; NULL: it isn't there, or is another than we know. */
static void *address_of(PyObject *module, enum monitoring_function function)
{
    void *address = NULL;
    PyObject *object = python.get_attribute(module, functions[function].name);
    if (object && python.function_flags(object) == methods[function].flags)
        address = python.function_address(object);
    python.clear_error();
    if (object)
        python.decrement(object);
    return address;
}

static bool find_originals(PyObject *module)
{
    void *found[FUNCTIONS];
    for (int i = 0; i < FUNCTIONS; i++) {
        found[i] = address_of(module, (enum monitoring_function)i);
        if (found[i] == methods[i].function)
            return false;
        if (!found[i] && (i != MONITORING_clear_tool_id || python.minor >= 14))
            return false;
    }
    for (int i = 0; i < FUNCTIONS; i++)
        atomic_store(&originals[i], found[i]); /* another interpreter may have found the same */
    return true;
}

static bool replace(PyObject *module, PyObject *name)
{
    for (int i = 0; i < FUNCTIONS; i++) {
        if (!atomic_load(&originals[i]))
            continue;
        PyObject *function = python.new_function(&methods[i], module, name);
        bool done = function && python.set_attribute(module, methods[i].name, function) == 0;
        if (function)
            python.decrement(function);
        if (!done)
            return false;
    }
    return true;
}

void monitoring_view_install(struct monitor *monitor)
{
    for (int number = 0; number < MONITORING_TOOLS; number++) {
        monitor->view.real[number] = (int8_t)number;
        /* What a tool that is there already has asked for is not known. */
        bool is_there = ask(MONITORING_get_tool, number) != 0;
        monitor->view.callbacks[number] = is_there ? UINT32_MAX : 0;
        monitor->view.has_local_events[number] = is_there;
    }
    PyObject *module = python.sys_get_object("monitoring");
    PyObject *name = module ? python.get_attribute(module, "__name__") : NULL;
    if (name && find_originals(module))
        replace(module, name);
    python.clear_error();
    if (name)
        python.decrement(name);
}

void monitoring_view_hide(struct monitor *monitor, long real)
{
    for (int number = 0; number < MONITORING_TOOLS; number++)
        if (monitor->view.real[number] == real)
            monitor->view.real[number] = UNMAPPED;
}

void monitoring_view_show(struct monitor *monitor, long real)
{
    int8_t *ids = monitor->view.real;
    int number = ids[real] == UNMAPPED ? (int)real : 0;
    while (number < MONITORING_TOOLS && ids[number] != UNMAPPED)
        number++;
    if (number < MONITORING_TOOLS)
        ids[number] = (int8_t)real;
}
