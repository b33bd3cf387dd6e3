/*
 * Tests of collector/config_plain.c: that it gives what scripts/helper/read_config.py prints of the
 * same files, and asks where it should. They need a Python 3.11 or newer (for TOML) as python3 on
 * PATH.
 */
#include "unit.h"
#include "unit_folder.h"

#include "collector/project/config_plain.h"
#include "collector/project/python_helper.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder; /* canonical; each test has a new one */

static int make_folder(void **state)
{
    (void)state;
    char name[] = "/tmp/covfork-plain-XXXXXX";
    if (!mkdtemp(name))
        return -1;
    folder = realpath(name, NULL);
    unsetenv("COVERAGE_RCFILE");
    unsetenv("COVERAGE_FORCE_CONFIG");
    return folder ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unit_remove_folder(folder);
    free(folder);
    unsetenv("COVERAGE_FORCE_CONFIG");
    return 0;
}

static void write_bytes(const char *name, const char *bytes, size_t size)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void write_file(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

static void remove_file(const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
}

/* scripts/helper/read_config.py, found from this file. */
static char program[64 * 1024];

static int load_program(void **state)
{
    (void)state;
    char path[PATH_MAX];
    const char *slash = strrchr(__FILE__, '/');
    snprintf(path, sizeof path, "%.*s/../../scripts/helper/read_config.py",
             slash ? (int)(slash - __FILE__) : 1, slash ? __FILE__ : ".");
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    size_t size = fread(program, 1, sizeof program - 1, file);
    fclose(file);
    return size > 1000 && size < sizeof program - 1 ? 0 : -1;
}

/* What the helper prints; the caller frees it. */
static json_t *ask_helper(const char *rcfile)
{
    const struct string_list none = { 0 };
    const char *arguments[] = {
        folder, "--format", "json", rcfile ? "--rcfile" : NULL, rcfile, NULL
    };
    char *output;
    size_t size;
    struct error error = { 0 };
    if (python_helper_run(program, &none, arguments, NULL, 0, &output, &size, &error) != 0)
        fail_msg("%s", error.text);
    json_t *answer = python_helper_parse(output, size, &error);
    assert_non_null(answer);
    free(output);
    return answer;
}

static void assert_read_as_by_helper(const char *rcfile)
{
    json_t *answer, *expected = ask_helper(rcfile);
    assert_int_equal(config_plain_read(folder, rcfile, CONFIG_PLAIN_FOR_REPORT, &answer),
                     CONFIG_PLAIN_READ);
    if (!json_equal(answer, expected)) {
        char *ours = json_dumps(answer, JSON_COMPACT), *theirs = json_dumps(expected, JSON_COMPACT);
        fail_msg("%s is not %s", ours, theirs);
    }
    json_decref(answer);
    json_decref(expected);
}

/* A file of this name and text alone is read, as the helper reads it. */
static void assert_plain(const char *name, const char *text)
{
    write_file(name, text);
    assert_read_as_by_helper(NULL);
    remove_file(name);
}

static void assert_asked_bytes(const char *name, const char *text, size_t size)
{
    json_t *answer;
    write_bytes(name, text, size);
    if (config_plain_read(folder, NULL, CONFIG_PLAIN_FOR_REPORT, &answer) != CONFIG_PLAIN_ASK)
        fail_msg("was read: %s", text);
    assert_null(answer);
    remove_file(name);
}

static void assert_asked(const char *name, const char *text)
{
    assert_asked_bytes(name, text, strlen(text));
}

static void the_options_are_those_of_the_helper(void **state)
{
    (void)state;
    for (const char *const *options = config_plain_options; *options; options++) {
        char copy[1024], quoted[64];
        assert_in_range(strlen(*options), 1, sizeof copy - 1);
        strcpy(copy, *options);
        char *rest, *word = strtok_r(copy, " ", &rest);
        snprintf(quoted, sizeof quoted, "\"%s\": \"", word);
        const char *section = strstr(program, quoted);
        assert_non_null(section);
        const char *end = strstr(section, "\",\n");
        assert_non_null(end);
        while ((word = strtok_r(NULL, " ", &rest)) != NULL) {
            bool is_known = false;
            size_t size = strlen(word);
            for (const char *at = section; (at = strstr(at, word)) != NULL && at < end; at++)
                is_known |= strchr("\" ", at[-1]) && strchr("\" ", at[size]);
            if (!is_known)
                fail_msg("the helper has no %s", word);
        }
    }
}

static void ini_files_are_read_as_by_the_helper(void **state)
{
    (void)state;
    assert_plain(".coveragerc",
                 "# about \xc3\xa9\n"
                 "[run]\nbranch = Yes\nsource = src, lib\nconcurrency = thread,multiprocessing\n"
                 "omit =\n    a/*\n    # inner\n    */b.py\n\n    c, d\n"
                 "[report]\nFail_Under: 97.5\nprecision = 2\nshow_missing=on\n"
                 "[html]\ntitle = My title\n  goes on\ndirectory = h\nextra_css =\n"
                 "[paths]\nsource =\n  src\n  */ci/src\nOther = a, b\n"
                 "[xml]\npackage_depth = 3\n[odd]\nanything = $HOME ~/x %(s)s\n");
    assert_plain(".coveragerc", "");
    assert_plain(".coveragerc", "[run]\n  branch = 1\n    \n omit = a\n[report]");
    assert_plain(".coveragerc", "[run]\nbranch = 0\n[coverage:run]\nbranch = 1\n");
    assert_plain(".coveragerc", "[html]\ntitle =\n  below\n\n\n");
    assert_plain(".coveragerc", "[xml]\noutput = a = b : c\n");
}

static void patterns_are_read_as_by_the_helper(void **state)
{
    (void)state;
    assert_plain(".coveragerc",
                 "[report]\nexclude_lines =\n"
                 "    pragma: no cover\n    def __repr__\n    @(abc\\.)?abstractmethod\n"
                 "    ^\\s*\\.\\.\\.$\n    if __name__ == .__main__.:\n    (?:a|b+?)*c$|d\n"
                 "exclude_also = class .*\\bProtocol\\):\n");
}

static void other_tools_files_are_passed_over_as_by_the_helper(void **state)
{
    (void)state;
    write_file("setup.cfg", "[metadata]\nname = coverage\n[run]\nbranch = 1\n");
    write_file("tox.ini", "[testenv]\ncommands =\n    coverage run {posargs}\n"
                          "[coverage:run]\nbranch = 1\n");
    assert_read_as_by_helper(NULL);
    remove_file("tox.ini");
    write_file("pyproject.toml", "[tool.coverage.run]\nsource = ['a']\n");
    assert_read_as_by_helper(NULL);
    remove_file("pyproject.toml");
    assert_read_as_by_helper(NULL);
}

static void toml_is_read_as_by_the_helper(void **state)
{
    (void)state;
    assert_plain("pyproject.toml",
                 "# c\n[build-system]\nrequires = [\"a>=1\", 'b',]\n[project]\n"
                 "authors = [{ name = \"J\xc3\xa9\", email = 'a@b' }, {}]\n"
                 "dynamic = []\n[project.urls]\n\"Home page\" = \"x\"\n"
                 "[[tool.mypy.overrides]]\nmodule = 'a.*'\n[[tool.mypy.overrides]]\n"
                 "module = [\n  'b', # c\n]\n[tool.ruff]\nlint.select = ['E']\nlint.ignore = []\n"
                 "[tool.black]\ninclude = '''\nx\\.py\n'''\n"
                 "[tool.coverage.run]\nbranch = true\nsource = [\"src\"]\n"
                 "[tool.coverage.report]\nexclude_also = [\n \"\\\\.\\\\.\\\\.$\", 'if 0:',\n]\n"
                 "fail_under = 97\nprecision = -1\nomit = [' a, b ', '']\n"
                 "[tool.coverage.paths]\nsource = ['src', '*/x']\n"
                 "[tool.coverage.html]\ntitle = ''\n");
    assert_plain("pyproject.toml", "[tool]\ncoverage.run.branch = true\n[tool.x]\ny = 1.5\n");
    assert_plain("pyproject.toml", "[tool.coverage]\nrun = { branch = true, omit = [] }\n");
    assert_plain("pyproject.toml", "[tool.coverage.run]\n[tool]\n");
    assert_plain(".coveragerc.toml", "[run]\nbranch = true\n[tool.coverage.run]\nomit = ['a']\n");
    assert_plain(".coveragerc.toml", "run.branch = false\n");
}

static void a_file_that_was_asked_for_is_read_as_by_the_helper(void **state)
{
    (void)state;
    char path[PATH_MAX];
    write_file("rc", "[run]\nbranch = 1\n");
    assert_read_as_by_helper("rc");
    snprintf(path, sizeof path, "%s/rc", folder);
    assert_read_as_by_helper(path);
    json_t *answer;
    assert_int_equal(config_plain_read(folder, "missing", CONFIG_PLAIN_FOR_REPORT, &answer),
                     CONFIG_PLAIN_ASK);
    assert_int_equal(config_plain_read(folder, "./rc", CONFIG_PLAIN_FOR_REPORT, &answer),
                     CONFIG_PLAIN_ASK);
    assert_int_equal(config_plain_read(folder, "", CONFIG_PLAIN_FOR_REPORT, &answer),
                     CONFIG_PLAIN_ASK);
}

static void a_forced_file_is_asked_about(void **state)
{
    (void)state;
    setenv("COVERAGE_FORCE_CONFIG", "other", 1);
    assert_asked(".coveragerc", "[run]\n");
}

static void odd_ini_files_are_asked_about(void **state)
{
    (void)state;
    assert_asked(".coveragerc", "branch = 1\n");
    assert_asked(".coveragerc", "[run]\nbranch\n");
    assert_asked(".coveragerc", "[run]\n= 1\n");
    assert_asked(".coveragerc", "[run]\n[run]\n");
    assert_asked(".coveragerc", "[run]\nbranch = 1\nBRANCH = 1\n");
    assert_asked(".coveragerc", "[DEFAULT]\nbranch = 1\n[run]\n");
    assert_asked(".coveragerc", "[run] junk\n");
    assert_asked(".coveragerc", "[r]un]\n");
    assert_asked(".coveragerc", "[]\n");
    assert_asked(".coveragerc", "[run]\nomit = \xc3\xa9\n");
    assert_asked(".coveragerc", "[run]\r\nbranch = 1\r\n");
    assert_asked(".coveragerc", "[run]\nomit = a\x0b\n");
    assert_asked(".coveragerc", "# \xff\n[run]\n");
    assert_asked_bytes(".coveragerc", "# \0\n[run]\n", 10);
    assert_asked(".coveragerc", "[x]\ny = \xc2\xa0\n");
}

static void odd_values_are_asked_about(void **state)
{
    (void)state;
    assert_asked(".coveragerc", "[run]\nbranch = maybe\n");
    assert_asked(".coveragerc", "[run]\nbranch =\n");
    assert_asked(".coveragerc", "[run]\nodd = 1\n");
    assert_asked(".coveragerc", "[run]\nomit = $X\n");
    assert_asked(".coveragerc", "[run]\nomit = ${X}\n");
    assert_asked(".coveragerc", "[run]\nomit = $$\n");
    assert_asked(".coveragerc", "[run]\ndata_file = ~/x\n");
    assert_asked(".coveragerc", "[run]\nplugins = p\n");
    assert_asked(".coveragerc", "[run]\nsource_dirs = p\n");
    assert_asked(".coveragerc", "[run]\nconcurrency = gevent\n");
    assert_asked(".coveragerc", "[paths]\na = b, ~/c\n");
    assert_asked(".coveragerc", "[report]\nprecision = 1_0\n");
    assert_asked(".coveragerc", "[report]\nprecision = 12345678901\n");
    assert_asked(".coveragerc", "[report]\nfail_under = nan\n");
    assert_asked(".coveragerc", "[report]\nfail_under = 1e1\n");
}

static void odd_patterns_are_asked_about(void **state)
{
    (void)state;
    static const char *const patterns[] = { "(a",        "a)",  "a**",   "*a",    "a*+",
                                            "a{2}",      "[a]", "(?i)a", "(?=a)", "\\1",
                                            "\\N{DASH}", "a|*", "(+)",   "\\",    "\\b*" };
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "[report]\nexclude_also = %s\n", patterns[i]);
        assert_asked(".coveragerc", text);
    }
}

