/*
 * The database is made in memory and handed out as bytes, so that a file is replaced at once or
 * not at all. In data with branches coverage.py knows of no lines but those that arcs join: a line
 * that no recorded arc touches is written as an arc to itself, as coverage.py's own sysmon core
 * does.
 */
#include "collector/write/write_sqlite.h"

#include "collector/base/arc_set.h"
#include "collector/base/line_set.h"
#include "collector/base/path.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA_VERSION "7"

static const char schema[] =
    "create table coverage_schema (version integer);"
    "create table meta (key text, value text, unique (key));"
    "create table file (id integer primary key, path text, unique (path));"
    "create table context (id integer primary key, context text, unique (context));"
    "create table line_bits (file_id integer, context_id integer, numbits blob,"
    " foreign key (file_id) references file (id),"
    " foreign key (context_id) references context (id), unique (file_id, context_id));"
    "create table arc (file_id integer, context_id integer, fromno integer, tono integer,"
    " foreign key (file_id) references file (id),"
    " foreign key (context_id) references context (id),"
    " unique (file_id, context_id, fromno, tono));"
    "create table tracer (file_id integer primary key, tracer text,"
    " foreign key (file_id) references file (id));"
    "insert into coverage_schema (version) values (" SCHEMA_VERSION ");";

struct writing {
    sqlite3 *db;
    sqlite3_stmt *add_file, *add_context, *add_lines, *add_arc, *add_tracer;
    const char *directory;
    bool has_branches;
    struct error *error;
};

static int fail(struct writing *writing)
{
    return error_set(writing->error, ERROR_MEMORY, "can't make the database: %s",
                     writing->db ? sqlite3_errmsg(writing->db) : "out of memory");
}

