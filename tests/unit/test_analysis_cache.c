/*
 * Tests of collector/analysis_cache.c: what comes back is what was kept, of the same source, table
 * and rules alone, and no file does harm, whatever is in it.
 */
#include "unit.h"
#include "unit_folder.h"

#include "collector/project/analysis_cache.h"
#include "collector/source/branches.h"
#include "collector/base/hash_map.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char source[] = "import os\n"
                             "class C:\n"
                             "    def method(self, a,\n"
                             "               b):\n"
                             "        with a:\n"
                             "            if a:\n"
                             "                return b\n"
                             "        for x in b:\n"
                             "            print(x)\n"
                             "        while True:  # pragma: no cover\n"
                             "            break\n"
                             "def function():\n"
                             "    return os\n";
#define LINES 13

static char *folder; /* each test has a new one */
static struct analysis_rules *rules;
static struct line_set table;

static struct analysis_rules *make_rules(const char *exclude, bool with_branches)
{
    struct error error = { 0 };
    struct analysis_rules *made = analysis_rules_new(&exclude, 1, &error);
    assert_non_null(made);
    if (with_branches)
        assert_int_equal(analysis_rules_want_branches(made, analysis_default_partial, 1,
                                                      analysis_default_partial_always, 2, &error),
                         0);
    return made;
}

static int set_up(void **state)
{
    (void)state;
    char name[] = "/tmp/covfork-analyses-XXXXXX";
    folder = mkdtemp(name) ? strdup(name) : NULL;
    rules = make_rules(analysis_default_exclude[0], true);
    table = LINE_SET_EMPTY;
    return folder ? line_set_add_range(&table, 1, LINES) : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unit_remove_folder(folder);
    free(folder);
    analysis_rules_free(rules);
    line_set_close(&table);
    return 0;
}

/* A file of the cache's folder; good until the next call. */
static const char *in_folder(const char *name)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/cache/%s", folder, name);
    return path;
}

static const char *cache_folder(void)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/cache", folder);
    return path;
}

static struct stat make_status(void)
{
    return (struct stat){ .st_dev = 1,
                          .st_ino = 2,
                          .st_size = sizeof source - 1,
                          .st_mtim = { 1000, 5 },
                          .st_ctim = { 2000, 6 } };
}

static struct analysis_cache *open_cache(void)
{
    struct analysis_cache *cache = analysis_cache_open(cache_folder(), rules);
    assert_non_null(cache);
    return cache;
}

static void analyse(struct analysis *analysis, const struct analysis_rules *by)
{
    struct error error = { 0 };
    assert_int_equal(analysis_run(analysis, "x.py", (const unsigned char *)source,
                                  sizeof source - 1, &table, by, &error),
                     0);
}

/* Adds the source under this path. */
static void add(struct analysis_cache *cache, const char *path, const struct stat *status)
{
    struct analysis analysis;
    analyse(&analysis, rules);
    analysis_cache_add(cache, analysis_cache_pack(cache, path, status, &table, &analysis));
    analysis_close(&analysis);
}

/* Makes a file with one analysis in it. */
static void keep_one(const char *path)
{
    struct analysis_cache *cache = open_cache();
    struct stat status = make_status();
    add(cache, path, &status);
    analysis_cache_save(cache);
    analysis_cache_free(cache);
}

static bool is_found(const char *path, const struct stat *status, const struct line_set *lines)
{
    struct analysis_cache *cache = open_cache();
    struct analysis analysis;
    bool found = analysis_cache_find(cache, path, status, lines, &analysis);
    if (found)
        analysis_close(&analysis);
    analysis_cache_free(cache);
    return found;
}

static bool is_kept(const char *path)
{
    struct stat status = make_status();
    return is_found(path, &status, &table);
}

static void assert_same_regions(const struct analysis *a, const struct analysis *b)
{
    assert_int_equal(a->region_count, b->region_count);
    for (size_t i = 0; i < a->region_count; i++) {
        assert_int_equal(a->regions[i].kind, b->regions[i].kind);
        assert_int_equal(a->regions[i].start, b->regions[i].start);
        assert_string_equal(a->regions[i].name, b->regions[i].name);
        assert_true(line_set_equal(&a->regions[i].lines, &b->regions[i].lines));
    }
}

static void assert_same_words(char *a, char *b)
{
    assert_string_equal(a, b);
    free(a);
    free(b);
}

