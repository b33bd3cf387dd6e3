/*
 * A process image begins with a "start", or in a fork's child with "fork". A pid that starts again
 * after it said "exec" is the same process; one that starts without is a new process that got an
 * old number.
 */
#include "read_ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000u

void census_close(struct census *census)
{
    for (size_t i = 0; i < census->lost_count; i++)
        free(census->lost[i].text);
    for (size_t i = 0; i < census->refused_count; i++)
        free(census->refused[i].text);
    free(census->lost);
    free(census->refused);
    free(census->images);
    hash_map_close(&census->pid_map);
    *census = (struct census){ 0 };
}

/* The newest image of `pid`, or CENSUS_NONE. */
static uint32_t find_newest(const struct census *census, int64_t pid)
{
    size_t at = hash_map_first(&census->pid_map, hash_integer((uint64_t)pid));
    return at == HASH_MAP_END ? CENSUS_NONE : hash_map_value(&census->pid_map, at);
}

static int add_image(struct census *census, struct census_image image)
{
    if (census->image_count == census->image_room) {
        size_t room = census->image_room ? census->image_room * 2 : 64;
        struct census_image *larger = realloc(census->images, room * sizeof *larger);
        if (!larger)
            return -1;
        census->images = larger;
        census->image_room = room;
    }
    uint32_t index = (uint32_t)census->image_count;
    uint64_t hash = hash_integer((uint64_t)image.pid);
    size_t at = hash_map_first(&census->pid_map, hash);
    if (at != HASH_MAP_END)
        hash_map_set(&census->pid_map, at, index);
    else if (hash_map_add(&census->pid_map, hash, index) != 0)
        return -1;
    census->images[census->image_count++] = image;
    return 0;
}

static int count_reason(struct census_reason **reasons, size_t *count, const char *text)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp((*reasons)[i].text, text) == 0) {
            (*reasons)[i].count++;
            return 0;
        }
    struct census_reason *larger = realloc(*reasons, (*count + 1) * sizeof *larger);
    if (!larger)
        return -1;
    *reasons = larger;
    char *copy = strdup(text);
    if (!copy)
        return -1;
    larger[(*count)++] = (struct census_reason){ copy, 1 };
    return 0;
}

static const char *get_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static int read_start(struct census *census, const json_t *event, int64_t pid, uint64_t when)
{
    uint32_t previous = find_newest(census, pid);
    int64_t ppid = json_integer_value(json_object_get(event, "ppid"));
    /* The "exec" may also be a vfork's child's that got the number of a process that ended. */
    bool goes_on = previous != CENSUS_NONE && census->images[previous].may_exec &&
                   census->images[previous].ppid == ppid;
    if (goes_on)
        census->images[previous].was_replaced = true;
    return add_image(census, (struct census_image){
                                 .pid = pid,
                                 .ppid = ppid,
                                 .time = when,
                                 .previous = previous,
                                 .is_process = !goes_on,
                                 .is_interpreter = *get_text(event, "python") != '\0',
                             });
}

static int read_fork(struct census *census, const json_t *event, int64_t pid, uint64_t when)
{
    int64_t ppid = json_integer_value(json_object_get(event, "ppid"));
    uint32_t parent = find_newest(census, ppid);
    return add_image(census, (struct census_image){
                                 .pid = pid,
                                 .ppid = ppid,
                                 .time = when,
                                 .previous = find_newest(census, pid),
                                 .is_process = true,
                                 .is_fork = true,
                                 .is_interpreter =
                                     parent != CENSUS_NONE && census->images[parent].is_interpreter,
                             });
}

static int read_event(struct census *census, const json_t *event)
{
    const char *name = get_text(event, "event");
    int64_t pid = json_integer_value(json_object_get(event, "pid"));
    json_int_t time_value = json_integer_value(json_object_get(event, "time"));
    uint64_t when = time_value > 0 ? (uint64_t)time_value : 0;
    if (when && (census->first_time == 0 || when < census->first_time))
        census->first_time = when;
    if (strcmp(name, "start") == 0)
        return read_start(census, event, pid, when);
    if (strcmp(name, "fork") == 0)
        return read_fork(census, event, pid, when);
    if (strcmp(name, "lost") == 0)
        return count_reason(&census->lost, &census->lost_count, get_text(event, "reason"));
    if (strcmp(name, "refused") == 0)
        return count_reason(&census->refused, &census->refused_count, get_text(event, "reason"));
    if (strcmp(name, "engine") == 0)
        census->engines++;
    else if (strcmp(name, "data") == 0)
        census->data_files++;
    uint32_t image = find_newest(census, pid);
    if (image == CENSUS_NONE)
        return 0;
    if (strcmp(name, "exec") == 0)
        census->images[image].may_exec = true;
    else if (strcmp(name, "memory") == 0)
        census->images[image].in_memory = true;
    else if (strcmp(name, "data") == 0)
        census->images[image].in_memory = false;
    return 0;
}

/* jansson refuses lone surrogates, which stand for bytes that are not UTF-8: none of the values
 * that are read here need them. */
