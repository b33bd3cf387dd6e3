/*
 * The parts that all pages of the HTML report have. No page loads anything from elsewhere, and the
 * policy in its head says so: what should ever escape the escaping could not run either.
 */
#include "collector/report/html/html_report.h"

#include "collector/base/number_format.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Inline scripts are forbidden; `file:` is what a browser that opens the folder itself asks for. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; "                        \
    "img-src 'self' file: data:; base-uri 'none'; form-action 'none'"

#define ICON                                                                                       \
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"          \
    "%3Cpath d='M4 2v5a4 4 0 0 0 4 4v3m4-12v5a4 4 0 0 1-4 4' fill='none' stroke='%232f8f5b' "      \
    "stroke-width='2.4' stroke-linecap='round'/%3E%3C/svg%3E"

void html_put_head(struct html_text *text, const struct report_html *report, const char *page,
                   const char *class, const char *const *scripts)
{
    html_put(text, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"color-scheme\" content=\"light dark\">\n"
                   "<meta name=\"robots\" content=\"noindex\">\n"
                   "<meta name=\"generator\" content=\"covfork " COVFORK_VERSION "\">\n<title>");
    if (page) {
        html_put_name(text, page);
        html_put(text, " · ");
    }
    html_put_name(text, report->title);
    html_put(text, "</title>\n<link rel=\"icon\" href=\"" ICON "\">\n"
                   "<link rel=\"stylesheet\" href=\"style.css\">\n");
    if (report->extra_css)
        html_put(text, "<link rel=\"stylesheet\" href=\"extra.css\">\n");
    /* At once, so that no page is seen in the other theme first. */
    html_put(text, "<script src=\"theme.js\"></script>\n");
    for (; *scripts; scripts++) {
        html_put(text, "<script src=\"");
        html_put(text, *scripts);
        html_put(text, "\" defer></script>\n");
    }
    html_put(text, "</head>\n<body class=\"");
    html_put(text, class);
    html_put(text, "\">\n");
}

void html_put_theme_button(struct html_text *text)
{
    html_put(text, "<button type=\"button\" id=\"theme\" class=\"quiet\" hidden>Theme</button>\n");
}

void html_put_report_bar(struct html_text *text, const struct report_html *report,
                         const char *current)
{
    static const struct {
        const char *name, *page, *label;
    } links[] = { { "index", "index.html", "Files" }, { "run", "run.html", "Run" } };
    html_put(text, "<header class=\"bar\">\n<a class=\"title\" href=\"index.html\">");
    html_put_name(text, report->title);
    html_put(text, "</a>\n<nav aria-label=\"Report\">");
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        html_put(text, "<a href=\"");
        html_put(text, links[i].page);
        html_put(text, strcmp(links[i].name, current) == 0 ? "\" aria-current=\"page\">" : "\">");
        html_put(text, links[i].label);
        html_put(text, "</a>");
    }
    html_put(text, "</nav>\n<button type=\"button\" id=\"help\" class=\"quiet\" hidden>"
                   "Keys</button>\n");
    html_put_theme_button(text);
    html_put(text, "</header>\n");
}

void html_put_time(struct html_text *text, uint64_t nanoseconds)
{
    time_t seconds = (time_t)(nanoseconds / 1000000000u);
    struct tm local;
    char shown[64];
    if (localtime_r(&seconds, &local) && strftime(shown, sizeof shown, "%Y-%m-%d %H:%M:%S", &local))
        html_put_name(text, shown);
}

void html_put_foot(struct html_text *text, const struct report_html *report)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    html_put(text, "<footer>covfork " COVFORK_VERSION ", made ");
    html_put_time(text, (uint64_t)now.tv_sec * 1000000000u);
    if (report->origin.since) {
        html_put(text, " from what ran since ");
        html_put_time(text, report->origin.since);
    }
    html_put(text, "</footer>\n</body>\n</html>\n");
}

void html_put_count(struct html_text *text, uint64_t count)
{
    if (count >= 1000) {
        html_put_count(text, count / 1000);
        char group[8];
        snprintf(group, sizeof group, ",%03u", (unsigned)(count % 1000));
        html_put(text, group);
    } else {
        html_put_number(text, count);
    }
}

void html_put_percent(struct html_text *text, const struct report_numbers *numbers, int precision)
{
    char shown[NUMBER_TEXT_SIZE];
    number_format_percent(shown, report_percent(numbers), precision);
    html_put(text, shown);
    html_put(text, "%");
}

const char *html_percent_class(const struct report_numbers *numbers)
{
    double percent = report_percent(numbers);
    return percent >= 90 ? "high" : percent >= 60 ? "middle" : "low";
}
