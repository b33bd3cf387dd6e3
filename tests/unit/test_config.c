/*
 * Tests of collector/config.c and scripts/helper/read_config.py; what is expected is what
 * coverage.py 7.17.4 read from the same files. They need a Python 3.11 or newer (for TOML) as
 * python3 on PATH.
 */
#include "unit.h"
#include "unit_folder.h"

#include "collector/source/analysis.h"
#include "collector/project/config.h"
#include "collector/project/python_helper.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Makes a file one that is not read without Python. */
#define ASKED "[other]\nname = \xc3\xa9\n"

static char *folder; /* canonical; each test has a new one */
static struct string_list no_interpreters;
/* The program behind python3 on PATH, which may be a script that needs HOME. */
static char *interpreter;
/* A script that counts its starts in the file "starts" and calls it. */
static struct string_list counting;

static const char *in_folder(const char *name)
{
    static char names[8][PATH_MAX];
    static int next;
    char *full = names[next++ % 8];
    snprintf(full, sizeof names[0], "%s/%s", folder, name);
    return full;
}

static const char *write_file(const char *name, const char *text)
{
    const char *full = in_folder(name);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return full;
}

static int make_folder(void **state)
{
    (void)state;
    char name[] = "/tmp/covfork-config-XXXXXX";
    if (!mkdtemp(name))
        return -1;
    folder = realpath(name, NULL);
    if (!folder)
        return -1;
    unsetenv("COVERAGE_RCFILE");
    unsetenv("COVERAGE_FORCE_CONFIG");
    unsetenv("VARIABLE");
    char text[PATH_MAX + 64];
    snprintf(text, sizeof text, "#!/bin/sh\necho >> \"${0%%/*}/starts\"\nexec %s \"$@\"\n",
             interpreter);
    const char *script = write_file("counting", text);
    return chmod(script, 0700) == 0 ? string_list_add(&counting, script) : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unit_remove_folder(folder);
    free(folder);
    string_list_close(&counting);
    unsetenv("COVERAGE_RCFILE");
    unsetenv("COVERAGE_FORCE_CONFIG");
    return 0;
}

static int find_interpreter(void **state)
{
    (void)state;
    size_t size;
    return python_helper_run("import sys\nprint(sys.executable, end='')", &no_interpreters, NULL,
                             NULL, 0, &interpreter, &size, NULL);
}

static int forget_interpreter(void **state)
{
    (void)state;
    free(interpreter);
    return 0;
}

static int count_starts(void)
{
    struct stat status;
    return stat(in_folder("starts"), &status) == 0 ? (int)status.st_size : 0;
}

/* Reads the configuration of the test's folder; the caller closes it. */
static struct config read_config(const char *rcfile)
{
    struct config config;
    struct error error = { 0 };
    if (config_init(&config, folder, &error) < 0 ||
        config_read(&config, rcfile, &counting, NULL, &error) < 0)
        fail_msg("%s", error.text);
    return config;
}

static struct config read_cached(void)
{
    struct config config;
    struct error error = { 0 };
    if (config_init(&config, folder, &error) < 0 ||
        config_read(&config, NULL, &counting, in_folder("cache"), &error) < 0)
        fail_msg("%s", error.text);
    return config;
}

/* The items with a "|" behind each. */
static void assert_list(const struct string_list *list, const char *expected)
{
    char text[4096] = "";
    for (size_t i = 0; i < list->count; i++) {
        strcat(text, list->items[i]);
        strcat(text, "|");
    }
    assert_string_equal(text, expected);
}

/* What run:omit is when a .coveragerc says `omit = VALUE`. */
static void assert_omit(const char *value, const char *expected)
{
    char text[1024];
    snprintf(text, sizeof text, "[run]\nomit = %s\n", value);
    write_file(".coveragerc", text);
    struct config config = read_config(NULL);
    assert_list(&config.run_omit, expected);
    config_close(&config);
}

static void assert_error(const char *rcfile, const char *expected)
{
    struct config config;
    struct error error = { 0 };
    assert_int_equal(config_init(&config, folder, &error), 0);
    assert_int_equal(config_read(&config, rcfile, &no_interpreters, NULL, &error), -1);
    assert_int_equal(error.code, ERROR_CONFIG);
    assert_string_equal(error.text, expected);
    /* It is as config_init left it. */
    assert_null(config.file);
    assert_string_equal(config.html_dir, "htmlcov");
    config_close(&config);
}

static void assert_file_error(const char *name, const char *text, const char *expected)
{
    write_file(name, text);
    assert_error(NULL, expected);
    unlink(in_folder(name));
}

static void defaults_are_those_of_coverage(void **state)
{
    (void)state;
    struct config config;
    assert_int_equal(config_init(&config, folder, NULL), 0);
    assert_null(config.file);
    assert_string_equal(config.directory, folder);
    assert_false(config.branch);
    assert_false(config.source_given);
    assert_false(config.report_omit_given);
    assert_int_equal(config.exclude.count, 3);
    assert_string_equal(config.exclude.items[0], analysis_default_exclude[0]);
    assert_string_equal(config.partial.items[0], analysis_default_partial[0]);
    assert_string_equal(config.partial_always.items[0], analysis_default_partial_always[0]);
    assert_true(config.fail_under == 0.0);
    assert_null(config.sort);
    assert_null(config.format);
    assert_string_equal(config.html_dir, "htmlcov");
    assert_string_equal(config.html_title, "Coverage report");
    assert_string_equal(config.xml_output, "coverage.xml");
    assert_string_equal(config.json_output, "coverage.json");
    assert_string_equal(config.lcov_output, "coverage.lcov");
    assert_int_equal(config.path_count, 0);
    config_close(&config);
}

