/*
 * File names as coverage.py treats them: canonical names, names relative to the working folder,
 * glob patterns, trees, [paths] aliases, and the importable files of a source folder.
 */
#ifndef COVFORK_PATHS_H
#define COVFORK_PATHS_H

#include "config.h"
#include "error.h"
#include "hash_map.h"

#include <stdbool.h>

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
/* The part of `path` below `directory`, or `path` itself. Points into `path`. */
const char *path_relative(const char *directory, const char *path);

/* coverage.py's GlobMatcher over prep_patterns: patterns that start with * or ? are used as they
 * are, others are also made absolute from `directory`; one without a slash matches a file name
 * anywhere. */
struct path_globs;
/* NULL with an ERROR_CONFIG that names the pattern. Caller frees. An empty list matches nothing. */
struct path_globs *path_globs_new(const struct string_list *patterns, const char *directory,
                                  struct error *error);
bool path_globs_match(const struct path_globs *globs, const char *path);
void path_globs_free(struct path_globs *globs);

/* Is `path` the folder or file `tree`, or below it? Both canonical. */
bool path_in_tree(const char *tree, const char *path);
/* Is `path` inside a virtual environment (a pyvenv.cfg in a folder above it), site-packages,
 * dist-packages, .nox or .tox, looking no higher than `top`? What covfork leaves out by default. */
bool path_is_third_party(const char *top, const char *path);

/* Adds every importable Python file below `directory` to `list`, by coverage.py's
 * find_python_files (subfolders need an __init__.py unless namespace packages are included; names
 * with odd characters are passed over), in a stable order. 0 or -1. */
int path_find_python_files(struct string_list *list, const char *directory,
                           bool include_namespace_packages, struct error *error);

/* coverage.py's PathAliases. */
struct path_aliases;
struct path_aliases *path_aliases_new(const struct config *config, struct error *error);
/* The name that `path` has here; caller frees. `path` itself (copied) when nothing matches or the
 * mapped file does not exist. NULL when memory ran out. */
char *path_aliases_map(const struct path_aliases *aliases, const char *path);
void path_aliases_free(struct path_aliases *aliases);

#endif
