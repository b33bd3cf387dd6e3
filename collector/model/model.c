/*
 * The union of what was recorded. Every list has a hash table beside it, so that a thousand
 * processes that each name hundreds of files are merged in linear time.
 */
#include "collector/model/model.h"

#include "collector/base/room.h"

#include <stdlib.h>
#include <string.h>

/* Of a run: its notes are looked through one by one. */
#define NOTES_MAX 1000

static char *copy_text(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static uint64_t hash_source(const char *path, size_t length, uint64_t size, uint64_t mtime)
{
    return hash_integer(hash_integer(hash_bytes(path, length) ^ size) ^ mtime);
}

static uint64_t hash_lines(uint32_t source, uint32_t context)
{
    return hash_integer((uint64_t)source << 32 | context);
}

int model_init(struct model *model)
{
    *model = (struct model){ 0 };
    uint32_t none;
    if (model_add_context(model, "", 0, &none) != 0) {
        model_close(model);
        return -1;
    }
    return 0;
}

void model_close(struct model *model)
{
    for (size_t i = 0; i < model->source_count; i++) {
        struct model_source *source = &model->sources[i];
        for (size_t j = 0; j < source->table_count; j++)
            line_set_close(&source->tables[j].lines);
        for (size_t j = 0; j < source->lines_count; j++)
            line_set_close(&source->lines[j].lines);
        for (size_t j = 0; j < source->arcs_count; j++)
            arc_set_close(&source->arcs[j].arcs);
        free(source->tables);
        free(source->lines);
        free(source->arcs);
        free(source->path);
        free(source->tracer);
        free(source->other_tracer);
    }
    for (size_t i = 0; i < model->context_count; i++)
        free(model->contexts[i]);
    for (size_t i = 0; i < model->run_count; i++) {
        free(model->runs[i].root);
        free(model->runs[i].executable);
        for (size_t j = 0; j < model->runs[i].note_count; j++)
            free(model->runs[i].notes[j].reason);
        free(model->runs[i].notes);
    }
    for (size_t i = 0; i < model->interpreter_count; i++)
        free(model->interpreters[i].executable);
    free(model->sources);
    free(model->contexts);
    free(model->runs);
    free(model->interpreters);
    hash_map_close(&model->source_map);
    hash_map_close(&model->context_map);
    hash_map_close(&model->lines_map);
    hash_map_close(&model->arcs_map);
    hash_map_close(&model->run_map);
    *model = (struct model){ 0 };
}

int model_add_context(struct model *model, const char *label, size_t length, uint32_t *context)
{
    uint64_t hash = hash_bytes(label, length);
    const struct hash_map *map = &model->context_map;
    for (size_t at = hash_map_first(map, hash); at != HASH_MAP_END;
         at = hash_map_next(map, hash, at)) {
        uint32_t index = hash_map_value(map, at);
        if (strlen(model->contexts[index]) == length &&
            memcmp(model->contexts[index], label, length) == 0) {
            *context = index;
            return 0;
        }
    }
    if (room_for_one((void **)&model->contexts, &model->context_room, model->context_count,
                     sizeof *model->contexts) != 0)
        return -1;
    char *copy = copy_text(label, length);
    if (!copy)
        return -1;
    *context = (uint32_t)model->context_count;
    if (hash_map_add(&model->context_map, hash, *context) != 0) {
        free(copy);
        return -1;
    }
    model->contexts[model->context_count++] = copy;
    return 0;
}

int model_add_source(struct model *model, const char *path, size_t length, uint64_t size,
                     uint64_t mtime, uint32_t *source)
{
    uint64_t hash = hash_source(path, length, size, mtime);
    const struct hash_map *map = &model->source_map;
    for (size_t at = hash_map_first(map, hash); at != HASH_MAP_END;
         at = hash_map_next(map, hash, at)) {
        uint32_t index = hash_map_value(map, at);
        const struct model_source *known = &model->sources[index];
        if (known->size == size && known->mtime == mtime && strlen(known->path) == length &&
            memcmp(known->path, path, length) == 0) {
            *source = index;
            return 0;
        }
    }
    if (room_for_one((void **)&model->sources, &model->source_room, model->source_count,
                     sizeof *model->sources) != 0)
        return -1;
    char *copy = copy_text(path, length);
    if (!copy)
        return -1;
    *source = (uint32_t)model->source_count;
    if (hash_map_add(&model->source_map, hash, *source) != 0) {
        free(copy);
        return -1;
    }
    model->sources[model->source_count++] =
        (struct model_source){ .path = copy, .number = *source, .size = size, .mtime = mtime };
    return 0;
}

void model_set_hash(struct model *model, uint32_t source_index, const uint8_t hash[MODEL_HASH_SIZE])
{
    struct model_source *source = &model->sources[source_index];
    /* Two contents of one path, size and time: whichever it is, the order must not matter. */
    if (!source->has_hash || memcmp(source->hash, hash, MODEL_HASH_SIZE) < 0)
        memcpy(source->hash, hash, MODEL_HASH_SIZE);
    source->has_hash = true;
}

int model_set_tracer(struct model *model, uint32_t source_index, const char *name, size_t length)
{
    struct model_source *source = &model->sources[source_index];
    char *copy = copy_text(name, length);
    if (!copy)
        return -1;
    /* Of several names the greatest and the least, whatever their order. */
    if (!source->tracer) {
        source->tracer = copy;
        return 0;
    }
    const char *least = source->other_tracer ? source->other_tracer : source->tracer;
    if (strcmp(copy, source->tracer) > 0) {
        if (!source->other_tracer)
            source->other_tracer = source->tracer;
        else
            free(source->tracer);
        source->tracer = copy;
    } else if (strcmp(copy, least) < 0) {
        free(source->other_tracer);
        source->other_tracer = copy;
    } else {
        free(copy);
    }
    return 0;
}

int model_add_table(struct model *model, uint32_t source_index, uint32_t python, uint32_t flags,
                    struct line_set **lines)
{
    struct model_source *source = &model->sources[source_index];
    for (size_t i = 0; i < source->table_count; i++)
        if (source->tables[i].python == python && source->tables[i].flags == flags) {
            *lines = &source->tables[i].lines;
            return 0;
        }
    struct model_table *larger =
        realloc(source->tables, (source->table_count + 1) * sizeof *larger);
    if (!larger)
        return -1;
    source->tables = larger;
    larger[source->table_count] = (struct model_table){ python, flags, LINE_SET_EMPTY };
    *lines = &larger[source->table_count++].lines;
    return 0;
}

int model_add_lines(struct model *model, uint32_t source_index, uint32_t context,
                    struct line_set **lines)
{
    struct model_source *source = &model->sources[source_index];
    /* Most often there is one context. */
    if (source->last_lines < source->lines_count &&
        source->lines[source->last_lines].context == context) {
        *lines = &source->lines[source->last_lines].lines;
        return 0;
    }
    uint64_t hash = hash_lines(source_index, context);
    size_t at = hash_map_first(&model->lines_map, hash);
    if (at != HASH_MAP_END) {
        source->last_lines = hash_map_value(&model->lines_map, at);
        *lines = &source->lines[source->last_lines].lines;
        return 0;
    }
    /* Grown at powers of two: a run may have a context for each of its processes. */
    size_t count = source->lines_count;
    if ((count & (count - 1)) == 0) {
        struct model_lines *larger =
            realloc(source->lines, (count ? count * 2 : 1) * sizeof *larger);
        if (!larger)
            return -1;
        source->lines = larger;
    }
    if (hash_map_add(&model->lines_map, hash, (uint32_t)count) != 0)
        return -1;
    source->lines[count] = (struct model_lines){ context, LINE_SET_EMPTY };
    *lines = &source->lines[count].lines;
    source->lines_count++;
    return 0;
}

int model_add_arcs(struct model *model, uint32_t source_index, uint32_t context,
                   struct arc_set **arcs)
{
    struct model_source *source = &model->sources[source_index];
    uint64_t hash = hash_lines(source_index, context);
    size_t at = hash_map_first(&model->arcs_map, hash);
    if (at != HASH_MAP_END) {
        *arcs = &source->arcs[hash_map_value(&model->arcs_map, at)].arcs;
        return 0;
    }
    size_t count = source->arcs_count;
    if ((count & (count - 1)) == 0) {
        struct model_arcs *larger = realloc(source->arcs, (count ? count * 2 : 1) * sizeof *larger);
        if (!larger)
            return -1;
        source->arcs = larger;
    }
    if (hash_map_add(&model->arcs_map, hash, (uint32_t)count) != 0)
        return -1;
    source->arcs[count] = (struct model_arcs){ context, ARC_SET_EMPTY };
    *arcs = &source->arcs[count].arcs;
    source->arcs_count++;
    return 0;
}

static uint32_t greater(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Of two texts the greater, so that the order of merging does not matter; "" loses to any. */
static int keep_greater_text(char **kept, const char *other)
{
    if (strcmp(other, *kept) <= 0)
        return 0;
    char *copy = strdup(other);
    if (!copy)
        return -1;
    free(*kept);
    *kept = copy;
    return 0;
}

static int add_note(struct model_run *run, const char *reason, size_t length, uint32_t count)
{
    for (size_t i = 0; i < run->note_count; i++) {
        struct model_note *note = &run->notes[i];
        if (strlen(note->reason) == length && memcmp(note->reason, reason, length) == 0) {
            note->count = greater(note->count, count);
            return 0;
        }
    }
    if (run->note_count >= NOTES_MAX)
        return 0;
    struct model_note *larger = realloc(run->notes, (run->note_count + 1) * sizeof *larger);
    if (!larger)
        return -1;
    run->notes = larger;
    char *copy = strndup(reason, length);
    if (!copy)
        return -1;
    larger[run->note_count++] = (struct model_note){ copy, count };
    return 0;
}

static struct model_run *find_run(const struct model *model, const uint8_t *session)
{
    uint64_t hash = hash_bytes(session, MODEL_ID_SIZE);
    const struct hash_map *map = &model->run_map;
    for (size_t at = hash_map_first(map, hash); at != HASH_MAP_END;
         at = hash_map_next(map, hash, at)) {
        struct model_run *run = &model->runs[hash_map_value(map, at)];
        if (memcmp(run->session, session, MODEL_ID_SIZE) == 0)
            return run;
    }
    return NULL;
}

void model_add_early(struct model *model, const uint8_t session[MODEL_ID_SIZE], uint32_t count)
{
    struct model_run *run = find_run(model, session);
    if (run)
        run->early = greater(run->early, count);
}

int model_add_note(struct model *model, const uint8_t session[MODEL_ID_SIZE], const char *reason,
                   size_t length, uint32_t count)
{
    struct model_run *run = find_run(model, session);
    return run ? add_note(run, reason, length, count) : 0;
}

static int add_notes(struct model_run *to, const struct model_run *from)
{
    for (size_t i = 0; i < from->note_count; i++)
        if (add_note(to, from->notes[i].reason, strlen(from->notes[i].reason),
                     from->notes[i].count) != 0)
            return -1;
    return 0;
}

int model_add_run(struct model *model, const struct model_run *run)
{
    const char *root = run->root ? run->root : "";
    const char *executable = run->executable ? run->executable : "";
    uint64_t hash = hash_bytes(run->session, MODEL_ID_SIZE);
    struct model_run *known = find_run(model, run->session);
    if (known) {
        /* 0: not known. */
        if (known->start == 0 || (run->start != 0 && run->start < known->start))
            known->start = run->start;
        known->processes = greater(known->processes, run->processes);
        known->interpreters = greater(known->interpreters, run->interpreters);
        known->with_data = greater(known->with_data, run->with_data);
        known->lost = greater(known->lost, run->lost);
        known->early = greater(known->early, run->early);
        return keep_greater_text(&known->root, root) == 0 &&
                       keep_greater_text(&known->executable, executable) == 0
                   ? add_notes(known, run)
                   : -1;
    }
    if (room_for_one((void **)&model->runs, &model->run_room, model->run_count,
                     sizeof *model->runs) != 0)
        return -1;
    struct model_run copy = *run;
    copy.root = strdup(root);
    copy.executable = strdup(executable);
    copy.notes = NULL;
    copy.note_count = 0;
    if (!copy.root || !copy.executable ||
        hash_map_add(&model->run_map, hash, (uint32_t)model->run_count) != 0) {
        free(copy.root);
        free(copy.executable);
        return -1;
    }
    model->runs[model->run_count++] = copy;
    return add_notes(&model->runs[model->run_count - 1], run);
}

int model_add_interpreter(struct model *model, uint32_t python, const char *executable,
                          size_t length)
{
    /* A run has a handful of them. */
    for (size_t i = 0; i < model->interpreter_count; i++) {
        const struct model_interpreter *known = &model->interpreters[i];
        if (known->python == python && strlen(known->executable) == length &&
            memcmp(known->executable, executable, length) == 0)
            return 0;
    }
    if (room_for_one((void **)&model->interpreters, &model->interpreter_room,
                     model->interpreter_count, sizeof *model->interpreters) != 0)
        return -1;
    char *copy = copy_text(executable, length);
    if (!copy)
        return -1;
    model->interpreters[model->interpreter_count++] = (struct model_interpreter){ python, copy };
    return 0;
}

static int merge_source(struct model *to, const struct model_source *from,
                        const uint32_t *context_numbers)
{
    uint32_t index;
    if (model_add_source(to, from->path, strlen(from->path), from->size, from->mtime, &index) != 0)
        return -1;
    if (from->has_hash)
        model_set_hash(to, index, from->hash);
    const char *tracers[] = { from->tracer, from->other_tracer };
    for (size_t i = 0; i < sizeof tracers / sizeof tracers[0]; i++)
        if (tracers[i] && model_set_tracer(to, index, tracers[i], strlen(tracers[i])) != 0)
            return -1;
    for (size_t i = 0; i < from->table_count; i++) {
        const struct model_table *table = &from->tables[i];
        struct line_set *lines;
        if (model_add_table(to, index, table->python, table->flags, &lines) != 0 ||
            line_set_unite(lines, &table->lines) != 0)
            return -1;
    }
    for (size_t i = 0; i < from->lines_count; i++) {
        struct line_set *lines;
        if (model_add_lines(to, index, context_numbers[from->lines[i].context], &lines) != 0 ||
            line_set_unite(lines, &from->lines[i].lines) != 0)
            return -1;
    }
    for (size_t i = 0; i < from->arcs_count; i++) {
        struct arc_set *arcs;
        if (model_add_arcs(to, index, context_numbers[from->arcs[i].context], &arcs) != 0 ||
            arc_set_unite(arcs, &from->arcs[i].arcs) != 0)
            return -1;
    }
    return 0;
}

int model_merge(struct model *to, const struct model *from)
{
    uint32_t *numbers = calloc(from->context_count + 1, sizeof *numbers);
    if (!numbers)
        return -1;
    int result = 0;
    for (size_t i = 0; result == 0 && i < from->context_count; i++)
        result = model_add_context(to, from->contexts[i], strlen(from->contexts[i]), &numbers[i]);
    for (size_t i = 0; result == 0 && i < from->source_count; i++)
        result = merge_source(to, &from->sources[i], numbers);
    for (size_t i = 0; result == 0 && i < from->run_count; i++)
        result = model_add_run(to, &from->runs[i]);
    for (size_t i = 0; result == 0 && i < from->interpreter_count; i++) {
        const struct model_interpreter *interpreter = &from->interpreters[i];
        result = model_add_interpreter(to, interpreter->python, interpreter->executable,
                                       strlen(interpreter->executable));
    }
    free(numbers);
    to->has_branch_data |= from->has_branch_data;
    to->has_line_data |= from->has_line_data;
    return result;
}

int model_source_executed(const struct model_source *source, struct line_set *lines)
{
    for (size_t i = 0; i < source->lines_count; i++)
        if (line_set_unite(lines, &source->lines[i].lines) != 0)
            return -1;
    return 0;
}

int model_source_arcs(const struct model_source *source, struct arc_set *arcs)
{
    for (size_t i = 0; i < source->arcs_count; i++)
        if (arc_set_unite(arcs, &source->arcs[i].arcs) != 0)
            return -1;
    return 0;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_tables(const void *a, const void *b)
{
    const struct model_table *left = a, *right = b;
    int order = compare_numbers(left->python, right->python);
    return order ? order : compare_numbers(left->flags, right->flags);
}

static int compare_sources(const void *a, const void *b)
{
    const struct model_source *left = a, *right = b;
    int order = strcmp(left->path, right->path);
    if (order)
        return order;
    order = compare_numbers(left->size, right->size);
    return order ? order : compare_numbers(left->mtime, right->mtime);
}

static int compare_notes(const void *a, const void *b)
{
    const struct model_note *left = a, *right = b;
    return strcmp(left->reason, right->reason);
}

static int compare_runs(const void *a, const void *b)
{
    const struct model_run *left = a, *right = b;
    return memcmp(left->session, right->session, MODEL_ID_SIZE);
}

static int compare_interpreters(const void *a, const void *b)
{
    const struct model_interpreter *left = a, *right = b;
    int order = compare_numbers(right->python, left->python);
    return order ? order : strcmp(left->executable, right->executable);
}

static int compare_lines(const void *a, const void *b, void *contexts)
{
    const struct model_lines *left = a, *right = b;
    char *const *labels = contexts;
    return strcmp(labels[left->context], labels[right->context]);
}

static int compare_arcs(const void *a, const void *b, void *contexts)
{
    const struct model_arcs *left = a, *right = b;
    char *const *labels = contexts;
    return strcmp(labels[left->context], labels[right->context]);
}

/* Sorting moves what the maps point at. */
static int rebuild_maps(struct model *model)
{
    hash_map_close(&model->source_map);
    hash_map_close(&model->lines_map);
    hash_map_close(&model->arcs_map);
    hash_map_close(&model->run_map);
    for (uint32_t i = 0; i < model->source_count; i++) {
        const struct model_source *source = &model->sources[i];
        uint64_t hash =
            hash_source(source->path, strlen(source->path), source->size, source->mtime);
        if (hash_map_add(&model->source_map, hash, i) != 0)
            return -1;
        for (uint32_t j = 0; j < source->lines_count; j++)
            if (hash_map_add(&model->lines_map, hash_lines(i, source->lines[j].context), j) != 0)
                return -1;
        for (uint32_t j = 0; j < source->arcs_count; j++)
            if (hash_map_add(&model->arcs_map, hash_lines(i, source->arcs[j].context), j) != 0)
                return -1;
    }
    for (uint32_t i = 0; i < model->run_count; i++)
        if (hash_map_add(&model->run_map, hash_bytes(model->runs[i].session, MODEL_ID_SIZE), i) !=
            0)
            return -1;
    return 0;
}

static void sort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count > 1)
        qsort(items, count, size, compare);
}

int model_sort(struct model *model)
{
    sort(model->sources, model->source_count, sizeof *model->sources, compare_sources);
    for (size_t i = 0; i < model->source_count; i++) {
        struct model_source *source = &model->sources[i];
        sort(source->tables, source->table_count, sizeof *source->tables, compare_tables);
        if (source->lines_count > 1)
            qsort_r(source->lines, source->lines_count, sizeof *source->lines, compare_lines,
                    model->contexts);
        if (source->arcs_count > 1)
            qsort_r(source->arcs, source->arcs_count, sizeof *source->arcs, compare_arcs,
                    model->contexts);
        for (size_t j = 0; j < source->arcs_count; j++)
            arc_set_sort(&source->arcs[j].arcs);
    }
    sort(model->runs, model->run_count, sizeof *model->runs, compare_runs);
    for (size_t i = 0; i < model->run_count; i++)
        sort(model->runs[i].notes, model->runs[i].note_count, sizeof *model->runs[i].notes,
             compare_notes);
    sort(model->interpreters, model->interpreter_count, sizeof *model->interpreters,
         compare_interpreters);
    return rebuild_maps(model);
}
