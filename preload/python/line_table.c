/* Line table decoders. See CPython's Objects/lnotab_notes.txt, and Objects/locations.md (3.11). */
#include "line_table.h"

#include <stdlib.h>
#include <string.h>

/* No source has more lines; a damaged table must not make us take gigabytes. */
#define LINE_MAX_SANE 20000000
/* Code objects nest as deep as their source does; the compiler allows about a hundred. */
#define NESTING_MAX 400

void line_bits_add(struct line_bits *bits, long line)
{
    if (line <= 0 || line > LINE_MAX_SANE || bits->failed)
        return;
    size_t byte = (size_t)line / 8;
    if (byte >= bits->size) {
        size_t size = bits->size ? bits->size * 2 : 128;
        while (size <= byte)
            size *= 2;
        uint8_t *larger = realloc(bits->bytes, size);
        if (!larger) {
            bits->failed = true;
            return;
        }
        memset(larger + bits->size, 0, size - bits->size);
        bits->bytes = larger;
        bits->size = size;
    }
    bits->bytes[byte] |= (uint8_t)(1u << (line % 8));
    if ((uint32_t)line >= bits->bit_count)
        bits->bit_count = (uint32_t)line + 1;
}

void line_bits_close(struct line_bits *bits)
{
    free(bits->bytes);
    *bits = (struct line_bits){ 0 };
}

void line_table_decode_lnotab(struct line_bits *bits, const uint8_t *table, size_t size,
                              int first_line)
{
    long line = first_line;
    for (size_t i = 0; i + 1 < size; i += 2) {
        if (table[i])
            line_bits_add(bits, line);
        line += (int8_t)table[i + 1];
    }
    line_bits_add(bits, line);
}

void line_table_decode_310(struct line_bits *bits, const uint8_t *table, size_t size,
                           int first_line)
{
    long line = first_line;
    for (size_t i = 0; i + 1 < size; i += 2) {
        int8_t delta = (int8_t)table[i + 1];
        if (delta == -128)
            continue; /* code without a line */
        line += delta;
        if (table[i])
            line_bits_add(bits, line);
    }
}

static long read_signed_varint(const uint8_t *table, size_t size, size_t at)
{
    unsigned long value = 0;
    for (unsigned shift = 0; at < size && shift < 60; at++, shift += 6) {
        value |= (unsigned long)(table[at] & 63) << shift;
        if (!(table[at] & 64))
            break;
    }
    return value & 1 ? -(long)(value >> 1) : (long)(value >> 1);
}

/* Where the entry after that at `at` begins: its further bytes, of which a kind of entry has so
 * many at least, have the top bit clear. */
static inline size_t next_entry(const uint8_t *table, size_t size, size_t at)
{
    static const uint8_t least[16] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 4, 0 };
    at += 1u + least[(table[at] >> 3) & 15];
    while (at < size && !(table[at] & 0x80))
        at++;
    return at;
}

void line_table_decode_311(struct line_bits *bits, const uint8_t *table, size_t size,
                           int first_line)
{
    long line = first_line, added = -1;
    for (size_t i = 0; i < size; i = next_entry(table, size, i)) {
        unsigned code = (table[i] >> 3) & 15;
        if (code == 13 || code == 14)
            line += read_signed_varint(table, size, i + 1);
        else if (code >= 10 && code <= 12)
            line += (long)code - 10;
        if (code == 15 || line == added)
            continue; /* code without a line; one of many instructions of a line */
        line_bits_add(bits, line);
        added = line;
    }
}

/* How many units the entries are of. */
static size_t count_units_311(const uint8_t *table, size_t size)
{
    size_t units = 0;
    for (size_t i = 0; i < size; i++)
        units += table[i] & 0x80 ? (table[i] & 7u) + 1 : 0;
    return units;
}

size_t line_table_decode_units_311(uint32_t *lines, size_t count, const uint8_t *table, size_t size,
                                   int first_line)
{
    long line = first_line;
    size_t unit = 0;
    if (count == 0)
        return count_units_311(table, size);
    for (size_t i = 0; i < size; i = next_entry(table, size, i)) {
        unsigned code = (table[i] >> 3) & 15;
        size_t end = unit + (table[i] & 7) + 1;
        if (code == 13 || code == 14)
            line += read_signed_varint(table, size, i + 1);
        else if (code >= 10 && code <= 12)
            line += (long)code - 10;
        for (; unit < end; unit++)
            if (unit < count)
                lines[unit] = code == 15 || line < 0 ? 0 : (uint32_t)line;
    }
    return unit;
}

static void add_one(struct line_bits *bits, PyObject *code)
{
    PyObject *table = python_code_attribute(code, CODE_LINE_TABLE);
    char *start;
    ssize_t size;
    if (!table || python.bytes_get(table, &start, &size) != 0) {
        python.clear_error();
        bits->failed = true;
    } else {
        int first_line = python_first_line(code);
        if (python.minor >= 11)
            line_table_decode_311(bits, (const uint8_t *)start, (size_t)size, first_line);
        else if (python.minor == 10)
            line_table_decode_310(bits, (const uint8_t *)start, (size_t)size, first_line);
        else
            line_table_decode_lnotab(bits, (const uint8_t *)start, (size_t)size, first_line);
    }
    if (table)
        python.decrement(table);
}

static void add_nested(struct line_bits *bits, PyObject *code, int depth)
{
    if (python.minor < 14 || !python_is_annotations(code))
        add_one(bits, code);
    PyObject *constants = python_code_attribute(code, CODE_CONSTANTS);
    ssize_t count = constants && depth < NESTING_MAX ? python.tuple_size(constants) : 0;
    for (ssize_t i = 0; i < count; i++) {
        PyObject *constant = python.tuple_get(constants, i);
        if (constant && python_is_code(constant))
            add_nested(bits, constant, depth + 1);
    }
    if (constants)
        python.decrement(constants);
    else
        python.clear_error();
}

void line_table_add_code(struct line_bits *bits, PyObject *code, bool nested)
{
    if (nested)
        add_nested(bits, code, 0);
    else
        add_one(bits, code);
}

size_t line_table_units(uint32_t *lines, size_t count, PyObject *code)
{
    size_t units = 0;
    PyObject *table = python_code_attribute(code, CODE_LINE_TABLE);
    char *start;
    ssize_t size;
    if (table && python.bytes_get(table, &start, &size) == 0)
        units = line_table_decode_units_311(lines, count, (const uint8_t *)start, (size_t)size,
                                            python_first_line(code));
    else
        python.clear_error();
    if (table)
        python.decrement(table);
    return units;
}

uint64_t line_table_hash(PyObject *code)
{
    uint64_t hash = 14695981039346656037u;
    PyObject *table = python_code_attribute(code, CODE_LINE_TABLE);
    char *start;
    ssize_t size;
    if (table && python.bytes_get(table, &start, &size) == 0)
        for (ssize_t i = 0; i < size; i++)
            hash = (hash ^ (uint8_t)start[i]) * 1099511628211u;
    else
        python.clear_error();
    if (table)
        python.decrement(table);
    return hash;
}
