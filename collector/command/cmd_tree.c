/*
 * covfork tree: the processes of each run, and what became of each.
 */
#include "collector/command/cmd.h"

#include "collector/read/folder.h"
#include "collector/model/process_tree.h"
#include "collector/report/report_tree.h"
#include "collector/base/path.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PLAIN_WIDTH 100
#define NARROWEST   40

struct tree_options {
    const char *data_dir, *session, *filter;
    int all, json;
};

/* The way from a census to a tree. */
struct builder {
    const struct census *census;
    struct process_tree *tree;
    uint32_t *nodes;            /* of the images */
    struct hash_map exec_nodes; /* pid to the node of an exec that loaded nothing */
    struct hash_map told_map;   /* images to the execs to show that they told of */
    uint32_t root;
    double now;
};

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

/* Why a program that looks like a Python is no interpreter to us; NULL when it does not. */
static const char *find_strange_python(const char *executable)
{
    const char *name = path_base_name(executable);
    if (strncmp(name, "pypy", 4) == 0)
        return "not measured: not CPython";
    if (strncmp(name, "python", 6) == 0 && !name[6 + strspn(name + 6, "0123456789.")])
        return "not measured: CPython before 3.8, or none";
    return NULL;
}

static const char *describe_lack(const struct census_image *image)
{
    if (image->has_data)
        return "";
    if (!image->is_interpreter) {
        const char *strange = image->is_fork ? NULL : find_strange_python(image->executable);
        return strange ? strange : "";
    }
    return image->is_fork ? "no line of its own" : "ran no measured line";
}

static int copy_words(struct string_list *to, const struct string_list *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (string_list_add(to, from->items[i]) != 0)
            return -1;
    return 0;
}

static int add_image(struct builder *builder, uint32_t index, const struct census_image *next)
{
    const struct census_image *image = &builder->census->images[index];
    bool is_lost = image->loss != CENSUS_NONE;
    struct process_image shown = {
        .version = strdup(image->is_interpreter ? image->python : ""),
        .note = strdup(is_lost ? builder->census->lost[image->loss].text : describe_lack(image)),
        .is_lost = is_lost,
        .has_lines = image->has_data,
        .lines = image->lines,
        .time = image->time,
    };
    uint64_t end = 0;
    if (next) {
        shown.ending = PROCESS_REPLACED;
        end = next->time;
    } else if (image->end_time) {
        end = image->end_time;
    } else if (census_is_live(builder->census, image)) {
        shown.ending = PROCESS_RUNNING;
        shown.seconds = builder->now - (double)image->time / 1e9;
        shown.has_length = shown.seconds >= 0;
    } else {
        end = image->last_time;
        shown.is_at_least = true;
    }
    if (end > image->time) {
        shown.has_length = true;
        shown.seconds = (double)(end - image->time) / 1e9;
    }
    int result = image->is_fork ? string_list_add(&shown.argv, "(fork)")
                                : copy_words(&shown.argv, &image->argv);
    if (result == 0 && shown.argv.count == 0)
        result = string_list_add(&shown.argv, *image->executable ? image->executable : "?");
    return process_tree_add_image(builder->tree, builder->nodes[index], shown) == 0 ? result : -1;
}

static int add_exec_image(struct builder *builder, const struct census_exec *exec, uint32_t node)
{
    char *note = NULL;
    bool is_lost = exec->loss != CENSUS_NONE;
    if (is_lost)
        note = strdup(builder->census->lost[exec->loss].text);
    else if (exec->is_early)
        note = strdup("ended before its first line");
    else if (asprintf(&note, "not followed: %s", exec->refused) < 0)
        note = NULL;
    struct process_image shown = {
        .version = strdup(""), .note = note, .is_lost = is_lost, .time = exec->time
    };
    shown.is_early = exec->is_early;
    int result = string_list_add(&shown.argv, *exec->path ? exec->path : "?");
    for (size_t i = 1; result == 0 && i < exec->argv.count; i++)
        result = string_list_add(&shown.argv, exec->argv.items[i]);
    return process_tree_add_image(builder->tree, node, shown) == 0 ? result : -1;
}

static bool is_shown(const struct census_exec *exec)
{
    return exec->refused || exec->is_early || exec->loss != CENSUS_NONE;
}

