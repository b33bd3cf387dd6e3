/*
 * The engine for CPython 3.11, lines only: see breakpoints.c. With the GIL held; no exception is
 * left and errno is kept.
 */
#ifndef COVFORK_PYTHON_BREAKPOINTS_H
#define COVFORK_PYTHON_BREAKPOINTS_H

#include "api.h"

#include <stdbool.h>

/* For the current interpreter, before measured code runs in it. False: it can't be done here, and
 * trace_start is to do it. */
bool breakpoints_start(void);

/* Something is about to be done that breakpoints don't go with: there are none any more, in any
 * interpreter, and trace_start goes on with what they did. Any number of times, also where they
 * were never started; they won't be afterwards. */
void breakpoints_give_way(void);

/* An audit event of which it can be learned that somebody is about to evaluate frames. */
void breakpoints_see_event(const char *event, PyObject *arguments);

/* Python is initialised once more in this process: code of the life before is not touched again. */
void breakpoints_begin_life(void);

#endif
