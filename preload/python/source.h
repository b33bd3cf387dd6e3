/*
 * The measured sources of this process: a file name of code objects is decided upon once, has its
 * line table recorded once a session, and from then on a mark is one bit. Every function is called
 * with the GIL held or, on free-threaded builds, by any thread; they leave no exception set and
 * keep errno.
 */
#ifndef COVFORK_PYTHON_SOURCE_H
#define COVFORK_PYTHON_SOURCE_H

#include "../data_file.h"
#include "../settings.h"
#include "api.h"

#include <stdatomic.h>

/* The newest of a source; those before are kept, for other threads may be marking in them. */
struct source_bitmap {
    struct source_bitmap *older;
    uint8_t *bits;
    uint32_t bit_count;
    uint32_t generation; /* of the data file that it lies in */
};

/* The places of one ARCS record, a hash table of arcs. A source has several, each larger than the
 * one before, which stays as it is. */
struct source_arcs {
    struct source_arcs *older;
    _Atomic uint64_t *places; /* a struct format_arc each; 0: free */
    uint32_t place_count;     /* a power of two */
    uint32_t generation;
};

struct source {
    struct source *older; /* of the same file, which was changed since and reloaded */
    uint64_t key;
    uint32_t expected_bits; /* for the first bitmap */
    _Atomic(struct source_bitmap *) bitmap;
    _Atomic(struct source_arcs *) arcs;
};

/* Reads the settings. 0, or -1 when nothing can be measured. Once a process. */
int source_init(void);

/* What was read, for the life of the process; after source_init. */
const struct settings *source_settings(void);

/* Are arcs to be recorded too? After source_init. */
bool source_wants_arcs(void);

/* In the child of a fork, where another thread of the parent may have been at work here. */
void source_after_fork_child(void);

/* Could code whose co_filename this is be measured? By its path alone: its module is not known
 * yet. Cheap: asked for each module that is imported before an engine starts. */
bool source_may_be_measured(const char *file_name);

/* The same, and yes where there is no such file: it may be known by another name once its globals
 * are. */
bool source_may_turn_out_measured(const char *file_name);

/*
 * The source that `code`, about to run with `globals` (borrowed; may be NULL), belongs to; NULL
 * when it isn't measured. A module's body has its line table recorded on the way.
 */
struct source *source_of_code(PyObject *code, PyObject *globals);

/* Slow half of source_mark: another bitmap is needed. */
void source_mark_in_new_bitmap(struct source *source, uint32_t line);

/* Records that control went from line `from` to line `to`, or out of the code object whose first
 * line is -`to`. Cheap when it is recorded already; nothing where both are the same. */
void source_mark_arc(struct source *source, int32_t from, int32_t to);

/* Records that `line` ran. */
static inline void source_mark(struct source *source, uint32_t line)
{
    struct source_bitmap *bitmap = atomic_load_explicit(&source->bitmap, memory_order_acquire);
    if (!bitmap || line >= bitmap->bit_count || bitmap->generation != data_file_generation()) {
        source_mark_in_new_bitmap(source, line);
        return;
    }
    uint8_t *byte = bitmap->bits + line / 8;
    uint8_t bit = (uint8_t)(1u << (line % 8));
    if (!(__atomic_load_n(byte, __ATOMIC_RELAXED) & bit))
        __atomic_fetch_or(byte, bit, __ATOMIC_RELAXED);
}

#endif