static void all_options_are_read(void **state)
{
    (void)state;
    assert_int_equal(mkdir(in_folder("dirs"), 0700), 0);
    write_file(".coveragerc", "[run]\n"
                              "branch = yes\n"
                              "relative_files = on\n"
                              "source = src, lib\n"
                              "source_pkgs = pkg\n"
                              "source_dirs = dirs\n"
                              "include = i\n"
                              "omit = o\n"
                              "[report]\n"
                              "exclude_lines = ex\n"
                              "partial_branches = pb\n"
                              "partial_branches_always = pa\n"
                              "fail_under = 97.5\n"
                              "precision = 2\n"
                              "show_missing = 1\n"
                              "skip_covered = true\n"
                              "skip_empty = true\n"
                              "ignore_errors = true\n"
                              "include_namespace_packages = true\n"
                              "include = ri\n"
                              "omit = ro\n"
                              "sort = -cover\n"
                              "format = total\n"
                              "[html]\ndirectory = h\ntitle = My title, really\n"
                              "[xml]\noutput = x.xml\npackage_depth = 3\n"
                              "[json]\noutput = j.json\npretty_print = 1\nshow_contexts = 1\n"
                              "[lcov]\noutput = l.info\nline_checksums = on\n"
                              "[paths]\nsource =\n  src\n  */ci/src\nOther = a, b\n");
    struct config config = read_config(NULL);
    assert_string_equal(config.file, in_folder(".coveragerc"));
    assert_true(config.branch && config.relative_files && config.source_given);
    assert_list(&config.source, "src|lib|");
    assert_list(&config.source_pkgs, "pkg|");
    assert_list(&config.source_dirs, "dirs|");
    assert_list(&config.run_include, "i|");
    assert_list(&config.run_omit, "o|");
    assert_list(&config.exclude, "ex|");
    assert_list(&config.partial, "pb|");
    assert_list(&config.partial_always, "pa|");
    assert_true(config.fail_under == 97.5);
    assert_int_equal(config.precision, 2);
    assert_true(config.show_missing && config.skip_covered && config.skip_empty);
    assert_true(config.ignore_errors && config.include_namespace_packages);
    assert_true(config.report_include_given && config.report_omit_given);
    assert_list(&config.report_include, "ri|");
    assert_list(&config.report_omit, "ro|");
    assert_string_equal(config.sort, "-cover");
    assert_string_equal(config.format, "total");
    assert_string_equal(config.html_dir, "h");
    assert_string_equal(config.html_title, "My title, really");
    assert_string_equal(config.xml_output, "x.xml");
    assert_string_equal(config.json_output, "j.json");
    assert_true(config.json_pretty_print && config.json_show_contexts);
    assert_string_equal(config.lcov_output, "l.info");
    assert_int_equal(config.xml_package_depth, 3);
    assert_true(config.lcov_line_checksums);
    assert_int_equal(config.path_count, 2);
    assert_string_equal(config.paths[0].name, "source");
    assert_list(&config.paths[0].patterns, "src|*/ci/src|");
    assert_string_equal(config.paths[1].name, "other");
    assert_list(&config.warnings, "");
    config_close(&config);
}

static void no_file_starts_no_interpreter(void **state)
{
    (void)state;
    struct config config = read_config(NULL);
    assert_null(config.file);
    config_close(&config);
    assert_int_equal(count_starts(), 0);
}

static void other_tools_files_without_coverage_start_no_interpreter(void **state)
{
    (void)state;
    write_file("setup.cfg", "[metadata]\nname = x\n");
    write_file("tox.ini", "not even ini");
    write_file("pyproject.toml", "[project]\nname = 'x'\n");
    struct config config = read_config(NULL);
    assert_null(config.file);
    config_close(&config);
    assert_int_equal(count_starts(), 0);
}

/* The file that is read when all of these (NULL-terminated, in pairs of name and text) are there.
 */
static void assert_file_read(const char *const *files, const char *expected)
{
    for (size_t i = 0; files[i]; i += 2)
        write_file(files[i], files[i + 1]);
    struct config config = read_config(NULL);
    if (expected)
        assert_string_equal(config.file, in_folder(expected));
    else
        assert_null(config.file);
    config_close(&config);
    for (size_t i = 0; files[i]; i += 2)
        unlink(in_folder(files[i]));
}

static void files_are_tried_in_the_order_of_coverage(void **state)
{
    (void)state;
    const char *files[] = { ".coveragerc",
                            "[run]\n",
                            ".coveragerc.toml",
                            "[run]\n",
                            "setup.cfg",
                            "[coverage:run]\nbranch=1\n",
                            "tox.ini",
                            "[coverage:run]\nbranch=1\n",
                            "pyproject.toml",
                            "[tool.coverage.run]\nbranch=true\n",
                            NULL };
    for (size_t i = 0; files[i]; i += 2)
        assert_file_read(files + i, files[i]);
}

static void an_empty_coveragerc_ends_the_search(void **state)
{
    (void)state;
    assert_file_read(
        (const char *[]){ ".coveragerc", "", "setup.cfg", "[coverage:run]\nbranch=1\n", NULL },
        ".coveragerc");
}

static void other_tools_files_count_when_they_set_something(void **state)
{
    (void)state;
    assert_file_read((const char *[]){ "setup.cfg", "[run]\nbranch=1\n# coverage\n", "tox.ini",
                                       "[coverage:run]\nunknown=1\n", "pyproject.toml",
                                       "[tool.coverage.paths]\na=['b']\n", NULL },
                     "pyproject.toml");
    assert_file_read((const char *[]){ "pyproject.toml", "[tool.coverage]\n", NULL }, NULL);
}

static void coveragerc_that_is_a_folder_is_passed_over(void **state)
{
    (void)state;
    assert_int_equal(mkdir(in_folder(".coveragerc"), 0700), 0);
    assert_file_read((const char *[]){ "setup.cfg", "[coverage:run]\nbranch=1\n", NULL },
                     "setup.cfg");
}

static void a_byte_order_mark_is_passed_over(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        { ".coveragerc", "\xef\xbb\xbf[run]\nbranch = 1\n" },
        { ".coveragerc", "\xef\xbb\xbf# mine\n[run]\nbranch = 1\n" },
        { ".coveragerc.toml", "\xef\xbb\xbf[run]\nbranch = true\n" },
        { "setup.cfg", "\xef\xbb\xbf[coverage:run]\nbranch = 1\n" },
        { "tox.ini", "\xef\xbb\xbf[coverage:run]\nbranch = 1\n" },
        { "pyproject.toml", "\xef\xbb\xbf[tool.coverage.run]\nbranch = true\n" },
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        write_file(files[i][0], files[i][1]);
        struct config config = read_config(NULL);
        assert_true(config.branch);
        assert_string_equal(config.file, in_folder(files[i][0]));
        config_close(&config);
        unlink(in_folder(files[i][0]));
    }
}

static void rcfile_is_read_whatever_its_name(void **state)
{
    (void)state;
    write_file("my.cfg", "[run]\nbranch = 1\n");
    write_file(".coveragerc", "[run]\nomit = a\n");
    struct config config = read_config("my.cfg");
    assert_true(config.branch);
    assert_list(&config.run_omit, "");
    assert_string_equal(config.file, in_folder("my.cfg"));
    config_close(&config);
}

