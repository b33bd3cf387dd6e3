/*
 * Sealing is a race that any interpreter may win: the text is written beside its final name and
 * linked there; whoever comes second reads what is there. Where nothing can be written, the text
 * serves this process alone.
 */
#include "settings.h"

#include "helper_plugins.h"
#include "helper_read_config.h"
#include "ledger.h"
#include "session.h"
#include "session_files.h"
#include "unseen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX (4u * 1024 * 1024)

struct text {
    char *start;
    size_t length, room;
    bool failed;
};

static void text_add(struct text *text, const char *bytes, size_t length)
{
    if (text->failed || length > TEXT_MAX || text->length + length + 1 > TEXT_MAX) {
        text->failed = true;
        return;
    }
    if (text->length + length + 1 > text->room) {
        size_t room = (text->length + length + 1) * 2;
        char *larger = realloc(text->start, room);
        if (!larger) {
            text->failed = true;
            return;
        }
        text->start = larger;
        text->room = room;
    }
    memcpy(text->start + text->length, bytes, length);
    text->length += length;
    text->start[text->length] = '\0';
}

static void text_add_pair(struct text *text, const char *key, const char *value, size_t length)
{
    text_add(text, key, strlen(key));
    text_add(text, "=", 1);
    for (size_t i = 0; i < length; i++) {
        char encoded[4];
        if (value[i] == '%' || (unsigned char)value[i] < 0x20) {
            snprintf(encoded, sizeof encoded, "%%%02X", (unsigned)(unsigned char)value[i]);
            text_add(text, encoded, 3);
        } else {
            text_add(text, value + i, 1);
        }
    }
    text_add(text, "\n", 1);
}

