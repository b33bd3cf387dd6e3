/*
 * What is known of code objects, kept beside them: a hash table from a code object's address to a
 * pointer of ours, which goes as the code object goes.
 *
 * CPython has slots for this in the code objects themselves (PEP 523), and code watchers that are
 * told of their end. But with one code object that has a slot used CPython calls the free functions
 * of all tools that asked for one, with NULL, and of watchers there are eight, which the program
 * may count, want or clear. So the type of code objects has its function that frees one replaced.
 *
 * A table is a static object of a module: all interpreters share it, for an address is one's alone
 * while the code lives. Finding takes no lock; own GILs and free-threaded builds are allowed for.
 * No function calls Python, and errno is kept.
 */
#ifndef COVFORK_PYTHON_CODE_TABLE_H
#define COVFORK_PYTHON_CODE_TABLE_H

#include "api.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct code_places {
    struct code_places *smaller; /* the one before: who reads it may not be done yet */
    size_t mask;                 /* their number, a power of two, less one */
    struct code_place {
        _Atomic(const PyObject *) code; /* NULL: free */
        _Atomic(void *) data;
    } places[];
};

/* Static, with zeros but for `drop`. */
struct code_table {
    void (*drop)(void *data); /* its code object is about to go, and nobody finds it; may be NULL */
    _Atomic(struct code_places *) places;
    atomic_uint changes; /* odd while there is one under way */
    size_t count;
    _Atomic size_t hole; /* the place that holds nothing valid just then, counted from 1; 0: none */
    struct code_table *next;
};

/* Gets `table` ready; again for each interpreter. 0, or -1 where memory ran out or this Python's
 * type of code objects isn't known well enough. With the GIL held. */
int code_table_start(struct code_table *table);

/* Keeps `data` (not NULL) for `code`, which is alive, unless something is. What is kept now: of two
 * threads one is quicker. NULL: no memory. */
void *code_table_keep(struct code_table *table, const PyObject *code, void *data);

/* In the child of a fork, of all tables. Async-signal-safe. */
void code_table_after_fork_child(void);

/* Two threads may be at it; waits for another one's change to be over. */
void code_table_wait(void);

static inline size_t code_table_home(const struct code_places *in, const PyObject *code)
{
    return (size_t)(((uintptr_t)code >> 4) * 0x9e3779b97f4a7c15u >> 32) & in->mask;
}

/* What is kept for `code`; NULL: nothing. Of a table that was started. */
static inline void *code_table_find(const struct code_table *table, const PyObject *code)
{
    for (;;) {
        unsigned before = atomic_load_explicit(&table->changes, memory_order_acquire);
        const struct code_places *in = atomic_load_explicit(&table->places, memory_order_acquire);
        size_t at = code_table_home(in, code);
        const PyObject *there;
        while ((there = atomic_load_explicit(&in->places[at].code, memory_order_relaxed)) &&
               there != code)
            at = (at + 1) & in->mask;
        void *data =
            there ? atomic_load_explicit(&in->places[at].data, memory_order_relaxed) : NULL;
        atomic_thread_fence(memory_order_acquire);
        if (__builtin_expect(!(before & 1) && before == atomic_load_explicit(&table->changes,
                                                                             memory_order_relaxed),
                             1))
            return data;
        code_table_wait();
    }
}

#endif
