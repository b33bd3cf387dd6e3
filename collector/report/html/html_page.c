/*
 * The page of one source file. It is complete without its script, which adds moves, lists and the
 * strip at the edge: so all that a line says stands in its row.
 */
#include "collector/report/html/html_report.h"

#include "collector/report/html/html_source.h"
#include "collector/source/source_text.h"

#include <stdlib.h>
#include <string.h>

/* What is to be said of a line. Letters are classes that style.css knows. */
enum line_kind { LINE_NONE, LINE_RAN, LINE_MISSING, LINE_EXCLUDED, LINE_PARTIAL };

static const char line_classes[] = { 0, 'r', 'm', 'x', 'p' };

struct page {
    struct report_html *report;
    const struct report_file *file;
    struct html_source source;
    uint32_t line_count;
    uint32_t *counts;            /* processes that ran a line's statement; NULL: not known */
    struct line_set *statements; /* of the runners: their sets as statements */
    const struct source_runner **runners;
    size_t runner_count;
};

static uint32_t first_line(const struct analysis *analysis, uint32_t line)
{
    return line <= analysis->line_count ? analysis->first_line[line] : line;
}

static bool is_partial(const struct branches *branches, uint32_t line)
{
    if (!branches)
        return false;
    size_t from = 0, to = branches->line_count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (branches->lines[middle].line < line)
            from = middle + 1;
        else
            to = middle;
    }
    return from < branches->line_count && branches->lines[from].line == line &&
           branches->lines[from].taken < branches->lines[from].exits;
}

static enum line_kind find_kind(const struct report_file *file, uint32_t first)
{
    if (line_set_has(&file->analysis->excluded, first))
        return LINE_EXCLUDED;
    if (line_set_has(file->missing, first))
        return LINE_MISSING;
    if (!line_set_has(file->executed, first))
        return LINE_NONE;
    return is_partial(file->branches, first) ? LINE_PARTIAL : LINE_RAN;
}

/* Who ran the file: the sets of all states of it that the report is made of, as statements. */
static int find_runners(struct page *page)
{
    const struct report_file *file = page->file;
    const struct report_html *report = page->report;
    if (!report->processes || !report->runners)
        return 0;
    size_t room = 0, count;
    for (size_t i = 0; i < file->source->record_count; i++) {
        source_runners_of(report->runners, file->source->records[i], &count);
        room += count;
    }
    if (room == 0)
        return 0;
    page->counts = calloc((size_t)page->line_count + 1, sizeof *page->counts);
    page->statements = calloc(room, sizeof *page->statements);
    page->runners = calloc(room, sizeof *page->runners);
    if (!page->counts || !page->statements || !page->runners)
        return -1;
    for (size_t i = 0; i < file->source->record_count; i++) {
        const struct source_runner *runners =
            source_runners_of(report->runners, file->source->records[i], &count);
        for (size_t j = 0; j < count; j++) {
            struct line_set *set = &page->statements[page->runner_count];
            page->runners[page->runner_count++] = &runners[j];
            if (analysis_executed(file->analysis, &report->processes->sets[runners[j].set], set) !=
                0)
                return -1;
            for (uint32_t line = line_set_next(set, 0); line && line <= page->line_count;
                 line = line_set_next(set, line))
                /* What ran only under contexts that don't count did not run. */
                if (line_set_has(file->executed, line))
                    page->counts[line] += (uint32_t)runners[j].count;
        }
    }
    return 0;
}

/* The stretches of statements of a set that one process alone ran; what is no statement does not
 * end one. */
static int find_alone_of(const struct page *page, const struct line_set *set, uint32_t process,
                         uint32_t number)
{
    const struct line_set *all = &page->file->analysis->statements;
    struct html_alone stretch = { .process = process, .file = number };
    int result = 0;
    for (uint32_t line = line_set_next(all, 0); line && result == 0;
         line = line_set_next(all, line)) {
        if (line <= page->line_count && page->counts[line] == 1 && line_set_has(set, line)) {
            if (stretch.statements++ == 0)
                stretch.first = line;
            stretch.last = line;
        } else if (stretch.statements) {
            result = report_html_add_alone(page->report, &stretch);
            stretch.statements = 0;
        }
    }
    return result == 0 && stretch.statements ? report_html_add_alone(page->report, &stretch)
                                             : result;
}

static int find_alone(const struct page *page, uint32_t number)
{
    for (size_t i = 0; i < page->runner_count; i++)
        if (page->runners[i]->count == 1 &&
            find_alone_of(page, &page->statements[i], page->runners[i]->processes[0], number) != 0)
            return -1;
    return 0;
}

static void put_toggle(struct html_text *text, char kind, size_t count, const char *label,
                       const char *title)
{
    html_put(text, "<button type=\"button\" class=\"toggle ");
    html_put_bytes(text, &kind, 1);
    html_put(text, "\" aria-pressed=\"true\" data-kind=\"");
    html_put_bytes(text, &kind, 1);
    html_put(text, "\" title=\"");
    html_put(text, title);
    html_put(text, "\"><b>");
    html_put_count(text, count);
    html_put(text, "</b> ");
    html_put(text, label);
    html_put(text, "</button>\n");
}

