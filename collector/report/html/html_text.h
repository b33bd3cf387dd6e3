/*
 * Text of an HTML or JavaScript file while it is made, and the only place where what comes from
 * outside (names, commands, source text) is escaped. Works on memory; a failed allocation is kept
 * as `failed`, so that only the whole has to be checked, and nothing is added from then on.
 */
#ifndef COVFORK_HTML_TEXT_H
#define COVFORK_HTML_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begins as { 0 }. */
struct html_text {
    char *bytes; /* not NUL-terminated */
    size_t size, room;
    bool failed;
};

void html_text_close(struct html_text *text);

/* Markup of our own: nothing is escaped. */
void html_put(struct html_text *text, const char *markup);
void html_put_bytes(struct html_text *text, const char *markup, size_t size);
void html_put_number(struct html_text *text, uint64_t number);

/* A name or a command, of any bytes, as text or as the value of an attribute in double quotes.
 * Control characters, characters that are not seen or turn the direction of writing, and bytes that
 * are not UTF-8 become visible: \n, \x1b, \u202e, \xff. */
void html_put_name(struct html_text *text, const char *name);
/* The same as a string of JSON, which may stand in a script element too. */
void html_put_string(struct html_text *text, const char *name);

/* Part of a line of source text: UTF-8 without newlines. What would not be seen is shown in an
 * element i. */
void html_put_source(struct html_text *text, const char *source, size_t size);

#endif
