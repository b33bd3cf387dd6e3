/*
 * A process image begins with a "start", or in a fork's child with "fork". A pid that starts again
 * after it said "exec" is the same process; one that starts without is a new process that got an
 * old number.
 */
#include "read_ledger.h"

#include "ledger_line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000u
#define REASONS_MAX 1000

void census_close(struct census *census)
{
    for (size_t i = 0; i < census->image_count; i++) {
        string_list_close(&census->images[i].argv);
        free(census->images[i].executable);
        free(census->images[i].python);
        free(census->images[i].folder);
    }
    for (size_t i = 0; i < census->exec_count; i++) {
        free(census->execs[i].path);
        free(census->execs[i].refused);
    }
    for (size_t i = 0; i < census->file_count; i++)
        free(census->files[i].name);
    for (size_t i = 0; i < census->lost_count; i++)
        free(census->lost[i].text);
    for (size_t i = 0; i < census->refused_count; i++)
        free(census->refused[i].text);
    free(census->lost);
    free(census->refused);
    free(census->images);
    free(census->execs);
    free(census->files);
    hash_map_close(&census->pid_map);
    hash_map_close(&census->exec_map);
    hash_map_close(&census->off_map);
    hash_map_close(&census->file_map);
    *census = (struct census){ 0 };
}

/* Makes room for one more of `size` bytes. 0 or -1. */
static int make_room(void **items, size_t *room, size_t count, size_t size)
{
    if (count < *room)
        return 0;
    size_t wanted = *room ? *room * 2 : 64;
    void *larger = realloc(*items, wanted * size);
    if (!larger)
        return -1;
    *items = larger;
    *room = wanted;
    return 0;
}

static uint32_t find_by_pid(const struct hash_map *map, int64_t pid)
{
    size_t at = hash_map_first(map, hash_integer((uint64_t)pid));
    return at == HASH_MAP_END ? CENSUS_NONE : hash_map_value(map, at);
}

static int set_by_pid(struct hash_map *map, int64_t pid, size_t index)
{
    uint64_t hash = hash_integer((uint64_t)pid);
    size_t at = hash_map_first(map, hash);
    if (at == HASH_MAP_END)
        return hash_map_add(map, hash, (uint32_t)index);
    hash_map_set(map, at, (uint32_t)index);
    return 0;
}

/* The newest image of `pid`, or CENSUS_NONE. */
static uint32_t find_newest(const struct census *census, int64_t pid)
{
    return find_by_pid(&census->pid_map, pid);
}

/* Takes what `image` owns, also when it fails. */
static int add_image(struct census *census, struct census_image image)
{
    if (image.executable && image.python && image.folder &&
        make_room((void **)&census->images, &census->image_room, census->image_count,
                  sizeof *census->images) == 0 &&
        set_by_pid(&census->pid_map, image.pid, census->image_count) == 0) {
        image.last_time = image.time;
        image.loss = CENSUS_NONE;
        census->images[census->image_count++] = image;
        return 0;
    }
    string_list_close(&image.argv);
    free(image.executable);
    free(image.python);
    free(image.folder);
    return -1;
}

static int count_reason(struct census_reason **reasons, size_t *count, const char *text,
                        uint32_t *index)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp((*reasons)[i].text, text) == 0) {
            (*reasons)[i].count++;
            *index = (uint32_t)i;
            return 0;
        }
    struct census_reason *larger = realloc(*reasons, (*count + 1) * sizeof *larger);
    if (!larger)
        return -1;
    *reasons = larger;
    char *copy = strdup(text);
    if (!copy)
        return -1;
    *index = (uint32_t)*count;
    larger[(*count)++] = (struct census_reason){ copy, 1 };
    return 0;
}

/* `image` may be CENSUS_NONE. `*index` is set to that of the reason. */
static int add_loss(struct census *census, uint32_t image, const char *reason, uint32_t *index)
{
    /* One reason a file is enough to say; a ledger full of them is not worth more. */
    if (census->lost_count >= REASONS_MAX)
        reason = "and more";
    if (count_reason(&census->lost, &census->lost_count, reason, index) != 0)
        return -1;
    if (image == CENSUS_NONE)
        census->unknown_losses++;
    else
        census->images[image].loss = *index;
    return 0;
}