/* The part of the page that stays in sight, up to where the links to the neighbours go. */
static void put_bar(struct html_text *text, const struct page *page)
{
    const struct report_file *file = page->file;
    const char *base = strrchr(file->name, '/');
    base = base ? base + 1 : file->name;
    html_put(text, "<header class=\"bar\">\n<nav class=\"path\" aria-label=\"Path\">"
                   "<a href=\"index.html\">");
    html_put_name(text, page->report->title);
    html_put(text, "</a> <span class=\"sep\">/</span> ");
    size_t start = 0;
    for (size_t i = 0; file->name + i < base; i++)
        if (file->name[i] == '/' && i > start) {
            char *folder = strndup(file->name + start, i - start);
            if (!folder) {
                text->failed = true;
                return;
            }
            html_put(text, "<span class=\"folder\">");
            html_put_name(text, folder);
            html_put(text, "</span><span class=\"sep\">/</span>");
            free(folder);
            start = i + 1;
        }
    html_put(text, "<h1>");
    html_put_name(text, base);
    html_put(text, "</h1></nav>\n<span class=\"share ");
    html_put(text, html_percent_class(&file->numbers));
    html_put(text, "\" title=\"covered\">");
    html_put_percent(text, &file->numbers, page->report->precision);
    html_put(text, "</span>\n");
}

static void put_tools(struct html_text *text, const struct page *page)
{
    const struct report_numbers *numbers = &page->file->numbers;
    html_put(text, "<button type=\"button\" id=\"help\" class=\"quiet\" hidden>Keys</button>\n");
    html_put_theme_button(text);
    html_put(text, "<div class=\"tools\" role=\"group\" aria-label=\"Mark lines\">\n");
    put_toggle(text, 'r', numbers->statements - numbers->missing, "ran", "Statements that ran (r)");
    put_toggle(text, 'm', numbers->missing, "missing", "Statements that did not run (m)");
    if (page->file->branches)
        put_toggle(text, 'p', page->file->branches->partial, "partial",
                   "Lines of which a branch was not taken (b)");
    put_toggle(text, 'x', numbers->excluded, "excluded", "Lines left out of the count (x)");
    if (numbers->missing || numbers->partial_branches)
        html_put(text, "<span class=\"jump\"><button type=\"button\" id=\"previous\" "
                       "aria-label=\"Previous stretch that is missing (p)\" hidden>↑</button>"
                       "<button type=\"button\" id=\"next\" "
                       "aria-label=\"Next stretch that is missing (n)\" hidden>↓</button>"
                       "</span>\n");
    if (page->counts)
        html_put(text, "<span class=\"hint\">The number beside a line is how many processes ran "
                       "it.</span>\n");
    html_put(text, "</div>\n</header>\n");
}

/* Why branches of this line are missing, in words. */
static void put_branch_notes(struct html_text *text, const struct page *page, uint32_t line,
                             size_t *next)
{
    const struct branches *branches = page->file->branches;
    if (!branches)
        return;
    const struct arc_set *missing = &branches->missing;
    while (*next < missing->count && missing->items[*next].from < (int32_t)line)
        ++*next;
    for (; *next < missing->count && missing->items[*next].from == (int32_t)line; ++*next) {
        char *words = branches_describe_missing(page->file->analysis, missing->items[*next]);
        if (!words) {
            text->failed = true;
            return;
        }
        html_put(text, "<span class=\"note\">");
        html_put_name(text, words);
        html_put(text, "</span>");
        free(words);
    }
}

static void put_line(struct html_text *text, const struct page *page, uint32_t line,
                     size_t *next_arc)
{
    uint32_t first = first_line(page->file->analysis, line);
    enum line_kind kind = find_kind(page->file, first);
    html_put(text, "<tr id=\"L");
    html_put_number(text, line);
    if (kind != LINE_NONE) {
        html_put(text, "\" class=\"");
        html_put_bytes(text, &line_classes[kind], 1);
        if (line != first)
            html_put(text, " c");
    }
    html_put(text, "\"><td><a href=\"#L");
    html_put_number(text, line);
    html_put(text, "\">");
    html_put_number(text, line);
    html_put(text, "</a>");
    if (page->counts) {
        html_put(text, "<td>");
        if (line == first && page->counts[line])
            html_put_count(text, page->counts[line]);
    }
    html_put(text, "<td>");
    html_source_put_line(&page->source, line, text);
    if (kind == LINE_PARTIAL && line == first)
        put_branch_notes(text, page, line, next_arc);
    /* The newline must not be part of the cell. */
    html_put(text, "</tr>\n");
}

/* Numbers in rising order, as pairs of a first and a last. */
static void put_range(struct html_text *text, bool *is_first, uint64_t first, uint64_t last)
{
    html_put(text, *is_first ? "" : ",");
    html_put_number(text, first);
    html_put(text, ",");
    html_put_number(text, last);
    *is_first = false;
}

