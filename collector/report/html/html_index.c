/*
 * The index: totals, the place that index.js fills with rows, and a plain table for browsers
 * without scripts.
 */
#include "collector/report/html/html_report.h"

static void put_figure(struct html_text *text, size_t count, const char *label)
{
    html_put(text, "<div><dt>");
    html_put(text, label);
    html_put(text, "</dt><dd>");
    html_put_count(text, count);
    html_put(text, "</dd></div>");
}

static void put_totals(struct html_text *text, const struct report_html *report,
                       const struct report_numbers *total)
{
    char width[24];
    snprintf(width, sizeof width, "%.2f", report_percent(total));
    html_put(text, "<section class=\"totals\" aria-label=\"Totals\">\n<p class=\"total ");
    html_put(text, html_percent_class(total));
    html_put(text, "\"><b>");
    html_put_percent(text, total, report->precision);
    html_put(text, "</b> <span>covered</span></p>\n"
                   "<svg class=\"share-bar\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
                   "aria-hidden=\"true\"><rect class=\"rest\" width=\"100\" height=\"1\"/>"
                   "<rect class=\"have\" width=\"");
    html_put(text, width);
    html_put(text, "\" height=\"1\"/></svg>\n<dl>");
    put_figure(text, total->files, "files");
    put_figure(text, total->statements, "statements");
    put_figure(text, total->missing, "missing");
    put_figure(text, total->excluded, "excluded");
    if (report->origin.has_branches) {
        put_figure(text, total->branches, "branches");
        put_figure(text, total->partial_branches, "partial");
    }
    html_put(text, "</dl>\n");
}

static void put_origin(struct html_text *text, const struct report_html *report)
{
    const struct report_origin *origin = &report->origin;
    if (origin->processes == 0) {
        html_put(text, "<p class=\"origin\">From data that does not say which processes ran.</p>\n"
                       "</section>\n");
        return;
    }
    html_put(text, "<p class=\"origin\"><a href=\"run.html\">");
    html_put_count(text, origin->with_data);
    html_put(text, origin->with_data == 1 ? " process ran" : " processes ran");
    html_put(text, " these files</a>, of ");
    html_put_count(text, origin->interpreters);
    html_put(text, origin->interpreters == 1 ? " interpreter and " : " interpreters and ");
    html_put_count(text, origin->processes);
    html_put(text, origin->processes == 1 ? " process" : " processes");
    if (origin->runs > 1) {
        html_put(text, " in ");
        html_put_count(text, origin->runs);
        html_put(text, " runs");
    }
    if (origin->lost) {
        html_put(text, ". <a class=\"lost\" href=\"run.html#lost\">");
        html_put_count(text, origin->lost);
        html_put(text, " lost data</a>");
    } else {
        html_put(text, "; nothing was lost");
    }
    if (origin->refusal) {
        html_put(text, ". <a class=\"lost\" href=\"run.html#lost\">It was ");
        html_put_name(text, origin->refusal);
        html_put(text, "</a>");
    }
    html_put(text, ".</p>\n</section>\n");
}

static void put_plain_row(struct html_text *text, const struct report_html *report,
                          const struct html_file *file)
{
    html_put(text, "<tr><td><a href=\"");
    html_put(text, file->page);
    html_put(text, "\">");
    html_put_name(text, file->name);
    html_put(text, "</a><td>");
    html_put_number(text, file->numbers.statements);
    html_put(text, "<td>");
    html_put_number(text, file->numbers.missing);
    html_put(text, "<td>");
    html_put_number(text, file->numbers.excluded);
    if (report->origin.has_branches) {
        html_put(text, "<td>");
        html_put_number(text, file->numbers.branches);
        html_put(text, "<td>");
        html_put_number(text, file->numbers.partial_branches);
    }
    html_put(text, "<td>");
    html_put_percent(text, &file->numbers, report->precision);
    html_put(text, "\n");
}

