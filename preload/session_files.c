/*
 * Files that appear whole or not at all: made beside their name and linked there, by whichever
 * process comes first. Space is reserved before it is touched through a mapping (a full disk would
 * be SIGBUS), limits are looked at before they are reached (SIGXFSZ).
 */
#include "session_files.h"

#include "aside.h"
#include "format.h"
#include "moved_folder.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define INDEX_SLOTS   4096u
#define INDEX_PROBES  32u
#define INDEX_SIZE    (INDEX_SLOTS * sizeof(struct index_slot))
#define OVERFLOW_SIZE (128u * 1024)

struct index_slot {
    _Atomic uint64_t key; /* 0: free; stored last */
    uint32_t bit_count;
    uint32_t zero;
};

/* One of the shared files that are mapped. */
struct mapping {
    const char *name;
    size_t size;
    uint8_t *start;
    bool failed;
};

static struct mapping index_file = { FORMAT_INDEX_NAME, INDEX_SIZE, NULL, false };
static struct mapping overflow_file = { FORMAT_OVERFLOW_NAME, OVERFLOW_SIZE, NULL, false };

bool session_files_allow_size(size_t size)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
           size <= limit.rlim_cur;
}

bool session_files_follow(void)
{
    char folder[PATH_MAX];
    if (!session.has_folder || access(session.folder, F_OK) == 0 || errno != ENOENT ||
        !moved_folder_find(getpid(), session.id, folder))
        return false;
    session_move(folder);
    session_enter_user_folder(); /* what was found is the session's, and maybe not ours to write */
    return true;
}

void session_files_write_header(uint8_t *to, const uint8_t *name, uint32_t flags, uint32_t pid)
{
    struct format_header header = {
        .version = FORMAT_VERSION,
        .header_size = sizeof header,
        .flags = flags,
        .start = session_time(),
        .pid = pid,
        .next = sizeof header,
    };
    memcpy(header.magic, FORMAT_MAGIC, FORMAT_MAGIC_SIZE);
    memcpy(header.session, session.id_bytes, FORMAT_ID_SIZE);
    memcpy(header.name, name, FORMAT_ID_SIZE);
    memcpy(to, &header, sizeof header);
}

static int open_file(const char *name, int flags)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", session.folder, name);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(path, flags | O_NOFOLLOW | O_CLOEXEC);
}

/* Makes `name` with `size` reserved bytes that begin with `header` (NULL: zeros). 0 or an errno;
 * 0 too when it was there. */
static int make_file(const char *name, const uint8_t *header, size_t size)
{
    char final_path[PATH_MAX], path[PATH_MAX];
    uint8_t random[8];
    char digits[17];
    session_random(random, sizeof random);
    session_hex(digits, random, sizeof random);
    int a = snprintf(final_path, sizeof final_path, "%s/%s", session.folder, name);
    int b = snprintf(path, sizeof path, "%s/%s.%s.new", session.folder, name, digits);
    if (a < 0 || b < 0 || (size_t)b >= sizeof path)
        return ENAMETOOLONG;
    if (!session_files_allow_size(size))
        return EFBIG;
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return errno;
    fchmod(descriptor, 0600);
    size_t header_size = sizeof(struct format_header);
    int problem = posix_fallocate(descriptor, 0, (off_t)size);
    if (!problem && header && write(descriptor, header, header_size) != (ssize_t)header_size)
        problem = EIO;
    close(descriptor);
    if (!problem && link(path, final_path) != 0 && errno != EEXIST &&
        renameat2(AT_FDCWD, path, AT_FDCWD, final_path, RENAME_NOREPLACE) != 0 && errno != EEXIST)
        problem = errno;
    unlink(path);
    return problem;
}

