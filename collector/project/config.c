/*
 * Reads coverage.py's configuration through a Python helper, and keeps the answer; see config.h.
 * Runs in the collector only. Decides by itself, without Python, whether there is anything to read,
 * and reads what is plain (config_plain.h).
 */
#include "collector/project/config.h"

#include "collector/source/analysis.h"
#include "collector/base/cache_file.h"
#include "collector/project/config_plain.h"
#include "collector/base/path.h"
#include "collector/project/python_helper.h"

#include "helper_plugins.h"
#include "helper_read_config.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A configuration file beyond this is left to the helper, and its answer is not kept. */
#define MAX_FILE ((size_t)16 << 20)

static int memory_error(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

/* Settings */

enum setting_kind {
    SETTING_BOOLEAN,
    SETTING_INTEGER,
    SETTING_NUMBER,
    SETTING_TEXT,     /* char * */
    SETTING_CHOICE,   /* char *, NULL when empty */
    SETTING_LIST,     /* struct string_list */
    SETTING_ADDITION, /* the same, behind what is there */
};

/* Where an option of the helper's answer goes. */
struct setting {
    const char *section, *option;
    enum setting_kind kind;
    size_t member;
    size_t given; /* of a bool that says that it was set; 0: none */
};

#define MEMBER(name) offsetof(struct config, name)

static const struct setting settings[] = {
    { "run", "branch", SETTING_BOOLEAN, MEMBER(branch), 0 },
    { "run", "relative_files", SETTING_BOOLEAN, MEMBER(relative_files), 0 },
    { "run", "source", SETTING_LIST, MEMBER(source), MEMBER(source_given) },
    { "run", "source_pkgs", SETTING_LIST, MEMBER(source_pkgs), 0 },
    { "run", "source_dirs", SETTING_LIST, MEMBER(source_dirs), 0 },
    { "run", "include", SETTING_LIST, MEMBER(run_include), 0 },
    { "run", "omit", SETTING_LIST, MEMBER(run_omit), 0 },
    { "run", "plugins", SETTING_LIST, MEMBER(plugins), 0 },
    { "run", "disable_warnings", SETTING_LIST, MEMBER(disable_warnings), 0 },
    { "run", "command_line", SETTING_CHOICE, MEMBER(command_line), 0 },
    { "report", "exclude_lines", SETTING_LIST, MEMBER(exclude), 0 },
    { "report", "exclude_also", SETTING_ADDITION, MEMBER(exclude), 0 },
    { "report", "partial_branches", SETTING_LIST, MEMBER(partial), 0 },
    { "report", "partial_also", SETTING_ADDITION, MEMBER(partial), 0 },
    { "report", "partial_branches_always", SETTING_LIST, MEMBER(partial_always), 0 },
    { "report", "fail_under", SETTING_NUMBER, MEMBER(fail_under), 0 },
    { "report", "precision", SETTING_INTEGER, MEMBER(precision), 0 },
    { "report", "show_missing", SETTING_BOOLEAN, MEMBER(show_missing), 0 },
    { "report", "skip_covered", SETTING_BOOLEAN, MEMBER(skip_covered), 0 },
    { "report", "skip_empty", SETTING_BOOLEAN, MEMBER(skip_empty), 0 },
    { "report", "ignore_errors", SETTING_BOOLEAN, MEMBER(ignore_errors), 0 },
    { "report", "include_namespace_packages", SETTING_BOOLEAN, MEMBER(include_namespace_packages),
      0 },
    { "report", "include", SETTING_LIST, MEMBER(report_include), MEMBER(report_include_given) },
    { "report", "omit", SETTING_LIST, MEMBER(report_omit), MEMBER(report_omit_given) },
    { "report", "contexts", SETTING_LIST, MEMBER(report_contexts), 0 },
    { "report", "sort", SETTING_CHOICE, MEMBER(sort), 0 },
    { "report", "format", SETTING_CHOICE, MEMBER(format), 0 },
    { "html", "directory", SETTING_TEXT, MEMBER(html_dir), 0 },
    { "html", "title", SETTING_TEXT, MEMBER(html_title), 0 },
    { "html", "extra_css", SETTING_CHOICE, MEMBER(html_extra_css), 0 },
    { "html", "show_contexts", SETTING_BOOLEAN, MEMBER(html_show_contexts), 0 },
    { "html", "skip_covered", SETTING_BOOLEAN, MEMBER(html_skip_covered),
      MEMBER(html_skip_covered_given) },
    { "html", "skip_empty", SETTING_BOOLEAN, MEMBER(html_skip_empty),
      MEMBER(html_skip_empty_given) },
    { "xml", "output", SETTING_TEXT, MEMBER(xml_output), 0 },
    { "xml", "package_depth", SETTING_INTEGER, MEMBER(xml_package_depth), 0 },
    { "json", "output", SETTING_TEXT, MEMBER(json_output), 0 },
    { "json", "pretty_print", SETTING_BOOLEAN, MEMBER(json_pretty_print), 0 },
    { "json", "show_contexts", SETTING_BOOLEAN, MEMBER(json_show_contexts), 0 },
    { "lcov", "output", SETTING_TEXT, MEMBER(lcov_output), 0 },
    { "lcov", "line_checksums", SETTING_BOOLEAN, MEMBER(lcov_line_checksums), 0 },
};

#define SETTING_COUNT (sizeof settings / sizeof settings[0])

static int add_all(struct string_list *list, const char *const *texts)
{
    for (; *texts; texts++)
        if (string_list_add(list, *texts) < 0)
            return -1;
    return 0;
}

int config_init(struct config *config, const char *directory, struct error *error)
{
    *config = (struct config){ 0 };
    config->directory = path_canonical(directory, "");
    config->xml_package_depth = 99;
    config->html_dir = strdup("htmlcov");
    config->html_title = strdup("Coverage report");
    config->xml_output = strdup("coverage.xml");
    config->json_output = strdup("coverage.json");
    config->lcov_output = strdup("coverage.lcov");
    if (!config->directory || !config->html_dir || !config->html_title || !config->xml_output ||
        !config->json_output || !config->lcov_output ||
        add_all(&config->exclude, analysis_default_exclude) < 0 ||
        add_all(&config->partial, analysis_default_partial) < 0 ||
        add_all(&config->partial_always, analysis_default_partial_always) < 0) {
        config_close(config);
        return memory_error(error);
    }
    return 0;
}

bool config_disables(const struct config *config, const char *warning)
{
    for (size_t i = 0; i < config->disable_warnings.count; i++)
        if (strcmp(config->disable_warnings.items[i], warning) == 0)
            return true;
    return false;
}

void config_close(struct config *config)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        void *member = (char *)config + settings[i].member;
        if (settings[i].kind == SETTING_TEXT || settings[i].kind == SETTING_CHOICE)
            free(*(char **)member);
        else if (settings[i].kind == SETTING_LIST)
            string_list_close(member);
    }
    for (size_t i = 0; i < config->path_count; i++) {
        free(config->paths[i].name);
        string_list_close(&config->paths[i].patterns);
    }
    free(config->paths);
    string_list_close(&config->warnings);
    string_list_close(&config->file_tracers);
    string_list_close(&config->idle_plugins);
    string_list_close(&config->run_warnings);
    free(config->run_refusal);
    free(config->file);
    free(config->directory);
    *config = (struct config){ 0 };
}

