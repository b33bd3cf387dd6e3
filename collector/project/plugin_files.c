/*
 * The question and the answer are JSON. What can't be in it, a name that is not UTF-8, coverage.py
 * does not trace, either. An answer is a plugin's: it is looked at as anything from outside.
 */
#include "collector/project/plugin_files.h"

#include "collector/base/path.h"
#include "collector/base/path_globs.h"
#include "collector/project/python_helper.h"
#include "collector/source/source_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

/* The question */

static json_t *pack_lines(const struct line_set *lines)
{
    json_t *ranges = json_array();
    for (uint32_t first = line_set_next(lines, 0); first;) {
        uint32_t last = first, next;
        while ((next = line_set_next(lines, last)) == last + 1)
            last = next;
        json_array_append_new(ranges, json_pack("[I, I]", (json_int_t)first, (json_int_t)last));
        first = next;
    }
    return ranges;
}

static json_t *pack_arcs(const struct arc_set *arcs)
{
    json_t *pairs = json_array();
    for (size_t i = 0; i < arcs->count; i++)
        json_array_append_new(pairs, json_pack("[i, i]", arcs->items[i].from, arcs->items[i].to));
    return pairs;
}

static bool is_asked(const struct source_file *file)
{
    return file->tracer && !file->plugin && !file->problem;
}

/* The text of the question; caller frees. NULL when memory ran out, or with *count 0 when there is
 * nothing to ask. */
static char *make_question(const struct source_files *files, const struct source_scope *scope,
                           const struct config *config, size_t *count)
{
    json_t *list = json_array(), *folders = json_array();
    for (size_t i = 0; i < files->count; i++)
        if (is_asked(&files->items[i]))
            json_array_append_new(list,
                                  json_pack("{s:s, s:s, s:o, s:o}", "path", files->items[i].path,
                                            "tracer", files->items[i].tracer, "lines",
                                            pack_lines(&files->items[i].executed), "arcs",
                                            pack_arcs(&files->items[i].arcs)));
    bool finds = config->file_tracers.count && !(scope->only && scope->only->count);
    for (size_t i = 0; finds && scope->dirs && i < scope->dirs->count; i++)
        json_array_append_new(folders, json_string(scope->dirs->items[i]));
    *count = json_array_size(list) + json_array_size(folders);
    char *text = NULL;
    json_t *question = json_pack("{s:O, s:O, s:b, s:b}", "files", list, "find", folders, "branches",
                                 files->has_branches, "relative", config->relative_files);
    if (*count && question)
        text = json_dumps(question, JSON_COMPACT);
    json_decref(question);
    json_decref(list);
    json_decref(folders);
    return text;
}

/* The answer */

static bool is_number(const json_t *value, json_int_t least)
{
    json_int_t number = json_integer_value(value);
    return json_is_integer(value) && number >= least && number <= (json_int_t)LINE_SET_MAX_LINE;
}

/* 0, 1 when it is no list of ranges, or -1 (memory). An absent one is empty. */
static int take_lines(struct line_set *lines, const json_t *ranges)
{
    size_t i;
    const json_t *range;
    json_array_foreach(ranges, i, range)
    {
        const json_t *first = json_array_get(range, 0), *last = json_array_get(range, 1);
        if (!is_number(first, 1) || !is_number(last, json_integer_value(first)))
            return 1;
        if (line_set_add_range(lines, (uint32_t)json_integer_value(first),
                               (uint32_t)json_integer_value(last)) != 0)
            return -1;
    }
    return 0;
}

static int take_arcs(struct arc_set *arcs, const json_t *pairs)
{
    const json_int_t least = -(json_int_t)LINE_SET_MAX_LINE;
    size_t i;
    const json_t *pair;
    json_array_foreach(pairs, i, pair)
    {
        const json_t *from = json_array_get(pair, 0), *to = json_array_get(pair, 1);
        if (!is_number(from, least) || !is_number(to, least))
            return 1;
        struct arc arc = { (int32_t)json_integer_value(from), (int32_t)json_integer_value(to) };
        if (arc_set_add(arcs, arc) != 0)
            return -1;
    }
    arc_set_sort(arcs);
    return 0;
}

