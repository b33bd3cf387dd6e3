/*
 * A walk over each code object's statements, as coverage.py's AstArcAnalyzer does it on Python's
 * syntax tree: each statement has exits, which lead to the statement that follows. Exits are lists
 * that are joined in constant time and used up when they lead somewhere, so that the time is
 * linear but for sorting. The recursion is as deep as the source is indented: TOKENIZER_MAX_INDENT
 * and one for a suite on its header's line.
 */
#include "collector/source/flow.h"

#include "collector/source/statements.h"

#include <stdlib.h>
#include <string.h>

#define EXIT_NONE UINT32_MAX

/* A line that control leaves towards what follows. */
struct exit {
    uint32_t line;
    uint32_t next;
    enum flow_cause cause;
};

struct exits {
    uint32_t first, last;
};

static const struct exits no_exits = { EXIT_NONE, EXIT_NONE };

struct found_arc {
    struct flow_reason reason;
    bool enters_with; /* leaves the first line of a `with` for its suite */
    bool exits_with;  /* leaves the suite of a `with` for its first line */
};

enum scope_kind { SCOPE_FUNCTION, SCOPE_LOOP, SCOPE_TRY };

/* What a jump looks for on its way out. */
struct scope {
    enum scope_kind kind;
    uint32_t line; /* FUNCTION, LOOP: its first; TRY: of the first handler, or 0 */
    struct exits breaks;
    struct scope *outer;
};

struct walker {
    const struct statements *statements;
    const struct line_set *code;
    struct scope *scope; /* the innermost */
    struct found_arc *arcs;
    size_t arc_count, arc_capacity;
    struct exit *exits;
    size_t exit_count, exit_capacity;
    uint64_t *keys; /* of the exits that are being used up */
    size_t key_capacity;
    struct line_set withs, open_withs; /* first lines of all `with` and of those walked now */
    char *names;
    size_t names_size, names_capacity;
    uint32_t name;       /* of the code object that is walked */
    bool failed;         /* memory ran out: everything from then on is void */
    uint32_t wrong_line; /* of a clause that can't be there */
};

/* The items with room for `needed` of them; NULL when memory ran out. */
static void *grow(struct walker *walker, void *items, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return items;
    size_t more = *capacity ? *capacity * 2 : 64;
    while (more < needed)
        more *= 2;
    items = reallocarray(items, more, size);
    if (items)
        *capacity = more;
    else
        walker->failed = true;
    return items;
}

/* A list of one exit. */
static struct exits exit_at(struct walker *walker, uint32_t line, enum flow_cause cause)
{
    struct exit *exits =
        grow(walker, walker->exits, &walker->exit_capacity, walker->exit_count + 1, sizeof *exits);
    if (!exits)
        return no_exits;
    walker->exits = exits;
    uint32_t index = (uint32_t)walker->exit_count++;
    walker->exits[index] = (struct exit){ line, EXIT_NONE, cause };
    return (struct exits){ index, index };
}

static bool is_empty(struct exits exits)
{
    return exits.first == EXIT_NONE;
}

/* Both lists as one; neither is to be used any more. */
static struct exits join(struct walker *walker, struct exits one, struct exits other)
{
    if (is_empty(one))
        return other;
    if (is_empty(other))
        return one;
    walker->exits[one.last].next = other.first;
    return (struct exits){ one.first, other.last };
}

static void add_arc(struct walker *walker, uint32_t from, int32_t to, enum flow_cause cause,
                    enum flow_action action)
{
    struct found_arc *arcs =
        grow(walker, walker->arcs, &walker->arc_capacity, walker->arc_count + 1, sizeof *arcs);
    if (!arcs)
        return;
    walker->arcs = arcs;
    arcs[walker->arc_count] =
        (struct found_arc){ .reason = { .arc = { (int32_t)from, to },
                                        .order = (uint32_t)walker->arc_count,
                                        .name = walker->name,
                                        .cause = cause,
                                        .action = action },
                            .enters_with = line_set_has(&walker->open_withs, from) };
    walker->arc_count++;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
    return (one > other) - (one < other);
}