static void rcfile_needs_no_prefix(void **state)
{
    (void)state;
    write_file("pyproject.toml", "[run]\nbranch = true\n");
    struct config config = read_config("pyproject.toml");
    assert_true(config.branch);
    config_close(&config);
}

static void rcfile_must_be_there(void **state)
{
    (void)state;
    assert_error("no.cfg", "no.cfg: couldn't read it as a configuration file");
    assert_int_equal(mkdir(in_folder("d.cfg"), 0700), 0);
    assert_error("d.cfg", "d.cfg: couldn't read it as a configuration file");
}

static void rcfile_coveragerc_means_the_usual_search(void **state)
{
    (void)state;
    write_file("setup.cfg", "[coverage:run]\nbranch = 1\n");
    struct config config = read_config(".coveragerc");
    assert_true(config.branch);
    config_close(&config);
}

static void empty_rcfile_means_none(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nbranch = 1\n");
    struct config config = read_config("");
    assert_false(config.branch);
    assert_null(config.file);
    config_close(&config);
}

/* Reads a configuration that comes through the pipe "pipe"; the caller closes it. */
static struct config read_pipe(const char *text)
{
    pid_t pid = fork();
    if (pid == 0) {
        int descriptor = open(in_folder("pipe"), O_WRONLY);
        ssize_t size = (ssize_t)strlen(text);
        _exit(write(descriptor, text, (size_t)size) == size ? 0 : 1);
    }
    struct config config;
    struct error error = { 0 };
    int status;
    if (config_init(&config, folder, &error) < 0 ||
        config_read(&config, "pipe", &counting, in_folder("cache"), &error) < 0)
        fail_msg("%s", error.text);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    return config;
}

static void rcfile_can_be_a_pipe(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    struct config config = read_pipe("[run]\nbranch=1\n");
    assert_true(config.branch);
    config_close(&config);
    config = read_pipe("[run]\nomit=a\n");
    assert_false(config.branch);
    assert_list(&config.run_omit, "a|");
    config_close(&config);
}

static void variable_names_the_file(void **state)
{
    (void)state;
    write_file("env.cfg", "[run]\nbranch = 1\n");
    write_file("opt.cfg", "[run]\nomit = a\n");
    setenv("COVERAGE_RCFILE", "env.cfg", 1);
    struct config config = read_config(NULL);
    assert_string_equal(config.file, in_folder("env.cfg"));
    config_close(&config);
    config = read_config("opt.cfg");
    assert_string_equal(config.file, in_folder("opt.cfg"));
    config_close(&config);
    setenv("COVERAGE_RCFILE", "gone.cfg", 1);
    assert_error(NULL, "gone.cfg: couldn't read it as a configuration file");
}

static void forced_file_is_read_on_top(void **state)
{
    (void)state;
    write_file("forced.cfg", "[run]\nbranch = 1\n");
    write_file(".coveragerc", "[run]\nomit = a\n");
    setenv("COVERAGE_FORCE_CONFIG", "forced.cfg", 1);
    struct config config = read_config(NULL);
    assert_true(config.branch);
    assert_list(&config.run_omit, "a|");
    config_close(&config);
}

static void lists_are_split_at_commas_and_newlines(void **state)
{
    (void)state;
    assert_omit("a, b,,c", "a|b|c|");
    assert_omit("\n  a b\n\n  # comment\n  c,d # kept", "a b|c|d # kept|");
    assert_omit("", "");
}

static void patterns_are_split_at_newlines(void **state)
{
    (void)state;
    write_file(".coveragerc", "[report]\nexclude_lines =\n  a, b$\n\n  c\n");
    struct config config = read_config(NULL);
    assert_list(&config.exclude, "a, b$|c|");
    config_close(&config);
}

static void characters_by_name_are_written_by_number(void **state)
{
    (void)state;
    write_file(".coveragerc", "[report]\nexclude_lines =\n  \\N{HYPHEN-MINUS}[\\N{bullet}]\n"
                              "  \\\\N{2}\n  (?#\\N{no such})x\n");
    struct config config = read_config(NULL);
    assert_list(&config.exclude, "\\U0000002d[\\U00002022]|\\\\N{2}|(?#\\N{no such})x|");
    config_close(&config);
}

static void exclude_also_adds_to_the_default(void **state)
{
    (void)state;
    write_file(".coveragerc", "[report]\nexclude_also = x\npartial_also = y\n");
    struct config config = read_config(NULL);
    assert_int_equal(config.exclude.count, 4);
    assert_string_equal(config.exclude.items[0], analysis_default_exclude[0]);
    assert_string_equal(config.exclude.items[3], "x");
    assert_string_equal(config.partial.items[config.partial.count - 1], "y");
    config_close(&config);
}

static void an_empty_exclude_lines_excludes_nothing(void **state)
{
    (void)state;
    write_file(".coveragerc", "[report]\nexclude_lines =\n");
    struct config config = read_config(NULL);
    assert_int_equal(config.exclude.count, 0);
    config_close(&config);
}

static void an_empty_source_is_given(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nsource =\n[report]\nomit =\n");
    struct config config = read_config(NULL);
    assert_true(config.source_given && config.report_omit_given);
    assert_false(config.report_include_given);
    assert_int_equal(config.source.count, 0);
    config_close(&config);
}

static void empty_choices_are_unset(void **state)
{
    (void)state;
    write_file(".coveragerc", "[report]\nsort =\nformat =\n");
    struct config config = read_config(NULL);
    assert_null(config.sort);
    assert_null(config.format);
    config_close(&config);
}

static void variables_are_substituted(void **state)
{
    (void)state;
    setenv("VARIABLE", "x,y", 1);
    unsetenv("UNSET_VARIABLE");
    assert_omit("$VARIABLE", "x|y|");
    assert_omit("${VARIABLE}z", "x|yz|");
    assert_omit("${VARIABLE-d}", "x|y|");
    assert_omit("${UNSET_VARIABLE-d e}", "d e|");
    assert_omit("a${UNSET_VARIABLE}b$UNSET_VARIABLE", "ab|");
    assert_omit("$$VARIABLE", "$VARIABLE|");
    assert_omit("${VARIABLE?}", "x|y|");
    assert_omit("$ {VARIABLE} ${}", "$ {VARIABLE} ${}|");
}

static void a_strict_variable_must_be_set(void **state)
{
    (void)state;
    assert_file_error(".coveragerc", "[run]\nomit = ${UNSET_VARIABLE?}/x\n",
                      ".coveragerc:2: [run] omit: variable UNSET_VARIABLE is undefined: "
                      "${UNSET_VARIABLE?}/x");
}

