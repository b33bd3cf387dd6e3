/*
 * Writes what ran as a data file of coverage.py (SQLite, schema version 7), from which coverage.py
 * reports what covfork reports.
 */
#ifndef COVFORK_WRITE_SQLITE_H
#define COVFORK_WRITE_SQLITE_H

#include "collector/base/error.h"
#include "collector/model/model.h"
#include "collector/project/source_file.h"

#include <stddef.h>

/* The bytes of the file, in `*bytes`, to be freed with write_sqlite_free. `files` were collected
 * with contexts; `labels` are the model's. Names are written relative to `directory` where that is
 * not NULL (coverage.py's relative_files). 0 or -1. */
int write_sqlite_encode(const struct source_files *files, char *const *labels,
                        const char *directory, unsigned char **bytes, size_t *size,
                        struct error *error);
void write_sqlite_free(unsigned char *bytes);

#endif