/* The whole of a file, NUL added; NULL when it can't be had. Closes it; the caller frees. */
static char *read_descriptor(int descriptor)
{
    struct text text = { 0 };
    char piece[4096];
    ssize_t got;
    while ((got = read(descriptor, piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0)
            text_add(&text, piece, (size_t)got);
    close(descriptor);
    if (got < 0 || text.failed) {
        free(text.start);
        return NULL;
    }
    return text.start ? text.start : calloc(1, 1);
}

static char *read_file(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    return descriptor >= 0 ? read_descriptor(descriptor) : NULL;
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

/* Has the root folder a file that coverage.py would find settings in? */
static bool has_configuration(void)
{
    static const char *const names[] = { ".coveragerc", ".coveragerc.toml", "setup.cfg", "tox.ini",
                                         "pyproject.toml" };
    const char *named = getenv("COVFORK_RCFILE");
    bool found = is_set("COVERAGE_FORCE_CONFIG");
    /* Where it is empty there is to be none. */
    if (named)
        return found || *named;
    found |= is_set("COVERAGE_RCFILE");
    for (size_t i = 0; !found && i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s/%s", session.root, names[i]);
        if (length < 0 || (size_t)length >= sizeof path)
            continue;
        char *content = read_file(path);
        /* A file of coverage.py's own has sections without its name. */
        found = content && (i < 2 || strstr(content, "coverage"));
        free(content);
    }
    return found;
}

static bool is_ours_or_pythons(const char *variable)
{
    return strncmp(variable, "LD_PRELOAD=", 11) == 0 || strncmp(variable, "COVFORK_", 8) == 0 ||
           strncmp(variable, "PYTHON", 6) == 0;
}

static const char *engine_name(void)
{
    return session.engine == ENGINE_COVERAGE    ? "coverage"
           : session.engine == ENGINE_SLIPCOVER ? "slipcover"
                                                : "native";
}

/* The options of [run] that variables decide, as the helper wants them. */
static void list_overridden(char list[32])
{
    snprintf(list, 32, "%s%s%s", is_set("COVFORK_SOURCE") ? "source," : "",
             is_set("COVFORK_INCLUDE") ? "include," : "", is_set("COVFORK_OMIT") ? "omit," : "");
}

/* A helper that runs plugins sees what is installed as the program does; coverage.py must not
 * measure it. */
static bool is_of_helper(const char *variable, bool with_plugins)
{
    static const char *const of_packages[] = { "PYTHONPATH=", "PYTHONHOME=", "PYTHONUSERBASE=",
                                               "PYTHONNOUSERSITE=" };
    if (with_plugins && strncmp(variable, "COVERAGE_PROCESS_", 17) == 0)
        return false;
    for (size_t i = 0; with_plugins && i < sizeof of_packages / sizeof of_packages[0]; i++)
        if (strncmp(variable, of_packages[i], strlen(of_packages[i])) == 0)
            return true;
    return !is_ours_or_pythons(variable);
}

/* The environment of a helper. Caller frees the array alone. */
static char **helper_environment(bool with_plugins)
{
    size_t count = 0, kept = 0;
    while (environ && environ[count])
        count++;
    char **environment = calloc(count + 1, sizeof *environment);
    for (size_t i = 0; environment && i < count; i++)
        if (is_of_helper(environ[i], with_plugins))
            environment[kept++] = environ[i];
    return environment;
}

/* Where the helper's words go, read when it has ended. `*input` is to be read from. */
static int open_output(int *input)
{
    int ends[2];
    *input = memfd_create("covfork", MFD_CLOEXEC);
    if (*input >= 0)
        return *input;
    /* Nobody reads meanwhile: what doesn't fit fails, rather than to wait for ever. */
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    *input = ends[0];
    return ends[1];
}

/* What the helper prints in `executable`, or NULL. Caller frees. */
static char *run_helper(const char *executable, bool with_plugins)
{
    char overridden[32];
    list_overridden(overridden);
    char *rcfile = getenv("COVFORK_RCFILE");
    char *arguments[] = { (char *)executable,
                          "-I",
                          "-S",
                          "-c",
                          (char *)helper_read_config,
                          session.root,
                          "--format",
                          "lines",
                          "--engine",
                          (char *)engine_name(),
                          "--overridden",
                          overridden,
                          rcfile ? "--rcfile" : NULL,
                          rcfile,
                          NULL };
    if (with_plugins) {
        /* Not isolated, and no bytecode is left beside a project's own plugin. */
        arguments[1] = arguments[2] = "-B";
        arguments[4] = (char *)helper_plugins;
    }
    int input, output = open_output(&input);
    char **environment = output >= 0 ? helper_environment(with_plugins) : NULL;
    int status = environment ? unseen_run(executable, arguments, environment, output) : -1;
    free(environment);
    if (output >= 0 && output != input)
        close(output);
    else if (output >= 0)
        lseek(input, 0, SEEK_SET);
    char *text = output >= 0 ? read_descriptor(input) : NULL;
    if (status == 0 && text && *text)
        return text;
    free(text);
    return NULL;
}

static bool looks_like_python(const char *path)
{
    const char *base = strrchr(path, '/');
    return strncmp(base ? base + 1 : path, "python", 6) == 0;
}

/* The lines of the file `settings` that the configuration gives; NULL when no Python could be
 * asked. Caller frees. */
static char *read_configuration(const char *executable)
{
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    own[length > 0 ? length : 0] = '\0';
    const char *candidates[] = { own, executable, "python3", "python" };
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        if (!candidates[i] || !looks_like_python(candidates[i]))
            continue;
        char *answer = run_helper(candidates[i], false);
        if (answer)
            return answer;
    }
    return NULL;
}

static bool starts(const char *line, const char *key)
{
    return strncmp(line, key, strlen(key)) == 0;
}

/* Does a line of `lines` begin with `key`? */
static bool has_line(const char *lines, const char *key)
{
    for (const char *line = lines; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (starts(line, key))
            return true;
    }
    return false;
}

/*
 * The configuration as its plugins make it: they are run in this very interpreter's kind, where its
 * packages are, or in a Python on PATH. `lines` is what was read without them, and taken over.
 * Where none has the plugins, nothing of this process counts: it is none of the project's, or one
 * in which coverage.py would not start. Nothing is sealed then: another process may have them.
 */
static char *apply_plugins(char *lines, const char *executable)
{
    static const char key[] = "plugin=", greeting[] = "covfork helper 1\n";
    if (!has_line(lines, key))
        return lines;
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    own[length > 0 ? length : 0] = '\0';
    /* A virtual environment's packages are those of its own name for the interpreter. */
    bool has_name = executable && looks_like_python(executable);
    const char *candidates[] = { has_name ? executable : own, "python3", "python" };
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        if (!looks_like_python(candidates[i]))
            continue;
        char *answer = run_helper(candidates[i], true);
        /* What comes before the greeting is of a sitecustomize.py. */
        char *start = answer ? strstr(answer, greeting) : NULL;
        if (start) {
            start += strlen(greeting);
            memmove(answer, start, strlen(start) + 1);
            free(lines);
            return answer;
        }
        free(answer);
    }
    struct text text = { 0 };
    text_add(&text, lines, strlen(lines));
    const char *start = "unusable=this interpreter does not have the plugin ", *separator = start;
    for (const char *line = lines; *line; line += strcspn(line, "\n"), line += *line == '\n')
        if (starts(line, key)) {
            const char *name = line + strlen(key);
            text_add(&text, separator, strlen(separator));
            text_add(&text, name, strcspn(name, "\n"));
            separator = ", ";
        }
    text_add(&text, "\n", 1);
    free(lines);
    if (!text.failed)
        return text.start;
    free(text.start);
    return NULL;
}

static void add_sources(struct text *text, const char *value)
{
    while (*value) {
        size_t length = strcspn(value, ":");
        char entry[PATH_MAX], path[PATH_MAX], resolved[PATH_MAX];
        if (length > 0 && length < sizeof entry) {
            memcpy(entry, value, length);
            entry[length] = '\0';
            int total = entry[0] == '/' ? snprintf(path, sizeof path, "%s", entry)
                                        : snprintf(path, sizeof path, "%s/%s", session.root, entry);
            struct stat status;
            if (total > 0 && (size_t)total < sizeof path && realpath(path, resolved) &&
                stat(resolved, &status) == 0 && S_ISDIR(status.st_mode))
                text_add_pair(text, "source_dir", resolved, strlen(resolved));
            else
                text_add_pair(text, "source_pkg", entry, length);
        }
        value += length;
        value += *value == ':';
    }
}

static void add_globs(struct text *text, const char *key, const char *value)
{
    while (*value) {
        size_t length = strcspn(value, ",:\n");
        if (length > 0)
            text_add_pair(text, key, value, length);
        value += length;
        value += *value != '\0';
    }
}

/* The configuration's lines less those that a variable overrides. */
static void add_configuration(struct text *text, const char *lines, bool source, bool include,
                              bool omit, bool branch)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        bool overridden =
            (source && starts(lines, "source_")) || (include && starts(lines, "include=")) ||
            (omit && starts(lines, "omit=")) || (branch && starts(lines, "branch=")) ||
            starts(lines, "root=") || starts(lines, "plugin=") ||
            (session.engine == ENGINE_COVERAGE && starts(lines, "idle="));
        if (!overridden && length > 0) {
            text_add(text, lines, length);
            text_add(text, "\n", 1);
        }
        lines += length;
        lines += *lines == '\n';
    }
}

