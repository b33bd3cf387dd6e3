/*
 * A process image begins with a "start", or in a fork's child with "fork". A pid that starts again
 * after it said "exec" is the same process; one that starts without is a new process that got an
 * old number. Which image wrote a line is told by the line ("image"): by then the number may be
 * another process's, and lines of several processes come in any order but for what format.h says.
 * Lines of older libraries don't tell it; there, the newest process of the number is meant.
 */
#include "collector/read/read_ledger.h"

#include "preload/format.h"
#include "collector/read/ledger_line.h"
#include "collector/read/live_process.h"
#include "collector/base/shell_words.h"
#include "collector/base/room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NANOSECONDS 1000000000u
#define REASONS_MAX 1000
/* Of a command, in characters; the ledger has it shortened already. */
#define COMMAND_MAX 100
/* An exec that is followed by a word of its process after so long has failed. */
#define EXEC_NANOSECONDS NANOSECONDS
#define LINE_BEGIN       "{\"event\":\""

static void close_exec(struct census_exec *exec)
{
    free(exec->path);
    free(exec->command);
    free(exec->refused);
    string_list_close(&exec->argv);
}

void census_close(struct census *census)
{
    for (size_t i = 0; i < census->image_count; i++) {
        string_list_close(&census->images[i].argv);
        free(census->images[i].executable);
        free(census->images[i].python);
        free(census->images[i].folder);
    }
    for (size_t i = 0; i < census->exec_count; i++)
        close_exec(&census->execs[i]);
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
    free(census->problem);
    hash_map_close(&census->pid_map);
    hash_map_close(&census->space_map);
    hash_map_close(&census->id_map);
    hash_map_close(&census->orphan_map);
    hash_map_close(&census->exec_map);
    hash_map_close(&census->off_map);
    hash_map_close(&census->file_map);
    hash_map_close(&census->data_map);
    *census = (struct census){ 0 };
}

/* Of a number in a namespace; with `space` 0, of the number alone. */
static uint64_t hash_process(uint64_t space, int64_t pid)
{
    return hash_integer(hash_integer(space) ^ (uint64_t)pid);
}

static uint32_t find_by_hash(const struct hash_map *map, uint64_t hash)
{
    size_t at = hash_map_first(map, hash);
    return at == HASH_MAP_END ? CENSUS_NONE : hash_map_value(map, at);
}

static int set_by_hash(struct hash_map *map, uint64_t hash, size_t index)
{
    size_t at = hash_map_first(map, hash);
    if (at == HASH_MAP_END)
        return hash_map_add(map, hash, (uint32_t)index);
    hash_map_set(map, at, (uint32_t)index);
    return 0;
}

/* The newest image of `pid`, or CENSUS_NONE. */
static uint32_t find_newest(const struct census *census, uint64_t space, int64_t pid)
{
    if (!space)
        return find_by_hash(&census->pid_map, hash_process(0, pid));
    uint32_t index = find_by_hash(&census->space_map, hash_process(space, pid));
    if (index != CENSUS_NONE)
        return index;
    /* Where there is no /proc, a process does not know its namespace. */
    index = find_by_hash(&census->pid_map, hash_process(0, pid));
    return index != CENSUS_NONE && census->images[index].space == 0 ? index : CENSUS_NONE;
}

/* The newest exec by, or into, `pid`, that nothing is known to have come of; CENSUS_NONE. One that
 * was told of before the newest process of this number began is not of this process. */
static uint32_t find_exec(const struct census *census, uint64_t space, int64_t pid)
{
    uint32_t index = find_by_hash(&census->exec_map, hash_process(space, pid));
    if (index == CENSUS_NONE)
        index = find_by_hash(&census->exec_map, hash_process(0, pid));
    if (index == CENSUS_NONE || census->execs[index].is_settled)
        return CENSUS_NONE;
    if (space && census->execs[index].space && census->execs[index].space != space)
        return CENSUS_NONE;
    uint32_t image = find_newest(census, space, pid);
    if (image != CENSUS_NONE && census->images[image].execs > index)
        return CENSUS_NONE;
    return index;
}

