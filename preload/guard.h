/*
 * Signals whose default action ends the process, for the engines that keep what they record in
 * Python's memory (python/python_engine.h): a handler of ours stands where the program has none,
 * asks the engine to save, and then lets the default action happen. The program is shown SIG_DFL
 * (sigaction and signal are wrapped), its children begin with SIG_DFL, and how it ended is what its
 * parent would have seen without us. It ends at the latest GUARD_SECONDS after the signal.
 */
#ifndef COVFORK_GUARD_H
#define COVFORK_GUARD_H

#define GUARD_SECONDS 4

/* From now on, for each such signal that has its default action. Once a process, by the engine. */
void guard_start(void);

/* The default actions are back: there is nothing to save any more. */
void guard_stop(void);

/* The default action of `signal`, now. Returns only where it doesn't end the process. */
void guard_die(int signal);

#endif
