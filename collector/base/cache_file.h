/*
 * Writes the files in the cache folder that are replaced as a whole. The folder is opened once, is
 * no link and is our own: another user who may write above it can't have us write elsewhere.
 * Nothing is lost when it fails, for it is only a cache.
 */
#ifndef COVFORK_CACHE_FILE_H
#define COVFORK_CACHE_FILE_H

#include <stddef.h>

/* Puts `head` and `body` (of no bytes: nothing) in the file that `path` names in `directory`, which
 * is made where it is missing. */
void cache_file_write(const char *directory, const char *path, const char *head, size_t head_size,
                      const char *body, size_t body_size);

#endif
