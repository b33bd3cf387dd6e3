/*
 * A command is cut so that its line fits; what is known of it stands behind it, in brackets, and is
 * never cut.
 */
#include "collector/report/report_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A command keeps so many columns, however deep it is. */
#define COMMAND_MIN 24

struct writer {
    const struct report_tree *report;
    const struct process_tree *tree;
    /* What stands before a node's lines: 3 columns a level. */
    char *prefix;
    size_t prefix_length, prefix_room, prefix_columns;
    bool failed;
};

struct line_style {
    const char *branch, *last, *through, *blank, *arrow, *times, *ellipsis, *dash, *at_least;
};

static const struct line_style unicode_style = {
    "\u251c\u2500 ", "\u2514\u2500 ", "\u2502  ", "   ",    "\u2192 ",
    "\u00d7 ",       "\u2026",        "\u2013",   "\u2265",
};
static const struct line_style ascii_style = {
    "|- ", "`- ", "|  ", "   ", "-> ", "x ", "...", "-", ">=",
};

static const struct line_style *style_of(const struct writer *writer)
{
    return writer->report->is_unicode ? &unicode_style : &ascii_style;
}

static size_t push_prefix(struct writer *writer, const char *text)
{
    size_t before = writer->prefix_length, length = strlen(text);
    if (before + length + 1 > writer->prefix_room) {
        size_t room = (before + length + 1) * 2;
        char *larger = realloc(writer->prefix, room);
        if (!larger) {
            writer->failed = true;
            return before;
        }
        writer->prefix = larger;
        writer->prefix_room = room;
    }
    memcpy(writer->prefix + before, text, length + 1);
    writer->prefix_length += length;
    writer->prefix_columns += 3;
    return before;
}

static void pop_prefix(struct writer *writer, size_t before)
{
    if (writer->failed)
        return;
    writer->prefix_length = before;
    writer->prefix[before] = '\0';
    writer->prefix_columns -= 3;
}

/* Columns of UTF-8 text, one a character. */
static size_t count_columns(const char *text)
{
    size_t columns = 0;
    for (; *text; text++)
        columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns;
}

/* One line of the words, without control characters; caller frees. */
static char *join_words(const struct string_list *words, bool is_unicode)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        if (i)
            putc(' ', stream);
        /* Only the program's own name counts. */
        const char *slash = i == 0 ? strrchr(word, '/') : NULL;
        if (slash && slash[1])
            word = slash + 1;
        bool quoted = !*word || strpbrk(word, " \t\n'\"");
        if (quoted && i)
            putc('\'', stream);
        for (const char *c = word; *c; c++) {
            unsigned char byte = (unsigned char)*c;
            if (byte == '\n')
                fputs("\\n", stream);
            else
                putc(byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !is_unicode) ? '?' : *c,
                     stream);
        }
        if (quoted && i)
            putc('\'', stream);
    }
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static void put_cut(const struct writer *writer, const char *text, size_t columns)
{
    FILE *stream = writer->report->stream;
    if (count_columns(text) <= columns) {
        fputs(text, stream);
        return;
    }
    const char *ellipsis = style_of(writer)->ellipsis;
    columns -= count_columns(ellipsis);
    for (size_t used = 0; *text; text++) {
        used += ((unsigned char)*text & 0xc0) != 0x80;
        if (used > columns)
            break;
        putc(*text, stream);
    }
    fputs(ellipsis, stream);
}

static void put_seconds(FILE *stream, double seconds)
{
    if (seconds < 10)
        fprintf(stream, "%.2f s", seconds);
    else if (seconds < 600)
        fprintf(stream, "%.0f s", seconds);
    else
        fprintf(stream, "%.0f min", seconds / 60);
}

