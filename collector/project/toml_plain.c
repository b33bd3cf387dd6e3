/*
 * A recursive descent over the text, which ends with a NUL. What may be defined again, or added to,
 * is known by the names of tables and values: paths, whose parts are joined by a character that no
 * text has.
 */
#include "collector/project/toml_plain.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 20
#define PARTS_MAX 16
#define JOINT     '\1'
#define PATH_ROOM 1024

struct reader {
    const char *at;
    json_t *root;
    json_t *table; /* the current one */
    char path[PATH_ROOM];
    /* Sets of paths: tables that had their header, arrays of tables, tables that keys with dots
     * made and only such may add to, and values, which nothing may. */
    json_t *headers, *arrays, *dotted, *closed;
    unsigned depth;
};

struct key {
    char *parts[PARTS_MAX];
    size_t count;
};

static json_t *read_value(struct reader *reader, const char *path);

static void key_close(struct key *key)
{
    for (size_t i = 0; i < key->count; i++)
        free(key->parts[i]);
    key->count = 0;
}

static void skip_blanks(struct reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t')
        reader->at++;
}

static void skip_comment(struct reader *reader)
{
    skip_blanks(reader);
    if (*reader->at == '#')
        reader->at += strcspn(reader->at, "\n");
}

/* Passes over blanks, comments and newlines. */
static void skip_lines(struct reader *reader)
{
    for (skip_comment(reader); *reader->at == '\n'; skip_comment(reader))
        reader->at++;
}

static bool take(struct reader *reader, char c)
{
    if (*reader->at != c)
        return false;
    reader->at++;
    return true;
}

/* Appends a part to a path. */
static bool extend(char path[PATH_ROOM], const char *part)
{
    size_t used = strlen(path), size = strlen(part);
    if (used + size + 2 > PATH_ROOM)
        return false;
    path[used] = JOINT;
    memcpy(path + used + 1, part, size + 1);
    return true;
}

static bool mark(json_t *set, const char *path)
{
    return json_object_set_new(set, path, json_true()) == 0;
}

/* A string on one line, from its quote on. NULL: not plain. */
static char *read_short_string(struct reader *reader)
{
    char quote = *reader->at++;
    char *text = malloc(strcspn(reader->at, "\n") + 1), *to = text;
    for (; text && *reader->at != quote; reader->at++) {
        char c = *reader->at;
        if (c == '\\' && quote == '"') {
            static const char escapes[] = "\\\"nt", meant[] = "\\\"\n\t";
            const char *known = *++reader->at ? strchr(escapes, *reader->at) : NULL;
            c = known ? meant[known - escapes] : '\n';
            if (!known)
                reader->at = "\n";
        }
        if (*reader->at == '\n' || *reader->at == '\0') {
            free(text);
            return NULL;
        }
        *to++ = c;
    }
    if (text) {
        *to = '\0';
        reader->at++;
    }
    return text;
}

/* A string of several lines, without escapes and odd quotes at its ends. */
static json_t *read_long_string(struct reader *reader)
{
    const char quotes[] = { *reader->at, *reader->at, *reader->at, '\0' };
    const char *start = reader->at + 3;
    start += *start == '\n';
    const char *end = strstr(start, quotes);
    if (!end || end[3] == quotes[0])
        return NULL;
    if (quotes[0] == '"' && memchr(start, '\\', (size_t)(end - start)))
        return NULL;
    reader->at = end + 3;
    return json_stringn(start, (size_t)(end - start));
}

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static bool read_key(struct reader *reader, struct key *key)
{
    for (key->count = 0; key->count < PARTS_MAX;) {
        skip_blanks(reader);
        char *part;
        if (*reader->at == '"' || *reader->at == '\'') {
            part = read_short_string(reader);
        } else {
            size_t size = 0;
            while (is_bare(reader->at[size]))
                size++;
            part = size ? strndup(reader->at, size) : NULL;
            reader->at += size;
        }
        if (!part)
            return false;
        key->parts[key->count++] = part;
        skip_blanks(reader);
        if (!take(reader, '.'))
            return true;
    }
    return false;
}