/* The helper's answer */

static int wrong_answer(struct error *error)
{
    return error_set(error, ERROR_FORMAT, "wrong answer of the Python helper on the configuration");
}

static int take_list(struct string_list *list, const json_t *value, struct error *error)
{
    size_t i;
    const json_t *item;
    if (!json_is_array(value))
        return wrong_answer(error);
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return wrong_answer(error);
        char *text = python_helper_bytes(item);
        int added = text ? string_list_add(list, text) : -1;
        free(text);
        if (added < 0)
            return memory_error(error);
    }
    return 0;
}

static int take_text(char **member, const json_t *value, bool choice, struct error *error)
{
    if (!json_is_string(value))
        return wrong_answer(error);
    char *text = python_helper_bytes(value);
    if (!text)
        return memory_error(error);
    free(*member);
    *member = text;
    if (choice && !text[0]) {
        free(text);
        *member = NULL;
    }
    return 0;
}

static int take_setting(struct config *config, const struct setting *setting, const json_t *value,
                        struct error *error)
{
    void *member = (char *)config + setting->member;
    if (setting->given)
        *(bool *)((char *)config + setting->given) = true;
    switch (setting->kind) {
    case SETTING_BOOLEAN:
        *(bool *)member = json_is_true(value);
        return json_is_boolean(value) ? 0 : wrong_answer(error);
    case SETTING_INTEGER:
        *(int *)member = (int)json_integer_value(value);
        return json_is_integer(value) ? 0 : wrong_answer(error);
    case SETTING_NUMBER:
        /* JSON has no infinity: such a number comes as text. */
        if (json_is_string(value))
            *(double *)member = strtod(json_string_value(value), NULL);
        else
            *(double *)member = json_number_value(value);
        return json_is_number(value) || json_is_string(value) ? 0 : wrong_answer(error);
    case SETTING_TEXT:
    case SETTING_CHOICE:
        return take_text(member, value, setting->kind == SETTING_CHOICE, error);
    case SETTING_LIST:
        string_list_close(member);
        return take_list(member, value, error);
    case SETTING_ADDITION:
        return take_list(member, value, error);
    }
    return wrong_answer(error);
}

