/*
 * Each image of the census becomes a process, but for a fork's child that only went on to an exec.
 * A process that a signal ended could not say so: of it, only its last sign of life is known.
 */
#include "collector/read/process_census.h"

#include "collector/base/shell_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct joiner {
    struct process_lines *lines;
    const uint8_t *session;
    const struct census *census;
    uint32_t *processes; /* of the images */
    uint32_t *next;      /* the image that an exec made of an image; CENSUS_NONE */
};

/* A fork's child on its way to exec: what it became says more. */
static bool is_passing(const struct joiner *joiner, uint32_t index)
{
    const struct census_image *image = &joiner->census->images[index];
    return image->is_fork && joiner->next[index] != CENSUS_NONE && !image->has_data &&
           image->loss == CENSUS_NONE;
}

/* Which images the processes are that left data. One that no image stands for keeps what its data
 * says; a second one of an image is shown below the first. */
static void join_data(struct joiner *joiner)
{
    for (size_t i = 0; i < joiner->lines->count; i++) {
        struct run_process *process = &joiner->lines->processes[i];
        if (memcmp(process->session, joiner->session, MODEL_ID_SIZE) != 0)
            continue;
        uint32_t image = census_find_image(joiner->census, process->pid, process->start);
        if (image == CENSUS_NONE)
            continue;
        if (joiner->processes[image] == PROCESS_NONE) {
            joiner->processes[image] = (uint32_t)i;
        } else {
            process->parent = joiner->processes[image];
            process->is_fork = process->is_known = true;
        }
    }
}

static int add_others(struct joiner *joiner)
{
    const struct census *census = joiner->census;
    for (size_t i = census->image_count; i-- > 0;) {
        const struct census_image *image = &census->images[i];
        if (joiner->processes[i] != PROCESS_NONE)
            continue;
        if (is_passing(joiner, (uint32_t)i))
            joiner->processes[i] = joiner->processes[joiner->next[i]];
        else if (process_lines_add_process(joiner->lines, joiner->session, image->pid, image->time,
                                           &joiner->processes[i]) != 0)
            return -1;
    }
    return 0;
}

static const char *describe_lack(const struct joiner *joiner, const struct census_image *image)
{
    if (image->loss != CENSUS_NONE)
        return joiner->census->lost[image->loss].text;
    if (image->has_data || !image->is_interpreter)
        return "";
    return image->is_fork ? "no line of its own" : "ran no measured line";
}

static int describe(const struct joiner *joiner, const struct census_image *image,
                    struct run_process *process)
{
    const char *note = describe_lack(joiner, image);
    char *command = image->argv.count ? shell_words_join(&image->argv) : strdup(image->executable);
    if (!command)
        return -1;
    free(process->command);
    process->command = command;
    if (run_process_set(&process->note, note, strlen(note)) != 0)
        return -1;
    return *image->python ? run_process_set(&process->python, image->python, strlen(image->python))
                          : 0;
}

static void find_end(const struct joiner *joiner, uint32_t index, struct run_process *process)
{
    const struct census_image *image = &joiner->census->images[index];
    uint32_t next = joiner->next[index];
    process->began = image->time;
    if (next != CENSUS_NONE) {
        process->ending = RUN_ENDING_REPLACED;
        process->end = joiner->census->images[next].time;
        return;
    }
    if (image->end_time) {
        process->ending = RUN_ENDING_SAID;
        process->end = image->end_time;
        return;
    }
    process->ending = RUN_ENDING_UNKNOWN;
    process->end = image->last_time;
    /* That its data began is a sign of life, too. */
    if (process->start > process->end)
        process->end = process->start;
    if (process->end > image->time)
        process->ending = RUN_ENDING_LATER;
    if (census_is_live(joiner->census, image))
        process->ending = RUN_ENDING_LIVE;
}

static int fill(struct joiner *joiner, uint32_t index)
{
    const struct census_image *image = &joiner->census->images[index];
    if (is_passing(joiner, index))
        return 0;
    uint32_t own = joiner->processes[index];
    struct run_process *process = &joiner->lines->processes[own];
    process->is_known = true;
    process->is_fork = image->is_fork;
    process->is_lost = image->loss != CENSUS_NONE;
    process->is_interpreter |= image->is_interpreter;
    if (image->parent != CENSUS_NONE && joiner->processes[image->parent] != own)
        process->parent = joiner->processes[image->parent];
    if (!image->is_process && image->previous != CENSUS_NONE &&
        joiner->processes[image->previous] != own)
        process->previous = joiner->processes[image->previous];
    find_end(joiner, index, process);
    return describe(joiner, image, process);
}

/* Pythons that nobody heard of again: those that ended before their first line, and lost ones. */
static int add_unheard(struct joiner *joiner, const struct census_exec *exec)
{
    uint32_t own, above = exec->image != CENSUS_NONE ? exec->image : exec->parent;
    if (!exec->is_early && exec->loss == CENSUS_NONE)
        return 0;
    if (process_lines_add_process(joiner->lines, joiner->session, exec->pid, exec->time, &own) != 0)
        return -1;
    struct run_process *process = &joiner->lines->processes[own];
    const char *note =
        exec->is_early ? "ended before its first line" : joiner->census->lost[exec->loss].text;
    process->is_known = true;
    process->is_lost = !exec->is_early;
    process->is_interpreter |= process->is_lost;
    process->began = process->end = exec->time;
    if (above != CENSUS_NONE && joiner->processes[above] != own) {
        if (exec->image != CENSUS_NONE)
            process->previous = joiner->processes[above];
        else
            process->parent = joiner->processes[above];
    }
    return run_process_set(&process->command, exec->command, strlen(exec->command)) == 0
               ? run_process_set(&process->note, note, strlen(note))
               : -1;
}

/* A process lived at least until the last of its children began. */
static void note_children(struct process_lines *lines, const uint8_t session[MODEL_ID_SIZE])
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct run_process *process = &lines->processes[i];
        if (process->parent == PROCESS_NONE ||
            memcmp(process->session, session, MODEL_ID_SIZE) != 0)
            continue;
        struct run_process *parent = &lines->processes[process->parent];
        if ((parent->ending == RUN_ENDING_UNKNOWN || parent->ending == RUN_ENDING_LATER) &&
            process->began > parent->end) {
            parent->end = process->began;
            parent->ending = RUN_ENDING_LATER;
        }
    }
}

int process_census_add(struct process_lines *lines, const uint8_t session[MODEL_ID_SIZE],
                       const struct census *census)
{
    size_t count = census->image_count;
    struct joiner joiner = {
        .lines = lines,
        .session = session,
        .census = census,
        .processes = malloc((count + 1) * sizeof(uint32_t)),
        .next = malloc((count + 1) * sizeof(uint32_t)),
    };
    int result = joiner.processes && joiner.next ? 0 : -1;
    for (size_t i = 0; result == 0 && i < count; i++) {
        joiner.processes[i] = PROCESS_NONE;
        joiner.next[i] = CENSUS_NONE;
        if (!census->images[i].is_process && census->images[i].previous != CENSUS_NONE)
            joiner.next[census->images[i].previous] = (uint32_t)i;
    }
    if (result == 0) {
        join_data(&joiner);
        result = add_others(&joiner);
    }
    for (size_t i = 0; result == 0 && i < count; i++)
        result = fill(&joiner, (uint32_t)i);
    for (size_t i = 0; result == 0 && i < census->exec_count; i++)
        result = add_unheard(&joiner, &census->execs[i]);
    if (result == 0)
        note_children(lines, session);
    free(joiner.processes);
    free(joiner.next);
    return result;
}