/* A program that was started without us, in a process that we did not see either. */
static int add_exec_node(struct builder *builder, const struct census_exec *exec)
{
    uint32_t node;
    bool is_known = exec->parent != CENSUS_NONE;
    uint32_t parent = is_known ? builder->nodes[exec->parent] : builder->root;
    if (process_tree_add(builder->tree, parent, exec->pid, exec->time, &node) != 0)
        return -1;
    builder->tree->nodes[node].is_parent_known = is_known;
    uint64_t hash = hash_integer((uint64_t)exec->pid);
    size_t at = hash_map_first(&builder->exec_nodes, hash);
    if (at != HASH_MAP_END)
        hash_map_set(&builder->exec_nodes, at, node);
    else if (hash_map_add(&builder->exec_nodes, hash, node) != 0)
        return -1;
    return add_exec_image(builder, exec, node);
}

/* Those that the image `parent` told of; CENSUS_NONE: of whom it is not known. */
static int add_exec_nodes(struct builder *builder, uint32_t parent)
{
    int result = 0;
    uint64_t hash = hash_integer(parent);
    for (size_t at = hash_map_first(&builder->told_map, hash); result == 0 && at != HASH_MAP_END;
         at = hash_map_next(&builder->told_map, hash, at))
        result =
            add_exec_node(builder, &builder->census->execs[hash_map_value(&builder->told_map, at)]);
    return result;
}

/* The node that the image's process is to be below. */
static uint32_t find_parent(const struct builder *builder, const struct census_image *image,
                            bool *is_known)
{
    *is_known = true;
    if (image->parent != CENSUS_NONE)
        return builder->nodes[image->parent];
    size_t at = hash_map_first(&builder->exec_nodes, hash_integer((uint64_t)image->ppid));
    if (at != HASH_MAP_END) {
        uint32_t node = hash_map_value(&builder->exec_nodes, at);
        if (builder->tree->nodes[node].time <= image->time)
            return node;
    }
    /* Everything in a session is below its first process. */
    *is_known = false;
    return builder->root;
}

static int add_node(struct builder *builder, uint32_t index)
{
    const struct census_image *image = &builder->census->images[index];
    if (!image->is_process) {
        builder->nodes[index] = builder->nodes[image->previous];
        return 0;
    }
    bool is_known;
    uint32_t parent = find_parent(builder, image, &is_known), node;
    if (process_tree_add(builder->tree, parent, image->pid, image->time, &node) != 0)
        return -1;
    builder->nodes[index] = node;
    builder->tree->nodes[node].is_parent_known = is_known || index == 0;
    return 0;
}

static int add_all(struct builder *builder)
{
    const struct census *census = builder->census;
    const struct census_image **next = calloc(census->image_count + 1, sizeof *next);
    int result = next ? 0 : -1;
    for (size_t i = 0; result == 0 && i < census->exec_count; i++) {
        const struct census_exec *exec = &census->execs[i];
        if (exec->image == CENSUS_NONE && is_shown(exec))
            result = hash_map_add(&builder->told_map, hash_integer(exec->parent), (uint32_t)i);
    }
    for (uint32_t i = 0; result == 0 && i < census->image_count; i++) {
        const struct census_image *image = &census->images[i];
        if (!image->is_process)
            next[image->previous] = image;
        result = add_node(builder, i);
        if (result == 0 && i == 0) {
            builder->root = builder->nodes[0];
            result = add_exec_nodes(builder, CENSUS_NONE);
        }
        if (result == 0)
            result = add_exec_nodes(builder, i);
    }
    for (uint32_t i = 0; result == 0 && i < census->image_count; i++) {
        const struct census_image *image = &census->images[i];
        /* A fork's child on its way to exec: what it became says more. */
        bool is_passing =
            image->is_fork && image->was_replaced && !image->has_data && image->loss == CENSUS_NONE;
        if (!is_passing)
            result = add_image(builder, i, next[i]);
    }
    for (size_t j = 0; result == 0 && j < census->exec_count; j++) {
        const struct census_exec *exec = &census->execs[j];
        if (exec->image != CENSUS_NONE && is_shown(exec))
            result = add_exec_image(builder, exec, builder->nodes[exec->image]);
    }
    free(next);
    return result;
}