static int read_arguments(struct string_list *list, const struct ledger_line *event)
{
    const char *text;
    for (size_t i = 0; (text = ledger_line_next_item(event, "argv", &i)) != NULL;)
        if (string_list_add(list, text) != 0)
            return -1;
    return 0;
}

static void settle_exec(struct census *census, int64_t pid)
{
    uint32_t index = find_by_pid(&census->exec_map, pid);
    if (index != CENSUS_NONE)
        census->execs[index].is_settled = true;
}

static int read_start(struct census *census, const struct ledger_line *event, int64_t pid,
                      uint64_t when)
{
    uint32_t previous = find_newest(census, pid);
    int64_t ppid = ledger_line_number(event, "ppid");
    /* The "exec" may also be a vfork's child's that got the number of a process that ended. */
    bool goes_on = previous != CENSUS_NONE && census->images[previous].may_exec &&
                   !census->images[previous].end_time && census->images[previous].ppid == ppid;
    if (goes_on)
        census->images[previous].was_replaced = true;
    uint32_t exec = find_by_pid(&census->exec_map, pid);
    struct census_image image = {
        .pid = pid,
        .ppid = ppid,
        .time = when,
        .previous = previous,
        .parent = goes_on ? census->images[previous].parent : find_newest(census, ppid),
        .is_process = !goes_on,
        .is_interpreter = *ledger_line_text(event, "python") != '\0',
        .is_claimed = exec != CENSUS_NONE && !census->execs[exec].is_settled,
        .executable = strdup(ledger_line_text(event, "exe")),
        .python = strdup(ledger_line_text(event, "python")),
        .folder = strdup(ledger_line_text(event, "cwd")),
    };
    settle_exec(census, pid);
    int result = read_arguments(&image.argv, event);
    return add_image(census, image) == 0 ? result : -1;
}

static int read_fork(struct census *census, const struct ledger_line *event, int64_t pid,
                     uint64_t when)
{
    int64_t ppid = ledger_line_number(event, "ppid");
    uint32_t parent = find_newest(census, ppid);
    bool is_known = parent != CENSUS_NONE;
    settle_exec(census, pid);
    return add_image(census,
                     (struct census_image){
                         .pid = pid,
                         .ppid = ppid,
                         .time = when,
                         .previous = find_newest(census, pid),
                         .parent = parent,
                         .is_process = true,
                         .is_fork = true,
                         .is_interpreter = is_known && census->images[parent].is_interpreter,
                         .saves = is_known && census->images[parent].saves,
                         .owes = is_known && census->images[parent].saves,
                         .executable = strdup(""),
                         .python = strdup(is_known ? census->images[parent].python : ""),
                         .folder = strdup(is_known ? census->images[parent].folder : ""),
                     });
}

static int read_exec(struct census *census, const struct ledger_line *event, int64_t pid,
                     uint64_t when)
{
    /* It went on after the one before. */
    settle_exec(census, pid);
    if (make_room((void **)&census->execs, &census->exec_room, census->exec_count,
                  sizeof *census->execs) != 0)
        return -1;
    struct census_exec exec = {
        .pid = pid,
        .path = strdup(ledger_line_text(event, "path")),
        .time = when,
        .image = find_newest(census, pid),
        .loss = CENSUS_NONE,
    };
    if (!exec.path)
        return -1;
    /* A posix_spawn is told of by the parent, perhaps after the child has spoken. */
    if (find_by_pid(&census->off_map, pid) == 1) {
        exec.is_settled = true;
        if (set_by_pid(&census->off_map, pid, 0) != 0) {
            free(exec.path);
            return -1;
        }
    }
    census->execs[census->exec_count++] = exec;
    if (exec.image != CENSUS_NONE)
        census->images[exec.image].may_exec = true;
    return set_by_pid(&census->exec_map, pid, census->exec_count - 1);
}

