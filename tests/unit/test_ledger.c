/*
 * Ledger lines: their text, their limits, and that many writers don't mix them. Built with ledger.c
 * alone; the session and what ledger.c uses of it are this file's. The lines are read back by a
 * strict JSON checker of this file's own, for lone surrogates are not every parser's taste.
 */
#include "unit.h"

#include "ledger.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ELLIPSIS "\xe2\x80\xa6"
#define NOW      UINT64_C(1700000000123456789)
#define NOW_TEXT "1700000000123456789"

struct session session;

uint64_t session_time(void)
{
    return NOW;
}

void session_random(uint8_t *bytes, size_t size)
{
    memset(bytes, 0xab, size);
}

void session_hex(char *text, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sprintf(text + 2 * i, "%02x", bytes[i]);
}

int session_ensure_folder(void)
{
    return mkdir(session.folder, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

static char base[64];
static char *content;
static size_t content_size;

static int set_up(void **state)
{
    (void)state;
    strcpy(base, "/tmp/test_ledger.XXXXXX");
    assert_non_null(mkdtemp(base));
    snprintf(session.folder, sizeof session.folder, "%s/s-1", base);
    snprintf(session.ledger_path, sizeof session.ledger_path, "%s/s-1/ledger", base);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(content);
    content = NULL;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", base);
    return system(command);
}

static int set_up_folder(void **state)
{
    set_up(state);
    return session_ensure_folder();
}

static const char *read_ledger(void)
{
    free(content);
    content = NULL;
    content_size = 0;
    FILE *file = fopen(session.ledger_path, "rb");
    if (!file)
        return NULL;
    content = malloc(8u << 20);
    assert_non_null(content);
    content_size = fread(content, 1, (8u << 20) - 1, file);
    content[content_size] = '\0';
    fclose(file);
    return content;
}

/* A strict reader of the JSON that a line may have: an object of strings, numbers and arrays of
 * strings. */
static bool skip_string(const char **at)
{
    if (*(*at)++ != '"')
        return false;
    for (;;) {
        unsigned char c = (unsigned char)*(*at)++;
        if (c == '"')
            return true;
        if (c < 0x20)
            return false;
        if (c == '\\') {
            c = (unsigned char)*(*at)++;
            if (c == 'u' && strspn(*at, "0123456789abcdef") >= 4)
                *at += 4;
            else if (c != '"' && c != '\\')
                return false;
        } else if (c >= 0x80) {
            size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 0;
            if (length == 0)
                return false;
            for (size_t i = 1; i < length; i++)
                if ((*(*at)++ & 0xc0) != 0x80)
                    return false;
        }
    }
}

static bool skip_value(const char **at)
{
    if (**at == '"')
        return skip_string(at);
    if (**at == '[') {
        (*at)++;
        while (**at != ']') {
            if (!skip_string(at) || (**at != ',' && **at != ']'))
                return false;
            if (**at == ',' && *++(*at) == ']')
                return false;
        }
        (*at)++;
        return true;
    }
    size_t digits = strspn(*at, "0123456789");
    *at += digits;
    return digits > 0;
}

/* The number of lines; fails the test at one that is no line. */
static size_t count_lines(void)
{
    size_t lines = 0;
    for (const char *at = content; *at; lines++) {
        const char *start = at;
        assert_int_equal(*at++, '{');
        for (;;) {
            assert_true(skip_string(&at));
            assert_int_equal(*at++, ':');
            assert_true(skip_value(&at));
            if (*at == '}')
                break;
            assert_int_equal(*at++, ',');
        }
        at++;
        assert_int_equal(*at++, '\n');
        assert_true(at - start <= LEDGER_LINE_MAX);
    }
    return lines;
}

static void tell_exec(pid_t pid, const char *path)
{
    const struct ledger_exec exec = { .pid = pid, .path = path };
    ledger_exec(&exec);
}

/* Takes a field out of all lines; its value is a number or has no comma. */
static void drop_field(char *text, const char *key)
{
    for (char *at = text; (at = strstr(at, key)) != NULL;)
        memmove(at, at + strlen(key) + strcspn(at + strlen(key), ",}"),
                strlen(at + strlen(key) + strcspn(at + strlen(key), ",}")) + 1);
}

/* But for namespace and image, which are of the process that the test runs in. */
static void assert_ledger(const char *wanted)
{
    assert_non_null(read_ledger());
    count_lines();
    drop_field(content, ",\"ns\":");
    drop_field(content, ",\"image\":");
    drop_field(content, ",\"starter\":");
    assert_string_equal(content, wanted);
}

/* `path` as it stands in an exec line. */
static void assert_escaped(const char *path, const char *wanted)
{
    char line[512];
    unlink(session.ledger_path);
    tell_exec(42, path);
    snprintf(line, sizeof line,
             "{\"event\":\"exec\",\"time\":" NOW_TEXT ",\"pid\":42,\"path\":\"%s\"}\n", wanted);
    assert_ledger(line);
}

static void exec_line_has_time_pid_and_path(void **state)
{
    (void)state;
    assert_escaped("/bin/sh", "/bin/sh");
}

static void quotes_backslashes_and_controls_are_escaped(void **state)
{
    (void)state;
    assert_escaped("a\"b\\c\n\t\x01\x1f\x7f", "a\\\"b\\\\c\\u000a\\u0009\\u0001\\u001f\x7f");
}

static void utf8_is_kept(void **state)
{
    (void)state;
    assert_escaped("\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\x8d", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\x8d");
}

static void bytes_that_are_not_utf8_become_surrogates(void **state)
{
    (void)state;
    assert_escaped("\xff", "\\udcff");
    assert_escaped("a\x80z", "a\\udc80z");
    assert_escaped("\xc3", "\\udcc3");
    assert_escaped("\xe2\x82", "\\udce2\\udc82");
    assert_escaped("\xf0\x9f\x90", "\\udcf0\\udc9f\\udc90");
}

static void overlong_forms_surrogates_and_large_values_are_not_utf8(void **state)
{
    (void)state;
    assert_escaped("\xc0\xaf", "\\udcc0\\udcaf");
    assert_escaped("\xe0\x80\xaf", "\\udce0\\udc80\\udcaf");
    assert_escaped("\xed\xb2\x80", "\\udced\\udcb2\\udc80");
    assert_escaped("\xf0\x80\x80\x80", "\\udcf0\\udc80\\udc80\\udc80");
    assert_escaped("\xf4\x90\x80\x80", "\\udcf4\\udc90\\udc80\\udc80");
    assert_escaped("\xf5\x80\x80\x80", "\\udcf5\\udc80\\udc80\\udc80");
}

static void fork_line_names_the_parent(void **state)
{
    (void)state;
    char line[256];
    ledger_fork(41);
    snprintf(line, sizeof line,
             "{\"event\":\"fork\",\"time\":" NOW_TEXT ",\"pid\":%d,\"ppid\":41}\n", (int)getpid());
    assert_ledger(line);
}

static void end_line_has_the_process(void **state)
{
    (void)state;
    char line[256];
    ledger_end();
    snprintf(line, sizeof line, "{\"event\":\"end\",\"time\":" NOW_TEXT ",\"pid\":%d}\n",
             (int)getpid());
    assert_ledger(line);
}

static void refused_line_has_the_reason(void **state)
{
    (void)state;
    ledger_refused(42, "/x", "class");
    assert_ledger("{\"event\":\"refused\",\"time\":" NOW_TEXT
                  ",\"pid\":42,\"path\":\"/x\",\"reason\":\"class\"}\n");
}

static void event_line_has_its_pairs(void **state)
{
    (void)state;
    char line[256];
    const char *pairs[] = { "engine", "native", "absent", NULL, "tool", "trace", NULL };
    ledger_event("engine", pairs);
    snprintf(line, sizeof line,
             "{\"event\":\"engine\",\"time\":" NOW_TEXT
             ",\"pid\":%d,\"engine\":\"native\",\"tool\":\"trace\"}\n",
             (int)getpid());
    assert_ledger(line);
}

static void exec_line_has_the_command_shortened(void **state)
{
    (void)state;
    static char text[20000];
    char *const argv[] = { "python3", "a\"b", "", NULL };
    char *const many[] = { "x", text, "y", NULL };
    memset(text, 'z', sizeof text - 1);
    struct ledger_exec exec = { .pid = 42, .path = "/x", .argv = argv, .can_load = true };
    ledger_exec(&exec);
    assert_ledger("{\"event\":\"exec\",\"time\":" NOW_TEXT
                  ",\"pid\":42,\"path\":\"/x\",\"argv\":[\"python3\",\"a\\\"b\",\"\"]"
                  ",\"loads\":\"yes\"}\n");
    unlink(session.ledger_path);
    exec = (struct ledger_exec){ .pid = 42, .path = "/x", .argv = many, .since = 7 };
    ledger_exec(&exec);
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 1);
    assert_true(content_size < 700);
    assert_non_null(strstr(content, ELLIPSIS "\",\"" ELLIPSIS "\"],\"since\":7}\n"));
}

static void failed_line_has_the_error(void **state)
{
    (void)state;
    char line[256];
    ledger_exec(&(struct ledger_exec){ .pid = getpid(), .path = "/x" });
    unlink(session.ledger_path);
    errno = 77;
    ledger_failed(ENOEXEC);
    assert_int_equal(errno, 77);
    snprintf(line, sizeof line,
             "{\"event\":\"failed\",\"time\":" NOW_TEXT ",\"pid\":%d,\"error\":%d}\n",
             (int)getpid(), ENOEXEC);
    assert_ledger(line);
}

static void each_line_names_namespace_and_image(void **state)
{
    (void)state;
    struct stat status;
    char wanted[128];
    assert_int_equal(stat("/proc/self/ns/pid", &status), 0);
    ledger_start("3.13.0");
    ledger_fork(41);
    ledger_end();
    tell_exec(getpid(), "/x");
    ledger_refused(getpid(), "/x", "static");
    ledger_failed(ENOENT);
    ledger_event("nothing", (const char *[]){ NULL });
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 7);
    snprintf(wanted, sizeof wanted, ",\"ns\":%llu,", (unsigned long long)status.st_ino);
    size_t namespaces = 0, images = 0;
    for (const char *at = content; (at = strstr(at, wanted)) != NULL; at++)
        namespaces++;
    for (const char *at = content; (at = strstr(at, ",\"image\":\"abababababababab\"")) != NULL;
         at++)
        images++;
    assert_int_equal(namespaces, 7);
    assert_int_equal(images, 6);
}

static void a_vfork_child_names_its_starter(void **state)
{
    (void)state;
    ledger_start("3.13.0");
    unlink(session.ledger_path);
    pid_t child = vfork();
    if (child == 0) {
        tell_exec(getpid(), "/x");
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_non_null(read_ledger());
    assert_non_null(strstr(content, ",\"starter\":\"abababababababab\""));
    assert_null(strstr(content, "image"));
    unlink(session.ledger_path);
    ledger_exec(&(struct ledger_exec){ .pid = 42, .path = "/x", .since = 7 });
    assert_non_null(read_ledger());
    assert_non_null(strstr(content, ",\"starter\":\"abababababababab\""));
}

/* Whether a line was said to be missing after `what`, where the ledger can't grow. */
static bool is_marked_after(void (*what)(void))
{
    char marker[PATH_MAX + 16];
    snprintf(marker, sizeof marker, "%s" FORMAT_DROPPED_SUFFIX, session.ledger_path);
    unlink(marker);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = { 0, 0 };
        signal(SIGXFSZ, SIG_DFL);
        setrlimit(RLIMIT_FSIZE, &limit);
        what();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    return access(marker, F_OK) == 0;
}

static void tell_start(void)
{
    ledger_start("3.13.0");
}

static void tell_start_of_another(void)
{
    ledger_start(NULL);
}

static void tell_lost(void)
{
    ledger_event("lost", (const char *[]){ "reason", "x", NULL });
}

static void tell_nothing(void)
{
    ledger_event("nothing", (const char *[]){ NULL });
}

static void tell_fork(void)
{
    ledger_fork(41);
}

static void tell_fork_of_python(void)
{
    char marker[PATH_MAX + 16];
    ledger_start("3.13.0");
    snprintf(marker, sizeof marker, "%s" FORMAT_DROPPED_SUFFIX, session.ledger_path);
    unlink(marker);
    ledger_fork(41);
}

static void tell_refused(void)
{
    ledger_refused(1, "/x", "static");
}

static void a_line_that_is_missing_is_said_to_be_where_it_tells_of_a_loss(void **state)
{
    (void)state;
    assert_true(is_marked_after(tell_start));
    assert_true(is_marked_after(tell_lost));
    assert_true(is_marked_after(tell_refused));
    assert_false(is_marked_after(tell_fork));
    session.engine = ENGINE_COVERAGE;
    assert_true(is_marked_after(tell_fork_of_python));
    session.engine = ENGINE_NATIVE;
    assert_false(is_marked_after(tell_fork_of_python));
    assert_false(is_marked_after(tell_start_of_another));
    assert_false(is_marked_after(tell_nothing));
    assert_false(is_marked_after(ledger_end));
}

/* The text of `key`'s value in the ledger's only line. */
static const char *value_of(const char *key, char *value, size_t size)
{
    char pattern[64];
    snprintf(pattern, sizeof pattern, "\"%s\":", key);
    const char *start = strstr(content, pattern);
    if (!start)
        return NULL;
    start += strlen(pattern);
    const char *end = start;
    assert_true(skip_value(&end));
    assert_true((size_t)(end - start) < size);
    memcpy(value, start, (size_t)(end - start));
    value[end - start] = '\0';
    return value;
}

static void start_line_describes_the_image(void **state)
{
    (void)state;
    char value[LEDGER_LINE_MAX];
    char wanted[LEDGER_LINE_MAX];
    char link[1024] = "";
    ledger_start("3.13.0 (main, …)");
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 1);
    assert_string_equal(value_of("event", value, sizeof value), "\"start\"");
    assert_string_equal(value_of("python", value, sizeof value), "\"3.13.0\"");
    assert_string_equal(value_of("id", value, sizeof value),
                        "\"abababababababababababababababab\"");
    snprintf(wanted, sizeof wanted, "%d", (int)getppid());
    assert_string_equal(value_of("ppid", value, sizeof value), wanted);
    assert_true(readlink("/proc/self/exe", link, sizeof link - 1) > 0);
    snprintf(wanted, sizeof wanted, "\"%s\"", link);
    assert_string_equal(value_of("exe", value, sizeof value), wanted);
    assert_non_null(getcwd(link, sizeof link));
    snprintf(wanted, sizeof wanted, "\"%s\"", link);
    assert_string_equal(value_of("cwd", value, sizeof value), wanted);
    assert_int_equal(value_of("argv", value, sizeof value)[0], '[');
}

static void start_without_python_names_none(void **state)
{
    (void)state;
    char value[LEDGER_LINE_MAX];
    ledger_start(NULL);
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 1);
    assert_null(value_of("python", value, sizeof value));
}

