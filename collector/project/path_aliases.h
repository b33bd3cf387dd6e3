/* `[paths]`: what files of other checkouts are called here. */
#ifndef COVFORK_PATH_ALIASES_H
#define COVFORK_PATH_ALIASES_H

#include "collector/project/config.h"
#include "collector/base/error.h"

/* coverage.py's PathAliases. */
struct path_aliases;
struct path_aliases *path_aliases_new(const struct config *config, struct error *error);
/* The name that `path` has here; caller frees. `path` itself (copied) when nothing matches or the
 * mapped file does not exist. NULL when memory ran out. */
char *path_aliases_map(const struct path_aliases *aliases, const char *path);
void path_aliases_free(struct path_aliases *aliases);

#endif
