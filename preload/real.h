/*
 * The originals of the wrapped functions, and the only declarations that libcovfork.so exports:
 * all is made from hooks.def. Compile with -fvisibility=hidden.
 */
#ifndef COVFORK_REAL_H
#define COVFORK_REAL_H

#include <dlfcn.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>
#include <wordexp.h>

#define HOOK(need, type, name, parameters)                                                         \
    __attribute__((visibility("default"))) type name parameters;                                   \
    extern type(*real_##name) parameters;
#include "hooks.def"
#undef HOOK

/*
 * Looks all originals up. Called by the constructor, for dlsym must not be called in a vfork child;
 * may be called again. 0, or -1 when a required one is missing: then set session.active to false.
 * Keeps errno, and leaves no message for the program's dlerror().
 */
int real_init(void);

/* The original of `name`, also before our constructor has run: other libraries' constructors may
 * start programs. NULL only for an OPTIONAL one. */
#define REAL(name) (real_##name ? real_##name : (real_init(), real_##name))

#endif