static int take_exits(struct analysis *analysis, const json_t *pairs)
{
    size_t i;
    const json_t *pair;
    analysis->exits = calloc(json_array_size(pairs) + 1, sizeof *analysis->exits);
    if (!analysis->exits)
        return -1;
    json_array_foreach(pairs, i, pair)
    {
        const json_t *line = json_array_get(pair, 0), *count = json_array_get(pair, 1);
        if (!is_number(line, 1) || !is_number(count, 0))
            return 1;
        analysis->exits[analysis->exit_count++] =
            (struct given_exits){ (uint32_t)json_integer_value(line),
                                  (uint32_t)json_integer_value(count) };
    }
    return 0;
}

static int take_words(struct analysis *analysis, const json_t *list)
{
    size_t i;
    const json_t *item;
    analysis->words = calloc(json_array_size(list) + 1, sizeof *analysis->words);
    if (!analysis->words)
        return -1;
    json_array_foreach(list, i, item)
    {
        struct given_words *words = &analysis->words[analysis->words_count++];
        words->arc = (struct arc){ (int32_t)json_integer_value(json_array_get(item, 0)),
                                   (int32_t)json_integer_value(json_array_get(item, 1)) };
        words->missing = python_helper_bytes(json_array_get(item, 2));
        words->effect = python_helper_bytes(json_array_get(item, 3));
        if (!words->missing || !words->effect)
            return -1;
    }
    return 0;
}

static int take_regions(struct analysis *analysis, const json_t *list)
{
    size_t i;
    const json_t *item;
    analysis->regions = calloc(json_array_size(list) + 1, sizeof *analysis->regions);
    if (!analysis->regions)
        return -1;
    json_array_foreach(list, i, item)
    {
        const char *kind = json_string_value(json_array_get(item, 0));
        const json_t *start = json_array_get(item, 2);
        bool is_class = kind && strcmp(kind, "class") == 0;
        /* Reports have no other kinds. */
        if (!is_class && !(kind && strcmp(kind, "function") == 0))
            continue;
        if (!is_number(start, 0))
            return 1;
        struct region *region = &analysis->regions[analysis->region_count];
        region->kind = is_class ? REGION_CLASS : REGION_FUNCTION;
        region->start = (uint32_t)json_integer_value(start);
        region->name = python_helper_bytes(json_array_get(item, 1));
        if (!region->name)
            return -1;
        analysis->region_count++;
        int taken = take_lines(&region->lines, json_array_get(item, 3));
        if (taken)
            return taken;
    }
    return 0;
}

static bool has_kind(const json_t *kinds, const char *wanted)
{
    size_t i;
    const json_t *kind;
    json_array_foreach(kinds, i, kind) if (json_is_string(kind) && strcmp(json_string_value(kind),
                                                                          wanted) == 0) return true;
    return false;
}

/* Lines are what they are: each is the first of its own. */
static int number_lines(struct analysis *analysis, const struct plugin_file *plugin,
                        const char *path)
{
    struct source_text text;
    uint32_t count = 0;
    if (source_text_decode(&text, path, plugin->bytes, plugin->size, NULL) == 0) {
        count = text.line_count;
        source_text_close(&text);
    }
    analysis->first_line = calloc((size_t)count + 1, sizeof *analysis->first_line);
    if (!analysis->first_line)
        return -1;
    for (uint32_t line = 0; line <= count; line++)
        analysis->first_line[line] = line;
    analysis->line_count = count;
    return 0;
}

