/*
 * Everything here is on the safe side: what Python might read in another way, were it only a
 * control character, is a reason to ask it. So the rules are few: ASCII but for comments, one
 * meaning for each line, values that need no more than to be cut.
 */
#include "collector/project/config_plain.h"

#include "collector/project/toml_plain.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SIZE_MAX ((size_t)1 << 20)

const char *const config_plain_options[] = {
    "run branch:boolean command_line concurrency:list context core cover_pylib:boolean"
    " data_file:file debug:list debug_file:file disable_warnings:list dynamic_context"
    " parallel:boolean patch:list plugins:list relative_files:boolean include:list omit:list"
    " sigterm:boolean source:list source_pkgs:list source_dirs:list timid:boolean",
    "report exclude_lines:regexlist exclude_also:regexlist fail_under:float format"
    " ignore_errors:boolean include_namespace_packages:boolean partial_branches_always:regexlist"
    " partial_branches:regexlist partial_also:regexlist precision:int contexts:list include:list"
    " omit:list show_missing:boolean skip_covered:boolean skip_empty:boolean sort",
    "html extra_css directory:file skip_covered:boolean skip_empty:boolean title"
    " show_contexts:boolean",
    "xml output:file package_depth:int",
    "json output:file pretty_print:boolean show_contexts:boolean",
    "lcov output:file line_checksums:boolean",
    NULL,
};

