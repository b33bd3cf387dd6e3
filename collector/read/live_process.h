/*
 * Is a process that a ledger names there now? Its number is one of a pid namespace and of one start
 * of one machine: another process has the same number elsewhere. Looks at /proc.
 */
#ifndef COVFORK_LIVE_PROCESS_H
#define COVFORK_LIVE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* `space` is the number of the namespace, `boot` the hash of format.h's "boot" (hash_bytes); each
 * is 0 where it is not known, and taken for this process's own. */
struct live_process_name {
    int64_t pid;
    uint64_t space, boot;
};

/* What this process calls a process that is there and began at `latest` at the latest (ns since the
 * epoch; within a second); 0: it has ended, or is where it can't be seen from here. */
pid_t live_process_find(const struct live_process_name *name, uint64_t latest);
/* Could processes of this namespace be seen from here if there were any? Not those of a container
 * beside this one, nor those outside of the one that this process is in. */
bool live_process_is_visible(const struct live_process_name *name);
/* Does another process of this machine, wherever it is, have this file open for writing, or mapped?
 * False also where the file system can't tell. */
bool live_process_has_file(const char *path);
/* Is `pid`, by this process's numbers, an ancestor of `of`? */
bool live_process_is_ancestor(pid_t pid, pid_t of);
/* What runs in namespaces below this process's is looked for once, until this is called. */
void live_process_refresh(void);

#endif
