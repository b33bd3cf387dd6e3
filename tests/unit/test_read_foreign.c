/*
 * Other tools' data: what coverage.py's SQLite files and the tools' JSON reports give, and that a
 * file which is not whole, or not what it says, gives nothing, a line that names it, and no crash.
 */
#include "unit.h"

#include "collector/read/read_foreign.h"
#include "collector/model/syntax_arcs.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char folder[32], path[64];
    struct model model;
    struct foreign_reader reader;
    struct foreign_file file;
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    strcpy(f->folder, "/tmp/covfork-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/data", f->folder);
    assert_int_equal(model_init(&f->model), 0);
    foreign_reader_init(&f->reader, &f->model, f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    foreign_reader_close(&f->reader);
    model_close(&f->model);
    unlink(f->path);
    assert_int_equal(rmdir(f->folder), 0);
    free(f);
    return 0;
}

static void write_bytes(const struct fixture *f, const void *bytes, size_t size)
{
    FILE *stream = fopen(f->path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

static unsigned char *read_bytes(const struct fixture *f, size_t *size)
{
    static unsigned char bytes[1 << 17];
    FILE *stream = fopen(f->path, "rb");
    assert_non_null(stream);
    *size = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    return bytes;
}

static int read_text(struct fixture *f, const char *text)
{
    write_bytes(f, text, strlen(text));
    return foreign_reader_read(&f->reader, f->path, &f->file, &f->error);
}

static const char schema[] =
    "create table coverage_schema (version integer);"
    "create table meta (key text, value text, unique (key));"
    "create table file (id integer primary key, path text, unique (path));"
    "create table context (id integer primary key, context text, unique (context));"
    "create table line_bits (file_id integer, context_id integer, numbits blob,"
    " unique (file_id, context_id));"
    "create table arc (file_id integer, context_id integer, fromno integer, tono integer,"
    " unique (file_id, context_id, fromno, tono));"
    "create table tracer (file_id integer primary key, tracer text);"
    "insert into coverage_schema values (7);";

static const char some_lines[] =
    "insert into meta values ('has_arcs', '0');"
    "insert into file values (3, '/nowhere/a.py'), (9, '/nowhere/b.py');"
    "insert into context values (1, ''), (2, 'night');"
    "insert into line_bits values (3, 1, x'0e'), (3, 2, x'0001'), (9, 1, x'');";

static const char some_arcs[] =
    "insert into meta values ('has_arcs', '1');"
    "insert into file values (1, '/nowhere/a.py');"
    "insert into context values (1, '');"
    "insert into arc values (1, 1, -1, 2), (1, 1, 2, 3), (1, 1, 3, -1);";

static void make_database(const struct fixture *f, const char *tables, const char *rows)
{
    sqlite3 *db;
    unlink(f->path);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "pragma synchronous = off", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, tables, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int read_database(struct fixture *f, const char *rows)
{
    make_database(f, schema, rows);
    return foreign_reader_read(&f->reader, f->path, &f->file, &f->error);
}

static void assert_refused(const struct fixture *f, int result, const char *text)
{
    assert_int_equal(result, -1);
    assert_ptr_equal(strstr(f->error.text, f->path), f->error.text);
    if (!strstr(f->error.text, text))
        fail_msg("\"%s\" does not say \"%s\"", f->error.text, text);
    assert_int_equal(f->model.source_count, 0);
}

static const struct line_set *lines_of(const struct fixture *f, size_t source, const char *label)
{
    const struct model_source *found = &f->model.sources[source];
    for (size_t i = 0; i < found->lines_count; i++)
        if (strcmp(f->model.contexts[found->lines[i].context], label) == 0)
            return &found->lines[i].lines;
    fail_msg("no lines of %s under \"%s\"", found->path, label);
    return NULL;
}

static void lines_of_a_coverage_file_come_by_context(void **state)
{
    struct fixture *f = *state;
    f->reader.counts_lines = true;
    assert_int_equal(read_database(f, some_lines), 0);
    assert_int_equal(f->model.source_count, 2);
    assert_string_equal(f->model.sources[0].path, "/nowhere/a.py");
    assert_int_equal(line_set_count(lines_of(f, 0, "")), 3);
    assert_true(line_set_has(lines_of(f, 0, "night"), 8));
    assert_int_equal(f->model.sources[1].lines_count, 0);
    assert_true(f->model.has_line_data);
    assert_false(f->model.has_branch_data);
    assert_int_equal(f->file.sources, 2);
    assert_int_equal(f->file.line_count, 4);
}

static void arcs_of_a_coverage_file_are_branches_and_lines(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_database(f, some_arcs), 0);
    assert_int_equal(f->model.sources[0].arcs[0].arcs.count, 3);
    assert_int_equal(line_set_count(lines_of(f, 0, "")), 2);
    assert_true(f->model.has_branch_data);
    assert_false(f->model.has_line_data);
}

static void a_source_that_is_not_here_has_neither_size_nor_time(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_database(f, some_lines), 0);
    assert_int_equal(f->model.sources[0].size, 0);
    assert_int_equal(f->model.sources[0].mtime, 0);
}

static void a_source_that_is_here_is_taken_as_it_is(void **state)
{
    struct fixture *f = *state;
    char text[256];
    struct stat status;
    /* The data file itself is as good a source as any. */
    snprintf(text, sizeof text,
             "{\"meta\": {\"version\": \"7\"}, \"files\": {\"%s\":"
             " {\"executed_lines\": [1]}}}",
             f->path);
    assert_int_equal(read_text(f, text), 0);
    assert_int_equal(stat(f->path, &status), 0);
    assert_int_equal(f->model.sources[0].size, status.st_size);
    assert_int_equal(f->model.sources[0].mtime, (uint64_t)status.st_mtim.tv_sec * 1000000000u +
                                                    (uint64_t)status.st_mtim.tv_nsec);
}

static void relative_names_are_of_the_folder(void **state)
{
    struct fixture *f = *state;
    char expected[64];
    snprintf(expected, sizeof expected, "%s/src/a.py", f->folder);
    assert_int_equal(read_database(f, "insert into file values (1, 'src/x/../a.py');"), 0);
    assert_string_equal(f->model.sources[0].path, expected);
}

static void reading_a_file_twice_changes_nothing(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_database(f, some_arcs), 0);
    assert_int_equal(foreign_reader_read(&f->reader, f->path, &f->file, &f->error), 0);
    arc_set_sort(&f->model.sources[0].arcs[0].arcs);
    assert_int_equal(f->model.source_count, 1);
    assert_int_equal(f->model.sources[0].arcs[0].arcs.count, 3);
}

