/*
 * Open addressing with linear probing; removal closes the gap, so there are no marks of what was
 * removed to be cleaned up after. Whoever changes a table makes its count of changes odd, which is
 * the lock too, and even again; whoever reads it begins anew where that count has changed.
 */
#include "code_table.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_PLACES 256u

typedef void (*destructor)(PyObject *object);

/* Those that were started; none goes. */
static _Atomic(struct code_table *) tables;
/* CPython's own function, and where the type has it. */
static destructor original;
static _Atomic(_Atomic(destructor) *) hooked;

void code_table_wait(void)
{
    sched_yield();
}

static void begin_change(struct code_table *table)
{
    for (;;) {
        unsigned count = atomic_load_explicit(&table->changes, memory_order_relaxed);
        if (!(count & 1) &&
            atomic_compare_exchange_weak_explicit(&table->changes, &count, count + 1,
                                                  memory_order_acquire, memory_order_relaxed))
            break;
        code_table_wait();
    }
    atomic_thread_fence(memory_order_release);
}

static void end_change(struct code_table *table)
{
    unsigned count = atomic_load_explicit(&table->changes, memory_order_relaxed);
    atomic_store_explicit(&table->changes, count + 1, memory_order_release);
}

/* Where `code` is, or the free place where it would be. */
static struct code_place *find_place(struct code_places *in, const PyObject *code)
{
    size_t at = code_table_home(in, code);
    for (;;) {
        const PyObject *there = atomic_load_explicit(&in->places[at].code, memory_order_relaxed);
        if (!there || there == code)
            return &in->places[at];
        at = (at + 1) & in->mask;
    }
}

/* The data first: a place counts as soon as it has a code. */
static void fill(struct code_place *place, const PyObject *code, void *data)
{
    atomic_store_explicit(&place->data, data, memory_order_release);
    atomic_store_explicit(&place->code, code, memory_order_release);
}

static struct code_places *new_places(struct code_places *smaller)
{
    size_t count = smaller ? (smaller->mask + 1) * 2 : FIRST_PLACES;
    struct code_places *places = calloc(1, sizeof *places + count * sizeof places->places[0]);
    if (!places)
        return NULL;
    places->smaller = smaller;
    places->mask = count - 1;
    for (size_t i = 0; smaller && i <= smaller->mask; i++) {
        const PyObject *code = smaller->places[i].code;
        if (code)
            fill(find_place(places, code), code, smaller->places[i].data);
    }
    return places;
}

/* Within a change. */
static bool grow(struct code_table *table)
{
    struct code_places *places = new_places(table->places);
    if (places)
        atomic_store_explicit(&table->places, places, memory_order_release);
    return places != NULL;
}

void *code_table_keep(struct code_table *table, const PyObject *code, void *data)
{
    int saved = errno;
    void *kept = data;
    begin_change(table);
    struct code_place *place = find_place(table->places, code);
    if (place->code) {
        kept = place->data;
    } else if (table->count * 2 <= table->places->mask || grow(table)) {
        fill(find_place(table->places, code), code, data);
        table->count++;
    } else {
        kept = NULL;
    }
    end_change(table);
    errno = saved;
    return kept;
}

/* Fills the hole with what it would keep from being found, as often as that leaves another one.
 * Within a change; where that was interrupted for good it can be called again. */
static void close_hole(struct code_table *table)
{
    struct code_places *in = table->places;
    size_t at = table->hole - 1;
    for (;;) {
        size_t hole = table->hole - 1;
        const PyObject *code;
        do {
            at = (at + 1) & in->mask;
            code = in->places[at].code;
            /* It may be moved unless its own place lies between the hole and it. */
        } while (code && ((at - code_table_home(in, code)) & in->mask) < ((at - hole) & in->mask));
        if (!code)
            break;
        fill(&in->places[hole], code, in->places[at].data);
        atomic_store_explicit(&table->hole, at + 1, memory_order_release);
    }
    in->places[table->hole - 1].code = NULL;
    table->hole = 0;
}

static void forget(struct code_table *table, const PyObject *code)
{
    if (!code_table_find(table, code))
        return;
    begin_change(table);
    struct code_place *place = find_place(table->places, code);
    void *data = place->data;
    table->hole = (size_t)(place - table->places->places) + 1;
    close_hole(table);
    table->count--;
    end_change(table);
    if (table->drop)
        table->drop(data);
}

/* A code object goes. No other thread has it. */
static void on_end(PyObject *code)
{
    int saved = errno;
    for (struct code_table *table = tables; table; table = table->next)
        forget(table, code);
    errno = saved;
    original(code);
}

/*
 * Where the type of code objects has the function that frees one: a word of the type. The three
 * before it are its name, the size of an object and that of an item, which the type's attributes
 * tell; and before these is an object with a size.
 */
static _Atomic(destructor) *find_destructor(void)
{
    PyObject *type = python.code_type;
    long head = python.object_type ? python_long_attribute(python.object_type, "__basicsize__") : 0;
    long size = python_long_attribute(type, "__basicsize__");
    long item = python_long_attribute(type, "__itemsize__");
    if (head <= 0 || head % (long)sizeof(void *) != 0 || size <= 0 || item < 0)
        return NULL;
    struct {
        ssize_t object_size;
        const char *name;
        ssize_t basic_size, item_size;
        _Atomic(destructor) free;
    } *words = (void *)((char *)type + head);
    if (words->basic_size != size || words->item_size != item || strcmp(words->name, "code") != 0)
        return NULL;
    return &words->free;
}

static bool hook(void)
{
    _Atomic(destructor) *found = find_destructor();
    destructor there = found ? atomic_load(found) : NULL;
    if (hooked && found != hooked)
        return false; /* the type of another Python: one function can't free for both */
    /* Another tool may have put its own before ours since; a library that was unloaded and comes
     * again has its own back. */
    if (there && there != on_end && (!hooked || there == original)) {
        original = there;
        atomic_store(found, on_end);
        hooked = found;
    }
    return there != NULL;
}

int code_table_start(struct code_table *table)
{
    int saved = errno;
    begin_change(table);
    if (!table->places && grow(table)) {
        table->next = tables;
        while (!atomic_compare_exchange_weak(&tables, &table->next, table))
            ;
    }
    bool started = table->places != NULL;
    end_change(table);
    started = started && hook();
    errno = saved;
    return started ? 0 : -1;
}

void code_table_after_fork_child(void)
{
    for (struct code_table *table = tables; table; table = table->next) {
        if (!(table->changes & 1))
            continue;
        /* Another thread of the parent was at it. */
        if (table->hole)
            close_hole(table);
        table->changes++;
    }
}
