/*
 * What the files of the engine for CPython 3.12 and newer share: monitoring.c, monitoring_arcs.c,
 * its half for branches, monitoring_tools.c and monitoring_beside.c. No other file includes it.
 * Everything runs with the GIL held or, free-threaded, with an attached thread state.
 */
#ifndef COVFORK_PYTHON_MONITORING_H
#define COVFORK_PYTHON_MONITORING_H

#include "api.h"
#include "code_flow.h"
#include "monitoring_view.h"
#include "source.h"

#include <stdatomic.h>

struct monitor;

/* What arcs need to know of a code object. */
struct slot_flow {
    struct code_flow flow;
    _Atomic int32_t last_line; /* 3.14 and newer: of the LINE event before */
    _Atomic uint8_t *seen;     /* before 3.14, of each unit: SEEN_* */
    uint32_t *sources;         /* before 3.14, of each unit: see code_flow_sources */
};

/* What code_table.h keeps of a measured code object: freed with it. All slots of an interpreter are
 * in a list, for the day that its program wants our tool id. */
struct slot {
    struct slot *next, *previous;
    const struct monitor *monitor;
    PyObject *code; /* not owned: we go with it */
    struct source *source;
    struct slot_flow *flow; /* owned; NULL: lines only */
    uint32_t *lines;        /* owned, of each code unit; NULL: LINE events tell the line */
    size_t unit_count;
    struct superinstructions *pairs; /* owned; NULL: nothing to put back */
};

/* Those of one interpreter, and a lock for all of its monitor that changes: see monitor_lock. */
struct slot_list {
    struct slot *first;
    const void *_Atomic owner; /* a thread; NULL: nobody */
    unsigned depth;
};

enum { MONITOR_ARC_EVENTS = 5 };

/* Of sys.monitoring.events, in all versions. */
enum { EVENT_PY_START = 1 << 0, EVENT_LINE = 1 << 5, EVENT_INSTRUCTION = 1 << 6 };

/* Of one interpreter. Lives as long as the process: callbacks of a finalizing one may come late. */
struct monitor {
    struct monitor *next;
    int64_t interpreter;
    struct slot_list *slots;
    struct monitoring_view view;
    PyObject *disable; /* sys.monitoring.DISABLE */
    PyObject *tool_id;
    long tool; /* -1: the program has them all */
    bool is_registered, is_running;
    PyObject *start_event, *line_event, *instruction_event;
    /* Of monitoring_beside.c. */
    bool has_others;     /* has the program a tool or a trace function too, or had it? For good. */
    bool has_tools;      /* a tool of sys.monitoring? Then has_others too. */
    PyObject *second_id; /* NULL: none */
    long second;         /* -1: none */
    /* Of monitoring_arcs.c. */
    bool arcs;                                /* are they recorded? */
    PyObject *arc_events[MONITOR_ARC_EVENTS]; /* each event that it listens to; NULL: no more */
    PyObject *arc_local_events;               /* those of code objects, in one number */
    PyObject *arc_events_beside;              /* the same where there are other tools */
    long arc_global_events;
    bool arcs_have_instructions; /* is INSTRUCTION among those of code objects? */
};

/* The monitor whose callback this is; a capsule costs less than a look-up by interpreter. */
struct monitor *monitor_of(PyObject *self);

/* What callbacks get as `self`. A new reference; NULL when it raised. */
PyObject *monitor_capsule(struct monitor *monitor);

/* The monitor of an interpreter; NULL: it has none. */
struct monitor *monitor_of_interpreter(int64_t interpreter);

/* The first of the monitor's slots; with its lock held. */
struct slot *monitor_slots(const struct monitor *monitor);

/* A thread may have the lock several times. One that waits for it is detached meanwhile: who has it
 * may have to stop all others. */
void monitor_lock(const struct monitor *monitor);
void monitor_unlock(const struct monitor *monitor);

