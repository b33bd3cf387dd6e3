/*
 * The repair of a child's environment, edge by edge. Built with child_env.c alone: the session is
 * this file's. The result is built in a heap block of exactly the planned size, so that a sanitizer
 * sees a byte too many.
 */
#include "unit.h"

#include "child_env.h"
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define ID         "0123456789abcdef0123456789abcdef"
#define OTHER_ID   "fedcba9876543210fedcba9876543210"
#define LIBRARY    "/opt/lib/libcovfork.so"
#define SESSION_IS "COVFORK_SESSION=" ID
#define DIR_IS     "COVFORK_DIR=/data"
#define ROOT_IS    "COVFORK_ROOT=/root-folder"
#define LABEL_IS   "COVFORK_CONTEXT=label"
#define PRELOAD_IS "LD_PRELOAD=" LIBRARY

struct session session;

static void *block;
static char **repaired;

static int set_up(void **state)
{
    (void)state;
    memset(&session, 0, sizeof session);
    session.active = true;
    strcpy(session.id, ID);
    strcpy(session.library, LIBRARY);
    session.variables[session.variable_count++] = SESSION_IS;
    session.variables[session.variable_count++] = DIR_IS;
    session.variables[session.variable_count++] = ROOT_IS;
    session.variables[session.variable_count++] = LABEL_IS;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(block);
    block = NULL;
    return 0;
}

/* Repairs `envp` into `repaired`; the same pointer when nothing is to be done. */
static void repair(char *const envp[], unsigned flags)
{
    struct child_env plan;
    child_env_plan(&plan, envp, flags);
    free(block);
    block = NULL;
    repaired = (char **)(uintptr_t)envp;
    if (plan.size == 0)
        return;
    block = malloc(plan.size);
    assert_non_null(block);
    repaired = child_env_build(&plan, block);
    assert_non_null(repaired);
}

/* `repaired` is these strings, in this order; the last argument is NULL. */
static void assert_repaired(const char *first, ...)
{
    va_list list;
    va_start(list, first);
    size_t i = 0;
    for (const char *wanted = first; wanted; wanted = va_arg(list, const char *), i++) {
        assert_non_null(repaired[i]);
        assert_string_equal(repaired[i], wanted);
    }
    va_end(list);
    assert_null(repaired[i]);
}

/* What becomes of one LD_PRELOAD value in an environment that is right otherwise. */
static void assert_preload(const char *value, unsigned flags, const char *wanted)
{
    char entry[512];
    snprintf(entry, sizeof entry, "LD_PRELOAD=%s", value);
    char *envp[] = { SESSION_IS, DIR_IS, entry, ROOT_IS, LABEL_IS, NULL };
    repair(envp, flags);
    if (!wanted) {
        assert_repaired(SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL);
        return;
    }
    char wanted_entry[512];
    snprintf(wanted_entry, sizeof wanted_entry, "LD_PRELOAD=%s", wanted);
    assert_repaired(SESSION_IS, DIR_IS, wanted_entry, ROOT_IS, LABEL_IS, NULL);
    assert_int_equal(strcmp(value, wanted) == 0, repaired == envp);
}

static void right_environment_is_passed_on_untouched(void **state)
{
    (void)state;
    char *envp[] = { "A=1", PRELOAD_IS, SESSION_IS, ROOT_IS, DIR_IS, LABEL_IS, NULL };
    repair(envp, 0);
    assert_ptr_equal(repaired, envp);
}

static void null_environment_gets_everything(void **state)
{
    (void)state;
    repair(NULL, 0);
    assert_repaired(PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL);
}

static void empty_environment_gets_everything(void **state)
{
    (void)state;
    char *envp[] = { NULL };
    repair(envp, 0);
    assert_repaired(PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL);
}

static void missing_variables_go_to_the_end(void **state)
{
    (void)state;
    char *envp[] = { "A=1", DIR_IS, "B=2", NULL };
    repair(envp, 0);
    assert_repaired("A=1", DIR_IS, "B=2", PRELOAD_IS, SESSION_IS, ROOT_IS, LABEL_IS, NULL);
}

static void foreign_strings_are_shared_not_copied(void **state)
{
    (void)state;
    char *envp[] = { "A=1", NULL };
    repair(envp, 0);
    assert_ptr_equal(repaired[0], envp[0]);
    assert_ptr_equal(repaired[2], session.variables[0]);
}