/* Puts the exits, each once, into walker->keys. Their number. */
static size_t collect(struct walker *walker, struct exits exits)
{
    size_t count = 0;
    for (uint32_t i = exits.first; i != EXIT_NONE; i = walker->exits[i].next) {
        uint64_t *keys = grow(walker, walker->keys, &walker->key_capacity, count + 1, sizeof *keys);
        if (!keys)
            return 0;
        walker->keys = keys;
        keys[count++] = (uint64_t)walker->exits[i].line << 8 | walker->exits[i].cause;
    }
    if (count < 2)
        return count;
    qsort(walker->keys, count, sizeof *walker->keys, compare_keys);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++)
        if (walker->keys[i] != walker->keys[kept - 1])
            walker->keys[kept++] = walker->keys[i];
    return kept;
}

/* Leads the exits to `to`, which uses them up. */
static void lead(struct walker *walker, struct exits exits, int32_t to, enum flow_action action)
{
    size_t count = collect(walker, exits);
    for (size_t i = 0; i < count; i++)
        add_arc(walker, (uint32_t)(walker->keys[i] >> 8), to,
                (enum flow_cause)(walker->keys[i] & 0xff), action);
}

static struct scope *find_scope(const struct walker *walker, enum scope_kind kind)
{
    struct scope *scope = walker->scope;
    while (scope && scope->kind != kind)
        scope = scope->outer;
    return scope;
}

static void walk_break(struct walker *walker, uint32_t line)
{
    struct scope *loop = find_scope(walker, SCOPE_LOOP);
    if (loop)
        loop->breaks = join(walker, loop->breaks, exit_at(walker, line, FLOW_CAUSE_BREAK));
}

static void walk_continue(struct walker *walker, uint32_t line)
{
    const struct scope *loop = find_scope(walker, SCOPE_LOOP);
    if (loop)
        add_arc(walker, line, (int32_t)loop->line, FLOW_CAUSE_CONTINUE, FLOW_ACTION_JUMP);
}

static void walk_return(struct walker *walker, uint32_t line)
{
    const struct scope *function = find_scope(walker, SCOPE_FUNCTION);
    if (function)
        add_arc(walker, line, -(int32_t)function->line, FLOW_CAUSE_RETURN, FLOW_ACTION_RETURN);
}

static void walk_raise(struct walker *walker, uint32_t line)
{
    const struct scope *scope = walker->scope;
    while (scope && scope->kind == SCOPE_LOOP)
        scope = scope->outer;
    if (!scope)
        return;
    if (scope->kind == SCOPE_FUNCTION)
        add_arc(walker, line, -(int32_t)scope->line, FLOW_CAUSE_RAISE, FLOW_ACTION_EXCEPT);
    else if (scope->line)
        add_arc(walker, line, (int32_t)scope->line, FLOW_CAUSE_RAISE, FLOW_ACTION_JUMP);
}

static const struct block *block_of(const struct walker *walker, uint32_t step)
{
    return &walker->statements->blocks[walker->statements->steps[step].block];
}

/* Is the step a clause of the kind? */
static bool is_clause(const struct walker *walker, uint32_t step, enum block_kind kind)
{
    return step != STEP_NONE && walker->statements->steps[step].kind == STEP_CLAUSE &&
           block_of(walker, step)->kind == kind;
}

static uint32_t next_step(const struct walker *walker, uint32_t step)
{
    return walker->statements->steps[step].next;
}

/* The clauses of one compound statement, by their steps; STEP_NONE where it has none. */
struct compound {
    uint32_t first;   /* decorators aside */
    uint32_t other;   /* the first `elif` or `except` */
    uint32_t orelse;  /* `else` */
    uint32_t finally; /* `finally` */
    uint32_t next;    /* what follows the statement */
};

static uint32_t take_clause(const struct walker *walker, uint32_t *step, enum block_kind kind)
{
    if (!is_clause(walker, *step, kind))
        return STEP_NONE;
    uint32_t taken = *step;
    *step = next_step(walker, taken);
    return taken;
}