static int take_paths(struct config *config, const json_t *value, struct error *error)
{
    size_t i, count = json_array_size(value);
    const json_t *pair;
    if (!json_is_array(value))
        return wrong_answer(error);
    config->paths = calloc(count + 1, sizeof *config->paths);
    if (!config->paths)
        return memory_error(error);
    json_array_foreach(value, i, pair)
    {
        struct config_path_alias *alias = &config->paths[config->path_count++];
        if (take_text(&alias->name, json_array_get(pair, 0), false, error) < 0 ||
            take_list(&alias->patterns, json_array_get(pair, 1), error) < 0)
            return -1;
    }
    return 0;
}

/* "FILE:LINE: message" of a problem; NULL when memory ran out. Caller frees. */
static char *describe_problem(const json_t *problem)
{
    char *file = python_helper_bytes(json_object_get(problem, "file"));
    char *message = python_helper_bytes(json_object_get(problem, "message"));
    json_int_t line = json_integer_value(json_object_get(problem, "line"));
    char *text = NULL;
    int length = -1;
    if (file && message && line > 0)
        length = asprintf(&text, "%s:%lld: %s", file, (long long)line, message);
    else if (file && message)
        length = asprintf(&text, "%s%s%s", file, file[0] ? ": " : "", message);
    free(file);
    free(message);
    return length < 0 ? NULL : text;
}

/* Warnings are kept, the first fatal problem is the error. */
static int take_problems(struct config *config, const json_t *problems, struct error *error)
{
    size_t i;
    const json_t *problem;
    json_array_foreach(problems, i, problem)
    {
        char *text = describe_problem(problem);
        if (!text)
            return memory_error(error);
        bool fatal = json_is_true(json_object_get(problem, "fatal"));
        bool is_of_run = json_is_true(json_object_get(problem, "run"));
        /* Another interpreter might read it. */
        bool lacking = json_is_true(json_object_get(problem, "lacking"));
        int status = 0;
        if (fatal && is_of_run && !config->run_refusal) {
            config->run_refusal = text;
            continue;
        }
        if (fatal && !is_of_run)
            status = error_set(error, lacking ? ERROR_SYSTEM : ERROR_CONFIG, "%s", text);
        else if (!fatal &&
                 string_list_add(is_of_run ? &config->run_warnings : &config->warnings, text) < 0)
            status = memory_error(error);
        free(text);
        if (status < 0)
            return -1;
    }
    return 0;
}

/* Changes `config` (defaults) to what the answer says. 0 or -1; `config` may be half-filled then.
 */
