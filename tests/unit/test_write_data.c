/*
 * The combined file: what is written is read again, equal content has equal bytes, and a file is
 * replaced at once or not at all.
 */
#include "unit.h"

#include "preload/format.h"
#include "collector/read/read_data.h"
#include "collector/write/write_data.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void add_lines(struct model *model, const char *path, const char *context, uint32_t line)
{
    uint32_t source, number;
    struct line_set *lines;
    assert_int_equal(model_add_source(model, path, strlen(path), 5, 6, &source), 0);
    assert_int_equal(model_add_table(model, source, 0x030d0000, SOURCE_WHOLE_MODULE, &lines), 0);
    assert_int_equal(line_set_add_range(lines, 1, 9), 0);
    assert_int_equal(model_add_context(model, context, strlen(context), &number), 0);
    assert_int_equal(model_add_lines(model, source, number, &lines), 0);
    assert_int_equal(line_set_add(lines, line), 0);
}

static void add_arc(struct model *model, const char *path, const char *context, struct arc arc)
{
    uint32_t source, number;
    struct arc_set *arcs;
    assert_int_equal(model_add_source(model, path, strlen(path), 5, 6, &source), 0);
    assert_int_equal(model_add_context(model, context, strlen(context), &number), 0);
    assert_int_equal(model_add_arcs(model, source, number, &arcs), 0);
    assert_int_equal(arc_set_add(arcs, arc), 0);
}

static void add_run(struct model *model, uint8_t id)
{
    struct model_run run = { .session = { id },
                             .start = 1000u + id,
                             .processes = 4,
                             .interpreters = 3,
                             .with_data = 2,
                             .lost = 1,
                             .root = "/work" };
    assert_int_equal(model_add_run(model, &run), 0);
}

static void fill(struct model *model)
{
    assert_int_equal(model_init(model), 0);
    add_lines(model, "/b.py", "", 300);
    add_lines(model, "/a.py", "day", 2);
    add_lines(model, "/a.py", "night", 3);
    add_arc(model, "/a.py", "night", (struct arc){ -1, 3 });
    add_arc(model, "/a.py", "night", (struct arc){ 3, -1 });
    add_run(model, 2);
    add_run(model, 1);
    assert_int_equal(model_add_interpreter(model, 0x030d0000, "/python3.13", 11), 0);
}

static void fill_in_another_order(struct model *model)
{
    assert_int_equal(model_init(model), 0);
    assert_int_equal(model_add_interpreter(model, 0x030d0000, "/python3.13", 11), 0);
    add_run(model, 1);
    add_lines(model, "/a.py", "night", 3);
    add_arc(model, "/a.py", "night", (struct arc){ 3, -1 });
    add_arc(model, "/a.py", "night", (struct arc){ -1, 3 });
    add_arc(model, "/a.py", "night", (struct arc){ 3, -1 });
    add_run(model, 2);
    add_lines(model, "/a.py", "day", 2);
    add_lines(model, "/b.py", "", 300);
    add_lines(model, "/b.py", "", 300);
}

static unsigned char *encode(struct model *model, size_t *size)
{
    unsigned char *bytes = NULL;
    assert_int_equal(write_data_encode(model, &bytes, size, NULL), 0);
    assert_non_null(bytes);
    return bytes;
}

static void make_folder(char path[32])
{
    strcpy(path, "/tmp/covfork-test-XXXXXX");
    assert_non_null(mkdtemp(path));
}

static void read_back(const unsigned char *bytes, size_t size, struct model *model,
                      struct data_file *file)
{
    char folder[32], path[64];
    make_folder(folder);
    snprintf(path, sizeof path, "%s/x.data", folder);
    int stored = write_data_store(path, bytes, size, NULL);
    struct string_list warnings = { 0 };
    struct data_reader reader;
    assert_int_equal(model_init(model), 0);
    data_reader_init(&reader, model, &warnings, NULL);
    int result = stored == 0 ? data_reader_read(&reader, path, file, NULL) : -1;
    unlink(path);
    rmdir(folder);
    assert_int_equal(result, 0);
    assert_false(data_reader_is_waiting(&reader));
    assert_int_equal(warnings.count, 0);
    data_reader_close(&reader);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct model model, again;
    struct data_file file;
    size_t size, again_size;
    fill(&model);
    model.has_branch_data = true;
    unsigned char *bytes = encode(&model, &size);
    read_back(bytes, size, &again, &file);
    assert_int_equal(file.flags, FORMAT_FLAG_COMBINED | FORMAT_FLAG_BRANCH);
    assert_int_equal(file.start, 1001);
    assert_int_equal(again.sources[0].arcs_count, 1);
    assert_int_equal(again.sources[0].arcs[0].arcs.count, 2);
    assert_string_equal(again.contexts[again.sources[0].arcs[0].context], "night");
    assert_int_equal(again.run_count, 2);
    assert_int_equal(again.runs[0].lost, 1);
    assert_string_equal(again.runs[0].root, "/work");
    assert_string_equal(again.interpreters[0].executable, "/python3.13");
    unsigned char *again_bytes = encode(&again, &again_size);
    assert_int_equal(size, again_size);
    assert_memory_equal(bytes, again_bytes, size);
    free(bytes);
    free(again_bytes);
    model_close(&model);
    model_close(&again);
}