/* Finds the end of the statement at `step`, and its clauses if it is a compound one. */
static struct compound read_statement(const struct walker *walker, uint32_t step)
{
    const struct step *steps = walker->statements->steps;
    while (steps[step].kind == STEP_DECORATOR && steps[step].next != STEP_NONE)
        step = steps[step].next;
    struct compound compound = { step, STEP_NONE, STEP_NONE, STEP_NONE, steps[step].next };
    if (steps[step].kind != STEP_CLAUSE)
        return compound;
    enum block_kind kind = block_of(walker, step)->kind;
    if (kind == BLOCK_IF || kind == BLOCK_TRY) {
        enum block_kind other = kind == BLOCK_IF ? BLOCK_ELIF : BLOCK_EXCEPT;
        compound.other = take_clause(walker, &compound.next, other);
        while (take_clause(walker, &compound.next, other) != STEP_NONE)
            ;
    }
    if (kind == BLOCK_IF || kind == BLOCK_TRY || kind == BLOCK_FOR || kind == BLOCK_WHILE)
        compound.orelse = take_clause(walker, &compound.next, BLOCK_ELSE);
    if (kind == BLOCK_TRY)
        compound.finally = take_clause(walker, &compound.next, BLOCK_FINALLY);
    return compound;
}

static struct exits walk_suite(struct walker *walker, uint32_t clause, struct exits exits);

/* As deep as there are `elif`s in the syntax tree, a loop here. */
static struct exits walk_if(struct walker *walker, const struct compound *compound)
{
    struct exits exits = no_exits;
    uint32_t clause = compound->first;
    for (;;) {
        const struct block *block = block_of(walker, clause);
        const uint32_t line = block->line;
        const enum constant test = block->test;
        if (test != CONSTANT_FALSE)
            exits =
                join(walker, exits,
                     walk_suite(walker, clause, exit_at(walker, line, FLOW_CAUSE_CONDITION_FALSE)));
        if (test == CONSTANT_TRUE)
            return exits;
        struct exits otherwise = exit_at(walker, line, FLOW_CAUSE_CONDITION_TRUE);
        clause = next_step(walker, clause);
        if (!is_clause(walker, clause, BLOCK_ELIF)) {
            if (compound->orelse != STEP_NONE)
                otherwise = walk_suite(walker, compound->orelse, otherwise);
            return join(walker, exits, otherwise);
        }
        uint32_t next_line = block_of(walker, clause)->line;
        if (!line_set_has(walker->code, next_line))
            return join(walker, exits, otherwise);
        lead(walker, otherwise, (int32_t)next_line, FLOW_ACTION_JUMP);
    }
}

static struct exits walk_loop(struct walker *walker, const struct compound *compound)
{
    const struct block *block = block_of(walker, compound->first);
    const uint32_t line = block->line;
    const bool is_for = block->kind == BLOCK_FOR;
    const bool endless = !is_for && block->test != CONSTANT_NONE;
    struct scope loop = { SCOPE_LOOP, line, no_exits, walker->scope };
    walker->scope = &loop;
    struct exits exits =
        exit_at(walker, line, is_for ? FLOW_CAUSE_LOOP_NEVER : FLOW_CAUSE_CONDITION_FALSE);
    exits = walk_suite(walker, compound->first, exits);
    lead(walker, exits, (int32_t)line, FLOW_ACTION_JUMP);
    walker->scope = loop.outer;
    exits = exit_at(walker, line, is_for ? FLOW_CAUSE_LOOP_INCOMPLETE : FLOW_CAUSE_CONDITION_TRUE);
    if (compound->orelse != STEP_NONE)
        exits = walk_suite(walker, compound->orelse, exits);
    else if (endless)
        exits = no_exits;
    return join(walker, loop.breaks, exits);
}