static void entries_without_equals_and_duplicates_stay(void **state)
{
    (void)state;
    char *envp[] = { "A=1", "junk", "", "A=2", "=x", "LD_PRELOAD", NULL };
    repair(envp, 0);
    assert_repaired("A=1", "junk", "", "A=2", "=x", "LD_PRELOAD", PRELOAD_IS, SESSION_IS, DIR_IS,
                    ROOT_IS, LABEL_IS, NULL);
}

static void names_that_only_begin_alike_are_not_ours(void **state)
{
    (void)state;
    char *envp[] = { "LD_PRELOAD_X=1",
                     "COVFORK_SESSIONS=1",
                     "COVFORK_DIRS=1",
                     "XLD_PRELOAD=1",
                     "COVFORK_UNKNOWN",
                     "COVFORK_OTHER=1",
                     NULL };
    repair(envp, 0);
    assert_repaired("LD_PRELOAD_X=1", "COVFORK_SESSIONS=1", "COVFORK_DIRS=1", "XLD_PRELOAD=1",
                    "COVFORK_UNKNOWN", "COVFORK_OTHER=1", PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS,
                    LABEL_IS, NULL);
}

static void library_not_first_is_right(void **state)
{
    (void)state;
    assert_preload("libasan.so.8:" LIBRARY, 0, "libasan.so.8:" LIBRARY);
    assert_preload("a.so:" LIBRARY ":b.so", 0, "a.so:" LIBRARY ":b.so");
}

static void other_preloads_stay_first(void **state)
{
    (void)state;
    assert_preload("libasan.so.8", 0, "libasan.so.8:" LIBRARY);
    assert_preload("libasan.so.8:/x/libjemalloc.so", 0, "libasan.so.8:/x/libjemalloc.so:" LIBRARY);
}

static void spaces_separate_too(void **state)
{
    (void)state;
    assert_preload("a.so " LIBRARY, 0, "a.so " LIBRARY);
    assert_preload("a.so b.so", 0, "a.so b.so:" LIBRARY);
    assert_preload("a.so  ./libcovfork.so", 0, "a.so  " LIBRARY);
}

static void separators_at_the_ends_are_kept(void **state)
{
    (void)state;
    assert_preload(":a.so:", 0, ":a.so:" LIBRARY);
    assert_preload(" ", 0, " " LIBRARY);
    assert_preload(":" LIBRARY ":", 0, ":" LIBRARY ":");
}

static void empty_preload_becomes_the_library(void **state)
{
    (void)state;
    assert_preload("", 0, LIBRARY);
}

static void library_spelled_otherwise_becomes_absolute(void **state)
{
    (void)state;
    assert_preload("./libcovfork.so", 0, LIBRARY);
    assert_preload("libcovfork.so", 0, LIBRARY);
    assert_preload("build/preload/libcovfork.so", 0, LIBRARY);
    assert_preload("a.so:libcovfork.so:b.so", 0, "a.so:" LIBRARY ":b.so");
    assert_preload("/elsewhere/libcovfork.so", 0, LIBRARY);
}

static void library_named_twice_is_kept_once(void **state)
{
    (void)state;
    assert_preload(LIBRARY ":" LIBRARY, 0, LIBRARY);
    assert_preload("libcovfork.so:" LIBRARY ":a.so", 0, LIBRARY ":a.so");
    assert_preload(LIBRARY ":a.so:./libcovfork.so", 0, LIBRARY ":a.so");
}

static void library_name_must_match_whole(void **state)
{
    (void)state;
    assert_preload("/opt/lib/libcovfork.so.old", 0, "/opt/lib/libcovfork.so.old:" LIBRARY);
    assert_preload("/opt/lib/xlibcovfork.so", 0, "/opt/lib/xlibcovfork.so:" LIBRARY);
    assert_preload(LIBRARY "/x", 0, LIBRARY "/x:" LIBRARY);
}

static void each_duplicate_of_preload_is_repaired(void **state)
{
    (void)state;
    char *envp[] = {
        "LD_PRELOAD=a.so", SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, "LD_PRELOAD=", NULL
    };
    repair(envp, 0);
    assert_repaired("LD_PRELOAD=a.so:" LIBRARY, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, PRELOAD_IS,
                    NULL);
}

static void library_is_left_out_for_targets_that_cannot_load_it(void **state)
{
    (void)state;
    assert_preload(LIBRARY, CHILD_ENV_NO_LIBRARY, NULL);
    assert_preload("./libcovfork.so " LIBRARY, CHILD_ENV_NO_LIBRARY, NULL);
    assert_preload(LIBRARY ":", CHILD_ENV_NO_LIBRARY, NULL);
    assert_preload("a.so:" LIBRARY, CHILD_ENV_NO_LIBRARY, "a.so");
    assert_preload(LIBRARY ":a.so", CHILD_ENV_NO_LIBRARY, "a.so");
    assert_preload("a.so:" LIBRARY ":b.so", CHILD_ENV_NO_LIBRARY, "a.so:b.so");
    assert_preload("a.so", CHILD_ENV_NO_LIBRARY, "a.so");
    assert_preload("", CHILD_ENV_NO_LIBRARY, "");
}