static void hide_lone_surrogates(char *line)
{
    for (char *at = line; (at = strchr(at, '\\')) != NULL; at += at[1] ? 2 : 1) {
        if (at[1] != 'u' || (at[2] != 'd' && at[2] != 'D') || !at[3] ||
            !strchr("89abcdefABCDEF", at[3]))
            continue;
        bool high = strchr("89abAB", at[3]) != NULL;
        bool paired = high && at[4] && at[5] && at[6] == '\\' && at[7] == 'u' &&
                      (at[8] == 'd' || at[8] == 'D') && at[9] && strchr("cdefCDEF", at[9]);
        if (paired)
            at += 6;
        else if (at[4] && at[5])
            memcpy(at + 2, "fffd", 4);
    }
}

static int read_line(struct census *census, char *line, bool is_whole)
{
    hide_lone_surrogates(line);
    json_t *event = json_loads(line, 0, NULL);
    if (!json_is_object(event)) {
        json_decref(event);
        if (is_whole)
            census->bad_lines++;
        return 0;
    }
    int result = read_event(census, event);
    json_decref(event);
    return result;
}

int census_read(struct census *census, const char *path, struct error *error)
{
    *census = (struct census){ 0 };
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0 && errno == ENOENT)
        return 0;
    struct stat status;
    FILE *stream = NULL;
    if (descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        stream = fdopen(descriptor, "r");
    if (!stream) {
        int problem = errno;
        if (descriptor >= 0)
            close(descriptor);
        return error_set(error, ERROR_SYSTEM, "can't read %s: %s", path,
                         descriptor < 0 ? strerror(problem) : "not a regular file");
    }
    census->present = true;
    char *line = NULL;
    size_t room = 0;
    int result = 0;
    ssize_t length;
    while (result == 0 && (length = getline(&line, &room, stream)) > 0)
        result = read_line(census, line, line[length - 1] == '\n');
    for (size_t i = 0; result == 0 && i < census->image_count; i++)
        if (census->images[i].in_memory)
            result = count_reason(&census->lost, &census->lost_count,
                                  "what was kept in memory was not written");
    free(line);
    fclose(stream);
    if (result != 0) {
        census_close(census);
        return error_set(error, ERROR_MEMORY, "out of memory");
    }
    return 0;
}

void census_add_data(struct census *census, int64_t pid, uint64_t start)
{
    uint32_t image = find_newest(census, pid);
    while (image != CENSUS_NONE && census->images[image].time > start)
        image = census->images[image].previous;
    if (image == CENSUS_NONE)
        census->extra_data++;
    else
        census->images[image].has_data = true;
}

struct census_counts census_count(const struct census *census)
{
    struct census_counts counts = { 0 };
    for (size_t i = 0; i < census->image_count; i++) {
        const struct census_image *image = &census->images[i];
        counts.processes += image->is_process;
        counts.with_data += image->has_data;
        /* A fork's child on its way to exec is not worth being called an interpreter. */
        bool passing = image->is_fork && image->was_replaced;
        counts.interpreters += image->has_data || (image->is_interpreter && !passing);
    }
    counts.processes += census->extra_data;
    counts.interpreters += census->extra_data;
    counts.with_data += census->extra_data;
    for (size_t i = 0; i < census->lost_count; i++)
        counts.lost += census->lost[i].count;
    for (size_t i = 0; i < census->refused_count; i++)
        counts.refused += census->refused[i].count;
    return counts;
}

/* When the process began, in ns since the epoch; 0 when it is not there or a zombie. */
static uint64_t find_start(int64_t pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    ssize_t length = read(descriptor, text, sizeof text - 1);
    close(descriptor);
    if (length <= 0)
        return 0;
    text[length] = '\0';
    /* The second field is the name in brackets and may hold anything. */
    const char *at = strrchr(text, ')');
    char state;
    uint64_t ticks;
    if (!at ||
        sscanf(at + 1,
               " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
               " %" SCNu64,
               &state, &ticks) != 2 ||
        state == 'Z' || state == 'X')
        return 0;
    struct timespec now, up;
    long per_second = sysconf(_SC_CLK_TCK);
    if (per_second <= 0 || clock_gettime(CLOCK_REALTIME, &now) != 0 ||
        clock_gettime(CLOCK_BOOTTIME, &up) != 0)
        return 0;
    uint64_t boot = ((uint64_t)now.tv_sec - (uint64_t)up.tv_sec) * NANOSECONDS +
                    (uint64_t)now.tv_nsec - (uint64_t)up.tv_nsec;
    return boot + ticks * (NANOSECONDS / (uint64_t)per_second);
}

pid_t census_find_live(const struct census *census, pid_t except)
{
    for (size_t i = census->image_count; i-- > 0;) {
        const struct census_image *image = &census->images[i];
        if (image->pid <= 0 || image->pid > INT32_MAX || image->pid == except ||
            find_newest(census, image->pid) != i)
            continue;
        uint64_t start = find_start(image->pid);
        /* A process that got this number later began after the event. The clock may have been set
         * by a little in between. */
        if (start != 0 && start <= image->time + NANOSECONDS)
            return (pid_t)image->pid;
    }
    return 0;
}