/* Takes what the plugin says of one file. 0, 1 when it makes no sense, or -1 (memory). */
static int take_description(struct source_file *file, const json_t *answer)
{
    struct plugin_file *plugin = calloc(1, sizeof *plugin);
    file->plugin = plugin;
    plugin->bytes =
        plugin ? (unsigned char *)python_helper_bytes(json_object_get(answer, "source")) : NULL;
    if (!plugin || !plugin->bytes)
        return -1;
    plugin->size = strlen((const char *)plugin->bytes);
    struct analysis *analysis = &plugin->analysis;
    const json_t *kinds = json_object_get(answer, "kinds");
    analysis->is_given = true;
    analysis->lacks_functions = !has_kind(kinds, "function");
    analysis->lacks_classes = !has_kind(kinds, "class");
    line_set_close(&file->executed);
    arc_set_close(&file->arcs);
    file->executed = LINE_SET_EMPTY;
    file->arcs = ARC_SET_EMPTY;
    const struct {
        struct line_set *lines;
        const char *name;
    } sets[] = { { &analysis->statements, "statements" },
                 { &analysis->excluded, "excluded" },
                 { &analysis->no_branch, "no_branch" },
                 { &file->executed, "executed" } };
    int result = number_lines(analysis, plugin, file->path);
    for (size_t i = 0; result == 0 && i < sizeof sets / sizeof sets[0]; i++)
        result = take_lines(sets[i].lines, json_object_get(answer, sets[i].name));
    if (result == 0)
        result = take_arcs(&analysis->flow.possible, json_object_get(answer, "possible"));
    if (result == 0)
        result = take_arcs(&file->arcs, json_object_get(answer, "arcs"));
    if (result == 0)
        result = take_exits(analysis, json_object_get(answer, "exits"));
    if (result == 0)
        result = take_words(analysis, json_object_get(answer, "words"));
    if (result == 0)
        result = take_regions(analysis, json_object_get(answer, "regions"));
    return result;
}

static int set_problem(struct source_file *file, const char *text)
{
    struct error line; /* replaces control characters */
    error_set(&line, ERROR_NONE, "%s", text);
    free(file->problem);
    file->problem = strdup(line.text);
    return file->problem ? 0 : -1;
}

/* The plugin leaves it to coverage.py: it is Python after all. */
static int take_python(struct source_file *file, const struct source_scope *scope)
{
    struct string_list paths = { 0 };
    struct python_line_table *tables = NULL;
    struct error problem = { 0 };
    int result = string_list_add(&paths, file->path);
    free(file->tracer);
    file->tracer = NULL;
    if (result == 0 && python_line_tables(&paths, scope->interpreters, scope->cache_directory,
                                          &tables, &problem) != 0)
        result = problem.code == ERROR_MEMORY ? -1 : set_problem(file, problem.text);
    if (result == 0 && tables && tables[0].problem) {
        result = set_problem(file, tables[0].problem);
    } else if (result == 0 && tables) {
        file->python = tables[0].python;
        result = line_set_copy(&file->table, &tables[0].lines);
    }
    if (tables)
        python_line_tables_free(tables, paths.count);
    string_list_close(&paths);
    return result;
}

static int take_file(struct source_file *file, const json_t *answer,
                     const struct source_scope *scope)
{
    const json_t *problem = json_object_get(answer, "problem");
    if (json_is_true(json_object_get(answer, "python")))
        return take_python(file, scope);
    char *text = problem ? python_helper_bytes(problem) : NULL;
    int result = problem ? -1 : take_description(file, answer);
    if (text)
        result = set_problem(file, text);
    free(text);
    if (result > 0)
        result = set_problem(file, "its plugin says of it what makes no sense");
    if (file->problem) {
        plugin_file_free(file->plugin);
        file->plugin = NULL;
    }
    return result;
}

static bool is_left_out(const struct source_scope *scope, const char *path)
{
    const char *name = scope->relative_files ? path_relative(scope->directory, path) : path;
    return (scope->run_omit && path_globs_match(scope->run_omit, path)) ||
           (scope->report_include && !path_globs_match(scope->report_include, name)) ||
           (scope->report_omit && path_globs_match(scope->report_omit, name));
}

