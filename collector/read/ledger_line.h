/*
 * One line of a ledger (preload/format.h) as a JSON object. Lines are untrusted. The lines that
 * libcovfork.so writes are taken apart where they are; any other valid JSON is left to jansson,
 * which says the same of it and takes many times as long.
 */
#ifndef COVFORK_LEDGER_LINE_H
#define COVFORK_LEDGER_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;

#define LEDGER_LINE_FIELDS 16

struct ledger_field {
    const char *key;
    const char *text;  /* NULL: no string */
    const char *items; /* of a list of strings: the first one; NULL: no list, or an empty one */
    const char *items_end;
    int64_t number; /* 0: no number */
};

struct ledger_line {
    struct json_t *parsed; /* NULL: what there is is in the fields */
    struct ledger_field fields[LEDGER_LINE_FIELDS];
    size_t count;
};

/* Reads a line, which is changed and must outlive `line`. False when it is no JSON object. */
bool ledger_line_read(struct ledger_line *line, char *text);
void ledger_line_close(struct ledger_line *line);

/* The string of a key; "" where there is none. */
const char *ledger_line_text(const struct ledger_line *line, const char *key);
/* The integer of a key; 0 where there is none. */
int64_t ledger_line_number(const struct ledger_line *line, const char *key);
/* The strings of a list, by calls that begin with *position 0. NULL after the last. */
const char *ledger_line_next_item(const struct ledger_line *line, const char *key,
                                  size_t *position);

#endif
