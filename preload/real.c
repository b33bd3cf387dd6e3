/*
 * Finds the originals of the wrapped functions. Runs in the constructor, or in the first wrapped
 * call before it; never in a vfork child.
 */
#include "real.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>

#define HOOK(need, type, name, parameters) type(*real_##name) parameters;
#include "hooks.def"
#undef HOOK

static void *find(const char *name, bool required, int *result)
{
    void *function = dlsym(RTLD_NEXT, name);
    if (!function) {
        /* The program must not find the message of our look-up. */
        dlerror();
        if (required)
            *result = -1;
    }
    return function;
}

int real_init(void)
{
    int saved = errno;
    int result = 0;
#define FIND_REQUIRED(name) *(void **)&real_##name = find(#name, true, &result);
#define FIND_OPTIONAL(name) *(void **)&real_##name = find(#name, false, &result);
#define FIND_NO_REAL(name)
#define HOOK(need, type, name, parameters) FIND_##need(name)
#include "hooks.def"
#undef HOOK
    errno = saved;
    return result;
}