static void variables_that_the_helper_must_not_have_are_substituted(void **state)
{
    (void)state;
    setenv("PYTHONPATH", "/p", 1);
    setenv("COVFORK_TEST", "/c", 1);
    assert_omit("$PYTHONPATH,$COVFORK_TEST", "/p|/c|");
    unsetenv("PYTHONPATH");
    unsetenv("COVFORK_TEST");
}

static void values_that_are_not_utf8_survive(void **state)
{
    (void)state;
    setenv("VARIABLE", "a\xff\xc3\xa9", 1);
    assert_omit("$VARIABLE", "a\xff\xc3\xa9|");
}

static void home_is_expanded_in_file_names(void **state)
{
    (void)state;
    char *home = strdup(getenv("HOME"));
    setenv("HOME", "/my/home", 1);
    write_file(".coveragerc", "[run]\nomit = ~/o\n[xml]\noutput = ~/x\n[paths]\na = ~/p\n");
    struct config config = read_config(NULL);
    setenv("HOME", home, 1);
    free(home);
    assert_list(&config.run_omit, "~/o|");
    assert_string_equal(config.xml_output, "/my/home/x");
    assert_list(&config.paths[0].patterns, "/my/home/p|");
    config_close(&config);
}

static void toml_has_types(void **state)
{
    (void)state;
    write_file("pyproject.toml", "[tool.coverage.run]\n"
                                 "branch = 'true'\n"
                                 "omit = ['a,b', ' c ', '']\n"
                                 "[tool.coverage.report]\n"
                                 "fail_under = 97\n"
                                 "precision = '3'\n"
                                 "exclude_also = [' x ', '']\n"
                                 "[tool.coverage.paths]\n"
                                 "src = ['a', 'b']\n");
    struct config config = read_config(NULL);
    assert_true(config.branch);
    assert_list(&config.run_omit, "a,b| c ||");
    assert_true(config.fail_under == 97.0);
    assert_int_equal(config.precision, 3);
    assert_string_equal(config.exclude.items[config.exclude.count - 1], "x");
    assert_list(&config.paths[0].patterns, "a|b|");
    config_close(&config);
}

static void infinite_numbers_survive(void **state)
{
    (void)state;
    write_file(".coveragerc", "[report]\nfail_under = inf\nprecision = 99999999999999999999\n");
    struct config config = read_config(NULL);
    assert_true(config.fail_under > 1e300);
    assert_int_equal(config.precision, INT_MAX);
    config_close(&config);
}

static void unknown_options_are_warned_of(void **state)
{
    (void)state;
    write_file("setup.cfg", "[coverage:run]\n"
                            "branch = 1\n"
                            "brunch = 1\n"
                            "[coverage:html]\n"
                            "\n"
                            "color = red\n"
                            "[coverage:other]\n"
                            "x = 1\n");
    struct config config = read_config(NULL);
    assert_list(&config.warnings, "setup.cfg:3: unrecognized option [coverage:run] brunch|"
                                  "setup.cfg:6: unrecognized option [coverage:html] color|");
    config_close(&config);
}

static void source_dirs_that_are_not_there_are_warned_of(void **state)
{
    (void)state;
    assert_int_equal(mkdir(in_folder("src"), 0700), 0);
    write_file(".coveragerc", "[run]\nbranch = 1\nsource_dirs = src\n  nosuch\n");
    struct config config = read_config(NULL);
    assert_list(&config.warnings, ".coveragerc:3: [run] source_dirs: not a folder: nosuch|");
    config_close(&config);
}

static void wrong_values_are_named(void **state)
{
    (void)state;
    assert_file_error(".coveragerc", "[run]\nomit = a\n  b\n\nBranch : maybe\n",
                      ".coveragerc:5: [run] branch = maybe: not a boolean");
    assert_file_error("setup.cfg", "[x]\nprecision=1\n[coverage:report]\nprecision = 1.5\n",
                      "setup.cfg:4: [coverage:report] precision = 1.5: not an integer");
    assert_file_error("tox.ini", "[coverage:report]\nfail_under = high\n",
                      "tox.ini:2: [coverage:report] fail_under = high: not a number");
    assert_file_error("pyproject.toml", "[tool.coverage.run]\n\nbranch = 1\n",
                      "pyproject.toml:3: [tool.coverage.run] branch = 1: not a boolean");
    assert_file_error("pyproject.toml", "[tool.coverage]\nrun.omit = 'a'\n",
                      "pyproject.toml:2: [tool.coverage.run] omit = a: not a list of strings");
    assert_file_error("pyproject.toml", "[tool.coverage]\nrun = {omit = [1]}\n",
                      "pyproject.toml:2: [tool.coverage.run] omit = [1]: not a list of strings");
    assert_file_error("pyproject.toml", "[tool.coverage.xml]\noutput = 1\n",
                      "pyproject.toml:2: [tool.coverage.xml] output = 1: not a string");
}

static void wrong_values_of_options_without_use_are_named_too(void **state)
{
    (void)state;
    assert_file_error(".coveragerc", "[run]\nsigterm = x\n",
                      ".coveragerc:2: [run] sigterm = x: not a boolean");
    char expected[PATH_MAX + 64];
    snprintf(expected, sizeof expected, "%s: unknown concurrency choices: fibers",
             in_folder(".coveragerc"));
    assert_file_error(".coveragerc", "[run]\nconcurrency = fibers\n", expected);
}

static void wrong_patterns_are_named(void **state)
{
    (void)state;
    assert_file_error(".coveragerc", "[report]\nexclude_also =\n  fine\n  foo(\n",
                      ".coveragerc:2: [report] exclude_also = foo(: missing ), unterminated "
                      "subpattern at position 3");
}

static void files_that_are_not_ini_are_named(void **state)
{
    (void)state;
    assert_file_error(".coveragerc", "branch = 1\n",
                      ".coveragerc:1: no section header before branch = 1");
    assert_file_error(".coveragerc", "[run]\nbranch = 1\nbranch = 0\n",
                      ".coveragerc:3: [run] branch is set twice");
    assert_file_error(".coveragerc", "[run]\n[run]\n",
                      ".coveragerc:2: section [run] is there twice");
    assert_file_error("tox.ini", "[coverage:run]\nbranch\n",
                      "tox.ini:2: not a `key = value` line: branch");
    assert_file_error(".coveragerc", "[run]\nomit = \xff\n", ".coveragerc: not UTF-8");
}

