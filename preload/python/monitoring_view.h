/*
 * What the program sees of sys.monitoring: six tool ids, as many as it would have without us. One
 * or two are ours, and it knows nothing of them. The functions of the module that name a tool are
 * replaced by functions of the same names, which give the program's ids other numbers where they
 * must: of the six, those that it uses have an id of CPython's each, and there are some besides
 * ours. When it wants more, ours are given up.
 *
 * What this can't do: functions that the program took from the module before an engine started are
 * CPython's own. Two tools of the program one of which has another number than it knows may be
 * called in the other order for an event that both asked for.
 *
 * Everything runs with the GIL held or, free-threaded, with an attached thread state.
 */
#ifndef COVFORK_PYTHON_MONITORING_VIEW_H
#define COVFORK_PYTHON_MONITORING_VIEW_H

#include "api.h"

struct monitor;

enum { MONITORING_TOOLS = 6 };

/* Of one interpreter; each array by the id that the program knows. */
struct monitoring_view {
    int8_t real[MONITORING_TOOLS];           /* CPython's id; -1: none */
    uint32_t callbacks[MONITORING_TOOLS];    /* the events that the program has one for */
    bool has_local_events[MONITORING_TOOLS]; /* may code objects have some under it? */
    bool is_traced; /* our trace function has taken over: CPython has events of its own for it */
};

/* X(function of sys.monitoring, number of arguments, those in its signature) */
#define MONITORING_FUNCTIONS(X)                                                                    \
    X(use_tool_id, 2, "tool_id, name, ")                                                           \
    X(clear_tool_id, 1, "tool_id, ") /* 3.14 and newer */                                          \
    X(free_tool_id, 1, "tool_id, ")                                                                \
    X(get_tool, 1, "tool_id, ")                                                                    \
    X(register_callback, 3, "tool_id, event, func, ")                                              \
    X(get_events, 1, "tool_id, ")                                                                  \
    X(set_events, 2, "tool_id, event_set, ")                                                       \
    X(get_local_events, 2, "tool_id, code, ")                                                      \
    X(set_local_events, 3, "tool_id, code, event_set, ")                                           \
    X(_all_events, 0, "")

enum monitoring_function {
#define X(name, count, arguments) MONITORING_##name,
    MONITORING_FUNCTIONS(X)
#undef X
};

/* Calls CPython's own function with as many of the arguments as it has: its result, a new
 * reference, or NULL with an exception. Ids are CPython's. */
PyObject *monitoring_call(enum monitoring_function function, PyObject *a, PyObject *b, PyObject *c);

/* Puts ours in the place of the current interpreter's functions, once; `monitor` is that
 * interpreter's. Where they aren't what we know, they stay. After that no tool is hidden yet. */
void monitoring_view_install(struct monitor *monitor);

/* CPython's id `real` is ours from now on: the program has no use of it. */
void monitoring_view_hide(struct monitor *monitor, long real);

/* It is no longer. */
void monitoring_view_show(struct monitor *monitor, long real);

/* Is the id `real` of CPython's used by the program, or has it left something there? */
bool monitoring_view_is_used(const struct monitor *monitor, long real);

#endif