static void start_without_python_makes_no_folder(void **state)
{
    (void)state;
    ledger_start(NULL);
    ledger_fork(41);
    assert_int_equal(access(session.folder, F_OK), -1);
}

static void start_with_python_makes_the_folder(void **state)
{
    (void)state;
    ledger_start("3.8.0");
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 1);
}

static void exec_that_makes_the_folder_tells_the_start_first(void **state)
{
    (void)state;
    char wanted[64];
    ledger_start(NULL);
    tell_exec(42, "/bin/sh");
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 2);
    snprintf(wanted, sizeof wanted, "\"pid\":%d,", (int)getpid());
    assert_non_null(strstr(content, "{\"event\":\"start\""));
    assert_true(strstr(content, wanted) < strstr(content, "{\"event\":\"exec\""));
    tell_exec(42, "/bin/sh");
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 3);
}

static void late_start_told_by_a_fork_child_is_that_of_the_image(void **state)
{
    (void)state;
    char wanted[64];
    ledger_start(NULL);
    pid_t child = fork();
    if (child == 0) {
        tell_exec(getpid(), "/bin/sh");
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 2);
    snprintf(wanted, sizeof wanted, "\"start\",\"time\":" NOW_TEXT ",\"pid\":%d,", (int)getpid());
    assert_non_null(strstr(content, wanted));
}

