/*
 * File names by coverage.py's rules; see paths.h. Runs in the collector only. Paths are bytes: all
 * patterns are compiled for UTF-8 and, for names that are not UTF-8, for bytes.
 */
#include "paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Linux follows no more links than this either. */
#define MAX_LINKS 40

static int memory_error(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

/* Canonical names */

static char *join(const char *directory, const char *name)
{
    size_t length = strlen(directory);
    const char *slash = length && directory[length - 1] == '/' ? "" : "/";
    char *joined;
    return asprintf(&joined, "%s%s%s", directory, slash, name) < 0 ? NULL : joined;
}

/* Appends one component to the normal absolute path `path`, which has room for it. */
static void push_component(char *path, const char *component, size_t length)
{
    if (!length || (length == 1 && component[0] == '.'))
        return;
    if (length == 2 && component[0] == '.' && component[1] == '.') {
        char *slash = strrchr(path, '/');
        if (slash)
            slash[slash == path] = '\0';
        return;
    }
    size_t end = strlen(path);
    if (end > 1)
        path[end++] = '/';
    memcpy(path + end, component, length);
    path[end + length] = '\0';
}

/* The absolute `path` without ".", ".." and repeated slashes, looking at no file. */
static char *normalize(const char *path)
{
    char *result = malloc(strlen(path) + 2);
    if (!result)
        return NULL;
    strcpy(result, "/");
    while (*path) {
        size_t length = strcspn(path, "/");
        push_component(result, path, length);
        path += length + (path[length] == '/');
    }
    return result;
}

/* Python's realpath for what realpath(3) refuses: parts that do not exist or can't be looked at
 * stand for themselves, and a loop of links is left as it is. */
static char *resolve_leniently(const char *path)
{
    char *resolved = strdup("/");
    char *rest = strdup(path);
    int links = 0;
    size_t at = 0;
    while (resolved && rest && rest[at]) {
        size_t length = strcspn(rest + at, "/");
        char *next = malloc(strlen(resolved) + length + 2);
        if (!next)
            goto failed;
        strcpy(next, resolved);
        push_component(next, rest + at, length);
        at += length + (rest[at + length] == '/');
        char target[PATH_MAX];
        ssize_t target_length = -1;
        /* "..", "." and an empty part give a shorter or the same path, which is no link. */
        if (strlen(next) > strlen(resolved))
            target_length = readlink(next, target, sizeof target - 1);
        if (target_length <= 0) {
            free(resolved);
            resolved = next;
            continue;
        }
        free(next);
        if (++links > MAX_LINKS) {
            free(resolved);
            free(rest);
            return normalize(path);
        }
        target[target_length] = '\0';
        char *longer = join(target, rest + at);
        free(rest);
        rest = longer;
        at = 0;
        if (target[0] == '/')
            resolved[1] = '\0';
    }
    if (!rest)
        goto failed;
    free(rest);
    return resolved;
failed:
    free(resolved);
    free(rest);
    return NULL;
}

char *path_canonical(const char *directory, const char *path)
{
    char *joined = path[0] == '/' ? strdup(path) : join(directory, path);
    if (joined && joined[0] != '/') {
        char *working = getcwd(NULL, 0);
        char *absolute = working ? join(working, joined) : NULL;
        free(working);
        free(joined);
        joined = absolute;
    }
    if (!joined)
        return NULL;
    char *real = realpath(joined, NULL);
    if (!real && errno != ENOMEM)
        real = resolve_leniently(joined);
    free(joined);
    return real;
}

/* The canonical name of the folder `given`; NULL when memory ran out. It is the struct's. */
static const char *find_folder(struct path_folders *folders, const char *given)
{
    uint64_t hash = hash_bytes(given, strlen(given));
    for (size_t at = hash_map_first(&folders->map, hash); at != HASH_MAP_END;
         at = hash_map_next(&folders->map, hash, at)) {
        size_t index = hash_map_value(&folders->map, at);
        if (strcmp(folders->given.items[index], given) == 0)
            return folders->canonical.items[index];
    }
    char *canonical = path_canonical("/", given);
    size_t index = folders->given.count;
    bool added = canonical && string_list_add(&folders->given, given) == 0 &&
                 string_list_add(&folders->canonical, canonical) == 0 &&
                 hash_map_add(&folders->map, hash, (uint32_t)index) == 0;
    free(canonical);
    return added ? folders->canonical.items[index] : NULL;
}

char *path_canonical_file(struct path_folders *folders, const char *directory, const char *path)
{
    char *joined = path[0] == '/' ? strdup(path) : join(directory, path);
    char *slash = joined ? strrchr(joined, '/') : NULL;
    const char *name = slash ? slash + 1 : "";
    struct stat status;
    if (!joined)
        return NULL;
    if (joined[0] == '/' && slash != joined && *name && strcmp(name, ".") != 0 &&
        strcmp(name, "..") != 0) {
        *slash = '\0';
        const char *folder = find_folder(folders, joined);
        char *file = folder ? join(folder, name) : NULL;
        *slash = '/';
        if (!folder || !file || (lstat(file, &status) == 0 && !S_ISLNK(status.st_mode))) {
            free(joined);
            return file;
        }
        free(file);
    }
    free(joined);
    return path_canonical(directory, path);
}

void path_folders_close(struct path_folders *folders)
{
    string_list_close(&folders->given);
    string_list_close(&folders->canonical);
    hash_map_close(&folders->map);
}

bool path_is_of_windows(const char *path)
{
    bool has_drive = ((path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z')) &&
                     path[1] == ':' && (path[2] == '\\' || path[2] == '/');
    return has_drive || path[0] == '\\';
}

void path_use_slashes(char *path)
{
    for (; *path; path++)
        if (*path == '\\')
            *path = '/';
}

const char *path_relative(const char *directory, const char *path)
{
    size_t length = strlen(directory);
    while (length && directory[length - 1] == '/')
        length--;
    if (strncmp(path, directory, length) == 0 && path[length] == '/' && path[length + 1])
        return path + length + 1;
    return path;
}

/* Regular expressions */

struct regex {
    pcre2_code *utf;   /* NULL when the pattern is not UTF-8 */
    pcre2_code *bytes; /* for subjects that are not UTF-8 */
    pcre2_match_data *match;
};

static void regex_close(struct regex *regex)
{
    pcre2_code_free(regex->utf);
    pcre2_code_free(regex->bytes);
    pcre2_match_data_free(regex->match);
}

/* 0, or a PCRE2 error number. */
static int regex_init(struct regex *regex, const char *text, uint32_t options)
{
    int number = 0;
    PCRE2_SIZE offset;
    memset(regex, 0, sizeof *regex);
    /* "." is what Python's is: all but a line feed. */
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context)
        return PCRE2_ERROR_NOMEMORY;
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    PCRE2_SPTR pattern = (PCRE2_SPTR)text;
    options |= PCRE2_ANCHORED;
    regex->utf = pcre2_compile(pattern, PCRE2_ZERO_TERMINATED, options | PCRE2_UTF | PCRE2_UCP,
                               &number, &offset, context);
    regex->bytes =
        pcre2_compile(pattern, PCRE2_ZERO_TERMINATED, options, &number, &offset, context);
    pcre2_compile_context_free(context);
    if (!regex->bytes)
        return number;
    regex->match = pcre2_match_data_create(1, NULL);
    if (!regex->match) {
        regex_close(regex);
        return PCRE2_ERROR_NOMEMORY;
    }
    /* Not every machine has a JIT; the interpreter does then. */
    pcre2_jit_compile(regex->bytes, PCRE2_JIT_COMPLETE);
    if (regex->utf)
        pcre2_jit_compile(regex->utf, PCRE2_JIT_COMPLETE);
    return 0;
}

/* Bytes at the start of `subject` that match, or -1. */
static ssize_t regex_match(const struct regex *regex, const char *subject)
{
    int result = PCRE2_ERROR_UTF8_ERR1;
    PCRE2_SPTR text = (PCRE2_SPTR)subject;
    size_t length = strlen(subject);
    const pcre2_code *codes[] = { regex->utf, regex->bytes };
    for (size_t i = 0; i < 2; i++) {
        bool not_utf = result <= PCRE2_ERROR_UTF8_ERR1 && result >= PCRE2_ERROR_UTF8_ERR21;
        if (!codes[i] || !not_utf)
            continue;
        result = pcre2_match(codes[i], text, length, 0, 0, regex->match, NULL);
        if (result == PCRE2_ERROR_JIT_STACKLIMIT)
            result = pcre2_match(codes[i], text, length, 0, PCRE2_NO_JIT, regex->match, NULL);
    }
    if (result < 0)
        return -1;
    return (ssize_t)pcre2_get_ovector_pointer(regex->match)[1];
}

/* Globs */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* The end of the piece at `at` that a pattern can't include, or `at` when it begins with none:
 * three stars, and two that are not a component of their own. */
static const char *find_wrong_stars(const char *at)
{
    size_t stars = strspn(at, "*");
    if (stars >= 3)
        return at + stars;
    size_t segment = strcspn(at, "/");
    for (size_t i = segment; i-- > 2;)
        if (at[i] == '*' && at[i - 1] == '*')
            return at + i + 1;
    if (stars == 2 && segment > 2)
        return at + segment;
    if (strncmp(at, "**/**", 5) == 0)
        return at + 5;
    return at;
}

/* Writes the glob `pattern` as a regular expression. Returns NULL, or the piece that a pattern
 * can't include, `*wrong_length` bytes long. */
static const char *write_glob(FILE *out, const char *pattern, size_t *wrong_length)
{
    const char *at = pattern;
    while (*at) {
        const char *wrong = find_wrong_stars(at);
        if (wrong > at) {
            *wrong_length = (size_t)(wrong - at);
            return at;
        }
        size_t stars = strspn(at, "*");
        if ((at == pattern || stars == 2) && stars && at[stars] == '/') {
            fputs("(?:.*[/\\\\])?", out);
            at += stars + 1;
        } else if (*at == '/' && at[1] == '*') {
            size_t after = 1 + strspn(at + 1, "*");
            bool last = !at[after] || (at[after] == '\n' && !at[after + 1]);
            fputs(last ? "[/\\\\].*" : "[/\\\\]", out);
            at += last ? after : 1;
        } else if (*at == '/') {
            fputs("[/\\\\]", out);
            at++;
        } else if (*at == '*') {
            fputs("[^/\\\\]*", out);
            at++;
        } else if (*at == '?') {
            fputs("[^/\\\\]", out);
            at++;
        } else if (*at == '[') {
            size_t length = strcspn(at, "]\n");
            /* An empty class has no end for Python's re. */
            if (at[length] != ']' || length == 1 || (length == 2 && at[1] == '^')) {
                *wrong_length = at[length] == ']' ? length + 1 : 1;
                return at;
            }
            fputc('[', out);
            for (size_t i = 1; i < length; i++)
                /* PCRE2 would see [:name:] in it, Python does not. */
                fprintf(out, at[i] == '[' ? "\\%c" : "%c", at[i]);
            fputc(']', out);
            at += length + 1;
        } else if (*at == ']') {
            *wrong_length = 1;
            return at;
        } else {
            if (!is_word(*at) && !(*at & 0x80))
                fputc('\\', out);
            fputc(*at, out);
            at++;
        }
    }
    return NULL;
}

/* The regular expression for one glob; NULL with an error. Caller frees. */
static char *glob_to_regex(const char *glob, struct error *error)
{
    char *pattern;
    bool anywhere = !strpbrk(glob, "/\\");
    if (asprintf(&pattern, "%s%s", anywhere ? "**/" : "", glob) < 0) {
        memory_error(error);
        return NULL;
    }
    for (char *c = pattern; *c; c++)
        if (*c == '\\')
            *c = '/';
    char *text = NULL;
    size_t size, wrong_length = 0;
    const char *wrong = NULL;
    FILE *out = open_memstream(&text, &size);
    if (out)
        wrong = write_glob(out, pattern, &wrong_length);
    bool written = out && !ferror(out);
    if (out && fclose(out) != 0)
        written = false;
    if (!written) {
        memory_error(error);
    } else if (wrong) {
        error_set(error, ERROR_CONFIG, "File pattern can't include '%.*s': '%s'",
                  (int)(wrong_length > 200 ? 200 : wrong_length), wrong, glob);
    }
    free(pattern);
    if (written && !wrong)
        return text;
    free(text);
    return NULL;
}

static int regex_error(int number, const char *glob, struct error *error)
{
    if (number == PCRE2_ERROR_NOMEMORY)
        return memory_error(error);
    char text[256];
    pcre2_get_error_message(number, (PCRE2_UCHAR *)text, sizeof text);
    return error_set(error, ERROR_CONFIG, "wrong file pattern '%s': %s", glob, text);
}

struct path_globs {
    size_t count;
    struct regex regexes[];
};

/* Adds one prepared glob. 0 or -1. */
static int add_glob(struct path_globs *globs, const char *glob, struct error *error)
{
    char *text = glob_to_regex(glob, error);
    if (!text)
        return -1;
    int number = regex_init(&globs->regexes[globs->count], text, PCRE2_ENDANCHORED);
    free(text);
    if (number)
        return regex_error(number, glob, error);
    globs->count++;
    return 0;
}

struct path_globs *path_globs_new(const struct string_list *patterns, const char *directory,
                                  struct error *error)
{
    struct path_globs *globs =
        calloc(1, sizeof *globs + 2 * patterns->count * sizeof globs->regexes[0]);
    if (!globs) {
        memory_error(error);
        return NULL;
    }
    for (size_t i = 0; i < patterns->count; i++) {
        const char *pattern = patterns->items[i];
        if (add_glob(globs, pattern, error) < 0)
            goto failed;
        if (pattern[0] == '*' || pattern[0] == '?')
            continue;
        char *absolute = path_canonical(directory, pattern);
        if (!absolute) {
            memory_error(error);
            goto failed;
        }
        int status = add_glob(globs, absolute, error);
        free(absolute);
        if (status < 0)
            goto failed;
    }
    return globs;
failed:
    path_globs_free(globs);
    return NULL;
}

bool path_globs_match(const struct path_globs *globs, const char *path)
{
    for (size_t i = 0; i < globs->count; i++)
        if (regex_match(&globs->regexes[i], path) >= 0)
            return true;
    return false;
}

void path_globs_free(struct path_globs *globs)
{
    if (!globs)
        return;
    for (size_t i = 0; i < globs->count; i++)
        regex_close(&globs->regexes[i]);
    free(globs);
}

/* Trees */

bool path_in_tree(const char *tree, const char *path)
{
    size_t length = strlen(tree);
    while (length && tree[length - 1] == '/')
        length--;
    return strncmp(path, tree, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static bool is_third_party_name(const char *name, size_t length)
{
    static const char *const names[] = { "site-packages", "dist-packages", ".nox", ".tox" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
            return true;
    return false;
}

/* Is there a pyvenv.cfg in the folder that is the first `length` bytes of `path`? */
static bool is_environment(const char *path, size_t length)
{
    static const char name[] = "/pyvenv.cfg";
    char file[PATH_MAX];
    if (length + sizeof name > sizeof file)
        return false;
    memcpy(file, path, length);
    memcpy(file + length, name, sizeof name);
    return access(file, F_OK) == 0;
}

bool path_is_third_party(const char *top, const char *path)
{
    size_t start = 0;
    if (path_in_tree(top, path))
        for (start = strlen(top); start && top[start - 1] == '/';)
            start--;
    /* `start` is at the slash behind the highest folder that does not count. */
    while (path[start] == '/') {
        size_t name = start + 1;
        size_t end = name + strcspn(path + name, "/");
        if (path[end] != '/')
            break;
        if (is_third_party_name(path + name, end - name) || is_environment(path, end))
            return true;
        start = end;
    }
    return false;
}

/* Source folders */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_names(struct string_list *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, compare_names);
}

/* coverage.py: [^.#~!$@%^&*()+=,]+\.pyw? */
static bool is_importable_name(const char *name)
{
    size_t stem = strcspn(name, ".#~!$@%^&*()+=,");
    return stem && (strcmp(name + stem, ".py") == 0 || strcmp(name + stem, ".pyw") == 0);
}

/* What os.walk makes of an entry: a folder to go into, a file, or a link to a folder (neither). */
enum entry_kind { ENTRY_FOLDER, ENTRY_FILE, ENTRY_PASSED_OVER };

static enum entry_kind find_entry_kind(int folder, const struct dirent *entry)
{
    struct stat status;
    if (entry->d_type == DT_DIR)
        return ENTRY_FOLDER;
    if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
        return ENTRY_FILE;
    if (fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return ENTRY_FILE;
    if (!S_ISLNK(status.st_mode))
        return S_ISDIR(status.st_mode) ? ENTRY_FOLDER : ENTRY_FILE;
    if (fstatat(folder, entry->d_name, &status, 0) == 0 && S_ISDIR(status.st_mode))
        return ENTRY_PASSED_OVER;
    return ENTRY_FILE;
}

/* The entries of `directory`: subfolders, and files that look importable. A folder that can't be
 * read is empty, as for os.walk. 0 or -1 (memory). */
static int read_folder(const char *directory, struct string_list *folders,
                       struct string_list *files, bool *is_package)
{
    *is_package = false;
    DIR *stream = opendir(directory);
    if (!stream)
        return 0;
    int status = 0;
    const struct dirent *entry;
    while (status == 0 && (entry = readdir(stream))) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        enum entry_kind kind = find_entry_kind(dirfd(stream), entry);
        if (kind == ENTRY_FOLDER) {
            status = string_list_add(folders, name);
        } else if (kind == ENTRY_FILE && is_importable_name(name)) {
            status = string_list_add(files, name);
            *is_package = *is_package || strcmp(name, "__init__.py") == 0;
        }
    }
    closedir(stream);
    sort_names(folders);
    sort_names(files);
    return status;
}

static int find_files(struct string_list *list, const char *directory, bool any_folder, bool top)
{
    struct string_list folders = { 0 }, files = { 0 };
    bool is_package;
    int status = read_folder(directory, &folders, &files, &is_package);
    bool wanted = top || any_folder || is_package;
    for (size_t i = 0; wanted && status == 0 && i < files.count; i++) {
        char *path = join(directory, files.items[i]);
        status = path ? string_list_add(list, path) : -1;
        free(path);
    }
    for (size_t i = 0; wanted && status == 0 && i < folders.count; i++) {
        char *path = join(directory, folders.items[i]);
        status = path ? find_files(list, path, any_folder, false) : -1;
        free(path);
    }
    string_list_close(&folders);
    string_list_close(&files);
    return status;
}

int path_find_python_files(struct string_list *list, const char *directory,
                           bool include_namespace_packages, struct error *error)
{
    if (find_files(list, directory, include_namespace_packages, true) < 0)
        return memory_error(error);
    return 0;
}

/* [paths] */

struct alias {
    char *pattern; /* as it was given, or generated */
    char *result;  /* ends with a separator */
    struct regex regex;
};

/* Aliases are added while paths are mapped, so they are apart from the const struct. */
struct alias_table {
    struct alias *items;
    size_t count;
};

struct path_aliases {
    struct alias_table *table;
    char *directory;
    bool relative;
};

/* The first separator in `path`, a slash when it has none. */
static char find_separator(const char *path)
{
    const char *found = strpbrk(path, "/\\");
    return found ? *found : '/';
}

/* Absolute on any system: what isabs of posixpath or ntpath says. */
static bool is_absolute_anywhere(const char *path)
{
    if (path[0] == '/')
        return true;
    if (path[0] == '\\' && (path[1] == '\\' || path[1] == '/'))
        return true;
    return path[0] && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
}

static void trim_separators(char *path)
{
    for (size_t length = strlen(path); length && strchr("/\\", path[length - 1]); length--)
        path[length - 1] = '\0';
}

/* Takes `pattern` and `result`, whatever the outcome. 0, or a PCRE2 error number. */
static int append_alias(struct alias_table *table, char *pattern, char *result, const char *regex,
                        uint32_t options)
{
    int number = PCRE2_ERROR_NOMEMORY;
    struct alias *items = NULL;
    if (pattern && result)
        items = realloc(table->items, (table->count + 1) * sizeof *items);
    if (items) {
        table->items = items;
        struct alias *alias = &items[table->count];
        *alias = (struct alias){ .pattern = pattern, .result = result };
        number = regex_init(&alias->regex, regex, options);
        if (number == 0) {
            table->count++;
            return 0;
        }
    }
    free(pattern);
    free(result);
    return number;
}

/* What the glob of an alias is compiled from: absolute where it can be, with a separator at its
 * end. NULL when memory ran out or, with *wildcard set, when it ends with a star. */
static char *prepare_alias_pattern(const struct path_aliases *aliases, const char *original,
                                   bool *wildcard)
{
    char separator[2] = { find_separator(original), '\0' };
    char *pattern = strdup(original);
    if (!pattern)
        return NULL;
    if (pattern[0] && pattern[1])
        trim_separators(pattern);
    size_t length = strlen(pattern);
    *wildcard = length && pattern[length - 1] == '*';
    if (*wildcard) {
        free(pattern);
        return NULL;
    }
    char *ended;
    int written = asprintf(&ended, "%s%s", pattern, separator);
    if (written >= 0 && !aliases->relative && pattern[0] != '*' && !is_absolute_anywhere(ended)) {
        char *absolute = path_canonical(aliases->directory, pattern);
        free(pattern);
        free(ended);
        pattern = absolute;
        if (!pattern)
            return NULL;
        written = asprintf(&ended, "%s%s", pattern, separator);
    }
    if (written < 0) {
        free(pattern);
        return NULL;
    }
    length = strlen(pattern);
    if (length && pattern[length - 1] == separator[0]) {
        free(ended);
        return pattern;
    }
    free(pattern);
    return ended;
}

static int add_alias(struct path_aliases *aliases, const char *name, const char *original,
                     const char *canonical, struct error *error)
{
    bool wildcard = false;
    char *pattern = prepare_alias_pattern(aliases, original, &wildcard);
    if (wildcard)
        return error_set(error, ERROR_CONFIG, "[paths] %s: '%s' must not end with a wildcard", name,
                         original);
    if (!pattern)
        return memory_error(error);
    char *regex = glob_to_regex(pattern, error);
    if (!regex) {
        free(pattern);
        return -1;
    }
    if (strpbrk(canonical, "*?")) {
        free(regex);
        free(pattern);
        return error_set(error, ERROR_CONFIG,
                         "[paths] %s: '%s', the first, must not contain a wildcard", name,
                         canonical);
    }
    char separator = find_separator(canonical);
    char *result = malloc(strlen(canonical) + 2);
    if (result) {
        strcpy(result, canonical);
        trim_separators(result);
        size_t length = strlen(result);
        result[length] = separator;
        result[length + 1] = '\0';
    }
    int number = append_alias(aliases->table, strdup(original), result, regex, PCRE2_CASELESS);
    if (number)
        regex_error(number, original, error);
    free(regex);
    free(pattern);
    return number ? -1 : 0;
}

struct path_aliases *path_aliases_new(const struct config *config, struct error *error)
{
    struct path_aliases *aliases = calloc(1, sizeof *aliases);
    if (aliases) {
        aliases->table = calloc(1, sizeof *aliases->table);
        aliases->directory = strdup(config->directory);
        aliases->relative = config->relative_files;
    }
    if (!aliases || !aliases->table || !aliases->directory) {
        memory_error(error);
        goto failed;
    }
    for (size_t i = 0; i < config->path_count; i++) {
        const struct config_path_alias *group = &config->paths[i];
        for (size_t j = 1; j < group->patterns.count; j++)
            if (add_alias(aliases, group->name, group->patterns.items[j], group->patterns.items[0],
                          error) < 0)
                goto failed;
    }
    return aliases;
failed:
    path_aliases_free(aliases);
    return NULL;
}

void path_aliases_free(struct path_aliases *aliases)
{
    if (!aliases)
        return;
    for (size_t i = 0; aliases->table && i < aliases->table->count; i++) {
        free(aliases->table->items[i].pattern);
        free(aliases->table->items[i].result);
        regex_close(&aliases->table->items[i].regex);
    }
    if (aliases->table)
        free(aliases->table->items);
    free(aliases->table);
    free(aliases->directory);
    free(aliases);
}

static bool exists(const char *directory, const char *path)
{
    char *full = path[0] == '/' ? strdup(path) : join(directory, path);
    bool found = full && access(full, F_OK) == 0;
    free(full);
    return found;
}

/* A file counts as there also when it is said to be inside a zip archive that is there. */
static bool source_exists(const char *directory, const char *path)
{
    static const char *const extensions[] = { ".zip", ".whl", ".egg", ".pex", ".par" };
    if (exists(directory, path))
        return true;
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        char inside[6];
        snprintf(inside, sizeof inside, "%s%c", extensions[i], find_separator(path));
        const char *found = strstr(path, inside);
        if (!found)
            continue;
        char *archive = strndup(path, (size_t)(found - path) + strlen(extensions[i]));
        bool there = archive && exists(directory, archive);
        free(archive);
        if (there)
            return true;
    }
    return false;
}

/* `path` with its first `matched` bytes replaced by the alias's result. NULL: memory. */
static char *apply_alias(const struct path_aliases *aliases, const struct alias *alias,
                         const char *path, size_t matched)
{
    const char *result = alias->result;
    char *mapped;
    if (asprintf(&mapped, "%s%s", result, path + matched) < 0)
        return NULL;
    char from = find_separator(path), to = find_separator(result);
    for (char *c = mapped; *c; c++)
        if (*c == from)
            *c = to;
    if (!aliases->relative) {
        char *canonical = path_canonical(aliases->directory, mapped);
        free(mapped);
        if (!canonical)
            return NULL;
        mapped = canonical;
    }
    bool dotted = result[0] == '.' && strchr("/\\", result[1]) && result[1] && result[2];
    if (!dotted && mapped[0] == '.' && mapped[1] && strchr("/\\", mapped[1]))
        memmove(mapped, mapped + 2, strlen(mapped + 2) + 1);
    return mapped;
}

/* Adds the alias that lets a relative path's first folder match anywhere. 1 when it is new, 0 when
 * it was there or the path has no folder, -1 (memory). */
static int generate_alias(struct alias_table *table, const char *path)
{
    size_t length = strcspn(path, "/\\");
    if (!path[length])
        return 0;
    char *pattern = NULL, *result = NULL, *regex = NULL;
    size_t size;
    if (asprintf(&pattern, "*/%.*s", (int)length, path) < 0)
        return -1;
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->items[i].pattern, pattern) == 0) {
            free(pattern);
            return 0;
        }
    }
    FILE *out = NULL;
    if (asprintf(&result, "%.*s/", (int)length, path) < 0)
        result = NULL;
    else
        out = open_memstream(&regex, &size);
    if (!out)
        goto failed;
    fputs("(?:.*[\\\\/])?", out);
    for (size_t i = 0; i < length; i++) {
        if (!is_word(path[i]) && !(path[i] & 0x80))
            fputc('\\', out);
        fputc(path[i], out);
    }
    fputs("[\\\\/]", out);
    bool written = !ferror(out);
    if (fclose(out) != 0 || !written)
        goto failed;
    int number = append_alias(table, pattern, result, regex, 0);
    free(regex);
    return number ? -1 : 1;
failed:
    free(pattern);
    free(result);
    free(regex);
    return -1;
}

