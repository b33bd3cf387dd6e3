/*
 * coverage.py's data files: SQLite with schema version 7, as every release since 5.0 writes. The
 * file's bytes are given to SQLite as a database in memory, so that it neither locks the file nor
 * looks for a journal beside it. A file from elsewhere may hold views, triggers and virtual tables:
 * only plain tables are read, and the schema is not trusted.
 */
#include "collector/read/read_coverage_sqlite.h"

#include "collector/base/hash_map.h"
#include "collector/base/line_set.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA_VERSION 7
/* No set of lines, path or label is longer. */
#define LENGTH_MAX (1 << 26)

struct reading {
    sqlite3 *db;
    struct foreign_stage *stage;
    struct hash_map sources, contexts; /* ids to the stage's indexes */
    struct error *error;
};

static int out_of_memory(struct reading *reading)
{
    return error_set(reading->error, ERROR_MEMORY, "out of memory");
}

static int fail(struct reading *reading)
{
    if (sqlite3_errcode(reading->db) == SQLITE_NOMEM)
        return out_of_memory(reading);
    return error_set(reading->error, ERROR_FORMAT, "damaged: %s", sqlite3_errmsg(reading->db));
}

static int damaged(struct reading *reading, const char *what)
{
    return error_set(reading->error, ERROR_FORMAT, "damaged: %s", what);
}

/* Calls `take` for each row. 0 or -1. */
static int each_row(struct reading *reading, const char *query,
                    int (*take)(struct reading *, sqlite3_stmt *))
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(reading->db, query, -1, &statement, NULL) != SQLITE_OK)
        return fail(reading);
    int result = 0, step = SQLITE_DONE;
    while (result == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW)
        result = take(reading, statement);
    if (result == 0 && step != SQLITE_DONE)
        result = fail(reading);
    sqlite3_finalize(statement);
    return result;
}

static int add_id(struct reading *reading, struct hash_map *map, int64_t id, uint32_t index)
{
    return hash_map_add(map, hash_integer((uint64_t)id), index) == 0 ? 0 : out_of_memory(reading);
}

static bool find_id(const struct hash_map *map, sqlite3_stmt *row, int column, uint32_t *index)
{
    if (sqlite3_column_type(row, column) != SQLITE_INTEGER)
        return false;
    uint64_t id = (uint64_t)sqlite3_column_int64(row, column);
    size_t at = hash_map_first(map, hash_integer(id));
    if (at == HASH_MAP_END)
        return false;
    *index = hash_map_value(map, at);
    return true;
}

/* A text that can be a path or a label: NULL when it can't, or memory ran out. */
static const char *column_text(sqlite3_stmt *row, int column, size_t *length)
{
    if (sqlite3_column_type(row, column) != SQLITE_TEXT)
        return NULL;
    const char *text = (const char *)sqlite3_column_text(row, column);
    *length = (size_t)sqlite3_column_bytes(row, column);
    return text && !memchr(text, 0, *length) ? text : NULL;
}

static int take_version(struct reading *reading, sqlite3_stmt *row)
{
    int64_t version = sqlite3_column_int64(row, 0);
    if (version == SCHEMA_VERSION)
        return 0;
    return error_set(reading->error, ERROR_FORMAT,
                     "data of coverage.py with schema %lld; only schema %d is known",
                     (long long)version, SCHEMA_VERSION);
}

static int take_has_arcs(struct reading *reading, sqlite3_stmt *row)
{
    reading->stage->has_branches = sqlite3_column_int(row, 0) != 0;
    return 0;
}

static int take_file(struct reading *reading, sqlite3_stmt *row)
{
    size_t length;
    const char *path = column_text(row, 1, &length);
    uint32_t index;
    if (!path || length == 0 || length >= PATH_MAX)
        return damaged(reading, "a file without a name");
    if (foreign_stage_source(reading->stage, path, length, &index) != 0)
        return out_of_memory(reading);
    return add_id(reading, &reading->sources, sqlite3_column_int64(row, 0), index);
}

static int take_context(struct reading *reading, sqlite3_stmt *row)
{
    size_t length;
    const char *label = column_text(row, 1, &length);
    uint32_t index;
    if (!label)
        return damaged(reading, "a context without a label");
    if (foreign_stage_context(reading->stage, label, length, &index) != 0)
        return out_of_memory(reading);
    return add_id(reading, &reading->contexts, sqlite3_column_int64(row, 0), index);
}

static int find_ids(struct reading *reading, sqlite3_stmt *row, uint32_t *source, uint32_t *context)
{
    if (!find_id(&reading->sources, row, 0, source))
        return damaged(reading, "what ran is of a file that is not listed");
    if (!find_id(&reading->contexts, row, 1, context))
        return damaged(reading, "what ran is of a context that is not listed");
    return 0;
}

static int take_lines(struct reading *reading, sqlite3_stmt *row)
{
    uint32_t source = 0, context = 0;
    if (find_ids(reading, row, &source, &context) != 0)
        return -1;
    int type = sqlite3_column_type(row, 2);
    if (type != SQLITE_BLOB && type != SQLITE_NULL)
        return damaged(reading, "a set of lines that is none");
    const unsigned char *bitmap = sqlite3_column_blob(row, 2);
    size_t size = (size_t)sqlite3_column_bytes(row, 2);
    if (size && !bitmap)
        return out_of_memory(reading);
    return foreign_stage_lines(reading->stage, source, context, bitmap, size) == 0
               ? 0
               : out_of_memory(reading);
}