/* This program run again by start_with_arguments: writes its start and no more. */
__attribute__((constructor)) static void act_as_image(void)
{
    const char *ledger = getenv("TEST_LEDGER");
    if (!ledger)
        return;
    snprintf(session.ledger_path, sizeof session.ledger_path, "%s", ledger);
    snprintf(session.folder, sizeof session.folder, "%s", ledger);
    *strrchr(session.folder, '/') = '\0';
    ledger_start("3.13.0");
    _exit(0);
}

/* Runs this program again, so that it has `count` arguments of `size` times `letter`; the start
 * line it writes is read. */
static void start_with_arguments(size_t count, size_t size, const char *letter)
{
    char **argv = calloc(count + 3, sizeof *argv);
    char *text = calloc(size + 1, strlen(letter));
    assert_non_null(argv);
    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        strcat(text, letter);
    argv[0] = "test";
    argv[1] = "start";
    for (size_t i = 0; i < count; i++)
        argv[i + 2] = text;
    pid_t child = fork();
    if (child == 0) {
        setenv("TEST_LEDGER", session.ledger_path, 1);
        execv("/proc/self/exe", argv);
        _exit(127);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 1);
    free(text);
    free(argv);
}

static void argv_is_told_whole(void **state)
{
    (void)state;
    char value[LEDGER_LINE_MAX];
    start_with_arguments(2, 3, "x");
    assert_string_equal(value_of("argv", value, sizeof value),
                        "[\"test\",\"start\",\"xxx\",\"xxx\"]");
}