static int take_answer(struct config *config, const json_t *root, struct error *error)
{
    int status = take_problems(config, json_object_get(root, "problems"), error);
    const json_t *file = json_object_get(root, "file");
    if (status == 0 && json_is_string(file))
        status = take_text(&config->file, file, false, error);
    for (size_t i = 0; i < SETTING_COUNT && status == 0; i++) {
        const json_t *section = json_object_get(root, settings[i].section);
        const json_t *value = json_object_get(section, settings[i].option);
        if (!json_is_object(section))
            status = wrong_answer(error);
        else if (value)
            status = take_setting(config, &settings[i], value, error);
    }
    if (status == 0)
        status = take_paths(config, json_object_get(root, "paths"), error);
    const json_t *tracers = json_object_get(root, "file_tracers");
    if (status == 0 && tracers)
        status = take_list(&config->file_tracers, tracers, error);
    const json_t *idle = json_object_get(root, "idle");
    if (status == 0 && idle)
        status = take_list(&config->idle_plugins, idle, error);
    return status;
}

/* The same for the caller's `config`, which stays as it is when it fails. */
static int replace_config(struct config *config, const json_t *answer, struct error *error)
{
    struct config fresh;
    if (config_init(&fresh, config->directory, error) < 0)
        return -1;
    if (take_answer(&fresh, answer, error) < 0) {
        config_close(&fresh);
        return -1;
    }
    fresh.plugins_stay = config->plugins_stay;
    config_close(config);
    *config = fresh;
    return 0;
}

static int replace_config_by_text(struct config *config, const char *answer, size_t size,
                                  struct error *error)
{
    json_t *root = python_helper_parse(answer, size, error);
    if (!root)
        return -1;
    int status = replace_config(config, root, error);
    json_decref(root);
    return status;
}

/* What the answer depends on */

/* Two hashes of different make, so that a chance collision is out of the question. Hashed because
 * environments hold secrets and caches get uploaded. */
struct digest {
    uint64_t first, second;
    bool usable; /* false: the answer depends on what is not in here */
};

#define DIGEST_EMPTY ((struct digest){ 0xcbf29ce484222325u, 0x243f6a8885a308d3u, true })

static void digest_add(struct digest *digest, const void *data, size_t size)
{
    const uint64_t prime = 0x100000001b3u;
    const unsigned char *bytes = data;
    uint64_t length = size;
    for (size_t i = 0; i < size + sizeof length; i++) {
        /* The length goes first, so that the borders of what is added count. */
        uint64_t byte = i < sizeof length ? (length >> (8 * i)) & 0xff : bytes[i - sizeof length];
        digest->first = (digest->first ^ byte) * prime;
        digest->second =
            ((digest->second << 7 | digest->second >> 57) + byte) * 0x9e3779b97f4a7c15u;
    }
}