static int run(struct writing *writing, const char *text)
{
    return sqlite3_exec(writing->db, text, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(writing);
}

/* Runs a statement whose values are bound. */
static int step(struct writing *writing, sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : fail(writing);
}

static int prepare(struct writing *writing, const char *text, sqlite3_stmt **statement)
{
    return sqlite3_prepare_v2(writing->db, text, -1, statement, NULL) == SQLITE_OK ? 0
                                                                                   : fail(writing);
}

static int open_database(struct writing *writing)
{
    if (sqlite3_open_v2(":memory:", &writing->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return fail(writing);
    if (run(writing, "begin") != 0 || run(writing, schema) != 0 ||
        prepare(writing, "insert into file (id, path) values (?, ?)", &writing->add_file) != 0 ||
        prepare(writing, "insert into context (id, context) values (?, ?)",
                &writing->add_context) != 0 ||
        prepare(writing, "insert into tracer (file_id, tracer) values (?, ?)",
                &writing->add_tracer) != 0 ||
        prepare(writing, "insert into line_bits (file_id, context_id, numbits) values (?, ?, ?)",
                &writing->add_lines) != 0)
        return -1;
    return prepare(writing,
                   "insert into arc (file_id, context_id, fromno, tono) values (?, ?, ?, ?)",
                   &writing->add_arc);
}

static void close_database(struct writing *writing)
{
    sqlite3_finalize(writing->add_file);
    sqlite3_finalize(writing->add_context);
    sqlite3_finalize(writing->add_lines);
    sqlite3_finalize(writing->add_arc);
    sqlite3_finalize(writing->add_tracer);
    sqlite3_close(writing->db);
}

static int put_meta(struct writing *writing)
{
    sqlite3_stmt *statement;
    if (prepare(writing, "insert into meta (key, value) values ('has_arcs', ?), ('version', ?)",
                &statement) != 0)
        return -1;
    sqlite3_bind_text(statement, 1, writing->has_branches ? "1" : "0", -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, "covfork " COVFORK_VERSION, -1, SQLITE_STATIC);
    int result = step(writing, statement);
    sqlite3_finalize(statement);
    return result;
}

static int put_text(struct writing *writing, sqlite3_stmt *statement, int64_t id, const char *text)
{
    sqlite3_bind_int64(statement, 1, id);
    if (sqlite3_bind_text(statement, 2, text, -1, SQLITE_TRANSIENT) != SQLITE_OK)
        return fail(writing);
    return step(writing, statement);
}

static int put_lines(struct writing *writing, int64_t file, int64_t context,
                     const struct line_set *lines)
{
    _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words of a set are numbits");
    uint32_t last = line_set_last(lines);
    if (last == 0)
        return 0;
    sqlite3_bind_int64(writing->add_lines, 1, file);
    sqlite3_bind_int64(writing->add_lines, 2, context);
    sqlite3_bind_blob(writing->add_lines, 3, lines->words, (int)(last / 8 + 1), SQLITE_STATIC);
    return step(writing, writing->add_lines);
}

static int put_arc(struct writing *writing, int64_t file, int64_t context, struct arc arc)
{
    sqlite3_bind_int64(writing->add_arc, 1, file);
    sqlite3_bind_int64(writing->add_arc, 2, context);
    sqlite3_bind_int(writing->add_arc, 3, arc.from);
    sqlite3_bind_int(writing->add_arc, 4, arc.to);
    return step(writing, writing->add_arc);
}

static int put_arcs(struct writing *writing, int64_t file, int64_t context,
                    const struct source_lines *lines)
{
    struct line_set alone = LINE_SET_EMPTY;
    if (line_set_copy(&alone, &lines->lines) != 0)
        return error_set(writing->error, ERROR_MEMORY, "out of memory");
    int result = 0;
    for (size_t i = 0; result == 0 && i < lines->arcs.count; i++) {
        struct arc arc = lines->arcs.items[i];
        if (arc.from > 0)
            line_set_remove(&alone, (uint32_t)arc.from);
        if (arc.to > 0)
            line_set_remove(&alone, (uint32_t)arc.to);
        result = put_arc(writing, file, context, arc);
    }
    for (uint32_t line = 0; result == 0 && (line = line_set_next(&alone, line)) != 0;)
        result = put_arc(writing, file, context, (struct arc){ (int32_t)line, (int32_t)line });
    line_set_close(&alone);
    return result;
}

/* Also files in which nothing ran: coverage.py reports those that are listed. */
static int put_file(struct writing *writing, int64_t id, const struct source_file *file)
{
    const char *name =
        writing->directory ? path_relative(writing->directory, file->path) : file->path;
    int result = put_text(writing, writing->add_file, id, name);
    if (result == 0 && file->tracer)
        result = put_text(writing, writing->add_tracer, id, file->tracer);
    for (size_t i = 0; result == 0 && i < file->context_count; i++) {
        const struct source_lines *lines = &file->contexts[i];
        int64_t context = (int64_t)lines->context + 1;
        result = writing->has_branches ? put_arcs(writing, id, context, lines)
                                       : put_lines(writing, id, context, &lines->lines);
    }
    return result;
}

static int put_contexts(struct writing *writing, const struct source_files *files,
                        char *const *labels)
{
    uint32_t count = 0;
    for (size_t i = 0; i < files->count; i++)
        for (size_t j = 0; j < files->items[i].context_count; j++)
            if (files->items[i].contexts[j].context >= count)
                count = files->items[i].contexts[j].context + 1;
    for (uint32_t i = 0; i < count; i++)
        if (put_text(writing, writing->add_context, (int64_t)i + 1, labels[i]) != 0)
            return -1;
    return 0;
}

int write_sqlite_encode(const struct source_files *files, char *const *labels,
                        const char *directory, unsigned char **bytes, size_t *size,
                        struct error *error)
{
    struct writing writing = { .directory = directory,
                               .has_branches = files->has_branches,
                               .error = error };
    int result = open_database(&writing);
    if (result == 0)
        result = put_meta(&writing);
    if (result == 0)
        result = put_contexts(&writing, files, labels);
    for (size_t i = 0; result == 0 && i < files->count; i++)
        result = put_file(&writing, (int64_t)i + 1, &files->items[i]);
    if (result == 0)
        result = run(&writing, "commit");
    if (result == 0) {
        sqlite3_int64 length;
        *bytes = sqlite3_serialize(writing.db, "main", &length, 0);
        *size = (size_t)length;
        if (!*bytes)
            result = error_set(error, ERROR_MEMORY, "out of memory");
    }
    close_database(&writing);
    return result;
}

void write_sqlite_free(unsigned char *bytes)
{
    sqlite3_free(bytes);
}