static void variables_reach_targets_that_cannot_load_the_library(void **state)
{
    (void)state;
    char *envp[] = { "A=1", NULL };
    repair(envp, CHILD_ENV_NO_LIBRARY);
    assert_repaired("A=1", SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL);
}

static void changed_identity_is_put_right(void **state)
{
    (void)state;
    char *envp[] = { "COVFORK_DIR=/x", SESSION_IS, "COVFORK_ROOT=", PRELOAD_IS, LABEL_IS, NULL };
    repair(envp, 0);
    assert_repaired(DIR_IS, SESSION_IS, ROOT_IS, PRELOAD_IS, LABEL_IS, NULL);
}

static void malformed_session_is_put_right(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "x", "0123456789ABCDEF0123456789ABCDEF", ID "0" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char entry[128];
        snprintf(entry, sizeof entry, "COVFORK_SESSION=%s", bad[i]);
        char *envp[] = { entry, DIR_IS, ROOT_IS, PRELOAD_IS, LABEL_IS, NULL };
        repair(envp, 0);
        assert_repaired(SESSION_IS, DIR_IS, ROOT_IS, PRELOAD_IS, LABEL_IS, NULL);
    }
}

static void nested_session_is_left_alone(void **state)
{
    (void)state;
    char *envp[] = { "COVFORK_DIR=/nested", "COVFORK_SESSION=" OTHER_ID,
                     "COVFORK_ROOT=/nested-root", PRELOAD_IS, NULL };
    repair(envp, 0);
    assert_ptr_equal(repaired, envp);
}

static void nested_session_does_not_get_our_variables(void **state)
{
    (void)state;
    char *envp[] = { "COVFORK_SESSION=" OTHER_ID, NULL };
    repair(envp, 0);
    assert_repaired("COVFORK_SESSION=" OTHER_ID, PRELOAD_IS, NULL);
}

static void nested_session_keeps_its_own_library(void **state)
{
    (void)state;
    char *envp[] = { "COVFORK_SESSION=" OTHER_ID, "LD_PRELOAD=/nested/libcovfork.so", NULL };
    repair(envp, 0);
    assert_ptr_equal(repaired, envp);
    envp[1] = "LD_PRELOAD=/nested/libcovfork.so:a.so:./libcovfork.so";
    repair(envp, 0);
    assert_ptr_equal(repaired, envp);
}

static void nested_session_loses_its_library_where_it_cannot_be_loaded(void **state)
{
    (void)state;
    char *envp[] = { "COVFORK_SESSION=" OTHER_ID, "LD_PRELOAD=/nested/libcovfork.so", NULL };
    repair(envp, CHILD_ENV_NO_LIBRARY);
    assert_repaired("COVFORK_SESSION=" OTHER_ID, NULL);
}

static void first_session_entry_decides(void **state)
{
    (void)state;
    char *envp[] = { SESSION_IS, "COVFORK_SESSION=" OTHER_ID, DIR_IS, ROOT_IS, PRELOAD_IS, LABEL_IS,
                     NULL };
    repair(envp, 0);
    assert_repaired(SESSION_IS, SESSION_IS, DIR_IS, ROOT_IS, PRELOAD_IS, LABEL_IS, NULL);
}

static void engine_off_is_respected(void **state)
{
    (void)state;
    session.variables[session.variable_count++] = "COVFORK_ENGINE=native";
    char *envp[] = { "COVFORK_ENGINE=off", NULL };
    repair(envp, 0);
    assert_repaired("COVFORK_ENGINE=off", PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL);
}

static void child_may_have_its_own_context(void **state)
{
    (void)state;
    char *envp[] = { "COVFORK_CONTEXT=mine", PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, NULL };
    repair(envp, 0);
    assert_ptr_equal(repaired, envp);
}

static void asan_options_are_added_for_an_asan_target(void **state)
{
    (void)state;
    char *envp[] = { PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL };
    repair(envp, CHILD_ENV_ASAN);
    assert_repaired(PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS,
                    "ASAN_OPTIONS=verify_asan_link_order=0", NULL);
}