static void digest_add_text(struct digest *digest, const char *text)
{
    /* A missing text is not an empty one. */
    digest_add(digest, text ? text : "\1", text ? strlen(text) : 2);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void digest_add_environment(struct digest *digest)
{
    for (char **variable = environ; variable && *variable; variable++)
        digest_add_text(digest, *variable);
}

/* Adds the variable whose name is at `name`. False when it can't be told which one that is:
 * Python's \w takes letters beyond ASCII, TOML strings have escapes. */
static bool digest_add_variable(struct digest *digest, const char *name, const char *end)
{
    if (name < end && *name == '{')
        name++;
    size_t length = 0;
    while (name + length < end && is_word(name[length]))
        length++;
    if (name + length < end && ((name[length] & 0x80) || name[length] == '\\'))
        return false;
    char *copy = strndup(name, length);
    if (!copy)
        return false;
    digest_add_text(digest, copy);
    digest_add_text(digest, getenv(copy));
    free(copy);
    return true;
}

/* Adds a file, and the variables that it speaks of. */
static void digest_add_file(struct digest *digest, const char *text, size_t size)
{
    const char *end = text + size;
    bool all = false;
    bool home = false;
    digest_add(digest, text, size);
    for (const char *c = text; c < end && !all; c++) {
        bool more = c + 1 < end;
        if (*c == '$') {
            home = true;
            all = !digest_add_variable(digest, c + 1, end);
        } else if (*c == '~') {
            home = true;
            /* ~user: only the system knows. */
            if (more && is_word(c[1]))
                digest->usable = false;
        } else if (*c == '\\' && more && strchr("uUx", c[1])) {
            all = true;
        }
    }
    if (all)
        digest_add_environment(digest);
    if (home && !getenv("HOME"))
        digest->usable = false;
    if (home)
        digest_add_text(digest, getenv("HOME"));
}

enum file_state { FILE_ABSENT, FILE_THERE, FILE_SPECIAL };

/* Reads a candidate. FILE_SPECIAL (with no text): it is no regular file, or huge. */
static enum file_state read_candidate(const char *directory, const char *name, char **text,
                                      size_t *size)
{
    char *path;
    struct stat status;
    enum file_state state = FILE_ABSENT;
    *text = NULL;
    *size = 0;
    if (asprintf(&path, "%s%s%s", name[0] == '/' ? "" : directory, name[0] == '/' ? "" : "/",
                 name) < 0)
        return FILE_SPECIAL;
    int descriptor = -1;
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        state = FILE_SPECIAL;
        if (S_ISREG(status.st_mode))
            descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (S_ISREG(status.st_mode) && descriptor < 0)
            state = FILE_ABSENT;
    }
    free(path);
    if (descriptor < 0)
        return state;
    size_t capacity = (size_t)status.st_size + 1;
    if ((size_t)status.st_size <= MAX_FILE && (*text = malloc(capacity))) {
        ssize_t got = 0;
        while (*size < capacity && (got = read(descriptor, *text + *size, capacity - *size)) > 0)
            *size += (size_t)got;
        /* One byte more than its size came: it grows right now. */
        if (got == 0 && *size < capacity)
            state = FILE_THERE;
    }
    close(descriptor);
    if (state != FILE_THERE) {
        free(*text);
        *text = NULL;
    }
    return state;
}

struct candidate {
    const char *name;
    bool ours; /* no other tool's file: it counts as soon as it is there */
};

static const struct candidate candidates[] = {
    { ".coveragerc", true }, { ".coveragerc.toml", true }, { "setup.cfg", false },
    { "tox.ini", false },    { "pyproject.toml", false },
};

/* Looks at one candidate. 1: it may have settings, 0: it can't, -1: it is not there. */
static int examine_candidate(struct digest *digest, const char *directory, const char *name,
                             bool ours)
{
    char *text;
    size_t size;
    enum file_state state = read_candidate(directory, name, &text, &size);
    digest_add_text(digest, name);
    digest_add(digest, &state, sizeof state);
    if (state == FILE_ABSENT)
        return -1;
    if (state == FILE_SPECIAL) {
        digest->usable = false;
        return 1;
    }
    digest_add_file(digest, text, size);
    bool relevant = ours || memmem(text, size, "coverage", strlen("coverage"));
    free(text);
    return relevant ? 1 : 0;
}

/* The file that was asked for, by option or variable; NULL when coverage.py looks for one. */
static const char *find_specified(const char *rcfile)
{
    if (rcfile && strcmp(rcfile, ".coveragerc") != 0)
        return rcfile;
    const char *variable = getenv("COVERAGE_RCFILE");
    return variable && variable[0] ? variable : NULL;
}

/* 1: a helper has to read something, 0: there is nothing, -1: error. */
static int examine_candidates(struct digest *digest, const char *directory, const char *rcfile,
                              struct error *error)
{
    int relevant = 0;
    const char *specified = find_specified(rcfile);
    const char *forced = getenv("COVERAGE_FORCE_CONFIG");
    if (specified && specified[0]) {
        relevant = examine_candidate(digest, directory, specified, true);
        if (relevant < 0)
            return error_set(error, ERROR_CONFIG, "%s: couldn't read it as a configuration file",
                             specified);
    }
    for (size_t i = 0; !specified && i < sizeof candidates / sizeof candidates[0]; i++)
        if (examine_candidate(digest, directory, candidates[i].name, candidates[i].ours) > 0)
            relevant = 1;
    if (forced && forced[0] && examine_candidate(digest, directory, forced, true) > 0)
        relevant = 1;
    return relevant;
}

/* The cache: config-HASH.json, HASH of the folder and --rcfile; its first line is the digest, the
 * rest the helper's answer. */

