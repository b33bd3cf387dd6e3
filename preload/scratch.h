/*
 * Memory for what is too large for the stack of whoever called us: exec is called on alternate
 * signal stacks of 8 KiB and in threads of 16, and the library may take no more than some hundred
 * bytes there (the build holds it to that, see CMakeLists.txt).
 *
 * Async-signal-safe, no heap, no lock, keeps errno. In a vfork child too, whose memory is its
 * parent's: what it takes is given back by the kernel when it execs or ends, so nothing of it
 * stays taken in the parent.
 */
#ifndef COVFORK_SCRATCH_H
#define COVFORK_SCRATCH_H

#include <stddef.h>

/* As much as costs nothing; more is mapped. */
#define SCRATCH_SIZE 12288

/* At least `size` bytes, aligned for anything, with anything in them. NULL when there is no memory.
 * The caller gives them back, and may hold several. */
void *scratch_take(size_t size);

/* NULL is allowed. */
void scratch_give(void *memory);

/* The caller is a vfork child about to exec: `memory` is given back by the kernel when that
 * succeeds. To be followed by scratch_keep when it failed. One at a time. */
void scratch_leave_to_exec(void *memory);
void scratch_keep(void);

#endif
