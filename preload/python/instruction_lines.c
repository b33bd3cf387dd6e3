/* See instruction_lines.h. */
#include "instruction_lines.h"

#include "code_flow.h"
#include "line_table.h"

#include <stdbool.h>
#include <stdlib.h>

/* A shorter body can't be worth it. */
#define LONG_BODY_UNITS 96
/* So many units scanned cost what an event does for the instruction of a unit (callgrind, 3.13). */
#define SCANNED_UNITS_PER_EVENT 8
/* A longer body of a module or a class, run once, costs more to look at than it can linger. */
#define LOOPING_BODY_UNITS 1024

static bool is_function(PyObject *code)
{
    enum { OPTIMIZED = 0x1 };
    return python_code_long(code, CODE_FLAGS) & OPTIMIZED;
}

/* Would an event for each instruction cost less than the scans for the lines that are far? */
static bool is_long(const uint32_t *lines, size_t count, uint32_t first_line)
{
    size_t scanned = 0;
    if (python.minor >= 14 || count < LONG_BODY_UNITS)
        return false;
    for (size_t i = 1; i < count; i++)
        if (lines[i] != lines[i - 1] && lines[i] > first_line + 127)
            scanned += i;
    return scanned > count * SCANNED_UNITS_PER_EVENT;
}

/* Of code whose `flow` has its lines. `back`: only jumps back are looked at. */
static bool lingers(const struct code_flow *flow, bool back)
{
    if (!code_flow_jumps_within_line(flow, back))
        return false;
    uint32_t *sources = malloc(flow->unit_count * sizeof *sources);
    if (!sources)
        return false;
    code_flow_sources(flow, sources);
    bool found = code_flow_lingers(flow, sources, back);
    free(sources);
    return found;
}

/* `flow` may be empty: then nothing lingers. */
static uint32_t *new_lines(PyObject *code, struct code_flow *flow, size_t units, bool function)
{
    bool jumps = code_flow_jumps(flow, !function);
    bool always = function && python.minor == 12 && flow->unit_count > 0;
    if (!always && !jumps && (python.minor >= 14 || units < LONG_BODY_UNITS))
        return NULL;
    uint32_t *lines = calloc(units, sizeof *lines);
    if (!lines)
        return NULL;
    line_table_units(lines, units, code);
    flow->lines = lines;
    if (always || is_long(lines, units, (uint32_t)python_first_line(code)) ||
        (jumps && lingers(flow, !function)))
        return lines;
    free(lines);
    return NULL;
}

uint32_t *instruction_lines_new(PyObject *code, bool lingering, size_t *count,
                                struct superinstructions **pairs)
{
    *pairs = NULL;
    if (!lingering && python.minor >= 14)
        return NULL; /* no line is far there */
    bool function = is_function(code);
    *count = function ? 0 : line_table_units(NULL, 0, code);
    if (!function && (!lingering || *count > LOOPING_BODY_UNITS))
        return new_lines(code, &(struct code_flow){ 0 }, *count, false);
    PyObject *bytes =
        code_flow_choose(python.minor) ? python_code_attribute(code, CODE_BYTES) : NULL;
    char *start;
    ssize_t size;
    if (!bytes || python.bytes_get(bytes, &start, &size) != 0) {
        python.clear_error();
        if (bytes)
            python.decrement(bytes);
        return NULL;
    }
    *count = (size_t)size / 2;
    struct code_flow flow = { .code = (const uint8_t *)start, .unit_count = (uint32_t)*count };
    struct code_flow none = { 0 };
    uint32_t *lines = new_lines(code, lingering ? &flow : &none, *count, function);
    if (lines && function) {
        code_flow_drop_silent(&flow, lines);
        *pairs = lingering ? superinstructions_new(code, flow.code, *count) : NULL;
    }
    python.decrement(bytes);
    return lines;
}
