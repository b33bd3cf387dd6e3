/*
 * A set is found again by a hash of its words; a process has a list of pairs of a source and a set.
 */
#include "collector/model/process_lines.h"

#include <stdlib.h>
#include <string.h>

struct process_sources {
    struct process_source *items; /* sorted by source */
    size_t count, room;
};

void process_lines_init(struct process_lines *lines)
{
    *lines = (struct process_lines){ 0 };
}

static void close_process(struct run_process *process)
{
    free(process->command);
    free(process->python);
    free(process->context);
    free(process->note);
}

void process_lines_close(struct process_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        close_process(&lines->processes[i]);
        free(lines->sources[i].items);
    }
    for (size_t i = 0; i < lines->set_count; i++)
        line_set_close(&lines->sets[i]);
    free(lines->processes);
    free(lines->sources);
    free(lines->sets);
    free(lines->line_counts);
    hash_map_close(&lines->process_map);
    hash_map_close(&lines->set_map);
    *lines = (struct process_lines){ 0 };
}

static uint64_t hash_process(const uint8_t session[MODEL_ID_SIZE], int64_t pid, uint64_t start)
{
    return hash_integer(hash_bytes(session, MODEL_ID_SIZE) ^
                        hash_integer((uint64_t)pid ^ hash_integer(start)));
}

int run_process_set(char **to, const char *text, size_t length)
{
    char *copy = strndup(text, length);
    if (!copy)
        return -1;
    free(*to);
    *to = copy;
    return 0;
}

static int grow_processes(struct process_lines *lines)
{
    if (lines->count < lines->room)
        return 0;
    size_t room = lines->room ? lines->room * 2 : 64;
    struct run_process *processes = realloc(lines->processes, room * sizeof *processes);
    if (!processes)
        return -1;
    lines->processes = processes;
    struct process_sources *sources = realloc(lines->sources, room * sizeof *sources);
    if (!sources)
        return -1;
    lines->sources = sources;
    lines->room = room;
    return 0;
}

int process_lines_add_process(struct process_lines *lines, const uint8_t session[MODEL_ID_SIZE],
                              int64_t pid, uint64_t start, uint32_t *process)
{
    uint64_t hash = hash_process(session, pid, start);
    for (size_t at = hash_map_first(&lines->process_map, hash); at != HASH_MAP_END;
         at = hash_map_next(&lines->process_map, hash, at)) {
        *process = hash_map_value(&lines->process_map, at);
        const struct run_process *known = &lines->processes[*process];
        if (known->pid == pid && known->start == start &&
            memcmp(known->session, session, MODEL_ID_SIZE) == 0)
            return 0;
    }
    if (lines->count >= PROCESS_NONE || grow_processes(lines) != 0)
        return -1;
    struct run_process added = {
        .pid = pid,
        .start = start,
        .began = start,
        .parent = PROCESS_NONE,
        .previous = PROCESS_NONE,
        .command = calloc(1, 1),
        .python = calloc(1, 1),
        .context = calloc(1, 1),
        .note = calloc(1, 1),
    };
    memcpy(added.session, session, MODEL_ID_SIZE);
    *process = (uint32_t)lines->count;
    if (!added.command || !added.python || !added.context || !added.note ||
        hash_map_add(&lines->process_map, hash, *process) != 0) {
        close_process(&added);
        return -1;
    }
    lines->processes[lines->count] = added;
    lines->sources[lines->count++] = (struct process_sources){ 0 };
    return 0;
}

/* Words up to the last that is not 0: sets that are equal have equal words. */
static size_t count_words(const struct line_set *set)
{
    size_t count = set->word_count;
    while (count && set->words[count - 1] == 0)
        count--;
    return count;
}

