/*
 * Watches for the first measured code of each interpreter and starts its engine then: a process
 * that runs none pays for a name comparison a module. The hook never refuses anything, keeps
 * errno, and runs with the GIL held.
 *
 * Python's end clears the hooks; where it is initialised again in the same process, the hook is
 * added again, and nothing is left of the life before.
 */
#include "audit.h"

#include "../ledger.h"
#include "../session.h"
#include "api.h"
#include "breakpoints.h"
#include "engine.h"
#include "python_engine.h"
#include "source.h"
#include "thread_frames.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Interpreters whose engine was started or failed; in one life of Python no id is used again. */
static struct started {
    struct started *next;
    int64_t interpreter;
    const void *thread; /* that does it */
    pid_t process;
    atomic_bool done;
} * _Atomic started_list;

/* Its address is this thread. */
static _Thread_local __attribute__((tls_model("initial-exec"))) char this_thread;

/* Code that runs while another thread starts the engine would not be seen; the thread may need what
 * this one holds. */
static void wait_for_start(const struct started *entry)
{
    while (!atomic_load_explicit(&entry->done, memory_order_acquire) &&
           entry->thread != &this_thread && entry->process == getpid()) {
        bool detaches = __atomic_load_n(&python.is_complete, __ATOMIC_ACQUIRE);
        PyThreadState *state = detaches ? python.save_thread() : NULL;
        sched_yield();
        if (state)
            python.restore_thread(state);
    }
}

static bool is_started(int64_t interpreter)
{
    for (struct started *entry = started_list; entry; entry = entry->next)
        if (entry->interpreter == interpreter) {
            wait_for_start(entry);
            return true;
        }
    return false;
}

static void forget_started(void)
{
    struct started *entry = atomic_exchange(&started_list, NULL);
    while (entry) {
        struct started *next = entry->next;
        free(entry);
        entry = next;
    }
}

/* NULL: another thread was quicker, or memory ran out. */
static struct started *claim_start(int64_t interpreter)
{
    struct started *entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    entry->interpreter = interpreter;
    entry->thread = &this_thread;
    entry->process = getpid();
    entry->next = started_list;
    do
        if (is_started(interpreter)) {
            free(entry);
            return NULL;
        }
    while (!atomic_compare_exchange_weak(&started_list, &entry->next, entry));
    return entry;
}

/* For coverage.py and slipcover: `code` may be NULL. */
static void tell_python_engine(int64_t interpreter, PyObject *code)
{
    if (interpreter == 0)
        python_engine_see(code);
    else
        python_engine_see_subinterpreter();
}

static void start_engine(int64_t interpreter)
{
    struct started *entry = claim_start(interpreter);
    if (!entry)
        return;
    if (!python_api_complete()) {
        const char *pairs[] = { "reason", "this Python lacks functions that are needed", NULL };
        ledger_event("lost", pairs);
    }
    if (python.is_complete) {
        if (python.minor >= 12)
            monitoring_start();
        else if (!breakpoints_start() && trace_start() == 0)
            thread_frames_start();
    }
    atomic_store_explicit(&entry->done, true, memory_order_release);
}

/* Somebody is about to see what we do from now on. */
static void prepare_engine(void)
{
    if (session.engine == ENGINE_NATIVE && python.minor >= 12 && python_api_complete() &&
        source_init() == 0)
        monitoring_prepare();
}

/* Of `code`, which is NULL where only the name is known. */
static void on_file_name(PyObject *string, PyObject *code)
{
    static atomic_bool nothing_to_measure;
    int64_t interpreter = python_interpreter_id();
    if (is_started(interpreter)) {
        if (python.minor < 12)
            trace_this_thread();
        else if (session.engine == ENGINE_NATIVE)
            monitoring_see_thread();
        return;
    }
    if (nothing_to_measure || !string)
        return;
    PyObject *owner;
    const char *name = python_text(string, &owner);
    if (name && name[0] != '<') {
        if (source_init() != 0)
            nothing_to_measure = true;
        else if (python_engine_is_asked()) {
            if (source_may_be_measured(name))
                tell_python_engine(interpreter, code);
        } else if (source_may_turn_out_measured(name)) {
            start_engine(interpreter);
        }
    }
    if (owner)
        python.decrement(owner);
}