static bool is_end(sqlite3_stmt *row, int column)
{
    if (sqlite3_column_type(row, column) != SQLITE_INTEGER)
        return false;
    int64_t line = sqlite3_column_int64(row, column);
    return line >= -(int64_t)LINE_SET_MAX_LINE && line <= (int64_t)LINE_SET_MAX_LINE;
}

static int take_arc(struct reading *reading, sqlite3_stmt *row)
{
    uint32_t source = 0, context = 0;
    if (find_ids(reading, row, &source, &context) != 0)
        return -1;
    if (!is_end(row, 2) || !is_end(row, 3))
        return damaged(reading, "an arc between lines that no file has");
    struct arc arc = { sqlite3_column_int(row, 2), sqlite3_column_int(row, 3) };
    reading->stage->has_branches = true;
    return foreign_stage_arc(reading->stage, source, context, arc) == 0 ? 0
                                                                        : out_of_memory(reading);
}

static int take_tracer(struct reading *reading, sqlite3_stmt *row)
{
    size_t length;
    uint32_t source;
    const char *name = column_text(row, 1, &length);
    if (!find_id(&reading->sources, row, 0, &source))
        return damaged(reading, "a plugin is of a file that is not listed");
    if (!name)
        return damaged(reading, "a plugin without a name");
    /* coverage.py has such rows for files that it traced itself. */
    if (length == 0)
        return 0;
    return foreign_stage_tracer(reading->stage, source, name, length) == 0 ? 0
                                                                           : out_of_memory(reading);
}

static int take_table_count(struct reading *reading, sqlite3_stmt *row)
{
    (void)reading;
    (void)row;
    return 1;
}

/* 1 where there is such a table, 0 where not, -1 (error). */
static int has_any(struct reading *reading, const char *query)
{
    return each_row(reading, query, take_table_count);
}

/* 1 when there is nothing to read, which is no error: a file that nothing was written to. */
static int check_tables(struct reading *reading)
{
    int found = has_any(reading, "select 1 from sqlite_master");
    if (found <= 0)
        return found < 0 ? -1 : 1;
    found = has_any(reading, "select 1 from sqlite_master"
                             " where name = 'coverage_schema' and type = 'table'");
    if (found < 0)
        return -1;
    if (found == 0)
        return error_set(reading->error, ERROR_FORMAT, "SQLite, but not data of coverage.py");
    /* Views and virtual tables have no page of their own. */
    found = has_any(reading,
                    "select 1 from sqlite_master where lower(name) in"
                    " ('coverage_schema', 'meta', 'file', 'context', 'line_bits', 'arc', 'tracer')"
                    " and (type <> 'table' or not rootpage > 0)");
    return found <= 0 ? found : damaged(reading, "tables of another kind than coverage.py's");
}

static int read_tables(struct reading *reading)
{
    if (each_row(reading, "select version from coverage_schema", take_version) != 0 ||
        each_row(reading, "select value from meta where key = 'has_arcs'", take_has_arcs) != 0 ||
        each_row(reading, "select id, path from file", take_file) != 0 ||
        each_row(reading, "select id, context from context", take_context) != 0 ||
        each_row(reading, "select file_id, context_id, numbits from line_bits", take_lines) != 0)
        return -1;
    /* Files that were made by hand may have no such table. */
    int found = has_any(reading, "select 1 from sqlite_master where name = 'tracer'");
    if (found < 0 ||
        (found > 0 && each_row(reading, "select file_id, tracer from tracer", take_tracer) != 0))
        return -1;
    /* The order is that of an index: it costs nothing, and saves sorting them. */
    return each_row(
        reading, "select file_id, context_id, fromno, tono from arc order by 1, 2, 3, 4", take_arc);
}

static void restrict_database(sqlite3 *db)
{
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    /* Cells of a damaged page are checked before they are used. */
    sqlite3_exec(db, "pragma cell_size_check = on", NULL, NULL, NULL);
}

int read_coverage_sqlite(struct foreign_stage *stage, unsigned char *bytes, size_t size,
                         struct error *error)
{
    struct reading reading = { .stage = stage, .error = error };
    /* The versions of the format for writing and reading: 2 is a write-ahead log, which a database
     * in memory can't have; what is in the file itself is read. */
    enum { WRITE_VERSION = 18, READ_VERSION = 19 };
    if (size > READ_VERSION && bytes[READ_VERSION] == 2)
        bytes[WRITE_VERSION] = bytes[READ_VERSION] = 1;
    int result = -1;
    if (sqlite3_open_v2(":memory:", &reading.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK) {
        out_of_memory(&reading);
    } else {
        restrict_database(reading.db);
        if (sqlite3_deserialize(reading.db, "main", bytes, (sqlite3_int64)size, (sqlite3_int64)size,
                                SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
            fail(&reading);
        else
            result = check_tables(&reading);
        if (result == 0)
            result = read_tables(&reading);
        else if (result > 0)
            result = 0;
    }
    hash_map_close(&reading.sources);
    hash_map_close(&reading.contexts);
    sqlite3_close(reading.db);
    return result;
}