static struct exits walk_try(struct walker *walker, const struct compound *compound)
{
    const bool has_handler = compound->other != STEP_NONE;
    const bool has_finally = compound->finally != STEP_NONE;
    struct scope try_scope = { SCOPE_TRY, has_handler ? block_of(walker, compound->other)->line : 0,
                               no_exits, walker->scope };
    walker->scope = &try_scope;
    struct exits exits =
        walk_suite(walker, compound->first,
                   exit_at(walker, block_of(walker, compound->first)->line, FLOW_CAUSE_EMPTY));
    /* With a `finally`, what the handlers raise goes nowhere that is known. */
    try_scope.line = 0;
    if (!has_finally)
        walker->scope = try_scope.outer;
    struct exits handled = no_exits;
    for (uint32_t step = compound->other; is_clause(walker, step, BLOCK_EXCEPT);
         step = next_step(walker, step)) {
        struct exits entry = exit_at(walker, block_of(walker, step)->line, FLOW_CAUSE_NO_EXCEPTION);
        handled = join(walker, handled, walk_suite(walker, step, entry));
    }
    if (compound->orelse != STEP_NONE)
        exits = walk_suite(walker, compound->orelse, exits);
    exits = join(walker, exits, handled);
    if (!has_finally)
        return exits;
    walker->scope = try_scope.outer;
    bool completes = !is_empty(exits);
    exits = walk_suite(walker, compound->finally, exits);
    return completes ? exits : no_exits;
}

static struct exits walk_with(struct walker *walker, uint32_t clause)
{
    const uint32_t line = block_of(walker, clause)->line;
    if (line_set_add(&walker->withs, line) < 0 || line_set_add(&walker->open_withs, line) < 0)
        walker->failed = true;
    struct exits exits = walk_suite(walker, clause, exit_at(walker, line, FLOW_CAUSE_EMPTY));
    line_set_remove(&walker->open_withs, line);
    size_t count = collect(walker, exits);
    for (size_t i = 0; i < count; i++) {
        uint32_t from = (uint32_t)(walker->keys[i] >> 8);
        add_arc(walker, from, (int32_t)line, FLOW_CAUSE_NONE, FLOW_ACTION_JUMP);
        if (!walker->failed)
            walker->arcs[walker->arc_count - 1].exits_with = true;
    }
    return count ? exit_at(walker, line, FLOW_CAUSE_EMPTY) : no_exits;
}

static struct exits walk_match(struct walker *walker, uint32_t clause)
{
    struct exits exits = no_exits;
    uint32_t line = block_of(walker, clause)->line;
    bool matches_all = false;
    for (uint32_t step = block_of(walker, clause)->first_step; step != STEP_NONE;
         step = next_step(walker, step)) {
        if (!is_clause(walker, step, BLOCK_CASE)) {
            walker->wrong_line = walker->statements->steps[step].line;
            return no_exits;
        }
        uint32_t case_line = block_of(walker, step)->line;
        add_arc(walker, line, (int32_t)case_line, FLOW_CAUSE_PATTERN_MATCHED, FLOW_ACTION_JUMP);
        struct exits entry = exit_at(walker, case_line, FLOW_CAUSE_PATTERN_FAILED);
        exits = join(walker, exits, walk_suite(walker, step, entry));
        line = case_line;
        matches_all = block_of(walker, step)->irrefutable;
    }
    if (matches_all)
        return exits;
    return join(walker, exits, exit_at(walker, line, FLOW_CAUSE_PATTERN_MATCHED));
}

/* A `def` or `class`: decorators run one after the other, then the definition. */
static struct exits walk_definition(struct walker *walker, uint32_t step, uint32_t clause)
{
    uint32_t line = block_of(walker, clause)->line;
    if (step == clause)
        return exit_at(walker, line, FLOW_CAUSE_EMPTY);
    while (step != clause) {
        uint32_t from = walker->statements->steps[step].line;
        step = next_step(walker, step);
        uint32_t to = walker->statements->steps[step].line;
        add_arc(walker, from, (int32_t)to, FLOW_CAUSE_NONE, FLOW_ACTION_JUMP);
    }
    return exit_at(walker, line, FLOW_CAUSE_EMPTY);
}

