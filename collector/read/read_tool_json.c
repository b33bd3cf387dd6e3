/*
 * JSON of slipcover (1.0 and later) and reports of coverage.py's `json` (also covfork's), formats 1
 * to 3. Both name the lines that ran as "executed_lines"; coverage.py's are of statements only,
 * slipcover's of all lines with code: the report folds both.
 *
 * slipcover's branches are not coverage.py's: they are marked, see syntax_arcs.h.
 */
#include "collector/read/read_tool_json.h"

#include "collector/base/hash_map.h"
#include "collector/base/line_set.h"
#include "collector/model/syntax_arcs.h"

#include <ctype.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct foreign_stage *stage;
    struct hash_map contexts; /* labels to the stage's indexes */
    uint32_t no_context;
    bool is_slipcover;
    struct error *error;
};

/* What ran in one source under one context. */
struct labelled {
    uint32_t context;
    struct line_set lines;
};

/* The contexts of one source. */
struct labels {
    struct labelled *items;
    size_t count;
};

static int out_of_memory(struct reading *reading)
{
    return error_set(reading->error, ERROR_MEMORY, "out of memory");
}

static int wrong(struct reading *reading, const char *path, const char *what)
{
    return error_set(reading->error, ERROR_FORMAT, "damaged: %s of %s", what, path);
}

/*
 * Python writes a byte that is not UTF-8 as a lone surrogate, U+DC80 to U+DCFF, which jansson
 * refuses. It is read as U+10FF80 to U+10FFFF, which no name has, and put back by put_bytes.
 */
static const char stand_in[] = "\\udbff\\udf"; /* and two digits */

static bool is_escaped_byte(const char *text, size_t size)
{
    return size >= 6 && strncasecmp(text, "\\udc", 4) == 0 && isxdigit((unsigned char)text[4]) &&
           isxdigit((unsigned char)text[5]) && text[4] >= '8';
}

/* Is what follows the backslash the first half of a pair? */
static bool is_pair(const char *text, size_t size)
{
    return size >= 12 && strncasecmp(text, "\\ud", 3) == 0 && strchr("89abAB", text[3]);
}

/* The text with the surrogates replaced; caller frees. NULL when memory ran out. */
static char *replace_surrogates(const char *text, size_t size, size_t *new_size)
{
    char *changed = malloc(size * 2 + 1), *at = changed;
    for (size_t i = 0; changed && i < size;) {
        size_t taken = 1;
        if (text[i] == '\\' && is_escaped_byte(text + i, size - i)) {
            memcpy(at, stand_in, sizeof stand_in - 1);
            at += sizeof stand_in - 1;
            memcpy(at, text + i + 4, 2);
            at += 2;
            i += 6;
            continue;
        }
        if (text[i] == '\\')
            taken = is_pair(text + i, size - i) ? 12 : size - i < 2 ? size - i : 2;
        memcpy(at, text + i, taken);
        at += taken;
        i += taken;
    }
    if (changed)
        *new_size = (size_t)(at - changed);
    return changed;
}