static void files_that_are_not_toml_are_named(void **state)
{
    (void)state;
    assert_file_error("pyproject.toml", "[tool.coverage]\nrun = true\n",
                      "pyproject.toml:2: [tool.coverage.run] is not a table");
    write_file("pyproject.toml", "[tool.coverage.run]\nbranch =\n");
    struct config config;
    struct error error = { 0 };
    assert_int_equal(config_init(&config, folder, NULL), 0);
    assert_int_equal(config_read(&config, NULL, &no_interpreters, NULL, &error), -1);
    assert_int_equal(strncmp(error.text, "pyproject.toml:2: ", 18), 0);
    config_close(&config);
}

/* Plain files */

static void plain_files_start_no_interpreter(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nbranch = 1\nomit = a\n");
    struct config config = read_config(NULL);
    assert_true(config.branch);
    assert_list(&config.run_omit, "a|");
    config_close(&config);
    unlink(in_folder(".coveragerc"));
    write_file("pyproject.toml", "[tool.coverage.run]\nomit = ['b']\n");
    config = read_config(NULL);
    assert_list(&config.run_omit, "b|");
    assert_string_equal(config.file, in_folder("pyproject.toml"));
    config_close(&config);
    assert_int_equal(count_starts(), 0);
}

/* Caches */

static void answers_are_cached(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nbranch = 1\nodd = 1\nomit = \xc3\xa9\n");
    for (int i = 0; i < 3; i++) {
        struct config config = read_cached();
        assert_true(config.branch);
        assert_list(&config.run_omit, "\xc3\xa9|");
        assert_list(&config.warnings, ".coveragerc:3: unrecognized option [run] odd|");
        config_close(&config);
    }
    assert_int_equal(count_starts(), 1);
}

static void a_changed_file_is_read_again(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nomit = a\n" ASKED);
    struct config config = read_cached();
    config_close(&config);
    write_file(".coveragerc", "[run]\nomit = b\n" ASKED);
    config = read_cached();
    assert_list(&config.run_omit, "b|");
    config_close(&config);
}

static void a_new_file_that_comes_first_is_read(void **state)
{
    (void)state;
    write_file("tox.ini", "[coverage:run]\nomit = tox\n" ASKED);
    struct config config = read_cached();
    config_close(&config);
    write_file("setup.cfg", "[coverage:run]\nomit = setup\n" ASKED);
    config = read_cached();
    assert_list(&config.run_omit, "setup|");
    config_close(&config);
}

/* A cached answer to a file with `text` follows VARIABLE from "a" to "b". */
static void assert_variable_followed(const char *name, const char *text)
{
    write_file(name, text);
    setenv("VARIABLE", "a", 1);
    struct config config = read_cached();
    assert_list(&config.run_omit, "a|");
    config_close(&config);
    setenv("VARIABLE", "b", 1);
    config = read_cached();
    assert_list(&config.run_omit, "b|");
    config_close(&config);
    unsetenv("VARIABLE");
    config = read_cached();
    config_close(&config);
    unlink(in_folder(name));
}

static void cached_answers_follow_the_environment(void **state)
{
    (void)state;
    assert_variable_followed(".coveragerc", "[run]\nomit = $VARIABLE\n");
    assert_variable_followed(".coveragerc", "[run]\nomit = ${VARIABLE-c}\n");
    assert_variable_followed("pyproject.toml", "[tool.coverage.run]\nomit = ['$VARIABLE']\n");
}

static void cached_answers_follow_variables_that_toml_hides(void **state)
{
    (void)state;
    assert_variable_followed("pyproject.toml",
                             "[tool.coverage.run]\nomit = [\"\\u0024VARIABLE\"]\n");
    assert_variable_followed("pyproject.toml",
                             "[tool.coverage.run]\nomit = [\"$VAR\\u0049ABLE\"]\n");
    assert_variable_followed("pyproject.toml",
                             "[tool.coverage.run]\nomit = [\"\"\"$VARI\\\n  ABLE\"\"\"]\n");
}

static void cached_answers_follow_variables_with_odd_names(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nomit = $\xc3\xa9\n");
    setenv("\xc3\xa9", "a", 1);
    struct config config = read_cached();
    assert_list(&config.run_omit, "a|");
    config_close(&config);
    setenv("\xc3\xa9", "b", 1);
    config = read_cached();
    assert_list(&config.run_omit, "b|");
    config_close(&config);
    unsetenv("\xc3\xa9");
}

static void cached_answers_do_not_mind_other_variables(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nomit = $VARIABLE\n[report]\nexclude_also = x$\n");
    setenv("VARIABLE", "a", 1);
    struct config config = read_cached();
    config_close(&config);
    setenv("OTHER_VARIABLE", "now", 1);
    config = read_cached();
    config_close(&config);
    unsetenv("OTHER_VARIABLE");
    assert_int_equal(count_starts(), 1);
}

static void cached_answers_follow_the_home_folder(void **state)
{
    (void)state;
    char *home = strdup(getenv("HOME"));
    write_file(".coveragerc", "[xml]\noutput = ~/x\n");
    setenv("HOME", "/a", 1);
    struct config config = read_cached();
    config_close(&config);
    setenv("HOME", "/b", 1);
    config = read_cached();
    setenv("HOME", home, 1);
    free(home);
    assert_string_equal(config.xml_output, "/b/x");
    config_close(&config);
}

static void errors_are_not_cached(void **state)
{
    (void)state;
    struct config config;
    write_file(".coveragerc", "[run]\nbranch = maybe\n");
    for (int i = 0; i < 2; i++) {
        struct error error = { 0 };
        assert_int_equal(config_init(&config, folder, NULL), 0);
        assert_int_equal(config_read(&config, NULL, &counting, in_folder("cache"), &error), -1);
        assert_int_equal(error.code, ERROR_CONFIG);
        config_close(&config);
    }
    assert_int_equal(count_starts(), 2);
}

static void a_spoilt_cache_is_passed_over(void **state)
{
    (void)state;
    static const char *const commands[] = { "truncate -s 0", "truncate -s 60", "sed -i 2d",
                                            "sed -i 's/true/5/'", "sed -i 's/\"paths\"/\"p\"/'" };
    write_file(".coveragerc", "[run]\nbranch = 1\nomit = a\n" ASKED);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char command[PATH_MAX + 64];
        struct config config = read_cached();
        config_close(&config);
        snprintf(command, sizeof command, "%s %s/*", commands[i], in_folder("cache"));
        assert_int_equal(system(command), 0);
        config = read_cached();
        assert_true(config.branch);
        assert_list(&config.run_omit, "a|");
        config_close(&config);
        assert_int_equal(count_starts(), (int)i + 2);
    }
}

