/*
 * What an exec is about to run: can its loader take libcovfork.so, and if not, why. Read from the
 * file's ELF header; through `#!` lines the interpreter is looked at. Async-signal-safe, no heap,
 * keeps errno, is no cancellation point, may run in a vfork child.
 */
#ifndef COVFORK_TARGET_H
#define COVFORK_TARGET_H

#include <stdbool.h>

enum target_kind {
    TARGET_UNKNOWN, /* can't be looked at, or neither ELF nor script: taken for NATIVE */
    TARGET_MISSING, /* the exec will fail: not there, not regular, not executable */
    TARGET_NATIVE,
    TARGET_STATIC,  /* no loader; the variables pass through it to its children */
    TARGET_SETUID,  /* secure execution: the loader ignores, without a word, paths in LD_PRELOAD */
    TARGET_CLASS,   /* 32-bit where we are 64-bit, or the other way round */
    TARGET_MACHINE, /* another processor or byte order */
    TARGET_OTHER,   /* another libc's loader, or an ASan runtime older than GCC 8's */
};

struct target {
    enum target_kind kind;
    /* The program's first library is the shared ASan runtime, which refuses to run behind another
     * library unless ASAN_OPTIONS has verify_asan_link_order=0. */
    bool asan;
};

/* Looks at `path`, relative to the descriptor `directory` (AT_FDCWD: the working directory). */
void target_inspect(struct target *target, int directory, const char *path);

/* Why the target won't load the library, as the ledger has it; NULL where it will. */
const char *target_reason(enum target_kind kind);

/* True where LD_PRELOAD must not name the library: a loader would print that it can't load it. */
bool target_must_not_preload(enum target_kind kind);

#endif