static int build(struct process_tree *tree, const struct census *census)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct builder builder = {
        .census = census,
        .tree = tree,
        .nodes = calloc(census->image_count + 1, sizeof(uint32_t)),
        .root = PROCESS_TREE_NONE,
        .now = (double)now.tv_sec + (double)now.tv_nsec / 1e9,
    };
    int result = builder.nodes ? add_all(&builder) : -1;
    free(builder.nodes);
    hash_map_close(&builder.exec_nodes);
    hash_map_close(&builder.told_map);
    return result;
}

static void print_time(uint64_t time)
{
    time_t seconds = (time_t)(time / 1000000000u);
    struct tm local;
    char text[64];
    if (time && localtime_r(&seconds, &local) &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local))
        printf(" of %s", text);
}

static void print_id(const uint8_t *id)
{
    for (size_t i = 0; i < FORMAT_ID_SIZE; i++)
        printf("%02x", id[i]);
}

static struct report_tree choose_style(void)
{
    struct report_tree report = { .stream = stdout, .width = PLAIN_WIDTH };
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    setlocale(LC_CTYPE, "");
    report.is_unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        report.width = size.ws_col;
    else if (columns && atoi(columns) > 0)
        report.width = (size_t)atoi(columns);
    if (report.width < NARROWEST)
        report.width = NARROWEST;
    return report;
}

static int print_session(const struct report_tree *report, const struct tree_options *options,
                         const struct collection_session *session, const struct process_tree *tree,
                         struct error *error)
{
    struct process_group root;
    printf("Run ");
    print_id(session->id);
    print_time(session->census.first_time);
    printf(":\n");
    cmd_print_census(&session->census);
    if (process_tree_fold(tree, options->all, &root) != 0)
        return out_of_memory(error);
    if (root.group_count)
        printf("\n");
    int result = report_tree_write(report, tree, &root, error);
    process_group_close(&root);
    return result;
}

static json_t *session_json(const struct collection_session *session,
                            const struct process_tree *tree)
{
    char id[2 * FORMAT_ID_SIZE + 1];
    for (size_t i = 0; i < FORMAT_ID_SIZE; i++)
        snprintf(id + 2 * i, 3, "%02x", session->id[i]);
    struct census_counts counts = census_count(&session->census);
    json_t *object = json_object(), *losses = json_array();
    json_object_set_new(object, "session", json_string(id));
    json_object_set_new(object, "start", json_integer((json_int_t)session->census.first_time));
    json_object_set_new(object, "processes_count", json_integer((json_int_t)counts.processes));
    json_object_set_new(object, "interpreters", json_integer((json_int_t)counts.interpreters));
    json_object_set_new(object, "with_data", json_integer((json_int_t)counts.with_data));
    json_object_set_new(object, "lost", json_integer((json_int_t)counts.lost));
    json_object_set_new(object, "ended_early", json_integer((json_int_t)counts.early));
    for (size_t i = 0; i < session->census.lost_count; i++) {
        json_t *loss = json_object();
        json_object_set_new(loss, "reason", json_string(session->census.lost[i].text));
        json_object_set_new(loss, "count", json_integer((json_int_t)session->census.lost[i].count));
        json_array_append_new(losses, loss);
    }
    json_object_set_new(object, "losses", losses);
    json_object_set_new(object, "processes", report_tree_json(tree));
    return object;
}

/* Combined files know of the run only what it came to. */
static void print_combined(const struct collection *collection, bool is_first)
{
    for (size_t i = 0; i < collection->model.run_count; i++) {
        const struct model_run *run = &collection->model.runs[i];
        bool is_session = false;
        for (size_t j = 0; j < collection->session_count; j++)
            is_session |= memcmp(collection->sessions[j].id, run->session, FORMAT_ID_SIZE) == 0;
        if (is_session)
            continue;
        printf("%sRun ", is_first ? "" : "\n");
        is_first = false;
        print_id(run->session);
        print_time(run->start);
        printf(", combined:\n%u processes, %u interpreters, %u with data, %u lost", run->processes,
               run->interpreters, run->with_data, run->lost);
        for (size_t j = 0; j < run->note_count; j++)
            printf("%s%s (%ux)", j ? ", " : ": ", run->notes[j].reason, run->notes[j].count);
        if (run->early)
            printf(", %u ended before %s first line", run->early,
                   run->early == 1 ? "its" : "their");
        printf("\n");
    }
}

