/*
 * git is asked in a form that the user's settings can't change. Its answer is read as it comes, so
 * that neither side waits for the other.
 */
#include "collector/project/git_diff.h"

#include "collector/project/interpreter.h"
#include "collector/base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DIFF_MAX (1u << 30)

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

void git_diff_close(struct git_diff *diff)
{
    for (size_t i = 0; i < diff->count; i++) {
        free(diff->files[i].path);
        line_set_close(&diff->files[i].lines);
    }
    free(diff->files);
    *diff = (struct git_diff){ 0 };
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct git_file *)a)->path, ((const struct git_file *)b)->path);
}

const struct line_set *git_diff_find(const struct git_diff *diff, const char *path)
{
    struct git_file key = { .path = (char *)(uintptr_t)path };
    const struct git_file *found =
        diff->count ? bsearch(&key, diff->files, diff->count, sizeof key, compare_files) : NULL;
    return found ? &found->lines : NULL;
}

/* Takes the backslashes out of a name that began with a quote, in place. */
static void unquote(char *name)
{
    static const char letters[] = "abtnvfr", meanings[] = "\a\b\t\n\v\f\r";
    char *to = name;
    for (const char *at = name; *at && *at != '"'; at++) {
        const char *letter;
        if (*at != '\\' || !at[1]) {
            *to++ = *at;
        } else if (at[1] >= '0' && at[1] <= '3' && at[2] >= '0' && at[2] <= '7' && at[3] >= '0' &&
                   at[3] <= '7') {
            *to++ = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
            at += 3;
        } else {
            at++;
            letter = strchr(letters, *at);
            *to++ = letter ? meanings[letter - letters] : *at;
        }
    }
    *to = '\0';
}

/* A new file for what follows `+++ `; none for one that was removed. 0 or -1 (memory). */
static int add_file(struct git_diff *diff, const char *root, const char *name, size_t length,
                    struct git_file **file)
{
    *file = NULL;
    char *copy = strndup(name, length);
    if (!copy)
        return -1;
    if (copy[0] == '"') {
        memmove(copy, copy + 1, length);
        unquote(copy);
    } else if (length && copy[length - 1] == '\t') {
        /* Marks the end of a name with blanks in it. */
        copy[length - 1] = '\0';
    }
    if (strncmp(copy, "b/", 2) != 0) {
        free(copy);
        return 0;
    }
    char *path = path_canonical(root, copy + 2);
    free(copy);
    if (path && diff->count == diff->room) {
        size_t room = diff->room ? diff->room * 2 : 64;
        struct git_file *larger = realloc(diff->files, room * sizeof *larger);
        if (!larger) {
            free(path);
            return -1;
        }
        diff->files = larger;
        diff->room = room;
    }
    if (!path)
        return -1;
    *file = &diff->files[diff->count++];
    **file = (struct git_file){ .path = path };
    return 0;
}

/* How many lines a hunk still has of either side, and the number of the next one of the new. */
struct hunk {
    unsigned long old_left, new_left, line;
};

/* "START,COUNT", or "START" for one line. Gives where it ends; NULL when it is none. */
static const char *parse_range(const char *text, unsigned long *start, unsigned long *count)
{
    char *end;
    if (*text < '0' || *text > '9')
        return NULL;
    *start = strtoul(text, &end, 10);
    *count = 1;
    if (*end != ',')
        return end;
    if (end[1] < '0' || end[1] > '9')
        return NULL;
    *count = strtoul(end + 1, &end, 10);
    return end;
}

static bool parse_hunk(struct hunk *hunk, const char *line)
{
    unsigned long old;
    const char *at = parse_range(line + strlen("@@ -"), &old, &hunk->old_left);
    if (!at || at[0] != ' ' || at[1] != '+')
        return false;
    at = parse_range(at + 2, &hunk->line, &hunk->new_left);
    return at && strncmp(at, " @@", 3) == 0 && hunk->line <= LINE_SET_MAX_LINE &&
           hunk->new_left <= LINE_SET_MAX_LINE;
}