/* exec: (code). Arrives for each module's body, and for exec() and eval(). function.__new__ too. */
static void on_exec(PyObject *arguments)
{
    PyObject *code = python.tuple_get(arguments, 0);
    PyObject *name = code ? python_code_attribute(code, CODE_FILE_NAME) : NULL;
    on_file_name(name, code);
    if (name)
        python.decrement(name);
}

/* "<string>", "<stdin>", … are of none. */
static bool is_of_file(PyObject *name)
{
    PyObject *owner;
    const char *text = python_text(name, &owner);
    bool is = text && *text != '<';
    if (owner)
        python.decrement(owner);
    return is;
}

/* Does importlib run? Its two modules have other names until somebody imports importlib. */
static bool is_called_by_import(void)
{
    static const char *const prefixes[] = { "_frozen_importlib", "importlib._bootstrap" };
    /* Those of the main interpreter; never read. */
    static PyObject *known[2];
    PyObject *globals = python.get_globals(), *owner = NULL;
    if (globals && (globals == known[0] || globals == known[1]))
        return true;
    PyObject *name = globals ? python.dict_get(globals, "__name__") : NULL;
    const char *text = name ? python_text(name, &owner) : NULL;
    bool is = false;
    for (size_t i = 0; text && !is && i < sizeof prefixes / sizeof prefixes[0]; i++)
        is = strncmp(text, prefixes[i], strlen(prefixes[i])) == 0;
    if (is && python_interpreter_id() == 0)
        known[strstr(text, "external") ? 1 : 0] = globals;
    if (owner)
        python.decrement(owner);
    return is;
}

/* Has nobody `object` but the tuple that it came in? */
static bool is_only_in(PyObject *object)
{
    enum { TUPLE = 1, ARGUMENT = 1 };
    PyObject *count = python.sys_get_object("getrefcount");
    PyObject *number = count && python_api_complete() ? python.call(count, object, NULL) : NULL;
    long references = number ? python.as_long(number) : LONG_MAX;
    if (number)
        python.decrement(number);
    python.clear_error();
    return references <= TUPLE + ARGUMENT;
}

/*
 * The next file name in marshalled code, from `*at` on: a string that ends in .py, in one of the
 * ways in which strings are written (short and ASCII; or with a length of four bytes). False: there
 * is none.
 */
static bool marshal_next_name(const char *bytes, size_t size, size_t *at, char name[PATH_MAX])
{
    static const char ending[] = ".py";
    const char *found;
    while (*at < size && (found = memmem(bytes + *at, size - *at, ending, sizeof ending - 1))) {
        size_t end = (size_t)(found - bytes) + sizeof ending - 1;
        *at = end;
        for (size_t length = sizeof ending; length < PATH_MAX && length + 2 <= end; length++) {
            const unsigned char *start = (const unsigned char *)bytes + end - length;
            bool is_short =
                length <= UINT8_MAX && start[-1] == length && strchr("zZ", start[-2] & 0x7f);
            bool is_long = length + 5 <= end && start[-4] == (length & 0xff) &&
                           start[-3] == length >> 8 && start[-2] == 0 && start[-1] == 0 &&
                           strchr("aAut", start[-5] & 0x7f);
            if (!is_short && !is_long)
                continue;
            memcpy(name, start, length);
            name[length] = '\0';
            return true;
        }
    }
    return false;
}

/* Code of some file may be about to run of which no event tells more. */
static void on_any_code(void)
{
    int64_t interpreter = python_interpreter_id();
    if (is_started(interpreter) || source_init() != 0)
        return;
    if (python_engine_is_asked())
        tell_python_engine(interpreter, NULL);
    else
        start_engine(interpreter);
}

/*
 * compile: (source, file name). A host in C that compiles may go on to PyEval_EvalCode, of which no
 * event tells. What compile() makes is run by exec(), of which one does, but for code in C that is
 * handed it; and linters compile much that they don't run. So compile() counts only where an engine
 * costs those nothing.
 *
 * It raises the event itself, with the source that it was given, and again by the parser, as all
 * others do: with bytes that were made for it.
 */