static void odd_toml_is_asked_about(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a",
        "a = ",
        "a = 1 2",
        "a = 1\na = 2",
        "a = 01",
        "a = 1_0",
        "a = 1e5",
        "a = 2020-01-01",
        "a = tru",
        "a = truely",
        "a = 'x",
        "a = \"\\u0041\"",
        "a = \"\\",
        "a = '''x",
        "a = ''''x''''",
        "a = \"\"\"\\n\"\"\"",
        "a = [1",
        "a = [1 2]",
        "a = {b = 1",
        "a = {b = 1,}",
        "a = {b = 1}\na.c = 2",
        "a = {b = 1}\n[a.c]",
        "a = {b = 1, b = 2}",
        "a.b = 1\na.b.c = 1",
        "a.b = 1\n[a]",
        "[a]\n[a]",
        "[a]\nb.c = 1\n[a.b]",
        "[a.b]\n[a]\nb.c = 1",
        "[[a]]\n[a]",
        "[a]\n[[a]]",
        "a = [1]\n[[a]]",
        "a = []\n[a.b]",
        "[a",
        "[[a]",
        "[]",
        "[a] b = 1",
        "= 1",
        "a..b = 1",
        "a = 1\r\n",
        "a = '\x01'",
        "a = '\xff'",
        "a = 1 # \x7f",
        "tool = 1",
        "[tool]\ncoverage = 1",
        "[tool.coverage]\nrun = 1",
        "[tool.coverage.run]\nbranch = 'yes'",
        "[tool.coverage.run]\nbranch = 1",
        "[tool.coverage.run]\nodd = 1",
        "[tool.coverage.run]\nomit = 'a'",
        "[tool.coverage.run]\nomit = [1]",
        "[tool.coverage.run]\nomit = ['$X']",
        "[tool.coverage.run]\nomit = ['\xc3\xa9']",
        "[tool.coverage.run]\ncontext = 1",
        "[tool.coverage.run.omit]\na = 1",
        "[tool.coverage.report]\nprecision = '1'",
        "[tool.coverage.report]\nprecision = true",
        "[tool.coverage.report]\nexclude_also = ['(']",
        "[tool.coverage.html]\ndirectory = '~/x'",
        "[tool.coverage.paths]\na = 'x'",
        "[tool.coverage.paths]\na = ['~']",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_asked("pyproject.toml", texts[i]);
    assert_asked_bytes("pyproject.toml", "a = 1\0", 6);
}