static void files_without_data_are_no_error(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_text(f, ""), 0);
    assert_true(f->file.is_empty);
    assert_int_equal(read_database(f, ""), 0);
    assert_false(f->file.is_empty);
    assert_int_equal(f->file.sources, 0);
    make_database(f, "create table a (b); drop table a;", "");
    assert_int_equal(foreign_reader_read(&f->reader, f->path, &f->file, &f->error), 0);
    assert_int_equal(f->model.source_count, 0);
}

static void other_schemas_are_named(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, read_database(f, "update coverage_schema set version = 6;"), "schema 6");
}

static void other_databases_are_named(void **state)
{
    struct fixture *f = *state;
    make_database(f, "create table cookies (name text);", "");
    assert_refused(f, foreign_reader_read(&f->reader, f->path, &f->file, &f->error),
                   "not data of coverage.py");
}

static void wrong_types_in_tables_are_named(void **state)
{
    static const char *const rows[] = {
        "insert into file values (1, x'00');",
        "insert into file values (1, null);",
        "insert into file values (1, '');",
        "insert into context values (1, 7.5), (2, x'6161');",
        "insert into line_bits values (1, 1, x'02');",
        "insert into file values (1, 'a.py'); insert into line_bits values (1, 1, x'02');",
        "insert into file values (1, 'a.py'); insert into context values (1, '');"
        "insert into line_bits values (1, 1, 'text');",
        "insert into file values (1, 'a.py'); insert into context values (1, '');"
        "insert into line_bits values (1, 'x', x'02');",
        "insert into file values (1, 'a.py'); insert into context values (1, '');"
        "insert into arc values (1, 1, 'one', 2);",
        "insert into file values (1, 'a.py'); insert into context values (1, '');"
        "insert into arc values (1, 1, 1, 9223372036854775807);",
        "insert into file values (1, 'a.py'); insert into context values (1, '');"
        "insert into arc values (1, 1, -9223372036854775808, 1);",
        "insert into tracer values (1, 'a.Plugin');",
        "insert into file values (1, 'a.py'); insert into tracer values (1, x'61');",
        "insert into file values (1, 'a.py'); insert into tracer values (1, null);",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_refused(f, read_database(f, rows[i]), "damaged");
}

static void plugins_that_traced_a_file_are_kept(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_database(f, "insert into file values (1, '/a.html'), (2, '/b.py'),"
                                      " (3, '/never.html');"
                                      "insert into context values (1, '');"
                                      "insert into line_bits values (1, 1, x'02'), (2, 1, x'02');"
                                      "insert into tracer values (1, 'a.Plugin'), (2, ''),"
                                      " (3, 'a.Plugin');"),
                     0);
    assert_int_equal(f->model.source_count, 3);
    assert_string_equal(f->model.sources[0].tracer, "a.Plugin");
    assert_null(f->model.sources[1].tracer);
    assert_string_equal(f->model.sources[2].tracer, "a.Plugin");
}

