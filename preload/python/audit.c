/*
 * Watches for the first measured code of each interpreter and starts its engine then: a process
 * that runs none pays for a name comparison a module. The hook never refuses anything, keeps
 * errno, and runs with the GIL held.
 */
#include "audit.h"

#include "../ledger.h"
#include "../session.h"
#include "api.h"
#include "breakpoints.h"
#include "engine.h"
#include "python_engine.h"
#include "source.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Interpreters whose engine was started or failed; ids are never used again. */
static struct started {
    struct started *next;
    int64_t interpreter;
} * _Atomic started_list;

static bool is_started(int64_t interpreter)
{
    for (struct started *entry = started_list; entry; entry = entry->next)
        if (entry->interpreter == interpreter)
            return true;
    return false;
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
    struct started *entry = malloc(sizeof *entry);
    if (!entry)
        return;
    if (!python_api_complete()) {
        const char *pairs[] = { "reason", "this Python lacks functions that are needed", NULL };
        ledger_event("lost", pairs);
    }
    entry->interpreter = interpreter;
    entry->next = started_list;
    while (!atomic_compare_exchange_weak(&started_list, &entry->next, entry))
        ;
    if (!python.is_complete)
        return;
    if (python.minor >= 12)
        monitoring_start();
    else if (!breakpoints_start())
        trace_start();
}

/* Of `code`, which is NULL where only the name is known. */
static void on_file_name(PyObject *string, PyObject *code)
{
    static bool nothing_to_measure;
    int64_t interpreter = python_interpreter_id();
    if (is_started(interpreter) && python.minor < 12)
        trace_this_thread();
    if (nothing_to_measure || !string || is_started(interpreter))
        return;
    PyObject *owner;
    const char *name = python_text(string, &owner);
    if (name && name[0] != '<') {
        if (source_init() != 0)
            nothing_to_measure = true;
        else if (source_may_be_measured(name)) {
            if (python_engine_is_asked())
                tell_python_engine(interpreter, code);
            else
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
        monitoring_expect_other_tool();
}

static int on_event(const char *event, PyObject *arguments, void *data)
{
    (void)data;
    /* Few events begin with these letters, and most processes see thousands. */
    if (*event != 'e' && *event != 'c' && *event != 's' && *event != 'f' && *event != 'i')
        return 0;
    int saved = errno;
    if (python.minor == 11)
        breakpoints_see_event(event, arguments);
    if (strcmp(event, "exec") == 0 || strcmp(event, "function.__new__") == 0)
        on_exec(arguments); /* the second: of code that was unmarshalled */
    else if (strcmp(event, "code.__new__") ==
             0) /* (code, filename, …): pickled by value, patched */
        on_file_name(python.tuple_get(arguments, 1), NULL);
    else if (strncmp(event, "cpython.run_", 12) == 0)
        on_main_program(event, arguments);
    else if (is_of_other_tool(event))
        on_other_tool(event);
    else if (strcmp(event, "cpython._PySys_ClearAuditHooks") == 0)
        prepare_free();
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
}

bool audit_init(void)
{
    if (!python_api_find())
        return false;
    if (session.engine == ENGINE_NATIVE || (python_engine_is_asked() && python_api_complete()))
        add_hook();
    return true;
}
