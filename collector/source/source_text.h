/*
 * The text of a Python source file as coverage.py sees it: decoded by its BOM or its declared
 * encoding (PEP 263), lines ended by "\n", form feeds turned into spaces, a newline at the end.
 * Works on memory only; it opens no file and knows no Python syntax but the encoding declaration.
 */
#ifndef COVFORK_SOURCE_TEXT_H
#define COVFORK_SOURCE_TEXT_H

#include "collector/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source_text {
    char *bytes;         /* valid UTF-8, owned; a NUL follows that `size` does not count */
    size_t size;         /* in bytes */
    uint32_t line_count; /* as len(str.splitlines()) counts; at least the number of "\n" */
};

/*
 * Decodes the raw `source`. Bytes that are wrong in the encoding become U+FFFD. 0, or -1 with an
 * ERROR_SOURCE that names `path` (an unknown encoding, a BOM and a declaration that disagree) or
 * an ERROR_MEMORY. On success the caller closes `text`.
 */
int source_text_decode(struct source_text *text, const char *path, const unsigned char *source,
                       size_t size, struct error *error);
void source_text_close(struct source_text *text);

struct source_line {
    const char *bytes;    /* in the text */
    size_t length, whole; /* without and with its end */
};

/* The line that begins at `*at` (0 at first), as str.splitlines cuts them, and moves there to the
 * next one. False behind the last one. */
bool source_text_next_line(const struct source_text *text, size_t *at, struct source_line *line);

#endif
