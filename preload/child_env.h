/*
 * The environment that a child is given: the caller's, with what the session needs put back. The
 * result is built in memory of the caller's; strings that needn't change are shared with the
 * source. All but child_env_adopt is pure computation on memory: it may run anywhere, in a vfork
 * child too. Needs an active session.
 *
 * The rules
 *   LD_PRELOAD gets the library at its end; other entries keep place and spelling. An entry with
 *   the library's file name spelled otherwise becomes its absolute path, a second one goes. Every
 *   LD_PRELOAD entry is treated: ld.so takes the last, getenv the first.
 *   COVFORK_SESSION, _DIR and _ROOT get the session's values, the other variables of the session
 *   are put back only where they are missing: a child may have its own.
 *   A COVFORK_SESSION that is well-formed and not ours belongs to a nested `covfork run`: all
 *   COVFORK_ variables are left as they are, and so is an LD_PRELOAD that names a library of our
 *   file name.
 *   Anything else, entries without `=` and duplicates included, stays as and where it is.
 *
 * A 32-bit or musl program gets no LD_PRELOAD entry (CHILD_ENV_NO_LIBRARY) but all variables; a
 * program that it starts by itself is not followed.
 */
#ifndef COVFORK_CHILD_ENV_H
#define COVFORK_CHILD_ENV_H

#include <stdbool.h>
#include <stddef.h>

/* The target can't load the library: its entry is taken out of LD_PRELOAD. */
#define CHILD_ENV_NO_LIBRARY 1u
/* The target insists on the ASan runtime being first: ASAN_OPTIONS tells it not to. */
#define CHILD_ENV_ASAN 2u

struct child_env {
    size_t size; /* bytes that child_env_build needs; 0: the source is right as it is */
    /* private */
    char *const *source;
    size_t source_count;
    size_t count;
    size_t text_size;
    unsigned flags;
    bool is_foreign;
    bool can_preload;
    bool changed;
};

/* Looks at `envp` (NULL: empty, as Linux has it) and says what it takes to repair it. */
void child_env_plan(struct child_env *plan, char *const envp[], unsigned flags);

/* The repaired environment, in the plan->size bytes at `memory` (aligned for a pointer), valid as
 * long as these and the source are. NULL when the source has changed since it was looked at. */
char **child_env_build(const struct child_env *plan, void *memory);

/*
 * Makes `environ` itself carry the values where it lacks them: before calls that start a child
 * inside libc. Takes memory that is never given back. Not in a vfork child.
 */
void child_env_adopt(void);

#endif
