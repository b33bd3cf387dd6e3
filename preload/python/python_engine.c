/*
 * See python_engine.h. The scripts see four functions of ours in their namespace:
 *   covfork_measures(path, module)  is code of this file, imported as this, measured?
 *   covfork_write(bytes)            writes what was saved to this process's file: None, or why not
 *   covfork_mark(path, bitmap)      keeps lines as the native engine does: True or False
 *   covfork_folder()                the session's folder, made if need be
 *   covfork_say(event, reason)      a line in the ledger; reason may be None
 *   covfork_save()                  calls save(), unseen and with a signal waiting for its end
 *   covfork_forked()                CPython has put itself in order in the child of a fork
 *   covfork_ended()                 all was saved, and nothing more will be
 * and give us start(settings), which returns None or why it can't, save(), and for slipcover
 * see(code) and main_code(path). Runs with the GIL held unless said otherwise.
 */
#include "python_engine.h"

#include "../aside.h"
#include "../guard.h"
#include "../ledger.h"
#include "../session.h"
#include "../session_files.h"
#include "../source_filter.h"
#include "engine_common.h"
#include "engine_coverage.h"
#include "engine_slipcover.h"
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* What a save may need beyond what the program has used up. */
#define RECURSION_RESERVE 400
#define REASON_MAX        600

static struct {
    bool is_tried;
    bool is_starting;  /* by this thread */
    bool is_announced; /* the ledger has our "engine" or "lost" */
    atomic_bool is_alone_in_subinterpreter;
    atomic_bool is_running;
    /* In the child of a fork, until CPython says that it knows. */
    atomic_bool is_untold;
    atomic_bool is_saving;
    PyObject *namespace;
    char reason[REASON_MAX]; /* why it does not run */
    /* Of what this process, `file_pid`, has written. */
    char file[256];
    pid_t file_pid;
    /* The signal that ends the process once the save that is under way is done, or once Python's
     * main thread has made one. */
    volatile sig_atomic_t awaited_signal, pending_signal;
} engine;

static const char *engine_name(void)
{
    return session.engine == ENGINE_COVERAGE ? "coverage" : "slipcover";
}

bool python_engine_is_asked(void)
{
    return session.engine == ENGINE_COVERAGE || session.engine == ENGINE_SLIPCOVER;
}

bool python_engine_is_running(void)
{
    return atomic_load(&engine.is_running);
}

/* --- what the scripts call ----------------------------------------------------------------------
 */

static PyObject *new_reference(PyObject *object)
{
    python.increment(object);
    return object;
}

static PyObject *truth(bool value)
{
    PyObject *builtins = python.get_builtins();
    return new_reference(python.dict_get(builtins, value ? "True" : "False"));
}

static PyObject *measures(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    (void)self;
    PyObject *owner = NULL, *module_owner = NULL;
    const char *path = count == 2 ? python_text(arguments[0], &owner) : NULL;
    const char *module = NULL;
    if (path && arguments[1] != python.none)
        module = python_text(arguments[1], &module_owner);
    char canonical[PATH_MAX];
    bool is = path && source_filter_canonical(path, canonical, NULL) &&
              source_filter_measures(canonical, module);
    if (owner)
        python.decrement(owner);
    if (module_owner)
        python.decrement(module_owner);
    return truth(is);
}

static void build_name(char *name, size_t size)
{
    struct utsname host;
    uint8_t bytes[8];
    char random[sizeof bytes * 2 + 1], suffix[160];
    if (uname(&host) != 0)
        strcpy(host.nodename, "host");
    for (char *c = host.nodename; *c; c++)
        if (*c == '/' || (unsigned char)*c < 0x21)
            *c = '_';
    session_random(bytes, sizeof bytes);
    session_hex(random, bytes, sizeof bytes);
    snprintf(suffix, sizeof suffix, "%.64s.pid%ld.%s", host.nodename, (long)getpid(), random);
    if (session.engine == ENGINE_COVERAGE)
        snprintf(name, size, FORMAT_COVERAGE_PREFIX "%s", suffix);
    else
        snprintf(name, size, "%s" FORMAT_SLIPCOVER_SUFFIX, suffix);
}

struct content {
    const char *bytes;
    size_t size;
    char path[PATH_MAX];
};

static int write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? errno : ENOSPC;
        bytes += written;
        size -= (size_t)written;
    }
    return 0;
}

