/*
 * The walk over the files of a report: each is analysed once and handed to a format, which knows
 * nothing of where it came from; the walk knows nothing of formats.
 */
#ifndef COVFORK_REPORT_H
#define COVFORK_REPORT_H

#include "collector/source/analysis.h"
#include "collector/project/analysis_cache.h"
#include "collector/source/branches.h"
#include "collector/base/error.h"
#include "collector/project/git_diff.h"
#include "collector/base/line_set.h"
#include "collector/model/model.h"
#include "collector/model/process_lines.h"
#include "collector/project/source_file.h"
#include "collector/base/string_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct report_numbers {
    size_t files, statements, excluded, missing;
    /* Of lines with more than one way on; all 0 where branches were not measured. */
    size_t branches, missing_branches, partial_branches;
};

/* The share of statements and branches that ran, in percent. */
double report_percent(const struct report_numbers *numbers);
void report_numbers_add(struct report_numbers *sum, const struct report_numbers *numbers);

/* One analysed file; all of it is the walk's and valid during the call. */
struct report_file {
    const char *path; /* canonical */
    const char *name; /* relative to the working folder where it is below it */
    const struct analysis *analysis;
    const struct line_set *executed; /* statements that ran */
    const struct line_set *missing;
    const struct branches *branches;  /* NULL: were not measured */
    const struct source_file *source; /* what was recorded of it */
    const unsigned char *bytes;       /* of the file as it is on disk, for formats that need them */
    size_t size;
    struct report_numbers numbers;
};

/* What a format does. 0, or -1 with an error, which ends the walk. */
struct report_format {
    int (*begin)(void *state, struct error *error);
    int (*file)(void *state, const struct report_file *file, struct error *error);
    int (*end)(void *state, const struct report_numbers *total, struct error *error);
    bool (*needs_bytes)(const void *state); /* of the files; NULL: never */
};

/* Does the format, as it is set up, look at report_file.bytes? */
bool report_needs_bytes(const struct report_format *format, const void *state);
/* For formats that always do. */
bool report_always_needs_bytes(const void *state);

/* Where the data comes from, as far as reports speak of it. */
struct report_origin {
    size_t runs, processes, interpreters, with_data, lost;
    size_t early;                /* Pythons that ended before their first line */
    uint64_t since;              /* ns since the epoch; 0: not known */
    const char *refusal;         /* "recorded with the defaults, …"; NULL: as configured */
    const char *losses;          /* why data was lost, in a few words; NULL: none was */
    bool has_branches;           /* branches were measured */
    const char *const *contexts; /* labels, by the numbers in source_file.contexts */
};

struct report_input {
    const struct source_files *files;
    const struct analysis_rules *rules;
    const char *directory; /* names are relative to it */
    bool ignore_errors;
    bool quiet_errors;            /* what is ignored is not warned of */
    bool has_branches;            /* the rules have what branches need */
    const struct git_diff *only;  /* look only at files with changes; NULL: at all */
    struct analysis_cache *cache; /* NULL: none */
};

/*
 * Walks the files in the order of their paths. A file that can't be read or parsed is an error, or
 * a warning with ignore_errors; one whose name says that it is not Python is passed over. `total`
 * is filled also for formats without files. 0 or -1; ERROR_NO_DATA when there are no files.
 */
int report_walk(const struct report_input *input, const struct report_format *format, void *state,
                struct report_numbers *total, struct string_list *warnings, struct error *error);

/* report_many.c: several formats at once, so that each file is analysed once. */
struct report_part {
    const struct report_format *format;
    void *state;
};

struct report_many {
    const struct report_part *parts; /* served in this order */
    size_t count;
};

extern const struct report_format report_many_format;

/* report_diff.c: the changed lines only, for another format. */
struct report_diff {
    const struct git_diff *diff;
    struct report_part part;
    struct report_numbers total; /* of changed lines; with no files, the part's end is not called */
};

extern const struct report_format report_diff_format;

/* report_text.c: coverage.py's `report`. */
enum report_style { REPORT_TEXT, REPORT_MARKDOWN, REPORT_TOTAL };

struct report_text {
    FILE *stream;
    enum report_style style;
    int precision;
    bool show_missing, skip_covered, skip_empty;
    const char *sort;  /* NULL: by name */
    int width;         /* of the terminal; 0: there is none, lines are as long as they are */
    bool colors;       /* of percentages, by fail_under */
    double fail_under; /* 0: none */
    struct report_origin origin;
    /* the format's own */
    struct report_row *rows;
    size_t row_count, row_room, skipped_count, empty_count;
};

extern const struct report_format report_text_format;
/* Frees what the format kept. */
void report_text_close(struct report_text *text);

/* report_json.c: coverage.py's JSON, format 3. */
struct report_json {
    FILE *stream;
    int precision;
    bool pretty_print;
    bool show_contexts; /* the files were collected with them */
    struct report_origin origin;
    /* the format's own */
    int depth;
    bool is_first;
};

extern const struct report_format report_json_format;

/* report_xml.c: Cobertura's XML as coverage.py writes it. */
struct report_xml {
    FILE *stream;
    bool skip_empty;
    int package_depth;                 /* 0: all */
    const struct string_list *sources; /* folders that names are relative to */
    bool relative_files;               /* they are relative to the working folder, else canonical */
    struct report_origin origin;
    /* the format's own */
    struct string_list roots;
    struct xml_package *packages;
    struct xml_class *classes;
    size_t package_count, class_count, class_room;
};

extern const struct report_format report_xml_format;
void report_xml_close(struct report_xml *xml);

/* report_lcov.c: LCOV's tracefile as coverage.py writes it. */
struct report_lcov {
    FILE *stream;
    bool skip_empty, line_checksums;
    /* the format's own */
    struct lcov_record *records;
    size_t record_count, record_room;
};

extern const struct report_format report_lcov_format;
void report_lcov_close(struct report_lcov *lcov);

/* report_annotate.c: a copy of each source with a mark before each line, as coverage.py makes it.
 */
struct report_annotate {
    const char *directory; /* where they go; NULL: beside the sources */
};

extern const struct report_format report_annotate_format;
/* report_html.c: a folder of pages. */
struct report_html {
    const char *directory, *title;
    const char *extra_css; /* a file that is copied; NULL */
    int precision;
    bool skip_covered, skip_empty, show_contexts;
    struct report_origin origin;
    const struct model *model;             /* its runs */
    const struct process_lines *processes; /* NULL: not known */
    /* the format's own */
    struct html_folder *folder;
    struct source_runners *runners;
    struct html_file *files;
    size_t file_count, file_room;
    struct html_alone *alone;
    size_t alone_count, alone_room;
    struct html_text *pending; /* the page that waits for the name of its next one */
    size_t skipped_count, empty_count;
};

extern const struct report_format report_html_format;
/* Frees what the format kept. */
void report_html_close(struct report_html *html);

#endif
