/*
 * Starts an interpreter for a helper program and talks with it; see python_helper.h. Runs in the
 * collector only, never below a measured program. Prints nothing; the interpreter's stderr is kept
 * for the error text.
 */
#include "collector/project/python_helper.h"

#include "collector/base/cache_file.h"
#include "helper_line_tables.h"
#include "collector/project/interpreter.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Run first, in syntax that any Python has. What comes before its greeting is not our interpreter
 * (a broken shim, Python 2): the next one is tried. */
#define GREETING "covfork helper 1\n"
static const char launcher[] = "import sys\n"
                               "if sys.version_info < (3, 8): sys.exit('is older than 3.8')\n"
                               "sys.stdout.write('covfork helper 1\\n')\n"
                               "sys.stdout.flush()\n"
                               "exec(compile(sys.argv.pop(1), '<covfork helper>', 'exec'))\n";

/* The same for a program that sees what is installed, and greets when it has what it needs. */
static const char open_launcher[] = "import sys\n"
                                    "if sys.version_info < (3, 8): sys.exit('is older than 3.8')\n"
                                    "exec(compile(sys.argv.pop(1), '<covfork helper>', 'exec'))\n";

#define MAX_OUTPUT     ((size_t)1 << 30)
#define MAX_COMPLAINT  ((size_t)1 << 20)
#define MAX_CACHE_FILE ((size_t)256 << 20)

static const char *const names_on_path[] = { "python3", "python" };
#define NAME_COUNT (sizeof names_on_path / sizeof names_on_path[0])

static int memory_error(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

struct buffer {
    char *data; /* NULL, or with a NUL behind `size` bytes */
    size_t size, capacity;
};

static int buffer_append(struct buffer *buffer, const char *data, size_t size)
{
    if (buffer->capacity - buffer->size <= size) {
        size_t capacity = (buffer->size + size + 4096) * 2;
        char *grown = realloc(buffer->data, capacity);
        if (!grown)
            return -1;
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
    return 0;
}

/* One interpreter */

struct child {
    pid_t pid;
    int input, output, complaint; /* our ends; -1 when closed */
};

static void close_end(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/* Is `variable` (NAME=VALUE) one that a helper must not see? The preload would measure it. */
static bool is_removed(const char *variable, bool is_open)
{
    static const char *const of_packages[] = { "PYTHONPATH=", "PYTHONHOME=", "PYTHONUSERBASE=",
                                               "PYTHONNOUSERSITE=" };
    for (size_t i = 0; is_open && i < sizeof of_packages / sizeof of_packages[0]; i++)
        if (strncmp(variable, of_packages[i], strlen(of_packages[i])) == 0)
            return false;
    /* coverage.py would measure it. */
    if (is_open && strncmp(variable, "COVERAGE_PROCESS_", 17) == 0)
        return true;
    return strncmp(variable, "LD_PRELOAD=", 11) == 0 || strncmp(variable, "COVFORK_", 8) == 0 ||
           strncmp(variable, "PYTHON", 6) == 0;
}

/* The environment without those; the array is the caller's, the strings are not. Where we are
 * ourselves below a recorded process, our own exec would put the library back: it is told to rest.
 */
static char **copy_environment(bool is_open)
{
    size_t count = 0, kept = 0;
    while (environ && environ[count])
        count++;
    char **copy = malloc((count + 2) * sizeof *copy);
    if (!copy)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (!is_removed(environ[i], is_open))
            copy[kept++] = environ[i];
    copy[kept++] = "COVFORK_ENGINE=off";
    copy[kept] = NULL;
    return copy;
}

/* Three channels, [0] ours and [1] the child's. The child's input is a socket because writing to
 * one whose reader has gone can be had without SIGPIPE. It is opened first, so that where 0, 1 or 2
 * are closed here, no child's end takes a number before its own turn at dup2. 0, or -1 with errno.
 */
static int open_channels(int channels[3][2])
{
    for (int i = 0; i < 3; i++)
        channels[i][0] = channels[i][1] = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channels[0]) < 0 ||
        pipe2(channels[1], O_CLOEXEC) < 0 || pipe2(channels[2], O_CLOEXEC) < 0)
        return -1;
    for (int i = 0; i < 3; i++)
        if (fcntl(channels[i][0], F_SETFL, O_NONBLOCK) < 0)
            return -1;
    return 0;
}

/* posix_spawn with `child_ends` as 0, 1 and 2. Returns an errno value. */
static int spawn(pid_t *pid, const char *interpreter, const char **argv, bool is_open,
                 const int *child_ends)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    char **environment = copy_environment(is_open);
    if (!environment)
        return ENOMEM;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure) {
        free(environment);
        return failure;
    }
    failure = posix_spawnattr_init(&attributes);
    if (failure) {
        posix_spawn_file_actions_destroy(&actions);
        free(environment);
        return failure;
    }
    for (int i = 0; i < 3 && !failure; i++)
        failure = posix_spawn_file_actions_adddup2(&actions, child_ends[i], i);
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGCHLD);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!failure)
        failure =
            posix_spawn(pid, interpreter, &actions, &attributes, (char *const *)argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    return failure;
}

