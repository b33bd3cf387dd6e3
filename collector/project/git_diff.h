/*
 * The lines that are new or changed since a revision, as `git diff` tells them.
 */
#ifndef COVFORK_GIT_DIFF_H
#define COVFORK_GIT_DIFF_H

#include "collector/base/error.h"
#include "collector/base/line_set.h"

#include <stddef.h>

struct git_file {
    char *path; /* canonical */
    struct line_set lines;
};

struct git_diff {
    struct git_file *files; /* sorted by path */
    size_t count, room;
};

/* Runs git in `directory`, which is in a repository. What is not known to git is in no diff. 0, or
 * -1 with an error that has what git said; git_diff_close may be called whatever comes back. */
int git_diff_read(struct git_diff *diff, const char *directory, const char *revision,
                  struct error *error);
/* Adds what the `size` bytes of a diff in git's unified format say; names in it are relative to
 * `root`. 0 or -1. */
int git_diff_parse(struct git_diff *diff, const char *root, const char *text, size_t size,
                   struct error *error);
/* The changed lines of a file; NULL where there are none. */
const struct line_set *git_diff_find(const struct git_diff *diff, const char *path);
void git_diff_close(struct git_diff *diff);

#endif