static void names_of_windows_stay_as_they_are(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_database(f, "insert into file values (1, 'C:\\p\\a.py'),"
                                      " (2, '\\\\host\\b.py'), (3, 'src\\c.py');"),
                     0);
    assert_string_equal(f->model.sources[0].path, "C:\\p\\a.py");
    assert_string_equal(f->model.sources[1].path, "\\\\host\\b.py");
    const char *relative = f->model.sources[2].path;
    assert_string_equal(relative + strlen(relative) - strlen("/src/c.py"), "/src/c.py");
}

static void views_are_not_looked_through(void **state)
{
    struct fixture *f = *state;
    make_database(f, schema,
                  "drop table file;"
                  "create view file as with recursive n (id) as (select 1 union all"
                  " select id + 1 from n) select id, 'a' || id as path from n;");
    assert_refused(f, foreign_reader_read(&f->reader, f->path, &f->file, &f->error),
                   "tables of another kind");
}

static void missing_tables_are_named(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, read_database(f, "drop table line_bits;"), "line_bits");
}

static void nothing_is_made_beside_a_file(void **state)
{
    struct fixture *f = *state;
    make_database(f, schema, "pragma journal_mode = wal; insert into file values (1, '/a.py');");
    assert_int_equal(chmod(f->path, 0400), 0);
    assert_int_equal(foreign_reader_read(&f->reader, f->path, &f->file, &f->error), 0);
    assert_int_equal(f->file.sources, 1);
    DIR *directory = opendir(f->folder);
    size_t count = 0;
    while (readdir(directory))
        count++;
    closedir(directory);
    assert_int_equal(count, 3); /* with . and .. */
}

static const char slipcover_report[] =
    "{\"meta\": {\"software\": \"slipcover\", \"version\": \"1.1.0\", \"branch_coverage\": true},"
    " \"files\": {\"/nowhere/a.py\": {\"executed_lines\": [0, 1, 2, 5], \"missing_lines\": [6],"
    " \"executed_branches\": [[2, 5], [5, 0]], \"missing_branches\": [[2, 6]]},"
    " \"/nowhere/b.py\": {\"executed_lines\": [], \"missing_lines\": [1]}}}";

static const char coverage_report[] =
    "{\"meta\": {\"format\": 3, \"version\": \"7.17.3\", \"branch_coverage\": false,"
    " \"show_contexts\": true}, \"files\": {\"/nowhere/a\\udcff.py\": {\"executed_lines\":"
    " [1, 2, 9], \"contexts\": {\"1\": [\"\", \"\\ud83d\\ude00\"], \"2\": [\"day\"], \"0\": "
    "[\"\"]},"
    " \"functions\": {}}}, \"totals\": {}}";

static void a_slipcover_report_gives_lines_and_branches(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_text(f, slipcover_report), 0);
    assert_int_equal(f->model.source_count, 2);
    assert_int_equal(line_set_count(lines_of(f, 0, "")), 3);
    const struct arc_set *arcs = &f->model.sources[0].arcs[0].arcs;
    assert_int_equal(arcs->count, 2);
    assert_true(arc_set_has(arcs, (struct arc){ 5, SYNTAX_ARC_MARK }));
    assert_true(arc_set_has(arcs, (struct arc){ 2, 5 + SYNTAX_ARC_MARK }));
    assert_true(f->model.has_branch_data);
    assert_int_equal(f->model.sources[1].lines_count, 0);
}

static void a_coverage_report_gives_lines_by_context(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_text(f, coverage_report), 0);
    assert_string_equal(f->model.sources[0].path, "/nowhere/a\xff.py");
    assert_true(line_set_has(lines_of(f, 0, "\xf0\x9f\x98\x80"), 1));
    assert_true(line_set_has(lines_of(f, 0, "day"), 2));
    assert_true(line_set_has(lines_of(f, 0, ""), 1));
    assert_true(line_set_has(lines_of(f, 0, ""), 9));
    assert_false(line_set_has(lines_of(f, 0, ""), 2));
    assert_true(f->model.has_line_data);
}