/* Starts `interpreter` with `program`; an open one sees its packages. 0, or an errno value. */
static int start_child(struct child *child, const char *interpreter, bool is_open,
                       const char *program, const char *const *arguments)
{
    size_t count = 0;
    while (arguments && arguments[count])
        count++;
    /* A mere name is not looked for where data may lie. */
    char *found = strchr(interpreter, '/') ? NULL : interpreter_find_program(interpreter, NULL);
    if (found)
        interpreter = found;
    else if (!strchr(interpreter, '/'))
        return ENOENT;
    const char *isolated[] = { interpreter, "-I", "-S", "-X", "utf8", "-c", launcher, program };
    /* Bytecode of a project's own plugin is not left in its folder. */
    const char *open[] = { interpreter, "-B", "-B", "-X", "utf8", "-c", open_launcher, program };
    const char **first = is_open ? open : isolated;
    size_t first_count = sizeof isolated / sizeof isolated[0];
    const char **argv = malloc((first_count + count + 1) * sizeof *argv);
    if (!argv) {
        free(found);
        return ENOMEM;
    }
    memcpy(argv, first, sizeof isolated);
    for (size_t i = 0; i <= count; i++)
        argv[first_count + i] = i < count ? arguments[i] : NULL;
    int channels[3][2];
    int failure = open_channels(channels) < 0 ? errno : 0;
    int child_ends[] = { channels[0][1], channels[1][1], channels[2][1] };
    if (!failure)
        failure = spawn(&child->pid, interpreter, argv, is_open, child_ends);
    free(argv);
    free(found);
    for (int i = 0; i < 3; i++) {
        close_end(&channels[i][1]);
        if (failure)
            close_end(&channels[i][0]);
    }
    child->input = channels[0][0];
    child->output = channels[1][0];
    child->complaint = channels[2][0];
    return failure;
}

/* Reads what is there. Closes `*descriptor` at its end. 0, or -1 when memory ran out or more than
 * `most` bytes came. */
static int receive(int *descriptor, struct buffer *buffer, size_t most)
{
    char block[65536];
    ssize_t size = read(*descriptor, block, sizeof block);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (size <= 0) {
        close_end(descriptor);
        return 0;
    }
    if (buffer->size + (size_t)size > most)
        return -1;
    return buffer_append(buffer, block, (size_t)size);
}

/* A helper that runs. */
struct python_helper {
    struct child child;
    struct sigaction old_signal;
    const char *interpreter; /* the caller's */
    bool is_open;
    const char *input; /* likewise */
    size_t input_size, sent;
    struct buffer output, complaint;
};

/* Gives of the input what can be given now, and closes it at its end. */
static void give_input(struct python_helper *helper)
{
    struct child *child = &helper->child;
    while (child->input >= 0 && helper->sent < helper->input_size) {
        ssize_t size = send(child->input, helper->input + helper->sent,
                            helper->input_size - helper->sent, MSG_NOSIGNAL);
        if (size >= 0)
            helper->sent += (size_t)size;
        else if (errno == EAGAIN)
            return;
        else if (errno != EINTR)
            helper->sent = helper->input_size;
    }
    close_end(&child->input);
}

/* Gives the input and takes all output, until both outputs are closed. 0 or -1 (see receive). */
static int talk(struct python_helper *helper)
{
    struct child *child = &helper->child;
    while (child->output >= 0 || child->complaint >= 0) {
        if (helper->sent == helper->input_size)
            close_end(&child->input);
        struct pollfd polled[] = { { .fd = child->input, .events = POLLOUT },
                                   { .fd = child->output, .events = POLLIN },
                                   { .fd = child->complaint, .events = POLLIN } };
        if (poll(polled, 3, -1) < 0) {
            if (errno == EINTR)
                continue;
            return -1;
        }
        if (child->input >= 0 && polled[0].revents)
            give_input(helper);
        if (child->output >= 0 && polled[1].revents &&
            receive(&child->output, &helper->output, MAX_OUTPUT) < 0)
            return -1;
        if (child->complaint >= 0 && polled[2].revents &&
            receive(&child->complaint, &helper->complaint, MAX_COMPLAINT) < 0)
            return -1;
    }
    return 0;
}

