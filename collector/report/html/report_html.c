/*
 * The HTML report: a folder with an index, a page for each source file, and a page of the run.
 * A page waits until the next file is known, whose name it links to.
 */
#include "collector/report/report.h"

#include "collector/report/html/html_folder.h"
#include "collector/report/html/html_report.h"
#include "collector/project/source_file.h"

#include "html_common_js.h"
#include "html_index_js.h"
#include "html_run_js.h"
#include "html_source_js.h"
#include "html_style_css.h"
#include "html_theme_js.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PART_BEFORE, PART_LINKS, PART_AFTER, PART_COUNT };

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

void report_html_close(struct report_html *html)
{
    for (size_t i = 0; i < html->file_count; i++) {
        struct html_file *file = &html->files[i];
        for (size_t j = 0; j < file->region_count; j++)
            free(file->regions[j].name);
        free(file->regions);
        free(file->name);
        free(file->page);
    }
    free(html->files);
    free(html->alone);
    for (size_t i = 0; html->pending && i < PART_COUNT; i++)
        html_text_close(&html->pending[i]);
    free(html->pending);
    if (html->folder)
        html_folder_close(html->folder);
    free(html->folder);
    if (html->runners)
        source_runners_close(html->runners);
    free(html->runners);
    html->files = NULL;
    html->alone = NULL;
    html->pending = NULL;
    html->folder = NULL;
    html->runners = NULL;
    html->file_count = html->alone_count = 0;
}

int report_html_add_alone(struct report_html *report, const struct html_alone *alone)
{
    if (report->alone_count == report->alone_room) {
        size_t room = report->alone_room ? report->alone_room * 2 : 256;
        struct html_alone *larger = realloc(report->alone, room * sizeof *larger);
        if (!larger)
            return -1;
        report->alone = larger;
        report->alone_room = room;
    }
    report->alone[report->alone_count++] = *alone;
    return 0;
}

static int write_static(struct report_html *html, const char *name, const char *bytes, size_t size,
                        struct error *error)
{
    /* Written as it is: never changed, nor freed. */
    const struct html_text text = { .bytes = (char *)bytes, .size = size };
    return html_folder_write(html->folder, name, &text, 1, error);
}

static int write_extra_css(struct report_html *html, struct error *error)
{
    unsigned char *bytes;
    size_t size;
    if (!html->extra_css)
        return 0;
    if (source_file_read(html->extra_css, &bytes, &size) != 0)
        return error_set(error, ERROR_SYSTEM, "can't read %s: %s", html->extra_css,
                         strerror(errno));
    int result = write_static(html, "extra.css", (const char *)bytes, size, error);
    free(bytes);
    return result;
}

static int html_begin(void *state, struct error *error)
{
    struct report_html *html = state;
    html->folder = calloc(1, sizeof *html->folder);
    html->pending = calloc(PART_COUNT, sizeof *html->pending);
    if (!html->folder || !html->pending)
        return out_of_memory(error);
    if (html->processes) {
        html->runners = calloc(1, sizeof *html->runners);
        if (!html->runners || source_runners_make(html->runners, html->processes) != 0)
            return out_of_memory(error);
    }
    if (html_folder_open(html->folder, html->directory, error) != 0) {
        free(html->folder);
        html->folder = NULL;
        return -1;
    }
#define STATIC_FILE(name, array) write_static(html, name, array, sizeof array - 1, error)
    if (STATIC_FILE("style.css", html_style_css) != 0 ||
        STATIC_FILE("theme.js", html_theme_js) != 0 ||
        STATIC_FILE("common.js", html_common_js) != 0 ||
        STATIC_FILE("index.js", html_index_js) != 0 ||
        STATIC_FILE("source.js", html_source_js) != 0 || STATIC_FILE("run.js", html_run_js) != 0)
        return -1;
    return write_extra_css(html, error);
}

/* Writes the page that waits, the last of `files` but for `next`, and makes it empty. */
static int flush_page(struct report_html *html, const struct html_file *next, struct error *error)
{
    struct html_text *parts = html->pending;
    size_t count = html->file_count;
    if (parts[PART_AFTER].size == 0)
        return 0;
    parts[PART_LINKS].size = 0;
    html_page_put_links(&parts[PART_LINKS], count > 1 ? &html->files[count - 2] : NULL, next);
    int result =
        html_folder_write(html->folder, html->files[count - 1].page, parts, PART_COUNT, error);
    for (size_t i = 0; i < PART_COUNT; i++)
        parts[i].size = 0;
    return result;
}

static size_t count_common(const struct line_set *a, const struct line_set *b)
{
    size_t words = a->word_count < b->word_count ? a->word_count : b->word_count;
    size_t count = 0;
    for (size_t i = 0; i < words; i++)
        count += (size_t)__builtin_popcountll(a->words[i] & b->words[i]);
    return count;
}

static void count_region(struct report_numbers *numbers, const struct report_file *file,
                         const struct line_set *lines)
{
    *numbers = (struct report_numbers){
        .statements = count_common(&file->analysis->statements, lines),
        .excluded = count_common(&file->analysis->excluded, lines),
        .missing = count_common(file->missing, lines),
    };
    for (size_t i = 0; file->branches && i < file->branches->line_count; i++) {
        const struct branch_line *line = &file->branches->lines[i];
        if (!line_set_has(lines, line->line))
            continue;
        numbers->branches += line->exits;
        numbers->missing_branches += line->exits - line->taken;
        numbers->partial_branches +=
            line->taken < line->exits && !line_set_has(file->missing, line->line);
    }
}