/* What the first alias makes of `path` whose file is there; NULL when there is none, or, with
 * *failed set, no memory. */
static char *map_once(const struct path_aliases *aliases, const char *path, bool *failed)
{
    const struct alias_table *table = aliases->table;
    for (size_t i = 0; i < table->count; i++) {
        ssize_t matched = regex_match(&table->items[i].regex, path);
        if (matched < 0)
            continue;
        char *mapped = apply_alias(aliases, &table->items[i], path, (size_t)matched);
        *failed = !mapped;
        if (!mapped || source_exists(aliases->directory, mapped))
            return mapped;
        free(mapped);
    }
    return NULL;
}

char *path_aliases_map(const struct path_aliases *aliases, const char *path)
{
    bool failed = false;
    for (;;) {
        char *mapped = map_once(aliases, path, &failed);
        if (mapped || failed)
            return mapped;
        if (!aliases->relative)
            return strdup(path);
        /* Data that was relative is made absolute when it is read: its names are matched as they
         * were, too. */
        const char *relative = path_relative(aliases->directory, path);
        if (relative != path) {
            path = relative;
            continue;
        }
        if (is_absolute_anywhere(path))
            return strdup(path);
        int generated = generate_alias(aliases->table, path);
        if (generated <= 0)
            return generated < 0 ? NULL : strdup(path);
    }
}
