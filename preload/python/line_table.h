/*
 * The lines that have code, from the line tables of code objects. One decoder a format; which one a
 * Python has is decided here. The decoders are pure: bytes in, bits out.
 */
#ifndef COVFORK_LINE_TABLE_H
#define COVFORK_LINE_TABLE_H

#include "api.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A bitmap in the layout of format.h that grows. */
struct line_bits {
    uint8_t *bytes; /* owned */
    size_t size;
    uint32_t bit_count; /* greatest line + 1; 0 when empty */
    bool failed;        /* memory ran out: the set is not whole */
};

void line_bits_add(struct line_bits *bits, long line);
void line_bits_close(struct line_bits *bits);

/* co_lnotab, 3.8 and 3.9; co_linetable of 3.10; co_linetable from 3.11 on. */
void line_table_decode_lnotab(struct line_bits *bits, const uint8_t *table, size_t size,
                              int first_line);
void line_table_decode_310(struct line_bits *bits, const uint8_t *table, size_t size,
                           int first_line);
void line_table_decode_311(struct line_bits *bits, const uint8_t *table, size_t size,
                           int first_line);

/*
 * Adds the lines of `code`, and with `nested` those of every code object inside it but not of
 * those named __annotate__, which coverage.py leaves out. Holding the GIL.
 */
void line_table_add_code(struct line_bits *bits, PyObject *code, bool nested);

/*
 * The line of each code unit (two bytes) of `code`, 0 where there is none, from 3.11 on; into
 * `lines`, `count` of them. The number of units that the table describes, which may be greater
 * than `count`; 0 when it can't be read. Holding the GIL.
 */
size_t line_table_units(uint32_t *lines, size_t count, PyObject *code);

/* The pure half of it. */
size_t line_table_decode_units_311(uint32_t *lines, size_t count, const uint8_t *table, size_t size,
                                   int first_line);

/* A hash of the line table of `code` alone: two bodies of one file name differ by it. */
uint64_t line_table_hash(PyObject *code);

#endif