static void asan_options_are_extended_for_an_asan_target(void **state)
{
    (void)state;
    char *envp[] = {
        "ASAN_OPTIONS=detect_leaks=0", PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL
    };
    repair(envp, CHILD_ENV_ASAN);
    assert_repaired("ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0", PRELOAD_IS, SESSION_IS,
                    DIR_IS, ROOT_IS, LABEL_IS, NULL);
}

static void empty_asan_options_get_no_separator(void **state)
{
    (void)state;
    char *envp[] = { "ASAN_OPTIONS=", PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL };
    repair(envp, CHILD_ENV_ASAN);
    assert_repaired("ASAN_OPTIONS=verify_asan_link_order=0", PRELOAD_IS, SESSION_IS, DIR_IS,
                    ROOT_IS, LABEL_IS, NULL);
}

static void asan_options_that_speak_of_link_order_stay(void **state)
{
    (void)state;
    char *envp[] = { "ASAN_OPTIONS=verify_asan_link_order=1",
                     PRELOAD_IS,
                     SESSION_IS,
                     DIR_IS,
                     ROOT_IS,
                     LABEL_IS,
                     NULL };
    repair(envp, CHILD_ENV_ASAN);
    assert_ptr_equal(repaired, envp);
}

static void preloaded_asan_runtime_needs_no_options(void **state)
{
    (void)state;
    assert_preload("/usr/lib/libasan.so.8:" LIBRARY, CHILD_ENV_ASAN,
                   "/usr/lib/libasan.so.8:" LIBRARY);
}

static void asan_options_are_not_touched_for_other_targets(void **state)
{
    (void)state;
    char *envp[] = { "ASAN_OPTIONS=x=1", PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL };
    repair(envp, 0);
    assert_ptr_equal(repaired, envp);
}

static void library_path_with_a_separator_cannot_be_named(void **state)
{
    (void)state;
    strcpy(session.library, "/my lib/libcovfork.so");
    char *envp[] = { "LD_PRELOAD=a.so", NULL };
    repair(envp, 0);
    assert_repaired("LD_PRELOAD=a.so", SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL);
}

static void long_values_are_kept_whole(void **state)
{
    (void)state;
    enum { LENGTH = 120000 };
    static char entry[LENGTH + 64];
    strcpy(entry, "LD_PRELOAD=");
    memset(entry + 11, 'x', LENGTH);
    entry[11 + LENGTH] = '\0';
    char *envp[] = { entry, NULL };
    repair(envp, 0);
    assert_int_equal(strlen(repaired[0]), 11 + LENGTH + 1 + strlen(LIBRARY));
    assert_string_equal(repaired[0] + 11 + LENGTH, ":" LIBRARY);
}

static void many_variables_are_kept_in_order(void **state)
{
    (void)state;
    enum { COUNT = 50000 };
    char **envp = calloc(COUNT + 1, sizeof *envp);
    char *text = malloc((size_t)COUNT * 32);
    assert_non_null(envp);
    assert_non_null(text);
    for (int i = 0; i < COUNT; i++) {
        envp[i] = text + (size_t)i * 32;
        snprintf(envp[i], 32, "V%d=%d", i, i);
    }
    repair(envp, 0);
    for (int i = 0; i < COUNT; i++)
        assert_ptr_equal(repaired[i], envp[i]);
    assert_string_equal(repaired[COUNT], PRELOAD_IS);
    assert_null(repaired[COUNT + 5]);
    free(text);
    free(envp);
}

static void source_that_grows_meanwhile_is_refused(void **state)
{
    (void)state;
    char entry[512] = "LD_PRELOAD=a.so";
    char *envp[] = { entry, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL };
    struct child_env plan;
    child_env_plan(&plan, envp, 0);
    block = malloc(plan.size);
    memset(entry + 11, 'y', 400);
    assert_null(child_env_build(&plan, block));
}

static void source_that_shrinks_meanwhile_is_refused(void **state)
{
    (void)state;
    char *envp[] = { "A=1", "B=1", NULL };
    struct child_env plan;
    child_env_plan(&plan, envp, 0);
    block = malloc(plan.size);
    envp[1] = NULL;
    assert_null(child_env_build(&plan, block));
}

static void adopt_repairs_an_emptied_environ_and_keeps_errno(void **state)
{
    (void)state;
    char **saved = environ;
    environ = NULL;
    errno = 77;
    child_env_adopt();
    assert_int_equal(errno, 77);
    repaired = environ;
    assert_repaired(PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL);
    environ = saved;
}