static bool find_set(const struct process_lines *lines, const struct line_set *set, size_t words,
                     uint64_t hash, uint32_t *index)
{
    for (size_t at = hash_map_first(&lines->set_map, hash); at != HASH_MAP_END;
         at = hash_map_next(&lines->set_map, hash, at)) {
        *index = hash_map_value(&lines->set_map, at);
        const struct line_set *known = &lines->sets[*index];
        if (known->word_count == words &&
            memcmp(known->words, set->words, words * sizeof *set->words) == 0)
            return true;
    }
    return false;
}

/* The number of a set that is equal to `set`; PROCESS_NONE when there is no room for it. */
static int intern_set(struct process_lines *lines, const struct line_set *set, uint32_t *index)
{
    size_t words = count_words(set), size = words * sizeof *set->words;
    uint64_t hash = hash_bytes(set->words, size);
    if (find_set(lines, set, words, hash, index))
        return 0;
    *index = PROCESS_NONE;
    if (lines->set_bytes + size > PROCESS_LINES_BYTES_MAX || lines->set_count >= PROCESS_NONE) {
        lines->is_cut = true;
        return 0;
    }
    if (lines->set_count == lines->set_room) {
        size_t room = lines->set_room ? lines->set_room * 2 : 256;
        struct line_set *larger = realloc(lines->sets, room * sizeof *larger);
        if (!larger)
            return -1;
        lines->sets = larger;
        uint32_t *counts = realloc(lines->line_counts, room * sizeof *counts);
        if (!counts)
            return -1;
        lines->line_counts = counts;
        lines->set_room = room;
    }
    struct line_set copy = { malloc(size ? size : 1), words };
    if (!copy.words || hash_map_add(&lines->set_map, hash, (uint32_t)lines->set_count) != 0) {
        free(copy.words);
        return -1;
    }
    memcpy(copy.words, set->words, size);
    *index = (uint32_t)lines->set_count;
    lines->line_counts[lines->set_count] = (uint32_t)line_set_count(set);
    lines->sets[lines->set_count++] = copy;
    lines->set_bytes += size + sizeof copy;
    return 0;
}

