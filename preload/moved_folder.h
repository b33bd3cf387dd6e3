/*
 * Where a session's folder is now, after a folder above it was renamed: the kernel shows the
 * present path of every mapped file.
 */
#ifndef COVFORK_MOVED_FOLDER_H
#define COVFORK_MOVED_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* Looks through the mapped files of `pid` for one in the folder of session `id`; its path goes to
 * `folder`. Opens /proc; not in a vfork child. Changes errno. */
bool moved_folder_find(pid_t pid, const char *id, char folder[PATH_MAX]);

#endif
