/*
 * CPython 3.12 makes one of some pairs of instructions when it creates a code object, and takes all
 * of them apart for good when the code object gets its first event (is_super_instruction in
 * Python/instrumentation.c): code that was ever measured is a few per cent slower from then on.
 * Here they are put back, one by one, as the events of their instructions are disabled. CPython
 * takes them apart again by itself when other events come. Other versions have nothing of the kind:
 * on 3.11 see quickening.h, from 3.13 on the compiler makes the pairs. Holding the GIL.
 */
#ifndef COVFORK_PYTHON_SUPERINSTRUCTIONS_H
#define COVFORK_PYTHON_SUPERINSTRUCTIONS_H

#include "api.h"

#include <stddef.h>
#include <stdint.h>

struct superinstructions;

/* Those of `code`, whose co_code is the `units` units at `bytes`; NULL: none, or this Python is not
 * known well enough. Freed with free(), when the code object goes at the latest. */
struct superinstructions *superinstructions_new(PyObject *code, const uint8_t *bytes, size_t units);

/* The instruction at `unit` ran, and has no event any more when the callback that calls this
 * returns. Puts back what it is the second half of, if the first has no event either. */
void superinstructions_put_back(const struct superinstructions *pairs, size_t unit);

#endif
