/*
 * The list of files is untrusted as every file is: a name in it counts only when it is one that we
 * could have written, so that it leads out of the folder to nothing.
 */
#include "collector/report/html/html_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define LIST_NAME       ".covfork-html"
#define LIST_HEAD       "# The files of this report by covfork: the next one replaces them.\n"
#define LIST_SIZE_MAX   ((off_t)64 << 20)
#define IGNORE_NAME     ".gitignore"
#define IGNORE_TEXT     "# Made by covfork html.\n*\n"
#define READABLE_MAX    80
#define PARTS_MAX       8
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static int out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

static int fail(const struct html_folder *folder, const char *name, struct error *error)
{
    return error_set(error, ERROR_SYSTEM, "can't write %s/%s: %s", folder->path, name,
                     strerror(errno));
}

/* mkdir -p. 0, or -1 and errno. */
static int make_folder(const char *path)
{
    char *parent = strdup(path);
    if (!parent)
        return -1;
    for (char *slash = strchr(parent + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(parent, 0777); /* where it fails, so does the next one */
        *slash = '/';
    }
    free(parent);
    return mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : -1;
}

int html_folder_open(struct html_folder *folder, const char *path, struct error *error)
{
    *folder = (struct html_folder){ .path = strdup(path), .descriptor = -1 };
    if (!folder->path)
        return out_of_memory(error);
    if (make_folder(path) == 0)
        folder->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->descriptor >= 0)
        return 0;
    error_set(error, ERROR_SYSTEM, "can't make the folder %s: %s", path, strerror(errno));
    html_folder_close(folder);
    return -1;
}

void html_folder_close(struct html_folder *folder)
{
    if (folder->descriptor >= 0)
        close(folder->descriptor);
    for (size_t i = 0; i < folder->count; i++)
        free(folder->names[i]);
    free(folder->names);
    free(folder->path);
    hash_map_close(&folder->name_map);
    *folder = (struct html_folder){ .descriptor = -1 };
}

static uint64_t hash_name(const char *name)
{
    return hash_bytes(name, strlen(name));
}

static bool has_name(const struct html_folder *folder, const char *name)
{
    uint64_t hash = hash_name(name);
    size_t at = hash_map_first(&folder->name_map, hash);
    while (at != HASH_MAP_END &&
           strcmp(folder->names[hash_map_value(&folder->name_map, at)], name) != 0)
        at = hash_map_next(&folder->name_map, hash, at);
    return at != HASH_MAP_END;
}

static int remember(struct html_folder *folder, const char *name)
{
    if (has_name(folder, name))
        return 0;
    if (folder->count == folder->room) {
        size_t room = folder->room ? folder->room * 2 : 64;
        char **larger = realloc(folder->names, room * sizeof *larger);
        if (!larger)
            return -1;
        folder->names = larger;
        folder->room = room;
    }
    char *copy = strdup(name);
    if (!copy || hash_map_add(&folder->name_map, hash_name(name), (uint32_t)folder->count) != 0) {
        free(copy);
        return -1;
    }
    folder->names[folder->count++] = copy;
    return 0;
}

char *html_folder_name_page(struct html_folder *folder, const char *name)
{
    char readable[READABLE_MAX + 1];
    size_t length = strlen(name), from = length > READABLE_MAX ? length - READABLE_MAX : 0;
    for (size_t i = 0; i < length - from; i++)
        readable[i] = strchr(NAME_CHARACTERS, name[from + i]) ? name[from + i] : '_';
    readable[length - from] = '\0';
    /* A name that begins with a dot would be hidden. */
    if (readable[0] == '.')
        readable[0] = '_';
    /* In lower case only: there are file systems to which letters of both cases are one. */
    uint64_t hash = hash_name(name);
    for (;;) {
        char *page;
        if (asprintf(&page, "%s-%012llx.html", readable,
                     (unsigned long long)(hash & 0xffffffffffffu)) < 0)
            return NULL;
        if (!has_name(folder, page)) {
            if (remember(folder, page) == 0)
                return page;
            free(page);
            return NULL;
        }
        free(page);
        hash++;
    }
}

/* Opens a file for writing, without following a link that is in its place. */
static int create(const struct html_folder *folder, const char *name, int flags)
{
    flags |= O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    int descriptor = openat(folder->descriptor, name, flags, 0666);
    if (descriptor < 0 && errno == ELOOP && unlinkat(folder->descriptor, name, 0) == 0)
        descriptor = openat(folder->descriptor, name, flags, 0666);
    return descriptor;
}