static void on_compile(PyObject *arguments)
{
    static _Thread_local PyObject *expected; /* the name in the parser's event; never read */
    PyObject *source = python.tuple_get(arguments, 0), *name = python.tuple_get(arguments, 1);
    if (!source || !name || is_started(python_interpreter_id()) || !is_of_file(name))
        return;
    char *start;
    ssize_t size;
    bool is_bytes = python.bytes_get(source, &start, &size) == 0;
    python.clear_error();
    bool is_parsers = is_bytes && (name == expected || is_only_in(source));
    bool is_of_function = !is_parsers || name == expected;
    expected = is_parsers ? NULL : name;
    if (!is_of_function || python.minor >= 12)
        on_file_name(name, NULL);
}

/*
 * marshal.loads: (bytes), from 3.10 on; before, each code object has an event with its name. Import
 * does it with each module, and has it run by exec(). Others may have C run it. A text that looks
 * like a file name but isn't one costs a start of the engine.
 */
static void on_unmarshal(PyObject *arguments)
{
    char *bytes;
    ssize_t size;
    PyObject *object = python.tuple_get(arguments, 0);
    if (is_started(python_interpreter_id()) || !object || !python.is_initialized() ||
        is_called_by_import() || python.bytes_get(object, &bytes, &size) != 0 || source_init() != 0)
        return;
    char name[PATH_MAX];
    for (size_t at = 0; marshal_next_name(bytes, (size_t)size, &at, name);)
        if (source_may_be_measured(name)) {
            on_any_code();
            return;
        }
}

/* ctypes.dlsym: (library, name), of a function that runs code without an event. */
static void on_symbol(PyObject *arguments)
{
    static const char *const prefixes[] = { "PyEval_Eval", "PyImport_ExecCode", "PyRun_" };
    PyObject *owner = NULL, *name = python.tuple_get(arguments, 1);
    const char *text = name ? python_text(name, &owner) : NULL;
    for (size_t i = 0; text && i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(text, prefixes[i], strlen(prefixes[i])) == 0) {
            on_any_code();
            break;
        }
    if (owner)
        python.decrement(owner);
}

/* The main program is about to run. 3.8 has no exec for a file. */
static void on_main_program(const char *event, PyObject *arguments)
{
    bool is_file = strcmp(event, "cpython.run_file") == 0;
    PyObject *name = is_file ? python.tuple_get(arguments, 0) : NULL;
    if (python_engine_is_asked() && python_interpreter_id() == 0)
        python_engine_start(name);
    if (is_file)
        on_file_name(name, NULL);
    if (is_file && session.engine == ENGINE_SLIPCOVER && python_interpreter_id() == 0)
        python_engine_run_main(name);
}

/*
 * CPython allocates the entry for our hook while its first allocator is in place, and frees it with
 * the one that -X dev or PYTHONMALLOC=debug has put there since, which dies of a block that isn't
 * its own. So the entry is noted when it is made, and when the hooks are about to be cleared an
 * allocator is put before the other that gives this one block back to where it came from.
 */
static struct python_allocator first_allocator, last_allocator;
static void *hook_entry;
/* Is our hook among Python's? */
static atomic_bool is_hooked;

static void *noting_malloc(void *context, size_t size)
{
    (void)context;
    hook_entry = first_allocator.malloc(first_allocator.context, size);
    return hook_entry;
}

static void *noting_calloc(void *context, size_t count, size_t size)
{
    (void)context;
    return first_allocator.calloc(first_allocator.context, count, size);
}

static void *noting_realloc(void *context, void *block, size_t size)
{
    (void)context;
    return first_allocator.realloc(first_allocator.context, block, size);
}

static void noting_free(void *context, void *block)
{
    (void)context;
    first_allocator.free(first_allocator.context, block);
}

static void freeing_free(void *context, void *block)
{
    if (block != hook_entry) {
        last_allocator.free(context, block);
        return;
    }
    hook_entry = NULL;
    python.set_allocator(PYTHON_DOMAIN_RAW, &last_allocator);
    first_allocator.free(first_allocator.context, block);
}

