/* Control flow in bytecode. See code_flow.h, and CPython's Lib/opcode.py of each version. */
#include "code_flow.h"

#include <stdatomic.h>
#include <string.h>

enum kind {
    PLAIN,
    EXTENDS,  /* EXTENDED_ARG */
    JUMPS_ON, /* always, forwards */
    JUMPS_BACK,
    BRANCHES,
    SENDS, /* one of two ways, but within an expression and without an event */
    RETURNS,
    RAISES,   /* raise */
    RERAISES, /* the end of a handler */
    RESUMES,
    SKIPPED, /* never begins a line */
    ENDS_ASYNC_FOR,
    STORES, /* or drops what is on the stack already: begins no statement, but a handler */
};

/* X(kind, number in 3.12, 3.13, 3.14, 3.15); 0: there is none. */
#define INSTRUCTIONS(X)                                                                            \
    X(EXTENDS, 144, 71, 69, 67)       /* EXTENDED_ARG */                                           \
    X(JUMPS_ON, 110, 79, 77, 76)      /* JUMP_FORWARD */                                           \
    X(JUMPS_BACK, 140, 77, 75, 74)    /* JUMP_BACKWARD */                                          \
    X(JUMPS_BACK, 134, 78, 76, 75)    /* JUMP_BACKWARD_NO_INTERRUPT */                             \
    X(BRANCHES, 114, 97, 100, 99)     /* POP_JUMP_IF_FALSE */                                      \
    X(BRANCHES, 115, 100, 103, 102)   /* POP_JUMP_IF_TRUE */                                       \
    X(BRANCHES, 129, 98, 101, 100)    /* POP_JUMP_IF_NONE */                                       \
    X(BRANCHES, 128, 99, 102, 101)    /* POP_JUMP_IF_NOT_NONE */                                   \
    X(BRANCHES, 93, 72, 70, 68)       /* FOR_ITER */                                               \
    X(SENDS, 123, 104, 106, 105)      /* SEND */                                                   \
    X(RETURNS, 83, 36, 35, 33)        /* RETURN_VALUE */                                           \
    X(RETURNS, 121, 103, 0, 0)        /* RETURN_CONST */                                           \
    X(RETURNS, 75, 35, 34, 32)        /* RETURN_GENERATOR */                                       \
    X(RAISES, 130, 101, 104, 103)     /* RAISE_VARARGS */                                          \
    X(RERAISES, 119, 102, 105, 104)   /* RERAISE */                                                \
    X(RESUMES, 151, 149, 128, 128)    /* RESUME */                                                 \
    X(SKIPPED, 4, 11, 9, 9)           /* END_FOR */                                                \
    X(SKIPPED, 5, 12, 10, 10)         /* END_SEND */                                               \
    X(ENDS_ASYNC_FOR, 54, 10, 68, 66) /* END_ASYNC_FOR */                                          \
    X(STORES, 125, 110, 112, 111)     /* STORE_FAST */                                             \
    X(STORES, 0, 112, 114, 113)       /* STORE_FAST_STORE_FAST */                                  \
    X(STORES, 0, 111, 113, 112)       /* STORE_FAST_LOAD_FAST */                                   \
    X(STORES, 90, 114, 116, 115)      /* STORE_NAME */                                             \
    X(STORES, 97, 113, 115, 114)      /* STORE_GLOBAL */                                           \
    X(STORES, 138, 109, 111, 110)     /* STORE_DEREF */                                            \
    X(STORES, 92, 117, 119, 118)      /* UNPACK_SEQUENCE */                                        \
    X(STORES, 94, 116, 118, 117)      /* UNPACK_EX */                                              \
    X(STORES, 99, 115, 117, 116)      /* SWAP */                                                   \
    X(STORES, 1, 32, 31, 29)          /* POP_TOP */

enum { FIRST_MINOR = 12, VERSION_COUNT = 4 };

static uint8_t kinds[256];
static atomic_int version; /* the minor one that they are of */