static void empty_arguments_are_told(void **state)
{
    (void)state;
    char value[LEDGER_LINE_MAX];
    start_with_arguments(2, 0, "x");
    assert_string_equal(value_of("argv", value, sizeof value), "[\"test\",\"start\",\"\",\"\"]");
}

static void assert_argv_is_cut(void)
{
    char value[LEDGER_LINE_MAX];
    const char *text = value_of("argv", value, sizeof value);
    assert_non_null(text);
    const char *end = text + strlen(text) - strlen(ELLIPSIS "\"]");
    assert_string_equal(end, ELLIPSIS "\"]");
}

static void cut_argv_ends_with_an_ellipsis_at_every_size(void **state)
{
    (void)state;
    static const size_t sizes[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 50 };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unlink(session.ledger_path);
        start_with_arguments(4200, sizes[i], "x");
        assert_argv_is_cut();
    }
    static const size_t few[] = { 1, 2, 3, 10 };
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++) {
        unlink(session.ledger_path);
        start_with_arguments(few[i], 5000, "x");
        assert_argv_is_cut();
    }
}

static void cut_argv_splits_no_character(void **state)
{
    (void)state;
    static const char *const letters[] = { "\xc3\xa4", "\xf0\x9f\x90\x8d", "\xff", "\x01", "\"" };
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        unlink(session.ledger_path);
        start_with_arguments(2, 4000, letters[i]);
        assert_argv_is_cut();
    }
}

