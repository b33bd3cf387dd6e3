/*
 * Which records are of a file here: by size and time, by content, from another checkout; and what
 * of them a report gets.
 */
#include "unit.h"

#include "preload/format.h"
#include "collector/project/source_file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char text[] = "a = 1\nb = 2\nc = 3\n";

struct fixture {
    char folder[32], path[64];
    uint64_t size, mtime;
    uint8_t hash[MODEL_HASH_SIZE];
    struct model model;
    struct string_list warnings;
    struct source_files files;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct stat status;
    assert_non_null(f);
    strcpy(f->folder, "/tmp/covfork-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/shop", f->folder);
    assert_int_equal(mkdir(f->path, 0700), 0);
    snprintf(f->path, sizeof f->path, "%s/shop/cart.py", f->folder);
    FILE *stream = fopen(f->path, "w");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
    assert_int_equal(stat(f->path, &status), 0);
    f->mtime = (uint64_t)status.st_mtim.tv_sec * 1000000000u + (uint64_t)status.st_mtim.tv_nsec;
    assert_int_equal(source_file_hash(f->path, f->hash, &f->size), 0);
    assert_int_equal(model_init(&f->model), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    source_files_close(&f->files);
    string_list_close(&f->warnings);
    model_close(&f->model);
    unlink(f->path);
    *strrchr(f->path, '/') = '\0';
    rmdir(f->path);
    assert_int_equal(rmdir(f->folder), 0);
    free(f);
    return 0;
}

/* A record of `line` in one of a file's states, with the line table that the text has. */
static uint32_t add_record(struct fixture *f, const char *path, uint64_t size, uint64_t mtime,
                           const char *context, uint32_t line)
{
    uint32_t source, number;
    struct line_set *lines;
    struct arc_set *arcs;
    assert_int_equal(model_add_source(&f->model, path, strlen(path), size, mtime, &source), 0);
    if (size) {
        assert_int_equal(
            model_add_table(&f->model, source, 0x030d0000, SOURCE_WHOLE_MODULE, &lines), 0);
        assert_int_equal(line_set_add_range(lines, 1, 3), 0);
    }
    assert_int_equal(model_add_context(&f->model, context, strlen(context), &number), 0);
    assert_int_equal(model_add_lines(&f->model, source, number, &lines), 0);
    assert_int_equal(line_set_add(lines, line), 0);
    assert_int_equal(model_add_arcs(&f->model, source, number, &arcs), 0);
    assert_int_equal(arc_set_add(arcs, (struct arc){ (int32_t)line, -1 }), 0);
    return source;
}

static void collect(struct fixture *f, const struct string_list *roots)
{
    struct source_scope scope = { .directory = f->folder, .with_contexts = true, .roots = roots };
    struct error error = { 0 };
    int result = source_files_collect(&f->files, &f->model, &scope, &f->warnings, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(result, 0);
}

static void assert_one_file_with(const struct fixture *f, uint32_t lines)
{
    assert_int_equal(f->files.count, 1);
    assert_string_equal(f->files.items[0].path, f->path);
    assert_int_equal(line_set_count(&f->files.items[0].executed), lines);
}

static void assert_warning(const struct fixture *f, const char *expected)
{
    assert_int_equal(f->warnings.count, 1);
    assert_non_null(strstr(f->warnings.items[0], expected));
}

static void hashes_are_fnv_1a(void **state)
{
    static const uint8_t empty[] = { 0x8d, 0xc5, 0x95, 0x62, 0x75, 0x21, 0xb8, 0x62,
                                     0x42, 0x01, 0xbb, 0x07, 0x2e, 0x27, 0x62, 0x6c };
    static const uint8_t one[] = { 0x64, 0x89, 0x4a, 0x4e, 0x70, 0x2b, 0x91, 0x78,
                                   0xaf, 0x8c, 0x1a, 0x6f, 0x69, 0xcb, 0x28, 0xd2 };
    struct fixture *f = *state;
    uint8_t hash[MODEL_HASH_SIZE];
    uint64_t size;
    assert_int_equal(truncate(f->path, 0), 0);
    assert_int_equal(source_file_hash(f->path, hash, &size), 0);
    assert_memory_equal(hash, empty, sizeof hash);
    FILE *stream = fopen(f->path, "w");
    fputs("a", stream);
    fclose(stream);
    assert_int_equal(source_file_hash(f->path, hash, &size), 0);
    assert_memory_equal(hash, one, sizeof hash);
    assert_int_equal(size, 1);
}

static void what_ran_comes_with_arcs_and_by_context(void **state)
{
    struct fixture *f = *state;
    add_record(f, f->path, f->size, f->mtime, "night", 1);
    add_record(f, f->path, f->size, f->mtime, "day", 2);
    add_record(f, f->path, 0, 0, "night", 3);
    collect(f, NULL);
    assert_one_file_with(f, 3);
    const struct source_file *file = &f->files.items[0];
    assert_int_equal(file->arcs.count, 3);
    assert_true(arc_set_has(&file->arcs, (struct arc){ 2, -1 }));
    assert_int_equal(file->context_count, 2);
    assert_string_equal(f->model.contexts[file->contexts[0].context], "day");
    assert_string_equal(f->model.contexts[file->contexts[1].context], "night");
    assert_int_equal(line_set_count(&file->contexts[1].lines), 2);
    assert_int_equal(file->contexts[1].arcs.count, 2);
}

static void branches_are_there_when_all_data_has_them(void **state)
{
    struct fixture *f = *state;
    add_record(f, f->path, f->size, f->mtime, "", 1);
    f->model.has_branch_data = true;
    collect(f, NULL);
    assert_true(f->files.has_branches);
    assert_int_equal(f->warnings.count, 0);
}

static void with_some_data_without_branches_only_lines_are_reported(void **state)
{
    struct fixture *f = *state;
    add_record(f, f->path, f->size, f->mtime, "", 1);
    f->model.has_branch_data = f->model.has_line_data = true;
    collect(f, NULL);
    assert_false(f->files.has_branches);
    assert_warning(f, "some of the data has no branches: only lines are reported");
}

static void equal_content_of_another_time_is_the_same_file(void **state)
{
    struct fixture *f = *state;
    model_set_hash(&f->model, add_record(f, f->path, f->size, 1, "", 1), f->hash);
    collect(f, NULL);
    assert_one_file_with(f, 1);
    assert_int_equal(f->warnings.count, 0);
}

static void other_content_of_the_same_size_and_lines_is_another_file(void **state)
{
    struct fixture *f = *state;
    f->hash[0] ^= 1;
    model_set_hash(&f->model, add_record(f, f->path, f->size, 1, "", 1), f->hash);
    collect(f, NULL);
    assert_one_file_with(f, 0);
    assert_warning(f, "has changed since it was measured");
}

static void a_file_of_another_checkout_is_found_by_its_content(void **state)
{
    struct fixture *f = *state;
    model_set_hash(&f->model, add_record(f, "/no/such/shop/cart.py", f->size, 1, "", 2), f->hash);
    collect(f, NULL);
    assert_one_file_with(f, 1);
    assert_int_equal(f->warnings.count, 0);
}

static void a_file_that_has_changed_is_found_beside_one_that_has_not(void **state)
{
    struct fixture *f = *state;
    char other[64];
    snprintf(other, sizeof other, "%s/other.py", f->folder);
    FILE *stream = fopen(other, "w");
    assert_non_null(stream);
    fputs("d = 4\n", stream);
    fclose(stream);
    model_set_hash(&f->model, add_record(f, "/no/such/shop/cart.py", f->size, 1, "", 2), f->hash);
    f->hash[0] ^= 1;
    model_set_hash(&f->model, add_record(f, "/no/such/other.py", 7, 1, "", 1), f->hash);
    collect(f, NULL);
    unlink(other);
    assert_int_equal(f->files.count, 2);
    assert_string_equal(f->files.items[0].path, other);
    assert_int_equal(line_set_count(&f->files.items[0].executed), 0);
    assert_int_equal(line_set_count(&f->files.items[1].executed), 1);
    assert_warning(f, "other.py has changed since it was measured");
}

static void the_root_of_a_run_elsewhere_is_the_folder_here(void **state)
{
    struct fixture *f = *state;
    struct string_list roots = { 0 };
    assert_int_equal(string_list_add(&roots, "/no/such"), 0);
    add_record(f, "/no/such/shop/cart.py", f->size, 1, "", 2);
    collect(f, &roots);
    string_list_close(&roots);
    /* Without a hash the lines with code are compared: they are those of the file here. */
    assert_int_equal(f->files.count, 1);
    assert_string_equal(f->files.items[0].path, f->path);
}

static void what_other_tools_measured_elsewhere_is_found_by_name_and_said(void **state)
{
    struct fixture *f = *state;
    add_record(f, "/no/such/shop/cart.py", 0, 0, "", 2);
    collect(f, NULL);
    assert_one_file_with(f, 1);
    assert_warning(f, "/no/such is taken for");
}

static void a_name_alone_does_not_stand_for_a_file_that_is_too_short(void **state)
{
    struct fixture *f = *state;
    add_record(f, "/no/such/shop/cart.py", 0, 0, "", 2000);
    collect(f, NULL);
    assert_int_equal(f->files.count, 1);
    assert_string_equal(f->files.items[0].path, "/no/such/shop/cart.py");
}

static void hashes_are_added_to_files_that_are_as_they_were(void **state)
{
    struct fixture *f = *state;
    uint32_t now = add_record(f, f->path, f->size, f->mtime, "", 1);
    uint32_t before = add_record(f, f->path, f->size, 1, "", 1);
    uint32_t gone = add_record(f, "/no/such.py", f->size, f->mtime, "", 1);
    assert_int_equal(source_files_add_hashes(&f->model), 0);
    assert_true(f->model.sources[now].has_hash);
    assert_memory_equal(f->model.sources[now].hash, f->hash, MODEL_HASH_SIZE);
    assert_false(f->model.sources[before].has_hash);
    assert_false(f->model.sources[gone].has_hash);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    TEST(hashes_are_fnv_1a),
    TEST(what_ran_comes_with_arcs_and_by_context),
    TEST(branches_are_there_when_all_data_has_them),
    TEST(with_some_data_without_branches_only_lines_are_reported),
    TEST(equal_content_of_another_time_is_the_same_file),
    TEST(other_content_of_the_same_size_and_lines_is_another_file),
    TEST(a_file_of_another_checkout_is_found_by_its_content),
    TEST(a_file_that_has_changed_is_found_beside_one_that_has_not),
    TEST(the_root_of_a_run_elsewhere_is_the_folder_here),
    TEST(what_other_tools_measured_elsewhere_is_found_by_name_and_said),
    TEST(a_name_alone_does_not_stand_for_a_file_that_is_too_short),
    TEST(hashes_are_added_to_files_that_are_as_they_were),
};

UNIT_MAIN(tests)