static void branches_of_a_report_take_the_context_of_their_lines(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "{\"meta\": {\"version\": \"7\", \"branch_coverage\": true},"
                                  " \"files\": {\"/a.py\": {\"executed_lines\": [1, 2, 3],"
                                  " \"executed_branches\": [[1, 3]], \"contexts\": {\"1\":"
                                  " [\"x\", \"y\"], \"2\": [\"x\"], \"3\": [\"y\"]}}}}"),
                     0);
    assert_int_equal(f->model.sources[0].arcs_count, 1);
    assert_string_equal(f->model.contexts[f->model.sources[0].arcs[0].context], "y");
}

static void other_json_is_named(void **state)
{
    static const char *const texts[] = {
        "{}",
        "{\"name\": \"package\", \"version\": \"1.0\"}",
        "{\"meta\": {\"version\": \"1\"}, \"files\": []}",
        "{\"meta\": {\"version\": 1}, \"files\": {}}",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_refused(f, read_text(f, texts[i]), "no report of coverage.py or slipcover");
}

static void wrong_values_in_a_report_are_named(void **state)
{
    static const char *const entries[] = {
        "[]",
        "{\"executed_lines\": {}}",
        "{\"executed_lines\": [-1]}",
        "{\"executed_lines\": [1073741824]}",
        "{\"executed_lines\": [1.5]}",
        "{\"executed_lines\": [\"1\"]}",
        "{\"executed_lines\": [], \"executed_branches\": 1}",
        "{\"executed_lines\": [], \"executed_branches\": [1, 2]}",
        "{\"executed_lines\": [], \"executed_branches\": [[1]]}",
        "{\"executed_lines\": [], \"executed_branches\": [[0, 1]]}",
        "{\"executed_lines\": [], \"executed_branches\": [[1, 99999999999]]}",
        "{\"executed_lines\": [], \"contexts\": []}",
        "{\"executed_lines\": [], \"contexts\": {\"x\": []}}",
        "{\"executed_lines\": [], \"contexts\": {\"\": []}}",
        "{\"executed_lines\": [], \"contexts\": {\"1\": \"day\"}}",
        "{\"executed_lines\": [], \"contexts\": {\"1\": [1]}}",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, "{\"meta\": {\"version\": \"7\"}, \"files\": {\"/a.py\": %s}}",
                 entries[i]);
        assert_refused(f, read_text(f, text), "of /a.py");
    }
}

static void other_files_are_named(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, read_text(f, "!coverage.py: This is a private format"),
                   "not data of covfork, coverage.py (5.0 or later) or slipcover");
    assert_refused(f, read_text(f, "SQLite format 3"), "not data of");
}

static void kinds_are_told_by_content(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum foreign_kind kind;
    } files[] = {
        { "", 0, FOREIGN_EMPTY },
        { "\0\0\0", 3, FOREIGN_EMPTY },
        { "COVFORK\n and more", 17, FOREIGN_COVFORK },
        { "SQLite format 3\0", 16, FOREIGN_SQLITE },
        { " \n{", 3, FOREIGN_JSON },
        { "[]", 2, FOREIGN_UNKNOWN },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        enum foreign_kind kind;
        write_bytes(f, files[i].bytes, files[i].size);
        assert_int_equal(foreign_kind_of(f->path, &kind, NULL), 0);
        assert_int_equal(kind, files[i].kind);
    }
}

static void reports_are_told_from_other_json(void **state)
{
    struct fixture *f = *state;
    write_bytes(f, slipcover_report, strlen(slipcover_report));
    assert_true(foreign_is_report(f->path));
    write_bytes(f, "{\"name\": \"x\"}", 13);
    assert_false(foreign_is_report(f->path));
    assert_false(foreign_is_report(f->folder));
}

static void links_and_folders_are_not_read(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(symlink("/dev/null", f->path), 0);
    assert_refused(f, foreign_reader_read(&f->reader, f->path, &f->file, &f->error),
                   "symbolic link");
    enum foreign_kind kind;
    assert_int_equal(foreign_kind_of(f->folder, &kind, &f->error), -1);
    assert_non_null(strstr(f->error.text, "not a regular file"));
}