static void adopt_leaves_a_right_environ(void **state)
{
    (void)state;
    char *envp[] = { PRELOAD_IS, SESSION_IS, DIR_IS, ROOT_IS, LABEL_IS, NULL };
    char **saved = environ;
    environ = envp;
    child_env_adopt();
    char **after = environ;
    environ = saved;
    assert_ptr_equal(after, envp);
}

static void adopted_environ_can_be_changed_by_setenv(void **state)
{
    (void)state;
    char **saved = environ;
    environ = NULL;
    child_env_adopt();
    assert_int_equal(setenv("NEW", "value", 1), 0);
    assert_int_equal(unsetenv("LD_PRELOAD"), 0);
    assert_string_equal(getenv("NEW"), "value");
    assert_null(getenv("LD_PRELOAD"));
    child_env_adopt();
    assert_string_equal(getenv("NEW"), "value");
    assert_string_equal(getenv("LD_PRELOAD"), LIBRARY);
    environ = saved;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(right_environment_is_passed_on_untouched, set_up, tear_down),
    cmocka_unit_test_setup_teardown(null_environment_gets_everything, set_up, tear_down),
    cmocka_unit_test_setup_teardown(empty_environment_gets_everything, set_up, tear_down),
    cmocka_unit_test_setup_teardown(missing_variables_go_to_the_end, set_up, tear_down),
    cmocka_unit_test_setup_teardown(foreign_strings_are_shared_not_copied, set_up, tear_down),
    cmocka_unit_test_setup_teardown(entries_without_equals_and_duplicates_stay, set_up, tear_down),
    cmocka_unit_test_setup_teardown(names_that_only_begin_alike_are_not_ours, set_up, tear_down),
    cmocka_unit_test_setup_teardown(library_not_first_is_right, set_up, tear_down),
    cmocka_unit_test_setup_teardown(other_preloads_stay_first, set_up, tear_down),
    cmocka_unit_test_setup_teardown(spaces_separate_too, set_up, tear_down),
    cmocka_unit_test_setup_teardown(separators_at_the_ends_are_kept, set_up, tear_down),
    cmocka_unit_test_setup_teardown(empty_preload_becomes_the_library, set_up, tear_down),
    cmocka_unit_test_setup_teardown(library_spelled_otherwise_becomes_absolute, set_up, tear_down),
    cmocka_unit_test_setup_teardown(library_named_twice_is_kept_once, set_up, tear_down),
    cmocka_unit_test_setup_teardown(library_name_must_match_whole, set_up, tear_down),
    cmocka_unit_test_setup_teardown(each_duplicate_of_preload_is_repaired, set_up, tear_down),
    cmocka_unit_test_setup_teardown(library_is_left_out_for_targets_that_cannot_load_it, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(variables_reach_targets_that_cannot_load_the_library, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(changed_identity_is_put_right, set_up, tear_down),
    cmocka_unit_test_setup_teardown(malformed_session_is_put_right, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nested_session_is_left_alone, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nested_session_does_not_get_our_variables, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nested_session_keeps_its_own_library, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nested_session_loses_its_library_where_it_cannot_be_loaded,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(first_session_entry_decides, set_up, tear_down),
    cmocka_unit_test_setup_teardown(engine_off_is_respected, set_up, tear_down),
    cmocka_unit_test_setup_teardown(child_may_have_its_own_context, set_up, tear_down),
    cmocka_unit_test_setup_teardown(asan_options_are_added_for_an_asan_target, set_up, tear_down),
    cmocka_unit_test_setup_teardown(asan_options_are_extended_for_an_asan_target, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(empty_asan_options_get_no_separator, set_up, tear_down),
    cmocka_unit_test_setup_teardown(asan_options_that_speak_of_link_order_stay, set_up, tear_down),
    cmocka_unit_test_setup_teardown(preloaded_asan_runtime_needs_no_options, set_up, tear_down),
    cmocka_unit_test_setup_teardown(asan_options_are_not_touched_for_other_targets, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(library_path_with_a_separator_cannot_be_named, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(long_values_are_kept_whole, set_up, tear_down),
    cmocka_unit_test_setup_teardown(many_variables_are_kept_in_order, set_up, tear_down),
    cmocka_unit_test_setup_teardown(source_that_grows_meanwhile_is_refused, set_up, tear_down),
    cmocka_unit_test_setup_teardown(source_that_shrinks_meanwhile_is_refused, set_up, tear_down),
    cmocka_unit_test_setup_teardown(adopt_repairs_an_emptied_environ_and_keeps_errno, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(adopt_leaves_a_right_environ, set_up, tear_down),
    cmocka_unit_test_setup_teardown(adopted_environ_can_be_changed_by_setenv, set_up, tear_down),
};

UNIT_MAIN(tests)
