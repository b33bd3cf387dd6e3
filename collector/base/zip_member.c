/*
 * The archive's directory stands at its end: it is found there, walked for the name, and what it
 * points to is inflated by zlib.
 */
#include "collector/base/zip_member.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define END_SIGNATURE   0x06054b50u
#define ENTRY_SIGNATURE 0x02014b50u
#define LOCAL_SIGNATURE 0x04034b50u

enum { END_SIZE = 22, ENTRY_SIZE = 46, LOCAL_SIZE = 30, COMMENT_MAX = 65535 };
enum { METHOD_STORED = 0, METHOD_DEFLATED = 8 };
/* No Python source is larger. */
enum { MEMBER_MAX = 64 << 20 };

struct archive {
    const unsigned char *start;
    size_t size;
};

static uint32_t read_16(const unsigned char *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8;
}

static uint32_t read_32(const unsigned char *from)
{
    return read_16(from) | read_16(from + 2) << 16;
}

/* Where the end record is; NULL when there is none. */
static const unsigned char *find_end(const struct archive *archive)
{
    if (archive->size < END_SIZE)
        return NULL;
    size_t first = archive->size - END_SIZE;
    size_t last = first > COMMENT_MAX ? first - COMMENT_MAX : 0;
    for (size_t at = first + 1; at-- > last;)
        if (read_32(archive->start + at) == END_SIGNATURE)
            return archive->start + at;
    return NULL;
}

static int inflate_member(const unsigned char *from, size_t packed, unsigned char *to, size_t size)
{
    z_stream stream = { .next_in = (unsigned char *)from,
                        .avail_in = (uInt)packed,
                        .next_out = to,
                        .avail_out = (uInt)size };
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return ENOMEM;
    int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return result == Z_STREAM_END && stream.total_out == size ? 0 : EINVAL;
}

/* Reads what the directory's `entry` points to. `before` bytes precede the archive. 0 or an errno.
 */
static int read_entry(const struct archive *archive, const unsigned char *entry, size_t before,
                      unsigned char **bytes, size_t *size)
{
    uint32_t method = read_16(entry + 10);
    size_t packed = read_32(entry + 20), length = read_32(entry + 24);
    size_t local = before + read_32(entry + 42);
    if (local > archive->size || archive->size - local < LOCAL_SIZE ||
        read_32(archive->start + local) != LOCAL_SIGNATURE || length > MEMBER_MAX)
        return EINVAL;
    size_t data = local + LOCAL_SIZE + read_16(archive->start + local + 26) +
                  read_16(archive->start + local + 28);
    if (data > archive->size || archive->size - data < packed ||
        (method == METHOD_STORED && packed != length) ||
        (method != METHOD_STORED && method != METHOD_DEFLATED))
        return EINVAL;
    unsigned char *buffer = malloc(length + 1);
    if (!buffer)
        return ENOMEM;
    int problem = 0;
    if (method == METHOD_STORED)
        memcpy(buffer, archive->start + data, length);
    else
        problem = inflate_member(archive->start + data, packed, buffer, length);
    if (!problem && crc32(crc32(0, NULL, 0), buffer, (uInt)length) != read_32(entry + 16))
        problem = EINVAL;
    if (problem) {
        free(buffer);
        return problem;
    }
    *bytes = buffer;
    *size = length;
    return 0;
}

static int find_member(const struct archive *archive, const char *name, unsigned char **bytes,
                       size_t *size)
{
    const unsigned char *end = find_end(archive);
    if (!end)
        return EINVAL;
    size_t at_end = (size_t)(end - archive->start);
    size_t directory_size = read_32(end + 12), offset = read_32(end + 16);
    if (directory_size > at_end || offset > at_end - directory_size)
        return EINVAL;
    size_t before = at_end - directory_size - offset, name_length = strlen(name);
    for (size_t at = before + offset; at_end - at >= ENTRY_SIZE;) {
        const unsigned char *entry = archive->start + at;
        size_t length = read_16(entry + 28);
        size_t whole = ENTRY_SIZE + length + read_16(entry + 30) + read_16(entry + 32);
        if (read_32(entry) != ENTRY_SIGNATURE || at_end - at < whole)
            return EINVAL;
        if (length == name_length && memcmp(entry + ENTRY_SIZE, name, length) == 0)
            return read_entry(archive, entry, before, bytes, size);
        at += whole;
    }
    return ENOENT;
}

static int read_from(const char *path, const char *name, unsigned char **bytes, size_t *size)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    if (descriptor < 0)
        return ENOENT;
    int problem = ENOENT;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        struct archive archive = { .size = (size_t)status.st_size };
        void *mapped = mmap(NULL, archive.size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (mapped == MAP_FAILED) {
            problem = ENOMEM;
        } else {
            archive.start = mapped;
            problem = find_member(&archive, name, bytes, size);
            munmap(mapped, archive.size);
        }
    }
    close(descriptor);
    return problem;
}

int zip_member_read(const char *path, unsigned char **bytes, size_t *size)
{
    char archive[PATH_MAX];
    struct stat status;
    int problem = ENOENT;
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        size_t length = (size_t)(slash - path);
        if (length == 0)
            continue;
        if (length >= sizeof archive)
            break;
        memcpy(archive, path, length);
        archive[length] = '\0';
        if (stat(archive, &status) != 0)
            break;
        if (!S_ISDIR(status.st_mode)) {
            problem = read_from(archive, slash + 1, bytes, size);
            break;
        }
    }
    errno = problem;
    return problem ? -1 : 0;
}
