/* Which files are measured. */
#include "unit.h"

#include "source_filter.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct settings settings;

/* Settings from their text, as a session has them. */
static void use(const char *text)
{
    assert_int_equal(settings_parse(&settings, strdup(text)), 0);
    source_filter_init(&settings);
}

static void by_default_the_root_is_measured_less_what_is_installed(void **state)
{
    (void)state;
    use("root=/p\n");
    assert_true(source_filter_measures("/p/a.py", "a"));
    assert_true(source_filter_measures("/p/features/steps/s.py", "s"));
    assert_false(source_filter_measures("/px/a.py", "a"));
    assert_false(source_filter_measures("/usr/lib/python3/os.py", "os"));
    assert_false(source_filter_measures("/p/.nox/t/lib/python3.13/site-packages/x.py", "x"));
    assert_false(source_filter_measures("/p/env/lib/python3.13/site-packages/x.py", "x"));
    assert_false(source_filter_measures("/p/.tox/py/x.py", "x"));
    assert_false(source_filter_measures("/p/.venv/x.py", "x"));
}

static void a_virtual_environment_of_any_name_is_left_out(void **state)
{
    (void)state;
    char folder[] = "/tmp/covfork-unit-XXXXXX", text[PATH_MAX], path[PATH_MAX];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/myenv", folder);
    assert_int_equal(mkdir(path, 0777), 0);
    snprintf(path, sizeof path, "%s/myenv/pyvenv.cfg", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    snprintf(text, sizeof text, "root=%s\n", folder);
    use(text);
    snprintf(path, sizeof path, "%s/myenv/bin/tool.py", folder);
    assert_false(source_filter_measures(path, "tool"));
    snprintf(path, sizeof path, "%s/mine/tool.py", folder);
    assert_true(source_filter_measures(path, "tool"));
    snprintf(text, sizeof text, "rm -rf %s", folder);
    assert_int_equal(system(text), 0);
}

static void a_source_folder_bounds_what_is_measured(void **state)
{
    (void)state;
    use("root=/p\nsource_dir=/p/src\n");
    assert_true(source_filter_measures("/p/src/a.py", "a"));
    assert_false(source_filter_measures("/p/a.py", "a"));
    assert_false(source_filter_measures("/p/srcs/a.py", "a"));
    assert_false(source_filter_measures("/p/src/env/lib/site-packages/a.py", "a"));
}

static void a_source_folder_that_is_installed_is_measured(void **state)
{
    (void)state;
    use("root=/p\nsource_dir=/v/lib/site-packages/pkg\n");
    assert_true(source_filter_measures("/v/lib/site-packages/pkg/a.py", "pkg.a"));
    assert_false(source_filter_measures("/v/lib/site-packages/other/a.py", "other.a"));
}

static void a_source_package_is_told_by_the_modules_name(void **state)
{
    (void)state;
    use("root=/p\nsource_pkg=pkg.sub\n");
    assert_true(source_filter_measures("/anywhere/pkg/sub/a.py", "pkg.sub.a"));
    assert_true(source_filter_measures("/anywhere/pkg/sub/__init__.py", "pkg.sub"));
    assert_false(source_filter_measures("/anywhere/pkg/a.py", "pkg.a"));
    assert_false(source_filter_measures("/p/pkg/subs/a.py", "pkg.subs.a"));
    assert_true(source_filter_may_measure("/anywhere/pkg/sub/a.py"));
    assert_true(source_filter_may_measure("/anywhere/pkg.py"));
    assert_false(source_filter_may_measure("/anywhere/other.py"));
}

static void omit_wins_over_source(void **state)
{
    (void)state;
    use("root=/p\nsource_dir=/p/src\nomit=*/gen/*\nomit=src/skip.py\nomit=/p/src/x/*\n");
    assert_false(source_filter_measures("/p/src/gen/a.py", "gen.a"));
    assert_false(source_filter_measures("/p/src/skip.py", "skip"));
    assert_false(source_filter_measures("/p/src/x/y/z.py", "x.y.z"));
    assert_true(source_filter_measures("/p/src/a.py", "a"));
}

static void include_counts_where_no_source_is_given(void **state)
{
    (void)state;
    use("root=/p\ninclude=/q/*\n");
    assert_true(source_filter_measures("/q/a.py", "a"));
    assert_false(source_filter_measures("/p/a.py", "a"));
    use("root=/p\nsource_dir=/p/src\ninclude=/q/*\n");
    assert_false(source_filter_measures("/q/a.py", "a"));
    assert_true(source_filter_measures("/p/src/a.py", "a"));
}

static void nox_own_configuration_is_the_tools_work(void **state)
{
    (void)state;
    use("root=/p\n");
    assert_false(source_filter_measures("/p/noxfile.py", "user_nox_module"));
    assert_true(source_filter_measures("/p/noxfile.py", "noxfile"));
}

static void names_of_no_file_have_no_canonical_form(void **state)
{
    (void)state;
    char canonical[PATH_MAX];
    assert_false(source_filter_canonical("<string>", canonical, NULL));
    assert_false(source_filter_canonical("", canonical, NULL));
    assert_false(source_filter_canonical("memory:x", canonical, NULL));
}

static void links_and_relative_names_are_resolved(void **state)
{
    (void)state;
    char folder[] = "/tmp/covfork-unit-XXXXXX", path[PATH_MAX], other[PATH_MAX],
         canonical[PATH_MAX];
    char resolved[PATH_MAX], wanted[PATH_MAX + 16];
    assert_non_null(mkdtemp(folder));
    assert_non_null(realpath(folder, resolved));
    snprintf(wanted, sizeof wanted, "%s/real.py", resolved);
    snprintf(path, sizeof path, "%s/real.py", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    snprintf(other, sizeof other, "%s/link.py", folder);
    assert_int_equal(symlink("real.py", other), 0);
    struct stat status, of_target;
    assert_true(source_filter_canonical(other, canonical, &status));
    assert_string_equal(canonical, wanted);
    assert_int_equal(stat(path, &of_target), 0);
    assert_int_equal(status.st_ino, of_target.st_ino);
    snprintf(other, sizeof other, "%s/loop", folder);
    assert_int_equal(symlink(folder, other), 0);
    snprintf(other, sizeof other, "%s/loop/./../%s/real.py", folder, strrchr(folder, '/') + 1);
    assert_true(source_filter_canonical(other, canonical, NULL));
    assert_int_equal(chdir(folder), 0);
    assert_true(source_filter_canonical("real.py", canonical, NULL));
    assert_string_equal(canonical, wanted);
    assert_int_equal(chdir("/"), 0);
    snprintf(other, sizeof other, "rm -rf %s", folder);
    assert_int_equal(system(other), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(by_default_the_root_is_measured_less_what_is_installed),
    cmocka_unit_test(a_virtual_environment_of_any_name_is_left_out),
    cmocka_unit_test(a_source_folder_bounds_what_is_measured),
    cmocka_unit_test(a_source_folder_that_is_installed_is_measured),
    cmocka_unit_test(a_source_package_is_told_by_the_modules_name),
    cmocka_unit_test(omit_wins_over_source),
    cmocka_unit_test(include_counts_where_no_source_is_given),
    cmocka_unit_test(nox_own_configuration_is_the_tools_work),
    cmocka_unit_test(names_of_no_file_have_no_canonical_form),
    cmocka_unit_test(links_and_relative_names_are_resolved),
};

UNIT_MAIN(tests)