static bool is_wanted(const struct collection *collection, size_t index, const char *wanted)
{
    const struct collection_session *session = &collection->sessions[index];
    if (!wanted)
        return true;
    if (strcmp(wanted, "latest") != 0) {
        const char *id = session->name + strlen(FORMAT_SESSION_PREFIX);
        return *wanted && strncmp(id, wanted, strlen(wanted)) == 0;
    }
    for (size_t i = 0; i < collection->session_count; i++)
        if (collection->sessions[i].census.first_time > session->census.first_time)
            return false;
    return true;
}

static int show(const struct tree_options *options, struct error *error)
{
    struct collection collection = { 0 };
    char *folder = folder_choose(options->data_dir);
    json_t *runs = options->json ? json_array() : NULL;
    struct report_tree report = choose_style();
    size_t shown = 0;
    int result = folder ? collection_init(&collection, error) : out_of_memory(error);
    if (result == 0) {
        collection.count_lines = true;
        result = collection_add_folder(&collection, folder, error);
    }
    cmd_print_warnings(&collection.warnings);
    const char *refusal = result == 0 ? collection_find_refusal(&collection) : NULL;
    if (refusal)
        cmd_warn("%s", refusal);
    for (size_t i = 0; result == 0 && i < collection.session_count; i++) {
        struct process_tree tree = { 0 };
        if (!is_wanted(&collection, i, options->session))
            continue;
        if (!options->json && shown)
            printf("\n");
        shown++;
        result = build(&tree, &collection.sessions[i].census);
        if (result == 0 && options->filter)
            result = process_tree_filter(&tree, options->filter);
        if (result != 0)
            result = out_of_memory(error);
        else if (runs)
            json_array_append_new(runs, session_json(&collection.sessions[i], &tree));
        else
            result = print_session(&report, options, &collection.sessions[i], &tree, error);
        process_tree_close(&tree);
    }
    if (result == 0 && options->session && shown == 0)
        result = error_set(error, ERROR_USAGE, "no run '%s' in %s", options->session, folder);
    if (result == 0 && !options->session && !options->json)
        print_combined(&collection, shown == 0);
    if (result == 0 && !options->session && shown == 0 && collection.model.run_count == 0)
        result = error_set(error, ERROR_NO_DATA, "no run in %s", folder);
    if (result == 0 && runs && (json_dumpf(runs, stdout, JSON_INDENT(2)) != 0 || putchar('\n') < 0))
        result = error_set(error, ERROR_SYSTEM, "can't write the output");
    json_decref(runs);
    collection_close(&collection);
    free(folder);
    return result;
}

int cmd_tree(int argc, char **argv)
{
    struct tree_options given = { 0 };
    const struct option options[] = {
        { '\0', "json", OPTION_SET, &given.json, NULL, "Write all of it as JSON." },
        { '\0', "all", OPTION_SET, &given.all, NULL,
          "Show each process; without it, siblings that look alike are shown as one." },
        { '\0', "filter", OPTION_TEXT, &given.filter, "TEXT",
          "Only processes with TEXT in their command, version or remark, or as their number, and "
          "what is above them." },
        { '\0', "session", OPTION_TEXT, &given.session, "ID",
          "Only this run, by the beginning of its name, or latest." },
        CMD_OPTION_DATA_DIR(&given.data_dir),
    };
    const struct command command = {
        "tree",
        "",
        "Show the processes of each run: command, version of Python, how long it lived as far\n"
        "as that is known, how many lines it recorded, and why it recorded none. An arrow is\n"
        "an exec. A process whose parent is not known is shown below the first one.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct string_list arguments = { 0 };
    int status;
    enum options_result parsed = options_parse(&command, argc, argv, &arguments, &error);
    if (parsed != OPTIONS_OK)
        status = cmd_end_options(parsed, &command, &error);
    else if (show(&given, &error) != 0)
        status = cmd_fail(&error);
    else
        status = cmd_flush_output();
    string_list_close(&arguments);
    return status;
}