static char *name_cache_file(const char *cache_directory, const char *directory, const char *rcfile)
{
    struct digest name = DIGEST_EMPTY;
    char *file;
    digest_add_text(&name, directory);
    digest_add_text(&name, rcfile);
    if (asprintf(&file, "%s/config-%016llx.json", cache_directory,
                 (unsigned long long)name.second) < 0)
        return NULL;
    return file;
}

#define KEY_SIZE 33 /* 32 digits and a newline */

static void format_key(char key[KEY_SIZE + 1], const struct digest *digest)
{
    snprintf(key, KEY_SIZE + 1, "%016llx%016llx\n", (unsigned long long)digest->first,
             (unsigned long long)digest->second);
}

/* True when `config` was filled from the cache. */
static bool read_cache(struct config *config, const char *file, const struct digest *digest)
{
    char key[KEY_SIZE + 1];
    char *text;
    size_t size;
    format_key(key, digest);
    struct stat status;
    if (lstat(file, &status) < 0 || !S_ISREG(status.st_mode) ||
        read_candidate(".", file, &text, &size) != FILE_THERE)
        return false;
    bool taken = size > KEY_SIZE && memcmp(text, key, KEY_SIZE) == 0 &&
                 replace_config_by_text(config, text + KEY_SIZE, size - KEY_SIZE, NULL) == 0;
    free(text);
    return taken;
}

/* Nothing is lost when this fails. */
static void write_cache(const char *cache_directory, const char *file, const struct digest *digest,
                        const char *answer, size_t size)
{
    char key[KEY_SIZE + 1];
    format_key(key, digest);
    cache_file_write(cache_directory, file, key, strlen(key), answer, size);
}

/* The whole environment, each variable ended by a NUL. The helper's own lacks LD_PRELOAD and more,
 * which a file may speak of. Caller frees. */
static char *pack_environment(size_t *size)
{
    *size = 0;
    for (char **variable = environ; variable && *variable; variable++)
        *size += **variable ? strlen(*variable) + 1 : 0;
    char *packed = malloc(*size + 1);
    char *at = packed;
    for (char **variable = environ; packed && variable && *variable; variable++)
        if (**variable)
            at = stpcpy(at, *variable) + 1;
    return packed;
}

/* The options of [run] that variables decide, as the helper wants them. */
static const char *find_overridden(void)
{
    static const char *const variables[] = { "COVFORK_SOURCE", "COVFORK_INCLUDE", "COVFORK_OMIT" };
    static const char *const names[] = { "source,", "include,", "omit," };
    static char list[32];
    char *end = list;
    *end = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            end = stpcpy(end, names[i]);
    }
    return list;
}

/* The helper's options at most, and a NULL. */
#define ARGUMENTS_MAX 11

/* `engine` NULL: it is for no run. */
static void set_arguments(const char *arguments[ARGUMENTS_MAX], const char *directory,
                          const char *rcfile, const char *engine)
{
    size_t count = 0;
    memset(arguments, 0, ARGUMENTS_MAX * sizeof *arguments);
    arguments[count++] = directory;
    arguments[count++] = "--environment-stdin";
    arguments[count++] = "--format";
    arguments[count++] = "json";
    if (rcfile) {
        arguments[count++] = "--rcfile";
        arguments[count++] = rcfile;
    }
    if (engine) {
        arguments[count++] = "--overridden";
        arguments[count++] = find_overridden();
        arguments[count++] = "--engine";
        arguments[count++] = engine;
    }
}

static int ask_helper(const char *directory, const char *rcfile, const char *engine,
                      const struct string_list *interpreters, char **answer, size_t *size,
                      struct error *error)
{
    const char *arguments[ARGUMENTS_MAX];
    set_arguments(arguments, directory, rcfile, engine);
    size_t input_size;
    char *input = pack_environment(&input_size);
    if (!input)
        return memory_error(error);
    int status = python_helper_run(helper_read_config, interpreters, arguments, input, input_size,
                                   answer, size, error);
    free(input);
    return status;
}