bool code_flow_choose(int minor)
{
    static const struct {
        uint8_t kind, numbers[VERSION_COUNT];
    } instructions[] = {
#define X(kind, ...) { kind, { __VA_ARGS__ } },
        INSTRUCTIONS(X)
#undef X
    };
    /* Other interpreters of this process may be reading already, or be about the same. */
    if (minor == version)
        return true;
    uint8_t chosen[sizeof kinds] = { PLAIN };
    if (minor < FIRST_MINOR || minor >= FIRST_MINOR + VERSION_COUNT)
        return false;
    for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++)
        if (instructions[i].numbers[minor - FIRST_MINOR])
            chosen[instructions[i].numbers[minor - FIRST_MINOR]] = instructions[i].kind;
    memcpy(kinds, chosen, sizeof kinds);
    version = minor;
    return true;
}

static enum kind kind_at(const struct code_flow *flow, uint32_t unit)
{
    return kinds[flow->code[2 * (size_t)unit]];
}

bool code_flow_asks(const struct code_flow *flow, uint32_t unit)
{
    enum kind kind = unit < flow->unit_count ? kind_at(flow, unit) : PLAIN;
    return kind == SENDS || kind == BRANCHES; /* FOR_ITER; the others raise nothing of the kind */
}

uint32_t code_flow_next(const struct code_flow *flow, uint32_t unit)
{
    /* The number of a CACHE is 0. */
    do
        unit++;
    while (unit < flow->unit_count && flow->code[2 * (size_t)unit] == 0);
    return unit;
}

bool code_flow_falls(const struct code_flow *flow, uint32_t unit)
{
    switch (unit < flow->unit_count ? kind_at(flow, unit) : RETURNS) {
    case JUMPS_ON:
    case JUMPS_BACK:
    case BRANCHES:
    case RETURNS:
    case RAISES:
    case RERAISES:
        return false;
    default:
        return true;
    }
}

uint32_t code_flow_before(const struct code_flow *flow, uint32_t unit)
{
    if (unit == 0 || unit >= flow->unit_count)
        return flow->unit_count;
    do
        unit--;
    while (unit > 0 && flow->code[2 * (size_t)unit] == 0);
    return code_flow_falls(flow, unit) ? unit : flow->unit_count;
}

/* The unit that the jump at `unit` goes to; beyond the code when it is damaged. */
static uint32_t jump_target(const struct code_flow *flow, uint32_t unit)
{
    uint32_t distance = flow->code[2 * (size_t)unit + 1];
    for (uint32_t i = 1; i <= 3 && i <= unit && kind_at(flow, unit - i) == EXTENDS; i++)
        distance |= (uint32_t)flow->code[2 * (size_t)(unit - i) + 1] << (8 * i);
    uint32_t next = code_flow_next(flow, unit);
    if (kind_at(flow, unit) == JUMPS_BACK)
        return distance <= next ? next - distance : flow->unit_count;
    return distance < flow->unit_count - next ? next + distance : flow->unit_count;
}

int32_t code_flow_line(const struct code_flow *flow, uint32_t unit)
{
    if (unit >= flow->unit_count)
        return 0;
    while (unit > 0 && !flow->lines[unit])
        unit--;
    return (int32_t)flow->lines[unit];
}

/* A number of the exception table: 6 bits a byte, the greatest first, bit 6 says that more come. */
static bool read_number(const struct code_flow *flow, size_t *at, uint32_t *value)
{
    *value = 0;
    while (*at < flow->table_size) {
        uint8_t byte = flow->table[(*at)++];
        *value = *value << 6 | (byte & 63);
        if (!(byte & 64))
            return true;
    }
    return false;
}

/* The handler of what is raised at `unit`; the number of units when there is none. */
static uint32_t find_handler(const struct code_flow *flow, uint32_t unit)
{
    uint32_t start, length, handler, rest;
    for (size_t at = 0; at < flow->table_size;) {
        if (!read_number(flow, &at, &start) || !read_number(flow, &at, &length) ||
            !read_number(flow, &at, &handler) || !read_number(flow, &at, &rest))
            break;
        if (unit >= start && unit - start < length)
            return handler < flow->unit_count ? handler : flow->unit_count;
    }
    return flow->unit_count;
}

#define SEVERAL UINT32_MAX

static void add_source(const struct code_flow *flow, uint32_t *sources, uint32_t to, uint32_t line)
{
    if (to >= flow->unit_count)
        return;
    if (!line || (sources[to] && sources[to] != line))
        sources[to] = SEVERAL;
    else
        sources[to] = line;
}