static void put_line_ranges(struct html_text *text, const struct line_set *set)
{
    bool is_first = true;
    for (uint32_t line = line_set_next(set, 0), next; line; line = next) {
        uint32_t last = line;
        while ((next = line_set_next(set, last)) == last + 1)
            last = next;
        put_range(text, &is_first, line, last);
    }
}

static void put_process_ranges(struct html_text *text, const struct source_runner *runner)
{
    bool is_first = true;
    for (size_t i = 0, j; i < runner->count; i = j) {
        for (j = i + 1; j < runner->count && runner->processes[j] == runner->processes[j - 1] + 1;)
            j++;
        put_range(text, &is_first, runner->processes[i], runner->processes[j - 1]);
    }
}

/* Sets of statements and the processes that ran them, for the lists. */
static void put_runners(struct html_text *text, const struct page *page)
{
    if (!page->counts)
        return;
    html_put(text, "<script type=\"application/json\" id=\"runners\">[");
    for (size_t i = 0; i < page->runner_count; i++) {
        html_put(text, i ? ",[[" : "[[");
        put_line_ranges(text, &page->statements[i]);
        html_put(text, "],[");
        put_process_ranges(text, page->runners[i]);
        html_put(text, "]]");
    }
    html_put(text, "]</script>\n");
}

/* Under which contexts the lines ran. 0 or -1 (memory). */
static int put_contexts(struct html_text *text, const struct page *page)
{
    const struct source_file *source = page->file->source;
    bool is_first = true;
    if (!page->report->show_contexts || source->context_count == 0)
        return 0;
    html_put(text, "<script type=\"application/json\" id=\"contexts\">[");
    for (size_t i = 0; i < source->context_count; i++) {
        struct line_set set = LINE_SET_EMPTY;
        if (analysis_executed(page->file->analysis, &source->contexts[i].lines, &set) != 0)
            return -1;
        if (line_set_next(&set, 0)) {
            html_put(text, is_first ? "[" : ",[");
            html_put_string(text, page->report->origin.contexts[source->contexts[i].context]);
            html_put(text, ",[");
            put_line_ranges(text, &set);
            html_put(text, "]]");
            is_first = false;
        }
        line_set_close(&set);
    }
    html_put(text, "]</script>\n");
    return 0;
}

static int put_page(struct html_text *before, struct html_text *after, const struct page *page)
{
    static const char *const scripts[] = { "common.js", "source.js", NULL };
    size_t next_arc = 0;
    html_put_head(before, page->report, page->file->name, "source", scripts);
    put_bar(before, page);
    put_tools(after, page);
    html_put(after, "<main>\n<table class=\"code");
    html_put(after, page->counts ? " counted" : "");
    html_put(after, "\" aria-label=\"Source\"><tbody>\n");
    for (uint32_t line = 1; line <= page->line_count; line++)
        put_line(after, page, line, &next_arc);
    html_put(after, "</tbody></table>\n</main>\n");
    if (page->line_count == 0)
        html_put(after, "<p class=\"empty\">The file is empty.</p>\n");
    put_runners(after, page);
    int result = put_contexts(after, page);
    html_put_foot(after, page->report);
    return result;
}

static void close_page(struct page *page)
{
    for (size_t i = 0; i < page->runner_count; i++)
        line_set_close(&page->statements[i]);
    free(page->statements);
    free(page->runners);
    free(page->counts);
    html_source_close(&page->source);
}

int html_page_make(struct html_text *before, struct html_text *after, struct report_html *report,
                   const struct report_file *file, uint32_t number, struct error *error)
{
    struct page page = { .report = report, .file = file };
    struct source_text source;
    if (source_text_decode(&source, file->path, file->bytes, file->size, error) != 0)
        return -1;
    int result = html_source_make(&page.source, &source, !file->analysis->is_given);
    source_text_close(&source);
    if (result == 0) {
        page.line_count = page.source.line_count;
        result = find_runners(&page);
    }
    if (result == 0)
        result = find_alone(&page, number);
    if (result == 0)
        result = put_page(before, after, &page);
    close_page(&page);
    return result == 0 && !before->failed && !after->failed
               ? 0
               : error_set(error, ERROR_MEMORY, "out of memory");
}

static void put_link(struct html_text *text, const struct html_file *file, const char *relation,
                     const char *label, const char *sign)
{
    html_put(text, file ? "<a rel=\"" : "<span class=\"");
    html_put(text, file ? relation : "none");
    if (file) {
        html_put(text, "\" href=\"");
        html_put(text, file->page);
        html_put(text, "\" title=\"");
        html_put(text, label);
        html_put_name(text, file->name);
        html_put(text, "\" aria-label=\"");
        html_put(text, label);
        html_put_name(text, file->name);
    }
    html_put(text, file ? "\">" : "\" aria-hidden=\"true\">");
    html_put(text, sign);
    html_put(text, file ? "</a>" : "</span>");
}

void html_page_put_links(struct html_text *text, const struct html_file *previous,
                         const struct html_file *next)
{
    html_put(text, "<nav class=\"pager\" aria-label=\"Other files\">");
    put_link(text, previous, "prev", "Previous file: ", "‹");
    put_link(text, next, "next", "Next file: ", "›");
    html_put(text, "</nav>\n");
}