/* The environment and, behind an empty variable, the question. Caller frees. */
static char *pack_question(const char *question, size_t *size)
{
    size_t environment_size, length = question ? strlen(question) : 0;
    char *environment = pack_environment(&environment_size);
    char *packed = environment ? realloc(environment, environment_size + length + 2) : NULL;
    if (!packed) {
        free(environment);
        return NULL;
    }
    /* Without variables there is nothing to end the last one, either. */
    for (size_t i = 0; i < (environment_size ? 1 : 2); i++)
        packed[environment_size + i] = '\0';
    environment_size += environment_size ? 1 : 2;
    memcpy(packed + environment_size, question ? question : "", length);
    *size = environment_size + length;
    return packed;
}

static int ask_plugins(const struct config *config, const char *rcfile, const char *engine,
                       const struct string_list *interpreters, const char *question,
                       json_t **answer, struct error *error)
{
    const char *arguments[ARGUMENTS_MAX];
    set_arguments(arguments, config->directory, rcfile, engine);
    size_t input_size, size;
    char *text = NULL, *input = pack_question(question, &input_size);
    *answer = NULL;
    if (!input)
        return memory_error(error);
    int status = python_helper_run_plugins(helper_plugins, interpreters, arguments, input,
                                           input_size, &text, &size, error);
    free(input);
    if (status == 0)
        *answer = python_helper_parse(text, size, error);
    free(text);
    return *answer ? 0 : -1;
}

int config_ask_plugins(const struct config *config, const char *rcfile,
                       const struct string_list *interpreters, const char *question,
                       json_t **answer, struct error *error)
{
    return ask_plugins(config, rcfile, NULL, interpreters, question, answer, error);
}

/* Replaces what was read by what the plugins make of it. `engine` NULL: it is for no run. */
static int run_plugins(struct config *config, const char *rcfile, const char *engine,
                       const struct string_list *interpreters, struct error *error)
{
    json_t *answer;
    if (config->plugins_stay) {
        struct error line;
        error_set(&line, ERROR_NONE,
                  "%s: its plugins are not run, for data names it: name it by --rcfile",
                  config->file ? config->file : "the configuration");
        return string_list_add(&config->warnings, line.text) == 0 ? 0 : memory_error(error);
    }
    if (ask_plugins(config, rcfile, engine, interpreters, NULL, &answer, error) != 0)
        return -1;
    int status = replace_config(config, answer, error);
    json_decref(answer);
    return status;
}

/* What an answer depends on but the interpreters. As examine_candidates. */
static int examine_all(struct digest *digest, const char *directory, const char *rcfile,
                       struct error *error)
{
    *digest = DIGEST_EMPTY;
    int found = examine_candidates(digest, directory, rcfile, error);
    digest_add_text(digest, directory);
    digest_add(digest, helper_read_config, sizeof helper_read_config);
    return found;
}

struct config_start {
    struct python_helper *helper; /* NULL: its answer was taken */
    struct digest digest;
    char *directory, *rcfile, *interpreter, *input;
};

void config_start_free(struct config_start *start)
{
    if (!start)
        return;
    python_helper_kill(start->helper);
    free(start->directory);
    free(start->rcfile);
    free(start->interpreter);
    free(start->input);
    free(start);
}

struct config_start *config_start_new(const char *directory, const char *rcfile,
                                      const char *interpreter, const char *cache_directory)
{
    struct config_start *start = calloc(1, sizeof *start);
    if (!start)
        return NULL;
    start->directory = path_canonical(directory, "");
    start->rcfile = rcfile ? strdup(rcfile) : NULL;
    start->interpreter = strdup(interpreter);
    bool good = start->directory && start->interpreter && !rcfile == !start->rcfile &&
                examine_all(&start->digest, start->directory, rcfile, NULL) > 0;
    json_t *plain;
    if (good && config_plain_read(start->directory, find_specified(rcfile), CONFIG_PLAIN_FOR_REPORT,
                                  &plain) == CONFIG_PLAIN_READ) {
        json_decref(plain);
        good = false;
    }
    char *cached =
        good && cache_directory ? name_cache_file(cache_directory, start->directory, rcfile) : NULL;
    /* It may be of another state of the files. Then the helper runs when that is known. */
    if (cached && access(cached, F_OK) == 0)
        good = false;
    free(cached);
    size_t size = 0;
    if (good)
        start->input = pack_environment(&size);
    if (start->input) {
        const char *arguments[ARGUMENTS_MAX];
        set_arguments(arguments, start->directory, start->rcfile, NULL);
        start->helper = python_helper_begin(helper_read_config, start->interpreter, arguments,
                                            start->input, size);
    }
    if (start->helper)
        return start;
    config_start_free(start);
    return NULL;
}

