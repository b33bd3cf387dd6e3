/*
 * A thread waits for the second to pass, so that steps need not look at the clock, and no signal
 * disturbs them. Without a terminal there is none.
 */
#include "collector/base/progress.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_NANOSECONDS 1000000000
#define NEXT_NANOSECONDS  200000000

static struct {
    pthread_t thread;
    bool is_running; /* the thread; the main thread's own */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_ended; /* under the mutex */
    const char *what;
    size_t all;
    atomic_size_t done;
} progress = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static bool is_terminal(void)
{
    const char *name = getenv("TERM");
    return isatty(STDERR_FILENO) && name && strcmp(name, "dumb") != 0;
}

static void show(void)
{
    size_t done = atomic_load_explicit(&progress.done, memory_order_relaxed);
    if (progress.all)
        dprintf(STDERR_FILENO, "\r%s: %zu of %zu\033[K", progress.what, done, progress.all);
    else
        dprintf(STDERR_FILENO, "\r%s ...\033[K", progress.what);
}

static void *run(void *unused)
{
    (void)unused;
    struct timespec until;
    long pause = FIRST_NANOSECONDS;
    bool is_shown = false;
    clock_gettime(CLOCK_MONOTONIC, &until);
    pthread_mutex_lock(&progress.mutex);
    while (!progress.is_ended) {
        until.tv_sec += (until.tv_nsec + pause) / 1000000000;
        until.tv_nsec = (until.tv_nsec + pause) % 1000000000;
        int result = 0;
        while (!progress.is_ended && result == 0)
            result = pthread_cond_timedwait(&progress.changed, &progress.mutex, &until);
        if (progress.is_ended)
            break;
        show();
        is_shown = true;
        pause = NEXT_NANOSECONDS;
    }
    pthread_mutex_unlock(&progress.mutex);
    if (is_shown)
        dprintf(STDERR_FILENO, "\r\033[K");
    return NULL;
}

void progress_begin(const char *what, size_t all)
{
    pthread_condattr_t attributes;
    if (progress.is_running || !is_terminal() || pthread_condattr_init(&attributes) != 0)
        return;
    progress.what = what;
    progress.all = all;
    progress.is_ended = false;
    atomic_store(&progress.done, 0);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    int problem = pthread_cond_init(&progress.changed, &attributes);
    pthread_condattr_destroy(&attributes);
    progress.is_running = problem == 0 && pthread_create(&progress.thread, NULL, run, NULL) == 0;
}

void progress_advance(void)
{
    atomic_fetch_add_explicit(&progress.done, 1, memory_order_relaxed);
}

void progress_end(void)
{
    if (!progress.is_running)
        return;
    pthread_mutex_lock(&progress.mutex);
    progress.is_ended = true;
    pthread_cond_signal(&progress.changed);
    pthread_mutex_unlock(&progress.mutex);
    pthread_join(progress.thread, NULL);
    pthread_cond_destroy(&progress.changed);
    progress.is_running = false;
}
