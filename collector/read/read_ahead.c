/*
 * Files are read at most WINDOW ahead, each of which has a slot. A file that the reader has not
 * begun when its turn comes is the caller's: who parses never waits for a reader that is slow to
 * start. While the reader is at the very file that the caller wants, the caller reads the next one.
 */
#include "collector/read/read_ahead.h"

#include "collector/base/cores.h"
#include "preload/format.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW    32u
#define FILES_MIN 64u
/* A greater file takes so long to parse that nothing is gained. */
#define SIZE_MAX_AHEAD ((size_t)256 << 10)

enum slot_state { SLOT_EMPTY, SLOT_BUSY, SLOT_READ };

struct slot {
    enum slot_state state;
    size_t index; /* of the file, unless it is empty */
    struct file_bytes bytes;
};

struct read_ahead {
    const char *directory;
    const struct string_list *names;
    pthread_t thread;
    pthread_mutex_t mutex; /* for all that follows, but the bytes of a busy slot */
    pthread_cond_t changed;
    size_t taken;       /* how many files the caller has asked for */
    size_t next;        /* the file that the reader takes next */
    bool is_waiting[2]; /* the reader, the caller */
    bool is_stopped;
    struct slot slots[WINDOW];
};

enum { READER, CALLER };

static void wait_for_change(struct read_ahead *ahead, int who)
{
    ahead->is_waiting[who] = true;
    pthread_cond_wait(&ahead->changed, &ahead->mutex);
    ahead->is_waiting[who] = false;
}

static bool read_slot(const struct read_ahead *ahead, struct slot *slot)
{
    const char *name = ahead->names->items[slot->index];
    const char *suffix = strrchr(name, '.');
    char *path;
    /* What other tools wrote is not read as bytes. */
    if (!suffix || strcmp(suffix, FORMAT_DATA_SUFFIX) != 0 ||
        asprintf(&path, "%s/%s", ahead->directory, name) < 0)
        return false;
    bool good = file_bytes_read(&slot->bytes, path, SIZE_MAX_AHEAD, NULL) == 0;
    free(path);
    return good;
}

/* May the next file be begun? The slot of the file that was taken last is still in use. */
static bool has_room(const struct read_ahead *ahead)
{
    return ahead->next + 1 < ahead->taken + WINDOW;
}

/* Reads the next file, with the mutex held before and after, but not meanwhile. */
static void read_next(struct read_ahead *ahead)
{
    struct slot *slot = &ahead->slots[ahead->next % WINDOW];
    slot->state = SLOT_BUSY;
    slot->index = ahead->next++;
    pthread_mutex_unlock(&ahead->mutex);
    bool good = read_slot(ahead, slot);
    pthread_mutex_lock(&ahead->mutex);
    slot->state = good ? SLOT_READ : SLOT_EMPTY;
    if (ahead->is_waiting[CALLER])
        pthread_cond_broadcast(&ahead->changed);
}

static void *run(void *argument)
{
    struct read_ahead *ahead = argument;
    pthread_mutex_lock(&ahead->mutex);
    while (!ahead->is_stopped && ahead->next < ahead->names->count) {
        if (has_room(ahead))
            read_next(ahead);
        else
            wait_for_change(ahead, READER);
    }
    pthread_mutex_unlock(&ahead->mutex);
    return NULL;
}

struct read_ahead *read_ahead_new(const char *directory, const struct string_list *names)
{
    if (names->count < FILES_MIN || cores_count() < 2)
        return NULL;
    struct read_ahead *ahead = calloc(1, sizeof *ahead);
    if (!ahead)
        return NULL;
    ahead->directory = directory;
    ahead->names = names;
    pthread_mutex_init(&ahead->mutex, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    if (pthread_create(&ahead->thread, NULL, run, ahead) == 0)
        return ahead;
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->mutex);
    free(ahead);
    return NULL;
}

const struct file_bytes *read_ahead_take(struct read_ahead *ahead, size_t index)
{
    if (!ahead)
        return NULL;
    pthread_mutex_lock(&ahead->mutex);
    ahead->taken = index + 1;
    if (ahead->next <= index)
        ahead->next = index + 1;
    struct slot *slot = &ahead->slots[index % WINDOW];
    while (slot->state == SLOT_BUSY && slot->index == index) {
        if (ahead->next < ahead->names->count && has_room(ahead))
            read_next(ahead);
        else
            wait_for_change(ahead, CALLER);
    }
    bool good = slot->state == SLOT_READ && slot->index == index;
    /* Not for each file: waking takes as long as reading one. */
    if (ahead->is_waiting[READER] && ahead->next < ahead->taken + WINDOW / 2)
        pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    return good ? &slot->bytes : NULL;
}

void read_ahead_free(struct read_ahead *ahead)
{
    if (!ahead)
        return;
    pthread_mutex_lock(&ahead->mutex);
    ahead->is_stopped = true;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    pthread_join(ahead->thread, NULL);
    for (size_t i = 0; i < WINDOW; i++)
        file_bytes_close(&ahead->slots[i].bytes);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->mutex);
    free(ahead);
}
