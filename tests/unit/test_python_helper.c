/* Tests of collector/python_helper.c. They need a Python 3.8 or newer as python3 on PATH. */
#include "unit.h"
#include "unit_folder.h"

#include "collector/project/python_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/tmp/covfork-helper-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return unit_remove_folder(folder);
}

static const char *in_folder(const char *name)
{
    static char names[8][PATH_MAX];
    static int next;
    char *full = names[next++ % 8];
    snprintf(full, sizeof names[0], "%s/%s", folder, name);
    return full;
}

/* A source file that was last changed long ago, as the cache wants it. */
static const char *write_file(const char *name, const char *text)
{
    const char *full = in_folder(name);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    struct timespec times[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1000000000 } };
    assert_int_equal(utimensat(AT_FDCWD, full, times, 0), 0);
    return full;
}

static const char *write_script(const char *name, const char *text)
{
    const char *full = write_file(name, text);
    assert_int_equal(chmod(full, 0700), 0);
    return full;
}

/* Runs `program` with python3 from PATH; the output, which the caller frees. */
static char *run(const char *program)
{
    char *output;
    size_t size;
    struct error error = { 0 };
    if (python_helper_run(program, NULL, NULL, NULL, 0, &output, &size, &error) < 0)
        fail_msg("%s", error.text);
    return output;
}

static void assert_prints(const char *program, const char *expected)
{
    char *output = run(program);
    assert_string_equal(output, expected);
    free(output);
}

/* The interpreter itself, where python3 on PATH may be a script. */
static const char *find_interpreter(void)
{
    static char path[PATH_MAX];
    char *output = run("import os, sys\nprint(os.path.realpath(sys.executable), end='')");
    snprintf(path, sizeof path, "%s", output);
    free(output);
    return path;
}

static void run_gives_the_output(void **state)
{
    (void)state;
    assert_prints("print('hello')", "hello\n");
}

static void run_gives_no_output_as_empty(void **state)
{
    (void)state;
    assert_prints("pass", "");
}

static void run_passes_arguments_as_they_are(void **state)
{
    (void)state;
    char *output;
    size_t size;
    const char *arguments[] = { "--opt", "", "a b", "\xff\xc3\xa9", NULL };
    assert_int_equal(python_helper_run("import os, sys\n"
                                       "sys.stdout.buffer.write(b'|'.join(map(os.fsencode,"
                                       " sys.argv[1:])))",
                                       NULL, arguments, NULL, 0, &output, &size, NULL),
                     0);
    assert_string_equal(output, "--opt||a b|\xff\xc3\xa9");
    assert_int_equal(size, 14);
    free(output);
}

static void run_passes_much_data_both_ways_at_once(void **state)
{
    (void)state;
    size_t size = 5000000, got;
    char *input = malloc(size), *output;
    assert_non_null(input);
    for (size_t i = 0; i < size; i++)
        input[i] = (char)(i * 7 % 251);
    int status = python_helper_run("import sys\n"
                                   "while True:\n"
                                   "    data = sys.stdin.buffer.read1(100000)\n"
                                   "    if not data: break\n"
                                   "    sys.stdout.buffer.write(data)\n"
                                   "    sys.stderr.write('x' * 1000)\n",
                                   NULL, NULL, input, size, &output, &got, NULL);
    assert_int_equal(status, 0);
    assert_int_equal(got, size);
    assert_memory_equal(output, input, size);
    free(input);
    free(output);
}

static void run_survives_a_program_that_does_not_read(void **state)
{
    (void)state;
    char *input = calloc(1, 3000000), *output;
    size_t size;
    void (*old)(int) = signal(SIGPIPE, SIG_DFL);
    int status = python_helper_run("import os, time\nos.close(0)\ntime.sleep(0.1)\nprint('done')",
                                   NULL, NULL, input, 3000000, &output, &size, NULL);
    signal(SIGPIPE, old);
    assert_int_equal(status, 0);
    assert_string_equal(output, "done\n");
    free(input);
    free(output);
}

static void run_is_isolated(void **state)
{
    (void)state;
    assert_prints("import sys\nprint(sys.flags.isolated, sys.flags.no_site, 'site' in sys.modules)",
                  "1 1 False\n");
}