/* Writes the file without a name first, so that nobody ever sees a part of it, where the file
 * system can; else under its name. 0 or an errno. */
static int write_content(void *argument)
{
    struct content *content = argument;
    int flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW;
    int descriptor = open(session.folder, flags | O_TMPFILE, 0600);
    bool is_nameless = descriptor >= 0;
    if (!is_nameless && errno != EMFILE && errno != ENFILE)
        descriptor = open(content->path, flags | O_CREAT | O_EXCL, 0600);
    if (descriptor < 0)
        return errno;
    fchmod(descriptor, 0600); /* whatever the umask is */
    int problem = write_all(descriptor, content->bytes, content->size);
    if (!problem && is_nameless) {
        char link[40];
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        if (linkat(AT_FDCWD, link, AT_FDCWD, content->path, AT_SYMLINK_FOLLOW) != 0) {
            int named = open(content->path, flags | O_CREAT | O_EXCL, 0600);
            problem = named < 0 ? errno : write_all(named, content->bytes, content->size);
            if (named >= 0)
                close(named);
        }
    }
    close(descriptor);
    if (problem)
        unlink(content->path);
    return problem;
}

/* 0 or an errno. */
static int save_content(struct content *content, char *name, size_t name_size)
{
    session_files_follow();
    if (session_ensure_folder() != 0)
        return EACCES;
    if (!session_files_allow_size(content->size))
        return EFBIG;
    build_name(name, name_size);
    int length = snprintf(content->path, sizeof content->path, "%s/%s", session.folder, name);
    if (length < 0 || (size_t)length >= sizeof content->path)
        return ENAMETOOLONG;
    return aside_call(write_content, content);
}

/* What this process has written before is in what it writes now. */
static void replace_file(const char *name)
{
    if (engine.file[0] && engine.file_pid == getpid()) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s/%s", session.folder, engine.file);
        if (length > 0 && (size_t)length < sizeof path)
            unlink(path);
        const char *pairs[] = { "file", name, "instead", engine.file, NULL };
        ledger_event("data", pairs);
    } else {
        const char *pairs[] = { "file", name, NULL };
        ledger_event("data", pairs);
    }
    snprintf(engine.file, sizeof engine.file, "%s", name);
    engine.file_pid = getpid();
}

static PyObject *write_data(PyObject *self, PyObject *bytes)
{
    (void)self;
    char *start;
    ssize_t size;
    if (python.bytes_get(bytes, &start, &size) != 0)
        return NULL;
    char name[sizeof engine.file];
    struct content *content = calloc(1, sizeof *content);
    int problem = ENOMEM;
    if (content) {
        content->bytes = start;
        content->size = (size_t)size;
        problem = save_content(content, name, sizeof name);
        free(content);
    }
    if (problem)
        return python.new_string(strerrordesc_np(problem));
    replace_file(name);
    return new_reference(python.none);
}

static uint64_t hash_path(const char *path)
{
    uint64_t hash = 14695981039346656037u;
    for (; *path; path++)
        hash = (hash ^ (unsigned char)*path) * 1099511628211u;
    return hash == 0 || hash == UINT64_MAX ? 1 : hash;
}

/* Where no file can be written: the native engine has places that a full disk, a limit or a chroot
 * does not touch. Lines alone. */
static bool mark_lines(const char *path, const uint8_t *bits, size_t size)
{
    if (size > UINT32_MAX / 16)
        return false;
    struct stat status = { 0 };
    struct format_source source = { .path_length = (uint32_t)strlen(path) };
    if (stat(path, &status) == 0) {
        source.size = (uint64_t)status.st_size;
        source.mtime =
            (uint64_t)status.st_mtim.tv_sec * 1000000000u + (uint64_t)status.st_mtim.tv_nsec;
    }
    source.key = hash_path(path) ^ source.size ^ source.mtime << 1;
    uint32_t bit_count;
    if (!data_file_knows_source(source.key, &bit_count) &&
        data_file_add_source(&source, path, (const uint8_t *)"") != 0)
        return false;
    uint8_t *to = data_file_add_lines(source.key, (uint32_t)size * 8, NULL);
    for (size_t i = 0; to && i < size; i++)
        __atomic_fetch_or(to + i, bits[i], __ATOMIC_RELAXED);
    return to != NULL;
}