static struct exits walk_clause(struct walker *walker, uint32_t step,
                                const struct compound *compound)
{
    switch (block_of(walker, compound->first)->kind) {
    case BLOCK_FUNCTION:
    case BLOCK_CLASS:
        return walk_definition(walker, step, compound->first);
    case BLOCK_IF:
        return walk_if(walker, compound);
    case BLOCK_FOR:
    case BLOCK_WHILE:
        return walk_loop(walker, compound);
    case BLOCK_TRY:
        return walk_try(walker, compound);
    case BLOCK_WITH:
        return walk_with(walker, compound->first);
    case BLOCK_MATCH:
        return walk_match(walker, compound->first);
    default:
        /* A clause without the one that it continues. */
        walker->wrong_line = walker->statements->steps[compound->first].line;
        return no_exits;
    }
}

/* The exits of the statement at `step`. */
static struct exits walk_statement(struct walker *walker, uint32_t step,
                                   const struct compound *compound)
{
    const uint32_t line = walker->statements->steps[step].line;
    switch (walker->statements->steps[compound->first].kind) {
    case STEP_BREAK:
        walk_break(walker, line);
        return no_exits;
    case STEP_CONTINUE:
        walk_continue(walker, line);
        return no_exits;
    case STEP_RAISE:
        walk_raise(walker, line);
        return no_exits;
    case STEP_RETURN:
        walk_return(walker, line);
        return no_exits;
    case STEP_CLAUSE:
        return walk_clause(walker, step, compound);
    default:
        return exit_at(walker, line, FLOW_CAUSE_EMPTY);
    }
}

/* Walks the suite of a block; `exits` are those of what comes before. Statements without code are
 * not there. */
static struct exits walk_block(struct walker *walker, const struct block *block, struct exits exits)
{
    uint32_t step = block->first_step;
    while (step != STEP_NONE && !walker->wrong_line && !walker->failed) {
        uint32_t line = walker->statements->steps[step].line;
        struct compound compound = read_statement(walker, step);
        if (line_set_has(walker->code, line)) {
            lead(walker, exits, (int32_t)line, FLOW_ACTION_JUMP);
            exits = walk_statement(walker, step, &compound);
        }
        step = compound.next;
    }
    return exits;
}

static struct exits walk_suite(struct walker *walker, uint32_t clause, struct exits exits)
{
    return walk_block(walker, block_of(walker, clause), exits);
}

/* Keeps the name of a code object for the arcs that leave it. */
static void keep_name(struct walker *walker, const struct block *block)
{
    size_t size = walker->names_size + block->name_size + 1;
    char *names = grow(walker, walker->names, &walker->names_capacity, size, 1);
    if (!names)
        return;
    walker->names = names;
    walker->name = (uint32_t)walker->names_size;
    if (block->name_size)
        memcpy(names + walker->names_size, block->name, block->name_size);
    names[size - 1] = '\0';
    walker->names_size = size;
}

static void walk_code(struct walker *walker, const struct block *block)
{
    uint32_t line = statements_first_line(walker->statements,
                                          block->decorator ? block->decorator : block->line);
    struct scope function = { SCOPE_FUNCTION, line, no_exits, NULL };
    keep_name(walker, block);
    walker->scope = block->kind == BLOCK_FUNCTION ? &function : NULL;
    struct exits exits = walk_block(walker, block, no_exits);
    walker->scope = NULL;
    if (block->kind == BLOCK_FUNCTION)
        lead(walker, exits, -(int32_t)line, FLOW_ACTION_RETURN);
    else if (block->kind == BLOCK_CLASS)
        lead(walker, exits, -(int32_t)line, FLOW_ACTION_EXIT_CLASS);
    else if (block->first_step != STEP_NONE)
        lead(walker, exits, -1, FLOW_ACTION_EXIT_MODULE);
    else
        add_arc(walker, 1, -1, FLOW_CAUSE_NONE, FLOW_ACTION_JUMP);
}