static void put_plain_table(struct html_text *text, const struct report_html *report)
{
    html_put(text, "<noscript>\n<table class=\"plain\"><thead><tr><th scope=\"col\">File"
                   "<th scope=\"col\">Statements<th scope=\"col\">Missing"
                   "<th scope=\"col\">Excluded");
    if (report->origin.has_branches)
        html_put(text, "<th scope=\"col\">Branches<th scope=\"col\">Partial");
    html_put(text, "<th scope=\"col\">Coverage</thead><tbody>\n");
    for (size_t i = 0; i < report->file_count; i++)
        put_plain_row(text, report, &report->files[i]);
    html_put(text, "</tbody></table>\n</noscript>\n");
}

static void put_skipped(struct html_text *text, const struct report_html *report)
{
    if (report->skipped_count) {
        html_put(text, "<p class=\"skipped\">");
        html_put_count(text, report->skipped_count);
        html_put(text, report->skipped_count == 1 ? " file" : " files");
        html_put(text, " with nothing missing left out, as --skip-covered asks.</p>\n");
    }
    if (report->empty_count) {
        html_put(text, "<p class=\"skipped\">");
        html_put_count(text, report->empty_count);
        html_put(text, report->empty_count == 1 ? " empty file" : " empty files");
        html_put(text, " left out, as --skip-empty asks.</p>\n");
    }
}

void html_index_make(struct html_text *text, const struct report_html *report,
                     const struct report_numbers *total)
{
    static const char *const scripts[] = { "common.js", "files.js", "index.js", NULL };
    html_put_head(text, report, NULL, "index", scripts);
    html_put_report_bar(text, report, "index");
    html_put(text, "<main>\n<h1 class=\"unseen\">");
    html_put_name(text, report->title);
    html_put(text, "</h1>\n");
    put_totals(text, report, total);
    put_origin(text, report);
    html_put(text, "<div id=\"list\" data-precision=\"");
    html_put_number(text, (uint64_t)report->precision);
    html_put(text, report->origin.has_branches ? "\" data-branches>" : "\">");
    html_put(text, "</div>\n");
    put_plain_table(text, report);
    put_skipped(text, report);
    html_put(text, "</main>\n");
    html_put_foot(text, report);
}

static void put_numbers(struct html_text *text, const struct report_html *report,
                        const struct report_numbers *numbers)
{
    html_put(text, ",");
    html_put_number(text, numbers->statements);
    html_put(text, ",");
    html_put_number(text, numbers->missing);
    html_put(text, ",");
    html_put_number(text, numbers->excluded);
    if (!report->origin.has_branches)
        return;
    html_put(text, ",");
    html_put_number(text, numbers->branches);
    html_put(text, ",");
    html_put_number(text, numbers->missing_branches);
    html_put(text, ",");
    html_put_number(text, numbers->partial_branches);
}

void html_index_put_files(struct html_text *text, const struct report_html *report)
{
    html_put(text, "\"use strict\";\nvar covforkFiles = [\n");
    for (size_t i = 0; i < report->file_count; i++) {
        const struct html_file *file = &report->files[i];
        html_put(text, i ? ",\n[" : "[");
        html_put_string(text, file->name);
        html_put(text, ",");
        html_put_string(text, file->page);
        put_numbers(text, report, &file->numbers);
        html_put(text, "]");
    }
    html_put(text, "];\n");
}

static void put_regions(struct html_text *text, const struct report_html *report, bool are_classes)
{
    bool is_first = true;
    for (size_t i = 0; i < report->file_count; i++)
        for (size_t j = 0; j < report->files[i].region_count; j++) {
            const struct html_region *region = &report->files[i].regions[j];
            if (region->is_class != are_classes)
                continue;
            html_put(text, is_first ? "[" : ",\n[");
            html_put_number(text, i);
            html_put(text, ",");
            html_put_string(text, region->name);
            html_put(text, ",");
            html_put_number(text, region->start);
            put_numbers(text, report, &region->numbers);
            html_put(text, "]");
            is_first = false;
        }
}

void html_index_put_regions(struct html_text *text, const struct report_html *report)
{
    html_put(text, "\"use strict\";\nvar covforkRegions = {functions: [\n");
    put_regions(text, report, false);
    html_put(text, "],\nclasses: [\n");
    put_regions(text, report, true);
    html_put(text, "]};\n");
}
