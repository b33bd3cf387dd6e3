/*
 * A file that a report is written to: it gets its name only when it is complete, so that a run that
 * fails leaves what was there before, and never half a report.
 */
#ifndef COVFORK_OUTPUT_FILE_H
#define COVFORK_OUTPUT_FILE_H

#include "collector/base/error.h"

#include <stddef.h>
#include <stdio.h>

struct output_file {
    FILE *stream; /* to write to; its errors are seen by output_file_commit */
    /* the module's own */
    char *path, *temporary; /* no temporary: the text is kept in memory until the end */
    char *bytes;
    size_t size;
};

/*
 * Begins the file `path`, "-" for standard output, in a folder that is there. What is no regular
 * file, or lies in a folder where none can be made, is written to in its place at the end. 0 or -1;
 * output_file_close is to be called in any case.
 */
int output_file_open(struct output_file *output, const char *path, struct error *error);
/* Writes everything and gives the file its name. 0, or -1 with an error that names it. */
int output_file_commit(struct output_file *output, struct error *error);
/* Removes what was not committed. */
void output_file_close(struct output_file *output);

#endif