static PyObject *mark(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    (void)self;
    PyObject *owner = NULL;
    char *bits;
    ssize_t size;
    const char *path = count == 2 ? python_text(arguments[0], &owner) : NULL;
    bool done = path && python.bytes_get(arguments[1], &bits, &size) == 0 &&
                mark_lines(path, (const uint8_t *)bits, (size_t)size);
    python.clear_error();
    if (owner)
        python.decrement(owner);
    return truth(done);
}

static PyObject *get_folder(PyObject *self, PyObject *unused)
{
    (void)self;
    (void)unused;
    session_files_follow();
    session_ensure_folder();
    return python.decode_file_name(session.folder);
}

static PyObject *say(PyObject *self, PyObject *const *arguments, ssize_t count)
{
    (void)self;
    PyObject *owner = NULL, *reason_owner = NULL;
    const char *event = count == 2 ? python_text(arguments[0], &owner) : NULL;
    const char *reason = NULL;
    if (event && arguments[1] != python.none)
        reason = python_text(arguments[1], &reason_owner);
    const char *pairs[] = { "reason", reason, NULL };
    /* That nothing is to be saved is news only where something was to be expected. */
    if (event && (engine.is_announced || strcmp(event, "nothing") != 0))
        ledger_event(event, pairs);
    if (owner)
        python.decrement(owner);
    if (reason_owner)
        python.decrement(reason_owner);
    return new_reference(python.none);
}

static PyObject *forked(PyObject *self, PyObject *unused)
{
    (void)self;
    (void)unused;
    atomic_store(&engine.is_untold, false);
    return new_reference(python.none);
}

static PyObject *ended(PyObject *self, PyObject *unused)
{
    (void)self;
    (void)unused;
    atomic_store(&engine.is_running, false);
    guard_stop();
    return new_reference(python.none);
}

static void save(void);

static PyObject *save_now(PyObject *self, PyObject *unused)
{
    (void)self;
    (void)unused;
    save();
    return new_reference(python.none);
}

static struct python_method methods[] = {
    { "covfork_measures", (void *)measures, PYTHON_METH_FASTCALL, NULL },
    { "covfork_write", (void *)write_data, PYTHON_METH_O, NULL },
    { "covfork_mark", (void *)mark, PYTHON_METH_FASTCALL, NULL },
    { "covfork_folder", (void *)get_folder, PYTHON_METH_NOARGS, NULL },
    { "covfork_say", (void *)say, PYTHON_METH_FASTCALL, NULL },
    { "covfork_save", (void *)save_now, PYTHON_METH_NOARGS, NULL },
    { "covfork_forked", (void *)forked, PYTHON_METH_NOARGS, NULL },
    { "covfork_ended", (void *)ended, PYTHON_METH_NOARGS, NULL },
};

/* --- the start ----------------------------------------------------------------------------------
 */

/* Puts `value` (taken over; may be NULL) into `dict`. */
static bool put(PyObject *dict, const char *key, PyObject *value)
{
    bool done = value && python.dict_set(dict, key, value) == 0;
    if (value)
        python.decrement(value);
    return done;
}

static PyObject *text_or_none(const char *text)
{
    return text ? python.decode_file_name(text) : new_reference(python.none);
}

