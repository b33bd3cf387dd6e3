/*
 * coverage.py's JSON report, format 3, written as Python's json.dump writes it, so that what
 * compares or reads those files finds the same text. The stream is this thread's alone: locking it
 * for every character took a third of the time.
 */
#include "collector/report/report.h"

#include "collector/base/hash_map.h"
#include "collector/base/number_format.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FORMAT_NUMBER 3

static void put_break(struct report_json *json)
{
    if (!json->pretty_print)
        return;
    putc_unlocked('\n', json->stream);
    for (int i = 0; i < json->depth * 4; i++)
        putc_unlocked(' ', json->stream);
}

static void put_separator(struct report_json *json)
{
    if (!json->is_first) {
        putc_unlocked(',', json->stream);
        if (!json->pretty_print)
            putc_unlocked(' ', json->stream);
    }
    json->is_first = false;
    put_break(json);
}

static void open_container(struct report_json *json, char bracket)
{
    putc_unlocked(bracket, json->stream);
    json->depth++;
    json->is_first = true;
}

static void close_container(struct report_json *json, char bracket)
{
    json->depth--;
    if (!json->is_first)
        put_break(json);
    json->is_first = false;
    putc_unlocked(bracket, json->stream);
}

/* The code point of the UTF-8 sequence at `text` and its length; a byte that begins none is what
 * Python makes of it: a lone surrogate. */
static uint32_t decode_character(const unsigned char *text, size_t *length)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char lead = text[0];
    size_t count = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    *length = 1;
    if (count == 1)
        return lead;
    uint32_t value = count ? lead & (0x7fu >> count) : 0;
    for (size_t i = 1; i < count; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0xdc00u + lead;
        value = value << 6 | (text[i] & 0x3f);
    }
    if (count == 0 || lead > 0xf4 || value < least[count] || value > 0x10ffff ||
        (value >= 0xd800 && value < 0xe000))
        return 0xdc00u + lead;
    *length = count;
    return value;
}

static void put_text(struct report_json *json, const char *text)
{
    FILE *stream = json->stream;
    putc_unlocked('"', stream);
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        size_t plain = 0;
        while (at[plain] >= 0x20 && at[plain] < 0x7f && at[plain] != '"' && at[plain] != '\\')
            plain++;
        if (plain) {
            fwrite_unlocked(at, 1, plain, stream);
            at += plain;
            continue;
        }
        size_t length;
        uint32_t character = decode_character(at, &length);
        at += length;
        if (character == '"' || character == '\\')
            fprintf(stream, "\\%c", (int)character);
        else if (character == '\n')
            fputs_unlocked("\\n", stream);
        else if (character == '\r')
            fputs_unlocked("\\r", stream);
        else if (character == '\t')
            fputs_unlocked("\\t", stream);
        else if (character == '\b')
            fputs_unlocked("\\b", stream);
        else if (character == '\f')
            fputs_unlocked("\\f", stream);
        else if (character < 0x10000)
            fprintf(stream, "\\u%04x", character);
        else
            fprintf(stream, "\\u%04x\\u%04x", 0xd800 + ((character - 0x10000) >> 10),
                    0xdc00 + ((character - 0x10000) & 0x3ff));
    }
    putc_unlocked('"', stream);
}

static void put_number(FILE *stream, size_t value)
{
    char digits[NUMBER_COUNT_SIZE];
    fwrite_unlocked(digits, 1, number_format_count(digits, value), stream);
}

static void put_key(struct report_json *json, const char *key)
{
    put_separator(json);
    put_text(json, key);
    putc_unlocked(':', json->stream);
    putc_unlocked(' ', json->stream);
}

static void put_count(struct report_json *json, const char *key, size_t value)
{
    put_key(json, key);
    put_number(json->stream, value);
}

static void put_float(struct report_json *json, const char *key, double value)
{
    char text[NUMBER_TEXT_SIZE];
    number_format_repr(text, value);
    put_key(json, key);
    fputs_unlocked(text, json->stream);
}

