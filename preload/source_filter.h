/*
 * Which source files are measured: coverage.py's rules for source, include and omit, and covfork's
 * own where nothing is configured. Built once from the settings; reading it needs no lock.
 */
#ifndef COVFORK_SOURCE_FILTER_H
#define COVFORK_SOURCE_FILTER_H

#include "settings.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

/* `settings` is borrowed for the life of the process. */
void source_filter_init(const struct settings *settings);

/* The canonical name of a code object's file: absolute, no links. False when it names no file
 * (`<string>` and the like). `status` may be NULL; it is zeroed where the file isn't there. Caches
 * folders, so the caller holds the GIL or another lock. */
bool source_filter_canonical(const char *file_name, char canonical[PATH_MAX], struct stat *status);

/* Could a file of this canonical name be measured, whatever its module is called? */
bool source_filter_may_measure(const char *canonical);

/* Is it measured, being imported as `module` (NULL: not known)? */
bool source_filter_measures(const char *canonical, const char *module);

#endif
