/*
 * Python source text as lines of HTML with its keywords, strings, numbers and comments in spans.
 * Knows how it looks, not what ran.
 */
#ifndef COVFORK_HTML_SOURCE_H
#define COVFORK_HTML_SOURCE_H

#include "collector/report/html/html_text.h"
#include "collector/source/source_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct html_source {
    struct html_text text;
    size_t *ends; /* ends[n]: where line n ends in `text`, and line n + 1 begins; ends[0] is 0 */
    uint32_t line_count;
};

/* Without spans where it is not Python. 0 or -1 (memory). The caller closes it. */
int html_source_make(struct html_source *html, const struct source_text *source, bool is_python);
void html_source_close(struct html_source *html);
/* Adds line n, from 1, to `to`; one that is not there is empty. */
void html_source_put_line(const struct html_source *html, uint32_t line, struct html_text *to);

#endif
