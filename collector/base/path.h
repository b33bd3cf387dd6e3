/* File names: canonical ones, those relative to a folder, trees. Paths are bytes. */
#ifndef COVFORK_PATH_H
#define COVFORK_PATH_H

#include "collector/base/hash_map.h"
#include "collector/base/string_list.h"

#include <stdbool.h>

/* `name` in the folder `directory`. Caller frees; NULL when memory ran out. */
char *path_join(const char *directory, const char *name);
/* realpath of `path`, also where its last parts do not exist; relative to `directory`. Caller
 * frees; NULL when memory ran out. */
char *path_canonical(const char *directory, const char *path);
/* The same for many files of few folders, each of which is resolved once: `folders`, which begins
 * as zeros and is to be closed, remembers them. For use within so short a time that no folder is
 * exchanged for a link meanwhile. */
struct path_folders {
    struct string_list given, canonical;
    struct hash_map map;
};
char *path_canonical_file(struct path_folders *folders, const char *directory, const char *path);
void path_folders_close(struct path_folders *folders);
/* Is it an absolute name as Windows has them: with a drive, of a share, or with a backslash first?
 */
bool path_is_of_windows(const char *path);
/* Makes slashes of all backslashes. */
void path_use_slashes(char *path);
/* What is behind the last slash of `path`. Points into `path`. */
const char *path_base_name(const char *path);
/* The part of `path` below `directory`, or `path` itself. Points into `path`. */
const char *path_relative(const char *directory, const char *path);

/* Is `path` the folder or file `tree`, or below it? Both canonical. */
bool path_in_tree(const char *tree, const char *path);

#endif