static void long_values_are_cut(void **state)
{
    (void)state;
    static char text[20000];
    memset(text, 'x', sizeof text - 1);
    tell_exec(42, text);
    ledger_refused(42, text, text);
    const char *pairs[] = { "a", text, "b", text, "c", text, "d", text, "e", text, NULL };
    ledger_event(text, pairs);
    memset(text, 1, sizeof text - 1);
    ledger_event(text, pairs);
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 4);
    assert_non_null(strstr(content, "xxx" ELLIPSIS "\"}\n"));
}

static void errno_is_kept_whatever_fails(void **state)
{
    (void)state;
    const char *pairs[] = { "k", "v", NULL };
    for (int round = 0; round < 2; round++) {
        errno = 77;
        ledger_start("3.9.1");
        assert_int_equal(errno, 77);
        ledger_fork(41);
        assert_int_equal(errno, 77);
        tell_exec(1, "/x");
        assert_int_equal(errno, 77);
        ledger_refused(1, "/x", "static");
        assert_int_equal(errno, 77);
        ledger_event("lost", pairs);
        assert_int_equal(errno, 77);
        strcpy(session.folder, "/no/such/folder/s-1");
        strcpy(session.ledger_path, "/no/such/folder/s-1/ledger");
    }
}

static void symbolic_link_is_not_followed(void **state)
{
    (void)state;
    char target[128];
    snprintf(target, sizeof target, "%s/victim", base);
    assert_int_equal(symlink(target, session.ledger_path), 0);
    tell_exec(1, "/x");
    assert_int_equal(access(target, F_OK), -1);
}