/* What the images at `index` of all members have in common, and from where to where they go. */
static void put_details(const struct writer *writer, const struct process_group *group,
                        size_t index, FILE *stream)
{
    const struct process_tree *tree = writer->tree;
    const struct process_image *image = &tree->nodes[group->members[0]].images[index];
    const struct line_style *style = style_of(writer);
    const char *separator = "";
    size_t least = SIZE_MAX, most = 0;
    bool same_note = true, same_ending = true;
    for (size_t i = 0; i < group->count; i++) {
        const struct process_image *other = &tree->nodes[group->members[i]].images[index];
        least = other->lines < least ? other->lines : least;
        most = other->lines > most ? other->lines : most;
        same_note &= strcmp(other->note, image->note) == 0;
        same_ending &= other->ending == image->ending;
    }
    if (*image->version) {
        fprintf(stream, "%s", image->version);
        separator = ", ";
    }
    bool is_worth_it = !image->is_at_least || image->seconds >= 0.01;
    if (image->has_length && group->count == 1 && is_worth_it) {
        fputs(separator, stream);
        if (image->is_at_least)
            fputs(style->at_least, stream);
        put_seconds(stream, image->seconds);
        separator = ", ";
    }
    if (image->ending == PROCESS_RUNNING && same_ending) {
        fprintf(stream, "%sstill running", separator);
        separator = ", ";
    }
    if (image->has_lines && least == most) {
        fprintf(stream, "%s%zu line%s%s", separator, least, least == 1 ? "" : "s",
                group->count > 1 ? " each" : "");
        separator = ", ";
    } else if (image->has_lines) {
        fprintf(stream, "%s%zu%s%zu lines each", separator, least, style->dash, most);
        separator = ", ";
    }
    if (*image->note) {
        fprintf(stream, "%s%s", separator, image->is_lost ? "lost: " : "");
        for (const char *c = image->note; *c; c++)
            putc((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c, stream);
        if (!same_note)
            fprintf(stream, " and the like");
    }
}

/* `head` stands before the command: the number of the process, or an arrow. */
static int write_line(struct writer *writer, const struct process_group *group, size_t index,
                      const char *head)
{
    struct string_list words = { 0 };
    char *command = NULL, *details = NULL;
    size_t size;
    FILE *stream = open_memstream(&details, &size);
    int result = stream ? 0 : -1;
    if (stream) {
        put_details(writer, group, index, stream);
        if (fclose(stream) != 0)
            result = -1;
    }
    if (result == 0)
        result =
            process_group_words(writer->tree, group, index, style_of(writer)->ellipsis, &words);
    if (result == 0) {
        command = join_words(&words, writer->report->is_unicode);
        result = command ? 0 : -1;
    }
    if (result == 0) {
        FILE *out = writer->report->stream;
        size_t used = writer->prefix_columns + count_columns(head) +
                      (*details ? count_columns(details) + 4 : 0);
        size_t left = writer->report->width > used ? writer->report->width - used : 0;
        fprintf(out, "%s%s", writer->prefix_length ? writer->prefix : "", head);
        put_cut(writer, command, left < COMMAND_MIN ? COMMAND_MIN : left);
        if (*details)
            fprintf(out, "  (%s)", details);
        putc('\n', out);
    }
    string_list_close(&words);
    free(command);
    free(details);
    return result;
}

static int write_group(struct writer *writer, const struct process_group *group, bool is_root,
                       bool is_last)
{
    const struct line_style *style = style_of(writer);
    const struct process_node *node = &writer->tree->nodes[group->members[0]];
    char head[48];
    size_t before = 0;
    if (!is_root)
        before = push_prefix(writer, is_last ? style->last : style->branch);
    int result = 0;
    if (group->count > 1)
        snprintf(head, sizeof head, "%s%zu ", style->times, group->count);
    else
        snprintf(head, sizeof head, "%" PRId64 " ", node->pid);
    for (size_t i = 0; result == 0 && !writer->failed && i < node->image_count; i++) {
        result = write_line(writer, group, i, i ? style->arrow : head);
        if (i == 0 && !is_root) {
            pop_prefix(writer, before);
            before = push_prefix(writer, is_last ? style->blank : style->through);
        }
    }
    for (size_t i = 0; result == 0 && !writer->failed && i < group->group_count; i++)
        result = write_group(writer, &group->groups[i], false, i + 1 == group->group_count);
    if (!is_root)
        pop_prefix(writer, before);
    return result;
}

int report_tree_write(const struct report_tree *report, const struct process_tree *tree,
                      const struct process_group *root, struct error *error)
{
    struct writer writer = { .report = report, .tree = tree };
    int result = 0;
    for (size_t i = 0; result == 0 && i < root->group_count; i++)
        result = write_group(&writer, &root->groups[i], true, true);
    free(writer.prefix);
    return result == 0 && !writer.failed ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
}

static json_t *image_json(const struct process_image *image)
{
    json_t *object = json_object(), *argv = json_array();
    for (size_t i = 0; i < image->argv.count; i++)
        json_array_append_new(argv, json_string(image->argv.items[i]));
    json_object_set_new(object, "argv", argv);
    if (*image->version)
        json_object_set_new(object, "python", json_string(image->version));
    if (image->has_length)
        json_object_set_new(object, image->is_at_least ? "seconds_at_least" : "seconds",
                            json_real(image->seconds));
    if (image->is_early)
        json_object_set_new(object, "ended", json_string("before its first line"));
    else if (image->ending != PROCESS_ENDING_UNKNOWN)
        json_object_set_new(
            object, "ended",
            json_string(image->ending == PROCESS_REPLACED ? "replaced" : "still running"));
    if (*image->version || image->has_lines)
        json_object_set_new(object, "lines", json_integer((json_int_t)image->lines));
    if (*image->note)
        json_object_set_new(object, image->is_lost ? "lost" : "note", json_string(image->note));
    return object;
}

static json_t *node_json(const struct process_tree *tree, const struct process_node *node)
{
    json_t *object = json_object(), *images = json_array(), *children = json_array();
    json_object_set_new(object, "pid", json_integer(node->pid));
    if (!node->is_parent_known)
        json_object_set_new(object, "parent_known", json_false());
    for (size_t i = 0; i < node->image_count; i++)
        json_array_append_new(images, image_json(&node->images[i]));
    json_object_set_new(object, "images", images);
    for (uint32_t at = node->first_child; at != PROCESS_TREE_NONE;
         at = tree->nodes[at].next_sibling)
        if (!tree->nodes[at].is_hidden)
            json_array_append_new(children, node_json(tree, &tree->nodes[at]));
    json_object_set_new(object, "children", children);
    return object;
}

json_t *report_tree_json(const struct process_tree *tree)
{
    json_t *roots = json_array();
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].parent == PROCESS_TREE_NONE && !tree->nodes[i].is_hidden)
            json_array_append_new(roots, node_json(tree, &tree->nodes[i]));
    return roots;
}
