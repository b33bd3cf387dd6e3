/*
 * This libcovfork.so as a file: is it still where children will look for it, and can their loader
 * map it? Async-signal-safe, no heap, keeps errno; may run in a vfork child, but for
 * library_remember.
 */
#ifndef COVFORK_LIBRARY_H
#define COVFORK_LIBRARY_H

enum library_state {
    LIBRARY_HERE,    /* the file that this process has loaded */
    LIBRARY_OTHER,   /* another one, or a mount that nothing is executed from */
    LIBRARY_MISSING, /* none that can be read: a loader would say so */
};

/* Called once by the constructor, when session.library is known. */
void library_remember(void);

enum library_state library_look(void);

#endif
