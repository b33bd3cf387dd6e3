/*
 * The tree of processes: its folding, its filter, its depth.
 */
#include "unit.h"

#include "collector/model/process_tree.h"

#include <stdlib.h>

/* Adds a process with one image, whose command has the words of `command`. */
static uint32_t add(struct process_tree *tree, uint32_t parent, int64_t pid, const char *command,
                    const char *note)
{
    uint32_t node;
    struct process_image image = { .version = strdup(""), .note = strdup(note) };
    char *copy = strdup(command), *state = NULL;
    for (char *word = strtok_r(copy, " ", &state); word; word = strtok_r(NULL, " ", &state))
        assert_int_equal(string_list_add(&image.argv, word), 0);
    free(copy);
    assert_int_equal(process_tree_add(tree, parent, pid, (uint64_t)pid, &node), 0);
    assert_int_equal(process_tree_add_image(tree, node, image), 0);
    return node;
}

static void two_that_look_alike_are_not_folded(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    struct process_group root;
    add(&tree, PROCESS_TREE_NONE, 1, "python a.py", "");
    add(&tree, PROCESS_TREE_NONE, 2, "python a.py", "");
    assert_int_equal(process_tree_fold(&tree, false, &root), 0);
    assert_int_equal(root.group_count, 2);
    process_group_close(&root);
    process_tree_close(&tree);
}

static void many_that_differ_in_late_arguments_are_folded(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    struct process_group root;
    struct string_list words = { 0 };
    add(&tree, PROCESS_TREE_NONE, 1, "/usr/bin/python -m x one", "");
    add(&tree, PROCESS_TREE_NONE, 2, "/usr/bin/python -m x two", "");
    add(&tree, PROCESS_TREE_NONE, 3, "/usr/bin/python -m x three four", "");
    assert_int_equal(process_tree_fold(&tree, false, &root), 0);
    assert_int_equal(root.group_count, 1);
    assert_int_equal(root.groups[0].count, 3);
    assert_int_equal(process_group_words(&tree, &root.groups[0], 0, "...", &words), 0);
    assert_int_equal(words.count, 4);
    assert_string_equal(words.items[2], "x");
    assert_string_equal(words.items[3], "...");
    string_list_close(&words);
    process_group_close(&root);
    process_tree_close(&tree);
}

static void other_modules_are_other_groups(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    struct process_group root;
    for (int i = 0; i < 6; i++)
        add(&tree, PROCESS_TREE_NONE, i, i % 2 ? "python -m x" : "python -m y", "");
    assert_int_equal(process_tree_fold(&tree, false, &root), 0);
    assert_int_equal(root.group_count, 2);
    process_group_close(&root);
    process_tree_close(&tree);
}

static void one_that_lost_data_is_not_folded_with_those_that_did_not(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    struct process_group root;
    for (int i = 0; i < 100; i++)
        add(&tree, PROCESS_TREE_NONE, i, "python a.py", i == 50 ? "the disk is full" : "");
    assert_int_equal(process_tree_fold(&tree, false, &root), 0);
    assert_int_equal(root.group_count, 2);
    assert_int_equal(root.groups[0].count, 99);
    assert_int_equal(root.groups[1].count, 1);
    assert_int_equal(tree.nodes[root.groups[1].members[0]].pid, 50);
    process_group_close(&root);
    process_tree_close(&tree);
}

static void a_great_many_of_different_scripts_are_one_group(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    struct process_group root;
    char command[] = "python aa.py";
    for (int i = 0; i < 676; i++) {
        command[7] = (char)('a' + i / 26);
        command[8] = (char)('a' + i % 26);
        add(&tree, PROCESS_TREE_NONE, i, command, "");
    }
    assert_int_equal(process_tree_fold(&tree, false, &root), 0);
    assert_int_equal(root.group_count, 1);
    assert_int_equal(root.groups[0].count, 676);
    process_group_close(&root);
    process_tree_close(&tree);
}

static void children_of_folded_siblings_are_folded_together(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    struct process_group root;
    for (int i = 0; i < 5; i++) {
        uint32_t parent = add(&tree, PROCESS_TREE_NONE, i, "python a.py", "");
        add(&tree, parent, 10 + i, "git status", "");
        if (i == 2)
            add(&tree, parent, 20, "make", "");
    }
    assert_int_equal(process_tree_fold(&tree, false, &root), 0);
    assert_int_equal(root.group_count, 1);
    assert_int_equal(root.groups[0].group_count, 2);
    assert_int_equal(root.groups[0].groups[0].count, 5);
    assert_int_equal(root.groups[0].groups[1].count, 1);
    process_group_close(&root);
    process_tree_close(&tree);
}

