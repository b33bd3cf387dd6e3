/*
 * The way into an interpreter: an audit hook, added by the constructor before Python initialises.
 */
#ifndef COVFORK_PYTHON_AUDIT_H
#define COVFORK_PYTHON_AUDIT_H

#include <stdbool.h>

/* Adds the hook. True when this process is CPython 3.8 or newer. In the constructor. */
bool audit_init(void);

/* Is there no hook of ours at work: has no Python come yet, or does it rest between two lives? A
 * load and a comparison. Any time. */
bool audit_is_waiting(void);

/*
 * CPython is about to be initialised, and its functions are in `library`, a handle of dlopen that
 * stays open: adds the hook. True when it was not known yet that this process has Python. After the
 * constructor, in one thread at a time.
 */
bool audit_attach(void *library);

#endif
