/*
 * Where a file that was measured in another checkout is here. A candidate is a file here whose name
 * ends as the measured one's does; whether it is the same file is for the caller to find out. What
 * one file shows (that folder is this one) helps to find others.
 */
#ifndef COVFORK_MOVED_SOURCES_H
#define COVFORK_MOVED_SOURCES_H

#include "collector/base/error.h"
#include "collector/base/string_list.h"

#include <stdbool.h>
#include <stddef.h>

/* Folders there, and what they are here. */
struct moved_folders {
    struct moved_folder {
        char *from, *to;
    } * items;
    size_t count;
};

void moved_folders_close(struct moved_folders *folders);
/* `from` is `to`. Added once. 0 or -1 (memory). */
int moved_folders_add(struct moved_folders *folders, const char *from, const char *to);
/* The same, by a file there and here: what is before the parts that both names end with. */
int moved_folders_learn(struct moved_folders *folders, const char *path, const char *here);
/* The regular file here that `path` is by these folders, in `*here` (caller frees); NULL when
 * there is none. 0 or -1 (memory). */
int moved_folders_find(const struct moved_folders *folders, const char *path, char **here);

/* The regular files below the folders `roots` whose names end as `path` does: those with more equal
 * parts first, then in the order of the roots. 0 or -1 (memory). */
int moved_candidates(struct string_list *candidates, const struct string_list *roots,
                     const char *path);
/* How many parts at their ends two absolute names have in common. */
size_t moved_common_parts(const char *path, const char *other);

#endif
