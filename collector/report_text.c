/*
 * The table of `report`, in plain text or Markdown, or the total alone. Widths are counted in
 * characters, not bytes.
 */
#include "report.h"

#include "human_order.h"
#include "number_format.h"
#include "printable.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum sort_column { SORT_NAME, SORT_STMTS, SORT_MISS, SORT_COVER };

struct report_row {
    char *name; /* fit to print */
    size_t statements, missing;
    double percent;
    char shown_percent[NUMBER_TEXT_SIZE];
    char *missing_lines; /* NULL when not shown */
};

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

void report_text_close(struct report_text *text)
{
    for (size_t i = 0; i < text->row_count; i++) {
        free(text->rows[i].name);
        free(text->rows[i].missing_lines);
    }
    free(text->rows);
    text->rows = NULL;
    text->row_count = text->row_room = 0;
}

/* "1-2, 5-11": missing lines, joined over what is not a statement. Caller frees. */
static char *format_missing(const struct line_set *statements, const struct line_set *missing)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    uint32_t first = 0, last = 0;
    const char *separator = "";
    for (uint32_t line = 0;;) {
        line = line_set_next(statements, line);
        if (line && line_set_has(missing, line)) {
            first = first ? first : line;
            last = line;
            continue;
        }
        if (first) {
            fprintf(stream, first == last ? "%s%u" : "%s%u-%u", separator, first, last);
            separator = ", ";
            first = 0;
        }
        if (!line)
            break;
    }
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static int parse_sort(const char *text, enum sort_column *column, bool *reverse)
{
    static const struct {
        const char *name;
        enum sort_column column;
    } columns[] = { { "name", SORT_NAME },
                    { "stmts", SORT_STMTS },
                    { "miss", SORT_MISS },
                    { "cover", SORT_COVER } };
    *column = SORT_NAME;
    *reverse = false;
    if (!text || !*text)
        return 0;
    *reverse = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (strcasecmp(text, columns[i].name) == 0) {
            *column = columns[i].column;
            return 0;
        }
    return -1;
}

static int text_begin(void *state, struct error *error)
{
    const struct report_text *text = state;
    enum sort_column column;
    bool reverse;
    if (parse_sort(text->sort, &column, &reverse) != 0)
        return error_set(error, ERROR_CONFIG, "Invalid sorting option: '%s'", text->sort);
    return 0;
}

static int text_file(void *state, const struct report_file *file, struct error *error)
{
    struct report_text *text = state;
    const struct report_numbers *numbers = &file->numbers;
    if (text->skip_covered && numbers->missing == 0) {
        text->skipped_count++;
        return 0;
    }
    if (text->skip_empty && numbers->statements == 0) {
        text->empty_count++;
        return 0;
    }
    if (text->row_count == text->row_room) {
        size_t room = text->row_room ? text->row_room * 2 : 64;
        struct report_row *larger = realloc(text->rows, room * sizeof *larger);
        if (!larger)
            return out_of_memory(error);
        text->rows = larger;
        text->row_room = room;
    }
    struct report_row *row = &text->rows[text->row_count];
    *row = (struct report_row){ .name = printable_copy(file->name),
                                .statements = numbers->statements,
                                .missing = numbers->missing,
                                .percent = report_percent(numbers) };
    if (text->show_missing)
        row->missing_lines = format_missing(&file->analysis->statements, file->missing);
    text->row_count++;
    if (!row->name || (text->show_missing && !row->missing_lines))
        return out_of_memory(error);
    number_format_percent(row->shown_percent, row->percent, text->precision);
    return 0;
}

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_rows(const void *a, const void *b, void *argument)
{
    const struct report_row *left = a, *right = b;
    switch (*(const enum sort_column *)argument) {
    case SORT_STMTS:
        if (left->statements != right->statements)
            return compare_sizes(left->statements, right->statements);
        break;
    case SORT_MISS:
        if (left->missing != right->missing)
            return compare_sizes(left->missing, right->missing);
        break;
    case SORT_COVER:
        if (left->percent < right->percent || left->percent > right->percent)
            return left->percent < right->percent ? -1 : 1;
        break;
    case SORT_NAME: {
        int order = human_compare(left->name, right->name);
        if (order)
            return order;
        order = compare_sizes(left->statements, right->statements);
        return order ? order : compare_sizes(left->missing, right->missing);
    }
    }
    return strcmp(left->name, right->name);
}