static void ledger_is_private_whatever_the_umask(void **state)
{
    (void)state;
    struct stat status;
    mode_t mask = umask(0);
    tell_exec(1, "/x");
    umask(mask);
    assert_int_equal(stat(session.ledger_path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void file_size_limit_raises_no_signal(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = { 1024, 1024 };
        signal(SIGXFSZ, SIG_DFL);
        setrlimit(RLIMIT_FSIZE, &limit);
        for (int i = 0; i < 100; i++)
            tell_exec(1, "/some/path/to/a/program");
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void large_file_size_limit_allows_lines(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = { 1 << 20, 1 << 20 };
        setrlimit(RLIMIT_FSIZE, &limit);
        tell_exec(1, "/x");
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), 1);
}

static void no_descriptor_stays_open(void **state)
{
    (void)state;
    int before = dup(0);
    close(before);
    ledger_start("3.13.0");
    tell_exec(1, "/x");
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

static void lines_of_many_processes_do_not_mix(void **state)
{
    (void)state;
    enum { PROCESSES = 8, LINES = 500 };
    static char text[3000];
    for (int i = 0; i < PROCESSES; i++) {
        pid_t child = fork();
        if (child == 0) {
            memset(text, 'a' + i, sizeof text - 1);
            for (int line = 0; line < LINES; line++) {
                text[line % 1000] = '\0';
                tell_exec(1000 + i, text);
                text[line % 1000] = (char)('a' + i);
            }
            _exit(0);
        }
        assert_true(child > 0);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_non_null(read_ledger());
    assert_int_equal(count_lines(), PROCESSES * LINES);
    size_t own = 0;
    for (const char *at = content; (at = strstr(at, "\"pid\":1003,")) != NULL; at++) {
        const char *path = strstr(at, "\"path\":\"") + 8;
        assert_int_equal(path[strspn(path, "d")], '"');
        own++;
    }
    assert_int_equal(own, LINES);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(exec_line_has_time_pid_and_path, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(exec_line_has_the_command_shortened, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(a_vfork_child_names_its_starter, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(failed_line_has_the_error, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(each_line_names_namespace_and_image, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(a_line_that_is_missing_is_said_to_be_where_it_tells_of_a_loss,
                                    set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(quotes_backslashes_and_controls_are_escaped, set_up_folder,
                                    tear_down),
    cmocka_unit_test_setup_teardown(utf8_is_kept, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(bytes_that_are_not_utf8_become_surrogates, set_up_folder,
                                    tear_down),
    cmocka_unit_test_setup_teardown(overlong_forms_surrogates_and_large_values_are_not_utf8,
                                    set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(fork_line_names_the_parent, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(end_line_has_the_process, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(refused_line_has_the_reason, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(event_line_has_its_pairs, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(start_line_describes_the_image, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(start_without_python_names_none, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(start_without_python_makes_no_folder, set_up, tear_down),
    cmocka_unit_test_setup_teardown(start_with_python_makes_the_folder, set_up, tear_down),
    cmocka_unit_test_setup_teardown(exec_that_makes_the_folder_tells_the_start_first, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(late_start_told_by_a_fork_child_is_that_of_the_image, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(argv_is_told_whole, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(empty_arguments_are_told, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(cut_argv_ends_with_an_ellipsis_at_every_size, set_up_folder,
                                    tear_down),
    cmocka_unit_test_setup_teardown(cut_argv_splits_no_character, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(long_values_are_cut, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(errno_is_kept_whatever_fails, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(symbolic_link_is_not_followed, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(ledger_is_private_whatever_the_umask, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(file_size_limit_raises_no_signal, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(large_file_size_limit_allows_lines, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(no_descriptor_stays_open, set_up_folder, tear_down),
    cmocka_unit_test_setup_teardown(lines_of_many_processes_do_not_mix, set_up_folder, tear_down),
};

UNIT_MAIN(tests)
