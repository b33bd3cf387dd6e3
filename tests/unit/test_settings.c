/* The sealed settings of a session: their text, and who seals them. */
#include "unit.h"

#include "real.h"
#include "session.h"
#include "settings.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/covfork-unit-XXXXXX";

static int begin(void **state)
{
    (void)state;
    strcpy(strrchr(directory, '-') + 1, "XXXXXX");
    if (!mkdtemp(directory) || real_init() != 0)
        return -1;
    memset(&session, 0, sizeof session);
    session.active = true;
    session.context = "";
    snprintf(session.root, sizeof session.root, "%s", directory);
    snprintf(session.directory, sizeof session.directory, "%s/data", directory);
    snprintf(session.own_folder, sizeof session.own_folder, "%s/data/s-0", directory);
    strcpy(session.folder, session.own_folder);
    snprintf(session.ledger_path, sizeof session.ledger_path, "%s/data/s-0/ledger", directory);
    unsetenv("COVERAGE_RCFILE");
    unsetenv("COVFORK_SOURCE");
    unsetenv("COVFORK_OMIT");
    unsetenv("COVFORK_INCLUDE");
    unsetenv("COVFORK_BRANCH");
    return 0;
}

static int end(void **state)
{
    (void)state;
    char command[sizeof directory + 16];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return system(command);
}

static void write_file(const char *name, const char *text)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void a_text_is_parsed_key_by_key(void **state)
{
    (void)state;
    struct settings settings;
    char *text = strdup("root=/r\nconfig=/r/x\nsource_dir=/r/a%25b%0Ac\nsource_dir=/r/d\n"
                        "source_pkg=pkg.sub\ninclude=*.py\nomit=a/*\nbranch=1\nnew_key=1\n");
    assert_int_equal(settings_parse(&settings, text), 0);
    assert_string_equal(settings.root, "/r");
    assert_int_equal(settings.source_dirs.count, 2);
    assert_string_equal(settings.source_dirs.items[0], "/r/a%b\nc");
    assert_string_equal(settings.source_pkgs.items[0], "pkg.sub");
    assert_string_equal(settings.include.items[0], "*.py");
    assert_string_equal(settings.omit.items[0], "a/*");
    assert_true(settings.branch);
}

static void a_cut_text_gives_what_it_has(void **state)
{
    (void)state;
    struct settings settings;
    assert_int_equal(settings_parse(&settings, strdup("root=/r\nsource_dir=/a%2")), 0);
    assert_string_equal(settings.root, "/r");
    assert_int_equal(settings.source_dirs.count, 1);
    assert_int_equal(settings_parse(&settings, strdup("no sign of anything")), 0);
    assert_string_equal(settings.root, "");
}

static void without_a_configuration_the_root_is_measured(void **state)
{
    (void)state;
    struct settings settings;
    assert_int_equal(settings_load(&settings, NULL), 0);
    char resolved[PATH_MAX];
    assert_string_equal(settings.root, realpath(directory, resolved));
    assert_int_equal(settings.source_dirs.count + settings.source_pkgs.count, 0);
}

static void the_first_to_load_seals(void **state)
{
    (void)state;
    struct settings first, second;
    setenv("COVFORK_SOURCE", "alpha:beta.gamma", 1);
    assert_int_equal(settings_load(&first, NULL), 0);
    setenv("COVFORK_SOURCE", "other", 1);
    assert_int_equal(settings_load(&second, NULL), 0);
    assert_int_equal(second.source_pkgs.count, 2);
    assert_string_equal(second.source_pkgs.items[0], "alpha");
    assert_string_equal(second.source_pkgs.items[1], "beta.gamma");
}