/* Either all of a file is taken or nothing, and it says so. */
static void read_changed(struct fixture *f, const unsigned char *bytes, size_t size)
{
    struct model model;
    struct foreign_reader reader;
    struct error error = { 0 };
    write_bytes(f, bytes, size);
    assert_int_equal(model_init(&model), 0);
    foreign_reader_init(&reader, &model, f->folder);
    int result = foreign_reader_read(&reader, f->path, &f->file, &error);
    if (result != 0) {
        assert_int_equal(model.source_count, 0);
        assert_ptr_equal(strstr(error.text, f->path), error.text);
    }
    foreign_reader_close(&reader);
    model_close(&model);
}

static void cut_everywhere(struct fixture *f, const unsigned char *bytes, size_t size, size_t step)
{
    unsigned char *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    for (size_t i = 0; i < size; i += step)
        read_changed(f, copy, i);
    free(copy);
}

static void change_everywhere(struct fixture *f, const unsigned char *bytes, size_t size,
                              size_t step)
{
    static const unsigned char values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
    unsigned char *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    for (size_t i = 0, turn = 0; i < size; i += step, turn++) {
        unsigned char kept = copy[i];
        /* Far into a page most bytes are zeros, which say nothing. */
        if (i > 200 && kept == 0 && turn % 16)
            continue;
        copy[i] = values[turn % sizeof values];
        read_changed(f, copy, size);
        copy[i] = (unsigned char)(kept ^ 1u << turn % 8);
        read_changed(f, copy, size);
        copy[i] = kept;
    }
    free(copy);
}

static void a_database_cut_anywhere_does_no_harm(void **state)
{
    struct fixture *f = *state;
    const char *const rows[] = { some_lines, some_arcs };
    for (size_t i = 0; i < 2; i++) {
        size_t size;
        make_database(f, schema, rows[i]);
        unsigned char *bytes = read_bytes(f, &size);
        cut_everywhere(f, bytes, size, 97);
    }
}

static void a_database_changed_anywhere_does_no_harm(void **state)
{
    struct fixture *f = *state;
    const char *const rows[] = { some_lines, some_arcs };
    for (size_t i = 0; i < 2; i++) {
        size_t size;
        make_database(f, schema, rows[i]);
        unsigned char *bytes = read_bytes(f, &size);
        change_everywhere(f, bytes, size, 3);
    }
}

static void a_report_cut_anywhere_is_named(void **state)
{
    struct fixture *f = *state;
    const char *const texts[] = { slipcover_report, coverage_report };
    for (size_t i = 0; i < 2; i++)
        for (size_t size = 1; size < strlen(texts[i]); size++) {
            write_bytes(f, texts[i], size);
            assert_refused(f, foreign_reader_read(&f->reader, f->path, &f->file, &f->error),
                           "damaged JSON");
        }
}

static void a_report_changed_anywhere_does_no_harm(void **state)
{
    struct fixture *f = *state;
    const char *const texts[] = { slipcover_report, coverage_report };
    for (size_t i = 0; i < 2; i++)
        change_everywhere(f, (const unsigned char *)texts[i], strlen(texts[i]), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    TEST(lines_of_a_coverage_file_come_by_context),
    TEST(arcs_of_a_coverage_file_are_branches_and_lines),
    TEST(a_source_that_is_not_here_has_neither_size_nor_time),
    TEST(a_source_that_is_here_is_taken_as_it_is),
    TEST(relative_names_are_of_the_folder),
    TEST(reading_a_file_twice_changes_nothing),
    TEST(files_without_data_are_no_error),
    TEST(other_schemas_are_named),
    TEST(other_databases_are_named),
    TEST(wrong_types_in_tables_are_named),
    TEST(plugins_that_traced_a_file_are_kept),
    TEST(names_of_windows_stay_as_they_are),
    TEST(views_are_not_looked_through),
    TEST(missing_tables_are_named),
    TEST(nothing_is_made_beside_a_file),
    TEST(a_slipcover_report_gives_lines_and_branches),
    TEST(a_coverage_report_gives_lines_by_context),
    TEST(branches_of_a_report_take_the_context_of_their_lines),
    TEST(other_json_is_named),
    TEST(wrong_values_in_a_report_are_named),
    TEST(other_files_are_named),
    TEST(kinds_are_told_by_content),
    TEST(reports_are_told_from_other_json),
    TEST(links_and_folders_are_not_read),
    TEST(a_database_cut_anywhere_does_no_harm),
    TEST(a_database_changed_anywhere_does_no_harm),
    TEST(a_report_cut_anywhere_is_named),
    TEST(a_report_changed_anywhere_does_no_harm),
};

UNIT_MAIN(tests)
