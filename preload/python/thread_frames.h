/*
 * Threads that C code starts, on CPython 3.8 to 3.10: a trace function belongs to a thread state,
 * and nobody is told of one that PyGILState_Ensure has made; each time anew, where a thread comes
 * and goes. So each frame is looked at as it begins to run, by a frame evaluator (PEP 523).
 */
#ifndef COVFORK_PYTHON_THREAD_FRAMES_H
#define COVFORK_PYTHON_THREAD_FRAMES_H

#include "api.h"

/* For the current interpreter, once trace_start was called for it. Does nothing where another
 * evaluator is there, and is replaced without harm by one that comes. With the GIL held. */
void thread_frames_start(void);

/* The evaluator that it sets; NULL where there is none. */
python_evaluator thread_frames_evaluator(void);

#endif