/* All code objects in coverage.py's order: an outer one first, then the last in the source. */
static void walk_module(struct walker *walker)
{
    const struct block *blocks = walker->statements->blocks;
    for (uint32_t i = 0; i != BLOCK_NONE && !walker->wrong_line && !walker->failed;
         i = statements_next_block(walker->statements, i)) {
        enum block_kind kind = blocks[i].kind;
        if (kind == BLOCK_MODULE || kind == BLOCK_FUNCTION || kind == BLOCK_CLASS)
            walk_code(walker, &blocks[i]);
    }
}

static int compare_arcs(struct arc one, struct arc other)
{
    if (one.from != other.from)
        return one.from < other.from ? -1 : 1;
    return (one.to > other.to) - (one.to < other.to);
}

static int compare_found(const void *a, const void *b)
{
    const struct flow_reason *one = &((const struct found_arc *)a)->reason;
    const struct flow_reason *other = &((const struct found_arc *)b)->reason;
    int order = compare_arcs(one->arc, other->arc);
    return order ? order : (one->order > other->order) - (one->order < other->order);
}

/* Where the arc is among those found, which are sorted, with what holds for any of its reasons;
 * NULL when it was not found. */
static const struct found_arc *find_arc(const struct walker *walker, struct arc arc)
{
    size_t low = 0, high = walker->arc_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_arcs(walker->arcs[middle].reason.arc, arc) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < walker->arc_count && compare_arcs(walker->arcs[low].reason.arc, arc) == 0;
    return found ? &walker->arcs[low] : NULL;
}

static bool is_with_exit(const struct walker *walker, struct arc arc)
{
    const struct found_arc *found = find_arc(walker, arc);
    return found && found->exits_with;
}

/* Gives the first reason of each arc what holds for any of them. The first of the next arc. */
static size_t merge_group(struct walker *walker, size_t first)
{
    struct found_arc *arcs = walker->arcs;
    size_t i = first + 1;
    for (; i < walker->arc_count && compare_arcs(arcs[i].reason.arc, arcs[first].reason.arc) == 0;
         i++) {
        arcs[first].enters_with |= arcs[i].enters_with;
        arcs[first].exits_with |= arcs[i].exits_with;
    }
    return i;
}

/* The line that control goes on to behind each `with` that has one, sorted by `from`. */
static void find_nexts(struct walker *walker, struct arc_set *nexts)
{
    for (size_t i = 0, end; i < walker->arc_count; i = end) {
        end = merge_group(walker, i);
        struct arc arc = walker->arcs[i].reason.arc;
        if (!walker->arcs[i].enters_with && arc.from != arc.to &&
            line_set_has(&walker->withs, (uint32_t)arc.from) && arc_set_add(nexts, arc) < 0)
            walker->failed = true;
    }
    arc_set_sort(nexts);
}

/* Puts what follows the `with` at `line` into `*next`. */
static bool find_next(const struct arc_set *nexts, int32_t line, int32_t *next)
{
    size_t count;
    const struct arc *arc = arc_set_leaving(nexts, line, &count);
    if (count)
        *next = arc->to;
    return count != 0;
}

/* What follows the `with` at `line` and those around that end with it, which begin before it. */
static int32_t find_final_next(const struct walker *walker, const struct arc_set *nexts,
                               int32_t line)
{
    int32_t next = 0, further;
    find_next(nexts, line, &next);
    while (next < line && is_with_exit(walker, (struct arc){ line, next }) &&
           find_next(nexts, next, &further)) {
        line = next;
        next = further;
    }
    return next;
}

/* How the arc is fixed. False: it stays as it is. */
static bool make_fix(const struct walker *walker, const struct arc_set *nexts,
                     const struct found_arc *found, struct flow_fix *fix)
{
    struct arc arc = found->reason.arc;
    int32_t next;
    bool changes = false;
    *fix = (struct flow_fix){ .arc = arc };
    if (found->exits_with && find_next(nexts, arc.to, &next)) {
        fix->instead = (struct arc){ arc.from, find_final_next(walker, nexts, arc.to) };
        changes = true;
    }
    if (!found->enters_with && find_next(nexts, arc.from, &next) && next == arc.to &&
        !is_with_exit(walker, (struct arc){ arc.from, arc.from })) {
        fix->instead = (struct arc){ 0, 0 };
        changes = true;
    }
    return changes;
}

