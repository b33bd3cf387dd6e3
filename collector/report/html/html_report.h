/*
 * What the parts of the HTML report share: report_html.c gathers it, html_*.c write pages of it.
 * Nothing outside of them includes this.
 */
#ifndef COVFORK_HTML_REPORT_H
#define COVFORK_HTML_REPORT_H

#include "collector/base/error.h"
#include "collector/report/html/html_text.h"
#include "collector/model/process_lines.h"
#include "collector/report/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A function, a class, or what is in none of them. */
struct html_region {
    char *name; /* "" of what is in none */
    uint32_t start;
    bool is_class;
    struct report_numbers numbers;
};

/* A file of the index. */
struct html_file {
    char *name, *page;
    struct report_numbers numbers;
    struct html_region *regions;
    size_t region_count;
};

/* Lines, from one to another, that one process alone ran. */
struct html_alone {
    uint32_t process, file, first, last;
    uint32_t statements; /* among them */
};

/* html_frame.c: what all pages have. `page` is what it is of, NULL of the whole report. */
void html_put_head(struct html_text *text, const struct report_html *report, const char *page,
                   const char *class, const char *const *scripts);
/* The title as a link to the index, and the links to the other pages; `current` is index or run. */
void html_put_report_bar(struct html_text *text, const struct report_html *report,
                         const char *current);
void html_put_theme_button(struct html_text *text);
void html_put_foot(struct html_text *text, const struct report_html *report);
/* A count with a comma before each group of three. */
void html_put_count(struct html_text *text, uint64_t count);
void html_put_percent(struct html_text *text, const struct report_numbers *numbers, int precision);
/* "cover-high" …: which colour a share has. */
const char *html_percent_class(const struct report_numbers *numbers);
/* Date and time of day, of this place. */
void html_put_time(struct html_text *text, uint64_t nanoseconds);

/* html_page.c: the page of a source file, without the links to its neighbours: `before` and
 * `after` them. Adds what processes alone ran to the report. 0 or -1. */
int html_page_make(struct html_text *before, struct html_text *after, struct report_html *report,
                   const struct report_file *file, uint32_t number, struct error *error);
/* The links; NULL where there is no neighbour. */
void html_page_put_links(struct html_text *text, const struct html_file *previous,
                         const struct html_file *next);

/* html_index.c */
void html_index_make(struct html_text *text, const struct report_html *report,
                     const struct report_numbers *total);
/* What index.js reads: files, and functions and classes. */
void html_index_put_files(struct html_text *text, const struct report_html *report);
void html_index_put_regions(struct html_text *text, const struct report_html *report);

/* html_run.c */
void html_run_make(struct html_text *text, const struct report_html *report);
/* What run.js reads; sorts report->alone. */
void html_run_put_data(struct html_text *text, struct report_html *report);
/* What the lists of source pages are made of. */
void html_run_put_processes(struct html_text *text, const struct report_html *report);

/* Copies what a process alone ran. 0 or -1 (memory). */
int report_html_add_alone(struct report_html *report, const struct html_alone *alone);

#endif
