/*
 * The native engines: what makes a running interpreter tell its lines. All functions are called
 * with the GIL held (or an attached thread state), leave no exception set and print nothing.
 */
#ifndef COVFORK_PYTHON_ENGINE_H
#define COVFORK_PYTHON_ENGINE_H

#include <stdbool.h>

/* sys.monitoring, from 3.12 on. For the current interpreter. 0 or -1 (said in the ledger). */
int monitoring_start(void);
/* Does all of it that the program's audit hooks would see, before there is one. After
 * source_init. */
void monitoring_prepare(void);
/* One of the audit events of a trace function, a profiler or (`monitors`) a callback of
 * sys.monitoring: somebody is about to set one for the current interpreter. From 3.12 on. */
void monitoring_expect_other_tool(bool monitors);
/* Code is about to run in the current thread state, of an interpreter whose engine was started. */
void monitoring_see_thread(void);
/* In the child of a fork. Async-signal-safe. */
void monitoring_after_fork_child(void);
/* Python is initialised once more in this process: the objects of the life before are gone. */
void monitoring_begin_life(void);
void trace_begin_life(void);

/* A C trace function, 3.8 to 3.11, and later where need be. For all threads of the current
 * interpreter, and those to come.
 */
int trace_start(void);
/* Its three parts, for breakpoints.h, which it takes over from: gets ready to keep notes of code
 * objects, 0 or -1 (said in the ledger); puts ours in the place of sys.settrace; and the rest, for
 * the current interpreter, where the first was done. */
int trace_prepare(void);
void trace_replace_set_trace(void);
void trace_start_prepared(void);
/* A thread is about to be started at `start`. Any thread of any program, any time; does nothing
 * unless it is CPython's own way to start one, and the engine runs. */
void trace_expect_thread(void *(*start)(void *));
/* The audit event sys.settrace: somebody is about to set a trace function for the current thread.
 */
void trace_about_to_be_set(void);
/* Traces the current thread if the engine runs and it isn't traced yet: one that C code started. */
void trace_this_thread(void);
/* The same of the current thread state, of which a thread may have several: 3.12 and newer. */
void trace_this_state(void);
/* Traces the current thread if the engine runs: it has another state than it had. */
void trace_new_state(void);

#endif