static void prepare_free(void)
{
    python.get_allocator(PYTHON_DOMAIN_RAW, &last_allocator);
    if (!hook_entry || (last_allocator.free == first_allocator.free &&
                        last_allocator.context == first_allocator.context))
        return;
    struct python_allocator freeing = last_allocator;
    freeing.free = freeing_free;
    python.set_allocator(PYTHON_DOMAIN_RAW, &freeing);
}

/* Our hook is about to be cleared with the others. */
static void end_life(void)
{
    prepare_free();
    atomic_store(&is_hooked, false);
}

static bool is_of_other_tool(const char *event)
{
    return strcmp(event, "sys.settrace") == 0 || strcmp(event, "sys.setprofile") == 0 ||
           strcmp(event, "sys.monitoring.register_callback") == 0;
}

static void on_other_tool(const char *event)
{
    if (strcmp(event, "sys.settrace") == 0)
        trace_about_to_be_set();
    if (python.minor >= 12)
        monitoring_expect_other_tool(strcmp(event, "sys.monitoring.register_callback") == 0);
}

static int on_event(const char *event, PyObject *arguments, void *data)
{
    (void)data;
    /* Few events begin with these letters, and most processes see thousands. */
    if (*event != 'e' && *event != 'c' && *event != 's' && *event != 'f' && *event != 'i' &&
        *event != 'm')
        return 0;
    int saved = errno;
    if (python.minor == 11)
        breakpoints_see_event(event, arguments);
    if (strcmp(event, "exec") == 0 || strcmp(event, "function.__new__") == 0)
        on_exec(arguments); /* the second: of code that was unmarshalled */
    else if (strcmp(event, "code.__new__") ==
             0) /* (code, filename, …): pickled by value, patched */
        on_file_name(python.tuple_get(arguments, 1), NULL);
    else if (strcmp(event, "compile") == 0)
        on_compile(arguments);
    else if (strcmp(event, "marshal.loads") == 0)
        on_unmarshal(arguments);
    else if (strcmp(event, "ctypes.dlsym") == 0)
        on_symbol(arguments);
    else if (strncmp(event, "cpython.run_", 12) == 0)
        on_main_program(event, arguments);
    else if (is_of_other_tool(event))
        on_other_tool(event);
    else if (strcmp(event, "sys.addaudithook") == 0)
        prepare_engine();
    else if (strcmp(event, "cpython._PySys_ClearAuditHooks") == 0)
        end_life();
    else
        return 0;
    python.clear_error();
    errno = saved;
    return 0;
}

static void add_hook(void)
{
    struct python_allocator noting = { NULL, noting_malloc, noting_calloc, noting_realloc,
                                       noting_free };
    python.get_allocator(PYTHON_DOMAIN_RAW, &first_allocator);
    python.set_allocator(PYTHON_DOMAIN_RAW, &noting);
    python.add_audit_hook(on_event, NULL);
    python.set_allocator(PYTHON_DOMAIN_RAW, &first_allocator);
    atomic_store(&is_hooked, true);
}

bool audit_init(void)
{
    if (!python_api_find())
        return false;
    if (session.engine == ENGINE_NATIVE || (python_engine_is_asked() && python_api_complete()))
        add_hook();
    return true;
}

bool audit_is_waiting(void)
{
    return !python.major || !atomic_load_explicit(&is_hooked, memory_order_relaxed);
}

/* What the engines kept of the life before is of no use, and dangerous. */
static void begin_life(void)
{
    forget_started();
    python_api_begin_life();
    monitoring_begin_life();
    breakpoints_begin_life();
    trace_begin_life();
    python_engine_begin_life();
}

bool audit_attach(void *library)
{
    bool is_new = !python.major;
    if (!python_api_find_in(library))
        return false;
    if (!audit_is_waiting() ||
        (session.engine != ENGINE_NATIVE && !(python_engine_is_asked() && python_api_complete())))
        return is_new;
    /* Too late for code that ran before, and only where it may be called. */
    if (is_new && python_api_complete() && python.is_initialized()) {
        const char *pairs[] = { "reason", "a Python was initialised before it could be seen",
                                NULL };
        ledger_event("lost", pairs);
        if (!python_is_held())
            return true;
    }
    if (!is_new)
        begin_life();
    add_hook();
    return is_new;
}