static bool put_list(PyObject *dict, const char *key, const struct settings_list *list)
{
    PyObject *items = python.new_list(0);
    bool done = items != NULL;
    for (size_t i = 0; done && i < list->count; i++) {
        PyObject *item = python.decode_file_name(list->items[i]);
        done = item && python.list_append(items, item) == 0;
        if (item)
            python.decrement(item);
    }
    return put(dict, key, items) && done;
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

/* NULL when memory ran out. */
static PyObject *make_settings(PyObject *main_file)
{
    const struct settings *settings = source_settings();
    PyObject *dict = python.new_dict();
    if (!dict)
        return NULL;
    bool done = put(dict, "root", text_or_none(settings->root)) &&
                put(dict, "config", text_or_none(settings->config)) &&
                put_list(dict, "source_dirs", &settings->source_dirs) &&
                put_list(dict, "source_pkgs", &settings->source_pkgs) &&
                put_list(dict, "include", &settings->include) &&
                put_list(dict, "omit", &settings->omit) &&
                put(dict, "branch", truth(settings->branch)) &&
                put(dict, "context",
                    is_set("COVFORK_CONTEXT") ? text_or_none(session.context)
                                              : new_reference(python.none)) &&
                put(dict, "main", new_reference(main_file ? main_file : python.none));
    if (done)
        return dict;
    python.decrement(dict);
    return NULL;
}

static bool run_script(PyObject *namespace, const char *name, const char *text)
{
    PyObject *code = python.compile(text, name, PYTHON_FILE_INPUT);
    PyObject *result = code ? python.evaluate(code, namespace, namespace) : NULL;
    if (result)
        python.decrement(result);
    if (code)
        python.decrement(code);
    return result != NULL;
}

/* The scripts, run in a namespace of their own; NULL when that failed. */
static PyObject *make_namespace(void)
{
    PyObject *namespace = python.new_dict();
    if (!namespace)
        return NULL;
    bool done = python.dict_set(namespace, "__builtins__", python.get_builtins()) == 0 &&
                put(namespace, "__name__", python.new_string("<covfork>"));
    for (size_t i = 0; done && i < sizeof methods / sizeof methods[0]; i++)
        done = put(namespace, methods[i].name, python.new_function(&methods[i], NULL, NULL));
    done = done && run_script(namespace, "<covfork>", engine_common) &&
           run_script(namespace, "<covfork>",
                      session.engine == ENGINE_COVERAGE ? engine_coverage : engine_slipcover);
    if (done)
        return namespace;
    python.decrement(namespace);
    return NULL;
}

static void set_reason(const char *reason)
{
    snprintf(engine.reason, sizeof engine.reason, "%s", reason);
}

/* Calls start(settings). */
static void call_start(PyObject *main_file)
{
    PyObject *settings = make_settings(main_file);
    PyObject *start = settings ? python.dict_get(engine.namespace, "start") : NULL;
    PyObject *answer = start ? python.call(start, settings, NULL) : NULL;
    if (settings)
        python.decrement(settings);
    PyObject *owner = NULL;
    if (answer == python.none) {
        atomic_store(&engine.is_running, true);
        guard_start();
    } else if (answer) {
        const char *reason = python_text(answer, &owner);
        if (reason)
            set_reason(reason);
        if (owner)
            python.decrement(owner);
    }
    if (answer)
        python.decrement(answer);
}

void python_engine_start(PyObject *main_file)
{
    if (engine.is_tried)
        return;
    engine.is_tried = true;
    set_reason("its start failed");
    if (source_init() != 0) {
        set_reason("the settings could not be read");
        return;
    }
    /* Maps a file of the session: its folder can be found again when it is moved. */
    uint32_t bit_count;
    (void)data_file_knows_source(1, &bit_count);
    engine.namespace = make_namespace();
    engine.is_starting = true;
    if (engine.namespace)
        call_start(main_file);
    engine.is_starting = false;
    python.clear_error();
}

/* The ledger is told once, when something that is measured runs: a process in which nothing does
 * owes no data. */
static void announce(void)
{
    if (engine.is_announced)
        return;
    engine.is_announced = true;
    if (python_engine_is_running()) {
        PyObject *owner = NULL;
        PyObject *version = python.dict_get(engine.namespace, "version");
        const char *text = version ? python_text(version, &owner) : NULL;
        const char *pairs[] = { "engine", engine_name(), "tool", text, NULL };
        ledger_event("engine", pairs);
        if (owner)
            python.decrement(owner);
    } else {
        const char *pairs[] = { "reason", engine.reason, "engine", engine_name(), NULL };
        ledger_event("lost", pairs);
    }
}

void python_engine_see(PyObject *code)
{
    /* A plugin of the project's, which coverage.py imports: the program has not begun. */
    if (engine.is_starting)
        return;
    if (!engine.is_tried)
        python_engine_start(NULL);
    announce();
    PyObject *see =
        code && python_engine_is_running() ? python.dict_get(engine.namespace, "see") : NULL;
    PyObject *answer = see ? python.call(see, code, NULL) : NULL;
    if (answer)
        python.decrement(answer);
    python.clear_error();
}

void python_engine_see_subinterpreter(void)
{
    if (atomic_exchange(&engine.is_alone_in_subinterpreter, true))
        return;
    char reason[160];
    snprintf(reason, sizeof reason, "the engine %s records nothing in a subinterpreter",
             engine_name());
    const char *pairs[] = { "reason", reason, NULL };
    ledger_event("lost", pairs);
}

/* Ends the process as Python's main() would after a program that was interrupted. */
static void end_by_interrupt(void)
{
    python.finalize();
    raise(SIGINT);
    python.exit(1);
}

void python_engine_run_main(PyObject *file)
{
    PyObject *give =
        python_engine_is_running() ? python.dict_get(engine.namespace, "main_code") : NULL;
    PyObject *code = give ? python.call(give, file, NULL) : NULL;
    PyObject *module = code && python_is_code(code) ? python.add_module("__main__") : NULL;
    PyObject *globals = module ? python.get_attribute(module, "__dict__") : NULL;
    if (!globals) {
        python.clear_error();
        if (code)
            python.decrement(code);
        return;
    }
    announce();
    PyObject *result = python.evaluate(code, globals, globals);
    python.decrement(code);
    python.decrement(globals);
    if (result)
        python.exit(0);
    bool is_interrupt = python.error_matches(*python.keyboard_interrupt) != 0;
    python.print_error();
    if (is_interrupt)
        end_by_interrupt();
    python.exit(1);
}

/* --- the end ------------------------------------------------------------------------------------
 */

/* With the GIL held. Nobody sees that Python code runs: not the program's trace functions, and not
 * its exception that is under way. */
static void save(void)
{
    int saved = errno;
    if (atomic_exchange(&engine.is_saving, true))
        return; /* interrupted by itself, or another thread is at it and ends the process too */
    PyObject *type, *value, *traceback;
    python.fetch_error(&type, &value, &traceback);
    int limit = python.get_recursion_limit();
    python.set_recursion_limit(limit + RECURSION_RESERVE);
    PyThreadState *state = python.enter_tracing ? python.thread_state() : NULL;
    if (state)
        python.enter_tracing(state);
    PyObject *function = python.dict_get(engine.namespace, "save");
    PyObject *result = function ? python.call(function, NULL) : NULL;
    if (result)
        python.decrement(result);
    python.clear_error();
    if (state && python.leave_tracing)
        python.leave_tracing(state);
    python.set_recursion_limit(limit);
    python.restore_error(type, value, traceback);
    atomic_store(&engine.is_saving, false);
    errno = saved;
    if (engine.awaited_signal)
        guard_die(engine.awaited_signal);
}

static bool is_only_thread(void)
{
    PyThreadState *first = python.first_thread(python.interpreter());
    return first && !python.next_thread(first);
}

/* Takes the GIL where this thread may. False where it may not. */
static bool save_taking_gil(void)
{
    if (!python.this_thread() || atomic_load(&engine.is_untold))
        return false;
    int state = python.gil_ensure();
    save();
    python.gil_release(state);
    return true;
}

void python_engine_save(bool is_exec)
{
    if (!python_engine_is_running() || !python.is_initialized())
        return;
    if (!python_is_held()) {
        save_taking_gil();
        return;
    }
    /* A child that subprocess has forked and that is about to execute ran no Python; what another
     * thread held when it was forked is held for ever. */
    if (atomic_load(&engine.is_untold) && (is_exec || !is_only_thread())) {
        const char *pairs[] = { NULL };
        if (!is_exec && engine.is_announced)
            ledger_event("nothing", pairs);
        return;
    }
    if (python_interpreter_id() == 0)
        save();
}

void python_engine_after_fork_child(void)
{
    if (!python_engine_is_asked())
        return;
    atomic_store(&engine.is_untold, true);
    atomic_store(&engine.is_saving, false);
    engine.awaited_signal = 0;
}

void python_engine_begin_life(void)
{
    engine.is_tried = engine.is_announced = engine.is_alone_in_subinterpreter = false;
    atomic_store(&engine.is_running, false);
    atomic_store(&engine.is_untold, false);
    atomic_store(&engine.is_saving, false);
    engine.namespace = NULL;
    /* What this life saves does not stand for what the one before has saved. */
    engine.file[0] = '\0';
    engine.file_pid = 0;
}

static int on_pending(void *unused)
{
    (void)unused;
    python_engine_save(false);
    guard_die(engine.pending_signal);
    return 0;
}

bool python_engine_save_in_handler(int signal, bool in_system_call, bool is_fault)
{
    if (!python_engine_is_running() || !python.is_initialized())
        return true;
    if (atomic_load(&engine.is_saving) && !is_fault) {
        engine.awaited_signal = signal;
        return false;
    }
    if (in_system_call || is_fault) {
        if (python_is_held() || python.this_thread()) {
            python_engine_save(false);
            return true;
        }
        if (is_fault)
            return true;
    }
    engine.pending_signal = signal;
    return python.add_pending_call(on_pending, NULL) != 0;
}
