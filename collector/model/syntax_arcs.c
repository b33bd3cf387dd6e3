/*
 * A line that branches has two ways on, rarely more: into its body, which begins on the first of
 * the lines behind it that it leads to, and past it.
 */
#include "collector/model/syntax_arcs.h"

struct resolving {
    const struct arc_set *marked, *possible;
    const struct line_set *executed;
    struct arc_set resolved;
};

static bool is_marked(struct arc arc)
{
    return arc.to >= SYNTAX_ARC_MARK;
}

bool syntax_arcs_are_in(const struct arc_set *arcs)
{
    for (size_t i = 0; i < arcs->count; i++)
        if (is_marked(arcs->items[i]))
            return true;
    return false;
}

/* Where the body of what branches begins: 0 when no way leads further down. */
static int32_t find_body(const struct arc *ways, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ways[i].to > ways[i].from)
            return ways[i].to; /* they are in order */
    return 0;
}

/* The way on that no branch names; 0 when that is none, or not one alone. */
static int32_t find_unnamed(const struct resolving *resolving, const struct arc *ways, size_t count)
{
    int32_t found = 0;
    for (size_t i = 0; i < count; i++) {
        struct arc named = { ways[i].from, ways[i].to + SYNTAX_ARC_MARK };
        if (ways[i].to > 0 && arc_set_has(resolving->marked, named))
            continue;
        if (found)
            return 0;
        found = ways[i].to;
    }
    return found;
}

/* Which of the ways a branch is that leads to `target`, which none of them does: 0 when that can't
 * be said. */
static int32_t choose_way(const struct resolving *resolving, const struct arc *ways, size_t count,
                          int32_t target)
{
    int32_t unnamed = find_unnamed(resolving, ways, count), body = find_body(ways, count);
    if (unnamed)
        return unnamed;
    if (target == 0 && ways[0].to < 0)
        return ways[0].to;
    /* A decorated definition begins before the line that slipcover names. */
    if (body && body < target && line_set_has(resolving->executed, (uint32_t)body))
        return body;
    int32_t past = 0;
    for (size_t i = 0; i < count; i++)
        if (ways[i].to != body) {
            if (past)
                return 0;
            past = ways[i].to;
        }
    return past;
}

/* From a `match` on, each case leads to its body or to the next one. */
static int follow_cases(struct resolving *resolving, int32_t line, int32_t target)
{
    for (;;) {
        size_t count;
        const struct arc *ways = arc_set_leaving(resolving->possible, line, &count);
        struct arc way = { line, target };
        if (target > 0 && arc_set_has(resolving->possible, way))
            return arc_set_add(&resolving->resolved, way);
        if (count != 2)
            return 0;
        way.to = ways[0].to == find_body(ways, count) ? ways[1].to : ways[0].to;
        if (arc_set_add(&resolving->resolved, way) != 0)
            return -1;
        if (way.to <= line)
            return 0;
        line = way.to;
    }
}

static int resolve(struct resolving *resolving, int32_t line, int32_t target)
{
    struct arc arc = { line, target };
    size_t count;
    const struct arc *ways = arc_set_leaving(resolving->possible, line, &count);
    if (resolving->possible->count == 0 || (target > 0 && arc_set_has(resolving->possible, arc)))
        return target > 0 ? arc_set_add(&resolving->resolved, arc) : 0;
    if (count == 0)
        return 0;
    if (count == 1 && ways[0].to > line)
        return follow_cases(resolving, ways[0].to, target);
    arc.to = choose_way(resolving, ways, count, target);
    return arc.to ? arc_set_add(&resolving->resolved, arc) : 0;
}

int syntax_arcs_resolve(struct arc_set *arcs, const struct arc_set *possible,
                        const struct line_set *executed)
{
    arc_set_sort(arcs);
    if (!syntax_arcs_are_in(arcs))
        return 0;
    struct resolving resolving = { arcs, possible, executed, ARC_SET_EMPTY };
    int result = 0;
    for (size_t i = 0; result == 0 && i < arcs->count; i++) {
        struct arc arc = arcs->items[i];
        result = is_marked(arc) ? resolve(&resolving, arc.from, arc.to - SYNTAX_ARC_MARK)
                                : arc_set_add(&resolving.resolved, arc);
    }
    arc_set_sort(&resolving.resolved);
    arc_set_close(arcs);
    *arcs = resolving.resolved;
    return result;
}