/* "python", "python3", "python3.12", as the last part of a path. */
static bool is_python_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return strncmp(name, "python", 6) == 0 && name[6 + strspn(name + 6, "0123456789.")] == '\0';
}

static int read_refused(struct census *census, const struct ledger_line *event, int64_t pid)
{
    const char *path = ledger_line_text(event, "path"), *reason = ledger_line_text(event, "reason");
    uint32_t index = find_by_pid(&census->exec_map, pid), ignored;
    struct census_exec *exec = index == CENSUS_NONE ? NULL : &census->execs[index];
    if (exec && strcmp(exec->path, path) == 0 && !exec->refused) {
        exec->is_settled = true;
        exec->refused = strdup(reason);
        if (!exec->refused)
            return -1;
    } else {
        exec = NULL;
    }
    if (!is_python_name(path))
        return count_reason(&census->refused, &census->refused_count, reason, &ignored);
    char *text;
    if (asprintf(&text, "a Python that can't load libcovfork.so (%s): %s", reason, path) < 0)
        return -1;
    int result = add_loss(census, CENSUS_NONE, text, exec ? &exec->loss : &ignored);
    free(text);
    census->unloaded++;
    return result;
}

/* The first entry of a file of this name, or NULL. The ledger names each once. */
static struct census_file *find_file(const struct census *census, const char *name)
{
    uint64_t hash = hash_bytes(name, strlen(name));
    for (size_t at = hash_map_first(&census->file_map, hash); at != HASH_MAP_END;
         at = hash_map_next(&census->file_map, hash, at)) {
        struct census_file *file = &census->files[hash_map_value(&census->file_map, at)];
        if (strcmp(file->name, name) == 0)
            return file;
    }
    return NULL;
}

static int read_data_event(struct census *census, const struct ledger_line *event, uint32_t image)
{
    const char *name = ledger_line_text(event, "file");
    struct census_file *replaced = find_file(census, ledger_line_text(event, "instead"));
    census->data_files++;
    if (image != CENSUS_NONE)
        census->images[image].in_memory = census->images[image].owes = false;
    if (replaced && replaced->image == image)
        replaced->is_seen = true;
    if (!*name || strchr(name, '/') || census_names_file(census, name))
        return 0;
    if (make_room((void **)&census->files, &census->file_room, census->file_count,
                  sizeof *census->files) != 0)
        return -1;
    struct census_file file = { strdup(name), image, false };
    if (!file.name)
        return -1;
    census->files[census->file_count++] = file;
    return hash_map_add(&census->file_map, hash_bytes(name, strlen(name)),
                        (uint32_t)(census->file_count - 1));
}

/* It came with a library, after the start. */
static int read_python(struct census_image *image, const struct ledger_line *event)
{
    char *python = strdup(ledger_line_text(event, "python"));
    if (!python)
        return -1;
    free(image->python);
    image->python = python;
    image->is_interpreter = true;
    return 0;
}

static void read_engine(struct census_image *image, const struct ledger_line *event)
{
    const char *engine = ledger_line_text(event, "engine");
    image->has_engine = true;
    image->saves = strcmp(engine, "coverage") == 0 || strcmp(engine, "slipcover") == 0;
    image->owes = image->saves;
}

/* An event moves on the time until which a process, and the one it is below, are known to live. */
static void note_time(struct census *census, uint32_t image, uint64_t when)
{
    if (image != CENSUS_NONE && when > census->images[image].last_time)
        census->images[image].last_time = when;
}

