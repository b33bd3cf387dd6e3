/*
 * The libraries in this process, and one that is about to be, and what they want of others: read
 * from their dynamic sections. Any time but inside dlopen's own lock; keeps errno.
 */
#ifndef COVFORK_PYTHON_LOADED_OBJECTS_H
#define COVFORK_PYTHON_LOADED_OBJECTS_H

#include <stdbool.h>

/* Does the library or program that `address` lies in name `symbol`, its own or one that it needs?
 */
bool loaded_object_names(const void *address, const char *symbol);

/* Does another one than that which `address` lies in, of those that were not asked about yet? Where
 * nothing was loaded since the last call it only compares a number. */
bool loaded_objects_new_names(const void *address, const char *symbol);

/* Does the library in the file `path`? False where it can't be read as one. */
bool library_file_names(const char *path, const char *symbol);

#endif