/* A part of a text. */
struct span {
    const char *start;
    size_t size;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static struct span strip(const char *start, const char *end)
{
    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    return (struct span){ start, (size_t)(end - start) };
}

static bool equals(struct span span, const char *text)
{
    return span.size == strlen(text) && memcmp(span.start, text, span.size) == 0;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Printable ASCII and blanks? */
static bool is_simple_text(const char *start, const char *end)
{
    for (; start < end; start++)
        if (!is_blank(*start) && (*start < ' ' || *start > '~'))
            return false;
    return true;
}

/* INI */

/* A file while it is read. */
struct ini {
    json_t *sections; /* {name: {option: value}} */
    json_t *section;  /* the current one, in `sections` */
    char *option;     /* the current one; NULL: none */
    char *value;      /* what it has so far */
    size_t value_size;
    size_t indent;
};

/* Ends the option that is being read. */
static bool end_option(struct ini *ini)
{
    bool good = true;
    if (ini->option) {
        size_t size = ini->value_size;
        while (size && is_blank(ini->value[size - 1]))
            size--;
        good = json_object_set_new(ini->section, ini->option, json_stringn(ini->value, size)) == 0;
    }
    free(ini->option);
    ini->option = NULL;
    return good;
}

static bool begin_section(struct ini *ini, struct span line)
{
    /* A bracket in the name is something else to each version of Python. */
    const char *bracket = memchr(line.start, ']', line.size);
    if (line.size < 3 || bracket != line.start + line.size - 1 || !end_option(ini))
        return false;
    char *name = strndup(line.start + 1, line.size - 2);
    bool good = name && strcmp(name, "DEFAULT") != 0 && !json_object_get(ini->sections, name);
    ini->section = json_object();
    good = json_object_set_new(ini->sections, good ? name : NULL, ini->section) == 0;
    free(name);
    return good;
}

static void add_to_value(struct ini *ini, struct span text)
{
    /* There is room for the whole file. */
    memcpy(ini->value + ini->value_size, text.start, text.size);
    ini->value_size += text.size;
}

static bool begin_option(struct ini *ini, struct span line)
{
    if (!ini->section || !end_option(ini))
        return false;
    const char *end = line.start + line.size, *delimiter = line.start;
    while (delimiter < end && *delimiter != '=' && *delimiter != ':')
        delimiter++;
    struct span name = strip(line.start, delimiter);
    if (delimiter == end || name.size == 0)
        return false;
    ini->option = strndup(name.start, name.size);
    for (char *c = ini->option; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    ini->value_size = 0;
    add_to_value(ini, strip(delimiter + 1, end));
    return ini->option && !json_object_get(ini->section, ini->option);
}

static bool is_utf8(const char *start, const char *end)
{
    json_t *string = json_stringn(start, (size_t)(end - start));
    json_decref(string);
    return string != NULL;
}

static bool read_ini_line(struct ini *ini, const char *start, const char *end)
{
    struct span line = strip(start, end);
    if (line.size && (*line.start == '#' || *line.start == ';'))
        return memchr(line.start, '\0', line.size) == NULL && is_utf8(start, end) &&
               memchr(line.start, '\r', line.size) == NULL;
    if (!is_simple_text(start, end))
        return false;
    const struct span newline = { "\n", 1 };
    size_t indent = (size_t)(line.start - start);
    if (line.size == 0) {
        if (ini->option)
            add_to_value(ini, newline);
        return true;
    }
    if (ini->option && indent > ini->indent) {
        add_to_value(ini, newline);
        add_to_value(ini, line);
        return true;
    }
    ini->indent = indent;
    return *line.start == '[' ? begin_section(ini, line) : begin_option(ini, line);
}

/* {section: {option: value}} of an INI file; NULL when Python must be asked. */
static json_t *read_ini(const char *text, size_t size)
{
    struct ini ini = { .sections = json_object(), .value = malloc(2 * size + 2) };
    bool good = ini.sections && ini.value;
    for (const char *at = text, *end = text + size; good && at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = newline ? newline : end;
        good = read_ini_line(&ini, at, line_end);
        at = line_end + 1;
    }
    good = good && end_option(&ini);
    free(ini.option);
    free(ini.value);
    if (!good) {
        json_decref(ini.sections);
        return NULL;
    }
    return ini.sections;
}

/* Values */

/* Is there a variable, or what might be one? */
static bool has_variable(const char *text)
{
    for (; (text = strchr(text, '$')) != NULL; text++)
        if (is_word(text[1]) || text[1] == '{' || text[1] == '$')
            return true;
    return false;
}

/* A text that needs nothing but to be cut. */
static bool is_plain_text(const char *text)
{
    return text && is_simple_text(text, text + strlen(text)) && !has_variable(text);
}

/* Would Python's re take it, without a doubt? */
static bool is_plain_pattern(struct span pattern)
{
    unsigned level = 0;
    bool has_atom = false; /* something that can be repeated comes before */
    for (size_t i = 0; i < pattern.size; i++) {
        char c = pattern.start[i], next = i + 1 < pattern.size ? pattern.start[i + 1] : '\0';
        switch (c) {
        case '\\':
            if (next == '\0' || !strchr("sSdDwWbB.()[]{}+*?^$|\\#:-/\"'", next))
                return false;
            has_atom = next != 'b' && next != 'B';
            i++;
            break;
        case '(':
            if (next == '?') {
                if (i + 2 >= pattern.size || pattern.start[i + 2] != ':')
                    return false;
                i += 2;
            }
            if (++level > 20)
                return false;
            has_atom = false;
            break;
        case ')':
            if (level-- == 0)
                return false;
            has_atom = true;
            break;
        case '*':
        case '+':
        case '?':
            if (!has_atom)
                return false;
            if (next == '?')
                i++;
            has_atom = false;
            break;
        case '[':
        case '{':
            return false;
        case '|':
        case '^':
        case '$':
            has_atom = false;
            break;
        default:
            has_atom = true;
            break;
        }
    }
    return level == 0;
}

/* The parts of `value` between separators, stripped, that are not empty. NULL: ask. */
static json_t *split(const char *value, const char *separators, bool are_patterns)
{
    json_t *list = json_array();
    for (const char *at = value; list;) {
        size_t size = strcspn(at, separators);
        struct span part = strip(at, at + size);
        if (part.size && ((are_patterns && !is_plain_pattern(part)) ||
                          json_array_append_new(list, json_stringn(part.start, part.size)) != 0)) {
            json_decref(list);
            return NULL;
        }
        if (at[size] == '\0')
            break;
        at += size + 1;
    }
    return list;
}

static json_t *make_boolean(const char *value)
{
    static const char *const words[] = { "0", "no", "false", "off", "1", "yes", "true", "on" };
    for (size_t i = 0; i < 8; i++)
        if (strcasecmp(value, words[i]) == 0)
            return json_boolean(i >= 4);
    return NULL;
}

/* At most nine digits, and for a float a point among them. */
static json_t *make_number(const char *value, bool is_float)
{
    size_t digits = strspn(value, "0123456789"), size = strlen(value), fraction = 0;
    if (is_float && digits && value[digits] == '.') {
        fraction = strspn(value + digits + 1, "0123456789");
        if (fraction == 0)
            return NULL;
        fraction++;
    }
    if (digits == 0 || digits + fraction != size || size > 9)
        return NULL;
    if (!is_float)
        return json_integer(atoi(value));
    /* Not by strtod, which minds the locale. */
    double divisor = 1;
    for (size_t i = 1; i < fraction; i++)
        divisor *= 10;
    double whole = atoi(value), part = fraction ? atoi(value + digits + 1) : 0;
    return json_real((whole * divisor + part) / divisor);
}

/* The value of an option of this kind in an INI file; NULL: ask. */
static json_t *make_value(const json_t *item, struct span kind)
{
    const char *value = json_string_value(item);
    if (!is_plain_text(value))
        return NULL;
    if (equals(kind, "boolean"))
        return make_boolean(value);
    if (equals(kind, "int") || equals(kind, "float"))
        return make_number(value, equals(kind, "float"));
    if (equals(kind, "list"))
        return split(value, ",\n", false);
    if (equals(kind, "regexlist"))
        return split(value, "\n", true);
    if (equals(kind, "file") && *value == '~')
        return NULL;
    return json_string(value);
}

/* A list of texts; NULL: ask. */
static json_t *make_toml_list(const json_t *item, bool are_patterns)
{
    size_t i;
    const json_t *part;
    json_t *list = json_is_array(item) ? json_array() : NULL;
    json_array_foreach(item, i, part)
    {
        const char *text = json_string_value(part);
        struct span span = { text, text ? strlen(text) : 0 };
        if (are_patterns && text)
            span = strip(text, text + span.size);
        bool good = is_plain_text(text) && (!are_patterns || is_plain_pattern(span));
        if (good && are_patterns && span.size == 0)
            continue;
        if (!good || json_array_append_new(list, json_stringn(span.start, span.size)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* The same in a TOML file, which has types; texts in the place of others are rare. */
static json_t *make_toml_value(json_t *item, struct span kind)
{
    if (equals(kind, "list") || equals(kind, "regexlist"))
        return make_toml_list(item, equals(kind, "regexlist"));
    bool good;
    if (equals(kind, "boolean"))
        good = json_is_boolean(item);
    else if (equals(kind, "int"))
        good = json_is_integer(item);
    else if (equals(kind, "float"))
        good = json_is_number(item);
    else
        good = is_plain_text(json_string_value(item)) &&
               !(equals(kind, "file") && *json_string_value(item) == '~');
    if (good && equals(kind, "float"))
        return json_real(json_number_value(item));
    return good ? json_incref(item) : NULL;
}

/* The kind of an option in a text of config_plain_options, "" for text; false: not known. */
static bool find_kind(const char *options, const char *name, struct span *kind)
{
    for (const char *at = options + strcspn(options, " "); *at;) {
        size_t size = strcspn(++at, " "), name_size = strcspn(at, ": ");
        if (name_size == strlen(name) && memcmp(at, name, name_size) == 0) {
            bool has_kind = name_size < size;
            *kind = (struct span){ at + name_size + has_kind, size - name_size - has_kind };
            return true;
        }
        at += size;
    }
    return false;
}

/* A file that was read. */
struct source {
    json_t *root; /* of INI: {section: {option: value}} */
    bool is_toml;
    bool ours;             /* no other tool's: sections need no prefix */
    const char *directory; /* where runs begin */
    enum config_plain_use use;
};

static bool is_root(const char *directory, const char *name)
{
    char path[PATH_MAX], real[PATH_MAX];
    int size = snprintf(path, sizeof path, "%s%s%s", *name == '/' ? "" : directory,
                        *name == '/' ? "" : "/", name);
    return size < 0 || (size_t)size >= sizeof path ||
           (realpath(path, real) && strcmp(real, "/") == 0);
}

/* Is each text of the value one of `known`, "|" around each? */
static bool are_known(const json_t *value, const char *known)
{
    size_t i, count = json_is_array(value) ? json_array_size(value) : 1;
    for (i = 0; i < count; i++) {
        const json_t *item = json_is_array(value) ? json_array_get(value, i) : value;
        char *sought;
        if (asprintf(&sought, "|%s|", json_string_value(item)) < 0)
            return false;
        bool found = strstr(known, sought) != NULL;
        free(sought);
        if (!found)
            return false;
    }
    return true;
}

/* May a run be refused for it? */
static bool may_be_refused(const struct source *source, const char *name, const json_t *value)
{
    if (strcmp(name, "core") == 0)
        return !are_known(value, "|ctrace|pytrace|sysmon|");
    if (strcmp(name, "dynamic_context") == 0)
        return !are_known(value, "||none|test_function|");
    if (strcmp(name, "patch") == 0)
        return !are_known(value, "|_exit|execv|fork|subprocess|");
    bool is_source = strcmp(name, "source") == 0;
    if (!is_source && strcmp(name, "include") != 0 && strcmp(name, "omit") != 0)
        return false;
    size_t i;
    const json_t *item;
    json_array_foreach(value, i, item)
    {
        const char *text = json_string_value(item);
        if (is_source ? is_root(source->directory, text)
                      : strstr(text, "**") || strpbrk(text, "[]"))
            return true;
    }
    return false;
}

/* May it have no effect on a run? */
static bool may_be_unused(const char *name)
{
    static const char *const names[] = { "context",    "cover_pylib", "data_file",      "debug",
                                         "debug_file", "include",     "dynamic_context" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* What the helper warns of, or looks at more closely. */
static bool needs_helper(const struct source *source, const char *section, const char *name,
                         const json_t *value)
{
    if (strcmp(section, "run") != 0)
        return false;
    if (source->use != CONFIG_PLAIN_FOR_REPORT && may_be_refused(source, name, value))
        return true;
    if (source->use == CONFIG_PLAIN_FOR_WARNINGS && may_be_unused(name))
        return true;
    if (strcmp(name, "source_dirs") == 0)
        return true;
    if (strcmp(name, "plugins") == 0)
        return json_array_size(value) != 0;
    if (strcmp(name, "concurrency") != 0)
        return false;
    size_t i;
    const json_t *item;
    json_array_foreach(value, i, item)
    {
        const char *text = json_string_value(item);
        if (strcmp(text, "thread") != 0 && strcmp(text, "multiprocessing") != 0)
            return true;
    }
    return false;
}

/* The section of that name; NULL: there is none. `*good` is cleared where it is no section. */
static json_t *find_section(const struct source *source, const char *name, size_t size, bool *good)
{
    char full[64];
    snprintf(full, sizeof full, "coverage:%.*s", (int)size, name);
    const char *bare = full + strlen("coverage:");
    json_t *section;
    if (source->is_toml) {
        json_t *tool = json_object_get(source->root, "tool");
        json_t *coverage = json_object_get(tool, "coverage");
        *good = *good && (!tool || json_is_object(tool)) && (!coverage || json_is_object(coverage));
        section = json_object_get(coverage, bare);
    } else {
        section = json_object_get(source->root, full);
    }
    if (!section && source->ours)
        section = json_object_get(source->root, bare);
    *good = *good && (!section || json_is_object(section));
    return section;
}

/* Puts the options of one section into the answer. False: ask. */
static bool take_section(json_t *answer, const char *options, const struct source *source,
                         bool *found)
{
    char name[16];
    bool good = true;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(options, " "), options);
    json_t *section = find_section(source, name, strlen(name), &good);
    json_t *taken = json_object_get(answer, name), *item;
    const char *option;
    json_object_foreach(section, option, item)
    {
        struct span kind;
        if (!good || !find_kind(options, option, &kind))
            return false;
        json_t *value = source->is_toml ? make_toml_value(item, kind) : make_value(item, kind);
        if (!value || json_object_set_new(taken, option, value) != 0 ||
            needs_helper(source, name, option, value))
            return false;
        *found = true;
    }
    return good;
}

static bool take_paths(json_t *answer, const struct source *source, bool *found)
{
    const struct span list = { "list", 4 };
    bool good = true;
    json_t *section = find_section(source, "paths", 5, &good);
    json_t *paths = json_object_get(answer, "paths"), *item;
    const char *name;
    json_object_foreach(section, name, item)
    {
        json_t *pair = json_array();
        json_t *value = source->is_toml ? make_toml_value(item, list) : make_value(item, list);
        size_t i;
        const json_t *part;
        good = good && value && is_plain_text(name);
        json_array_foreach(value, i, part) good = good && *json_string_value(part) != '~';
        good = json_array_append_new(pair, json_string(name)) == 0 && good;
        good = json_array_append_new(pair, value) == 0 && good;
        good = json_array_append_new(paths, pair) == 0 && good;
        if (!good)
            return false;
        *found = true;
    }
    return good;
}

static bool take_sections(json_t *answer, const struct source *source, bool *found)
{
    for (const char *const *options = config_plain_options; *options; options++)
        if (!take_section(answer, *options, source, found))
            return false;
    return take_paths(answer, source, found);
}

/* Files */

enum file_state { FILE_ABSENT, FILE_THERE, FILE_ODD };

static enum file_state load(const char *path, char **text, size_t *size)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno == ENOENT ? FILE_ABSENT : FILE_ODD;
    if (!S_ISREG(status.st_mode) || (size_t)status.st_size > FILE_SIZE_MAX)
        return FILE_ODD;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return FILE_ODD;
    size_t room = (size_t)status.st_size + 1;
    ssize_t got = -1;
    *text = malloc(room);
    *size = 0;
    while (*text && *size < room && (got = read(descriptor, *text + *size, room - *size)) > 0)
        *size += (size_t)got;
    close(descriptor);
    if (got == 0 && *size < room)
        return FILE_THERE;
    free(*text);
    *text = NULL;
    return FILE_ODD;
}

static json_t *make_answer(void)
{
    json_t *answer = json_object();
    bool good = json_object_set_new(answer, "file", json_null()) == 0;
    for (const char *const *options = config_plain_options; good && *options; options++) {
        char name[16];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(*options, " "), *options);
        good = json_object_set_new(answer, name, json_object()) == 0;
    }
    if (!good || json_object_set_new(answer, "paths", json_array()) != 0 ||
        json_object_set_new(answer, "problems", json_array()) != 0) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}

/* Has the absolute path no parts that os.path.abspath would take away? */
static bool is_normal(const char *path)
{
    size_t size = strlen(path);
    return size > 1 && path[size - 1] != '/' && !strstr(path, "//") && !strstr(path, "/.");
}

static bool has_suffix(const char *text, const char *suffix)
{
    size_t size = strlen(text), suffix_size = strlen(suffix);
    return size >= suffix_size && strcmp(text + size - suffix_size, suffix) == 0;
}

/* Reads one file into the answer. False: ask. `*done` is set when this was the file. */
static bool read_file(json_t *answer, const char *directory, const char *name, bool ours,
                      enum config_plain_use use, bool *done)
{
    char *path, *text = NULL;
    size_t size;
    *done = false;
    if (asprintf(&path, "%s%s%s", *name == '/' ? "" : directory, *name == '/' ? "" : "/", name) < 0)
        return false;
    enum file_state state = load(path, &text, &size);
    bool found = false, good = state == FILE_ABSENT;
    if (state == FILE_THERE) {
        struct source source = {
            .is_toml = has_suffix(name, ".toml"),
            .ours = ours,
            .directory = directory,
            .use = use,
        };
        source.root = source.is_toml ? toml_plain_read(text, size) : read_ini(text, size);
        good = source.root && take_sections(answer, &source, &found);
        json_decref(source.root);
        *done = ours || found;
    }
    if (*done)
        good = good && json_object_set_new(answer, "file", json_string(path)) == 0;
    free(text);
    free(path);
    return good;
}

enum config_plain_result config_plain_read(const char *directory, const char *specified,
                                           enum config_plain_use use, json_t **answer)
{
    static const struct {
        const char *name;
        bool ours;
    } candidates[] = { { ".coveragerc", true },
                       { ".coveragerc.toml", true },
                       { "setup.cfg", false },
                       { "tox.ini", false },
                       { "pyproject.toml", false } };
    const char *forced = getenv("COVERAGE_FORCE_CONFIG"), *core = getenv("COVERAGE_CORE");
    *answer = NULL;
    if ((forced && *forced) || (use != CONFIG_PLAIN_FOR_REPORT && core && *core))
        return CONFIG_PLAIN_ASK;
    bool good = true, done = false;
    json_t *made = make_answer();
    if (specified) {
        bool is_usual = *specified == '/' ? is_normal(specified) : !strchr(specified, '/');
        good = made && *specified && is_usual &&
               read_file(made, directory, specified, true, use, &done) && done;
    } else {
        for (size_t i = 0; good && !done && i < sizeof candidates / sizeof candidates[0]; i++)
            good = made &&
                   read_file(made, directory, candidates[i].name, candidates[i].ours, use, &done);
    }
    if (!good) {
        json_decref(made);
        return CONFIG_PLAIN_ASK;
    }
    *answer = made;
    return CONFIG_PLAIN_READ;
}