/* Makes a file that was recorded as Python the plugin's: what ran was what it was made into. */
static int adopt_file(struct source_file *file, const char *tracer)
{
    file->tracer = strdup(tracer);
    free(file->problem);
    file->problem = NULL;
    line_set_close(&file->executed);
    arc_set_close(&file->arcs);
    file->executed = LINE_SET_EMPTY;
    file->arcs = ARC_SET_EMPTY;
    return file->tracer ? 0 : -1;
}

/* Adds a file that nothing ran, and gives it in `*added`. 0, 1 when it is not wanted, or -1
 * (memory). */
static int add_file(struct source_files *files, const struct source_scope *scope,
                    const json_t *answer, struct source_file **added)
{
    const char *path = json_string_value(json_object_get(answer, "path"));
    const char *tracer = json_string_value(json_object_get(answer, "tracer"));
    if (!path || !tracer || path[0] != '/' || is_left_out(scope, path))
        return 1;
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->items[i].path, path) == 0) {
            *added = &files->items[i];
            bool is_its = !(*added)->tracer && !source_file_should_be_python(path);
            return is_its ? adopt_file(*added, tracer) : 1;
        }
    struct source_file *larger = reallocarray(files->items, files->count + 1, sizeof *larger);
    if (!larger)
        return -1;
    files->items = larger;
    struct source_file *file = *added = &larger[files->count];
    *file = (struct source_file){ .path = strdup(path), .tracer = strdup(tracer) };
    files->count++;
    return file->path && file->tracer ? 0 : -1;
}

static int compare_files(const void *a, const void *b)
{
    const struct source_file *left = a, *right = b;
    return strcmp(left->path, right->path);
}

static int take_answer(struct source_files *files, const struct source_scope *scope,
                       const json_t *list, struct error *error)
{
    size_t at = 0, count = files->count, used = 0;
    int result = 0;
    /* Those that were asked for, in their order. */
    for (; result == 0 && at < count; at++)
        if (is_asked(&files->items[at])) {
            const json_t *answer = json_array_get(list, used++);
            if (!answer)
                return error_set(error, ERROR_FORMAT, "wrong answer of the plugins");
            result = take_file(&files->items[at], answer, scope);
        }
    for (; result == 0 && used < json_array_size(list); used++) {
        const json_t *answer = json_array_get(list, used);
        struct source_file *file = NULL;
        int added = add_file(files, scope, answer, &file);
        result = added > 0 ? 0 : added;
        if (added == 0)
            result = take_file(file, answer, scope);
    }
    if (files->count > count)
        qsort(files->items, files->count, sizeof *files->items, compare_files);
    return result == 0 ? 0 : out_of_memory(error);
}

/* Of names that no answer can have. */
static int refuse_names(struct source_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        struct source_file *file = &files->items[i];
        if (!file->tracer)
            continue;
        json_t *names = json_pack("[s, s]", file->path, file->tracer);
        if (!names && set_problem(file, "its name, or its plugin's, is not UTF-8") != 0)
            return -1;
        json_decref(names);
    }
    return 0;
}

int plugin_files_ask(struct source_files *files, const struct source_scope *scope,
                     const struct config *config, const char *rcfile, struct error *error)
{
    size_t count;
    if (refuse_names(files) != 0)
        return out_of_memory(error);
    char *question = make_question(files, scope, config, &count);
    if (!question)
        return count ? out_of_memory(error) : 0;
    json_t *answer = NULL;
    int result =
        config->plugins_stay
            ? error_set(error, ERROR_CONFIG, "the plugins of %s are not run",
                        config->file ? config->file : "the configuration")
            : config_ask_plugins(config, rcfile, scope->interpreters, question, &answer, error);
    free(question);
    const json_t *problem;
    size_t i;
    json_array_foreach(json_object_get(answer, "problems"), i, problem)
    {
        char *text = json_is_true(json_object_get(problem, "fatal"))
                         ? python_helper_bytes(json_object_get(problem, "message"))
                         : NULL;
        if (text && result == 0)
            result = error_set(error, ERROR_CONFIG, "%s", text);
        free(text);
    }
    if (result == 0)
        result = take_answer(files, scope, json_object_get(answer, "files"), error);
    json_decref(answer);
    return result;
}
