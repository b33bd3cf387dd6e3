/*
 * Which code objects are better asked for INSTRUCTION events than for LINE events, and the lines
 * of their instructions. CPython 3.12 and newer. Holding the GIL.
 *
 * An INSTRUCTION event brings an offset, is looked for nowhere, and can be disabled at each place:
 * what is left costs nothing. There are several for each line, though. LINE events cost more where
 * - the line is far from the code object's first: CPython before 3.14 scans the line table for it,
 *   which is quadratic in a long body;
 * - a jump leads to a place of its own line (`a if b else c`, a comprehension, `await`): see
 *   code_flow_lingers;
 * - CPython 3.12 has superinstructions: with an offset they can be put back, see
 *   superinstructions.h.
 */
#ifndef COVFORK_PYTHON_INSTRUCTION_LINES_H
#define COVFORK_PYTHON_INSTRUCTION_LINES_H

#include "api.h"
#include "superinstructions.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What to ask for from `code`; `lingering`: for the other reasons too, which are not worth it where
 * events by instruction are dear. The line of each of `*count` units (two bytes) of `code`, 0 where
 * running it means no line, or NULL: LINE events will do. Freed with free(). Marking these lines as
 * their instructions run is the same as marking the lines of LINE events. `*pairs`: what to put
 * back then, owned by the caller; NULL: nothing.
 */
uint32_t *instruction_lines_new(PyObject *code, bool lingering, size_t *count,
                                struct superinstructions **pairs);

#endif