/* Takes what `image` owns, also when it fails. */
static int add_image(struct census *census, struct census_image image)
{
    image.execs = (uint32_t)census->exec_count;
    image.older = find_newest(census, 0, image.pid);
    if (image.executable && image.python && image.folder &&
        room_for_one((void **)&census->images, &census->image_room, census->image_count,
                     sizeof *census->images) == 0 &&
        set_by_hash(&census->pid_map, hash_process(0, image.pid), census->image_count) == 0 &&
        (!image.space || set_by_hash(&census->space_map, hash_process(image.space, image.pid),
                                     census->image_count) == 0) &&
        (image.is_fork || !image.id ||
         hash_map_add(&census->id_map, image.id, (uint32_t)census->image_count) == 0)) {
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

/* What each line has. */
struct speaker {
    int64_t pid;
    uint64_t space, time;
    uint64_t id;    /* of "image" or "starter"; 0: a line of an older library */
    uint32_t image; /* that this number was; CENSUS_NONE: not known, or none yet */
};

/* The first LEDGER_IMAGE_LENGTH digits of an image's name; 0 for what is none. */
static uint64_t read_id(const char *text)
{
    char digits[LEDGER_IMAGE_LENGTH + 1];
    snprintf(digits, sizeof digits, "%s", text);
    if (strspn(digits, "0123456789abcdef") != LEDGER_IMAGE_LENGTH)
        return 0;
    return hash_integer(strtoull(digits, NULL, 16));
}

static bool is_of(const struct census *census, uint32_t image, uint64_t id)
{
    return image != CENSUS_NONE &&
           (!id || !census->images[image].id || census->images[image].id == id);
}

static void find_speaker(const struct census *census, const struct ledger_line *event,
                         struct speaker *speaker)
{
    int64_t time = ledger_line_number(event, "time"), space = ledger_line_number(event, "ns");
    speaker->pid = ledger_line_number(event, "pid");
    speaker->time = time > 0 ? (uint64_t)time : 0;
    speaker->space = space > 0 ? (uint64_t)space : 0;
    speaker->id = read_id(ledger_line_text(event, "image"));
    speaker->image = find_newest(census, speaker->space, speaker->pid);
    if (!is_of(census, speaker->image, speaker->id))
        speaker->image = CENSUS_NONE;
    if (*ledger_line_text(event, "starter")) {
        speaker->id = read_id(ledger_line_text(event, "starter"));
        speaker->image = CENSUS_NONE;
    }
}

/* What an exec led to is known: its image speaks, or it failed. */
static void settle_exec(struct census *census, uint32_t index, bool has_failed)
{
    if (index == CENSUS_NONE)
        return;
    struct census_exec *exec = &census->execs[index];
    exec->is_settled = true;
    if (has_failed && exec->image != CENSUS_NONE)
        census->images[exec->image].may_exec = false;
}

static bool is_passed_through(const struct census_exec *exec)
{
    return exec->refused &&
           (strcmp(exec->refused, "static") == 0 || strcmp(exec->refused, "class") == 0 ||
            strcmp(exec->refused, "machine") == 0);
}

/* What `ppid` was that has this id; else `starter`, which told of its child's exec. */
static uint32_t find_parent(const struct census *census, uint64_t space, int64_t ppid, uint64_t id,
                            uint32_t starter)
{
    uint32_t image = find_newest(census, space, ppid);
    while (image != CENSUS_NONE && !is_of(census, image, id))
        image = census->images[image].previous;
    return image != CENSUS_NONE ? image : starter;
}

static int read_start(struct census *census, const struct ledger_line *event,
                      const struct speaker *speaker)
{
    uint64_t id = read_id(ledger_line_text(event, "id"));
    const char *boot = ledger_line_text(event, "boot");
    /* A first process and its fork's child may both have written it. */
    if (id && find_by_hash(&census->id_map, id) != CENSUS_NONE)
        return 0;
    uint32_t previous = find_newest(census, speaker->space, speaker->pid);
    uint32_t index = find_exec(census, speaker->space, speaker->pid);
    struct census_exec *exec = index == CENSUS_NONE ? NULL : &census->execs[index];
    int64_t ppid = ledger_line_number(event, "ppid");
    bool goes_on = previous != CENSUS_NONE && !census->images[previous].end_time;
    if (goes_on && exec && exec->id)
        goes_on = exec->image == previous;
    else if (goes_on)
        /* The "exec" may also be a vfork's child's that got the number of a process that ended. */
        goes_on = census->images[previous].may_exec && census->images[previous].ppid == ppid;
    if (goes_on)
        census->images[previous].was_replaced = true;
    struct census_image image = {
        .pid = speaker->pid,
        .ppid = ppid,
        .space = speaker->space,
        .boot = *boot ? hash_bytes(boot, strlen(boot)) : 0,
        .id = id,
        .time = speaker->time,
        .previous = previous,
        .parent = goes_on ? census->images[previous].parent
                          : find_parent(census, speaker->space, ppid, exec ? exec->id : 0,
                                        exec ? exec->parent : CENSUS_NONE),
        .is_process = !goes_on,
        .is_interpreter = *ledger_line_text(event, "python") != '\0',
        .is_claimed = exec != NULL,
        .exec = index,
        .executable = strdup(ledger_line_text(event, "exe")),
        .python = strdup(ledger_line_text(event, "python")),
        .folder = strdup(ledger_line_text(event, "cwd")),
    };
    if (!image.boot && (goes_on || image.parent != CENSUS_NONE))
        image.boot = census->images[goes_on ? previous : image.parent].boot;
    /* What came after a program that can't load us came through it. */
    if (!exec || !is_passed_through(exec))
        settle_exec(census, index, false);
    int result = read_arguments(&image.argv, event);
    return add_image(census, image) == 0 ? result : -1;
}

static int read_fork(struct census *census, const struct ledger_line *event,
                     const struct speaker *speaker)
{
    int64_t ppid = ledger_line_number(event, "ppid"), space = ledger_line_number(event, "pns");
    uint32_t first = speaker->id ? find_by_hash(&census->id_map, speaker->id) : CENSUS_NONE;
    /* The parent may have become another program, or ended, before its child said so. */
    uint32_t parent =
        find_parent(census, space > 0 ? (uint64_t)space : speaker->space, ppid, speaker->id, first);
    const struct census_image *from = parent == CENSUS_NONE ? NULL : &census->images[parent];
    if (!speaker->id)
        settle_exec(census, find_exec(census, speaker->space, speaker->pid), false);
    if (parent != CENSUS_NONE && speaker->time > from->last_time)
        census->images[parent].last_time = speaker->time;
    return add_image(census, (struct census_image){
                                 .pid = speaker->pid,
                                 .ppid = ppid,
                                 .space = speaker->space,
                                 .boot = from ? from->boot : 0,
                                 .id = speaker->id,
                                 .time = speaker->time,
                                 .previous = find_newest(census, speaker->space, speaker->pid),
                                 .parent = parent,
                                 .exec = CENSUS_NONE,
                                 .is_process = true,
                                 .is_fork = true,
                                 .is_interpreter = from && from->is_interpreter,
                                 .saves = from && from->saves,
                                 .owes = from && from->saves,
                                 .executable = strdup(""),
                                 .python = strdup(from ? from->python : ""),
                                 .folder = strdup(from ? from->folder : ""),
                             });
}

/* A posix_spawn is told of by the parent, perhaps after the child has spoken: the first image of
 * this number that began since is what it made, also where it was taken for what an earlier process
 * of this number had executed. */
static uint32_t find_spawned(const struct census *census, const struct census_exec *exec)
{
    uint32_t found = CENSUS_NONE;
    for (uint32_t i = find_newest(census, exec->space, exec->pid);
         i != CENSUS_NONE && census->images[i].time >= exec->since;
         i = census->images[i].previous) {
        const struct census_image *image = &census->images[i];
        bool is_early = image->exec != CENSUS_NONE &&
                        census->execs[image->exec].time < exec->since &&
                        !census->execs[image->exec].since;
        if (!image->is_fork && (is_early || (image->is_process && !image->is_claimed)))
            found = i;
    }
    return found;
}

static void claim_spawned(struct census *census, struct census_exec *exec, uint32_t made)
{
    struct census_image *image = &census->images[made];
    if (image->exec != CENSUS_NONE)
        census->execs[image->exec].is_settled = false;
    if (!image->is_process && image->previous != CENSUS_NONE)
        census->images[image->previous].was_replaced = false;
    image->is_process = image->is_claimed = exec->is_settled = true;
    image->exec = CENSUS_NONE;
    /* A parent is always read of before. */
    if (exec->parent < made)
        image->parent = exec->parent;
}

/* What is executed, and its arguments. 0 or -1 (memory). */
static int read_command(struct string_list *words, const char *path,
                        const struct ledger_line *event)
{
    const char *text;
    int result = string_list_add(words, path);
    size_t at = 0;
    /* argv[0] may say anything. */
    ledger_line_next_item(event, "argv", &at);
    while (at && result == 0 && (text = ledger_line_next_item(event, "argv", &at)) != NULL)
        result = string_list_add(words, text);
    return result;
}

/* Takes what `exec` owns, also when it fails. */
static int add_exec(struct census *census, struct census_exec exec)
{
    uint64_t own = hash_process(exec.space, exec.pid), any = hash_process(0, exec.pid);
    /* What made an image already leaves the next "start" to what its process has executed since. */
    bool is_newest = !exec.is_settled;
    if (exec.path && exec.command &&
        room_for_one((void **)&census->execs, &census->exec_room, census->exec_count,
                     sizeof *census->execs) == 0 &&
        (!is_newest || (set_by_hash(&census->exec_map, own, census->exec_count) == 0 &&
                        set_by_hash(&census->exec_map, any, census->exec_count) == 0))) {
        census->execs[census->exec_count++] = exec;
        return 0;
    }
    close_exec(&exec);
    return -1;
}

/* Has the exec failed, though that was not told: do the same process and program speak again? Where
 * it would be lost, that is not enough: they may be another child of the same parent. */
static bool goes_on_from(const struct census *census, uint32_t index, const struct speaker *speaker)
{
    const struct census_exec *exec = &census->execs[index];
    return !speaker->id ||
           (exec->can_load && exec->image != CENSUS_NONE && exec->image == speaker->image);
}

static int read_exec(struct census *census, const struct ledger_line *event,
                     const struct speaker *speaker)
{
    uint32_t last = find_exec(census, speaker->space, speaker->pid);
    /* It went on after the one before. */
    if (last != CENSUS_NONE && goes_on_from(census, last, speaker))
        settle_exec(census, last, true);
    int64_t since = ledger_line_number(event, "since");
    const char *path = ledger_line_text(event, "path");
    struct census_exec exec = {
        .pid = speaker->pid,
        .space = speaker->space,
        .path = strdup(path),
        .time = speaker->time,
        .since = since > 0 ? (uint64_t)since : 0,
        .id = speaker->id,
        .image = speaker->image,
        .parent = speaker->id ? find_by_hash(&census->id_map, speaker->id) : CENSUS_NONE,
        .can_load = *ledger_line_text(event, "loads") != '\0',
        .is_outside = *ledger_line_text(event, "folder") != '\0',
        .loss = CENSUS_NONE,
    };
    uint64_t hash = hash_process(speaker->space, speaker->pid);
    if ((exec.since || !exec.id) && find_by_hash(&census->off_map, hash) == 1) {
        exec.is_settled = true;
        set_by_hash(&census->off_map, hash, 0); /* it is there: no memory is needed */
    }
    uint32_t made = exec.since && !exec.is_settled ? find_spawned(census, &exec) : CENSUS_NONE;
    if (made != CENSUS_NONE)
        claim_spawned(census, &exec, made);
    if (exec.image != CENSUS_NONE)
        census->images[exec.image].may_exec = true;
    if (read_command(&exec.argv, path, event) == 0)
        exec.command = shell_words_join_short(&exec.argv, COMMAND_MAX);
    return add_exec(census, exec);
}

/* "python", "python3", "python3.12", as the last part of a path. */
static bool is_python_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return strncmp(name, "python", 6) == 0 && name[6 + strspn(name + 6, "0123456789.")] == '\0';
}

static int lose_exec(struct census *census, struct census_exec *exec)
{
    char *text;
    int length;
    if (exec->is_outside)
        length =
            asprintf(&text, "an interpreter was started where the data folder is out of reach: %s",
                     exec->command);
    else if (exec->refused)
        length = asprintf(&text, "a Python that can't load libcovfork.so (%s): %s", exec->refused,
                          exec->command);
    else
        length = asprintf(&text, "an interpreter was started but did not load libcovfork.so: %s",
                          exec->command);
    if (length < 0)
        return -1;
    int result = add_loss(census, CENSUS_NONE, text, &exec->loss);
    free(text);
    census->unloaded++;
    census->unseen += exec->image == CENSUS_NONE;
    return result;
}

static int read_refused(struct census *census, const struct ledger_line *event,
                        const struct speaker *speaker)
{
    const char *path = ledger_line_text(event, "path"), *reason = ledger_line_text(event, "reason");
    uint32_t index = find_exec(census, speaker->space, speaker->pid);
    if (index == CENSUS_NONE || strcmp(census->execs[index].path, path) != 0 ||
        census->execs[index].refused) {
        struct census_exec exec = {
            .pid = speaker->pid,
            .space = speaker->space,
            .path = strdup(path),
            .command = strdup(path),
            .time = speaker->time,
            .id = speaker->id,
            .image = CENSUS_NONE,
            .parent = CENSUS_NONE,
            .loss = CENSUS_NONE,
        };
        if (add_exec(census, exec) != 0)
            return -1;
        index = (uint32_t)(census->exec_count - 1);
    }
    struct census_exec *exec = &census->execs[index];
    /* It is counted in the end: it may fail, or load the library all the same. */
    exec->refused = strdup(reason);
    return exec->refused ? 0 : -1;
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
    if (room_for_one((void **)&census->files, &census->file_room, census->file_count,
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

/* An event moves on the time until which a process is known to live. */
static void note_time(struct census *census, uint32_t image, uint64_t when)
{
    if (image != CENSUS_NONE && when > census->images[image].last_time)
        census->images[image].last_time = when;
}

/* A word of a process that has told of an exec: it failed, or what it made speaks before, or
 * without, its "start". A moment later it may be another thread's. */
static void note_life(struct census *census, const struct speaker *speaker, bool is_end)
{
    uint32_t index = find_exec(census, speaker->space, speaker->pid);
    if (index == CENSUS_NONE)
        return;
    const struct census_exec *exec = &census->execs[index];
    bool is_same = exec->id && exec->image != CENSUS_NONE && exec->image == speaker->image;
    if (!is_same)
        settle_exec(census, index, false);
    else if ((is_end || speaker->time > exec->time + EXEC_NANOSECONDS) &&
             goes_on_from(census, index, speaker))
        settle_exec(census, index, true);
}

enum event {
#define EVENT_NUMBER(name, needed) EVENT_##name,
    LEDGER_EVENTS(EVENT_NUMBER)
#undef EVENT_NUMBER
        EVENT_UNKNOWN
};

static enum event find_event(const char *name)
{
#define IS_EVENT(event, needed)                                                                    \
    if (strcmp(name, #event) == 0)                                                                 \
        return EVENT_##event;
    LEDGER_EVENTS(IS_EVENT)
#undef IS_EVENT
    return EVENT_UNKNOWN;
}

/* Of events that a process tells of itself. */
static int read_own(struct census *census, const struct ledger_line *line,
                    const struct speaker *speaker, enum event event)
{
    uint32_t ignored;
    struct census_image none = { 0 };
    struct census_image *image =
        speaker->image == CENSUS_NONE ? &none : &census->images[speaker->image];
    note_life(census, speaker, event == EVENT_end);
    switch (event) {
    case EVENT_lost:
        image->owes = false;
        return add_loss(census, speaker->image, ledger_line_text(line, "reason"), &ignored);
    case EVENT_nothing:
        image->owes = false;
        return 0;
    case EVENT_python:
        return speaker->image == CENSUS_NONE ? 0 : read_python(image, line);
    case EVENT_data:
        return read_data_event(census, line, speaker->image);
    case EVENT_engine:
        census->engines++;
        read_engine(image, line);
        return 0;
    case EVENT_end:
        image->end_time = speaker->time;
        return 0;
    case EVENT_memory:
        image->in_memory = true;
        return 0;
    case EVENT_problem:
        if (!census->problem)
            census->problem = strdup(ledger_line_text(line, "reason"));
        for (char *c = census->problem; c && *c; c++)
            if ((unsigned char)*c < ' ' || *c == 0x7f)
                *c = ' ';
        return census->problem ? 0 : -1;
    case EVENT_start:
    case EVENT_off:
    case EVENT_fork:
    case EVENT_exec:
    case EVENT_failed:
    case EVENT_refused:
    case EVENT_UNKNOWN:
        break;
    }
    return 0;
}

static int read_event(struct census *census, const struct ledger_line *line)
{
    struct speaker speaker;
    enum event event = find_event(ledger_line_text(line, "event"));
    find_speaker(census, line, &speaker);
    if (speaker.time && (census->first_time == 0 || speaker.time < census->first_time))
        census->first_time = speaker.time;
    if (speaker.time > census->last_time)
        census->last_time = speaker.time;
    if (event != EVENT_start && event != EVENT_fork)
        note_time(census, speaker.image, speaker.time);
    uint32_t exec = find_exec(census, speaker.space, speaker.pid);
    switch (event) {
    case EVENT_start:
        return read_start(census, line, &speaker);
    case EVENT_fork:
        return read_fork(census, line, &speaker);
    case EVENT_exec:
        return read_exec(census, line, &speaker);
    case EVENT_refused:
        return read_refused(census, line, &speaker);
    case EVENT_failed:
        settle_exec(census, exec, true);
        return 0;
    case EVENT_off:
        if (exec == CENSUS_NONE)
            return set_by_hash(&census->off_map, hash_process(speaker.space, speaker.pid), 1);
        settle_exec(census, exec, false);
        return 0;
    case EVENT_lost:
    case EVENT_nothing:
    case EVENT_python:
    case EVENT_data:
    case EVENT_engine:
    case EVENT_end:
    case EVENT_memory:
    case EVENT_problem:
        return read_own(census, line, &speaker, event);
    case EVENT_UNKNOWN:
        census->bad_lines++;
        break;
    }
    return 0;
}

/* A line that was cut, and goes on with the next writer's: the pattern is in no string of JSON,
 * where quotes are escaped. */
static char *find_next_line(char *text)
{
    return *text ? strstr(text + 1, LINE_BEGIN) : NULL;
}

/* `text` is the beginning of a line that its writer could not end. */
static void note_cut(struct census *census, const char *text, size_t length)
{
    static const char begin[] = LINE_BEGIN;
    size_t common = length < sizeof begin - 1 ? length : sizeof begin - 1;
    if (memcmp(text, begin, common) != 0) {
        census->bad_lines++;
        return;
    }
    census->cut_lines++;
    const char *event = text + sizeof begin - 1;
    static const char *const losses[] = { "lost\"", "memory\"", "refused\"" };
    for (size_t i = 0; length > sizeof begin && i < sizeof losses / sizeof losses[0]; i++)
        if (strncmp(event, losses[i], strlen(losses[i])) == 0)
            census->cut_losses++;
}

static int read_line(struct census *census, char *text, bool is_whole)
{
    struct ledger_line event;
    while (!ledger_line_read(&event, text)) {
        char *next = find_next_line(text);
        if (!next) {
            if (is_whole)
                census->bad_lines++;
            return 0;
        }
        note_cut(census, text, (size_t)(next - text));
        text = next;
    }
    int result = read_event(census, &event);
    ledger_line_close(&event);
    return result;
}

/* A ledger that is being read, and its next line. */
struct source {
    FILE *stream;
    char *line;
    size_t room;
    ssize_t length; /* 0: at its end */
    uint64_t time;  /* of the line; of the one before where it has none */
};

static void next_line(struct source *source)
{
    source->length = getline(&source->line, &source->room, source->stream);
    if (source->length <= 0) {
        source->length = 0;
        return;
    }
    /* Before a line in a slot of a spare ledger. */
    size_t blank = 0;
    while (blank < (size_t)source->length && (!source->line[blank] || source->line[blank] == ' '))
        blank++;
    source->length -= (ssize_t)blank;
    memmove(source->line, source->line + blank, (size_t)source->length + 1);
    static const char key[] = "\"time\":";
    const char *at = strstr(source->line, key);
    uint64_t time = at ? strtoull(at + sizeof key - 1, NULL, 10) : 0;
    if (time)
        source->time = time;
}

/* 0; 1 when there is none; -1 with an error. */
static int open_source(struct source *source, const char *path, struct error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0 && errno == ENOENT)
        return 1;
    struct stat status;
    if (descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        source->stream = fdopen(descriptor, "r");
    if (source->stream)
        return 0;
    int problem = errno;
    if (descriptor >= 0)
        close(descriptor);
    return error_set(error, ERROR_SYSTEM, "can't read %s: %s", path,
                     descriptor < 0 ? strerror(problem) : "not a regular file");
}

static bool has_dropped(const char *path)
{
    char *name;
    struct stat status;
    if (asprintf(&name, "%s" FORMAT_DROPPED_SUFFIX, path) < 0)
        return false;
    bool there = lstat(name, &status) == 0;
    free(name);
    return there;
}

static int read_sources(struct census *census, struct source *sources, size_t count)
{
    int result = 0;
    for (size_t i = 0; i < count; i++)
        next_line(&sources[i]);
    while (result == 0) {
        struct source *first = NULL;
        for (size_t i = 0; i < count; i++)
            if (sources[i].length && (!first || sources[i].time < first->time))
                first = &sources[i];
        if (!first)
            break;
        result = read_line(census, first->line, first->line[first->length - 1] == '\n');
        next_line(first);
    }
    return result;
}

int census_read_all(struct census *census, const struct string_list *paths, struct error *error)
{
    *census = (struct census){ 0 };
    struct source *sources = calloc(paths->count + 1, sizeof *sources);
    size_t count = 0;
    int result = sources ? 0 : -1;
    bool is_cut = false;
    for (size_t i = 0; result == 0 && i < paths->count; i++) {
        int opened = open_source(&sources[count], paths->items[i], error);
        count += opened == 0;
        is_cut |= opened < 0;
        census->is_dropped |= has_dropped(paths->items[i]);
    }
    census->present = count > 0;
    if (result == 0)
        result = read_sources(census, sources, count);
    for (size_t i = 0; i < count; i++) {
        fclose(sources[i].stream);
        free(sources[i].line);
    }
    free(sources);
    if (result != 0) {
        census_close(census);
        return error_set(error, ERROR_MEMORY, "out of memory");
    }
    return is_cut ? 1 : 0;
}

int census_read(struct census *census, const char *path, struct error *error)
{
    char *name = strdup(path);
    struct string_list paths = { .items = &name, .count = 1 };
    *census = (struct census){ 0 };
    int result = name ? census_read_all(census, &paths, error)
                      : error_set(error, ERROR_MEMORY, "out of memory");
    free(name);
    if (result > 0)
        census_close(census);
    return result == 0 ? 0 : -1;
}

/* Numbers alone may be those of several namespaces. */
uint32_t census_find_image(const struct census *census, int64_t pid, uint64_t start)
{
    uint32_t image = find_by_hash(&census->data_map, hash_process(start, pid));
    if (image != CENSUS_NONE && census->images[image].pid == pid)
        return image;
    image = find_newest(census, 0, pid);
    while (image != CENSUS_NONE && census->images[image].time > start)
        image = census->images[image].older;
    return image;
}

static void add_data(struct census *census, uint32_t image, size_t lines)
{
    if (image == CENSUS_NONE) {
        census->extra_data++;
        return;
    }
    census->images[image].has_data = true;
    census->images[image].lines += lines;
}

void census_add_data(struct census *census, int64_t pid, uint64_t start, size_t lines)
{
    add_data(census, census_find_image(census, pid, start), lines);
}

void census_add_data_of(struct census *census, const char *name, int64_t pid, uint64_t start,
                        size_t lines)
{
    const struct census_file *file = name ? find_file(census, name) : NULL;
    if (!file || file->image == CENSUS_NONE) {
        census_add_data(census, pid, start, lines);
        return;
    }
    add_data(census, file->image, lines);
    /* Without memory for that, the number and the time say as much as they can. */
    (void)set_by_hash(&census->data_map, hash_process(start, pid), file->image);
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

/* A loss of an image, with the command that it runs; a fork's child goes on with its parent's. */
static int lose_image(struct census *census, uint32_t index, const char *what)
{
    const struct census_image *image = &census->images[index];
    for (size_t i = 0; image->is_fork && image->parent != CENSUS_NONE && i < census->image_count;
         i++)
        image = &census->images[image->parent];
    char *command = image->argv.count ? shell_words_join_short(&image->argv, COMMAND_MAX)
                                      : strdup(image->executable);
    char *text = NULL;
    uint32_t ignored;
    if (!command || asprintf(&text, "%s%s%s", what, *command ? ": " : "", command) < 0) {
        free(command);
        return -1;
    }
    int result = add_loss(census, index, text, &ignored);
    free(command);
    free(text);
    return result;
}

int census_end_files(struct census *census)
{
    for (size_t i = 0; i < census->file_count; i++) {
        const struct census_file *file = &census->files[i];
        if (!file->is_seen && add_file_loss(census, file->name, file->image, "is missing") != 0)
            return -1;
    }
    for (size_t i = 0; i < census->image_count; i++) {
        const struct census_image *image = &census->images[i];
        if (image->in_memory &&
            lose_image(census, (uint32_t)i, "what was kept in memory was not written") != 0)
            return -1;
        /* One that executes another program without a word has run nothing since it was forked. */
        bool failed = image->owes && !image->may_exec && !image->was_replaced &&
                      !census_is_live(census, image);
        if (failed &&
            lose_image(census, (uint32_t)i, "an interpreter ended before it could save") != 0)
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

/* The image that an exec made whose parent told of it late; CENSUS_NONE. */
static uint32_t find_made(const struct census *census, const struct census_exec *exec,
                          const char *path)
{
    if (exec->since || !exec->id) {
        uint32_t first = exec->id ? find_newest(census, exec->space, exec->pid) : exec->image;
        for (uint32_t i = first; i != CENSUS_NONE; i = census->images[i].previous) {
            const struct census_image *image = &census->images[i];
            if (!image->is_claimed && !image->is_fork && strcmp(image->executable, path) == 0 &&
                image->time >= exec->since)
                return i;
        }
    }
    /* The first process of a namespace has another number in its parent's. */
    for (uint32_t i = 0; exec->since && i < census->image_count; i++) {
        const struct census_image *image = &census->images[i];
        if (image->pid == 1 && image->ppid == 0 && image->space != exec->space &&
            !image->is_claimed && !image->is_fork && image->time >= exec->since &&
            image->time <= exec->time + EXEC_NANOSECONDS && strcmp(image->executable, path) == 0)
            return i;
    }
    return CENSUS_NONE;
}

/* Images whose parent, as they name it, may be one that never said a word. */
static int find_orphans(struct census *census)
{
    if (census->has_orphans)
        return 0;
    census->has_orphans = true;
    for (size_t i = 0; i < census->image_count; i++) {
        const struct census_image *image = &census->images[i];
        /* Of what is claimed, or forked, it is known what started it: one of ours. */
        if (image->is_process && !image->is_claimed && !image->is_fork && image->ppid > 0 &&
            hash_map_add(&census->orphan_map, hash_process(image->space, image->ppid),
                         (uint32_t)i) != 0)
            return -1;
    }
    return 0;
}

/* Did what the exec made start another process, before its number was another's? */
static bool has_children(const struct census *census, uint32_t index)
{
    const struct census_exec *exec = &census->execs[index];
    uint64_t until = UINT64_MAX;
    for (uint32_t i = find_newest(census, exec->space, exec->pid);
         i != CENSUS_NONE && census->images[i].execs > index; i = census->images[i].previous)
        until = census->images[i].time;
    uint64_t hash = hash_process(exec->space, exec->pid);
    for (size_t at = hash_map_first(&census->orphan_map, hash); at != HASH_MAP_END;
         at = hash_map_next(&census->orphan_map, hash, at)) {
        const struct census_image *image = &census->images[hash_map_value(&census->orphan_map, at)];
        if (image->time >= exec->time && image->time < until)
            return true;
    }
    return false;
}

int census_settle(struct census *census, size_t index, enum census_program program,
                  const char *path, bool is_alive)
{
    struct census_exec *exec = &census->execs[index];
    bool is_python = program == CENSUS_PROGRAM_PYTHON || program == CENSUS_PROGRAM_STRANGE;
    /* The files may be gone, or on another machine. Older libraries tell of execs that fail, too.
     */
    if (program == CENSUS_PROGRAM_GONE && (exec->id || exec->refused))
        is_python = is_python_name(exec->path);
    uint32_t ignored;
    exec->is_settled = true;
    if (!is_python && exec->is_outside) {
        free(exec->refused);
        exec->refused = strdup("out of reach");
        if (!exec->refused)
            return -1;
    }
    if (!is_python && exec->refused)
        return count_reason(&census->refused, &census->refused_count, exec->refused, &ignored);
    if (!is_python)
        return 0;
    uint32_t made = path && !exec->refused ? find_made(census, exec, path) : CENSUS_NONE;
    if (made != CENSUS_NONE) {
        census->images[made].is_claimed = true;
        return 0;
    }
    if (find_orphans(census) != 0)
        return -1;
    if (exec->image != CENSUS_NONE)
        census->images[exec->image].was_replaced = true;
    if (exec->can_load && !exec->refused && program != CENSUS_PROGRAM_STRANGE && !is_alive &&
        !has_children(census, (uint32_t)index)) {
        exec->is_early = true;
        census->early++;
        census->unseen += exec->image == CENSUS_NONE;
        return 0;
    }
    return lose_exec(census, exec);
}

pid_t census_find_exec_process(const struct census_exec *exec, const struct census *census)
{
    uint32_t teller = exec->image != CENSUS_NONE ? exec->image : exec->parent;
    struct live_process_name name = {
        .pid = exec->pid,
        .space = exec->space,
        .boot = teller != CENSUS_NONE ? census->images[teller].boot : 0,
    };
    return live_process_find(&name, exec->time);
}

struct census_counts census_count(const struct census *census)
{
    struct census_counts counts = { .lost = census->unknown_losses, .early = census->early };
    for (size_t i = 0; i < census->image_count; i++) {
        const struct census_image *image = &census->images[i];
        counts.processes += image->is_process;
        counts.with_data += image->has_data;
        counts.lost += image->loss != CENSUS_NONE;
        /* A fork's child on its way to exec is not worth being called an interpreter. */
        bool passing = image->is_fork && image->was_replaced;
        counts.interpreters += image->has_data || (image->is_interpreter && !passing);
    }
    counts.processes += census->extra_data + census->unseen;
    counts.interpreters += census->extra_data + census->unloaded;
    counts.with_data += census->extra_data;
    for (size_t i = 0; i < census->refused_count; i++)
        counts.refused += census->refused[i].count;
    return counts;
}

static pid_t find_process(const struct census *census, const struct census_image *image)
{
    if (find_newest(census, image->space, image->pid) != (uint32_t)(image - census->images))
        return 0;
    struct live_process_name name = { image->pid, image->space, image->boot };
    return live_process_find(&name, image->time);
}

bool census_is_live(const struct census *census, const struct census_image *image)
{
    return find_process(census, image) != 0;
}

const char *census_next_unseen_file(const struct census *census, size_t *index, pid_t *pid)
{
    for (; *index < census->file_count; ++*index) {
        const struct census_file *file = &census->files[*index];
        if (file->image == CENSUS_NONE)
            continue;
        const struct census_image *image = &census->images[file->image];
        struct live_process_name name = { image->pid, image->space, image->boot };
        *pid = (pid_t)image->pid;
        if (!image->end_time && !live_process_is_visible(&name))
            return file->name;
    }
    return NULL;
}

pid_t census_find_live(const struct census *census, pid_t except, bool and_ancestors)
{
    for (size_t i = census->image_count; i-- > 0;) {
        const struct census_image *image = &census->images[i];
        pid_t pid = find_process(census, image);
        if (pid && pid != except && !(and_ancestors && live_process_is_ancestor(pid, except)))
            return pid;
    }
    return 0;
}
