/*
 * The processes of a run as a tree, its filter, and its folding into groups of siblings that look
 * alike. Knows neither where the processes come from nor how they are shown.
 */
#ifndef COVFORK_PROCESS_TREE_H
#define COVFORK_PROCESS_TREE_H

#include "collector/base/string_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCESS_TREE_NONE UINT32_MAX
/* What lies deeper is shown beside its parent: it could not be indented any more. */
#define PROCESS_TREE_DEPTH_MAX 100

enum process_ending { PROCESS_ENDING_UNKNOWN, PROCESS_REPLACED, PROCESS_RUNNING };

/* One program that a process ran; an exec begins the next one. */
struct process_image {
    struct string_list argv;
    char *version;    /* of Python; "" when it is none */
    char *note;       /* why there is no data, or not all of it; "" when there is nothing to say */
    bool is_lost;     /* the note tells of a loss */
    bool is_early;    /* it ended before its first line */
    bool has_lines;   /* it left data */
    size_t lines;     /* that it recorded */
    bool has_length;  /* something is known of how long it lived */
    bool is_at_least; /* it lived so long at least */
    double seconds;
    enum process_ending ending;
    uint64_t time; /* images are kept in this order */
};

struct process_node {
    int64_t pid;
    uint64_t time; /* siblings are shown in this order */
    struct process_image *images;
    size_t image_count;
    uint32_t parent, first_child, last_child, next_sibling; /* PROCESS_TREE_NONE */
    unsigned depth;
    bool is_parent_known;
    bool is_hidden; /* by the filter */
};

struct process_tree {
    struct process_node *nodes;
    size_t count, room;
};

/* Siblings that look alike, or one node. */
struct process_group {
    uint32_t *members; /* in the order of their time */
    size_t count;
    struct process_group *groups; /* of the children of all members */
    size_t group_count;
};

/* A tree begins as { 0 }. */
void process_tree_close(struct process_tree *tree);
/* Adds a process below `parent`, which was added before, or PROCESS_TREE_NONE. Each is to get one
 * image at least. 0 or -1 (memory). */
int process_tree_add(struct process_tree *tree, uint32_t parent, int64_t pid, uint64_t time,
                     uint32_t *node);
/* Adds an image, and takes what it owns, also when it fails. 0 or -1 (memory). */
int process_tree_add_image(struct process_tree *tree, uint32_t node, struct process_image image);
void process_image_close(struct process_image *image);

/* Hides all but the nodes that have `text` in their command, version or note, or as their number,
 * and their ancestors. 0 or -1 (memory). */
int process_tree_filter(struct process_tree *tree, const char *text);

/* Groups what is not hidden; with `all`, each node is a group of its own. The caller closes the
 * result, of which only `groups` counts. 0 or -1 (memory). */
int process_tree_fold(const struct process_tree *tree, bool all, struct process_group *root);
void process_group_close(struct process_group *group);
/* The words of a group's command, in its image `index`, with "…" for what differs. 0 or -1. */
int process_group_words(const struct process_tree *tree, const struct process_group *group,
                        size_t index, const char *ellipsis, struct string_list *words);

#endif
