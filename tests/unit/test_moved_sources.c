/*
 * Names of another checkout and what is here: candidates by the ends of names, folders that one
 * file shows.
 */
#include "unit.h"

#include "collector/project/moved_sources.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char root[32];
    struct string_list roots, found;
    struct moved_folders folders;
};

static void in_root(const struct fixture *f, const char *name, char path[96])
{
    snprintf(path, 96, "%s/%s", f->root, name);
}

static const char *const here[] = { "cart.py", "shop/cart.py", "src/shop/cart.py" };
static const char *const folders[] = { "shop", "src", "src/shop" };

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char path[96];
    assert_non_null(f);
    strcpy(f->root, "/tmp/covfork-test-XXXXXX");
    assert_non_null(mkdtemp(f->root));
    for (size_t i = 0; i < 3; i++) {
        in_root(f, folders[i], path);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    for (size_t i = 0; i < 3; i++) {
        in_root(f, here[i], path);
        FILE *stream = fopen(path, "w");
        assert_non_null(stream);
        fclose(stream);
    }
    assert_int_equal(string_list_add(&f->roots, f->root), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char path[96];
    for (size_t i = 0; i < 3; i++) {
        in_root(f, here[i], path);
        unlink(path);
    }
    for (size_t i = 3; i-- > 0;) {
        in_root(f, folders[i], path);
        rmdir(path);
    }
    assert_int_equal(rmdir(f->root), 0);
    string_list_close(&f->roots);
    string_list_close(&f->found);
    moved_folders_close(&f->folders);
    free(f);
    return 0;
}

static void assert_found(const struct fixture *f, size_t index, const char *name)
{
    char path[96];
    in_root(f, name, path);
    assert_true(index < f->found.count);
    assert_string_equal(f->found.items[index], path);
}

static void candidates_with_more_in_common_come_first(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(moved_candidates(&f->found, &f->roots, "/build/a/src/shop/cart.py"), 0);
    assert_int_equal(f->found.count, 3);
    assert_found(f, 0, "src/shop/cart.py");
    assert_found(f, 1, "shop/cart.py");
    assert_found(f, 2, "cart.py");
}

static void each_root_is_looked_in(void **state)
{
    struct fixture *f = *state;
    char src[96];
    in_root(f, "src", src);
    assert_int_equal(string_list_add(&f->roots, src), 0);
    assert_int_equal(moved_candidates(&f->found, &f->roots, "/x/shop/cart.py"), 0);
    assert_found(f, 0, "shop/cart.py");
    assert_found(f, 1, "src/shop/cart.py");
}

static void folders_are_no_candidates(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(moved_candidates(&f->found, &f->roots, "/build/src/shop"), 0);
    assert_int_equal(f->found.count, 0);
}

static void parts_in_common_are_whole(void **state)
{
    (void)state;
    assert_int_equal(moved_common_parts("/a/shop/cart.py", "/b/shop/cart.py"), 2);
    assert_int_equal(moved_common_parts("/a/workshop/cart.py", "/b/shop/cart.py"), 1);
    assert_int_equal(moved_common_parts("/a/cart.py", "/a/mycart.py"), 0);
    assert_int_equal(moved_common_parts("/a/b.py", "/a/b.py"), 2);
}

static void one_file_shows_where_others_are(void **state)
{
    struct fixture *f = *state;
    char path[96], *found;
    in_root(f, "src/shop/cart.py", path);
    assert_int_equal(moved_folders_learn(&f->folders, "/build/a/src/shop/cart.py", path), 0);
    assert_int_equal(moved_folders_learn(&f->folders, "/build/a/src/shop/cart.py", path), 0);
    assert_int_equal(f->folders.count, 1);
    assert_string_equal(f->folders.items[0].from, "/build/a");
    assert_string_equal(f->folders.items[0].to, f->root);
    assert_int_equal(moved_folders_find(&f->folders, "/build/a/cart.py", &found), 0);
    in_root(f, "cart.py", path);
    assert_string_equal(found, path);
    free(found);
    assert_int_equal(moved_folders_find(&f->folders, "/build/ab/cart.py", &found), 0);
    assert_null(found);
    assert_int_equal(moved_folders_find(&f->folders, "/build/a/none.py", &found), 0);
    assert_null(found);
}

static void names_without_a_common_end_show_nothing(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(moved_folders_learn(&f->folders, "/a/b.py", "/a/c.py"), 0);
    assert_int_equal(f->folders.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    TEST(candidates_with_more_in_common_come_first),
    TEST(each_root_is_looked_in),
    TEST(folders_are_no_candidates),
    TEST(parts_in_common_are_whole),
    TEST(one_file_shows_where_others_are),
    TEST(names_without_a_common_end_show_nothing),
};

UNIT_MAIN(tests)
