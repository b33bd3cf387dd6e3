/*
 * Siblings look alike when their programs, versions and notes are the same and their arguments
 * begin alike; where that leaves too many, arguments are not looked at.
 */
#include "collector/model/process_tree.h"

#include "collector/base/hash_map.h"
#include "collector/base/path.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer than this are shown singly. */
#define FOLD_MIN 3
/* More groups than this beside each other are folded without regard to arguments. */
#define SIBLINGS_MAX 24
/* Of the code of `python -c CODE`. */
#define CODE_PREFIX 24

void process_image_close(struct process_image *image)
{
    string_list_close(&image->argv);
    free(image->version);
    free(image->note);
    *image = (struct process_image){ 0 };
}

void process_tree_close(struct process_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        for (size_t j = 0; j < tree->nodes[i].image_count; j++)
            process_image_close(&tree->nodes[i].images[j]);
        free(tree->nodes[i].images);
    }
    free(tree->nodes);
    *tree = (struct process_tree){ 0 };
}

int process_tree_add(struct process_tree *tree, uint32_t parent, int64_t pid, uint64_t time,
                     uint32_t *node)
{
    if (tree->count == tree->room) {
        size_t room = tree->room ? tree->room * 2 : 64;
        struct process_node *larger = realloc(tree->nodes, room * sizeof *larger);
        if (!larger)
            return -1;
        tree->nodes = larger;
        tree->room = room;
    }
    while (parent != PROCESS_TREE_NONE && tree->nodes[parent].depth >= PROCESS_TREE_DEPTH_MAX)
        parent = tree->nodes[parent].parent;
    uint32_t index = (uint32_t)tree->count++;
    tree->nodes[index] = (struct process_node){
        .pid = pid,
        .time = time,
        .parent = parent,
        .first_child = PROCESS_TREE_NONE,
        .last_child = PROCESS_TREE_NONE,
        .next_sibling = PROCESS_TREE_NONE,
        .depth = parent == PROCESS_TREE_NONE ? 0 : tree->nodes[parent].depth + 1,
        .is_parent_known = true,
    };
    if (parent != PROCESS_TREE_NONE) {
        struct process_node *above = &tree->nodes[parent];
        if (above->last_child == PROCESS_TREE_NONE)
            above->first_child = index;
        else
            tree->nodes[above->last_child].next_sibling = index;
        above->last_child = index;
    }
    *node = index;
    return 0;
}

int process_tree_add_image(struct process_tree *tree, uint32_t node, struct process_image image)
{
    struct process_node *to = &tree->nodes[node];
    struct process_image *larger = image.version && image.note
                                       ? realloc(to->images, (to->image_count + 1) * sizeof *larger)
                                       : NULL;
    if (!larger) {
        process_image_close(&image);
        return -1;
    }
    to->images = larger;
    size_t at = to->image_count++;
    for (; at > 0 && larger[at - 1].time > image.time; at--)
        larger[at] = larger[at - 1];
    larger[at] = image;
    return 0;
}

/* 1, 0, or -1 (memory). */
static int matches(const struct process_node *node, const char *text)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, node->pid);
    if (strcmp(number, text) == 0)
        return 1;
    for (size_t i = 0; i < node->image_count; i++) {
        const struct process_image *image = &node->images[i];
        char *command;
        size_t size;
        FILE *stream = open_memstream(&command, &size);
        if (!stream)
            return -1;
        for (size_t j = 0; j < image->argv.count; j++)
            fprintf(stream, "%s%s", j ? " " : "", image->argv.items[j]);
        if (fclose(stream) != 0) {
            free(command);
            return -1;
        }
        bool found =
            strstr(command, text) || strstr(image->version, text) || strstr(image->note, text);
        free(command);
        if (found)
            return 1;
    }
    return 0;
}

int process_tree_filter(struct process_tree *tree, const char *text)
{
    for (size_t i = 0; i < tree->count; i++)
        tree->nodes[i].is_hidden = true;
    for (size_t i = 0; i < tree->count; i++) {
        int found = matches(&tree->nodes[i], text);
        if (found < 0)
            return -1;
        for (uint32_t at = found ? (uint32_t)i : PROCESS_TREE_NONE;
             at != PROCESS_TREE_NONE && tree->nodes[at].is_hidden; at = tree->nodes[at].parent)
            tree->nodes[at].is_hidden = false;
    }
    return 0;
}

