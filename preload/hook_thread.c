/*
 * pthread_create: CPython before 3.12 tells nobody that it starts a thread, and its trace functions
 * belong to threads. Any thread may call it; in other programs it only forwards.
 */
#include "python/engine.h"
#include "real.h"

#include <errno.h>

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *argument)
{
    if (!REAL(pthread_create))
        return EAGAIN;
    trace_expect_thread(start);
    return REAL(pthread_create)(thread, attributes, start, argument);
}
