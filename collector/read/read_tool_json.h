/* Reads a JSON report of coverage.py or slipcover, into a stage. The bytes are untrusted. */
#ifndef COVFORK_READ_TOOL_JSON_H
#define COVFORK_READ_TOOL_JSON_H

#include "collector/base/error.h"
#include "collector/read/foreign_stage.h"

#include <stddef.h>

/* 0 or -1; errors do not name the file. */
int read_tool_json(struct foreign_stage *stage, const unsigned char *bytes, size_t size,
                   struct error *error);

#endif