/* Makes a file hold the parts and nothing else: cut behind them, and not before, because ext4
 * writes a file to the disk that was cut to nothing when it is closed. 0, or -1 and errno. */
static int write_parts(int descriptor, const struct html_text *parts, size_t part_count)
{
    struct iovec vector[PARTS_MAX];
    size_t count = 0, first = 0;
    off_t size = 0;
    for (size_t i = 0; i < part_count && count < PARTS_MAX; i++)
        if (parts[i].size) {
            vector[count++] = (struct iovec){ parts[i].bytes, parts[i].size };
            size += (off_t)parts[i].size;
        }
    while (first < count) {
        ssize_t done = writev(descriptor, vector + first, (int)(count - first));
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return -1;
        size_t left = (size_t)done;
        while (first < count && left >= vector[first].iov_len)
            left -= vector[first++].iov_len;
        if (first < count) {
            vector[first].iov_base = (char *)vector[first].iov_base + left;
            vector[first].iov_len -= left;
        }
    }
    return ftruncate(descriptor, size);
}

int html_folder_write(struct html_folder *folder, const char *name, const struct html_text *parts,
                      size_t part_count, struct error *error)
{
    for (size_t i = 0; i < part_count; i++)
        if (parts[i].failed)
            return out_of_memory(error);
    if (remember(folder, name) != 0)
        return out_of_memory(error);
    int descriptor = create(folder, name, 0);
    if (descriptor < 0)
        return fail(folder, name, error);
    int result = write_parts(descriptor, parts, part_count);
    int saved = errno;
    if (close(descriptor) != 0 && result == 0) {
        saved = errno;
        result = -1;
    }
    errno = saved;
    return result == 0 ? 0 : fail(folder, name, error);
}

/* Could covfork have written a file of this name? */
static bool is_ours(const char *name)
{
    size_t length = strlen(name);
    const char *dot = strrchr(name, '.');
    return length && name[0] != '.' && strspn(name, NAME_CHARACTERS) == length && dot &&
           (strcmp(dot, ".html") == 0 || strcmp(dot, ".js") == 0 || strcmp(dot, ".css") == 0);
}

/* The list of an earlier report; NULL where there is none that can be read. Caller frees. */
static char *read_list(const struct html_folder *folder)
{
    int descriptor =
        openat(folder->descriptor, LIST_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat status;
    char *text = NULL;
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size <= LIST_SIZE_MAX && (text = calloc(1, (size_t)status.st_size + 1))) {
        ssize_t have = read(descriptor, text, (size_t)status.st_size);
        if (have < 0 || strncmp(text, LIST_HEAD, strlen(LIST_HEAD)) != 0) {
            free(text);
            text = NULL;
        }
    }
    close(descriptor);
    return text;
}

static void remove_old(const struct html_folder *folder)
{
    char *text = read_list(folder), *rest;
    if (!text)
        return;
    for (char *name = strtok_r(text, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest)) {
        struct stat status;
        if (is_ours(name) && !has_name(folder, name) &&
            fstatat(folder->descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode))
            unlinkat(folder->descriptor, name, 0); /* what stays harms nothing */
    }
    free(text);
}

/* A file that a report in someone's repository is not to be committed by accident. */
static int write_ignore(const struct html_folder *folder, struct error *error)
{
    int descriptor = create(folder, IGNORE_NAME, O_EXCL);
    if (descriptor < 0)
        return errno == EEXIST ? 0 : fail(folder, IGNORE_NAME, error);
    struct html_text text = { .bytes = (char[]){ IGNORE_TEXT }, .size = strlen(IGNORE_TEXT) };
    int result = write_parts(descriptor, &text, 1);
    if (result != 0)
        fail(folder, IGNORE_NAME, error);
    close(descriptor);
    return result;
}

static int write_list(const struct html_folder *folder, struct error *error)
{
    struct html_text text = { 0 };
    html_put(&text, LIST_HEAD);
    for (size_t i = 0; i < folder->count; i++) {
        html_put(&text, folder->names[i]);
        html_put(&text, "\n");
    }
    int descriptor = create(folder, LIST_NAME, 0);
    int result = text.failed ? out_of_memory(error) : 0;
    if (result == 0 && (descriptor < 0 || write_parts(descriptor, &text, 1) != 0))
        result = fail(folder, LIST_NAME, error);
    if (descriptor >= 0 && close(descriptor) != 0 && result == 0)
        result = fail(folder, LIST_NAME, error);
    html_text_close(&text);
    return result;
}

int html_folder_finish(struct html_folder *folder, struct error *error)
{
    remove_old(folder);
    return write_list(folder, error) == 0 ? write_ignore(folder, error) : -1;
}
