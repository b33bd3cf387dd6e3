/*
 * LCOV's tracefile: a record a file, one field a line. The order is that of the names shown, so
 * records are kept until the end.
 */
#include "collector/report/report.h"

#include "collector/base/checksum.h"
#include "collector/base/hash_map.h"
#include "collector/base/printable.h"
#include "collector/source/source_text.h"

#include <stdlib.h>
#include <string.h>

struct lcov_record {
    char *name; /* as in struct report_file */
    char *text;
};

struct lcov_function {
    uint32_t first, last;
    const struct region *region;
};

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

void report_lcov_close(struct report_lcov *lcov)
{
    for (size_t i = 0; i < lcov->record_count; i++) {
        free(lcov->records[i].name);
        free(lcov->records[i].text);
    }
    free(lcov->records);
    lcov->records = NULL;
    lcov->record_count = lcov->record_room = 0;
}

static int lcov_begin(void *state, struct error *error)
{
    (void)state;
    (void)error;
    return 0;
}

/* The sum of a line as the format has it: base64 without padding. */
static void put_checksum(FILE *stream, const struct source_line *line)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t sum[CHECKSUM_MD5_SIZE + 2] = { 0 };
    checksum_md5(line->bytes, line->length, sum);
    putc_unlocked(',', stream);
    for (size_t bit = 0; bit < CHECKSUM_MD5_SIZE * 8; bit += 6) {
        unsigned pair = (unsigned)sum[bit / 8] << 8 | sum[bit / 8 + 1];
        putc_unlocked(digits[pair >> (10 - bit % 8) & 63], stream);
    }
}

static void put_line(FILE *stream, const struct report_file *file, uint32_t number)
{
    fprintf(stream, "DA:%u,%d", number, !line_set_has(file->missing, number));
}

/* 0 or -1 with an error. */
static int put_lines(const struct report_lcov *lcov, FILE *stream, const struct report_file *file,
                     struct error *error)
{
    const struct line_set *statements = &file->analysis->statements;
    struct source_text text = { 0 };
    struct source_line line = { "", 0, 0 };
    size_t at = 0;
    uint32_t passed = 0;
    if (lcov->line_checksums &&
        source_text_decode(&text, file->path, file->bytes, file->size, error) != 0)
        return -1;
    for (uint32_t number = 0; (number = line_set_next(statements, number)) != 0;) {
        put_line(stream, file, number);
        if (lcov->line_checksums) {
            while (passed < number && source_text_next_line(&text, &at, &line))
                passed++;
            put_checksum(stream, &line);
        }
        putc_unlocked('\n', stream);
    }
    source_text_close(&text);
    if (file->numbers.statements)
        fprintf(stream, "LF:%zu\nLH:%zu\n", file->numbers.statements,
                file->numbers.statements - file->numbers.missing);
    return 0;
}

static int compare_functions(const void *a, const void *b)
{
    const struct lcov_function *left = a, *right = b;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return (left->last > right->last) - (left->last < right->last);
}

static bool have_common(const struct line_set *a, const struct line_set *b)
{
    size_t words = a->word_count < b->word_count ? a->word_count : b->word_count;
    for (size_t i = 0; i < words; i++)
        if (a->words[i] & b->words[i])
            return true;
    return false;
}

/* Is it new among those that were? 1, 0, or -1 (memory). Names are in `names`. */
static int take_name(struct hash_map *map, char **names, size_t *count, char *name)
{
    uint64_t hash = hash_bytes(name, strlen(name));
    for (size_t at = hash_map_first(map, hash); at != HASH_MAP_END;
         at = hash_map_next(map, hash, at))
        if (strcmp(names[hash_map_value(map, at)], name) == 0)
            return 0;
    if (hash_map_add(map, hash, (uint32_t)*count) != 0)
        return -1;
    names[(*count)++] = name;
    return 1;
}

static int put_function(FILE *stream, const struct report_file *file,
                        const struct lcov_function *function, struct hash_map *map, char **names,
                        size_t *name_count, bool *hit)
{
    char *name = printable_copy(function->region->name);
    int is_new = name ? take_name(map, names, name_count, name) : -1;
    char suffix[16] = "";
    if (is_new == 0)
        snprintf(suffix, sizeof suffix, "@%u", function->first);
    *hit = have_common(file->executed, &function->region->lines);
    if (is_new >= 0)
        fprintf(stream, "FN:%u,%u,%s%s\nFNDA:%d,%s%s\n", function->first, function->last, name,
                suffix, *hit, name, suffix);
    if (is_new != 1)
        free(name);
    return is_new < 0 ? -1 : 0;
}

/* 0 or -1 (memory). */
static int put_functions(FILE *stream, const struct report_file *file)
{
    const struct analysis *analysis = file->analysis;
    struct lcov_function *functions = calloc(analysis->region_count + 1, sizeof *functions);
    char **names = calloc(analysis->region_count + 1, sizeof *names);
    struct hash_map map = { 0 };
    size_t count = 0, name_count = 0, found = 0, hits = 0;
    int result = functions && names ? 0 : -1;
    for (size_t i = 0; result == 0 && i < analysis->region_count; i++) {
        const struct region *region = &analysis->regions[i];
        uint32_t first = line_set_next(&region->lines, 0), last = line_set_last(&region->lines);
        if (region->kind == REGION_FUNCTION && first)
            functions[count++] =
                (struct lcov_function){ region->start < first ? region->start : first,
                                        region->start > last ? region->start : last, region };
    }
    if (count)
        qsort(functions, count, sizeof *functions, compare_functions);
    for (size_t i = 0; result == 0 && i < count; i++) {
        bool hit;
        if (!have_common(&analysis->statements, &functions[i].region->lines))
            continue;
        result = put_function(stream, file, &functions[i], &map, names, &name_count, &hit);
        found++;
        hits += hit;
    }
    if (count)
        fprintf(stream, "FNF:%zu\nFNH:%zu\n", found, hits);
    for (size_t i = 0; i < name_count; i++)
        free(names[i]);
    free(names);
    free(functions);
    hash_map_close(&map);
    return result;
}