enum run_result {
    RUN_DONE,    /* exit status 0 */
    RUN_FAILED,  /* it greeted, and then did not end well; the output so far is kept */
    RUN_CRASHED, /* the same, by a signal */
    RUN_UNFIT,   /* can't be started, or is no Python that we can use */
    RUN_ERROR,   /* our own trouble */
};

/* The last line of `text` that is not blank; it is cut out of `text`. */
static const char *last_line(struct buffer *text)
{
    if (!text->data)
        return "";
    size_t end = text->size;
    while (end && strchr(" \t\r\n", text->data[end - 1]))
        end--;
    text->data[end] = '\0';
    const char *newline = strrchr(text->data, '\n');
    return newline ? newline + 1 : text->data;
}

/* Lets waitpid work: an ignored SIGCHLD, inherited from some CI runners, loses exit statuses. `old`
 * is for restore_child_signal. */
static void claim_child_signal(struct sigaction *old)
{
    struct sigaction standard = { .sa_handler = SIG_DFL };
    sigemptyset(&standard.sa_mask);
    if (sigaction(SIGCHLD, NULL, old) == 0 &&
        (old->sa_handler == SIG_IGN || (old->sa_flags & SA_NOCLDWAIT)))
        sigaction(SIGCHLD, &standard, NULL);
}

static void restore_child_signal(const struct sigaction *old)
{
    if (old->sa_handler == SIG_IGN || (old->sa_flags & SA_NOCLDWAIT))
        sigaction(SIGCHLD, old, NULL);
}

/* Starts `program` in one interpreter. RUN_DONE when it runs, to be ended by end_run or kill_run;
 * else RUN_ERROR or RUN_UNFIT. `error` says what went wrong then. */
static enum run_result begin_run(struct python_helper *helper, const char *interpreter,
                                 bool is_open, const char *program, const char *const *arguments,
                                 const char *input, size_t input_size, struct error *error)
{
    *helper = (struct python_helper){
        .interpreter = interpreter, .is_open = is_open, .input = input, .input_size = input_size
    };
    claim_child_signal(&helper->old_signal);
    int failure = start_child(&helper->child, interpreter, is_open, program, arguments);
    if (!failure)
        return RUN_DONE;
    restore_child_signal(&helper->old_signal);
    bool ours = failure == ENOMEM || failure == EMFILE || failure == ENFILE || failure == EAGAIN ||
                failure == E2BIG;
    error_set(error, ERROR_SYSTEM, "can't start %s: %s", interpreter, strerror(failure));
    return ours ? RUN_ERROR : RUN_UNFIT;
}

/* Closes our ends and waits for its end. waitpid's result, with errno. */
static pid_t await_end(struct python_helper *helper, int *status)
{
    pid_t waited;
    close_end(&helper->child.input);
    close_end(&helper->child.output);
    close_end(&helper->child.complaint);
    while ((waited = waitpid(helper->child.pid, status, 0)) < 0 && errno == EINTR)
        ;
    int problem = errno;
    restore_child_signal(&helper->old_signal);
    errno = problem;
    return waited;
}

static void kill_run(struct python_helper *helper)
{
    int status;
    kill(helper->child.pid, SIGKILL);
    await_end(helper, &status);
    free(helper->output.data);
    free(helper->complaint.data);
}

/* Lets it come to its end. `output` is without the greeting. `error` says what went wrong in all
 * but RUN_DONE. */
