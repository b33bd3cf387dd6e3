/*
 * The bytes of a data file in memory. They are read, not mapped: a mapping would kill us with
 * SIGBUS when a file is cut while we read it.
 */
#ifndef COVFORK_FILE_BYTES_H
#define COVFORK_FILE_BYTES_H

#include "collector/base/error.h"

#include <stddef.h>

struct file_bytes {
    unsigned char *data; /* aligned for any type */
    size_t size;
    size_t room;
};

/* Opens a regular file to read it; links are not followed. A descriptor, the caller's to close, or
 * -1 with an error that names `path`. */
int file_bytes_open(const char *path, size_t *size, struct error *error);

/* Reads the whole file in the place of what was there. Links are not followed, and only a regular
 * file of at most `size_max` bytes is read. 0, or -1 with an error that names `path`. */
int file_bytes_read(struct file_bytes *bytes, const char *path, size_t size_max,
                    struct error *error);
void file_bytes_close(struct file_bytes *bytes);

#endif