static bool has_digit(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (isdigit((unsigned char)word[i]))
            return true;
    return false;
}

/* Words with numbers in them are names that something made up. */
static void put_masked(FILE *stream, const char *text)
{
    while (*text) {
        size_t blanks = strspn(text, " ");
        text += blanks;
        size_t length = strcspn(text, " ");
        if (has_digit(text, length))
            fputs(" #", stream);
        else
            fprintf(stream, " %.*s", (int)length, text);
        text += length;
    }
}

/* The words up to the first that is no option: the script, module or subcommand. */
static void put_command(FILE *stream, const struct string_list *argv)
{
    for (size_t i = 1; i < argv->count; i++) {
        const char *word = argv->items[i];
        if (strcmp(word, "-c") == 0 && i + 1 < argv->count) {
            char code[CODE_PREFIX + 1];
            snprintf(code, sizeof code, "%s", argv->items[i + 1]);
            fputs(" -c", stream);
            put_masked(stream, code);
            return;
        }
        put_masked(stream, word);
        if (strcmp(word, "-m") == 0 && i + 1 < argv->count)
            put_masked(stream, argv->items[++i]);
        else if (word[0] == '-')
            continue;
        return;
    }
}

/* What two nodes have in common when they look alike. Caller frees; NULL when memory ran out. */
static char *describe(const struct process_node *node, bool with_arguments)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    for (size_t i = 0; i < node->image_count; i++) {
        const struct process_image *image = &node->images[i];
        fputs(image->argv.count ? path_base_name(image->argv.items[0]) : "", stream);
        if (with_arguments)
            put_command(stream, &image->argv);
        fprintf(stream, "\n%s %d %d %d", image->version, image->has_lines, image->is_lost,
                (int)image->ending);
        put_masked(stream, image->note);
        putc('\n', stream);
    }
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

void process_group_close(struct process_group *group)
{
    for (size_t i = 0; i < group->group_count; i++)
        process_group_close(&group->groups[i]);
    free(group->groups);
    free(group->members);
    *group = (struct process_group){ 0 };
}

static int compare_times(const void *a, const void *b, void *context)
{
    const struct process_node *nodes = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    if (nodes[left].time != nodes[right].time)
        return nodes[left].time < nodes[right].time ? -1 : 1;
    return left < right ? -1 : left > right;
}

/* Gives each of `nodes` the number of its kind in `kinds`; how many there are, or -1 (memory). */
static ptrdiff_t find_kinds(const struct process_tree *tree, const uint32_t *nodes, size_t count,
                            bool with_arguments, uint32_t *kinds)
{
    struct hash_map map = { 0 };
    char **texts = calloc(count, sizeof *texts);
    size_t found = 0;
    bool failed = !texts;
    for (size_t i = 0; !failed && i < count; i++) {
        char *text = describe(&tree->nodes[nodes[i]], with_arguments);
        uint64_t hash = text ? hash_bytes(text, strlen(text)) : 0;
        size_t at = text ? hash_map_first(&map, hash) : HASH_MAP_END;
        while (at != HASH_MAP_END && strcmp(texts[hash_map_value(&map, at)], text) != 0)
            at = hash_map_next(&map, hash, at);
        if (at != HASH_MAP_END) {
            kinds[i] = hash_map_value(&map, at);
            free(text);
        } else if (text && hash_map_add(&map, hash, (uint32_t)found) == 0) {
            kinds[i] = (uint32_t)found;
            texts[found++] = text;
        } else {
            free(text);
            failed = true;
        }
    }
    for (size_t i = 0; i < found; i++)
        free(texts[i]);
    free(texts);
    hash_map_close(&map);
    return failed ? -1 : (ptrdiff_t)found;
}

/* How many groups `kinds` make when small ones are not folded. */
static size_t count_shown(const size_t *sizes, size_t kinds)
{
    size_t shown = 0;
    for (size_t i = 0; i < kinds; i++)
        shown += sizes[i] < FOLD_MIN ? sizes[i] : 1;
    return shown;
}

static void count_sizes(const uint32_t *kinds, size_t count, size_t *sizes)
{
    memset(sizes, 0, count * sizeof *sizes);
    for (size_t i = 0; i < count; i++)
        sizes[kinds[i]]++;
}

static int add_group(struct process_group *to, size_t members)
{
    struct process_group *group = &to->groups[to->group_count];
    *group = (struct process_group){ .members = calloc(members, sizeof(uint32_t)) };
    if (!group->members)
        return -1;
    to->group_count++;
    return 0;
}