static void sort_rows(struct report_text *text)
{
    enum sort_column column;
    bool reverse;
    parse_sort(text->sort, &column, &reverse);
    if (text->row_count > 1)
        qsort_r(text->rows, text->row_count, sizeof *text->rows, compare_rows, &column);
    for (size_t i = 0; reverse && i < text->row_count / 2; i++) {
        struct report_row other = text->rows[i];
        text->rows[i] = text->rows[text->row_count - 1 - i];
        text->rows[text->row_count - 1 - i] = other;
    }
}

/* Writes `text` to the left, then spaces up to `width` characters. */
static void put_left(FILE *stream, const char *text, size_t width)
{
    fputs(text, stream);
    for (size_t have = printable_count(text); have < width; have++)
        putc(' ', stream);
}

static void put_rule(FILE *stream, size_t width)
{
    for (size_t i = 0; i < width; i++)
        putc('-', stream);
    putc('\n', stream);
}

static size_t greater(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void put_text_table(const struct report_text *text, const struct report_numbers *total,
                           const char *shown_total)
{
    size_t name_width = 5;
    size_t percent_width = greater(strlen(shown_total) + 2, strlen(" Cover")) + 1;
    for (size_t i = 0; i < text->row_count; i++) {
        name_width = greater(name_width, printable_count(text->rows[i].name));
        percent_width = greater(percent_width, strlen(text->rows[i].shown_percent) + 2);
    }
    name_width++;
    size_t width = name_width + 7 + 7 + percent_width + (text->show_missing ? 10 : 0);
    FILE *stream = text->stream;
    put_left(stream, "Name", name_width);
    fprintf(stream, "%7s%7s%*s%s\n", "Stmts", "Miss", (int)percent_width, "Cover",
            text->show_missing ? "   Missing" : "");
    put_rule(stream, width);
    for (size_t i = 0; i < text->row_count; i++) {
        const struct report_row *row = &text->rows[i];
        put_left(stream, row->name, name_width);
        fprintf(stream, "%7zu%7zu%*s%%", row->statements, row->missing, (int)percent_width - 1,
                row->shown_percent);
        if (row->missing_lines && *row->missing_lines)
            fprintf(stream, "   %s", row->missing_lines);
        putc('\n', stream);
    }
    if (text->row_count)
        put_rule(stream, width);
    put_left(stream, "TOTAL", name_width);
    fprintf(stream, "%7zu%7zu%*s%%\n", total->statements, total->missing, (int)percent_width - 1,
            shown_total);
}

/* `text` with a backslash before what Markdown gives a meaning to. Caller frees. */
static char *escape_markdown(const char *text)
{
    char *escaped = malloc(2 * strlen(text) + 1);
    char *to = escaped;
    for (; escaped && *text; text++) {
        if (ispunct((unsigned char)*text) && (unsigned char)*text < 0x80 && !strchr(".,/-", *text))
            *to++ = '\\';
        *to++ = *text;
    }
    if (escaped)
        *to = '\0';
    return escaped;
}

static void put_markdown_rule(FILE *stream, size_t width, bool is_name)
{
    /* As wide as the header's item, and a space before each but the first. */
    const char *end = is_name ? "- |" : "-: |";
    for (size_t i = strlen(end); i + 1 < width; i++)
        putc('-', stream);
    fputs(end, stream);
}

static int put_markdown_table(const struct report_text *text, const struct report_numbers *total,
                              const char *shown_total, struct error *error)
{
    char **names = calloc(text->row_count + 1, sizeof *names);
    int result = names ? 0 : out_of_memory(error);
    size_t name_width = strlen("**TOTAL**");
    for (size_t i = 0; result == 0 && i < text->row_count; i++) {
        names[i] = escape_markdown(text->rows[i].name);
        if (names[i])
            name_width = greater(name_width, printable_count(names[i]));
        else
            result = out_of_memory(error);
    }
    name_width++;
    int percent_width = (int)greater(strlen(shown_total) + 6, strlen(" Cover "));
    FILE *stream = text->stream;
    if (result == 0) {
        fputs("| ", stream);
        put_left(stream, "Name", name_width);
        fprintf(stream, "|%9s |%9s |%*s |", "Stmts", "Miss", percent_width, "Cover");
        if (text->show_missing)
            fprintf(stream, "%10s |", "Missing");
        fputs("\n|", stream);
        put_markdown_rule(stream, name_width + 3, true);
        putc(' ', stream);
        put_markdown_rule(stream, 11, false);
        putc(' ', stream);
        put_markdown_rule(stream, 11, false);
        putc(' ', stream);
        put_markdown_rule(stream, (size_t)percent_width + 2, false);
        if (text->show_missing) {
            putc(' ', stream);
            put_markdown_rule(stream, 12, false);
        }
        putc('\n', stream);
    }
    for (size_t i = 0; result == 0 && i < text->row_count; i++) {
        const struct report_row *row = &text->rows[i];
        fputs("| ", stream);
        put_left(stream, names[i], name_width);
        fprintf(stream, "|%9zu |%9zu |%*s%% |", row->statements, row->missing, percent_width - 1,
                row->shown_percent);
        char *lines = row->missing_lines ? escape_markdown(row->missing_lines) : NULL;
        if (lines)
            fprintf(stream, "%10s |", lines);
        else if (row->missing_lines)
            result = out_of_memory(error);
        free(lines);
        putc('\n', stream);
    }
    if (result == 0) {
        char number[NUMBER_TEXT_SIZE + 16];
        putc('|', stream);
        put_left(stream, " **TOTAL**", name_width);
        snprintf(number, sizeof number, " **%zu**", total->statements);
        fprintf(stream, " |%9s |", number);
        snprintf(number, sizeof number, " **%zu**", total->missing);
        fprintf(stream, "%9s |", number);
        snprintf(number, sizeof number, " **%s%%**", shown_total);
        fprintf(stream, "%*s |", percent_width, number);
        if (text->show_missing)
            fprintf(stream, "%10s |", "");
        putc('\n', stream);
    }
    for (size_t i = 0; names && i < text->row_count; i++)
        free(names[i]);
    free(names);
    return result;
}

static void put_origin(const struct report_text *text)
{
    if (text->origin.runs < 2)
        return;
    fprintf(text->stream, "\nCombined from %zu runs", text->origin.runs);
    time_t seconds = (time_t)(text->origin.since / 1000000000u);
    struct tm local;
    char shown[64];
    if (text->origin.since && localtime_r(&seconds, &local) &&
        strftime(shown, sizeof shown, "%Y-%m-%d %H:%M:%S", &local))
        fprintf(text->stream, " since %s", shown);
    fputs(".\n", text->stream);
}

static void put_losses(const struct report_text *text)
{
    const struct report_origin *origin = &text->origin;
    if (origin->lost == 0)
        return;
    if (origin->lost <= origin->interpreters)
        fprintf(text->stream, "\nIncomplete: %zu of %zu interpreter%s lost data", origin->lost,
                origin->interpreters, origin->interpreters == 1 ? "" : "s");
    else
        fprintf(text->stream, "\nIncomplete: data was lost %zu time%s", origin->lost,
                origin->lost == 1 ? "" : "s");
    fprintf(text->stream, "%s%s.\n", origin->losses ? ": " : "",
            origin->losses ? origin->losses : "");
}

static int text_end(void *state, const struct report_numbers *total, struct error *error)
{
    struct report_text *text = state;
    if (total->files == 0 && text->skipped_count == 0)
        return error_set(error, ERROR_NO_DATA, "no data to report");
    char shown_total[NUMBER_TEXT_SIZE];
    number_format_percent(shown_total, report_percent(total), text->precision);
    if (text->style == REPORT_TOTAL) {
        fprintf(text->stream, "%s\n", shown_total);
        return 0;
    }
    sort_rows(text);
    if (text->style == REPORT_TEXT)
        put_text_table(text, total, shown_total);
    else if (put_markdown_table(text, total, shown_total, error) != 0)
        return -1;
    if (text->skipped_count)
        fprintf(text->stream, "\n%zu file%s skipped due to complete coverage.\n",
                text->skipped_count, text->skipped_count == 1 ? "" : "s");
    if (text->empty_count)
        fprintf(text->stream, "\n%zu empty file%s skipped.\n", text->empty_count,
                text->empty_count == 1 ? "" : "s");
    put_origin(text);
    put_losses(text);
    return 0;
}

const struct report_format report_text_format = { text_begin, text_file, text_end };