static enum run_result end_run(struct python_helper *helper, struct buffer *output,
                               struct error *error)
{
    const char *interpreter = helper->interpreter;
    int talked = talk(helper);
    if (talked < 0)
        kill(helper->child.pid, SIGKILL);
    int status = 0;
    pid_t waited = await_end(helper, &status);
    int wait_error = errno;
    *output = helper->output;
    size_t greeting = strlen(GREETING);
    /* What is installed may have something to say first. */
    const char *hello = helper->is_open && output->size
                            ? memmem(output->data, output->size, GREETING, greeting)
                            : NULL;
    if (hello) {
        output->size -= (size_t)(hello - output->data);
        memmove(output->data, hello, output->size + 1);
    }
    bool greeted = output->size >= greeting && memcmp(output->data, GREETING, greeting) == 0;
    const char *said = last_line(&helper->complaint);
    enum run_result result = greeted ? RUN_FAILED : RUN_UNFIT;
    if (talked < 0) {
        result = RUN_ERROR;
        error_set(error, ERROR_SYSTEM, "%s: no memory for its answer, or too long", interpreter);
    } else if (waited < 0) {
        result = RUN_ERROR;
        error_set(error, ERROR_SYSTEM, "%s: %s", interpreter, strerror(wait_error));
    } else if (WIFSIGNALED(status)) {
        result = greeted ? RUN_CRASHED : RUN_UNFIT;
        error_set(error, ERROR_SYSTEM, "%s was ended by signal %d", interpreter, WTERMSIG(status));
    } else if (WEXITSTATUS(status) != 0 || !greeted) {
        error_set(error, ERROR_SYSTEM, "%s failed (exit status %d): %s", interpreter,
                  WEXITSTATUS(status), said);
    } else {
        result = RUN_DONE;
    }
    free(helper->complaint.data);
    if (greeted) {
        output->size -= greeting;
        memmove(output->data, output->data + greeting, output->size + 1);
    }
    if (!greeted || result == RUN_ERROR) {
        free(output->data);
        *output = (struct buffer){ 0 };
    }
    return result;
}

/* Runs `program` in one interpreter, as begin_run and end_run say. */
static enum run_result run_once(const char *interpreter, bool is_open, const char *program,
                                const char *const *arguments, const char *input, size_t input_size,
                                struct buffer *output, struct error *error)
{
    struct python_helper helper;
    *output = (struct buffer){ 0 };
    enum run_result result =
        begin_run(&helper, interpreter, is_open, program, arguments, input, input_size, error);
    return result == RUN_DONE ? end_run(&helper, output, error) : result;
}

struct python_helper *python_helper_begin(const char *program, const char *interpreter,
                                          const char *const *arguments, const char *input,
                                          size_t input_size)
{
    struct python_helper *helper = malloc(sizeof *helper);
    if (helper && begin_run(helper, interpreter, false, program, arguments, input, input_size,
                            NULL) != RUN_DONE) {
        free(helper);
        return NULL;
    }
    if (helper)
        give_input(helper);
    return helper;
}

int python_helper_end(struct python_helper *helper, char **output, size_t *output_size)
{
    struct buffer buffer;
    bool is_done = end_run(helper, &buffer, NULL) == RUN_DONE &&
                   (buffer.data || buffer_append(&buffer, "", 0) == 0);
    free(helper);
    if (!is_done)
        free(buffer.data);
    *output = is_done ? buffer.data : NULL;
    *output_size = is_done ? buffer.size : 0;
    return is_done ? 0 : -1;
}

void python_helper_kill(struct python_helper *helper)
{
    if (helper)
        kill_run(helper);
    free(helper);
}

/* The candidates in order */

static size_t count_candidates(const struct string_list *interpreters)
{
    size_t count = interpreters ? interpreters->count : 0;
    return count + (count && interpreter_is_named() ? 0 : NAME_COUNT);
}

static const char *get_candidate(const struct string_list *interpreters, size_t index)
{
    size_t count = interpreters ? interpreters->count : 0;
    return index < count ? interpreters->items[index] : names_on_path[index - count];
}

/* Runs `program` in the first fit interpreter from `*candidate` on, and leaves its index there.
 * RUN_UNFIT when there is none. */
static enum run_result run_first(const char *program, const struct string_list *interpreters,
                                 size_t *candidate, const char *const *arguments, const char *input,
                                 size_t input_size, struct buffer *output, struct error *error)
{
    struct error last = { 0 };
    size_t count = count_candidates(interpreters);
    for (; *candidate < count; ++*candidate) {
        struct error why = { 0 };
        const char *interpreter = get_candidate(interpreters, *candidate);
        enum run_result result =
            run_once(interpreter, false, program, arguments, input, input_size, output, &why);
        if (result != RUN_UNFIT) {
            if (result != RUN_DONE)
                error_set(error, why.code, "%s", why.text);
            return result;
        }
        /* What an interpreter said is worth more than that there is no `python`. */
        if (!last.code || strncmp(why.text, "can't start", 11) != 0)
            last = why;
    }
    if (strncmp(last.text, "can't start python", 18) == 0)
        error_set(error, ERROR_SYSTEM,
                  "no Python 3.8 or newer can be run: there is none in PATH outside the working "
                  "folder; name one with --python or COVFORK_PYTHON");
    else
        error_set(error, ERROR_SYSTEM, "no Python 3.8 or newer can be run: %s", last.text);
    return RUN_UNFIT;
}