static void a_source_that_is_a_folder_is_one_and_others_are_import_names(void **state)
{
    (void)state;
    struct settings settings;
    char folder[PATH_MAX], resolved[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/src", directory);
    assert_int_equal(mkdir(folder, 0777), 0);
    setenv("COVFORK_SOURCE", "src:pkg", 1);
    assert_int_equal(settings_load(&settings, NULL), 0);
    assert_int_equal(settings.source_dirs.count, 1);
    assert_string_equal(settings.source_dirs.items[0], realpath(folder, resolved));
    assert_int_equal(settings.source_pkgs.count, 1);
    assert_string_equal(settings.source_pkgs.items[0], "pkg");
}

static void the_configuration_of_coverage_py_is_read(void **state)
{
    (void)state;
    struct settings settings;
    write_file("setup.cfg", "[coverage:run]\nsource_pkgs = shop\nomit =\n    */gen/*\n    x.py\n"
                            "branch = true\n");
    assert_int_equal(settings_load(&settings, NULL), 0);
    assert_int_equal(settings.source_pkgs.count, 1);
    assert_string_equal(settings.source_pkgs.items[0], "shop");
    assert_int_equal(settings.omit.count, 2);
    assert_string_equal(settings.omit.items[1], "x.py");
    assert_true(settings.branch);
}

static void a_variable_overrides_the_configuration(void **state)
{
    (void)state;
    struct settings settings;
    write_file(".coveragerc", "[run]\nsource_pkgs = shop\nomit = x.py\n");
    setenv("COVFORK_SOURCE", "mine", 1);
    assert_int_equal(settings_load(&settings, NULL), 0);
    assert_int_equal(settings.source_pkgs.count, 1);
    assert_string_equal(settings.source_pkgs.items[0], "mine");
    assert_int_equal(settings.omit.count, 1);
}

static void a_refused_configuration_is_sealed_as_such(void **state)
{
    (void)state;
    struct settings settings;
    write_file(".coveragerc", "[run]\nbranch = true\nsource = /\n");
    assert_int_equal(settings_load(&settings, NULL), 0);
    assert_false(settings.branch);
    assert_null(settings.config);
    char path[PATH_MAX + 16], text[512] = "";
    snprintf(path, sizeof path, "%s/settings", session.folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_non_null(strstr(text, "\nrefused=.coveragerc:3: [run] source = /: "));
}

static void a_named_configuration_is_read_in_place_of_the_roots(void **state)
{
    (void)state;
    struct settings settings;
    write_file(".coveragerc", "[run]\nsource_pkgs = shop\ncontext = usual\n");
    write_file("other", "[run]\nsource_pkgs = cafe\ncontext = named\n");
    setenv("COVFORK_RCFILE", "other", 1);
    assert_int_equal(settings_load(&settings, NULL), 0);
    unsetenv("COVFORK_RCFILE");
    assert_int_equal(settings.source_pkgs.count, 1);
    assert_string_equal(settings.source_pkgs.items[0], "cafe");
    assert_string_equal(settings.context, "named");
}

static void settings_serve_where_nothing_can_be_written(void **state)
{
    (void)state;
    struct settings settings;
    strcpy(session.directory, "/dev/null");
    snprintf(session.own_folder, sizeof session.own_folder, "/dev/null/s-0");
    strcpy(session.folder, session.own_folder);
    setenv("COVFORK_SOURCE", "alpha", 1);
    assert_int_equal(settings_load(&settings, NULL), 0);
    assert_string_equal(settings.source_pkgs.items[0], "alpha");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_text_is_parsed_key_by_key, begin, end),
    cmocka_unit_test_setup_teardown(a_cut_text_gives_what_it_has, begin, end),
    cmocka_unit_test_setup_teardown(without_a_configuration_the_root_is_measured, begin, end),
    cmocka_unit_test_setup_teardown(the_first_to_load_seals, begin, end),
    cmocka_unit_test_setup_teardown(a_source_that_is_a_folder_is_one_and_others_are_import_names,
                                    begin, end),
    cmocka_unit_test_setup_teardown(the_configuration_of_coverage_py_is_read, begin, end),
    cmocka_unit_test_setup_teardown(a_variable_overrides_the_configuration, begin, end),
    cmocka_unit_test_setup_teardown(a_refused_configuration_is_sealed_as_such, begin, end),
    cmocka_unit_test_setup_teardown(a_named_configuration_is_read_in_place_of_the_roots, begin,
                                    end),
    cmocka_unit_test_setup_teardown(settings_serve_where_nothing_can_be_written, begin, end),
};

UNIT_MAIN(tests)
