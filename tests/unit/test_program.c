/*
 * What a command runs: PATH, and the interpreters of scripts.
 */
#include "unit.h"

#include "collector/base/program.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/covfork-test-XXXXXX";
static char *shell; /* canonical */

static int set_up(void **state)
{
    (void)state;
    shell = realpath("/bin/sh", NULL);
    return mkdtemp(folder) && shell ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    free(shell);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : -1;
}

static void write_script(char path[256], const char *name, const char *text, mode_t mode)
{
    snprintf(path, 256, "%s/%s", folder, name);
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
    assert_int_equal(chmod(path, mode), 0);
}

static void a_script_is_followed_to_its_interpreter(void **state)
{
    (void)state;
    char path[256];
    struct string_list chain = { 0 };
    write_script(path, "script", "#! /bin/sh -e\n", 0755);
    assert_int_equal(program_resolve(&chain, path, NULL, NULL), 0);
    assert_int_equal(chain.count, 2);
    assert_string_equal(chain.items[1], shell);
    string_list_close(&chain);
}

static void an_env_is_followed_only_with_a_search_path(void **state)
{
    (void)state;
    char path[256];
    struct string_list chain = { 0 };
    write_script(path, "by-env", "#!/usr/bin/env -S A=1 sh -e\n", 0755);
    assert_int_equal(program_resolve(&chain, path, "/nowhere:/bin", NULL), 0);
    assert_string_equal(chain.items[chain.count - 1], shell);
    string_list_close(&chain);
    chain = (struct string_list){ 0 };
    assert_int_equal(program_resolve(&chain, path, NULL, NULL), 0);
    assert_string_not_equal(chain.items[chain.count - 1], shell);
    string_list_close(&chain);
}

static void a_missing_interpreter_is_an_error_that_names_it(void **state)
{
    (void)state;
    char path[256];
    struct string_list chain = { 0 };
    struct error error = { 0 };
    write_script(path, "without", "#!/nowhere/python\n", 0755);
    assert_int_equal(program_resolve(&chain, path, NULL, &error), -1);
    assert_non_null(strstr(error.text, "/nowhere/python"));
    string_list_close(&chain);
}

static void a_script_that_is_its_own_interpreter_ends(void **state)
{
    (void)state;
    char path[256], text[300];
    struct string_list chain = { 0 };
    snprintf(text, sizeof text, "#!%s/circle\n", folder);
    write_script(path, "circle", text, 0755);
    assert_int_equal(program_resolve(&chain, path, NULL, NULL), 0);
    assert_in_range(chain.count, 2, 10);
    string_list_close(&chain);
}

static void the_first_executable_file_in_path_is_found(void **state)
{
    (void)state;
    char path[256], search[300];
    write_script(path, "sh", "not executable\n", 0644);
    snprintf(search, sizeof search, "/nowhere:%s:/bin", folder);
    char *found = program_find("sh", search, "/", NULL);
    assert_non_null(found);
    assert_string_equal(found, "/bin/sh");
    free(found);
}

static void an_empty_entry_of_path_is_the_working_folder(void **state)
{
    (void)state;
    char path[256];
    write_script(path, "here", "#!/bin/sh\n", 0755);
    char *found = program_find("here", "/nowhere:", folder, NULL);
    assert_non_null(found);
    assert_string_equal(found, path);
    free(found);
}

static void a_name_with_a_slash_is_not_searched_for(void **state)
{
    (void)state;
    struct error error = { 0 };
    assert_null(program_find("./sh-none", "/bin", folder, &error));
    assert_non_null(strstr(error.text, "no such file"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_script_is_followed_to_its_interpreter),
    cmocka_unit_test(an_env_is_followed_only_with_a_search_path),
    cmocka_unit_test(a_missing_interpreter_is_an_error_that_names_it),
    cmocka_unit_test(a_script_that_is_its_own_interpreter_ends),
    cmocka_unit_test(the_first_executable_file_in_path_is_found),
    cmocka_unit_test(an_empty_entry_of_path_is_the_working_folder),
    cmocka_unit_test(a_name_with_a_slash_is_not_searched_for),
};

UNIT_MAIN_WITH(tests, set_up, tear_down)