static void assert_same_flow(const struct analysis *a, const struct analysis *b)
{
    assert_int_equal(a->flow.possible.count, b->flow.possible.count);
    assert_int_equal(a->flow.reason_count, b->flow.reason_count);
    assert_int_equal(a->flow.fix_count, b->flow.fix_count);
    for (size_t i = 0; i < a->flow.possible.count; i++) {
        struct arc arc = a->flow.possible.items[i];
        assert_memory_equal(&arc, &b->flow.possible.items[i], sizeof arc);
        assert_true(arc_set_has(&b->flow.possible, arc));
        assert_same_words(branches_describe_arc(a, arc), branches_describe_arc(b, arc));
        assert_same_words(branches_describe_missing(a, arc), branches_describe_missing(b, arc));
    }
    for (size_t i = 0; i < a->flow.fix_count; i++)
        assert_memory_equal(&a->flow.fixes[i], &b->flow.fixes[i], sizeof a->flow.fixes[i]);
}

static void assert_same(const struct analysis *a, const struct analysis *b)
{
    assert_true(line_set_equal(&a->statements, &b->statements));
    assert_true(line_set_equal(&a->excluded, &b->excluded));
    assert_true(line_set_equal(&a->no_branch, &b->no_branch));
    assert_int_equal(a->line_count, b->line_count);
    assert_memory_equal(a->first_line, b->first_line,
                        (a->line_count + 1) * sizeof a->first_line[0]);
    assert_same_regions(a, b);
    assert_same_flow(a, b);
}

static void assert_comes_back(void)
{
    struct analysis analysis, found;
    struct stat status = make_status();
    keep_one("/a/x.py");
    struct analysis_cache *cache = open_cache();
    assert_true(analysis_cache_find(cache, "/a/x.py", &status, &table, &found));
    analyse(&analysis, rules);
    assert_same(&analysis, &found);
    analysis_close(&analysis);
    analysis_close(&found);
    analysis_cache_free(cache);
}

static void an_analysis_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_comes_back();
}

static void an_analysis_without_branches_comes_back_as_it_was(void **state)
{
    (void)state;
    analysis_rules_free(rules);
    rules = make_rules(analysis_default_exclude[0], false);
    assert_comes_back();
}

static void another_path_is_not_known(void **state)
{
    (void)state;
    keep_one("/a/x.py");
    assert_true(is_kept("/a/x.py"));
    assert_false(is_kept("/a/x.p"));
    assert_false(is_kept("/b/x.py"));
}

static void a_source_that_changed_is_not_known(void **state)
{
    (void)state;
    keep_one("/a/x.py");
    struct stat status = make_status();
    status.st_dev++;
    assert_false(is_found("/a/x.py", &status, &table));
    status = make_status();
    status.st_ino++;
    assert_false(is_found("/a/x.py", &status, &table));
    status = make_status();
    status.st_size++;
    assert_false(is_found("/a/x.py", &status, &table));
    status = make_status();
    status.st_mtim.tv_sec++;
    assert_false(is_found("/a/x.py", &status, &table));
    status = make_status();
    status.st_mtim.tv_nsec++;
    assert_false(is_found("/a/x.py", &status, &table));
    status = make_status();
    status.st_ctim.tv_sec++;
    assert_false(is_found("/a/x.py", &status, &table));
    status = make_status();
    status.st_ctim.tv_nsec++;
    assert_false(is_found("/a/x.py", &status, &table));
}

static void another_line_table_is_not_known(void **state)
{
    (void)state;
    keep_one("/a/x.py");
    struct stat status = make_status();
    struct line_set other = LINE_SET_EMPTY;
    assert_int_equal(line_set_copy(&other, &table), 0);
    line_set_remove(&other, 4);
    assert_false(is_found("/a/x.py", &status, &other));
    line_set_add(&other, 4);
    assert_true(is_found("/a/x.py", &status, &other));
    line_set_add(&other, 100);
    assert_false(is_found("/a/x.py", &status, &other));
    line_set_remove(&other, 100);
    /* It ends in a word of zeros now. */
    assert_true(is_found("/a/x.py", &status, &other));
    line_set_close(&other);
}

static void other_rules_know_nothing(void **state)
{
    (void)state;
    keep_one("/a/x.py");
    analysis_rules_free(rules);
    rules = make_rules("other", true);
    assert_false(is_kept("/a/x.py"));
    analysis_rules_free(rules);
    rules = make_rules(analysis_default_exclude[0], false);
    assert_false(is_kept("/a/x.py"));
    analysis_rules_free(rules);
    rules = make_rules(analysis_default_exclude[0], true);
    assert_true(is_kept("/a/x.py"));
}

static void a_source_that_is_new_is_not_kept(void **state)
{
    (void)state;
    struct analysis_cache *cache = open_cache();
    struct analysis analysis;
    struct stat status = make_status();
    analyse(&analysis, rules);
    status.st_ctim.tv_sec = time(NULL);
    assert_null(analysis_cache_pack(cache, "/a", &status, &table, &analysis));
    status = make_status();
    status.st_mtim.tv_sec = time(NULL) + 1000;
    assert_null(analysis_cache_pack(cache, "/a", &status, &table, &analysis));
    analysis_close(&analysis);
    analysis_cache_free(cache);
}

