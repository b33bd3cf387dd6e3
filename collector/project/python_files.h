/* The importable files of a source folder. */
#ifndef COVFORK_PYTHON_FILES_H
#define COVFORK_PYTHON_FILES_H

#include "collector/base/error.h"
#include "collector/base/string_list.h"

#include <stdbool.h>

/* Adds every importable Python file below `directory` to `list`, by coverage.py's
 * find_python_files (subfolders need an __init__.py unless namespace packages are included; names
 * with odd characters are passed over), in a stable order. 0 or -1. */
int path_find_python_files(struct string_list *list, const char *directory,
                           bool include_namespace_packages, struct error *error);

#endif