uint32_t code_flow_other_way(const struct code_flow *flow, uint32_t unit)
{
    uint32_t to = jump_target(flow, unit);
    if (to < flow->unit_count && kind_at(flow, to) == SKIPPED) {
        to = code_flow_next(flow, to);
        /* 3.13: a loop that ends passes over END_FOR and the POP_TOP that it has behind it. */
        if (version == 13 && kind_at(flow, unit) == BRANCHES)
            to = code_flow_next(flow, to);
    }
    return to;
}

void code_flow_sources(const struct code_flow *flow, uint32_t *sources)
{
    memset(sources, 0, flow->unit_count * sizeof *sources);
    for (uint32_t unit = 0, next; unit < flow->unit_count; unit = next) {
        enum kind kind = kind_at(flow, unit);
        next = code_flow_next(flow, unit);
        if (kind == JUMPS_ON || kind == JUMPS_BACK)
            add_source(flow, sources, jump_target(flow, unit), flow->lines[unit]);
        else if (kind == BRANCHES || kind == SENDS)
            add_source(flow, sources, code_flow_other_way(flow, unit), flow->lines[unit]);
        if (kind == BRANCHES || (kind != SKIPPED && code_flow_falls(flow, unit)))
            add_source(flow, sources, next, flow->lines[unit]);
    }
    uint32_t start, length, handler, rest;
    for (size_t at = 0; at < flow->table_size;) {
        if (!read_number(flow, &at, &start) || !read_number(flow, &at, &length) ||
            !read_number(flow, &at, &handler) || !read_number(flow, &at, &rest))
            break;
        add_source(flow, sources, handler, 0);
    }
    for (uint32_t unit = 0; unit < flow->unit_count; unit++)
        if (sources[unit] == SEVERAL)
            sources[unit] = 0;
}

/* The unit that the instruction at `unit` jumps to; the number of units if it doesn't, or forwards
 * and only jumps `back` are wanted. */
static uint32_t find_target(const struct code_flow *flow, uint32_t unit, bool back)
{
    switch (kind_at(flow, unit)) {
    case JUMPS_BACK:
        return jump_target(flow, unit);
    case JUMPS_ON:
        return back ? flow->unit_count : jump_target(flow, unit);
    case BRANCHES:
    case SENDS:
        return back ? flow->unit_count : code_flow_other_way(flow, unit);
    default:
        return flow->unit_count;
    }
}

bool code_flow_jumps(const struct code_flow *flow, bool back)
{
    for (uint32_t unit = 0; unit < flow->unit_count; unit++)
        if (find_target(flow, unit, back) < flow->unit_count)
            return true;
    return false;
}

bool code_flow_jumps_within_line(const struct code_flow *flow, bool back)
{
    for (uint32_t unit = 0; unit < flow->unit_count; unit++) {
        uint32_t to = find_target(flow, unit, back);
        if (to < flow->unit_count && flow->lines[to] && flow->lines[to] == flow->lines[unit])
            return true;
    }
    return false;
}

bool code_flow_lingers(const struct code_flow *flow, const uint32_t *sources, bool back)
{
    for (uint32_t unit = 0; unit < flow->unit_count; unit++) {
        uint32_t to = find_target(flow, unit, back);
        if (to < flow->unit_count && flow->lines[to] && sources[to] == flow->lines[to])
            return true;
    }
    return false;
}

static bool is_silent(enum kind kind)
{
    return kind == SKIPPED || kind == RESUMES || kind == ENDS_ASYNC_FOR;
}

void code_flow_drop_silent(const struct code_flow *flow, uint32_t *lines)
{
    uint32_t first = 0;
    while (first < flow->unit_count && kind_at(flow, first) != RESUMES)
        first++;
    for (uint32_t unit = 0, next; unit < flow->unit_count; unit = next) {
        next = code_flow_next(flow, unit);
        if (unit <= first || is_silent(kind_at(flow, unit)))
            lines[unit] = 0;
    }
}

enum arrival {
    STAYS, /* in the line, or goes on from another place on its own */
    COMES, /* to another line */
    RETURNS_FROM,
    PASSED_ON, /* an exception, beyond this code */
};

