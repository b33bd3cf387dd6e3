/*
 * The ways that control takes through a code object of CPython 3.12 and newer, from its bytecode
 * and its line table. Pure: bytes in, lines out. What instructions do is known for each version
 * that is known.
 *
 * A unit is two bytes of bytecode. An "exit" is the negative first line of the code object: where
 * control goes when it leaves it. 0 is no line.
 */
#ifndef COVFORK_PYTHON_CODE_FLOW_H
#define COVFORK_PYTHON_CODE_FLOW_H

#include "../format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct code_flow {
    const uint8_t *code; /* co_code: two bytes a unit; inline caches are zeros */
    const uint32_t *lines;
    const uint8_t *table; /* co_exceptiontable */
    size_t table_size;
    uint32_t unit_count;
    int32_t exit;
};

/* Chooses the instruction set of Python 3.`minor`. False where it isn't known. Before all else. */
bool code_flow_choose(int minor);

/* Does the instruction at `unit` see to a StopIteration itself: one that asks an iterator for more?
 */
bool code_flow_asks(const struct code_flow *flow, uint32_t unit);

/* The unit of the instruction behind the one at `unit`. */
uint32_t code_flow_next(const struct code_flow *flow, uint32_t unit);

/* The line at `unit`; where it has none, the one of the code before it. */
int32_t code_flow_line(const struct code_flow *flow, uint32_t unit);

/* The line that a tracer sees when control comes to `unit` from line `from`, or the exit; 0 when
 * that is not decided by then, or it stays in line `from`. */
int32_t code_flow_arrive(const struct code_flow *flow, int32_t from, uint32_t unit);

/* The unit of the instruction before the one at `unit`, where that one may just go on to it; the
 * number of units where it doesn't. */
uint32_t code_flow_before(const struct code_flow *flow, uint32_t unit);

/* Does the instruction at `unit` just go on to the next? */
bool code_flow_falls(const struct code_flow *flow, uint32_t unit);

/* Where the instruction at `unit` leads, a jump, a return or one that raises, if that is another
 * line; 0 for all others. */
int32_t code_flow_leave(const struct code_flow *flow, uint32_t unit);

/*
 * The one line from which control comes to each unit, into `sources`, one for each; 0 where it can
 * come from several, from a handled exception, or from nowhere. To see such a unit run is to see
 * the way to it.
 */
void code_flow_sources(const struct code_flow *flow, uint32_t *sources);

/* Are there jumps at all, and are there any within a line? If not, no place lingers. These two cost
 * little. `back`: jumps back alone are looked at. */
bool code_flow_jumps(const struct code_flow *flow, bool back);
bool code_flow_jumps_within_line(const struct code_flow *flow, bool back);

/*
 * Is there a jump to a place that can be reached from its own line only? CPython brings no LINE
 * event there, for the line doesn't change, but looks each time, as long as LINE events are on:
 * without an event nobody can answer DISABLE. `sources`: see code_flow_sources.
 */
bool code_flow_lingers(const struct code_flow *flow, const uint32_t *sources, bool back);

/* Takes from `lines`, one for each unit, those of units whose line no LINE event tells when they
 * run: all up to a function's first RESUME, and what ends loops. */
void code_flow_drop_silent(const struct code_flow *flow, uint32_t *lines);

/* The unit that the branch at `unit` jumps to. */
uint32_t code_flow_other_way(const struct code_flow *flow, uint32_t unit);

/* Where control goes when an exception comes up at `unit`. `ends_async_for`: it is a
 * StopAsyncIteration. */
int32_t code_flow_raise(const struct code_flow *flow, uint32_t unit, bool ends_async_for);

/*
 * The arcs of a branch from `unit` to the unit `to`, as coverage.py's core for sys.monitoring finds
 * them (3.14 and newer): up to `room` of them, their number is returned. A statement of several
 * lines can give several arcs, one behind the other.
 */
size_t code_flow_follow(const struct code_flow *flow, uint32_t unit, uint32_t to,
                        struct format_arc *arcs, size_t room);

#endif
