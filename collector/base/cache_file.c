/* See cache_file.h. */
#include "collector/base/cache_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

static int open_own(const char *directory)
{
    struct stat status;
    (void)mkdir(directory, 0700);
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder >= 0 && (fstat(folder, &status) != 0 || status.st_uid != geteuid())) {
        close(folder);
        return -1;
    }
    return folder;
}

void cache_file_write(const char *directory, const char *path, const char *head, size_t head_size,
                      const char *body, size_t body_size)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    char temporary[NAME_MAX + 1];
    uint32_t random;
    int folder = open_own(directory);
    if (folder < 0)
        return;
    /* Six characters, as erase knows them from mkstemp. */
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != (ssize_t)sizeof random)
        random = (uint32_t)getpid();
    int length =
        snprintf(temporary, sizeof temporary, "%s.%06x", name, (unsigned)(random & 0xffffff));
    int descriptor = -1;
    if (length > 0 && (size_t)length < sizeof temporary)
        descriptor =
            openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        bool written =
            write_all(descriptor, head, head_size) && write_all(descriptor, body, body_size);
        written = close(descriptor) == 0 && written;
        if (!written || renameat(folder, temporary, folder, name) != 0)
            unlinkat(folder, temporary, 0);
    }
    close(folder);
}