static void nothing_added_makes_no_file(void **state)
{
    (void)state;
    struct analysis_cache *cache = open_cache();
    analysis_cache_add(cache, NULL);
    analysis_cache_save(cache);
    analysis_cache_free(cache);
    assert_int_equal(access(cache_folder(), F_OK), -1);
}

/* A file of the system, which is there and not new. */
#define OLD_FILE "/bin/sh"

static void what_is_still_there_stays(void **state)
{
    (void)state;
    struct analysis_cache *cache = open_cache();
    struct stat status = make_status(), real;
    assert_int_equal(stat(OLD_FILE, &real), 0);
    add(cache, OLD_FILE, &real);
    add(cache, "/gone.py", &status);
    analysis_cache_save(cache);
    analysis_cache_free(cache);
    cache = open_cache();
    add(cache, "/new.py", &status);
    analysis_cache_save(cache);
    analysis_cache_free(cache);
    assert_true(is_kept("/new.py"));
    assert_false(is_kept("/gone.py"));
    assert_int_equal(real.st_size < LINES, 0);
    cache = open_cache();
    struct analysis analysis;
    assert_true(analysis_cache_find(cache, OLD_FILE, &real, &table, &analysis));
    analysis_close(&analysis);
    analysis_cache_free(cache);
}

static void what_is_added_anew_is_there_once(void **state)
{
    (void)state;
    struct stat before, after;
    keep_one("/a/x.py");
    assert_int_equal(stat(in_folder("analysis.cache"), &before), 0);
    keep_one("/a/x.py");
    assert_int_equal(stat(in_folder("analysis.cache"), &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    assert_int_equal(after.st_mode & 0777, 0600);
}

static void two_at_once_leave_a_whole_file(void **state)
{
    (void)state;
    struct stat status = make_status();
    struct analysis_cache *one = open_cache(), *other = open_cache();
    add(one, "/one.py", &status);
    add(other, "/other.py", &status);
    analysis_cache_save(one);
    analysis_cache_save(other);
    analysis_cache_free(one);
    analysis_cache_free(other);
    assert_true(is_kept("/other.py"));
}

/* The file's bytes; the caller frees. */
static unsigned char *read_file(size_t *size)
{
    FILE *file = fopen(in_folder("analysis.cache"), "r");
    assert_non_null(file);
    unsigned char *bytes = malloc(100000);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 100000, file);
    fclose(file);
    return bytes;
}

static void write_file(const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(in_folder("analysis.cache"), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void a_file_cut_anywhere_is_passed_over(void **state)
{
    (void)state;
    keep_one("/a/x.py");
    size_t size;
    unsigned char *bytes = read_file(&size);
    for (size_t i = 0; i < size; i++) {
        write_file(bytes, i);
        assert_false(is_kept("/a/x.py"));
    }
    bytes[size] = 0;
    write_file(bytes, size + 1);
    assert_false(is_kept("/a/x.py"));
    write_file(bytes, size);
    assert_true(is_kept("/a/x.py"));
    free(bytes);
}

static void a_file_changed_anywhere_is_passed_over(void **state)
{
    (void)state;
    keep_one("/a/x.py");
    size_t size;
    unsigned char *bytes = read_file(&size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 0x10;
        write_file(bytes, size);
        assert_false(is_kept("/a/x.py"));
        bytes[i] ^= 0x10;
    }
    free(bytes);
    /* And replaced. */
    keep_one("/a/x.py");
    assert_true(is_kept("/a/x.py"));
}

/* Looks at all of an analysis, as reports do. */
static void use(const struct analysis *analysis)
{
    struct line_set executed = LINE_SET_EMPTY;
    struct branches branches;
    const struct arc_set none = ARC_SET_EMPTY;
    assert_int_equal(analysis_executed(analysis, &table, &executed), 0);
    if (branches_find(&branches, analysis, &none, &executed, NULL) == 0) {
        for (size_t i = 0; i < branches.missing.count; i++) {
            free(branches_describe_arc(analysis, branches.missing.items[i]));
            free(branches_describe_missing(analysis, branches.missing.items[i]));
        }
        branches_close(&branches);
    }
    line_set_close(&executed);
}

static void a_file_made_to_do_harm_does_none(void **state)
{
    (void)state;
    static const unsigned char values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
    keep_one("/a/x.py");
    size_t size;
    unsigned char *bytes = read_file(&size);
    uint32_t maker;
    memcpy(&maker, bytes + 16, sizeof maker);
    struct stat status = make_status();
    size_t found = 0;
    /* Numbers lie at multiples of four; their highest and lowest bytes do the harm. */
    for (size_t i = 24 + maker; i < size; i++)
        for (size_t j = 0; j < sizeof values; j++) {
            unsigned char kept = bytes[i];
            bytes[i] = values[j];
            uint64_t hash = hash_bytes(bytes + 24, size - 24);
            memcpy(bytes + 8, &hash, sizeof hash);
            write_file(bytes, size);
            bytes[i] = kept;
            struct analysis_cache *cache = open_cache();
            struct analysis analysis;
            if (analysis_cache_find(cache, "/a/x.py", &status, &table, &analysis)) {
                use(&analysis);
                analysis_close(&analysis);
                found++;
            }
            analysis_cache_free(cache);
        }
    assert_int_not_equal(found, 0);
    free(bytes);
}

static void a_link_in_the_place_of_the_file_is_not_followed(void **state)
{
    (void)state;
    keep_one("/a/x.py");
    char other[PATH_MAX];
    snprintf(other, sizeof other, "%s", in_folder("other"));
    assert_int_equal(rename(in_folder("analysis.cache"), other), 0);
    assert_int_equal(symlink(other, in_folder("analysis.cache")), 0);
    assert_false(is_kept("/a/x.py"));
    /* It is replaced, not written through. */
    keep_one("/b/x.py");
    struct stat status;
    assert_int_equal(lstat(in_folder("analysis.cache"), &status), 0);
    assert_true(S_ISREG(status.st_mode));
    assert_int_equal(rename(other, in_folder("analysis.cache")), 0);
    assert_true(is_kept("/a/x.py"));
}

static void a_link_in_the_place_of_the_folder_is_not_followed(void **state)
{
    (void)state;
    char other[PATH_MAX];
    snprintf(other, sizeof other, "%s/other", folder);
    assert_int_equal(mkdir(other, 0700), 0);
    assert_int_equal(symlink(other, cache_folder()), 0);
    keep_one("/a/x.py");
    assert_int_equal(rmdir(other), 0); /* nothing is in it */
}

static void what_is_no_file_is_passed_over(void **state)
{
    (void)state;
    assert_int_equal(mkdir(cache_folder(), 0700), 0);
    assert_int_equal(mkfifo(in_folder("analysis.cache"), 0600), 0);
    assert_false(is_kept("/a/x.py"));
    unlink(in_folder("analysis.cache"));
    assert_int_equal(mkdir(in_folder("analysis.cache"), 0700), 0);
    assert_false(is_kept("/a/x.py"));
    keep_one("/a/x.py");
    assert_false(is_kept("/a/x.py"));
    /* Nothing is left beside it. */
    assert_int_equal(rmdir(in_folder("analysis.cache")), 0);
    assert_int_equal(rmdir(cache_folder()), 0);
}

static void a_folder_that_is_not_there_does_no_harm(void **state)
{
    (void)state;
    char missing[PATH_MAX];
    snprintf(missing, sizeof missing, "%s/no/cache", folder);
    struct analysis_cache *cache = analysis_cache_open(missing, rules);
    struct stat status = make_status();
    add(cache, "/a/x.py", &status);
    analysis_cache_save(cache);
    analysis_cache_free(cache);
    assert_int_equal(access(missing, F_OK), -1);
}

static void no_cache_is_an_empty_one(void **state)
{
    (void)state;
    struct analysis analysis;
    struct stat status = make_status();
    assert_false(analysis_cache_find(NULL, "/a", &status, &table, &analysis));
    analyse(&analysis, rules);
    assert_null(analysis_cache_pack(NULL, "/a", &status, &table, &analysis));
    analysis_close(&analysis);
    analysis_cache_add(NULL, NULL);
    analysis_cache_save(NULL);
    analysis_cache_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    TEST(an_analysis_comes_back_as_it_was),
    TEST(an_analysis_without_branches_comes_back_as_it_was),
    TEST(another_path_is_not_known),
    TEST(a_source_that_changed_is_not_known),
    TEST(another_line_table_is_not_known),
    TEST(other_rules_know_nothing),
    TEST(a_source_that_is_new_is_not_kept),
    TEST(nothing_added_makes_no_file),
    TEST(what_is_still_there_stays),
    TEST(what_is_added_anew_is_there_once),
    TEST(two_at_once_leave_a_whole_file),
    TEST(a_file_cut_anywhere_is_passed_over),
    TEST(a_file_changed_anywhere_is_passed_over),
    TEST(a_file_made_to_do_harm_does_none),
    TEST(a_link_in_the_place_of_the_file_is_not_followed),
    TEST(a_link_in_the_place_of_the_folder_is_not_followed),
    TEST(what_is_no_file_is_passed_over),
    TEST(a_folder_that_is_not_there_does_no_harm),
    TEST(no_cache_is_an_empty_one),
};

UNIT_MAIN(tests)