static void the_cache_holds_no_values_of_other_variables(void **state)
{
    (void)state;
    char command[PATH_MAX + 64];
    write_file("pyproject.toml", "[tool.coverage.run]\nomit = [\"\\u0024X\"]\n");
    setenv("VARIABLE", "secret-token", 1);
    struct config config = read_cached();
    config_close(&config);
    snprintf(command, sizeof command, "test -n \"$(ls %s)\" && ! grep -rq secret-token %s",
             in_folder("cache"), in_folder("cache"));
    assert_int_equal(system(command), 0);
}

/* The `lines` format, which libcovfork.so reads */

/* The text of scripts/helper/read_config.py, found from this file. Caller frees. */
static char *load_program(void)
{
    char path[PATH_MAX];
    size_t size;
    snprintf(path, sizeof path, "%s", __FILE__);
    char *slash = strrchr(path, '/');
    assert_non_null(slash);
    snprintf(slash, sizeof path - (size_t)(slash - path), "/../../scripts/helper/read_config.py");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 100000);
    assert_non_null(text);
    size = fread(text, 1, 99999, file);
    assert_in_range(size, 1000, 99998);
    fclose(file);
    return text;
}

/* 0 or -1, and the output (NULL when -1), which the caller frees. */
static int print_lines(char **output, struct error *error)
{
    const char *arguments[] = { folder, "--format", "lines", NULL };
    char *program = load_program();
    size_t size;
    int status =
        python_helper_run(program, &no_interpreters, arguments, NULL, 0, output, &size, error);
    free(program);
    return status;
}

/* `expected` has FOLDER for the test's folder. */
static void assert_printed(const char *expected)
{
    char *output, text[8192] = "";
    struct error error = { 0 };
    if (print_lines(&output, &error) < 0)
        fail_msg("%s", error.text);
    const char *found;
    for (; (found = strstr(expected, "FOLDER")); expected = found + 6) {
        strncat(text, expected, (size_t)(found - expected));
        strcat(text, folder);
    }
    strcat(text, expected);
    assert_string_equal(output, text);
    free(output);
}

/* Reads with what was started before, which is freed. */
static struct config read_started(struct config_start *start, const char *rcfile,
                                  const struct string_list *interpreters)
{
    struct config config;
    struct error error = { 0 };
    if (config_init(&config, folder, &error) < 0 ||
        config_read_started(&config, rcfile, interpreters, in_folder("cache"), start, &error) < 0)
        fail_msg("%s", error.text);
    config_start_free(start);
    return config;
}

static struct config_start *start_counting(const char *rcfile)
{
    return config_start_new(folder, rcfile, counting.items[0], in_folder("cache"));
}

static void an_answer_that_was_asked_for_before_is_taken(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nsource = one\n" ASKED);
    struct config_start *start = start_counting(NULL);
    assert_non_null(start);
    struct config config = read_started(start, NULL, &counting);
    assert_list(&config.source, "one|");
    config_close(&config);
    assert_int_equal(count_starts(), 1);
    config = read_cached();
    assert_list(&config.source, "one|");
    config_close(&config);
    assert_int_equal(count_starts(), 1);
}

static void a_file_that_changed_since_is_asked_for_anew(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nsource = one\n" ASKED);
    struct config_start *start = start_counting(NULL);
    assert_non_null(start);
    write_file(".coveragerc", "[run]\nsource = two\n" ASKED);
    struct config config = read_started(start, NULL, &counting);
    assert_list(&config.source, "two|");
    config_close(&config);
}

static void another_file_is_asked_for_anew(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nsource = one\n" ASKED);
    write_file("other", "[run]\nsource = two\n" ASKED);
    struct config_start *start = start_counting(NULL);
    assert_non_null(start);
    struct config config = read_started(start, "other", &counting);
    assert_list(&config.source, "two|");
    config_close(&config);
}

static void another_first_interpreter_is_asked_anew(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nsource = one\n" ASKED);
    struct config_start *start = config_start_new(folder, NULL, interpreter, in_folder("cache"));
    assert_non_null(start);
    struct config config = read_started(start, NULL, &counting);
    assert_list(&config.source, "one|");
    config_close(&config);
    assert_int_equal(count_starts(), 1);
}

static void an_interpreter_that_gives_no_answer_is_made_up_for(void **state)
{
    (void)state;
    struct string_list broken = { 0 };
    write_file(".coveragerc", "[run]\nsource = one\n" ASKED);
    assert_int_equal(chmod(write_file("broken", "#!/bin/sh\nexit 3\n"), 0700), 0);
    assert_int_equal(string_list_add(&broken, in_folder("broken")), 0);
    struct config_start *start =
        config_start_new(folder, NULL, broken.items[0], in_folder("cache"));
    assert_non_null(start);
    struct config config = read_started(start, NULL, &broken);
    assert_list(&config.source, "one|");
    config_close(&config);
    string_list_close(&broken);
}

static void nothing_is_started_where_nothing_is_to_be_asked(void **state)
{
    (void)state;
    assert_null(start_counting(NULL));
    assert_null(start_counting("missing"));
    write_file(".coveragerc", "[run]\nsource = one\n" ASKED);
    assert_null(config_start_new(folder, NULL, in_folder("missing"), NULL));
    struct config config = read_cached();
    config_close(&config);
    assert_null(start_counting(NULL));
    assert_int_equal(count_starts(), 1);
}

static void nothing_is_started_ahead_for_a_plain_file(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nsource = one\n");
    assert_null(start_counting(NULL));
}

