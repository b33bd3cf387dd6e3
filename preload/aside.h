/*
 * Work that needs a descriptor, in a process that has none left.
 */
#ifndef COVFORK_ASIDE_H
#define COVFORK_ASIDE_H

/*
 * Calls work(argument) and returns what it returned: 0 or an errno. When that is EMFILE, calls it
 * again in a short-lived helper that shares our memory, but has descriptors of its own, of which it
 * first closes some: what it maps stays mapped here. `work` must leave nothing open, and is in no
 * other way aware of the helper. The program is not: no signal is sent, wait() finds no child.
 */
int aside_call(int (*work)(void *argument), void *argument);

#endif