static void put_string(struct report_json *json, const char *key, const char *value)
{
    put_key(json, key);
    put_text(json, value);
}

/* The lines that are in `lines` and, unless it is NULL, in `within`. */
static void put_lines(struct report_json *json, const char *key, const struct line_set *lines,
                      const struct line_set *within)
{
    put_key(json, key);
    open_container(json, '[');
    size_t count = lines->word_count;
    if (within && within->word_count < count)
        count = within->word_count;
    for (size_t i = 0; i < count; i++) {
        uint64_t word = lines->words[i] & (within ? within->words[i] : UINT64_MAX);
        for (; word; word &= word - 1) {
            put_separator(json);
            put_number(json->stream, (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(word));
        }
    }
    close_container(json, ']');
}

static size_t count_common(const struct line_set *a, const struct line_set *b)
{
    size_t words = a->word_count < b->word_count ? a->word_count : b->word_count;
    size_t count = 0;
    for (size_t i = 0; i < words; i++)
        count += (size_t)__builtin_popcountll(a->words[i] & b->words[i]);
    return count;
}

static void put_percent(struct report_json *json, const char *key, const char *shown_key,
                        double percent)
{
    char shown[NUMBER_TEXT_SIZE];
    number_format_percent(shown, percent, json->precision);
    put_float(json, key, percent);
    put_string(json, shown_key, shown);
}

static void put_summary(struct report_json *json, const char *key,
                        const struct report_numbers *numbers)
{
    size_t covered = numbers->statements - numbers->missing;
    put_key(json, key);
    open_container(json, '{');
    put_count(json, "covered_lines", covered);
    put_count(json, "num_statements", numbers->statements);
    put_percent(json, "percent_covered", "percent_covered_display", report_percent(numbers));
    put_count(json, "missing_lines", numbers->missing);
    put_count(json, "excluded_lines", numbers->excluded);
    put_percent(json, "percent_statements_covered", "percent_statements_covered_display",
                number_percent(covered, numbers->statements));
    if (json->origin.has_branches) {
        covered = numbers->branches - numbers->missing_branches;
        put_count(json, "num_branches", numbers->branches);
        put_count(json, "num_partial_branches", numbers->partial_branches);
        put_count(json, "covered_branches", covered);
        put_count(json, "missing_branches", numbers->missing_branches);
        put_percent(json, "percent_branches_covered", "percent_branches_covered_display",
                    number_percent(covered, numbers->branches));
    }
    close_container(json, '}');
}

/* Which branch lines are a region's: `owners[i]` is the region of branches->lines[i]. */
struct branch_owners {
    const struct line_set **owners; /* NULL: every branch line is wanted */
    const struct line_set *wanted;
};

static bool is_owned(const struct branch_owners *owners, size_t branch)
{
    const struct line_set *owner = owners->owners ? owners->owners[branch] : NULL;
    return !owners->owners || owner == owners->wanted ||
           (owner && owners->wanted && line_set_equal(owner, owners->wanted));
}

/* The arcs, all from branch lines, that leave lines of the region. */
static void put_arcs(struct report_json *json, const char *key, const struct branches *branches,
                     const struct arc_set *arcs, const struct branch_owners *owners)
{
    put_key(json, key);
    open_container(json, '[');
    for (size_t i = 0; i < branches->line_count; i++) {
        size_t count;
        const struct arc *leaving = arc_set_leaving(arcs, (int32_t)branches->lines[i].line, &count);
        for (size_t j = 0; is_owned(owners, i) && j < count; j++) {
            put_separator(json);
            open_container(json, '[');
            put_separator(json);
            fprintf(json->stream, "%d", leaving[j].from);
            put_separator(json);
            fprintf(json->stream, "%d", leaving[j].to);
            close_container(json, ']');
        }
    }
    close_container(json, ']');
}

static void put_branches(struct report_json *json, const struct report_file *file,
                         const struct branch_owners *owners)
{
    if (!file->branches)
        return;
    put_arcs(json, "executed_branches", file->branches, &file->branches->executed, owners);
    put_arcs(json, "missing_branches", file->branches, &file->branches->missing, owners);
}

static void count_branches(struct report_numbers *numbers, const struct report_file *file,
                           const struct branch_owners *owners)
{
    const struct branches *branches = file->branches;
    for (size_t i = 0; branches && i < branches->line_count; i++) {
        const struct branch_line *branch = &branches->lines[i];
        if (!is_owned(owners, i))
            continue;
        numbers->branches += branch->exits;
        numbers->missing_branches += branch->exits - branch->taken;
        if (!line_set_has(file->missing, branch->line))
            numbers->partial_branches += branch->exits - branch->taken;
    }
}

/* Under which contexts each line ran, of `wanted` or, if that is NULL, of all: an object from line
 * to labels. */
static int put_contexts(struct report_json *json, const struct report_file *file,
                        const struct line_set *wanted)
{
    const struct source_file *source = file->source;
    if (!json->show_contexts)
        return 0;
    struct line_set lines = LINE_SET_EMPTY;
    int result = 0;
    for (size_t i = 0; result == 0 && i < source->context_count; i++)
        result = line_set_unite(&lines, &source->contexts[i].lines);
    put_key(json, "contexts");
    open_container(json, '{');
    for (uint32_t line = 0; (line = line_set_next(&lines, line)) != 0;) {
        if (wanted && !line_set_has(wanted, line))
            continue;
        char key[12];
        snprintf(key, sizeof key, "%u", line);
        put_key(json, key);
        open_container(json, '[');
        for (size_t i = 0; i < source->context_count; i++)
            if (line_set_has(&source->contexts[i].lines, line)) {
                put_separator(json);
                put_text(json, json->origin.contexts[source->contexts[i].context]);
            }
        close_container(json, ']');
    }
    close_container(json, '}');
    line_set_close(&lines);
    return result;
}

static int put_region(struct report_json *json, const char *key, const struct report_file *file,
                      const struct line_set *lines, const struct branch_owners *owners,
                      uint32_t start)
{
    const struct analysis *analysis = file->analysis;
    struct report_numbers numbers = {
        .statements = count_common(&analysis->statements, lines),
        .excluded = count_common(&analysis->excluded, lines),
        .missing = count_common(file->missing, lines),
    };
    count_branches(&numbers, file, owners);
    put_key(json, key);
    open_container(json, '{');
    put_lines(json, "executed_lines", file->executed, lines);
    put_summary(json, "summary", &numbers);
    put_lines(json, "missing_lines", file->missing, lines);
    put_lines(json, "excluded_lines", &analysis->excluded, lines);
    put_count(json, "start_line", start);
    int result = put_contexts(json, file, lines);
    put_branches(json, file, owners);
    close_container(json, '}');
    return result;
}

/* A region in the order of the report. */
struct ordered_region {
    const struct region *region;
    size_t order; /* of discovery */
    bool has_statements;
};

/* An entry of "functions" or "classes". */
struct region_entry {
    const struct region *region;
    char *name;
};

static int compare_regions(const void *a, const void *b)
{
    const struct ordered_region *left = a, *right = b;
    if (left->region->start != right->region->start)
        return left->region->start < right->region->start ? -1 : 1;
    return (left->order > right->order) - (left->order < right->order);
}

static uint64_t hash_text(const char *text)
{
    return hash_bytes(text, strlen(text));
}

/* Is there a region with statements that is called `name`? */
static bool has_statements_as(const struct hash_map *map, const struct ordered_region *regions,
                              const char *name)
{
    uint64_t hash = hash_text(name);
    size_t at = hash_map_first(map, hash);
    while (at != HASH_MAP_END && strcmp(regions[hash_map_value(map, at)].region->name, name) != 0)
        at = hash_map_next(map, hash, at);
    return at != HASH_MAP_END;
}

static struct region_entry *find_entry(const struct hash_map *map, struct region_entry *entries,
                                       const char *name)
{
    uint64_t hash = hash_text(name);
    for (size_t at = hash_map_first(map, hash); at != HASH_MAP_END;
         at = hash_map_next(map, hash, at)) {
        struct region_entry *entry = &entries[hash_map_value(map, at)];
        if (strcmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

/* Names the regions: the first of a name that has statements keeps it, the others get their line.
 * A later one whose name is taken even then takes the place of the earlier. 0 or -1 (memory). */
static int name_regions(const struct ordered_region *regions, size_t count,
                        struct region_entry *entries, size_t *entry_count)
{
    struct hash_map with_statements = { 0 }, used = { 0 };
    int result = 0;
    for (size_t i = 0; result == 0 && i < count; i++)
        if (regions[i].has_statements)
            result =
                hash_map_add(&with_statements, hash_text(regions[i].region->name), (uint32_t)i);
    for (size_t i = 0; result == 0 && i < count; i++) {
        const struct region *region = regions[i].region;
        bool numbered = find_entry(&used, entries, region->name) ||
                        (!regions[i].has_statements &&
                         has_statements_as(&with_statements, regions, region->name));
        char *name;
        if (numbered ? asprintf(&name, "%s@%u", region->name, region->start) < 0
                     : !(name = strdup(region->name))) {
            result = -1;
            break;
        }
        struct region_entry *replaced = find_entry(&used, entries, name);
        if (replaced) {
            replaced->region = region;
            free(name);
            continue;
        }
        entries[*entry_count] = (struct region_entry){ region, name };
        result = hash_map_add(&used, hash_text(name), (uint32_t)(*entry_count)++);
    }
    hash_map_close(&with_statements);
    hash_map_close(&used);
    return result;
}

/* The lines of the file that are in none of the regions. 0 or -1 (memory). */
static int find_outside(struct line_set *outside, const struct analysis *analysis,
                        const struct ordered_region *regions, size_t count)
{
    if (analysis->line_count && line_set_add_range(outside, 1, analysis->line_count) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        line_set_subtract(outside, &regions[i].region->lines);
    return 0;
}

/* The last region that has a line owns its branches; NULL: none has it. */
static void find_owners(const struct line_set **owners, const struct report_file *file,
                        enum region_kind kind)
{
    const struct analysis *analysis = file->analysis;
    for (size_t i = 0; file->branches && i < analysis->region_count; i++)
        for (size_t j = 0; analysis->regions[i].kind == kind && j < file->branches->line_count; j++)
            if (line_set_has(&analysis->regions[i].lines, file->branches->lines[j].line))
                owners[j] = &analysis->regions[i].lines;
}

static int put_regions(struct report_json *json, const char *key, enum region_kind kind,
                       const struct report_file *file)
{
    const struct analysis *analysis = file->analysis;
    struct ordered_region *regions = calloc(analysis->region_count + 1, sizeof *regions);
    struct region_entry *entries = calloc(analysis->region_count + 1, sizeof *entries);
    size_t branch_count = file->branches ? file->branches->line_count : 0;
    struct branch_owners owners = { calloc(branch_count + 1, sizeof *owners.owners), NULL };
    struct line_set outside = LINE_SET_EMPTY;
    size_t count = 0, entry_count = 0;
    for (size_t i = 0; regions && i < analysis->region_count; i++) {
        const struct region *region = &analysis->regions[i];
        if (region->kind == kind)
            regions[count++] =
                (struct ordered_region){ region, i,
                                         count_common(&analysis->statements, &region->lines) > 0 };
    }
    int result = -1;
    if (regions && entries && owners.owners) {
        find_owners(owners.owners, file, kind);
        qsort(regions, count, sizeof *regions, compare_regions);
        result = find_outside(&outside, analysis, regions, count);
    }
    if (result == 0)
        result = name_regions(regions, count, entries, &entry_count);
    if (result == 0) {
        put_key(json, key);
        open_container(json, '{');
        for (size_t i = 0; result == 0 && i < entry_count; i++) {
            const struct region *region = entries[i].region;
            owners.wanted = &region->lines;
            result =
                put_region(json, entries[i].name, file, &region->lines, &owners, region->start);
        }
        uint32_t start = line_set_next(&outside, 0);
        owners.wanted = NULL;
        if (result == 0)
            result = put_region(json, "", file, &outside, &owners, start ? start : 1);
        close_container(json, '}');
    }
    for (size_t i = 0; i < entry_count; i++)
        free(entries[i].name);
    free(entries);
    free(regions);
    free(owners.owners);
    line_set_close(&outside);
    return result;
}

static void put_timestamp(struct report_json *json)
{
    struct timespec now;
    struct tm local;
    char date[64] = "", text[96] = "";
    if (clock_gettime(CLOCK_REALTIME, &now) == 0 && localtime_r(&now.tv_sec, &local) &&
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &local))
        snprintf(text, sizeof text, "%s.%06ld", date, now.tv_nsec / 1000);
    put_string(json, "timestamp", text);
}

static void put_origin(struct report_json *json)
{
    const struct report_origin *origin = &json->origin;
    put_key(json, "covfork");
    open_container(json, '{');
    put_count(json, "runs", origin->runs);
    time_t seconds = (time_t)(origin->since / 1000000000u);
    struct tm local;
    char since[64];
    if (origin->since && localtime_r(&seconds, &local) &&
        strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%S", &local))
        put_string(json, "since", since);
    put_count(json, "processes", origin->processes);
    put_count(json, "interpreters", origin->interpreters);
    put_count(json, "with_data", origin->with_data);
    put_count(json, "lost", origin->lost);
    if (origin->early)
        put_count(json, "ended_early", origin->early);
    if (origin->losses)
        put_string(json, "losses", origin->losses);
    if (origin->refusal)
        put_string(json, "refused", origin->refusal);
    close_container(json, '}');
}

static int json_begin(void *state, struct error *error)
{
    (void)error;
    struct report_json *json = state;
    open_container(json, '{');
    put_key(json, "meta");
    open_container(json, '{');
    put_count(json, "format", FORMAT_NUMBER);
    put_string(json, "version", COVFORK_VERSION);
    put_timestamp(json);
    put_key(json, "branch_coverage");
    fputs_unlocked(json->origin.has_branches ? "true" : "false", json->stream);
    put_key(json, "show_contexts");
    fputs_unlocked(json->show_contexts ? "true" : "false", json->stream);
    put_origin(json);
    close_container(json, '}');
    put_key(json, "files");
    open_container(json, '{');
    return 0;
}

static int json_file(void *state, const struct report_file *file, struct error *error)
{
    struct report_json *json = state;
    put_key(json, file->name);
    open_container(json, '{');
    put_lines(json, "executed_lines", file->executed, NULL);
    put_summary(json, "summary", &file->numbers);
    put_lines(json, "missing_lines", file->missing, NULL);
    put_lines(json, "excluded_lines", &file->analysis->excluded, NULL);
    if (put_contexts(json, file, NULL) != 0)
        return error_set(error, ERROR_MEMORY, "out of memory");
    put_branches(json, file, &(struct branch_owners){ 0 });
    if ((!file->analysis->lacks_functions &&
         put_regions(json, "functions", REGION_FUNCTION, file) != 0) ||
        (!file->analysis->lacks_classes && put_regions(json, "classes", REGION_CLASS, file) != 0))
        return error_set(error, ERROR_MEMORY, "out of memory");
    close_container(json, '}');
    return 0;
}

static int json_end(void *state, const struct report_numbers *total, struct error *error)
{
    (void)error;
    struct report_json *json = state;
    close_container(json, '}');
    put_summary(json, "totals", total);
    close_container(json, '}');
    return 0;
}

const struct report_format report_json_format = { json_begin, json_file, json_end, NULL };