/* Is what was started what would be asked now? */
static bool is_same_question(const struct config_start *start, const struct digest *digest,
                             const char *rcfile, const struct string_list *interpreters)
{
    bool same_file =
        rcfile && start->rcfile ? strcmp(rcfile, start->rcfile) == 0 : !rcfile && !start->rcfile;
    return start->helper && same_file && start->digest.first == digest->first &&
           start->digest.second == digest->second && interpreters && interpreters->count &&
           strcmp(interpreters->items[0], start->interpreter) == 0;
}

/* The answer of what was started. 0, or -1 when there is none and the helper must be asked. */
static int take_started(struct config_start *start, char **answer, size_t *size)
{
    struct python_helper *helper = start->helper;
    start->helper = NULL;
    return python_helper_end(helper, answer, size);
}

int config_read_started(struct config *config, const char *rcfile,
                        const struct string_list *interpreters, const char *cache_directory,
                        struct config_start *start, struct error *error)
{
    struct digest digest;
    char *file = NULL, *answer = NULL;
    size_t size;
    int found = examine_all(&digest, config->directory, rcfile, error);
    if (found <= 0)
        return found;
    json_t *plain;
    if (config_plain_read(config->directory, find_specified(rcfile), CONFIG_PLAIN_FOR_REPORT,
                          &plain) == CONFIG_PLAIN_READ) {
        int taken = replace_config(config, plain, error);
        json_decref(plain);
        return taken;
    }
    bool is_started = start && is_same_question(start, &digest, rcfile, interpreters);
    for (size_t i = 0; interpreters && i < interpreters->count; i++)
        digest_add_text(&digest, interpreters->items[i]);
    if (cache_directory && digest.usable)
        file = name_cache_file(cache_directory, config->directory, rcfile);
    int status = 0;
    if (!file || !read_cache(config, file, &digest)) {
        if (!is_started || take_started(start, &answer, &size) != 0)
            status =
                ask_helper(config->directory, rcfile, NULL, interpreters, &answer, &size, error);
        if (status == 0)
            status = replace_config_by_text(config, answer, size, error);
        if (status == 0 && file)
            write_cache(cache_directory, file, &digest, answer, size);
    }
    free(answer);
    free(file);
    if (status == 0 && config->plugins.count)
        status = run_plugins(config, rcfile, NULL, interpreters, error);
    return status;
}

int config_read(struct config *config, const char *rcfile, const struct string_list *interpreters,
                const char *cache_directory, struct error *error)
{
    return config_read_started(config, rcfile, interpreters, cache_directory, NULL, error);
}

int config_read_for_run(struct config *config, const char *rcfile, const char *engine,
                        struct error *error)
{
    struct digest digest;
    const struct string_list none = { 0 };
    char *answer = NULL;
    size_t size;
    json_t *plain;
    int found = examine_all(&digest, config->directory, rcfile, error);
    if (found <= 0)
        return found;
    if (config_plain_read(config->directory, find_specified(rcfile),
                          engine ? CONFIG_PLAIN_FOR_WARNINGS : CONFIG_PLAIN_FOR_REFUSALS,
                          &plain) == CONFIG_PLAIN_READ) {
        found = replace_config(config, plain, error);
        json_decref(plain);
        return found;
    }
    const char *asked = engine ? engine : "native";
    int status = ask_helper(config->directory, rcfile, asked, &none, &answer, &size, error);
    if (status == 0)
        status = replace_config_by_text(config, answer, size, error);
    free(answer);
    if (status == 0 && config->plugins.count)
        status = run_plugins(config, rcfile, asked, &none, error);
    return status;
}