/* A way on from a branch line. */
struct way {
    struct arc arc;
    const char *hits;
};

/* Exits come last, as what is there when a condition is false. */
static int compare_ways(const void *a, const void *b)
{
    const struct arc *left = &((const struct way *)a)->arc, *right = &((const struct way *)b)->arc;
    if ((left->to < 0) != (right->to < 0))
        return left->to < 0 ? 1 : -1;
    return (left->to > right->to) - (left->to < right->to);
}

static int put_way(FILE *stream, const struct report_file *file, const struct way *way)
{
    char *text = branches_describe_arc(file->analysis, way->arc);
    char *shown = text ? printable_copy(text) : NULL;
    free(text);
    if (!shown)
        return -1;
    fprintf(stream, "BRDA:%d,0,%s,%s\n", way->arc.from, shown, way->hits);
    free(shown);
    return 0;
}

static int put_branch_line(FILE *stream, const struct report_file *file,
                           const struct branch_line *line)
{
    size_t ran, missing;
    const struct arc *executed =
        arc_set_leaving(&file->branches->executed, (int32_t)line->line, &ran);
    const struct arc *not_executed =
        arc_set_leaving(&file->branches->missing, (int32_t)line->line, &missing);
    if (line->taken == 0)
        ran = 0;
    struct way *ways = calloc(ran + missing + 1, sizeof *ways);
    int result = ways ? 0 : -1;
    for (size_t i = 0; ways && i < ran; i++)
        ways[i] = (struct way){ executed[i], "1" };
    for (size_t i = 0; ways && i < missing; i++)
        ways[ran + i] = (struct way){ not_executed[i], line->taken ? "0" : "-" };
    if (ways)
        qsort(ways, ran + missing, sizeof *ways, compare_ways);
    for (size_t i = 0; result == 0 && i < ran + missing; i++)
        result = put_way(stream, file, &ways[i]);
    free(ways);
    return result;
}

/* 0 or -1 (memory). */
static int put_branches(FILE *stream, const struct report_file *file)
{
    const struct branches *branches = file->branches;
    for (size_t i = 0; branches && i < branches->line_count; i++)
        if (line_set_has(&file->analysis->statements, branches->lines[i].line) &&
            put_branch_line(stream, file, &branches->lines[i]) != 0)
            return -1;
    if (branches && branches->total)
        fprintf(stream, "BRF:%zu\nBRH:%zu\n", branches->total, branches->covered);
    return 0;
}

/* 0 or -1 with an error. */
static int put_record(const struct report_lcov *lcov, FILE *stream, const struct report_file *file,
                      struct error *error)
{
    char *name = printable_copy(file->name);
    if (!name)
        return out_of_memory(error);
    fprintf(stream, "SF:%s\n", name);
    free(name);
    if (put_lines(lcov, stream, file, error) != 0)
        return -1;
    if (put_functions(stream, file) != 0 || put_branches(stream, file) != 0)
        return out_of_memory(error);
    fputs("end_of_record\n", stream);
    return 0;
}

static int lcov_file(void *state, const struct report_file *file, struct error *error)
{
    struct report_lcov *lcov = state;
    if (lcov->skip_empty && file->numbers.statements == 0)
        return 0;
    if (lcov->record_count == lcov->record_room) {
        size_t room = lcov->record_room ? lcov->record_room * 2 : 64;
        struct lcov_record *larger = realloc(lcov->records, room * sizeof *larger);
        if (!larger)
            return out_of_memory(error);
        lcov->records = larger;
        lcov->record_room = room;
    }
    struct lcov_record *record = &lcov->records[lcov->record_count++];
    *record = (struct lcov_record){ .name = strdup(file->name) };
    size_t size;
    FILE *stream = record->name ? open_memstream(&record->text, &size) : NULL;
    if (!stream)
        return out_of_memory(error);
    int result = put_record(lcov, stream, file, error);
    bool failed = ferror(stream) != 0;
    if (fclose(stream) != 0)
        failed = true;
    return result == 0 && failed ? out_of_memory(error) : result;
}

static int compare_records(const void *a, const void *b)
{
    const struct lcov_record *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static int lcov_end(void *state, const struct report_numbers *total, struct error *error)
{
    (void)total;
    (void)error;
    struct report_lcov *lcov = state;
    if (lcov->record_count)
        qsort(lcov->records, lcov->record_count, sizeof *lcov->records, compare_records);
    for (size_t i = 0; i < lcov->record_count; i++)
        fputs(lcov->records[i].text, lcov->stream);
    return 0;
}

static bool lcov_needs_bytes(const void *state)
{
    const struct report_lcov *lcov = state;
    return lcov->line_checksums;
}

const struct report_format report_lcov_format = { lcov_begin, lcov_file, lcov_end,
                                                  lcov_needs_bytes };
