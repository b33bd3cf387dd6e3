/*
 * Where the library begins and ends: the constructor, and what the hooks call. The constructor
 * runs before main and before any thread; Python is not initialised yet.
 */
#include "child_env.h"
#include "data_file.h"
#include "ledger.h"
#include "process.h"
#include "python/api.h"
#include "python/audit.h"
#include "python/code_table.h"
#include "python/engine.h"
#include "python/python_engine.h"
#include "python/source.h"
#include "real.h"
#include "session.h"

#include <errno.h>
#include <stdlib.h>

static void say_unknown_engine(void)
{
    if (session.engine != ENGINE_UNKNOWN)
        return;
    const char *pairs[] = { "reason", "COVFORK_ENGINE names no engine", "engine",
                            getenv("COVFORK_ENGINE"), NULL };
    ledger_event("lost", pairs);
}

/* Asked to rest in a run that is recorded: said, lest it be taken for lost. */
static void say_off(void)
{
    const char *pairs[] = { NULL };
    if (session.engine == ENGINE_OFF && session.has_folder)
        ledger_event("off", pairs);
}

/* Another library's constructor may have come first, with a Python in it. */
__attribute__((constructor)) static void begin(void)
{
    static bool has_begun;
    if (has_begun)
        return;
    has_begun = true;
    int saved = errno;
    session_init();
    if (real_init() != 0)
        session.active = false;
    if (session.active) {
        process_init();
        /* A runner asks its environment whether it is recorded, and a child may be started by a
         * call that we don't see: what children must have stands in our own environment too. */
        child_env_adopt();
        bool has_python = audit_init();
        ledger_start(has_python ? python.text : NULL);
        if (has_python)
            say_unknown_engine();
    }
    if (session.engine == ENGINE_OFF && python_api_find())
        say_off();
    errno = saved;
}

/* After exit handlers, and after Python has finalized. */
__attribute__((destructor)) static void end(void)
{
    /* The child of a raw fork, of which nobody told us, comes here too; a vfork child never does.
     */
    if (session.active) {
        data_file_flush();
        ledger_end();
    }
}

void process_see_python(void *library)
{
    begin();
    if (session.active && audit_attach(library)) {
        const char *pairs[] = { "python", python.text, NULL };
        ledger_event("python", pairs);
        say_unknown_engine();
    } else if (session.engine == ENGINE_OFF && !python.major && python_api_find_in(library)) {
        say_off();
    }
}

void process_before_exec(void)
{
    python_engine_save(true);
    data_file_flush();
}

void process_before_exit(void)
{
    python_engine_save(false);
    data_file_flush();
    ledger_end();
}

void process_before_chroot(void)
{
    python_engine_save(true);
    if (python.major)
        data_file_reserve();
}

void process_after_fork_child(void)
{
    load_after_fork_child();
    data_file_after_fork_child();
    source_after_fork_child();
    code_table_after_fork_child();
    monitoring_after_fork_child();
    python_engine_after_fork_child();
}
