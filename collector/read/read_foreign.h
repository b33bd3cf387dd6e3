/*
 * Reads what other tools recorded into a model: SQLite files and JSON reports of coverage.py, JSON
 * of slipcover, told apart by their content. Such files are untrusted: each type and length is
 * checked; of a file that is not whole nothing is taken. Files are only ever read, and nothing
 * beside them (journals, locks) is looked at or made.
 *
 * These tools keep neither size nor time of a source: what they recorded is taken as being of the
 * file that has the name now; of a file that is not here both are 0.
 */
#ifndef COVFORK_READ_FOREIGN_H
#define COVFORK_READ_FOREIGN_H

#include "collector/base/error.h"
#include "collector/base/hash_map.h"
#include "collector/model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum foreign_kind {
    FOREIGN_EMPTY,   /* no byte, or zeros alone */
    FOREIGN_COVFORK, /* a data file of our own: read_data.h */
    FOREIGN_SQLITE,
    FOREIGN_JSON,
    FOREIGN_UNKNOWN,
};

/* What one file was. */
struct foreign_file {
    bool is_empty;     /* without a byte, or of zeros alone */
    size_t sources;    /* source files that it names, also those in which nothing ran */
    bool has_lines;    /* something ran */
    size_t line_count; /* distinct lines that ran, where that was asked for */
};

/* Reads any number of files. The model is the caller's. */
struct foreign_reader {
    struct model *model;
    const char *directory; /* absolute; names that are not are relative to it. May be changed. */
    bool counts_lines;     /* set by the caller to have foreign_file.line_count filled */
    struct foreign_path *paths;
    size_t path_count, path_room;
    struct hash_map path_map;
    unsigned char *buffer;
    size_t buffer_size;
};

void foreign_reader_init(struct foreign_reader *reader, struct model *model, const char *directory);
void foreign_reader_close(struct foreign_reader *reader);

/* What kind of file `path` is, by its first bytes. 0 or -1. */
int foreign_kind_of(const char *path, enum foreign_kind *kind, struct error *error);
/* Does the file look like a report of one of the tools, as far as its text tells without being
 * parsed? Not every JSON file in a folder is meant. False when it can't be read. */
bool foreign_is_report(const char *path);

/* Reads one file. 0, or -1 with an error that begins with `path`; nothing of it is then in the
 * model. A file without data is no error. */
int foreign_reader_read(struct foreign_reader *reader, const char *path, struct foreign_file *file,
                        struct error *error);

#endif