static int read_event(struct census *census, const struct ledger_line *event)
{
    const char *name = ledger_line_text(event, "event");
    int64_t pid = ledger_line_number(event, "pid");
    int64_t time_value = ledger_line_number(event, "time");
    uint64_t when = time_value > 0 ? (uint64_t)time_value : 0;
    uint32_t ignored;
    if (when && (census->first_time == 0 || when < census->first_time))
        census->first_time = when;
    if (when > census->last_time)
        census->last_time = when;
    if (strcmp(name, "start") == 0)
        return read_start(census, event, pid, when);
    if (strcmp(name, "fork") == 0) {
        note_time(census, find_newest(census, ledger_line_number(event, "ppid")), when);
        return read_fork(census, event, pid, when);
    }
    uint32_t image = find_newest(census, pid);
    note_time(census, image, when);
    if (strcmp(name, "exec") == 0)
        return read_exec(census, event, pid, when);
    if (strcmp(name, "refused") == 0)
        return read_refused(census, event, pid);
    if (strcmp(name, "off") == 0) {
        uint32_t exec = find_by_pid(&census->exec_map, pid);
        if (exec == CENSUS_NONE || census->execs[exec].is_settled)
            return set_by_pid(&census->off_map, pid, 1);
    }
    /* It goes on: what it tried to execute failed. Or it is an interpreter that rests. */
    settle_exec(census, pid);
    if (image != CENSUS_NONE && (strcmp(name, "lost") == 0 || strcmp(name, "nothing") == 0))
        census->images[image].owes = false;
    if (strcmp(name, "lost") == 0)
        return add_loss(census, image, ledger_line_text(event, "reason"), &ignored);
    if (strcmp(name, "data") == 0)
        return read_data_event(census, event, image);
    if (strcmp(name, "engine") == 0)
        census->engines++;
    if (image == CENSUS_NONE)
        return 0;
    if (strcmp(name, "python") == 0)
        return read_python(&census->images[image], event);
    if (strcmp(name, "engine") == 0)
        read_engine(&census->images[image], event);
    else if (strcmp(name, "end") == 0)
        census->images[image].end_time = when;
    else if (strcmp(name, "memory") == 0)
        census->images[image].in_memory = true;
    return 0;
}

static int read_line(struct census *census, char *text, bool is_whole)
{
    struct ledger_line event;
    if (!ledger_line_read(&event, text)) {
        if (is_whole)
            census->bad_lines++;
        return 0;
    }
    int result = read_event(census, &event);
    ledger_line_close(&event);
    return result;
}

int census_read(struct census *census, const char *path, struct error *error)
{
    *census = (struct census){ 0 };
    return census_read_more(census, path, error);
}

int census_read_more(struct census *census, const char *path, struct error *error)
{
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
    free(line);
    fclose(stream);
    if (result != 0) {
        census_close(census);
        return error_set(error, ERROR_MEMORY, "out of memory");
    }
    return 0;
}

uint32_t census_find_image(const struct census *census, int64_t pid, uint64_t time)
{
    uint32_t image = find_newest(census, pid);
    while (image != CENSUS_NONE && census->images[image].time > time)
        image = census->images[image].previous;
    return image;
}

void census_add_data(struct census *census, int64_t pid, uint64_t start, size_t lines)
{
    uint32_t image = census_find_image(census, pid, start);
    if (image == CENSUS_NONE) {
        census->extra_data++;
        return;
    }
    census->images[image].has_data = true;
    census->images[image].lines += lines;
}

static int add_file_loss(struct census *census, const char *name, uint32_t image,
                         const char *problem)
{
    char *text;
    if (asprintf(&text, "the data file %s %s", name, problem) < 0)
        return -1;
    uint32_t ignored;
    int result = add_loss(census, image, text, &ignored);
    free(text);
    return result;
}

bool census_names_file(const struct census *census, const char *name)
{
    return find_file(census, name) != NULL;
}

int census_see_file(struct census *census, const char *name, bool is_empty, bool is_damaged)
{
    struct census_file *file = find_file(census, name);
    uint32_t image = file ? file->image : CENSUS_NONE;
    if (file)
        file->is_seen = true;
    if (is_damaged)
        return add_file_loss(census, name, image, "is damaged");
    return is_empty && file ? add_file_loss(census, name, image, "is empty") : 0;
}

int census_end_files(struct census *census)
{
    for (size_t i = 0; i < census->file_count; i++) {
        const struct census_file *file = &census->files[i];
        if (!file->is_seen && add_file_loss(census, file->name, file->image, "is missing") != 0)
            return -1;
    }
    uint32_t ignored;
    for (size_t i = 0; i < census->image_count; i++) {
        const struct census_image *image = &census->images[i];
        if (image->in_memory &&
            add_loss(census, (uint32_t)i, "what was kept in memory was not written", &ignored) != 0)
            return -1;
        /* One that executes another program without a word has run nothing since it was forked. */
        bool failed = image->owes && !image->may_exec && !image->was_replaced &&
                      !census_is_live(census, image);
        if (failed && add_loss(census, (uint32_t)i, "an interpreter ended before it could save",
                               &ignored) != 0)
            return -1;
    }
    return 0;
}