/* What a callback returns that is not to be called for this place again. A new reference. */
PyObject *monitor_disable(const struct monitor *monitor);

/* The slot of `code`, if there is one; and in any case if it is measured and may be about to run in
 * the current frame. */
struct slot *monitor_known_slot(PyObject *code);
struct slot *monitor_find_slot(const struct monitor *monitor, PyObject *code);

/* Makes `function` the callback of `event`. False when it raised. */
bool monitor_register(PyObject *monitoring, struct monitor *monitor, PyObject *event,
                      struct python_method *method);

/* The same of any object; None: no callback. */
bool monitor_register_function(PyObject *monitoring, struct monitor *monitor, PyObject *event,
                               PyObject *function);

/* The global events of our tool id. False when it raised. */
bool monitor_set_events(PyObject *monitoring, struct monitor *monitor, PyObject *events);

/* Asks for the global events of the tool id that we have. False when it raised. */
bool monitor_listen(PyObject *monitoring, struct monitor *monitor);

/* The callbacks go. */
void monitor_ignore(PyObject *monitoring, struct monitor *monitor);

/* Takes a tool id that nobody has. False: the program has them all. */
bool monitor_take_tool_id(struct monitor *monitor);

/* Looks who is there. Before any other of monitoring_tools.c. */
void monitor_look_for_others(struct monitor *monitor);

/* A trace function takes over. 0 or -1 (said in the ledger). */
int monitor_trace_instead(struct monitor *monitor);

/* The program wants all tool ids: ours is given up for a trace function. With the lock held. */
void monitor_give_up_tool_id(struct monitor *monitor);

/* Calls CPython's own function of sys.monitoring with as many arguments as it has. False, and it is
 * cleared, when it raised. */
bool monitor_call(enum monitoring_function function, PyObject *a, PyObject *b, PyObject *c);

/* An id that nobody has, for now ours, and hidden from the program; `number` is told. NULL: there
 * is none. */
PyObject *monitor_take_id(struct monitor *monitor, long *number);

/* Gives it back, and the reference to it. Its events are gone already. */
void monitor_free_id(struct monitor *monitor, PyObject *id, long number);

/* Asks for the events of `slot`'s code, which is this monitor's. */
void monitor_arm(struct monitor *monitor, const struct slot *slot);

/* What is asked for from `slot`'s code: a number, borrowed. */
PyObject *monitor_events_of(const struct slot *slot);
void monitor_set_local_events(const struct slot *slot, PyObject *id, PyObject *events);

/* Another tool is about to come, one of sys.monitoring or (`tool` is false) a trace function. */
void monitor_make_room(struct monitor *monitor, bool tool);

/* The same once our global events are set, where the other one was first. */
void monitor_begin_beside(struct monitor *monitor);

/* The second id: its events are asked for where there are others; it is given up for another, or
 * for none. */
void monitor_hold_second(struct monitor *monitor);
void monitor_move_second(struct monitor *monitor);
void monitor_drop_second(struct monitor *monitor);

/* Takes it, and asks for nothing yet: that is done without an event. */
void monitor_reserve_second(struct monitor *monitor);

/* What the callback of a LINE event in `code` returns that is not to be called again. */
PyObject *monitor_line_told(const struct monitor *monitor, PyObject *code);

/* Gets ready to record arcs. False, and nothing is changed, when this Python is not known well
 * enough. */
bool arcs_set_up(PyObject *monitoring, struct monitor *monitor);

/* Registers the callbacks. False when it raised. */
bool arcs_listen(PyObject *monitoring, struct monitor *monitor);

/* Marks the instruction whose LINE event is told just now, before 3.14: its INSTRUCTION event may
 * be lost. */
void arcs_mark_current(const struct slot *slot);

/* What the slot of `code` needs for arcs; NULL: no memory, lines only. Freed with free(). */
struct slot_flow *arcs_new_flow(PyObject *code);

#endif
