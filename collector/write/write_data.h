/*
 * Writes a model as one combined data file (preload/format.h). Equal models give equal bytes.
 */
#ifndef COVFORK_WRITE_DATA_H
#define COVFORK_WRITE_DATA_H

#include "collector/base/error.h"
#include "collector/model/model.h"

#include <stddef.h>

/* The bytes of the combined file, in `*bytes` (caller frees). Sorts the model. 0 or -1. */
int write_data_encode(struct model *model, unsigned char **bytes, size_t *size,
                      struct error *error);
/* 32 hexadecimal digits and a NUL that name the content. */
void write_data_name(const unsigned char *bytes, size_t size, char name[33]);
/* Makes `path` hold `bytes`, at once or not at all: mode 0600, synced, renamed into place. 0 or -1.
 */
int write_data_store(const char *path, const unsigned char *bytes, size_t size,
                     struct error *error);

#endif