int census_add_loss(struct census *census, const char *reason)
{
    uint32_t ignored;
    return add_loss(census, CENSUS_NONE, reason, &ignored);
}

const struct census_exec *census_next_unsettled(const struct census *census, size_t *index)
{
    for (; *index < census->exec_count; ++*index)
        if (!census->execs[*index].is_settled)
            return &census->execs[*index];
    return NULL;
}

int census_settle_python(struct census *census, size_t index, const char *program)
{
    struct census_exec *exec = &census->execs[index];
    exec->is_settled = true;
    for (uint32_t i = exec->image; i != CENSUS_NONE; i = census->images[i].previous) {
        struct census_image *image = &census->images[i];
        if (image->is_claimed || image->is_fork || strcmp(image->executable, program) != 0)
            continue;
        image->is_claimed = true;
        return 0;
    }
    char *text;
    if (asprintf(&text, "an interpreter was started but did not load libcovfork.so: %s",
                 exec->path) < 0)
        return -1;
    int result = add_loss(census, CENSUS_NONE, text, &exec->loss);
    free(text);
    census->unloaded++;
    return result;
}

struct census_counts census_count(const struct census *census)
{
    struct census_counts counts = { .lost = census->unknown_losses };
    for (size_t i = 0; i < census->image_count; i++) {
        const struct census_image *image = &census->images[i];
        counts.processes += image->is_process;
        counts.with_data += image->has_data;
        counts.lost += image->loss != CENSUS_NONE;
        /* A fork's child on its way to exec is not worth being called an interpreter. */
        bool passing = image->is_fork && image->was_replaced;
        counts.interpreters += image->has_data || (image->is_interpreter && !passing);
    }
    counts.processes += census->extra_data;
    counts.interpreters += census->extra_data + census->unloaded;
    counts.with_data += census->extra_data;
    for (size_t i = 0; i < census->refused_count; i++)
        counts.refused += census->refused[i].count;
    return counts;
}

/* When the process began, in ns since the epoch; 0 when it is not there or a zombie. */
static uint64_t find_start(int64_t pid, int64_t *parent)
{
    char path[64], text[1024];
    /* Most have ended; to ask for a number costs less than to look for its folder. */
    if (pid <= 0 || pid > INT32_MAX || (kill((pid_t)pid, 0) != 0 && errno == ESRCH))
        return 0;
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
               " %c %" SCNd64 " %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
               " %" SCNu64,
               &state, parent, &ticks) != 3 ||
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

bool census_is_live(const struct census *census, const struct census_image *image)
{
    if (image->pid <= 0 || image->pid > INT32_MAX ||
        find_newest(census, image->pid) != (uint32_t)(image - census->images))
        return false;
    int64_t parent;
    uint64_t start = find_start(image->pid, &parent);
    /* A process that got this number later began after the event. The clock may have been set
     * by a little in between. */
    return start != 0 && start <= image->time + NANOSECONDS;
}

/* Is `pid` an ancestor of `of`? */
static bool is_ancestor(int64_t pid, int64_t of)
{
    for (int depth = 0; of > 1 && depth < 1000; depth++) {
        if (of == pid)
            return true;
        int64_t parent = 0;
        if (find_start(of, &parent) == 0)
            return false;
        of = parent;
    }
    return false;
}

pid_t census_find_live(const struct census *census, pid_t except, bool and_ancestors)
{
    for (size_t i = census->image_count; i-- > 0;) {
        const struct census_image *image = &census->images[i];
        if (image->pid != except && census_is_live(census, image) &&
            !(and_ancestors && is_ancestor(image->pid, except)))
            return (pid_t)image->pid;
    }
    return 0;
}