/* Puts `nodes`, `count` of them and sorted, into groups of `to`. */
static int make_groups(const struct process_tree *tree, const uint32_t *nodes, size_t count,
                       bool all, struct process_group *to)
{
    uint32_t *kinds = calloc(count, sizeof *kinds), *places = calloc(count, sizeof *places);
    size_t *sizes = calloc(count, sizeof *sizes);
    to->groups = calloc(count, sizeof *to->groups);
    int result = kinds && places && sizes && to->groups ? 0 : -1;
    ptrdiff_t found = (ptrdiff_t)count;
    if (result == 0 && !all) {
        found = find_kinds(tree, nodes, count, true, kinds);
        if (found > 0) {
            count_sizes(kinds, count, sizes);
            if (count_shown(sizes, (size_t)found) > SIBLINGS_MAX) {
                found = find_kinds(tree, nodes, count, false, kinds);
                if (found > 0)
                    count_sizes(kinds, count, sizes);
            }
        }
    }
    if (found < 0)
        result = -1;
    for (size_t i = 0; result == 0 && i < count; i++) {
        bool is_single = all || sizes[kinds[i]] < FOLD_MIN;
        size_t place = is_single ? 0 : places[kinds[i]];
        if (place == 0) {
            result = add_group(to, is_single ? 1 : sizes[kinds[i]]);
            place = to->group_count;
            if (!is_single)
                places[kinds[i]] = (uint32_t)place;
        }
        if (result == 0) {
            struct process_group *group = &to->groups[place - 1];
            group->members[group->count++] = nodes[i];
        }
    }
    free(kinds);
    free(places);
    free(sizes);
    return result;
}

/* Fills the groups of `to` with the children of its members; those of the tree itself for none. */
static int fold_children(const struct process_tree *tree, bool all, struct process_group *to)
{
    size_t count = 0, room = 16;
    uint32_t *nodes = malloc(room * sizeof *nodes);
    size_t parents = to->members ? to->count : 1;
    int result = nodes ? 0 : -1;
    for (size_t i = 0; result == 0 && i < parents; i++) {
        uint32_t at = to->members ? tree->nodes[to->members[i]].first_child : 0;
        while (result == 0 && at < tree->count) {
            const struct process_node *node = &tree->nodes[at];
            if (!node->is_hidden && (to->members || node->parent == PROCESS_TREE_NONE)) {
                if (count == room) {
                    uint32_t *larger = realloc(nodes, 2 * room * sizeof *larger);
                    if (!larger) {
                        result = -1;
                        break;
                    }
                    nodes = larger;
                    room *= 2;
                }
                nodes[count++] = at;
            }
            at = to->members ? node->next_sibling : at + 1;
        }
    }
    if (result == 0 && count > 0) {
        qsort_r(nodes, count, sizeof *nodes, compare_times, tree->nodes);
        result = make_groups(tree, nodes, count, all, to);
    }
    free(nodes);
    for (size_t i = 0; result == 0 && i < to->group_count; i++)
        result = fold_children(tree, all, &to->groups[i]);
    return result;
}

int process_tree_fold(const struct process_tree *tree, bool all, struct process_group *root)
{
    *root = (struct process_group){ 0 };
    if (fold_children(tree, all, root) == 0)
        return 0;
    process_group_close(root);
    return -1;
}

int process_group_words(const struct process_tree *tree, const struct process_group *group,
                        size_t index, const char *ellipsis, struct string_list *words)
{
    const struct process_node *first = &tree->nodes[group->members[0]];
    const struct string_list *argv = &first->images[index].argv;
    size_t shortest = argv->count, longest = argv->count;
    for (size_t i = 1; i < group->count; i++) {
        size_t length = tree->nodes[group->members[i]].images[index].argv.count;
        shortest = length < shortest ? length : shortest;
        longest = length > longest ? length : longest;
    }
    bool differs = false;
    for (size_t i = 0; i < longest; i++) {
        bool same = i < shortest;
        for (size_t j = 1; same && j < group->count; j++)
            same = strcmp(tree->nodes[group->members[j]].images[index].argv.items[i],
                          argv->items[i]) == 0;
        if (same && string_list_add(words, argv->items[i]) != 0)
            return -1;
        /* One for all that follow each other. */
        if (!same && !differs && string_list_add(words, ellipsis) != 0)
            return -1;
        differs = !same;
    }
    return 0;
}
