/*
 * Each source has a slot. Workers and the caller take the next source that nobody has begun; the
 * caller does so when the one that it wants is not ready, so that it never waits while there is
 * work. No one is more than WINDOW sources ahead of the report.
 */
#include "collector/project/analyse_ahead.h"

#include "collector/base/cores.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#define WINDOW      32u
#define WORKERS_MAX 7u
/* Fewer are analysed before a thread has started. */
#define FILES_A_WORKER 8u

enum slot_state { SLOT_OPEN, SLOT_BUSY, SLOT_DONE };

struct slot {
    enum slot_state state;
    struct analysed_source source;
    void *packed; /* for the cache */
};

struct worker {
    struct analyse_ahead *ahead;
    struct analysis_rules *rules; /* its own */
    pthread_t thread;
};

struct analyse_ahead {
    const struct source_file *const *files;
    const struct analysis_rules *rules;
    struct analysis_cache *cache;
    bool needs_bytes;
    struct worker workers[WORKERS_MAX];
    size_t worker_count;
    pthread_mutex_t mutex; /* for all that follows, but the contents of a busy slot */
    pthread_cond_t is_done, has_room;
    struct slot *slots;
    size_t count;
    size_t next;     /* the first that nobody has begun */
    size_t taken;    /* the one that the caller has */
    bool is_wanting; /* the caller waits */
    bool is_stopped;
};

static void close_slot(struct slot *slot)
{
    if (slot->source.has_analysis)
        analysis_close(&slot->source.analysis);
    free(slot->source.bytes);
    free(slot->packed);
    slot->source = (struct analysed_source){ 0 };
    slot->packed = NULL;
}

static void analyse(const struct analyse_ahead *ahead, const struct source_file *file,
                    const struct analysis_rules *rules, struct slot *slot)
{
    struct analysed_source *source = &slot->source;
    struct stat status;
    /* It is its plugin's to analyse it. */
    if (file->tracer)
        return;
    /* It is enough to look at a file of which all is known. */
    if (ahead->cache && !ahead->needs_bytes && !file->problem && stat(file->path, &status) == 0 &&
        analysis_cache_find(ahead->cache, file->path, &status, &file->table, &source->analysis)) {
        source->has_analysis = true;
        return;
    }
    bool has_status;
    if (source_file_read_with(file->path, &source->bytes, &source->size, &status, &has_status) !=
        0) {
        source->read_problem = errno ? errno : EIO;
        return;
    }
    if (file->problem)
        return;
    has_status = has_status && ahead->cache;
    source->has_analysis = (has_status && analysis_cache_find(ahead->cache, file->path, &status,
                                                              &file->table, &source->analysis));
    if (source->has_analysis)
        return;
    source->has_analysis = analysis_run(&source->analysis, file->path, source->bytes, source->size,
                                        &file->table, rules, &source->problem) == 0;
    if (source->has_analysis && has_status)
        slot->packed =
            analysis_cache_pack(ahead->cache, file->path, &status, &file->table, &source->analysis);
}

/* Analyses the next source, with the mutex held before and after, but not meanwhile. */
static void analyse_next(struct analyse_ahead *ahead, const struct analysis_rules *rules)
{
    size_t index = ahead->next++;
    struct slot *slot = &ahead->slots[index];
    slot->state = SLOT_BUSY;
    pthread_mutex_unlock(&ahead->mutex);
    analyse(ahead, ahead->files[index], rules, slot);
    pthread_mutex_lock(&ahead->mutex);
    slot->state = SLOT_DONE;
    if (ahead->is_wanting)
        pthread_cond_signal(&ahead->is_done);
}

static bool has_room(const struct analyse_ahead *ahead)
{
    return ahead->next < ahead->taken + WINDOW;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct analyse_ahead *ahead = worker->ahead;
    pthread_mutex_lock(&ahead->mutex);
    while (!ahead->is_stopped && ahead->next < ahead->count) {
        if (has_room(ahead))
            analyse_next(ahead, worker->rules);
        else
            pthread_cond_wait(&ahead->has_room, &ahead->mutex);
    }
    pthread_mutex_unlock(&ahead->mutex);
    return NULL;
}

/* As many as there are cores besides the caller's. Without any it works, too. */
static void start_workers(struct analyse_ahead *ahead)
{
    size_t wanted = cores_count() - 1;
    if (wanted > ahead->count / FILES_A_WORKER)
        wanted = ahead->count / FILES_A_WORKER;
    while (ahead->worker_count < wanted && ahead->worker_count < WORKERS_MAX) {
        struct worker *worker = &ahead->workers[ahead->worker_count];
        *worker = (struct worker){ ahead, analysis_rules_share(ahead->rules), 0 };
        if (!worker->rules)
            return;
        if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
            analysis_rules_free(worker->rules);
            return;
        }
        ahead->worker_count++;
    }
}

struct analyse_ahead *analyse_ahead_new(const struct source_file *const *files, size_t count,
                                        const struct analysis_rules *rules,
                                        struct analysis_cache *cache, bool needs_bytes)
{
    struct analyse_ahead *ahead = calloc(1, sizeof *ahead);
    struct slot *slots = calloc(count + 1, sizeof *slots);
    if (!ahead || !slots) {
        free(ahead);
        free(slots);
        return NULL;
    }
    ahead->files = files;
    ahead->count = count;
    ahead->rules = rules;
    ahead->cache = cache;
    ahead->needs_bytes = needs_bytes;
    ahead->slots = slots;
    pthread_mutex_init(&ahead->mutex, NULL);
    pthread_cond_init(&ahead->is_done, NULL);
    pthread_cond_init(&ahead->has_room, NULL);
    start_workers(ahead);
    return ahead;
}

const struct analysed_source *analyse_ahead_take(struct analyse_ahead *ahead, size_t index)
{
    struct slot *slot = &ahead->slots[index];
    if (index > 0)
        close_slot(&ahead->slots[index - 1]);
    pthread_mutex_lock(&ahead->mutex);
    bool was_full = !has_room(ahead);
    ahead->taken = index;
    if (was_full)
        pthread_cond_broadcast(&ahead->has_room);
    while (slot->state != SLOT_DONE) {
        if (ahead->next < ahead->count && has_room(ahead)) {
            analyse_next(ahead, ahead->rules);
            continue;
        }
        ahead->is_wanting = true;
        pthread_cond_wait(&ahead->is_done, &ahead->mutex);
        ahead->is_wanting = false;
    }
    pthread_mutex_unlock(&ahead->mutex);
    analysis_cache_add(ahead->cache, slot->packed);
    slot->packed = NULL;
    return &slot->source;
}

void analyse_ahead_free(struct analyse_ahead *ahead)
{
    if (!ahead)
        return;
    pthread_mutex_lock(&ahead->mutex);
    ahead->is_stopped = true;
    pthread_cond_broadcast(&ahead->has_room);
    pthread_mutex_unlock(&ahead->mutex);
    for (size_t i = 0; i < ahead->worker_count; i++) {
        pthread_join(ahead->workers[i].thread, NULL);
        analysis_rules_free(ahead->workers[i].rules);
    }
    for (size_t i = 0; i < ahead->count; i++)
        close_slot(&ahead->slots[i]);
    free(ahead->slots);
    pthread_cond_destroy(&ahead->is_done);
    pthread_cond_destroy(&ahead->has_room);
    pthread_mutex_destroy(&ahead->mutex);
    free(ahead);
}