/* Where a source is, or is to be, in the list, which is sorted by source. */
static size_t find_place(const struct process_sources *sources, uint32_t source)
{
    size_t from = 0, to = sources->count;
    if (to && sources->items[to - 1].source < source)
        return to;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (sources->items[middle].source < source)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static int insert_source(struct process_sources *sources, size_t at, uint32_t source, uint32_t set)
{
    if (sources->count == sources->room) {
        /* Little more than is needed: there is a list of each process. */
        size_t room = sources->room ? sources->room + sources->room / 2 : 8;
        struct process_source *larger = realloc(sources->items, room * sizeof *larger);
        if (!larger)
            return -1;
        sources->items = larger;
        sources->room = room;
    }
    memmove(sources->items + at + 1, sources->items + at,
            (sources->count - at) * sizeof *sources->items);
    sources->items[at] = (struct process_source){ source, set };
    sources->count++;
    return 0;
}

int process_lines_add(struct process_lines *lines, uint32_t process, uint32_t source,
                      const struct line_set *set)
{
    if (count_words(set) == 0)
        return 0;
    struct process_sources *sources = &lines->sources[process];
    size_t at = find_place(sources, source);
    uint32_t index;
    lines->processes[process].has_lines = true;
    if (at == sources->count || sources->items[at].source != source) {
        if (intern_set(lines, set, &index) != 0)
            return -1;
        if (index == PROCESS_NONE) {
            lines->processes[process].line_count += line_set_count(set);
            return 0;
        }
        lines->processes[process].line_count += lines->line_counts[index];
        return insert_source(sources, at, source, index);
    }
    struct line_set both = LINE_SET_EMPTY;
    const struct line_set *before = &lines->sets[sources->items[at].set];
    size_t count_before = lines->line_counts[sources->items[at].set];
    int result = line_set_copy(&both, before) == 0 && line_set_unite(&both, set) == 0 ? 0 : -1;
    if (result == 0)
        result = intern_set(lines, &both, &index);
    if (result == 0 && index != PROCESS_NONE) {
        lines->processes[process].line_count += lines->line_counts[index] - count_before;
        sources->items[at].set = index;
    }
    line_set_close(&both);
    return result;
}

int process_lines_add_bitmap(struct process_lines *lines, uint32_t process, uint32_t source,
                             const unsigned char *bitmap, size_t size)
{
    struct line_set set;
    /* As it lies in the file, it is a set already. */
    if (line_set_view(&set, bitmap, size))
        return process_lines_add(lines, process, source, &set);
    set = LINE_SET_EMPTY;
    int result = line_set_unite_bitmap(&set, bitmap, size);
    if (result == 0)
        result = process_lines_add(lines, process, source, &set);
    line_set_close(&set);
    return result;
}

const struct process_source *process_lines_of(const struct process_lines *lines, uint32_t process,
                                              size_t *count)
{
    *count = lines->sources[process].count;
    return lines->sources[process].items;
}

static int compare_processes(const void *a, const void *b, void *processes)
{
    const struct run_process *left = (struct run_process *)processes + *(const uint32_t *)a;
    const struct run_process *right = (struct run_process *)processes + *(const uint32_t *)b;
    int order = memcmp(left->session, right->session, MODEL_ID_SIZE);
    if (order)
        return order;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    return (left->pid > right->pid) - (left->pid < right->pid);
}

int process_lines_sort(struct process_lines *lines)
{
    size_t count = lines->count;
    uint32_t *order = malloc((count + 1) * sizeof *order);
    uint32_t *place = malloc((count + 1) * sizeof *place);
    struct run_process *processes = malloc((count + 1) * sizeof *processes);
    struct process_sources *sources = malloc((count + 1) * sizeof *sources);
    struct hash_map map = { 0 };
    int result = order && place && processes && sources ? 0 : -1;
    for (size_t i = 0; result == 0 && i < count; i++)
        order[i] = (uint32_t)i;
    if (result == 0 && count > 1)
        qsort_r(order, count, sizeof *order, compare_processes, lines->processes);
    for (size_t i = 0; result == 0 && i < count; i++) {
        place[order[i]] = (uint32_t)i;
        const struct run_process *process = &lines->processes[order[i]];
        result = hash_map_add(&map, hash_process(process->session, process->pid, process->start),
                              (uint32_t)i);
    }
    if (result == 0) {
        for (size_t i = 0; i < count; i++) {
            processes[i] = lines->processes[order[i]];
            sources[i] = lines->sources[order[i]];
            if (processes[i].parent != PROCESS_NONE)
                processes[i].parent = place[processes[i].parent];
            if (processes[i].previous != PROCESS_NONE)
                processes[i].previous = place[processes[i].previous];
        }
        free(lines->processes);
        free(lines->sources);
        hash_map_close(&lines->process_map);
        lines->processes = processes;
        lines->sources = sources;
        lines->process_map = map;
        lines->room = count + 1;
    } else {
        free(processes);
        free(sources);
        hash_map_close(&map);
    }
    free(order);
    free(place);
    return result;
}

/* One pair of a process, while they are turned around. */
struct runner_pair {
    uint32_t set, process;
};

/* The pairs of all processes by source, in each by process. `*first` is where those of a source
 * begin, with the end of all at its end. Counted, not sorted: there may be millions. */
static struct runner_pair *collect_pairs(const struct process_lines *lines, size_t **first,
                                         size_t *source_count)
{
    size_t total = 0, sources = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const struct process_sources *of = &lines->sources[i];
        total += of->count;
        if (of->count && of->items[of->count - 1].source >= sources)
            sources = (size_t)of->items[of->count - 1].source + 1;
    }
    struct runner_pair *pairs = malloc((total + 1) * sizeof *pairs);
    size_t *next = calloc(sources + 2, sizeof *next);
    if (!pairs || !next) {
        free(pairs);
        free(next);
        return NULL;
    }
    /* Two places on, so that where the next pair goes becomes where the source after begins. */
    for (size_t i = 0; i < lines->count; i++)
        for (size_t j = 0; j < lines->sources[i].count; j++)
            next[lines->sources[i].items[j].source + 2]++;
    for (size_t i = 2; i <= sources; i++)
        next[i] += next[i - 1];
    for (size_t i = 0; i < lines->count; i++)
        for (size_t j = 0; j < lines->sources[i].count; j++) {
            const struct process_source *pair = &lines->sources[i].items[j];
            pairs[next[pair->source + 1]++] = (struct runner_pair){ pair->set, (uint32_t)i };
        }
    *first = next;
    *source_count = sources;
    return pairs;
}