static void what_was_started_can_be_given_up(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nsource = one\n" ASKED);
    struct config_start *start = start_counting(NULL);
    assert_non_null(start);
    config_start_free(start);
    /* No child is left. */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void lines_are_those_of_the_settings(void **state)
{
    (void)state;
    assert_int_equal(mkdir(in_folder("src"), 0700), 0);
    assert_int_equal(mkdir(in_folder("lib"), 0700), 0);
    assert_int_equal(symlink("src", in_folder("link")), 0);
    write_file(".coveragerc", "[run]\nbranch = 1\nsource = link, pkg.sub\nsource_dirs = lib\n"
                              "source_pkgs = other\ninclude = i/*\nomit = 100%/x,*/y\n"
                              "unknown = 1\n[report]\nomit = not-this\n");
    assert_printed("config=FOLDER/.coveragerc\n"
                   "source_dir=FOLDER/lib\n"
                   "source_dir=FOLDER/src\n"
                   "source_pkg=other\n"
                   "source_pkg=pkg.sub\n"
                   "include=i/*\n"
                   "omit=100%25/x\n"
                   "omit=*/y\n"
                   "branch=1\n"
                   "unused=.coveragerc:8: unrecognized option [run] unknown\n"
                   "unused=.coveragerc:6: [run] include has no effect where there is a source\n");
}

static void lines_have_the_label_and_what_has_no_effect(void **state)
{
    (void)state;
    setenv("VARIABLE", "a%b", 1);
    write_file("tox.ini", "[coverage:run]\ncontext = ${VARIABLE}-${NONE-unit}\n"
                          "dynamic_context = test_function\ncover_pylib = on\ndata_file = x\n"
                          "debug = sys\ndebug_file = y\nparallel = true\nsigterm = true\n"
                          "patch = _exit\ncore = sysmon\nconcurrency = thread\ntimid = true\n");
    assert_printed(
        "config=FOLDER/tox.ini\n"
        "branch=0\n"
        "context=a%25b-unit\n"
        "unused=tox.ini:3: [coverage:run] dynamic_context has no effect with the native engine: "
        "--engine coverage has such contexts\n"
        "unused=tox.ini:4: [coverage:run] cover_pylib has no effect: name the folder of the "
        "library in source\n"
        "unused=tox.ini:5: [coverage:run] data_file has no effect: data goes to --data-dir or "
        "COVFORK_DIR\n"
        "unused=tox.ini:6: [coverage:run] debug has no effect: see covfork doctor and covfork "
        "tree\n"
        "unused=tox.ini:7: [coverage:run] debug_file has no effect: see covfork doctor and covfork "
        "tree\n");
}

static void lines_have_patterns_as_paths_too(void **state)
{
    (void)state;
    assert_int_equal(mkdir(in_folder("src"), 0700), 0);
    assert_int_equal(symlink("src", in_folder("link")), 0);
    write_file(".coveragerc", "[run]\nomit = src/*, link/*, ./a//b/, x/../y.py, */z/../y\n");
    assert_printed("config=FOLDER/.coveragerc\n"
                   "omit=src/*\n"
                   "omit=link/*\n"
                   "omit=FOLDER/src/*\n"
                   "omit=./a//b/\n"
                   "omit=FOLDER/a/b\n"
                   "omit=x/../y.py\n"
                   "omit=FOLDER/y.py\n"
                   "omit=*/z/../y\n"
                   "branch=0\n");
}

static void lines_without_a_configuration(void **state)
{
    (void)state;
    assert_printed("branch=0\n");
}

static void lines_escape_control_characters(void **state)
{
    (void)state;
    write_file("pyproject.toml", "[tool.coverage.run]\nomit = [\"a\\nb\\u0001\"]\n");
    assert_printed("config=FOLDER/pyproject.toml\nomit=a%0Ab%01\nbranch=0\n");
}

static void assert_refused(const char *text, const char *expected)
{
    char line[PATH_MAX + 256];
    write_file(".coveragerc", text);
    snprintf(line, sizeof line, "refused=.coveragerc:%s\n", expected);
    assert_printed(line);
}

static void lines_of_what_coverage_refuses_say_so_alone(void **state)
{
    (void)state;
    assert_refused("[run]\nbranch = maybe\n", "2: [run] branch = maybe: not a boolean");
    assert_refused("[run]\nsource_dirs = gone\n", "2: [run] source_dirs: not a folder: gone");
    assert_refused("[run]\nsource = /.\n",
                   "2: [run] source = /.: the root of the file system can't be it");
    assert_refused(
        "[report]\nexclude_also = (\n",
        "2: [report] exclude_also = (: missing ), unterminated subpattern at position 0");
    write_file(".coveragerc", "[run]\nbranch = 1\n");
    setenv("COVERAGE_RCFILE", "gone.ini", 1);
    assert_printed("refused=gone.ini: couldn't read it as a configuration file\n");
}

/* What stops a run with this configuration, or NULL. Caller frees. */
static char *find_refusal(const char *text)
{
    write_file(".coveragerc", text);
    struct config config;
    struct error error = { 0 };
    char *refusal = NULL;
    assert_int_equal(config_init(&config, folder, &error), 0);
    if (config_read_for_run(&config, NULL, NULL, &error) != 0)
        refusal = strdup(error.text);
    else if (config.run_refusal)
        refusal = strdup(config.run_refusal);
    config_close(&config);
    return refusal;
}

static void a_run_is_refused_for_what_coverage_refuses_it_for(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "source = /",
        "source = .., /..",
        "source = root",
        "source_dirs = gone",
        "source_dirs = /",
        "dynamic_context = nonsense",
        "core = fast",
        "core =",
        "patch = _exit, fork, exec",
        "omit = a**",
        "omit = **",
        "omit = **/**/x",
        "include = ***/a",
        "omit = a[b.py",
        "omit = a]b.py",
        "branch = maybe",
        "omit = a/b**c",
        "concurrency = thread, green",
        "source = ${GONE?}",
        "branch = 1\nbranch = 1",
    };
    static const char *const taken[] = {
        "source = .",
        "source = gone",
        "dynamic_context = test_function",
        "core = pytrace",
        "core = ctrace",
        "dynamic_context = none",
        "dynamic_context =",
        "core = fast\ntimid = 1",
        "patch = _exit, execv, fork, subprocess",
        "omit = a/**/b",
        "omit = **/b",
        "omit = [ab]*.py, */c/*",
        "omit = a/**",
        "concurrency = thread, multiprocessing, gevent",
        "nobody_knows = 1",
        "source_dirs = .",
    };
    char text[256];
    unsetenv("COVERAGE_CORE");
    assert_int_equal(symlink("/", in_folder("root")), 0);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        snprintf(text, sizeof text, "[run]\n%s\n", refused[i]);
        char *refusal = find_refusal(text);
        if (!refusal || strncmp(refusal, ".coveragerc", 11) != 0) {
            if (!refusal || !strstr(refusal, "/.coveragerc: unknown concurrency"))
                fail_msg("%s: %s", refused[i], refusal ? refusal : "not refused");
        }
        free(refusal);
    }
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        snprintf(text, sizeof text, "[run]\n%s\n", taken[i]);
        char *refusal = find_refusal(text);
        if (refusal)
            fail_msg("%s: %s", taken[i], refusal);
    }
}

