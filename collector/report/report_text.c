/*
 * The table of `report`, in plain text or Markdown, or the total alone. Widths are counted in
 * characters, not bytes.
 */
#include "collector/report/report.h"

#include "collector/base/human_order.h"
#include "collector/base/number_format.h"
#include "collector/base/printable.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum sort_column { SORT_NAME, SORT_STMTS, SORT_MISS, SORT_BRANCH, SORT_BRPART, SORT_COVER };

struct report_row {
    char *name; /* fit to print */
    struct report_numbers numbers;
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

/* What is shown of missing lines: a range of them, or a way on that was not taken. */
struct missing_item {
    uint32_t line;
    char text[32];
};

static int compare_items(const void *a, const void *b)
{
    const struct missing_item *left = a, *right = b;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return strcmp(left->text, right->text);
}

static void put_range(struct missing_item *item, uint32_t first, uint32_t last)
{
    item->line = first;
    snprintf(item->text, sizeof item->text, first == last ? "%u" : "%u-%u", first, last);
}

/* Missing lines, joined over what is not a statement. Gives their number. */
static size_t find_ranges(struct missing_item *items, const struct line_set *statements,
                          const struct line_set *missing)
{
    size_t count = 0;
    uint32_t first = 0, last = 0;
    for (uint32_t line = 0;;) {
        line = line_set_next(statements, line);
        if (line && line_set_has(missing, line)) {
            first = first ? first : line;
            last = line;
            continue;
        }
        if (first)
            put_range(&items[count++], first, last);
        first = 0;
        if (!line)
            return count;
    }
}

/* Ways that were not taken between lines that ran. */
static size_t find_ways(struct missing_item *items, const struct arc_set *arcs,
                        const struct line_set *missing)
{
    size_t count = 0;
    for (size_t i = 0; i < arcs->count; i++) {
        struct arc arc = arcs->items[i];
        if (line_set_has(missing, (uint32_t)arc.from) ||
            (arc.to > 0 && line_set_has(missing, (uint32_t)arc.to)))
            continue;
        items[count].line = (uint32_t)arc.from;
        if (arc.to > 0)
            snprintf(items[count].text, sizeof items[count].text, "%d->%d", arc.from, arc.to);
        else
            snprintf(items[count].text, sizeof items[count].text, "%d->exit", arc.from);
        count++;
    }
    return count;
}

/* "1-2, 4->exit, 5-11". Caller frees; NULL when memory ran out. */
static char *format_missing(const struct report_file *file)
{
    size_t room = file->numbers.missing + (file->branches ? file->branches->missing.count : 0);
    struct missing_item *items = calloc(room + 1, sizeof *items);
    if (!items)
        return NULL;
    size_t count = find_ranges(items, &file->analysis->statements, file->missing);
    if (file->branches)
        count += find_ways(items + count, &file->branches->missing, file->missing);
    qsort(items, count, sizeof *items, compare_items);
    char *text = malloc(count * (sizeof items->text + 2) + 1), *to = text;
    for (size_t i = 0; text && i < count; i++)
        to = stpcpy(stpcpy(to, i ? ", " : ""), items[i].text);
    if (text)
        *to = '\0';
    free(items);
    return text;
}

static int parse_sort(const struct report_text *report, enum sort_column *column, bool *reverse)
{
    static const struct {
        const char *name;
        enum sort_column column;
        bool of_branches;
    } columns[] = { { "name", SORT_NAME, false },    { "stmts", SORT_STMTS, false },
                    { "miss", SORT_MISS, false },    { "branch", SORT_BRANCH, true },
                    { "brpart", SORT_BRPART, true }, { "cover", SORT_COVER, false } };
    const char *text = report->sort;
    *column = SORT_NAME;
    *reverse = false;
    if (!text || !*text)
        return 0;
    *reverse = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (strcasecmp(text, columns[i].name) == 0 &&
            (report->origin.has_branches || !columns[i].of_branches)) {
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
    if (parse_sort(text, &column, &reverse) != 0)
        return error_set(error, ERROR_CONFIG, "Invalid sorting option: '%s'", text->sort);
    return 0;
}

static int text_file(void *state, const struct report_file *file, struct error *error)
{
    struct report_text *text = state;
    const struct report_numbers *numbers = &file->numbers;
    if (text->skip_covered && numbers->missing == 0 && numbers->partial_branches == 0) {
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
                                .numbers = *numbers,
                                .percent = report_percent(numbers) };
    if (text->show_missing)
        row->missing_lines = format_missing(file);
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
    const struct report_numbers *mine = &left->numbers, *other = &right->numbers;
    int order = 0;
    switch (*(const enum sort_column *)argument) {
    case SORT_STMTS:
        order = compare_sizes(mine->statements, other->statements);
        break;
    case SORT_MISS:
        order = compare_sizes(mine->missing, other->missing);
        break;
    case SORT_BRANCH:
        order = compare_sizes(mine->branches, other->branches);
        break;
    case SORT_BRPART:
        order = compare_sizes(mine->partial_branches, other->partial_branches);
        break;
    case SORT_COVER:
        order = (left->percent > right->percent) - (left->percent < right->percent);
        break;
    case SORT_NAME:
        order = human_compare(left->name, right->name);
        if (order == 0)
            order = compare_sizes(mine->statements, other->statements);
        if (order == 0)
            order = compare_sizes(mine->missing, other->missing);
        break;
    }
    return order ? order : strcmp(left->name, right->name);
}

static void sort_rows(struct report_text *text)
{
    enum sort_column column;
    bool reverse;
    parse_sort(text, &column, &reverse);
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

/* The columns of numbers between name and percentage. */
#define COLUMNS_MAX 4
static const char *const column_names[COLUMNS_MAX] = { "Stmts", "Miss", "Branch", "BrPart" };

static size_t get_columns(const struct report_text *text, const struct report_numbers *numbers,
                          size_t values[COLUMNS_MAX])
{
    values[0] = numbers->statements;
    values[1] = numbers->missing;
    values[2] = numbers->branches;
    values[3] = numbers->partial_branches;
    return text->origin.has_branches ? 4 : 2;
}

/* Widths of the table's columns, what is between them included. */
struct text_layout {
    size_t name, percent;
    size_t missing; /* 0: no limit */
};

#define NUMBER_WIDTH      7
#define MISSING_GAP       3 /* before the missing lines */
#define MISSING_WIDTH_MIN 16
#define NAME_WIDTH_MIN    16

/* Names and missing lines get what the terminal has left for them. */
static void fit_layout(struct text_layout *layout, const struct report_text *text, size_t columns)
{
    size_t missing = 0;
    for (size_t i = 0; text->show_missing && i < text->row_count; i++)
        missing = greater(missing, strlen(text->rows[i].missing_lines));
    size_t width = (size_t)text->width;
    size_t taken = columns * NUMBER_WIDTH + layout->percent + (missing ? MISSING_GAP : 0);
    size_t rest = width > taken ? width - taken : 0;
    if (layout->name + missing <= rest)
        return;
    size_t reserved = greater(MISSING_WIDTH_MIN, rest / 3);
    if (reserved > missing)
        reserved = missing;
    size_t most = rest > reserved + NAME_WIDTH_MIN ? rest - reserved : NAME_WIDTH_MIN;
    if (layout->name > most)
        layout->name = most;
    if (missing)
        layout->missing = greater(rest > layout->name ? rest - layout->name : 0, reserved);
}

/* A name that is too long keeps its end. */
static void put_name(FILE *stream, const char *name, size_t width)
{
    size_t count = printable_count(name);
    if (count < width) {
        put_left(stream, name, width);
        return;
    }
    for (size_t drop = count + 4 - width; drop; drop--)
        do
            name++;
        while (((unsigned char)*name & 0xc0) == 0x80);
    fprintf(stream, "...%s ", name);
}

/* The percentage to the right of its column. */
static void put_percent(const struct report_text *text, const char *shown, double percent,
                        size_t width)
{
    const char *color = NULL;
    if (text->colors && text->fail_under > 0)
        color = number_is_under(percent, text->fail_under, text->precision) ? "31" : "32";
    else if (text->colors)
        color = percent >= 100 ? "32" : NULL;
    fprintf(text->stream, "%*s", (int)(width - strlen(shown) - 1), "");
    if (color)
        fprintf(text->stream, "\033[%sm%s%%\033[0m", color, shown);
    else
        fprintf(text->stream, "%s%%", shown);
}

/* In lines of `width` characters, if that is not 0, the second and later ones indented. */
static void put_missing(FILE *stream, const char *lines, size_t width, size_t indent)
{
    size_t used = 0;
    for (size_t length; *lines; lines += length + strspn(lines + length, " ")) {
        length = strcspn(lines, " ");
        if (width && used && used + 1 + length > width) {
            fprintf(stream, "\n%*s", (int)indent, "");
            used = 0;
        } else if (used) {
            putc(' ', stream);
            used++;
        }
        fwrite(lines, 1, length, stream);
        used += length;
    }
}

static void put_numbers(const struct report_text *text, const struct report_numbers *numbers)
{
    size_t values[COLUMNS_MAX], columns = get_columns(text, numbers, values);
    for (size_t i = 0; i < columns; i++)
        fprintf(text->stream, "%*zu", NUMBER_WIDTH, values[i]);
}

static void put_text_table(const struct report_text *text, const struct report_numbers *total,
                           const char *shown_total)
{
    size_t values[COLUMNS_MAX], columns = get_columns(text, total, values);
    struct text_layout layout = { 5, greater(strlen(shown_total) + 2, strlen(" Cover")) + 1, 0 };
    for (size_t i = 0; i < text->row_count; i++) {
        layout.name = greater(layout.name, printable_count(text->rows[i].name));
        layout.percent = greater(layout.percent, strlen(text->rows[i].shown_percent) + 2);
    }
    layout.name++;
    if (text->width)
        fit_layout(&layout, text, columns);
    size_t indent = layout.name + columns * NUMBER_WIDTH + layout.percent;
    size_t width = indent + (text->show_missing ? 10 : 0);
    FILE *stream = text->stream;
    put_left(stream, "Name", layout.name);
    for (size_t i = 0; i < columns; i++)
        fprintf(stream, "%*s", NUMBER_WIDTH, column_names[i]);
    fprintf(stream, "%*s%s\n", (int)layout.percent, "Cover",
            text->show_missing ? "   Missing" : "");
    put_rule(stream, width);
    for (size_t i = 0; i < text->row_count; i++) {
        const struct report_row *row = &text->rows[i];
        put_name(stream, row->name, layout.name);
        put_numbers(text, &row->numbers);
        put_percent(text, row->shown_percent, row->percent, layout.percent);
        if (row->missing_lines && *row->missing_lines) {
            fprintf(stream, "%*s", MISSING_GAP, "");
            put_missing(stream, row->missing_lines, layout.missing, indent + MISSING_GAP);
        }
        putc('\n', stream);
    }
    if (text->row_count)
        put_rule(stream, width);
    put_left(stream, "TOTAL", layout.name);
    put_numbers(text, total);
    put_percent(text, shown_total, report_percent(total), layout.percent);
    putc('\n', stream);
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
    size_t values[COLUMNS_MAX], columns = get_columns(text, total, values);
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
        putc('|', stream);
        for (size_t i = 0; i < columns; i++)
            fprintf(stream, "%9s |", column_names[i]);
        fprintf(stream, "%*s |", percent_width, "Cover");
        if (text->show_missing)
            fprintf(stream, "%10s |", "Missing");
        fputs("\n|", stream);
        put_markdown_rule(stream, name_width + 3, true);
        for (size_t i = 0; i < columns; i++) {
            putc(' ', stream);
            put_markdown_rule(stream, 11, false);
        }
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
        get_columns(text, &row->numbers, values);
        putc('|', stream);
        for (size_t j = 0; j < columns; j++)
            fprintf(stream, "%9zu |", values[j]);
        fprintf(stream, "%*s%% |", percent_width - 1, row->shown_percent);
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
        fputs(" |", stream);
        get_columns(text, total, values);
        for (size_t i = 0; i < columns; i++) {
            snprintf(number, sizeof number, " **%zu**", values[i]);
            fprintf(stream, "%9s |", number);
        }
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
    fprintf(text->stream, "%s%s.", origin->losses ? ": " : "",
            origin->losses ? origin->losses : "");
    if (origin->early)
        fprintf(text->stream, " %zu more ended before %s first line.", origin->early,
                origin->early == 1 ? "its" : "their");
    fputs("\n", text->stream);
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

const struct report_format report_text_format = { text_begin, text_file, text_end, NULL };