static char *compose(const char *executable)
{
    static const char no_python[] = "no Python was found that can read it";
    const char *source = getenv("COVFORK_SOURCE");
    const char *include = getenv("COVFORK_INCLUDE");
    const char *omit = getenv("COVFORK_OMIT");
    const char *branch = getenv("COVFORK_BRANCH");
    struct text text = { 0 };
    char root[PATH_MAX];
    if (!realpath(session.root, root))
        strcpy(root, session.root);
    text_add_pair(&text, "root", root, strlen(root));
    if (has_configuration()) {
        char *lines = read_configuration(executable);
        if (lines)
            lines = apply_plugins(lines, executable);
        if (lines)
            add_configuration(&text, lines, source && *source, include && *include, omit && *omit,
                              branch && *branch);
        else
            text_add_pair(&text, "refused", no_python, strlen(no_python));
        free(lines);
    }
    if (source)
        add_sources(&text, source);
    if (include)
        add_globs(&text, "include", include);
    if (omit)
        add_globs(&text, "omit", omit);
    if (branch && *branch)
        text_add_pair(&text, "branch", branch, strlen(branch));
    if (text.failed) {
        free(text.start);
        return NULL;
    }
    return text.start;
}

/* Makes `text` the session's settings. False when others were there before us or it failed. */
static bool seal(const char *text)
{
    return session_ensure_folder() == 0 &&
           session_files_put(FORMAT_SETTINGS_NAME, text, strlen(text), 0) == 0;
}

/* What was sealed, NULL when nothing was. Caller frees. */
static char *read_sealed(void)
{
    int descriptor = session_files_open(FORMAT_SETTINGS_NAME, O_RDONLY);
    return descriptor >= 0 ? read_descriptor(descriptor) : NULL;
}

int settings_load(struct settings *settings, const char *executable)
{
    int saved = errno;
    char *text = read_sealed();
    if (!text) {
        text = compose(executable);
        if (text && !has_line(text, "unusable=") && !seal(text)) {
            char *sealed = read_sealed();
            if (sealed) {
                free(text);
                text = sealed;
            }
        }
    }
    int result = text ? settings_parse(settings, text) : -1;
    errno = saved;
    return result;
}

static void decode(char *value)
{
    char *to = value;
    for (; *value; to++, value++) {
        unsigned byte;
        if (*value == '%' && sscanf(value + 1, "%2x", &byte) == 1 && value[1] && value[2]) {
            *to = (char)byte;
            value += 2;
        } else {
            *to = *value;
        }
    }
    *to = '\0';
}

static bool list_add(struct settings_list *list, const char *item)
{
    const char **larger = realloc(list->items, (list->count + 1) * sizeof *larger);
    if (!larger)
        return false;
    larger[list->count++] = item;
    list->items = larger;
    return true;
}

int settings_parse(struct settings *settings, char *text)
{
    *settings = (struct settings){ .text = text, .root = "" };
    bool good = true;
    for (char *line = text; good && line && *line;) {
        char *next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        char *value = strchr(line, '=');
        if (value) {
            *value++ = '\0';
            decode(value);
            if (strcmp(line, "root") == 0)
                settings->root = value;
            else if (strcmp(line, "config") == 0)
                settings->config = value;
            else if (strcmp(line, "unusable") == 0)
                settings->unusable = value;
            else if (strcmp(line, "context") == 0)
                settings->context = value;
            else if (strcmp(line, "branch") == 0)
                settings->branch = strcmp(value, "1") == 0;
            else if (strcmp(line, "source_dir") == 0)
                good = list_add(&settings->source_dirs, value);
            else if (strcmp(line, "source_pkg") == 0)
                good = list_add(&settings->source_pkgs, value);
            else if (strcmp(line, "include") == 0)
                good = list_add(&settings->include, value);
            else if (strcmp(line, "omit") == 0)
                good = list_add(&settings->omit, value);
        }
        line = next;
    }
    return good ? 0 : -1;
}