/* Sets `key`, whose value comes next, in `table`. */
static bool read_pair(struct reader *reader, json_t *table, const char *table_path)
{
    struct key key;
    char path[PATH_ROOM];
    strcpy(path, table_path);
    bool good = read_key(reader, &key) && take(reader, '=');
    for (size_t i = 0; good && i + 1 < key.count; i++) {
        json_t *inner = json_object_get(table, key.parts[i]);
        good = extend(path, key.parts[i]);
        if (good && !inner) {
            inner = json_object();
            good =
                json_object_set_new(table, key.parts[i], inner) == 0 && mark(reader->dotted, path);
        } else if (good) {
            good = json_object_get(reader->dotted, path) != NULL;
        }
        table = inner;
    }
    if (good) {
        const char *last = key.parts[key.count - 1];
        good = !json_object_get(table, last) && extend(path, last);
        skip_blanks(reader);
        json_t *value = good ? read_value(reader, path) : NULL;
        good = value && json_object_set_new(table, last, value) == 0;
    }
    key_close(&key);
    return good;
}

static json_t *read_array(struct reader *reader, const char *path)
{
    json_t *array = json_array();
    reader->at++;
    skip_lines(reader);
    while (array && *reader->at != ']') {
        json_t *value = read_value(reader, path);
        bool good = value && json_array_append_new(array, value) == 0;
        skip_lines(reader);
        if (good && take(reader, ','))
            skip_lines(reader);
        else if (!good || *reader->at != ']') {
            json_decref(array);
            return NULL;
        }
    }
    reader->at += array != NULL;
    return array;
}

static json_t *read_inline_table(struct reader *reader)
{
    json_t *table = json_object();
    char path[PATH_ROOM];
    /* Its keys have no other names: it can't be added to. */
    snprintf(path, sizeof path, "%p", (void *)table);
    reader->at++;
    skip_blanks(reader);
    if (take(reader, '}'))
        return table;
    for (bool good = table != NULL; good;) {
        good = read_pair(reader, table, path);
        skip_blanks(reader);
        if (good && take(reader, '}'))
            return table;
        good = good && take(reader, ',');
    }
    json_decref(table);
    return NULL;
}

/* Of at most nine digits, and none but the usual notation. */
static json_t *read_number(struct reader *reader)
{
    const char *start = reader->at;
    bool is_negative = *start == '-';
    const char *digits = start + is_negative;
    size_t size = strspn(digits, "0123456789"), fraction = 0;
    if (size == 0 || size > 9 || (*digits == '0' && size > 1))
        return NULL;
    const char *end = digits + size;
    if (*end == '.') {
        fraction = strspn(end + 1, "0123456789");
        if (fraction == 0 || size + fraction > 9)
            return NULL;
        end += 1 + fraction;
    }
    if (*end && !strchr(" \t\n#,]}", *end))
        return NULL;
    reader->at = end;
    int whole = atoi(digits);
    if (!fraction)
        return json_integer(is_negative ? -whole : whole);
    double divisor = 1;
    for (size_t i = 0; i < fraction; i++)
        divisor *= 10;
    double value = (whole * divisor + atoi(digits + size + 1)) / divisor;
    return json_real(is_negative ? -value : value);
}

static json_t *read_string(struct reader *reader)
{
    if (reader->at[1] == reader->at[0] && reader->at[2] == reader->at[0])
        return read_long_string(reader);
    char *text = read_short_string(reader);
    json_t *string = text ? json_string(text) : NULL;
    free(text);
    return string;
}

static json_t *read_word(struct reader *reader, const char *word, json_t *value)
{
    size_t size = strlen(word);
    if (strncmp(reader->at, word, size) != 0 || is_bare(reader->at[size]))
        return NULL;
    reader->at += size;
    return value;
}