/* The bytes that a string stands for; caller frees. NULL when memory ran out. */
static char *put_bytes(const char *text)
{
    char *bytes = strdup(text), *to = bytes;
    for (const char *from = bytes; bytes && *from; to++) {
        /* U+10FF80 is F4 8F BE 80, U+10FFC0 is F4 8F BF 80. */
        if (strncmp(from, "\xf4\x8f\xbe", 3) == 0 || strncmp(from, "\xf4\x8f\xbf", 3) == 0) {
            *to = (char)((from[2] == '\xbf' ? 0xc0 : 0x80) | (from[3] & 0x3f));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    if (bytes)
        *to = '\0';
    return bytes;
}

static bool is_line(const json_t *value)
{
    json_int_t line = json_integer_value(value);
    return json_is_integer(value) && line > 0 && line <= (json_int_t)LINE_SET_MAX_LINE;
}

static int stage_lines(struct reading *reading, uint32_t source, uint32_t context,
                       const struct line_set *lines)
{
    _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words of a set are a bitmap");
    return foreign_stage_lines(reading->stage, source, context, (const unsigned char *)lines->words,
                               lines->word_count * sizeof *lines->words) == 0
               ? 0
               : out_of_memory(reading);
}

static int find_context(struct reading *reading, const char *label, uint32_t *context)
{
    struct foreign_stage *stage = reading->stage;
    uint64_t hash = hash_bytes(label, strlen(label));
    for (size_t at = hash_map_first(&reading->contexts, hash); at != HASH_MAP_END;
         at = hash_map_next(&reading->contexts, hash, at)) {
        *context = hash_map_value(&reading->contexts, at);
        if (strcmp(stage->contexts[*context], label) == 0)
            return 0;
    }
    if (foreign_stage_context(stage, label, strlen(label), context) != 0 ||
        hash_map_add(&reading->contexts, hash, *context) != 0)
        return out_of_memory(reading);
    return 0;
}

static struct labelled *find_label(struct labels *labels, uint32_t context)
{
    for (size_t i = 0; i < labels->count; i++)
        if (labels->items[i].context == context)
            return &labels->items[i];
    struct labelled *larger = reallocarray(labels->items, labels->count + 1, sizeof *labels->items);
    if (!larger)
        return NULL;
    labels->items = larger;
    larger[labels->count] = (struct labelled){ context, LINE_SET_EMPTY };
    return &larger[labels->count++];
}

static void close_labels(struct labels *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        line_set_close(&labels->items[i].lines);
    free(labels->items);
}

static int add_label(struct reading *reading, struct labels *labels, uint32_t line,
                     const json_t *label)
{
    uint32_t context;
    char *text = put_bytes(json_string_value(label));
    if (!text)
        return out_of_memory(reading);
    int result = find_context(reading, text, &context);
    free(text);
    struct labelled *labelled = result == 0 ? find_label(labels, context) : NULL;
    if (result == 0 && (!labelled || line_set_add(&labelled->lines, line) != 0))
        result = out_of_memory(reading);
    return result;
}

/* {"LINE": ["LABEL", ...], ...} */
static int read_contexts(struct reading *reading, const char *path, json_t *object,
                         struct labels *labels)
{
    const char *key;
    json_t *list;
    if (object && !json_is_object(object))
        return wrong(reading, path, "contexts");
    json_object_foreach(object, key, list)
    {
        char *end;
        unsigned long line = strtoul(key, &end, 10);
        if (end == key || *end || line > LINE_SET_MAX_LINE || !json_is_array(list))
            return wrong(reading, path, "contexts");
        if (line == 0)
            continue;
        for (size_t i = 0; i < json_array_size(list); i++) {
            const json_t *label = json_array_get(list, i);
            if (!json_is_string(label))
                return wrong(reading, path, "contexts");
            if (add_label(reading, labels, (uint32_t)line, label) != 0)
                return -1;
        }
    }
    return 0;
}

static int read_lines(struct reading *reading, const char *path, const json_t *list,
                      struct line_set *lines)
{
    if (!json_is_array(list))
        return wrong(reading, path, "executed_lines");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *line = json_array_get(list, i);
        /* Line 0: code that belongs to none, as that of an empty module. */
        if (json_is_integer(line) && json_integer_value(line) == 0)
            continue;
        if (!is_line(line))
            return wrong(reading, path, "executed_lines");
        if (line_set_add(lines, (uint32_t)json_integer_value(line)) != 0)
            return out_of_memory(reading);
    }
    return 0;
}

/* A branch has no context of its own: one that both its ends ran under, or the first of its line's.
 */
static uint32_t context_of(const struct reading *reading, const struct labels *labels,
                           struct arc arc)
{
    uint32_t first = reading->no_context;
    bool found = false;
    for (size_t i = 0; i < labels->count; i++) {
        if (!line_set_has(&labels->items[i].lines, (uint32_t)arc.from))
            continue;
        if (arc.to <= 0 || line_set_has(&labels->items[i].lines, (uint32_t)arc.to))
            return labels->items[i].context;
        if (!found)
            first = labels->items[i].context;
        found = true;
    }
    return first;
}

static int read_branches(struct reading *reading, const char *path, uint32_t source,
                         const json_t *list, const struct labels *labels)
{
    if (list && !json_is_array(list))
        return wrong(reading, path, "executed_branches");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *pair = json_array_get(list, i);
        const json_t *from = json_array_get(pair, 0), *to = json_array_get(pair, 1);
        json_int_t target = json_integer_value(to);
        if (json_array_size(pair) != 2 || !is_line(from) || !json_is_integer(to) ||
            target < (reading->is_slipcover ? 0 : -(json_int_t)LINE_SET_MAX_LINE) ||
            target > (json_int_t)LINE_SET_MAX_LINE)
            return wrong(reading, path, "executed_branches");
        struct arc arc = { (int32_t)json_integer_value(from), (int32_t)target };
        uint32_t context = context_of(reading, labels, arc);
        if (reading->is_slipcover)
            arc.to += SYNTAX_ARC_MARK;
        if (foreign_stage_arc(reading->stage, source, context, arc) != 0)
            return out_of_memory(reading);
    }
    return 0;
}