/* A line inside a hunk. 0 or -1 (memory). */
static int take_line(struct hunk *hunk, struct git_file *file, char mark)
{
    int result = 0;
    if (mark == '+' && file && hunk->line)
        result = line_set_add(&file->lines, (uint32_t)hunk->line);
    if (mark != '-' && hunk->new_left) {
        hunk->new_left--;
        hunk->line++;
    }
    if (mark != '+' && hunk->old_left)
        hunk->old_left--;
    return result;
}

int git_diff_parse(struct git_diff *diff, const char *root, const char *text, size_t size,
                   struct error *error)
{
    struct hunk hunk = { 0 };
    struct git_file *file = NULL;
    const char *end = text + size;
    for (const char *line = text, *next; line < end; line = next) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        /* git ends every line. */
        if (!newline)
            break;
        next = newline + 1;
        size_t length = (size_t)(newline - line);
        int result = 0;
        if (*line == '\\')
            continue; /* "\ No newline at end of file" */
        if (hunk.old_left || hunk.new_left)
            result = take_line(&hunk, file, *line);
        else if (length > 4 && memcmp(line, "+++ ", 4) == 0)
            result = add_file(diff, root, line + 4, length - 4, &file);
        else if (length > 4 && memcmp(line, "@@ -", 4) == 0 && !parse_hunk(&hunk, line))
            return error_set(error, ERROR_FORMAT, "git diff: '%.*s' is not understood",
                             (int)(length < 80 ? length : 80), line);
        if (result != 0)
            return out_of_memory(error);
    }
    if (diff->count)
        qsort(diff->files, diff->count, sizeof *diff->files, compare_files);
    return 0;
}

/* The environment less what would record git, and with messages in English. Caller frees the
 * array alone. */
static char **make_environment(void)
{
    static char language[] = "LC_ALL=C", locks[] = "GIT_OPTIONAL_LOCKS=0";
    size_t count = 0, kept = 0;
    while (environ && environ[count])
        count++;
    char **variables = calloc(count + 3, sizeof *variables);
    for (size_t i = 0; variables && i < count; i++)
        if (strncmp(environ[i], "LD_PRELOAD=", 11) != 0 &&
            strncmp(environ[i], "COVFORK_", 8) != 0 && strncmp(environ[i], "LC_ALL=", 7) != 0)
            variables[kept++] = environ[i];
    if (variables) {
        variables[kept++] = language;
        variables[kept] = locks;
    }
    return variables;
}

struct output {
    char *text;
    size_t size, room;
};

/* Reads what is there. 1, 0 at the end, or -1 and errno. */
static int read_some(struct output *output, int descriptor)
{
    if (output->room - output->size < 4096) {
        size_t room = output->room ? output->room * 2 : 65536;
        if (room > DIFF_MAX) {
            errno = EFBIG;
            return -1;
        }
        char *larger = realloc(output->text, room);
        if (!larger)
            return -1;
        output->text = larger;
        output->room = room;
    }
    ssize_t got = read(descriptor, output->text + output->size, output->room - output->size - 1);
    if (got < 0 && errno == EINTR)
        return 1;
    if (got > 0)
        output->size += (size_t)got;
    output->text[output->size] = '\0';
    return got < 0 ? -1 : got > 0;
}

/* Reads both pipes to their ends. 0 or -1 and errno. */
static int read_all(struct output outputs[2], const int ends[2])
{
    struct pollfd waits[2] = { { .fd = ends[0], .events = POLLIN },
                               { .fd = ends[1], .events = POLLIN } };
    while (waits[0].fd >= 0 || waits[1].fd >= 0) {
        if (poll(waits, 2, -1) < 0 && errno != EINTR)
            return -1;
        for (int i = 0; i < 2; i++) {
            int more = waits[i].fd >= 0 && waits[i].revents ? read_some(&outputs[i], ends[i]) : 1;
            if (more < 0)
                return -1;
            if (more == 0)
                waits[i].fd = -1;
        }
    }
    return 0;
}