static void why_something_was_lost_is_written_and_read_again(void **state)
{
    (void)state;
    struct model model, again;
    size_t size;
    uint8_t session[MODEL_ID_SIZE] = { 1 };
    fill(&model);
    assert_int_equal(model_add_note(&model, session, "no space", 8, 3), 0);
    assert_int_equal(model_add_note(&model, session, "a file", 6, 1), 0);
    assert_int_equal(model_add_note(&model, session, "no space", 8, 2), 0);
    unsigned char *bytes = encode(&model, &size);
    struct data_file file;
    read_back(bytes, size, &again, &file);
    assert_int_equal(model_sort(&again), 0);
    assert_int_equal(again.run_count, 2);
    assert_int_equal(again.runs[0].note_count, 2);
    assert_string_equal(again.runs[0].notes[0].reason, "a file");
    assert_string_equal(again.runs[0].notes[1].reason, "no space");
    assert_int_equal(again.runs[0].notes[1].count, 3);
    assert_int_equal(again.runs[1].note_count, 0);
    free(bytes);
    model_close(&again);
    model_close(&model);
}

static void equal_content_has_equal_bytes_whatever_the_order(void **state)
{
    (void)state;
    struct model a, b;
    size_t a_size, b_size;
    fill(&a);
    fill_in_another_order(&b);
    unsigned char *a_bytes = encode(&a, &a_size);
    unsigned char *b_bytes = encode(&b, &b_size);
    assert_int_equal(a_size, b_size);
    assert_memory_equal(a_bytes, b_bytes, a_size);
    free(a_bytes);
    free(b_bytes);
    model_close(&a);
    model_close(&b);
}

static void lines_alone_branches_and_a_mix_are_told_apart(void **state)
{
    (void)state;
    const struct {
        bool branches, lines;
    } kinds[] = { { false, true }, { true, false }, { true, true } };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct model model, again;
        struct data_file file;
        size_t size;
        fill(&model);
        model.has_branch_data = kinds[i].branches;
        model.has_line_data = kinds[i].lines;
        unsigned char *bytes = encode(&model, &size);
        read_back(bytes, size, &again, &file);
        assert_int_equal(again.has_branch_data, kinds[i].branches);
        assert_int_equal(again.has_line_data, kinds[i].lines);
        free(bytes);
        model_close(&model);
        model_close(&again);
    }
}

static void a_source_without_a_line_table_is_kept_with_its_lines(void **state)
{
    (void)state;
    struct model model, again;
    struct data_file file;
    uint32_t source;
    struct line_set *lines;
    size_t size;
    assert_int_equal(model_init(&model), 0);
    assert_int_equal(model_add_source(&model, "/c.py", 5, 0, 0, &source), 0);
    assert_int_equal(model_add_lines(&model, source, 0, &lines), 0);
    assert_int_equal(line_set_add(lines, 7), 0);
    model_set_hash(&model, source, (uint8_t[MODEL_HASH_SIZE]){ 1, 2, 3 });
    unsigned char *bytes = encode(&model, &size);
    read_back(bytes, size, &again, &file);
    assert_int_equal(again.source_count, 1);
    assert_int_equal(again.sources[0].table_count, 0);
    assert_true(line_set_has(&again.sources[0].lines[0].lines, 7));
    assert_true(again.sources[0].has_hash);
    assert_memory_equal(again.sources[0].hash, model.sources[0].hash, MODEL_HASH_SIZE);
    free(bytes);
    model_close(&model);
    model_close(&again);
}

static void the_name_tells_contents_apart(void **state)
{
    (void)state;
    struct model a, b;
    size_t a_size, b_size;
    char a_name[33], again[33], b_name[33];
    fill(&a);
    fill(&b);
    add_lines(&b, "/b.py", "", 301);
    unsigned char *a_bytes = encode(&a, &a_size);
    unsigned char *b_bytes = encode(&b, &b_size);
    write_data_name(a_bytes, a_size, a_name);
    write_data_name(a_bytes, a_size, again);
    write_data_name(b_bytes, b_size, b_name);
    assert_int_equal(strlen(a_name), 32);
    assert_int_equal(strspn(a_name, "0123456789abcdef"), 32);
    assert_string_equal(a_name, again);
    assert_string_not_equal(a_name, b_name);
    free(a_bytes);
    free(b_bytes);
    model_close(&a);
    model_close(&b);
}