/* Adds what is in none of the regions of this kind, where it has statements. */
static int add_outside(struct html_file *entry, const struct report_file *file, bool are_classes)
{
    const struct analysis *analysis = file->analysis;
    struct line_set outside = LINE_SET_EMPTY;
    int result = analysis->line_count ? line_set_add_range(&outside, 1, analysis->line_count) : 0;
    for (size_t i = 0; i < analysis->region_count; i++)
        if ((analysis->regions[i].kind == REGION_CLASS) == are_classes)
            line_set_subtract(&outside, &analysis->regions[i].lines);
    struct html_region *region = &entry->regions[entry->region_count];
    *region = (struct html_region){ .start = 1, .is_class = are_classes };
    if (result == 0)
        count_region(&region->numbers, file, &outside);
    if (region->numbers.statements || region->numbers.excluded) {
        region->name = strdup("");
        if (region->name)
            entry->region_count++;
        else
            result = -1;
    }
    line_set_close(&outside);
    return result;
}

static int add_regions(struct html_file *entry, const struct report_file *file)
{
    const struct analysis *analysis = file->analysis;
    entry->regions = calloc(analysis->region_count + 2, sizeof *entry->regions);
    if (!entry->regions)
        return -1;
    for (size_t i = 0; i < analysis->region_count; i++) {
        const struct region *region = &analysis->regions[i];
        struct html_region *added = &entry->regions[entry->region_count];
        *added = (struct html_region){ .name = strdup(region->name),
                                       .start = region->start,
                                       .is_class = region->kind == REGION_CLASS };
        if (!added->name)
            return -1;
        entry->region_count++;
        count_region(&added->numbers, file, &region->lines);
    }
    if (!analysis->lacks_functions && add_outside(entry, file, false) != 0)
        return -1;
    return analysis->lacks_classes ? 0 : add_outside(entry, file, true);
}

/* The entry of a file, with the name of its page; it is not in `files` yet. */
static int make_entry(struct html_file *entry, struct report_html *html,
                      const struct report_file *file)
{
    *entry = (struct html_file){
        .name = strdup(file->name),
        .page = html_folder_name_page(html->folder, file->name),
        .numbers = file->numbers,
    };
    if (!entry->name || !entry->page)
        return -1;
    if (html->file_count < html->file_room)
        return 0;
    size_t room = html->file_room ? html->file_room * 2 : 64;
    struct html_file *larger = realloc(html->files, room * sizeof *larger);
    if (!larger)
        return -1;
    html->files = larger;
    html->file_room = room;
    return 0;
}

static bool is_skipped(struct report_html *html, const struct report_numbers *numbers)
{
    if (html->skip_empty && numbers->statements == 0) {
        html->empty_count++;
        return true;
    }
    if (html->skip_covered && numbers->missing == 0 && numbers->missing_branches == 0) {
        html->skipped_count++;
        return true;
    }
    return false;
}

static int html_file(void *state, const struct report_file *file, struct error *error)
{
    struct report_html *html = state;
    struct html_file entry;
    if (is_skipped(html, &file->numbers))
        return 0;
    if (make_entry(&entry, html, file) != 0) {
        free(entry.name);
        free(entry.page);
        return out_of_memory(error);
    }
    int result = flush_page(html, &entry, error);
    html->files[html->file_count++] = entry;
    if (result != 0)
        return result;
    struct html_file *added = &html->files[html->file_count - 1];
    if (add_regions(added, file) != 0)
        return out_of_memory(error);
    return html_page_make(&html->pending[PART_BEFORE], &html->pending[PART_AFTER], html, file,
                          (uint32_t)(html->file_count - 1), error);
}

static int write_text(struct report_html *html, const char *name, struct html_text *text,
                      struct error *error)
{
    int result = html_folder_write(html->folder, name, text, 1, error);
    text->size = 0;
    return result;
}

static int html_end(void *state, const struct report_numbers *total, struct error *error)
{
    struct report_html *html = state;
    struct html_text text = { 0 };
    int result = flush_page(html, NULL, error);
    html_index_put_files(&text, html);
    if (result == 0)
        result = write_text(html, "files.js", &text, error);
    html_index_put_regions(&text, html);
    if (result == 0)
        result = write_text(html, "regions.js", &text, error);
    html_run_put_data(&text, html);
    if (result == 0)
        result = write_text(html, "run-data.js", &text, error);
    html_run_put_processes(&text, html);
    if (result == 0)
        result = write_text(html, "processes.js", &text, error);
    html_run_make(&text, html);
    if (result == 0)
        result = write_text(html, "run.html", &text, error);
    html_index_make(&text, html, total);
    if (result == 0)
        result = write_text(html, "index.html", &text, error);
    html_text_close(&text);
    return result == 0 ? html_folder_finish(html->folder, error) : -1;
}

const struct report_format report_html_format = { html_begin, html_file, html_end,
                                                  report_always_needs_bytes };