/* `argument`: a struct mapping. 0 or an errno. */
static int map_file(void *argument)
{
    struct mapping *mapping = argument;
    int descriptor = open_file(mapping->name, O_RDWR);
    if (descriptor < 0)
        return errno;
    struct stat status;
    void *start = MAP_FAILED;
    if (fstat(descriptor, &status) == 0 && (size_t)status.st_size >= mapping->size)
        start = mmap(NULL, mapping->size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (start == MAP_FAILED)
        return EINVAL;
    mapping->start = start;
    return 0;
}

/* Both files that are mapped are made at once, by the session's first process that measures. */
static int make_mapped_files(void *unused)
{
    (void)unused;
    if (session_ensure_folder() != 0)
        return EACCES;
    uint8_t header[sizeof(struct format_header)], name[FORMAT_ID_SIZE];
    session_random(name, sizeof name);
    session_files_write_header(header, name, 0, 0);
    make_file(FORMAT_OVERFLOW_NAME, header, OVERFLOW_SIZE);
    return make_file(FORMAT_INDEX_NAME, NULL, INDEX_SIZE);
}

static struct index_slot *index_open(void)
{
    if (!index_file.start && !index_file.failed) {
        session_files_follow();
        int problem = aside_call(map_file, &index_file);
        if (problem == ENOENT && aside_call(make_mapped_files, NULL) == 0)
            problem = aside_call(map_file, &index_file);
        index_file.failed = problem != 0;
    }
    return (struct index_slot *)index_file.start;
}

uint8_t *session_files_overflow(size_t *size)
{
    if (!overflow_file.start && !overflow_file.failed) {
        session_files_follow();
        overflow_file.failed = aside_call(map_file, &overflow_file) != 0;
    }
    *size = overflow_file.size;
    return overflow_file.start;
}

bool session_files_know_source(uint64_t key, uint32_t *bit_count)
{
    struct index_slot *slots = index_open();
    for (unsigned probe = 0; slots && probe < INDEX_PROBES; probe++) {
        struct index_slot *slot = &slots[(key + probe) % INDEX_SLOTS];
        uint64_t there = atomic_load_explicit(&slot->key, memory_order_acquire);
        if (there == key) {
            *bit_count = slot->bit_count;
            return true;
        }
        if (there == 0)
            break;
    }
    return false;
}

static void index_add(uint64_t key, uint32_t bit_count)
{
    struct index_slot *slots = index_open();
    for (unsigned probe = 0; slots && probe < INDEX_PROBES; probe++) {
        struct index_slot *slot = &slots[(key + probe) % INDEX_SLOTS];
        uint64_t there = 0;
        /* Claimed by its key's complement first: two processes may want one slot at once. */
        if (!atomic_compare_exchange_strong(&slot->key, &there, ~key)) {
            if (there == key)
                return;
            continue;
        }
        slot->bit_count = bit_count;
        atomic_store_explicit(&slot->key, key, memory_order_release);
        return;
    }
}

struct addition {
    const uint8_t *record;
    size_t size;
};

/* One write(2) at the end: whole records, whoever else writes. `argument`: a struct addition. */
static int append_source(void *argument)
{
    const struct addition *addition = argument;
    int descriptor = open_file(FORMAT_SOURCES_NAME, O_WRONLY | O_APPEND);
    if (descriptor < 0)
        return errno;
    struct stat status;
    int problem = fstat(descriptor, &status) == 0 ? 0 : errno;
    if (!problem && !session_files_allow_size((size_t)status.st_size + addition->size))
        problem = EFBIG;
    if (!problem) {
        ssize_t written = write(descriptor, addition->record, addition->size);
        if (written < 0)
            problem = errno;
        else if ((size_t)written < addition->size) {
            /* A full disk: half a record must not stand before those of others. */
            problem = ftruncate(descriptor, status.st_size) == 0 ? ENOSPC : errno;
        }
    }
    close(descriptor);
    return problem;
}

static int make_sources(void *unused)
{
    (void)unused;
    uint8_t header[sizeof(struct format_header)], name[FORMAT_ID_SIZE];
    session_random(name, sizeof name);
    session_files_write_header(header, name, FORMAT_FLAG_SOURCES, 0);
    return make_file(FORMAT_SOURCES_NAME, header, sizeof header);
}

int session_files_add_source(const uint8_t *record, size_t size, uint64_t key, uint32_t bit_count)
{
    struct addition addition = { record, size };
    session_files_follow();
    if (session_ensure_folder() != 0)
        return -1;
    int problem = aside_call(append_source, &addition);
    if (problem == ENOENT && aside_call(make_sources, NULL) == 0)
        problem = aside_call(append_source, &addition);
    if (problem)
        return -1;
    index_add(key, bit_count);
    return 0;
}