static int append_runner(struct source_runners *runners, size_t *room, uint32_t set)
{
    if (runners->count == *room) {
        size_t larger_room = *room ? *room * 2 : 256;
        struct source_runner *larger = realloc(runners->items, larger_room * sizeof *larger);
        if (!larger)
            return -1;
        runners->items = larger;
        *room = larger_room;
    }
    runners->items[runners->count++] = (struct source_runner){ .set = set };
    return 0;
}

/* Makes the runners of one source, in the order of their first processes, which go to `numbers`.
 * `places` has a place for each set, all 0 before and after. */
static int group_pairs(struct source_runners *runners, size_t *room,
                       const struct runner_pair *pairs, size_t pair_count, uint32_t *numbers,
                       uint32_t *places)
{
    size_t first = runners->count;
    for (size_t i = 0; i < pair_count; i++) {
        uint32_t *place = &places[pairs[i].set];
        if (*place == 0) {
            if (append_runner(runners, room, pairs[i].set) != 0)
                return -1;
            *place = (uint32_t)(runners->count - first);
        }
        runners->items[first + *place - 1].count++;
    }
    /* From here on a place is where the next number of its set goes. */
    for (size_t i = first, at = 0; i < runners->count; i++) {
        places[runners->items[i].set] = (uint32_t)at;
        runners->items[i].processes = numbers + at;
        at += runners->items[i].count;
    }
    for (size_t i = 0; i < pair_count; i++)
        numbers[places[pairs[i].set]++] = pairs[i].process;
    for (size_t i = first; i < runners->count; i++)
        places[runners->items[i].set] = 0;
    return 0;
}

int source_runners_make(struct source_runners *runners, const struct process_lines *lines)
{
    *runners = (struct source_runners){ 0 };
    size_t *first, room = 0;
    struct runner_pair *pairs = collect_pairs(lines, &first, &runners->source_count);
    if (!pairs)
        return -1;
    size_t source_count = runners->source_count;
    uint32_t *places = calloc(lines->set_count + 1, sizeof *places);
    runners->numbers = malloc((first[source_count] + 1) * sizeof *runners->numbers);
    runners->first = calloc(source_count + 1, sizeof *runners->first);
    int result = places && runners->numbers && runners->first ? 0 : -1;
    for (size_t i = 0; result == 0 && i < source_count; i++) {
        result = group_pairs(runners, &room, pairs + first[i], first[i + 1] - first[i],
                             runners->numbers + first[i], places);
        runners->first[i + 1] = runners->count;
    }
    free(places);
    free(first);
    free(pairs);
    if (result != 0)
        source_runners_close(runners);
    return result;
}

void source_runners_close(struct source_runners *runners)
{
    free(runners->items);
    free(runners->numbers);
    free(runners->first);
    *runners = (struct source_runners){ 0 };
}

const struct source_runner *source_runners_of(const struct source_runners *runners, uint32_t source,
                                              size_t *count)
{
    *count = 0;
    if (source >= runners->source_count)
        return NULL;
    *count = runners->first[source + 1] - runners->first[source];
    return runners->items + runners->first[source];
}