/*
 * What a tracer sees first when control comes to `unit` from line `from`: instructions without a
 * line are passed. CPython's initialize_lines in Python/instrumentation.c says which ones begin a
 * line. `raised`: with an exception that `ends_async_for` or doesn't.
 */
static enum arrival go_on(const struct code_flow *flow, int32_t from, uint32_t unit, bool raised,
                          bool ends_async_for, int32_t *line)
{
    for (uint32_t steps = 0; unit < flow->unit_count && steps < flow->unit_count; steps++) {
        enum kind kind = kind_at(flow, unit);
        *line = (int32_t)flow->lines[unit];
        if (*line > 0 && !is_silent(kind))
            return *line == from ? STAYS : COMES;
        switch (kind) {
        case JUMPS_ON:
        case JUMPS_BACK:
            unit = jump_target(flow, unit);
            break;
        case RETURNS:
            return RETURNS_FROM;
        case ENDS_ASYNC_FOR:
            unit =
                raised && !ends_async_for ? find_handler(flow, unit) : code_flow_next(flow, unit);
            break;
        case RAISES:
        case RERAISES:
            unit = find_handler(flow, unit);
            raised = true;
            break;
        case BRANCHES:
        case SENDS:
            return STAYS;
        default:
            unit = code_flow_next(flow, unit);
        }
    }
    return raised && unit == flow->unit_count ? PASSED_ON : STAYS;
}

int32_t code_flow_arrive(const struct code_flow *flow, int32_t from, uint32_t unit)
{
    int32_t line;
    switch (go_on(flow, from, unit, false, false, &line)) {
    case COMES:
        return line;
    case STAYS:
        return 0;
    default:
        return flow->exit;
    }
}

int32_t code_flow_leave(const struct code_flow *flow, uint32_t unit)
{
    if (unit >= flow->unit_count || !flow->lines[unit])
        return 0;
    int32_t line = (int32_t)flow->lines[unit];
    switch (kind_at(flow, unit)) {
    case JUMPS_ON:
    case JUMPS_BACK:
        return code_flow_arrive(flow, line, jump_target(flow, unit));
    case RETURNS:
        return flow->exit;
    case RAISES:
    case RERAISES:
        return code_flow_raise(flow, unit, false);
    default:
        return 0;
    }
}

int32_t code_flow_raise(const struct code_flow *flow, uint32_t unit, bool ends_async_for)
{
    int32_t line;
    int32_t from = code_flow_line(flow, unit);
    switch (go_on(flow, from, find_handler(flow, unit), true, ends_async_for, &line)) {
    case COMES:
        return line;
    case STAYS:
        return 0;
    default:
        break;
    }
    /* What is thrown into a generator where it waits leaves it without being seen to. */
    uint32_t waiting = unit + 1;
    if (waiting < flow->unit_count && kind_at(flow, waiting) == RESUMES)
        return 0;
    return flow->exit;
}

size_t code_flow_follow(const struct code_flow *flow, uint32_t unit, uint32_t to,
                        struct format_arc *arcs, size_t room)
{
    size_t count = 0;
    int32_t from = unit < flow->unit_count ? (int32_t)flow->lines[unit] : 0;
    if (from == 0)
        return 0;
    for (uint32_t steps = 0; to < flow->unit_count && steps < flow->unit_count; steps++) {
        enum kind kind = kind_at(flow, to);
        int32_t line = (int32_t)flow->lines[to];
        if (line > 0 && line != from && kind != EXTENDS && count < room) {
            arcs[count++] = (struct format_arc){ from, line };
            /* A loop's target, a pattern's names: still the statement that the branch is in. */
            if (kind != STORES)
                return count;
            from = line;
        }
        switch (kind) {
        case JUMPS_ON:
        case JUMPS_BACK:
            to = jump_target(flow, to);
            break;
        case RETURNS:
            if (count < room)
                arcs[count++] = (struct format_arc){ from, flow->exit };
            return count;
        case BRANCHES:
        case SENDS:
        case ENDS_ASYNC_FOR:
        case RERAISES:
            return count;
        default:
            to = code_flow_next(flow, to);
        }
    }
    return count;
}