static void run_hides_our_variables_and_turns_recording_off(void **state)
{
    (void)state;
    setenv("LD_PRELOAD", "", 1);
    setenv("COVFORK_DIR", "/x", 1);
    setenv("COVFORK_ENGINE", "native", 1);
    setenv("PYTHONHOME", "/nowhere", 1);
    setenv("COVERAGE_FILE", "kept", 1);
    assert_prints("import os\n"
                  "print(sorted(v for v in map('='.join, os.environ.items())"
                  " if v.startswith(('LD_PRELOAD', 'COV', 'PYTHON'))))",
                  "['COVERAGE_FILE=kept', 'COVFORK_ENGINE=off']\n");
    unsetenv("LD_PRELOAD");
    unsetenv("COVFORK_DIR");
    unsetenv("COVFORK_ENGINE");
    unsetenv("PYTHONHOME");
    unsetenv("COVERAGE_FILE");
}

static void run_leaves_no_child(void **state)
{
    (void)state;
    assert_prints("print(1)", "1\n");
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void run_leaves_no_descriptor(void **state)
{
    (void)state;
    int before = dup(0);
    close(before);
    assert_prints("print(1)", "1\n");
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

static void run_works_with_standard_descriptors_closed(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        for (int i = 0; i < 3; i++)
            close(i);
        char *output;
        size_t size;
        int status = python_helper_run("import sys\nsys.stdout.write(sys.stdin.read())", NULL, NULL,
                                       "echo", 4, &output, &size, NULL);
        _exit(status == 0 && strcmp(output, "echo") == 0 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void run_works_where_child_signals_are_ignored(void **state)
{
    (void)state;
    signal(SIGCHLD, SIG_IGN);
    char *output = run("print(1)");
    void (*after)(int) = signal(SIGCHLD, SIG_DFL);
    assert_string_equal(output, "1\n");
    assert_ptr_equal(after, SIG_IGN);
    free(output);
}

static void ignore_signal(int number)
{
    (void)number;
}

static void run_goes_on_after_signals(void **state)
{
    (void)state;
    struct sigaction action = { .sa_handler = ignore_signal }, old;
    sigaction(SIGALRM, &action, &old);
    struct itimerval often = { { 0, 5000 }, { 0, 5000 } }, never = { 0 };
    setitimer(ITIMER_REAL, &often, NULL);
    char *output = run("import time\ntime.sleep(0.2)\nprint('slept')");
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &old, NULL);
    assert_string_equal(output, "slept\n");
    free(output);
}

static void run_tells_the_last_line_of_stderr(void **state)
{
    (void)state;
    char *output;
    size_t size;
    struct error error = { 0 };
    assert_int_equal(python_helper_run("import sys\nprint('lost')\n"
                                       "sys.stderr.write('first\\nsecond\\n\\n')\nsys.exit(3)",
                                       NULL, NULL, NULL, 0, &output, &size, &error),
                     -1);
    assert_null(output);
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_string_equal(error.text, "python3 failed (exit status 3): second");
}

static void run_tells_a_signal(void **state)
{
    (void)state;
    char *output;
    size_t size;
    struct error error = { 0 };
    struct string_list interpreters = { 0 };
    string_list_add(&interpreters, find_interpreter());
    assert_int_equal(python_helper_run("import os\nos.kill(os.getpid(), 9)", &interpreters, NULL,
                                       NULL, 0, &output, &size, &error),
                     -1);
    assert_non_null(strstr(error.text, "was ended by signal 9"));
    string_list_close(&interpreters);
}

static void run_passes_over_what_is_no_python(void **state)
{
    (void)state;
    struct string_list interpreters = { 0 };
    char script[PATH_MAX + 64], *output;
    size_t size;
    string_list_add(&interpreters, in_folder("missing"));
    string_list_add(&interpreters, write_file("not-executable", "x"));
    string_list_add(&interpreters, write_script("fails", "#!/bin/sh\necho no such version >&2\n"
                                                         "exit 127\n"));
    string_list_add(&interpreters, write_script("silent", "#!/bin/sh\nexit 0\n"));
    string_list_add(&interpreters, write_script("chatty", "#!/bin/sh\necho Python 2.7\n"));
    snprintf(script, sizeof script, "#!/bin/sh\nWHO=good exec %s \"$@\"\n", find_interpreter());
    string_list_add(&interpreters, write_script("good", script));
    snprintf(script, sizeof script, "#!/bin/sh\nWHO=late exec %s \"$@\"\n", find_interpreter());
    string_list_add(&interpreters, write_script("late", script));
    assert_int_equal(python_helper_run("import os\nprint(os.environ['WHO'])", &interpreters, NULL,
                                       NULL, 0, &output, &size, NULL),
                     0);
    assert_string_equal(output, "good\n");
    free(output);
    string_list_close(&interpreters);
}

static void run_does_not_try_another_when_the_program_fails(void **state)
{
    (void)state;
    char *output;
    size_t size;
    struct error error = { 0 };
    struct string_list interpreters = { 0 };
    string_list_add(&interpreters, find_interpreter());
    string_list_add(&interpreters, write_script("second", "#!/bin/sh\necho ran > \"$0.ran\"\n"));
    assert_int_equal(python_helper_run("raise ValueError('bad\\x01')", &interpreters, NULL, NULL, 0,
                                       &output, &size, &error),
                     -1);
    assert_non_null(strstr(error.text, "ValueError: bad?"));
    assert_int_equal(access(in_folder("second.ran"), F_OK), -1);
    string_list_close(&interpreters);
}

static void run_without_any_python_says_so(void **state)
{
    (void)state;
    char *path = strdup(getenv("PATH")), *output;
    size_t size;
    struct error error = { 0 };
    setenv("PATH", folder, 1);
    int status = python_helper_run("pass", NULL, NULL, NULL, 0, &output, &size, &error);
    setenv("PATH", path, 1);
    free(path);
    assert_int_equal(status, -1);
    assert_non_null(strstr(error.text, "no Python 3.8 or newer can be run"));
}

static void assert_parsed(const char *text, const char *expected)
{
    json_t *value = python_helper_parse(text, strlen(text), NULL);
    assert_non_null(value);
    char *bytes = python_helper_bytes(json_array_get(value, 0));
    assert_string_equal(bytes, expected);
    free(bytes);
    json_decref(value);
}

static void parse_turns_surrogate_escapes_into_bytes(void **state)
{
    (void)state;
    assert_parsed("[\"a\\udcffb\\udc80\"]", "a\xff"
                                            "b\x80");
    assert_parsed("[\"\\uDCE9\"]", "\xe9");
}

static void parse_leaves_pairs_and_other_escapes(void **state)
{
    (void)state;
    assert_parsed("[\"\\ud83d\\udc80 \\u00e9 \\\" \\\\udc80\"]",
                  "\xf0\x9f\x92\x80 \xc3\xa9 \" \\udc80");
}

static void parse_refuses_what_is_no_json(void **state)
{
    (void)state;
    struct error error = { 0 };
    assert_null(python_helper_parse("[\"\\ud8", 6, &error));
    assert_int_equal(error.code, ERROR_FORMAT);
    assert_null(python_helper_parse("[\"\\udc00\"]", 10, NULL));
    assert_null(python_helper_parse("", 0, NULL));
}

/* The tables of one file, compiled by the interpreter itself. */
static struct python_line_table *compile_file(const char *path, const char *cache)
{
    struct string_list paths = { 0 }, interpreters = { 0 };
    struct python_line_table *tables;
    struct error error = { 0 };
    string_list_add(&paths, path);
    string_list_add(&interpreters, find_interpreter());
    if (python_line_tables(&paths, &interpreters, cache, &tables, &error) < 0)
        fail_msg("%s", error.text);
    string_list_close(&paths);
    string_list_close(&interpreters);
    return tables;
}

/* Are the lines of `table` those in `expected` (a digit each)? */
static void assert_lines(const struct python_line_table *table, const char *expected)
{
    char lines[16] = "";
    size_t count = 0;
    for (uint32_t line = line_set_next(&table->lines, 0); line && count < 15;
         line = line_set_next(&table->lines, line))
        lines[count++] = (char)('0' + line);
    assert_string_equal(lines, expected);
}

static void assert_file_lines(const char *text, const char *expected)
{
    struct python_line_table *tables = compile_file(write_file("m.py", text), NULL);
    assert_null(tables[0].problem);
    assert_lines(&tables[0], expected);
    python_line_tables_free(tables, 1);
}

static void tables_have_the_lines_of_all_code(void **state)
{
    (void)state;
    assert_file_lines("import os\n"
                      "\n"
                      "def f(a,\n"
                      "      b):\n"
                      "    # nothing\n"
                      "    return (lambda:\n"
                      "            a)\n",
                      "1367");
}

static void tables_read_any_newline(void **state)
{
    (void)state;
    assert_file_lines("a = 1\r\nb = 2\rc = 3", "123");
}

static void tables_read_declared_encodings(void **state)
{
    (void)state;
    assert_file_lines("# -*- coding: latin-1 -*-\na = '\xe9'\n", "2");
    assert_file_lines("\xef\xbb\xbf"
                      "a = 1\n",
                      "1");
    assert_file_lines("a = 1\nb = '\xe9'\n", "12");
}

static void tables_know_their_interpreter(void **state)
{
    (void)state;
    struct python_line_table *tables = compile_file(write_file("m.py", "a = 1\n"), NULL);
    assert_in_range(tables[0].python, 0x03080000, 0x04000000);
    python_line_tables_free(tables, 1);
}

static void assert_problem(const char *name, const char *text, const char *problem)
{
    char expected[PATH_MAX + 256];
    const char *path = write_file(name, text);
    snprintf(expected, sizeof expected, "Couldn't parse '%s' as Python source: %s", path, problem);
    struct python_line_table *tables = compile_file(path, NULL);
    assert_non_null(tables[0].problem);
    assert_string_equal(tables[0].problem, expected);
    assert_lines(&tables[0], "");
    python_line_tables_free(tables, 1);
}

static void tables_tell_what_is_not_python(void **state)
{
    (void)state;
    assert_problem("m.py", "a = 1\nreturn a\n", "\"'return' outside function\" at line 2");
    assert_problem("m.py", "# coding: none-such\n", "'unknown encoding: none-such' at line 1");
}

static void tables_keep_names_that_are_not_utf8(void **state)
{
    (void)state;
    assert_problem("b\xff.py", "return\n", "\"'return' outside function\" at line 1");
    struct python_line_table *tables = compile_file(write_file("g\xff\n.py", "a = 1\n"), NULL);
    assert_lines(&tables[0], "1");
    python_line_tables_free(tables, 1);
}

static void tables_survive_deep_nesting(void **state)
{
    (void)state;
    size_t depth = 100000;
    char *text = malloc(depth + 3);
    assert_non_null(text);
    memset(text, '-', depth);
    strcpy(text + depth, "1\n");
    const char *path = write_file("deep.py", text);
    free(text);
    struct python_line_table *tables = compile_file(path, NULL);
    assert_non_null(tables[0].problem);
    python_line_tables_free(tables, 1);
}

static void tables_tell_files_that_cannot_be_read(void **state)
{
    (void)state;
    char expected[PATH_MAX + 64];
    const char *path = in_folder("missing.py");
    snprintf(expected, sizeof expected, "Couldn't read '%s': No such file or directory", path);
    struct python_line_table *tables = compile_file(path, NULL);
    assert_string_equal(tables[0].problem, expected);
    python_line_tables_free(tables, 1);
}

static void tables_come_in_the_order_of_the_paths(void **state)
{
    (void)state;
    struct string_list paths = { 0 };
    struct python_line_table *tables;
    string_list_add(&paths, write_file("b.py", "\nb = 1\n"));
    string_list_add(&paths, write_file("broken.py", "(\n"));
    string_list_add(&paths, write_file("a.py", "a = 1\n"));
    assert_int_equal(python_line_tables(&paths, NULL, NULL, &tables, NULL), 0);
    for (size_t i = 0; i < paths.count; i++)
        assert_string_equal(tables[i].path, paths.items[i]);
    assert_lines(&tables[0], "2");
    assert_non_null(tables[1].problem);
    assert_lines(&tables[2], "1");
    python_line_tables_free(tables, paths.count);
    string_list_close(&paths);
}

static void tables_of_no_files_start_no_interpreter(void **state)
{
    (void)state;
    struct string_list paths = { 0 }, interpreters = { 0 };
    struct python_line_table *tables;
    string_list_add(&interpreters, write_script("p", "#!/bin/sh\necho ran > \"$0.ran\"\n"));
    assert_int_equal(python_line_tables(&paths, &interpreters, NULL, &tables, NULL), 0);
    python_line_tables_free(tables, 0);
    string_list_close(&interpreters);
    assert_int_equal(access(in_folder("p.ran"), F_OK), -1);
}

/* An interpreter that dies on the file that says so is started again for the files behind it. */
static void tables_survive_a_crash_of_the_compiler(void **state)
{
    (void)state;
    struct string_list paths = { 0 }, interpreters = { 0 };
    struct python_line_table *tables;
    char script[2 * PATH_MAX];
    snprintf(script, sizeof script,
             "#!/bin/sh\n"
             "for last; do :; done\n"
             "exec %s -I -S -X utf8 -c \"$(cat %s)\" \"$last\"\n",
             find_interpreter(), in_folder("crash.py"));
    write_file("crash.py", "import builtins, os, sys\n"
                           "print('covfork helper 1', flush=True)\n"
                           "real = compile\n"
                           "def fake(text, *rest, **more):\n"
                           "    if 'CRASH' in text: os.kill(os.getpid(), 11)\n"
                           "    return real(text, *rest, **more)\n"
                           "program = real(sys.argv.pop(1), 'helper', 'exec')\n"
                           "builtins.compile = fake\n"
                           "exec(program)\n");
    string_list_add(&interpreters, write_script("python", script));
    string_list_add(&paths, write_file("a.py", "a = 1\n"));
    string_list_add(&paths, write_file("b.py", "CRASH = 1\n"));
    string_list_add(&paths, write_file("c.py", "\nc = 1\n"));
    assert_int_equal(python_line_tables(&paths, &interpreters, NULL, &tables, NULL), 0);
    assert_lines(&tables[0], "1");
    assert_non_null(tables[1].problem);
    assert_non_null(strstr(tables[1].problem, "was ended by signal 11"));
    assert_lines(&tables[2], "2");
    assert_null(tables[2].problem);
    python_line_tables_free(tables, paths.count);
    string_list_close(&paths);
    string_list_close(&interpreters);
}

/* Compiles m.py, which now has `text`, with the test's cache. */
static void assert_cached_lines(const char *text, const char *expected)
{
    struct python_line_table *tables = compile_file(write_file("m.py", text), in_folder("cache"));
    assert_lines(&tables[0], expected);
    python_line_tables_free(tables, 1);
}

static void tables_are_cached_by_size_and_time(void **state)
{
    (void)state;
    assert_cached_lines("a = 1\n\n", "1");
    /* The same size and time: only the cache can say 1. */
    assert_cached_lines("\na = 1\n", "1");
    assert_cached_lines("\n\na = 1\n", "3");
}

static void tables_of_a_changed_time_are_made_again(void **state)
{
    (void)state;
    assert_cached_lines("a = 1\n\n", "1");
    const char *path = write_file("m.py", "\na = 1\n");
    struct timespec times[2] = { { .tv_sec = 1000000001 }, { .tv_sec = 1000000001 } };
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    struct python_line_table *tables = compile_file(path, in_folder("cache"));
    assert_lines(&tables[0], "2");
    python_line_tables_free(tables, 1);
}

static void tables_of_a_file_changed_just_now_are_not_cached(void **state)
{
    (void)state;
    struct timespec now[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };
    const char *path = write_file("m.py", "a = 1\n\n");
    assert_int_equal(utimensat(AT_FDCWD, path, now, 0), 0);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    python_line_tables_free(compile_file(path, in_folder("cache")), 1);
    path = write_file("m.py", "\na = 1\n");
    struct timespec times[2] = { status.st_mtim, status.st_mtim };
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    struct python_line_table *tables = compile_file(path, in_folder("cache"));
    assert_lines(&tables[0], "2");
    python_line_tables_free(tables, 1);
}

/* Overwrites every file of the cache. */
static void spoil_cache(const char *text)
{
    char command[PATH_MAX + 256];
    snprintf(command, sizeof command, "for f in %s/*; do printf '%%s' '%s' > \"$f\"; done",
             in_folder("cache"), text);
    assert_int_equal(system(command), 0);
}

static void a_spoilt_cache_is_passed_over(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "{", "[]", "{\"chain\": [], \"files\": 1}",
                                         "{\"chain\": 5, \"files\": {}}" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_cached_lines("a = 1\n\n", "1");
        spoil_cache(texts[i]);
        assert_cached_lines("\na = 1\n", "2");
        spoil_cache("");
    }
}

static void wrong_lines_in_the_cache_are_passed_over(void **state)
{
    (void)state;
    char command[PATH_MAX + 256];
    assert_cached_lines("a = 1\n\n", "1");
    snprintf(command, sizeof command, "sed -i 's/\\[\\[1,1\\]\\]/[[1,99999999999]]/' %s/*.json",
             in_folder("cache"));
    assert_int_equal(system(command), 0);
    assert_cached_lines("\na = 1\n", "2");
}

static void problems_are_told_each_time(void **state)
{
    (void)state;
    const char *path = write_file("m.py", "((\n");
    for (int i = 0; i < 2; i++) {
        struct python_line_table *tables = compile_file(path, in_folder("cache"));
        assert_non_null(tables[0].problem);
        python_line_tables_free(tables, 1);
    }
}

static void a_cache_folder_that_cannot_be_made_does_no_harm(void **state)
{
    (void)state;
    struct python_line_table *tables =
        compile_file(write_file("m.py", "a = 1\n"), in_folder("no/such/cache"));
    assert_lines(&tables[0], "1");
    python_line_tables_free(tables, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

static const struct CMUnitTest tests[] = {
    TEST(run_gives_the_output),
    TEST(run_gives_no_output_as_empty),
    TEST(run_passes_arguments_as_they_are),
    TEST(run_passes_much_data_both_ways_at_once),
    TEST(run_survives_a_program_that_does_not_read),
    TEST(run_is_isolated),
    TEST(run_hides_our_variables_and_turns_recording_off),
    TEST(run_leaves_no_child),
    TEST(run_leaves_no_descriptor),
    TEST(run_works_with_standard_descriptors_closed),
    TEST(run_works_where_child_signals_are_ignored),
    TEST(run_goes_on_after_signals),
    TEST(run_tells_the_last_line_of_stderr),
    TEST(run_tells_a_signal),
    TEST(run_passes_over_what_is_no_python),
    TEST(run_does_not_try_another_when_the_program_fails),
    TEST(run_without_any_python_says_so),
    TEST(parse_turns_surrogate_escapes_into_bytes),
    TEST(parse_leaves_pairs_and_other_escapes),
    TEST(parse_refuses_what_is_no_json),
    TEST(tables_have_the_lines_of_all_code),
    TEST(tables_read_any_newline),
    TEST(tables_read_declared_encodings),
    TEST(tables_know_their_interpreter),
    TEST(tables_tell_what_is_not_python),
    TEST(tables_keep_names_that_are_not_utf8),
    TEST(tables_survive_deep_nesting),
    TEST(tables_tell_files_that_cannot_be_read),
    TEST(tables_come_in_the_order_of_the_paths),
    TEST(tables_of_no_files_start_no_interpreter),
    TEST(tables_survive_a_crash_of_the_compiler),
    TEST(tables_are_cached_by_size_and_time),
    TEST(tables_of_a_changed_time_are_made_again),
    TEST(tables_of_a_file_changed_just_now_are_not_cached),
    TEST(a_spoilt_cache_is_passed_over),
    TEST(wrong_lines_in_the_cache_are_passed_over),
    TEST(problems_are_told_each_time),
    TEST(a_cache_folder_that_cannot_be_made_does_no_harm),
};

UNIT_MAIN(tests)
