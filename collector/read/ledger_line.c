/*
 * The short way takes an object of strings without escapes, natural numbers and lists of such
 * strings, in ASCII and without spaces, and puts a NUL behind each string. Whatever else comes is
 * put back as it was, and parsed anew.
 */
#include "collector/read/ledger_line.h"

#include <jansson.h>
#include <string.h>

/* The string at `at` (its quote), ended by a NUL. Where it goes on behind the closing quote; NULL:
 * not in the short way. */
static char *take_string(char *at, const char **text)
{
    if (*at != '"')
        return NULL;
    *text = ++at;
    while (*at >= ' ' && *at < 0x7f && *at != '"' && *at != '\\')
        at++;
    if (*at != '"')
        return NULL;
    *at = '\0';
    return at + 1;
}

static char *take_number(char *at, int64_t *number)
{
    const char *first = at;
    uint64_t value = 0;
    /* More digits than 19 may be more than 64 bits. */
    while (*at >= '0' && *at <= '9' && at - first <= 19)
        value = value * 10 + (uint64_t)(*at++ - '0');
    size_t digits = (size_t)(at - first);
    if (digits == 0 || digits > 19 || (digits > 1 && *first == '0') || value > INT64_MAX)
        return NULL;
    *number = (int64_t)value;
    return at;
}

/* A list that is not empty. */
static char *take_list(char *at, struct ledger_field *field)
{
    const char *item;
    do {
        at = take_string(at + 1, &item);
        if (!at)
            return NULL;
        if (!field->items)
            field->items = item;
    } while (*at == ',');
    field->items_end = at;
    return *at == ']' ? at + 1 : NULL;
}

static char *take_value(char *at, struct ledger_field *field)
{
    if (*at == '"')
        return take_string(at, &field->text);
    return *at == '[' ? take_list(at, field) : take_number(at, &field->number);
}

static bool take_object(struct ledger_line *line, char *at)
{
    if (*at != '{')
        return false;
    do {
        if (line->count == LEDGER_LINE_FIELDS)
            return false;
        struct ledger_field *field = &line->fields[line->count++];
        *field = (struct ledger_field){ 0 };
        at = take_string(at + 1, &field->key);
        if (!at || *at != ':')
            return false;
        at = take_value(at + 1, field);
    } while (at && *at == ',');
    return at && at[0] == '}' && (at[1] == '\0' || (at[1] == '\n' && at[2] == '\0'));
}

/* The NULs that the short way put were quotes, and no other is before `size`. */
static void put_back(char *text, size_t size)
{
    for (char *at = text; (at = memchr(at, '\0', (size_t)(text + size - at))) != NULL;)
        *at = '"';
}

/* jansson refuses lone surrogates, which stand for bytes that are not UTF-8: none of the values
 * that are read need them. */
static void hide_lone_surrogates(char *line)
{
    for (char *at = line; (at = strchr(at, '\\')) != NULL; at += at[1] ? 2 : 1) {
        if (at[1] != 'u' || (at[2] != 'd' && at[2] != 'D') || !at[3] ||
            !strchr("89abcdefABCDEF", at[3]))
            continue;
        bool high = strchr("89abAB", at[3]) != NULL;
        bool paired = high && at[4] && at[5] && at[6] == '\\' && at[7] == 'u' &&
                      (at[8] == 'd' || at[8] == 'D') && at[9] && strchr("cdefCDEF", at[9]);
        if (paired)
            at += 6;
        else if (at[4] && at[5])
            memcpy(at + 2, "fffd", 4);
    }
}

bool ledger_line_read(struct ledger_line *line, char *text)
{
    size_t size = strlen(text);
    line->parsed = NULL;
    line->count = 0;
    if (take_object(line, text))
        return true;
    put_back(text, size);
    hide_lone_surrogates(text);
    line->count = 0;
    line->parsed = json_loads(text, 0, NULL);
    if (json_is_object(line->parsed))
        return true;
    ledger_line_close(line);
    return false;
}

void ledger_line_close(struct ledger_line *line)
{
    json_decref(line->parsed);
    line->parsed = NULL;
    line->count = 0;
}

/* Of a key that is there twice the last counts, as in jansson. */
static const struct ledger_field *find_field(const struct ledger_line *line, const char *key)
{
    for (size_t i = line->count; i-- > 0;)
        if (strcmp(line->fields[i].key, key) == 0)
            return &line->fields[i];
    return NULL;
}

const char *ledger_line_text(const struct ledger_line *line, const char *key)
{
    const struct ledger_field *field = find_field(line, key);
    const char *text = field ? field->text : json_string_value(json_object_get(line->parsed, key));
    return text ? text : "";
}

int64_t ledger_line_number(const struct ledger_line *line, const char *key)
{
    const struct ledger_field *field = find_field(line, key);
    return field ? field->number : json_integer_value(json_object_get(line->parsed, key));
}

const char *ledger_line_next_item(const struct ledger_line *line, const char *key, size_t *position)
{
    const struct ledger_field *field = find_field(line, key);
    if (field) {
        const char *item = field->items ? field->items + *position : NULL;
        if (item == field->items_end)
            return NULL;
        /* Behind a string are its NUL, a comma and the next one's quote; behind the last its NUL.
         */
        size_t size = strlen(item) + 1;
        *position += item + size == field->items_end ? size : size + 2;
        return item;
    }
    const json_t *list = json_object_get(line->parsed, key);
    while (*position < json_array_size(list)) {
        const char *item = json_string_value(json_array_get(list, (*position)++));
        if (item)
            return item;
    }
    return NULL;
}
