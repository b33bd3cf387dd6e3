/* Reads a data file of coverage.py, an SQLite database, into a stage. The bytes are untrusted. */
#ifndef COVFORK_READ_COVERAGE_SQLITE_H
#define COVFORK_READ_COVERAGE_SQLITE_H

#include "collector/base/error.h"
#include "collector/read/foreign_stage.h"

#include <stddef.h>

/* `bytes` may be changed. 0 or -1; errors do not name the file. */
int read_coverage_sqlite(struct foreign_stage *stage, unsigned char *bytes, size_t size,
                         struct error *error);

#endif