/* Lines that no context names are of none. */
static int stage_all(struct reading *reading, uint32_t source, struct line_set *lines,
                     const struct labels *labels)
{
    for (size_t i = 0; i < labels->count; i++) {
        if (stage_lines(reading, source, labels->items[i].context, &labels->items[i].lines) != 0)
            return -1;
        line_set_subtract(lines, &labels->items[i].lines);
    }
    return line_set_last(lines) ? stage_lines(reading, source, reading->no_context, lines) : 0;
}

static int read_source(struct reading *reading, const char *path, const json_t *entry)
{
    uint32_t source;
    struct line_set lines = LINE_SET_EMPTY;
    struct labels labels = { 0 };
    if (!*path || strlen(path) >= PATH_MAX)
        return error_set(reading->error, ERROR_FORMAT, "damaged: a file without a name");
    if (foreign_stage_source(reading->stage, path, strlen(path), &source) != 0)
        return out_of_memory(reading);
    int result = read_lines(reading, path, json_object_get(entry, "executed_lines"), &lines);
    if (result == 0)
        result = read_contexts(reading, path, json_object_get(entry, "contexts"), &labels);
    if (result == 0)
        result = read_branches(reading, path, source, json_object_get(entry, "executed_branches"),
                               &labels);
    if (result == 0)
        result = stage_all(reading, source, &lines, &labels);
    line_set_close(&lines);
    close_labels(&labels);
    return result;
}

static int read_report(struct reading *reading, json_t *report)
{
    const json_t *meta = json_object_get(report, "meta");
    json_t *files = json_object_get(report, "files");
    if (!json_is_object(meta) || !json_is_object(files) ||
        !json_is_string(json_object_get(meta, "version")))
        return error_set(reading->error, ERROR_FORMAT,
                         "JSON, but no report of coverage.py or slipcover");
    const char *software = json_string_value(json_object_get(meta, "software"));
    reading->is_slipcover = software && strcmp(software, "slipcover") == 0;
    reading->stage->has_branches = json_is_true(json_object_get(meta, "branch_coverage"));
    if (find_context(reading, "", &reading->no_context) != 0)
        return -1;
    const char *name;
    json_t *entry;
    json_object_foreach(files, name, entry)
    {
        char *path = put_bytes(name);
        int result = path ? read_source(reading, path, entry) : out_of_memory(reading);
        free(path);
        if (result != 0)
            return -1;
    }
    return 0;
}

int read_tool_json(struct foreign_stage *stage, const unsigned char *bytes, size_t size,
                   struct error *error)
{
    struct reading reading = { .stage = stage, .error = error };
    json_error_t problem;
    json_t *report = json_loadb((const char *)bytes, size, 0, &problem);
    if (!report && memmem(bytes, size, "\\ud", 3)) {
        char *changed = replace_surrogates((const char *)bytes, size, &size);
        if (!changed)
            return out_of_memory(&reading);
        report = json_loadb(changed, size, 0, &problem);
        free(changed);
    }
    if (!report)
        return error_set(error, ERROR_FORMAT, "damaged JSON at byte %d: %s", problem.position,
                         problem.text);
    int result = read_report(&reading, report);
    json_decref(report);
    hash_map_close(&reading.contexts);
    return result;
}