static void with_all_nothing_is_folded(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    struct process_group root;
    for (int i = 0; i < 100; i++)
        add(&tree, PROCESS_TREE_NONE, i, "python a.py", "");
    assert_int_equal(process_tree_fold(&tree, true, &root), 0);
    assert_int_equal(root.group_count, 100);
    process_group_close(&root);
    process_tree_close(&tree);
}

static void siblings_stand_in_the_order_of_their_time(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    struct process_group root;
    add(&tree, PROCESS_TREE_NONE, 5, "b", "");
    add(&tree, PROCESS_TREE_NONE, 3, "a", "");
    assert_int_equal(process_tree_fold(&tree, false, &root), 0);
    assert_int_equal(tree.nodes[root.groups[0].members[0]].pid, 3);
    process_group_close(&root);
    process_tree_close(&tree);
}

static void a_filter_keeps_what_matches_and_what_is_above(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    uint32_t top = add(&tree, PROCESS_TREE_NONE, 1, "sh", "");
    uint32_t wanted = add(&tree, top, 2, "python wanted.py", "");
    uint32_t below = add(&tree, wanted, 3, "git", "");
    uint32_t beside = add(&tree, top, 4, "git", "");
    assert_int_equal(process_tree_filter(&tree, "python wanted"), 0);
    assert_false(tree.nodes[top].is_hidden);
    assert_false(tree.nodes[wanted].is_hidden);
    assert_true(tree.nodes[below].is_hidden);
    assert_true(tree.nodes[beside].is_hidden);
    process_tree_close(&tree);
}

static void a_filter_knows_notes_and_numbers(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    uint32_t noted = add(&tree, PROCESS_TREE_NONE, 1, "a", "the disk is full");
    uint32_t numbered = add(&tree, PROCESS_TREE_NONE, 47, "b", "");
    assert_int_equal(process_tree_filter(&tree, "disk"), 0);
    assert_false(tree.nodes[noted].is_hidden);
    assert_true(tree.nodes[numbered].is_hidden);
    assert_int_equal(process_tree_filter(&tree, "47"), 0);
    assert_true(tree.nodes[noted].is_hidden);
    assert_false(tree.nodes[numbered].is_hidden);
    assert_int_equal(process_tree_filter(&tree, "4"), 0);
    assert_true(tree.nodes[numbered].is_hidden);
    process_tree_close(&tree);
}

static void images_stand_in_the_order_of_their_time(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    uint32_t node;
    assert_int_equal(process_tree_add(&tree, PROCESS_TREE_NONE, 1, 1, &node), 0);
    for (uint64_t time = 3; time > 0; time--)
        assert_int_equal(
            process_tree_add_image(
                &tree, node,
                (struct process_image){ .version = strdup(""), .note = strdup(""), .time = time }),
            0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(tree.nodes[node].images[i].time, i + 1);
    process_tree_close(&tree);
}

static void a_very_deep_tree_goes_on_beside(void **state)
{
    (void)state;
    struct process_tree tree = { 0 };
    struct process_group root;
    uint32_t parent = PROCESS_TREE_NONE;
    for (int i = 0; i < 20000; i++)
        parent = add(&tree, parent, i, "sh", "");
    assert_int_equal(tree.nodes[parent].depth, PROCESS_TREE_DEPTH_MAX);
    assert_int_equal(process_tree_fold(&tree, false, &root), 0);
    process_group_close(&root);
    process_tree_close(&tree);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(two_that_look_alike_are_not_folded),
    cmocka_unit_test(many_that_differ_in_late_arguments_are_folded),
    cmocka_unit_test(other_modules_are_other_groups),
    cmocka_unit_test(one_that_lost_data_is_not_folded_with_those_that_did_not),
    cmocka_unit_test(a_great_many_of_different_scripts_are_one_group),
    cmocka_unit_test(children_of_folded_siblings_are_folded_together),
    cmocka_unit_test(with_all_nothing_is_folded),
    cmocka_unit_test(siblings_stand_in_the_order_of_their_time),
    cmocka_unit_test(a_filter_keeps_what_matches_and_what_is_above),
    cmocka_unit_test(a_filter_knows_notes_and_numbers),
    cmocka_unit_test(images_stand_in_the_order_of_their_time),
    cmocka_unit_test(a_very_deep_tree_goes_on_beside),
};

UNIT_MAIN(tests)
