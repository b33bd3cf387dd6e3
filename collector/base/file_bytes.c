/*
 * One buffer serves many files and grows as it must. Any thread, each with a struct of its own.
 */
#include "collector/base/file_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void file_bytes_close(struct file_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct file_bytes){ 0 };
}

static int make_room(struct file_bytes *bytes, size_t wanted)
{
    bytes->size = 0;
    if (wanted <= bytes->room)
        return 0;
    free(bytes->data);
    bytes->data = malloc(wanted);
    bytes->room = bytes->data ? wanted : 0;
    return bytes->data ? 0 : -1;
}

static int read_all(struct file_bytes *bytes, int descriptor, size_t wanted)
{
    while (bytes->size < wanted) {
        ssize_t got = read(descriptor, bytes->data + bytes->size, wanted - bytes->size);
        if (got == 0)
            break;
        if (got > 0)
            bytes->size += (size_t)got;
        else if (errno != EINTR)
            return -1;
    }
    return 0;
}

int file_bytes_open(const char *path, size_t *size, struct error *error)
{
    /* Not blocked by a fifo, nor led elsewhere by a link, that someone put in the folder. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return error_set(error, ERROR_SYSTEM, "%s: %s", path,
                         errno == ELOOP ? "a symbolic link, which is not followed"
                                        : strerror(errno));
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        error_set(error, ERROR_FORMAT, "%s: not a regular file", path);
    } else {
        *size = (size_t)status.st_size;
        return descriptor;
    }
    close(descriptor);
    return -1;
}

int file_bytes_read(struct file_bytes *bytes, const char *path, size_t size_max,
                    struct error *error)
{
    bytes->size = 0;
    size_t size;
    int descriptor = file_bytes_open(path, &size, error);
    if (descriptor < 0)
        return -1;
    int result = 0;
    if (size > size_max)
        result = error_set(error, ERROR_FORMAT, "%s: larger than %zu MiB, which no data file is",
                           path, size_max >> 20);
    else if (make_room(bytes, size) != 0)
        result = error_set(error, ERROR_MEMORY, "out of memory");
    else if (read_all(bytes, descriptor, size) != 0)
        result = error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
    close(descriptor);
    return result;
}
