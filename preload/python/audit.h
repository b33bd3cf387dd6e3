/*
 * The way into an interpreter: an audit hook, added by the constructor before Python initialises.
 */
#ifndef COVFORK_PYTHON_AUDIT_H
#define COVFORK_PYTHON_AUDIT_H

#include <stdbool.h>

/* Adds the hook. True when this process is CPython 3.8 or newer. In the constructor. */
bool audit_init(void);

#endif