static void a_source_without_lines_is_kept(void **state)
{
    (void)state;
    struct model model, again;
    struct data_file file;
    struct line_set *lines;
    uint32_t source;
    size_t size;
    assert_int_equal(model_init(&model), 0);
    assert_int_equal(model_add_source(&model, "/never.py", 9, 5, 6, &source), 0);
    assert_int_equal(model_add_table(&model, source, 0x030d0000, SOURCE_WHOLE_MODULE, &lines), 0);
    unsigned char *bytes = encode(&model, &size);
    read_back(bytes, size, &again, &file);
    assert_int_equal(again.source_count, 1);
    assert_int_equal(again.sources[0].table_count, 1);
    assert_int_equal(again.sources[0].lines_count, 0);
    free(bytes);
    model_close(&model);
    model_close(&again);
}

static void plugins_and_names_of_windows_are_written_and_read_again(void **state)
{
    (void)state;
    struct model model, again;
    struct data_file file;
    uint32_t source;
    size_t size;
    assert_int_equal(model_init(&model), 0);
    assert_int_equal(model_add_source(&model, "C:\\p\\x.html", 11, 0, 0, &source), 0);
    assert_int_equal(model_set_tracer(&model, source, "one.Plugin", 10), 0);
    assert_int_equal(model_set_tracer(&model, source, "two.Plugin", 10), 0);
    assert_int_equal(model_set_tracer(&model, source, "one.Plugin", 10), 0);
    assert_int_equal(model_add_source(&model, "//host/y.html", 13, 0, 0, &source), 0);
    assert_int_equal(model_set_tracer(&model, source, "one.Plugin", 10), 0);
    unsigned char *bytes = encode(&model, &size);
    read_back(bytes, size, &again, &file);
    assert_int_equal(again.source_count, 2);
    assert_string_equal(again.sources[0].path, "//host/y.html");
    assert_string_equal(again.sources[0].tracer, "one.Plugin");
    assert_null(again.sources[0].other_tracer);
    assert_string_equal(again.sources[1].path, "C:\\p\\x.html");
    assert_string_equal(again.sources[1].tracer, "two.Plugin");
    assert_string_equal(again.sources[1].other_tracer, "one.Plugin");
    free(bytes);
    model_close(&model);
    model_close(&again);
}

static void the_file_is_for_its_owner_alone(void **state)
{
    (void)state;
    char folder[32], path[64];
    struct stat status;
    make_folder(folder);
    snprintf(path, sizeof path, "%s/x.data", folder);
    mode_t before = umask(0);
    int result = write_data_store(path, (const unsigned char *)"abc", 3, NULL);
    umask(before);
    int found = stat(path, &status);
    unlink(path);
    rmdir(folder);
    assert_int_equal(result, 0);
    assert_int_equal(found, 0);
    assert_int_equal(status.st_size, 3);
    assert_int_equal(status.st_mode & 07777, 0600);
}

static void a_failure_leaves_nothing_behind(void **state)
{
    (void)state;
    char folder[32], path[64];
    struct error error = { 0 };
    make_folder(folder);
    snprintf(path, sizeof path, "%s/x.data", folder);
    /* A folder that is not empty can't be replaced by a file. */
    assert_int_equal(mkdir(path, 0700), 0);
    char inner[80];
    snprintf(inner, sizeof inner, "%s/y", path);
    assert_int_equal(mkdir(inner, 0700), 0);
    int result = write_data_store(path, (const unsigned char *)"abc", 3, &error);
    size_t entries = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    while (readdir(directory))
        entries++;
    closedir(directory);
    rmdir(inner);
    rmdir(path);
    rmdir(folder);
    assert_int_equal(result, -1);
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_non_null(strstr(error.text, "x.data"));
    assert_int_equal(entries, 3); /* ., .. and x.data */
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_is_written_is_read_again),
    cmocka_unit_test(why_something_was_lost_is_written_and_read_again),
    cmocka_unit_test(equal_content_has_equal_bytes_whatever_the_order),
    cmocka_unit_test(lines_alone_branches_and_a_mix_are_told_apart),
    cmocka_unit_test(a_source_without_a_line_table_is_kept_with_its_lines),
    cmocka_unit_test(the_name_tells_contents_apart),
    cmocka_unit_test(a_source_without_lines_is_kept),
    cmocka_unit_test(plugins_and_names_of_windows_are_written_and_read_again),
    cmocka_unit_test(the_file_is_for_its_owner_alone),
    cmocka_unit_test(a_failure_leaves_nothing_behind),
};

UNIT_MAIN(tests)
