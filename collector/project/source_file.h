/*
 * The source files that a report is of: the measured ones, each with the lines that ran in it as
 * it is on disk now, and those in the sources of the run that nothing imported. Chooses between
 * records of different states of a file, finds those of other checkouts here, and has line tables
 * made where none was recorded.
 */
#ifndef COVFORK_SOURCE_FILE_H
#define COVFORK_SOURCE_FILE_H

#include "collector/source/analysis.h"
#include "collector/base/arc_set.h"
#include "collector/base/error.h"
#include "collector/base/line_set.h"
#include "collector/model/model.h"
#include "collector/base/path_globs.h"
#include "collector/project/path_aliases.h"
#include "collector/base/string_list.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* What ran in a file under one context. */
struct source_lines {
    uint32_t context;      /* an index into the model's contexts */
    struct line_set lines; /* raw, as recorded */
    struct arc_set arcs;   /* likewise; sorted */
};

struct source_file {
    char *path;               /* canonical */
    struct line_set executed; /* raw, as recorded */
    struct arc_set arcs;      /* as recorded; sorted. Of no use without source_files.has_branches */
    struct source_lines *contexts; /* sorted by label; only with source_scope.with_contexts */
    size_t context_count;
    uint32_t *records; /* numbers of the model's sources whose lines are in `executed` */
    size_t record_count;
    struct line_set table; /* lines that have code */
    uint32_t python;       /* version that the table is of; 0: there is none */
    char *problem;         /* why there is no table, or NULL */
    char *tracer;          /* the plugin of coverage.py that says what it is; NULL: it is Python */
    struct plugin_file *plugin; /* what that said (plugin_files.h); NULL before */
};

struct source_files {
    struct source_file *items; /* sorted by path */
    size_t count;
    bool has_branches; /* all of the data has them */
};

/* What to collect. All is the caller's; all but `directory` may be NULL or empty. */
struct source_scope {
    const char *directory; /* that relative names and the report are relative to */
    const struct path_aliases *aliases;
    const struct string_list *dirs;    /* folders whose files are reported even if nothing ran */
    const struct string_list *pkgs;    /* import names likewise */
    const struct string_list *roots;   /* of the runs: where packages are looked for that were not
                                        * imported; other checkouts than `directory` are it */
    const struct path_globs *run_omit; /* files that are not looked for */
    bool include_namespace_packages;
    bool quiet_unimported;          /* no warning of packages that are nowhere */
    bool with_contexts;             /* fill source_file.contexts */
    const bool *contexts;           /* the model's contexts whose lines count; NULL: all */
    const struct string_list *only; /* files that alone are reported, even if not measured */
    const struct path_globs *report_include, *report_omit;
    bool relative_files; /* these two match names relative to `directory`, as coverage.py has it */
    const struct string_list *interpreters; /* for line tables, best first */
    const char *cache_directory;
    const struct analysis_rules *rules;
};

/* 0 or -1; warnings are lines for the user. Caller closes. */
int source_files_collect(struct source_files *files, const struct model *model,
                         const struct source_scope *scope, struct string_list *warnings,
                         struct error *error);
void source_files_close(struct source_files *files);

/* Adds to the model the files of the scope that nothing imported, with their line tables, so that
 * a combined file names them. Files that can't be compiled are left out. 0 or -1. */
int source_files_add_unimported(struct model *model, const struct source_scope *scope,
                                struct string_list *warnings, struct error *error);

/* Gives each source of the model that is here as it was measured the hash of its content, by which
 * another checkout knows it. 0 or -1 (memory). */
int source_files_add_hashes(struct model *model);
/* FNV-1a, 128 bits, little-endian, of the bytes of a file. 0, or -1 and errno. */
int source_file_hash(const char *path, uint8_t hash[MODEL_HASH_SIZE], uint64_t *size);

/* Has the file a name that Python code has: with a suffix .py*, or without any? */
bool source_file_should_be_python(const char *path);

/* The bytes of a file, or of a member of a ZIP archive named as zip_member.h says, in `*bytes`
 * (caller frees). 0, or -1 and errno. */
int source_file_read(const char *path, unsigned char **bytes, size_t *size);
/* The same, with what the file was before it was read; `*has_status` is false of a member. */
int source_file_read_with(const char *path, unsigned char **bytes, size_t *size,
                          struct stat *status, bool *has_status);

#endif