static void find_fixes(struct walker *walker, struct flow *flow)
{
    struct arc_set nexts = ARC_SET_EMPTY;
    size_t capacity = 0;
    find_nexts(walker, &nexts);
    for (size_t i = 0; i < walker->arc_count && !walker->failed; i++) {
        struct arc arc = walker->arcs[i].reason.arc;
        struct flow_fix fix;
        if (i > 0 && compare_arcs(walker->arcs[i - 1].reason.arc, arc) == 0)
            continue;
        if (!make_fix(walker, &nexts, &walker->arcs[i], &fix))
            continue;
        struct flow_fix *fixes =
            grow(walker, flow->fixes, &capacity, flow->fix_count + 1, sizeof fix);
        if (!fixes)
            break;
        flow->fixes = fixes;
        fixes[flow->fix_count++] = fix;
    }
    arc_set_close(&nexts);
}

static void keep_arcs(struct walker *walker, struct flow *flow)
{
    flow->reasons = calloc(walker->arc_count + 1, sizeof *flow->reasons);
    if (!flow->reasons) {
        walker->failed = true;
        return;
    }
    for (size_t i = 0; i < walker->arc_count; i++) {
        const struct flow_reason *reason = &walker->arcs[i].reason;
        struct arc arc = flow_fix_arc(flow, reason->arc);
        if (arc.from != arc.to && arc_set_add(&flow->possible, arc) < 0)
            walker->failed = true;
        if (reason->cause != FLOW_CAUSE_NONE || reason->action != FLOW_ACTION_JUMP)
            flow->reasons[flow->reason_count++] = *reason;
    }
    arc_set_sort(&flow->possible);
}

int flow_find(struct flow *flow, const struct statements *statements,
              const struct line_set *code_lines, const char *path, struct error *error)
{
    *flow = (struct flow){ .possible = ARC_SET_EMPTY };
    struct walker walker = { .statements = statements, .code = code_lines };
    walk_module(&walker);
    if (!walker.wrong_line && !walker.failed) {
        if (walker.arc_count)
            qsort(walker.arcs, walker.arc_count, sizeof *walker.arcs, compare_found);
        find_fixes(&walker, flow);
        keep_arcs(&walker, flow);
    }
    flow->names = walker.names;
    free(walker.arcs);
    free(walker.exits);
    free(walker.keys);
    line_set_close(&walker.withs);
    line_set_close(&walker.open_withs);
    if (!walker.wrong_line && !walker.failed)
        return 0;
    flow_close(flow);
    if (walker.failed)
        return error_set(error, ERROR_MEMORY, "out of memory analysing '%s'", path);
    return error_set(error, ERROR_SOURCE,
                     "couldn't parse '%s' as Python source: invalid syntax at line %u", path,
                     walker.wrong_line);
}

void flow_close(struct flow *flow)
{
    arc_set_close(&flow->possible);
    free(flow->reasons);
    free(flow->fixes);
    free(flow->names);
    *flow = (struct flow){ .possible = ARC_SET_EMPTY };
}

struct arc flow_fix_arc(const struct flow *flow, struct arc arc)
{
    size_t low = 0, high = flow->fix_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_arcs(flow->fixes[middle].arc, arc);
        if (order == 0)
            return flow->fixes[middle].instead;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return arc;
}

const struct flow_reason *flow_reasons(const struct flow *flow, struct arc arc, size_t *count)
{
    size_t low = 0, high = flow->reason_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_arcs(flow->reasons[middle].arc, arc) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < flow->reason_count && compare_arcs(flow->reasons[end].arc, arc) == 0)
        end++;
    *count = end - low;
    return flow->reasons + low;
}