static void a_core_in_a_variable_is_looked_at_for_runs(void **state)
{
    (void)state;
    setenv("COVERAGE_CORE", "fast", 1);
    char *refusal = find_refusal("[run]\nbranch = 1\n");
    unsetenv("COVERAGE_CORE");
    assert_non_null(refusal);
    assert_string_equal(refusal, "COVERAGE_CORE = fast: unknown core");
    free(refusal);
}

static void what_can_not_be_refused_starts_no_interpreter(void **state)
{
    (void)state;
    char *path = strdup(getenv("PATH"));
    setenv("PATH", "/nonexistent", 1);
    char *refusal = find_refusal("[run]\nsource = src\nomit = */x/*\ndata_file = x\n"
                                 "patch = _exit, subprocess\ncore = sysmon\ncontext = a\n"
                                 "dynamic_context = test_function\nbranch = 1\n");
    char *asked = find_refusal("[run]\npatch = other\n");
    setenv("PATH", path, 1);
    free(path);
    assert_null(refusal);
    assert_non_null(asked);
    free(asked);
}

static void what_a_variable_decides_refuses_no_run(void **state)
{
    (void)state;
    setenv("COVFORK_SOURCE", "pkg", 1);
    setenv("COVFORK_OMIT", "x", 1);
    char *refusal = find_refusal("[run]\nsource = /\nsource_dirs = gone\nomit = **\n");
    unsetenv("COVFORK_SOURCE");
    unsetenv("COVFORK_OMIT");
    assert_null(refusal);
}

static void warnings_are_disabled_by_coverages_names(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\ninclude = x\nsource_pkgs = y\n"
                              "disable_warnings = include-ignored, couldnt-parse\n");
    struct config config;
    struct error error = { 0 };
    assert_int_equal(config_init(&config, folder, &error), 0);
    assert_int_equal(config_read_for_run(&config, NULL, "native", &error), 0);
    assert_int_equal(config.run_warnings.count, 0);
    assert_true(config_disables(&config, "couldnt-parse"));
    assert_false(config_disables(&config, "module-not-imported"));
    config_close(&config);
}

static void a_report_is_not_refused_for_what_a_run_is(void **state)
{
    (void)state;
    write_file(".coveragerc", "[run]\nsource = /\ndynamic_context = x\n" ASKED);
    struct config config = read_config(NULL);
    assert_int_equal(config.warnings.count, 0);
    config_close(&config);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

static const struct CMUnitTest tests[] = {
    TEST(defaults_are_those_of_coverage),
    TEST(all_options_are_read),
    TEST(no_file_starts_no_interpreter),
    TEST(other_tools_files_without_coverage_start_no_interpreter),
    TEST(files_are_tried_in_the_order_of_coverage),
    TEST(an_empty_coveragerc_ends_the_search),
    TEST(other_tools_files_count_when_they_set_something),
    TEST(coveragerc_that_is_a_folder_is_passed_over),
    TEST(a_byte_order_mark_is_passed_over),
    TEST(rcfile_is_read_whatever_its_name),
    TEST(rcfile_needs_no_prefix),
    TEST(rcfile_must_be_there),
    TEST(rcfile_coveragerc_means_the_usual_search),
    TEST(empty_rcfile_means_none),
    TEST(rcfile_can_be_a_pipe),
    TEST(variable_names_the_file),
    TEST(forced_file_is_read_on_top),
    TEST(lists_are_split_at_commas_and_newlines),
    TEST(patterns_are_split_at_newlines),
    TEST(characters_by_name_are_written_by_number),
    TEST(exclude_also_adds_to_the_default),
    TEST(an_empty_exclude_lines_excludes_nothing),
    TEST(an_empty_source_is_given),
    TEST(empty_choices_are_unset),
    TEST(variables_are_substituted),
    TEST(a_strict_variable_must_be_set),
    TEST(variables_that_the_helper_must_not_have_are_substituted),
    TEST(values_that_are_not_utf8_survive),
    TEST(home_is_expanded_in_file_names),
    TEST(toml_has_types),
    TEST(infinite_numbers_survive),
    TEST(unknown_options_are_warned_of),
    TEST(source_dirs_that_are_not_there_are_warned_of),
    TEST(wrong_values_are_named),
    TEST(wrong_values_of_options_without_use_are_named_too),
    TEST(wrong_patterns_are_named),
    TEST(files_that_are_not_ini_are_named),
    TEST(files_that_are_not_toml_are_named),
    TEST(plain_files_start_no_interpreter),
    TEST(nothing_is_started_ahead_for_a_plain_file),
    TEST(answers_are_cached),
    TEST(a_changed_file_is_read_again),
    TEST(a_new_file_that_comes_first_is_read),
    TEST(cached_answers_follow_the_environment),
    TEST(cached_answers_follow_variables_that_toml_hides),
    TEST(cached_answers_follow_variables_with_odd_names),
    TEST(cached_answers_do_not_mind_other_variables),
    TEST(cached_answers_follow_the_home_folder),
    TEST(errors_are_not_cached),
    TEST(a_spoilt_cache_is_passed_over),
    TEST(the_cache_holds_no_values_of_other_variables),
    TEST(an_answer_that_was_asked_for_before_is_taken),
    TEST(a_file_that_changed_since_is_asked_for_anew),
    TEST(another_file_is_asked_for_anew),
    TEST(another_first_interpreter_is_asked_anew),
    TEST(an_interpreter_that_gives_no_answer_is_made_up_for),
    TEST(nothing_is_started_where_nothing_is_to_be_asked),
    TEST(what_was_started_can_be_given_up),
    TEST(lines_are_those_of_the_settings),
    TEST(lines_have_patterns_as_paths_too),
    TEST(lines_without_a_configuration),
    TEST(lines_escape_control_characters),
    TEST(lines_have_the_label_and_what_has_no_effect),
    TEST(lines_of_what_coverage_refuses_say_so_alone),
    TEST(a_run_is_refused_for_what_coverage_refuses_it_for),
    TEST(a_core_in_a_variable_is_looked_at_for_runs),
    TEST(what_can_not_be_refused_starts_no_interpreter),
    TEST(what_a_variable_decides_refuses_no_run),
    TEST(warnings_are_disabled_by_coverages_names),
    TEST(a_report_is_not_refused_for_what_a_run_is),
};

UNIT_MAIN_WITH(tests, find_interpreter, forget_interpreter)