/* The value that begins here, of what has the path. */
static json_t *read_value(struct reader *reader, const char *path)
{
    json_t *value = NULL;
    if (++reader->depth > DEPTH_MAX)
        return NULL;
    switch (*reader->at) {
    case '"':
    case '\'':
        value = read_string(reader);
        break;
    case '[':
        value = read_array(reader, path);
        break;
    case '{':
        value = read_inline_table(reader);
        break;
    case 't':
        value = read_word(reader, "true", json_true());
        break;
    case 'f':
        value = read_word(reader, "false", json_false());
        break;
    default:
        value = read_number(reader);
        break;
    }
    reader->depth--;
    if (value && (json_is_object(value) || json_is_array(value)) && !mark(reader->closed, path)) {
        json_decref(value);
        return NULL;
    }
    return value;
}

/* Goes to the table that a part of a header names, which is made where there is none. */
static bool enter(struct reader *reader, const char *part)
{
    json_t *inner = json_object_get(reader->table, part);
    if (!extend(reader->path, part) || json_object_get(reader->closed, reader->path) ||
        json_object_get(reader->dotted, reader->path))
        return false;
    if (!inner) {
        inner = json_object();
        if (json_object_set_new(reader->table, part, inner) != 0)
            return false;
    } else if (json_is_array(inner)) {
        char number[24];
        size_t last = json_array_size(inner) - 1;
        snprintf(number, sizeof number, "%zu", last);
        inner = json_array_get(inner, last);
        if (!extend(reader->path, number))
            return false;
    }
    reader->table = inner;
    return json_is_object(inner);
}

/* The last part of a [[header]]. */
static bool enter_new_item(struct reader *reader, const char *part)
{
    json_t *array = json_object_get(reader->table, part);
    if (!extend(reader->path, part))
        return false;
    if (!array) {
        array = json_array();
        if (json_object_set_new(reader->table, part, array) != 0 ||
            !mark(reader->arrays, reader->path))
            return false;
    } else if (!json_object_get(reader->arrays, reader->path)) {
        return false;
    }
    char number[24];
    snprintf(number, sizeof number, "%zu", json_array_size(array));
    reader->table = json_object();
    return json_array_append_new(array, reader->table) == 0 && extend(reader->path, number) &&
           mark(reader->headers, reader->path);
}

static bool read_header(struct reader *reader)
{
    struct key key;
    reader->at++;
    bool is_array = take(reader, '[');
    reader->table = reader->root;
    reader->path[0] = '\0';
    bool good = read_key(reader, &key) && take(reader, ']') && (!is_array || take(reader, ']'));
    for (size_t i = 0; good && i + is_array < key.count; i++)
        good = enter(reader, key.parts[i]);
    if (good && is_array)
        good = enter_new_item(reader, key.parts[key.count - 1]);
    else if (good)
        good = !json_object_get(reader->arrays, reader->path) &&
               !json_object_get(reader->headers, reader->path) &&
               mark(reader->headers, reader->path);
    key_close(&key);
    return good;
}

static bool read_document(struct reader *reader)
{
    for (skip_lines(reader); *reader->at; skip_lines(reader)) {
        bool good = *reader->at == '[' ? read_header(reader)
                                       : read_pair(reader, reader->table, reader->path);
        if (!good)
            return false;
        skip_comment(reader);
        if (*reader->at && *reader->at != '\n')
            return false;
    }
    return true;
}

/* UTF-8 without control characters, as the format has it? */
static bool is_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (((unsigned char)text[i] < ' ' && text[i] != '\t' && text[i] != '\n') || text[i] == 0x7f)
            return false;
    json_t *string = json_stringn(text, size);
    json_decref(string);
    return string != NULL;
}

json_t *toml_plain_read(const char *text, size_t size)
{
    char *copy = is_text(text, size) ? strndup(text, size) : NULL;
    struct reader reader = { .at = copy,
                             .root = json_object(),
                             .headers = json_object(),
                             .arrays = json_object(),
                             .dotted = json_object(),
                             .closed = json_object() };
    reader.table = reader.root;
    bool good = copy && reader.root && reader.headers && reader.arrays && reader.dotted &&
                reader.closed && read_document(&reader);
    json_decref(reader.headers);
    json_decref(reader.arrays);
    json_decref(reader.dotted);
    json_decref(reader.closed);
    free(copy);
    if (good)
        return reader.root;
    json_decref(reader.root);
    return NULL;
}