int python_helper_run(const char *program, const struct string_list *interpreters,
                      const char *const *arguments, const char *input, size_t input_size,
                      char **output, size_t *output_size, struct error *error)
{
    struct buffer buffer = { 0 };
    size_t candidate = 0;
    *output = NULL;
    *output_size = 0;
    if (run_first(program, interpreters, &candidate, arguments, input, input_size, &buffer,
                  error) != RUN_DONE) {
        free(buffer.data);
        return -1;
    }
    if (!buffer.data && buffer_append(&buffer, "", 0) < 0)
        return memory_error(error);
    *output = buffer.data;
    *output_size = buffer.size;
    return 0;
}

int python_helper_run_plugins(const char *program, const struct string_list *interpreters,
                              const char *const *arguments, const char *input, size_t input_size,
                              char **output, size_t *output_size, struct error *error)
{
    struct error first = { 0 };
    const char *first_interpreter = "";
    size_t count = count_candidates(interpreters);
    *output = NULL;
    *output_size = 0;
    for (size_t i = 0; i < count; i++) {
        struct error why = { 0 };
        struct buffer buffer = { 0 };
        const char *interpreter = get_candidate(interpreters, i);
        enum run_result result =
            run_once(interpreter, true, program, arguments, input, input_size, &buffer, &why);
        if (result == RUN_DONE) {
            if (!buffer.data && buffer_append(&buffer, "", 0) < 0)
                return memory_error(error);
            *output = buffer.data;
            *output_size = buffer.size;
            return 0;
        }
        free(buffer.data);
        if (result != RUN_UNFIT)
            return error_set(error, why.code, "%s", why.text);
        /* What the best one said, and of those that did not start nothing. */
        if (!first.code || strncmp(first.text, "can't start", 11) == 0) {
            first = why;
            first_interpreter = interpreter;
        }
    }
    const char *said = strstr(first.text, "): plugin ");
    if (!said)
        return error_set(error, ERROR_SYSTEM, "%s", first.text);
    return error_set(error, ERROR_SYSTEM, "%s (%s)", said + 3, first_interpreter);
}