/* `out` and `err` are pipes for what it says. 0, or -1 and errno. */
static int spawn_git(pid_t *child, char *const argv[], const int out[2], const int err[2])
{
    char **variables = make_environment();
    if (!variables)
        return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    char *git = interpreter_find_program("git", NULL);
    int problem = git ? posix_spawn(child, git, &actions, NULL, argv, variables) : ENOENT;
    free(git);
    posix_spawn_file_actions_destroy(&actions);
    free(variables);
    errno = problem;
    return problem ? -1 : 0;
}

/* What git says on stdout goes to `output`, which the caller frees. `what` names the call. */
static int run_git(char *const argv[], const char *what, struct output *output, struct error *error)
{
    int out[2], err[2], status = -1;
    struct output outputs[2] = { 0 };
    pid_t child;
    if (pipe2(out, O_CLOEXEC) != 0)
        return error_set(error, ERROR_SYSTEM, "can't run git: %s", strerror(errno));
    if (pipe2(err, O_CLOEXEC) != 0) {
        int saved = errno;
        close(out[0]);
        close(out[1]);
        return error_set(error, ERROR_SYSTEM, "can't run git: %s", strerror(saved));
    }
    int result = spawn_git(&child, argv, out, err);
    int problem = errno;
    bool is_running = result == 0;
    close(out[1]);
    close(err[1]);
    if (result == 0) {
        result = read_all(outputs, (int[2]){ out[0], err[0] });
        problem = errno;
    }
    close(out[0]);
    close(err[0]);
    if (result != 0)
        error_set(error, ERROR_SYSTEM, "can't run git: %s", strerror(problem));
    /* One that was not read to its end finds its pipes closed. */
    while (is_running && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (result == 0 && status != 0) {
        char *said = outputs[1].text ? outputs[1].text : "";
        said[strcspn(said, "\n")] = '\0';
        result = error_set(error, ERROR_SYSTEM, "%s: %s", what, *said ? said : "it failed");
    }
    free(outputs[1].text);
    *output = outputs[0];
    return result;
}

/* The folder that names in a diff are relative to. Caller frees; NULL with an error. */
static char *find_root(char *directory, struct error *error)
{
    char *const argv[] = { "git", "-C", directory, "rev-parse", "--show-toplevel", NULL };
    struct output output = { 0 };
    if (run_git(argv, "git", &output, error) != 0) {
        free(output.text);
        return NULL;
    }
    if (output.size)
        output.text[output.size - 1] = '\0';
    return output.text;
}

int git_diff_read(struct git_diff *diff, const char *directory, const char *revision,
                  struct error *error)
{
    *diff = (struct git_diff){ 0 };
    char what[256];
    if (!*revision || *revision == '-')
        return error_set(error, ERROR_USAGE, "'%s' is no revision", revision);
    snprintf(what, sizeof what, "git diff %s", revision);
    char *folder = strdup(directory), *asked = strdup(revision);
    char *root = folder && asked ? find_root(folder, error) : NULL;
    int result = root ? 0 : -1;
    if (!folder || !asked)
        out_of_memory(error);
    if (result == 0) {
        char *const argv[] = { "git",
                               "-C",
                               root,
                               "-c",
                               "core.quotePath=true",
                               "-c",
                               "core.fsmonitor=false",
                               "diff",
                               "-U0",
                               "--inter-hunk-context=0",
                               "--no-color",
                               "--no-ext-diff",
                               "--no-textconv",
                               "--no-relative",
                               "--find-renames",
                               "--ignore-submodules",
                               "--src-prefix=a/",
                               "--dst-prefix=b/",
                               asked,
                               "--",
                               NULL };
        struct output output = { 0 };
        result = run_git(argv, what, &output, error);
        if (result == 0 && output.size)
            result = git_diff_parse(diff, root, output.text, output.size, error);
        free(output.text);
    }
    free(root);
    free(folder);
    free(asked);
    return result;
}
