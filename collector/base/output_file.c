/*
 * The temporary file lies beside the final one, as rename(2) needs it.
 */
#include "collector/base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_NAMES 100

static int refuse(const char *path, struct error *error)
{
    return error_set(error, ERROR_SYSTEM, "can't write %s: %s", path, strerror(errno));
}

/* Makes a new file beside `path`, its name in `*name` (owned). A descriptor, or -1 and errno. */
static int make_beside(const char *path, char **name)
{
    const char *slash = strrchr(path, '/');
    int length = slash ? (int)(slash - path) + 1 : 0;
    for (int i = 0; i < MAX_NAMES; i++) {
        if (asprintf(name, "%.*s.covfork-%ld-%d.tmp", length, path, (long)getpid(), i) < 0) {
            *name = NULL;
            errno = ENOMEM;
            return -1;
        }
        int descriptor = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0)
            return descriptor;
        int saved = errno;
        free(*name);
        *name = NULL;
        errno = saved;
        if (saved != EEXIST)
            return -1;
    }
    return -1;
}

/* Prepares the temporary file of a regular one, or of one that is not there yet. 0 or -1, errno. */
static int open_temporary(struct output_file *output, const struct stat *status)
{
    int descriptor = make_beside(output->path, &output->temporary);
    if (descriptor < 0)
        return -1;
    /* Who could read the old one can read the new one. */
    if (status)
        (void)fchmod(descriptor, status->st_mode & 0777);
    output->stream = fdopen(descriptor, "w");
    if (output->stream)
        return 0;
    int saved = errno;
    close(descriptor);
    errno = saved;
    return -1;
}

int output_file_open(struct output_file *output, const char *path, struct error *error)
{
    *output = (struct output_file){ 0 };
    struct stat status;
    bool in_memory = strcmp(path, "-") == 0;
    if (!in_memory) {
        bool is_there = stat(path, &status) == 0;
        if (!is_there && errno != ENOENT)
            return refuse(path, error);
        /* A link stays one: what it leads to is replaced. */
        output->path = is_there ? realpath(path, NULL) : strdup(path);
        if (!output->path)
            return refuse(path, error);
        if (is_there && S_ISDIR(status.st_mode)) {
            errno = EISDIR;
            return refuse(path, error);
        }
        in_memory = is_there && !S_ISREG(status.st_mode);
        if (!in_memory && open_temporary(output, is_there ? &status : NULL) != 0) {
            if (output->temporary || !is_there || access(path, W_OK) != 0)
                return refuse(path, error);
            in_memory = true;
        }
    } else if (!(output->path = strdup(path))) {
        return error_set(error, ERROR_MEMORY, "out of memory");
    }
    if (in_memory) {
        output->stream = open_memstream(&output->bytes, &output->size);
        if (!output->stream)
            return error_set(error, ERROR_MEMORY, "out of memory");
    }
    return 0;
}

/* Writes the text in memory to where it belongs. 0 or -1, errno. */
static int write_in_place(const struct output_file *output)
{
    if (strcmp(output->path, "-") == 0) {
        bool good = fwrite(output->bytes, 1, output->size, stdout) == output->size;
        return fflush(stdout) == 0 && good ? 0 : -1;
    }
    FILE *stream = fopen(output->path, "we");
    if (!stream)
        return -1;
    bool good = fwrite(output->bytes, 1, output->size, stream) == output->size;
    return fclose(stream) == 0 && good ? 0 : -1;
}

int output_file_commit(struct output_file *output, struct error *error)
{
    bool good = !ferror(output->stream);
    if (!good)
        errno = EIO;
    if (fflush(output->stream) != 0)
        good = false;
    int saved = errno;
    if (fclose(output->stream) != 0 && good) {
        good = false;
        saved = errno;
    }
    output->stream = NULL;
    errno = saved;
    if (good && output->temporary)
        good = rename(output->temporary, output->path) == 0;
    else if (good)
        good = write_in_place(output) == 0;
    if (good) {
        free(output->temporary);
        output->temporary = NULL;
        return 0;
    }
    if (strcmp(output->path, "-") == 0)
        return error_set(error, ERROR_SYSTEM, "can't write the output: %s", strerror(errno));
    return refuse(output->path, error);
}

void output_file_close(struct output_file *output)
{
    if (output->stream)
        fclose(output->stream);
    if (output->temporary)
        unlink(output->temporary);
    free(output->temporary);
    free(output->path);
    free(output->bytes);
    *output = (struct output_file){ 0 };
}