/* Answers */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code unit of the \uXXXX at `text`, or -1. `size` bytes are there. */
static int read_escape(const char *text, size_t size)
{
    int unit = 0;
    if (size < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex_value(text[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/*
 * jansson refuses lone surrogates. \udcXX becomes \u0000XX: a NUL and two digits, which stands for
 * the byte XX until python_helper_bytes puts it in.
 */
json_t *python_helper_parse(const char *text, size_t size, struct error *error)
{
    struct buffer changed = { 0 };
    size_t done = 0;
    int status = 0;
    for (size_t i = 0; i < size && status == 0; i++) {
        if (text[i] != '\\')
            continue;
        int unit = read_escape(text + i, size - i);
        if (unit >= 0xd800 && unit < 0xdc00) {
            i += 11; /* the first half of a pair; the other can't be ours */
        } else if (unit >= 0xdc80 && unit <= 0xdcff) {
            char escape[] = { '\\', 'u', '0', '0', '0', '0', text[i + 4], text[i + 5] };
            status = buffer_append(&changed, text + done, i - done);
            if (status == 0)
                status = buffer_append(&changed, escape, sizeof escape);
            done = i + 6;
            i += 5;
        } else {
            i++;
        }
    }
    if (status == 0)
        status = buffer_append(&changed, text + done, size - done);
    if (status < 0) {
        free(changed.data);
        memory_error(error);
        return NULL;
    }
    json_error_t problem;
    json_t *value = json_loadb(changed.data, changed.size, JSON_ALLOW_NUL, &problem);
    free(changed.data);
    if (!value)
        error_set(error, ERROR_FORMAT, "wrong answer of a Python helper: %s", problem.text);
    return value;
}

char *python_helper_bytes(const json_t *string)
{
    const char *text = json_string_value(string);
    size_t length = text ? json_string_length(string) : 0, size = 0;
    char *bytes = malloc(length + 1);
    if (!bytes)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        if (text[i]) {
            bytes[size++] = text[i];
        } else if (i + 2 < length && hex_value(text[i + 1]) >= 8 && hex_value(text[i + 2]) >= 0) {
            bytes[size++] = (char)(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        }
    }
    bytes[size] = '\0';
    return bytes;
}

/* Line tables */

void python_line_tables_free(struct python_line_table *tables, size_t count)
{
    if (!tables)
        return;
    for (size_t i = 0; i < count; i++) {
        free(tables[i].path);
        free(tables[i].problem);
        line_set_close(&tables[i].lines);
    }
    free(tables);
}

/* Adds the [first, last] pairs of `ranges`. 0, -1 (memory), or 1 when they are wrong. */
static int add_ranges(struct line_set *lines, const json_t *ranges)
{
    size_t i;
    const json_t *range;
    if (!json_is_array(ranges))
        return 1;
    json_array_foreach(ranges, i, range)
    {
        const json_t *first = json_array_get(range, 0), *last = json_array_get(range, 1);
        json_int_t from = json_integer_value(first), to = json_integer_value(last);
        if (!json_is_integer(first) || !json_is_integer(last) || from < 1 || to < from ||
            to > LINE_SET_MAX_LINE)
            return 1;
        if (line_set_add_range(lines, (uint32_t)from, (uint32_t)to) < 0)
            return -1;
    }
    return 0;
}

static int wrong_answer(struct error *error)
{
    return error_set(error, ERROR_FORMAT, "wrong answer of a Python helper");
}

/* Fills `table` from the helper's line about it. */
static int take_answer(struct python_line_table *table, const char *line, size_t size,
                       struct error *error)
{
    json_t *answer = python_helper_parse(line, size, error);
    if (!answer)
        return -1;
    int status = 0;
    const json_t *problem = json_object_get(answer, "problem");
    const json_t *version = json_object_get(answer, "python");
    char *path = python_helper_bytes(json_object_get(answer, "path"));
    int added = add_ranges(&table->lines, json_object_get(answer, "lines"));
    table->python = (uint32_t)json_integer_value(version);
    if (json_is_string(problem))
        table->problem = python_helper_bytes(problem);
    if (!path || added < 0 || (json_is_string(problem) && !table->problem))
        status = memory_error(error);
    else if (added > 0 || strcmp(path, table->path) != 0 || !json_is_integer(version))
        status = wrong_answer(error);
    free(path);
    json_decref(answer);
    return status;
}

/* Which tables are still to be had. */
struct pending {
    size_t *indexes;
    size_t count, done;
};

static int build_input(struct buffer *input, const struct python_line_table *tables,
                       const struct pending *pending)
{
    for (size_t i = pending->done; i < pending->count; i++) {
        const char *path = tables[pending->indexes[i]].path;
        if (buffer_append(input, path, strlen(path) + 1) < 0)
            return -1;
    }
    return 0;
}

static int take_output(struct python_line_table *tables, struct pending *pending,
                       const struct buffer *output, struct error *error)
{
    const char *at = output->data, *newline;
    const char *end = at + output->size;
    while (at && at < end && (newline = memchr(at, '\n', (size_t)(end - at)))) {
        if (pending->done == pending->count)
            return wrong_answer(error);
        struct python_line_table *table = &tables[pending->indexes[pending->done]];
        if (take_answer(table, at, (size_t)(newline - at), error) < 0)
            return -1;
        pending->done++;
        at = newline + 1;
    }
    return 0;
}

/* A source on which the compiler itself crashes (C stack, memory) gets a problem, and the rest a
 * new interpreter. */
static int compile_pending(struct python_line_table *tables, struct pending *pending,
                           const struct string_list *interpreters, size_t *candidate,
                           struct error *error)
{
    while (pending->done < pending->count) {
        struct buffer input = { 0 }, output = { 0 };
        if (build_input(&input, tables, pending) < 0) {
            free(input.data);
            return memory_error(error);
        }
        struct error why = { 0 };
        enum run_result result = run_first(helper_line_tables, interpreters, candidate, NULL,
                                           input.data, input.size, &output, &why);
        free(input.data);
        int status = take_output(tables, pending, &output, error);
        free(output.data);
        if (status < 0)
            return -1;
        if (result == RUN_CRASHED && pending->done < pending->count) {
            struct python_line_table *table = &tables[pending->indexes[pending->done++]];
            if (asprintf(&table->problem, "Couldn't parse '%s' as Python source: %s", table->path,
                         why.text) < 0) {
                table->problem = NULL;
                return memory_error(error);
            }
        } else if (result != RUN_DONE) {
            return error_set(error, why.code, "%s", why.text);
        } else if (pending->done < pending->count) {
            return wrong_answer(error);
        }
    }
    return 0;
}

/*
 * The cache: lines-HASH.json, HASH of the first interpreter there is.
 *   {"chain": [who was asked, in order, up to the one that answered], "files": {path:
 *    {"size": …, "mtime": …, "python": …, "lines": […]}}}
 * Only what was compiled without a problem is kept, and only under names that are UTF-8.
 */
struct table_cache {
    char *file;    /* NULL: no cache can be kept */
    json_t *chain; /* of all candidates that are there */
    json_t *files;
};

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3u; /* FNV-1a */
    return hash;
}

/* Where `name` is, as execvp looks for it; NULL when it isn't. Caller frees. */
static char *find_program(const char *name)
{
    if (strchr(name, '/'))
        return access(name, X_OK) == 0 ? realpath(name, NULL) : NULL;
    char *found = interpreter_find_program(name, NULL);
    char *real = found ? realpath(found, NULL) : NULL;
    free(found);
    return real;
}

/* Who `program` is: its name, size and time. NULL when that does not say which Python it starts
 * (a script such as pyenv's). Caller frees. */
static char *identify_program(const char *program)
{
    char magic[4] = "", *identity = NULL;
    struct stat status;
    int descriptor = open(program, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && read(descriptor, magic, 4) == 4 &&
        memcmp(magic, "\177ELF", 4) == 0 &&
        asprintf(&identity, "%s %lld %lld.%09ld", program, (long long)status.st_size,
                 (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec) < 0)
        identity = NULL;
    close(descriptor);
    return identity;
}

/* The identities of the candidates that are there, null for those that have none. */
static json_t *make_chain(const struct string_list *interpreters)
{
    json_t *chain = json_array();
    for (size_t i = 0; chain && i < count_candidates(interpreters); i++) {
        char *program = find_program(get_candidate(interpreters, i));
        char *identity = program ? identify_program(program) : NULL;
        json_t *value = identity ? json_string(identity) : NULL;
        if (program)
            json_array_append_new(chain, value ? value : json_null());
        free(identity);
        free(program);
    }
    return chain;
}

/* Is `known` not empty, all strings, and what `chain` begins with? */
static bool begins_with(const json_t *chain, const json_t *known)
{
    size_t i;
    const json_t *value;
    json_array_foreach(known, i,
                       value) if (!json_is_string(value) ||
                                  !json_equal(value, json_array_get(chain, i))) return false;
    return json_array_size(known) > 0;
}

static json_t *load_cache_file(const char *file)
{
    struct stat status;
    json_t *value = NULL;
    int descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        (size_t)status.st_size <= MAX_CACHE_FILE)
        value = json_loadfd(descriptor, JSON_REJECT_DUPLICATES, NULL);
    close(descriptor);
    return value;
}

static void open_cache(struct table_cache *cache, const char *directory,
                       const struct string_list *interpreters)
{
    *cache = (struct table_cache){ 0 };
    if (!directory)
        return;
    cache->chain = make_chain(interpreters);
    const char *first = json_string_value(json_array_get(cache->chain, 0));
    if (!first)
        return;
    uint64_t hash = hash_bytes(0xcbf29ce484222325u, first, strlen(first));
    hash = hash_bytes(hash, helper_line_tables, sizeof helper_line_tables);
    if (asprintf(&cache->file, "%s/lines-%016llx.json", directory, (unsigned long long)hash) < 0) {
        cache->file = NULL;
        return;
    }
    json_t *value = load_cache_file(cache->file);
    json_t *files = json_object_get(value, "files");
    if (json_is_object(files) && begins_with(cache->chain, json_object_get(value, "chain")))
        cache->files = json_incref(files);
    json_decref(value);
}

static void close_cache(struct table_cache *cache)
{
    free(cache->file);
    json_decref(cache->chain);
    json_decref(cache->files);
}

static json_int_t nanoseconds(const struct timespec *time)
{
    return (json_int_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

/* Fills `table` from the cache when its file is what it was. 1 when it did, 0, or -1 (memory). */
static int take_cached(struct python_line_table *table, const struct table_cache *cache,
                       const struct stat *status)
{
    const json_t *entry = json_object_get(cache->files, table->path);
    const json_t *version = json_object_get(entry, "python");
    if (!json_is_integer(version) ||
        json_integer_value(json_object_get(entry, "size")) != (json_int_t)status->st_size ||
        json_integer_value(json_object_get(entry, "mtime")) != nanoseconds(&status->st_mtim))
        return 0;
    struct line_set lines = LINE_SET_EMPTY;
    int added = add_ranges(&lines, json_object_get(entry, "lines"));
    if (added) {
        line_set_close(&lines);
        return added < 0 ? -1 : 0;
    }
    table->lines = lines;
    table->python = (uint32_t)json_integer_value(version);
    return 1;
}

static json_t *pack_lines(const struct line_set *lines)
{
    json_t *ranges = json_array();
    uint32_t first = line_set_next(lines, 0);
    while (first) {
        uint32_t last = first, next;
        while ((next = line_set_next(lines, last)) == last + 1)
            last = next;
        json_array_append_new(ranges, json_pack("[I, I]", (json_int_t)first, (json_int_t)last));
        first = next;
    }
    return ranges;
}

/* Is it certain that `status` tells a later change of the file? Times are as coarse as the file
 * system's clock, so a file that was written just now may change without showing it. */
static bool is_settled(const struct stat *status)
{
    return status->st_mtim.tv_sec + 2 < time(NULL);
}

static void remember(struct table_cache *cache, const struct python_line_table *table,
                     const struct stat *before)
{
    struct stat now;
    if (table->problem || !before->st_mode || !is_settled(before) || stat(table->path, &now) < 0 ||
        now.st_size != before->st_size ||
        nanoseconds(&now.st_mtim) != nanoseconds(&before->st_mtim))
        return;
    json_t *entry = json_pack("{s:I, s:I, s:I, s:o}", "size", (json_int_t)before->st_size, "mtime",
                              nanoseconds(&before->st_mtim), "python", (json_int_t)table->python,
                              "lines", pack_lines(&table->lines));
    /* Refused when the path is not UTF-8. */
    json_object_set_new(cache->files, table->path, entry);
}

/* Replaces the cache file. Nothing is lost when that fails: it is only a cache. */
static void save_cache(const struct table_cache *cache, const char *directory, size_t asked)
{
    json_t *chain = json_array();
    for (size_t i = 0; i <= asked && i < json_array_size(cache->chain); i++)
        json_array_append(chain, json_array_get(cache->chain, i));
    if (!begins_with(cache->chain, chain)) {
        json_decref(chain);
        return;
    }
    json_t *value = json_pack("{s:O, s:O}", "chain", chain, "files", cache->files);
    json_decref(chain);
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
    if (text)
        cache_file_write(directory, cache->file, text, strlen(text), NULL, 0);
    free(text);
    json_decref(value);
}

/* How many candidates that are there come before the one with the index `candidate`. */
static size_t count_asked(const struct string_list *interpreters, size_t candidate)
{
    size_t asked = 0;
    for (size_t i = 0; i < candidate; i++) {
        char *program = find_program(get_candidate(interpreters, i));
        asked += program != NULL;
        free(program);
    }
    return asked;
}

/* The tables with their paths, without lines. NULL: memory. */
static struct python_line_table *make_tables(const struct string_list *paths)
{
    struct python_line_table *tables = calloc(paths->count + 1, sizeof *tables);
    for (size_t i = 0; tables && i < paths->count; i++) {
        tables[i].lines = LINE_SET_EMPTY;
        tables[i].path = strdup(paths->items[i]);
        if (!tables[i].path) {
            python_line_tables_free(tables, i);
            tables = NULL;
        }
    }
    return tables;
}

static int fill_tables(struct python_line_table *tables, struct pending *pending,
                       struct stat *statuses, size_t count, struct table_cache *cache,
                       const struct string_list *interpreters, const char *cache_directory,
                       struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        /* st_mode 0: there is nothing to go by. */
        int taken = 0;
        if (cache->file && stat(tables[i].path, &statuses[i]) == 0)
            taken = take_cached(&tables[i], cache, &statuses[i]);
        if (taken < 0)
            return memory_error(error);
        if (!taken)
            pending->indexes[pending->count++] = i;
    }
    if (!pending->count)
        return 0;
    size_t candidate = 0;
    if (compile_pending(tables, pending, interpreters, &candidate, error) < 0)
        return -1;
    if (!cache->file)
        return 0;
    if (!cache->files)
        cache->files = json_object();
    for (size_t i = 0; i < pending->count; i++)
        remember(cache, &tables[pending->indexes[i]], &statuses[pending->indexes[i]]);
    save_cache(cache, cache_directory, count_asked(interpreters, candidate));
    return 0;
}

int python_line_tables(const struct string_list *paths, const struct string_list *interpreters,
                       const char *cache_directory, struct python_line_table **tables,
                       struct error *error)
{
    struct pending pending = { .indexes = calloc(paths->count + 1, sizeof(size_t)) };
    struct stat *statuses = calloc(paths->count + 1, sizeof *statuses);
    int status = -1;
    *tables = make_tables(paths);
    if (*tables && pending.indexes && statuses) {
        struct table_cache cache;
        open_cache(&cache, cache_directory, interpreters);
        status = fill_tables(*tables, &pending, statuses, paths->count, &cache, interpreters,
                             cache_directory, error);
        close_cache(&cache);
    } else {
        memory_error(error);
    }
    if (status < 0) {
        python_line_tables_free(*tables, paths->count);
        *tables = NULL;
    }
    free(pending.indexes);
    free(statuses);
    return status;
}
