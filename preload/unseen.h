/*
 * Runs a program to its end without the process having a child that it could notice: no SIGCHLD
 * comes, wait() and waitpid(-1) find nothing, neither does a process that adopts orphans (a
 * subreaper, the first process of a container), and its time is not in RUSAGE_CHILDREN. Not in a
 * vfork child. (What can be noticed: another thread that waits with __WALL or __WCLONE just then;
 * some microseconds; and that RUSAGE_CHILDREN's largest resident size becomes our own.)
 */
#ifndef COVFORK_UNSEEN_H
#define COVFORK_UNSEEN_H

/* `file` as posix_spawnp has it, with `output` as its standard output and /dev/null as the others.
 * Its status as waitpid gives it, or -1 when it could not be started. */
int unseen_run(const char *file, char *const argv[], char *const envp[], int output);

#endif
