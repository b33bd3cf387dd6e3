/*
 * The engines that are programs in Python: coverage.py and slipcover, each started in the main
 * interpreter of a process by a script of ours that lives in a namespace of its own
 * (engine_NAME.py), and asked to save what it has whenever the process may be about to end. What
 * they save is written here, under a unique name, in the session's folder.
 *
 * Nothing is printed, no exception is left, errno is kept.
 */
#ifndef COVFORK_PYTHON_PYTHON_ENGINE_H
#define COVFORK_PYTHON_PYTHON_ENGINE_H

#include "api.h"

#include <stdbool.h>

/* Does COVFORK_ENGINE ask for one of them? Any time. */
bool python_engine_is_asked(void);

/* Starts it, once, in the main interpreter: its main program is about to run. `main_file` is that
 * program's file name (borrowed), or NULL. With the GIL held. */
void python_engine_start(PyObject *main_file);

/* Code of a file that is measured is about to run: `code`, or NULL where only its name is known.
 * Starts the engine where no main program did; from now on the ledger waits for data. With the GIL
 * held. */
void python_engine_see(PyObject *code);

/*
 * The main program is the file `file`, and slipcover needs other code to be run than the
 * interpreter would: runs it, ends the process as the interpreter would, and does not return. Else
 * does nothing. With the GIL held, in the audit event cpython.run_file.
 */
void python_engine_run_main(PyObject *file);

/* Another interpreter than the main one runs measured code: said in the ledger, once. */
void python_engine_see_subinterpreter(void);

/*
 * The process may be about to end here (`is_exec`: or to become another program). Does nothing
 * where the engine can't be asked: in a thread that is not Python's, or in the child of a fork
 * that CPython was not told of while other threads ran. Any thread, not in a vfork child.
 */
void python_engine_save(bool is_exec);

/* In the child of a fork. Async-signal-safe. */
void python_engine_after_fork_child(void);

/* Python is initialised once more in this process: another start, with a file of its own. */
void python_engine_begin_life(void);

/* Is there anything that a save could keep? Any time. */
bool python_engine_is_running(void);

/*
 * A signal's default action is about to end the process, and this is its handler, in the thread
 * that was interrupted; `in_system_call` when that was waiting in the kernel, `is_fault` when what
 * it did was the cause. True when all that can be saved here was. False: it will be saved by
 * Python's main thread as soon as that is at a safe place, and then the process ends by `signal`.
 */
bool python_engine_save_in_handler(int signal, bool in_system_call, bool is_fault);

#endif