static void deep_toml_is_asked_about(void **state)
{
    (void)state;
    char text[20000] = "a = ";
    memset(text + 4, '[', sizeof text - 5);
    assert_asked("pyproject.toml", text);
    memset(text, 'a', sizeof text - 1);
    memcpy(text + sizeof text - 6, " = 1\n", 5);
    assert_asked("pyproject.toml", text);
}

static void what_is_no_file_is_asked_about(void **state)
{
    (void)state;
    char path[PATH_MAX];
    json_t *answer;
    snprintf(path, sizeof path, "%s/.coveragerc", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(config_plain_read(folder, NULL, CONFIG_PLAIN_FOR_REPORT, &answer),
                     CONFIG_PLAIN_ASK);
    rmdir(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(config_plain_read(folder, NULL, CONFIG_PLAIN_FOR_REPORT, &answer),
                     CONFIG_PLAIN_ASK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

static const struct CMUnitTest tests[] = {
    TEST(the_options_are_those_of_the_helper),
    TEST(ini_files_are_read_as_by_the_helper),
    TEST(patterns_are_read_as_by_the_helper),
    TEST(other_tools_files_are_passed_over_as_by_the_helper),
    TEST(toml_is_read_as_by_the_helper),
    TEST(a_file_that_was_asked_for_is_read_as_by_the_helper),
    TEST(a_forced_file_is_asked_about),
    TEST(odd_ini_files_are_asked_about),
    TEST(odd_values_are_asked_about),
    TEST(odd_patterns_are_asked_about),
    TEST(odd_toml_is_asked_about),
    TEST(deep_toml_is_asked_about),
    TEST(what_is_no_file_is_asked_about),
};

UNIT_MAIN_WITH(tests, load_program, NULL)
