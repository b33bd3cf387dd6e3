/*
 * Two layers: what a character is (plain, or to be made visible), and how a character that is
 * plain is written in HTML or in a string of JSON.
 */
#include "collector/report/html/html_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096

void html_text_close(struct html_text *text)
{
    free(text->bytes);
    *text = (struct html_text){ 0 };
}

/* Makes room for `size` more bytes; where they go, or NULL. */
static char *reserve(struct html_text *text, size_t size)
{
    if (text->failed)
        return NULL;
    if (text->room - text->size < size) {
        size_t room = text->room ? text->room : ROOM_FIRST;
        while (room - text->size < size)
            room *= 2;
        char *larger = realloc(text->bytes, room);
        if (!larger) {
            text->failed = true;
            return NULL;
        }
        text->bytes = larger;
        text->room = room;
    }
    return text->bytes + text->size;
}

void html_put_bytes(struct html_text *text, const char *markup, size_t size)
{
    char *to = size ? reserve(text, size) : NULL;
    if (!to)
        return;
    memcpy(to, markup, size);
    text->size += size;
}

void html_put(struct html_text *text, const char *markup)
{
    html_put_bytes(text, markup, strlen(markup));
}

void html_put_number(struct html_text *text, uint64_t number)
{
    char digits[20];
    char *at = digits + sizeof digits;
    do
        *--at = (char)('0' + number % 10);
    while (number /= 10);
    html_put_bytes(text, at, (size_t)(digits + sizeof digits - at));
}

#define NO_CHARACTER UINT32_MAX

/* The character at `bytes` and its length; NO_CHARACTER and 1 where a byte begins none. */
static uint32_t decode_character(const unsigned char *bytes, size_t size, size_t *length)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char lead = bytes[0];
    size_t count = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    *length = 1;
    if (count == 1)
        return lead;
    if (count == 0 || lead > 0xf4 || count > size)
        return NO_CHARACTER;
    uint32_t value = lead & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return NO_CHARACTER;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    if (value < least[count] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return NO_CHARACTER;
    *length = count;
    return value;
}

/* Would a reader not see it, or see others elsewhere because of it? */
static bool is_unseen(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
           (character >= 0x200b && character <= 0x200f) ||
           (character >= 0x2028 && character <= 0x202e) ||
           (character >= 0x2060 && character <= 0x206f) || character == 0xad ||
           character == 0x61c || character == 0xfeff || character == 0xfffe || character == 0xffff;
}

/* Writes a byte that begins no character, or one that is not seen, in Python's way. */
static void show_unseen(char out[16], uint32_t character, unsigned char byte)
{
    if (character == '\n' || character == '\r' || character == '\t')
        snprintf(out, 16, "\\%c", character == '\n' ? 'n' : character == '\r' ? 'r' : 't');
    else if (character == NO_CHARACTER || character < 0x100)
        snprintf(out, 16, "\\x%02x", character == NO_CHARACTER ? byte : (unsigned)character);
    else
        snprintf(out, 16, "\\u%04x", (unsigned)character);
}

static const char *html_entity(unsigned char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Within a script element neither "</script" nor "<!--" may be seen, so < and > are escaped. */
static const char *json_escape(unsigned char byte)
{
    switch (byte) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '<':
        return "\\u003c";
    case '>':
        return "\\u003e";
    case '&':
        return "\\u0026";
    default:
        return NULL;
    }
}

static void put_visible(struct html_text *text, const char *name,
                        const char *(*escape)(unsigned char))
{
    size_t size = strlen(name), plain = 0;
    for (size_t i = 0; i < size;) {
        size_t length;
        unsigned char byte = (unsigned char)name[i];
        uint32_t character = decode_character((const unsigned char *)name + i, size - i, &length);
        bool is_hidden = character == NO_CHARACTER || is_unseen(character);
        const char *escaped = is_hidden ? NULL : escape(byte);
        if (is_hidden || escaped) {
            html_put_bytes(text, name + plain, i - plain);
            plain = i + length;
        }
        if (is_hidden) {
            char shown[16];
            show_unseen(shown, character, byte);
            /* Its backslash is no escape of JSON's. */
            if (escape == json_escape)
                html_put(text, "\\");
            html_put(text, shown);
        } else if (escaped) {
            html_put(text, escaped);
        }
        i += length;
    }
    html_put_bytes(text, name + plain, size - plain);
}

void html_put_name(struct html_text *text, const char *name)
{
    put_visible(text, name, html_entity);
}

void html_put_string(struct html_text *text, const char *name)
{
    html_put(text, "\"");
    put_visible(text, name, json_escape);
    html_put(text, "\"");
}

void html_put_source(struct html_text *text, const char *source, size_t size)
{
    size_t plain = 0;
    for (size_t i = 0; i < size;) {
        unsigned char byte = (unsigned char)source[i];
        size_t length = 1;
        /* Nearly all of a source is this. */
        if ((byte >= 0x20 && byte < 0x7f && byte != '&' && byte != '<' && byte != '>' &&
             byte != '"' && byte != '\'') ||
            byte == '\t') {
            i++;
            continue;
        }
        uint32_t character = decode_character((const unsigned char *)source + i, size - i, &length);
        bool is_hidden = character == NO_CHARACTER || is_unseen(character);
        const char *escaped = is_hidden ? NULL : html_entity(byte);
        if (is_hidden || escaped) {
            html_put_bytes(text, source + plain, i - plain);
            plain = i + length;
        }
        if (is_hidden) {
            char shown[16];
            show_unseen(shown, character, byte);
            html_put(text, "<i>");
            html_put(text, shown);
            html_put(text, "</i>");
        } else if (escaped) {
            html_put(text, escaped);
        }
        i += length;
    }
    html_put_bytes(text, source + plain, size - plain);
}
