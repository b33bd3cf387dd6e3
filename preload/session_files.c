/*
 * Files that appear whole or not at all: made beside their name and linked there, by whichever
 * process comes first, and from then on written through mappings alone. Space is reserved before it
 * is touched through a mapping (a full disk would be SIGBUS), limits are looked at before they are
 * reached (SIGXFSZ).
 */
#include "session_files.h"

#include "aside.h"
#include "format.h"
#include "open_folder.h"
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

size_t session_files_page(void)
{
    long size = sysconf(_SC_PAGESIZE);
    return size > FORMAT_PAGE ? (size_t)size : FORMAT_PAGE;
}

bool session_files_follow(void)
{
    if (!session.has_folder || access(session.folder, F_OK) == 0 || errno != ENOENT ||
        !session_find_moved(getpid()))
        return false;
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

int session_files_open(const char *name, int flags)
{
    int folder = session_open_folder();
    if (folder < 0)
        return -1;
    int descriptor = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    if (descriptor >= 0 && !open_folder_may_write(folder, descriptor)) {
        open_folder_close(descriptor);
        descriptor = -1;
        errno = EACCES;
    }
    open_folder_close(folder);
    return descriptor;
}

void session_files_remove(const char *name)
{
    int folder = session_open_folder();
    if (folder >= 0) {
        unlinkat(folder, name, 0);
        open_folder_close(folder);
    }
}

/* Gives the file `temporary` its name, if that is free. 0 or an errno. */
static int name_file(int folder, const char *temporary, const char *name)
{
    /* Not by a link, where it can be had otherwise: the file never has two names. */
    if (renameat2(folder, temporary, folder, name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno == EEXIST)
        return EEXIST;
    return linkat(folder, temporary, folder, name, 0) == 0 ? 0 : errno;
}

int session_files_put(const char *name, const void *bytes, size_t size, size_t reserved)
{
    char temporary[64];
    uint8_t random[8];
    char digits[17];
    session_random(random, sizeof random);
    session_hex(digits, random, sizeof random);
    snprintf(temporary, sizeof temporary, "%s.%s.new", name, digits);
    if (!session_files_allow_size(reserved > size ? reserved : size))
        return EFBIG;
    int folder = session_open_folder();
    if (folder < 0)
        return errno;
    int descriptor =
        openat(folder, temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int problem = descriptor < 0 ? errno : 0;
    if (descriptor >= 0) {
        fchmod(descriptor, 0600);
        problem = reserved > 0 ? posix_fallocate(descriptor, 0, (off_t)reserved) : 0;
        if (!problem && size > 0 && write(descriptor, bytes, size) != (ssize_t)size)
            problem = EIO;
        close(descriptor);
        if (!problem)
            problem = name_file(folder, temporary, name);
        unlinkat(folder, temporary, 0);
    }
    open_folder_close(folder);
    return problem;
}

/* Makes `name` with `size` reserved bytes that begin with `header` (NULL: zeros). 0 or an errno;
 * 0 too when it was there. */
static int make_file(const char *name, const uint8_t *header, size_t size)
{
    int problem = session_files_put(name, header, header ? sizeof(struct format_header) : 0, size);
    return problem == EEXIST ? 0 : problem;
}

/* `argument`: a struct mapping. 0 or an errno. */
static int map_file(void *argument)
{
    struct mapping *mapping = argument;
    int descriptor = session_files_open(mapping->name, O_RDWR);
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
    int missing = session_ensure_folder();
    if (missing)
        return missing;
    uint8_t header[sizeof(struct format_header)], name[FORMAT_ID_SIZE];
    session_random(name, sizeof name);
    session_files_write_header(header, name, 0, 0);
    make_file(FORMAT_OVERFLOW_NAME, header, OVERFLOW_SIZE);
    return make_file(FORMAT_INDEX_NAME, NULL, INDEX_SIZE);
}

static void see_folder(void);

static struct index_slot *index_open(void)
{
    see_folder();
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
    see_folder();
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

/*
 * `sources`: each process maps the header, whose `next` gives a record its place, and a window of
 * what follows. Its space is reserved as it grows, by whoever finds it too small.
 */
static struct {
    struct format_header *header; /* of the file */
    uint8_t *window;
    size_t window_offset, window_size;
    size_t reserved; /* bytes that the file has, or more by now */
    bool failed;
} sources;

/* In another user's folder the files are others. What is in use of those before stays mapped. */
static void see_folder(void)
{
    static unsigned seen;
    unsigned changes = session.folder_changes;
    if (changes == seen)
        return;
    seen = changes;
    index_file.start = overflow_file.start = NULL;
    index_file.failed = overflow_file.failed = sources.failed = false;
    if (sources.window)
        munmap(sources.window, sources.window_size);
    sources.header = NULL;
    sources.window = NULL;
    sources.reserved = 0;
}

#define SOURCES_FIRST_SIZE  (16u * 1024)
#define SOURCES_WINDOW_SIZE (1024u * 1024)
/* Its places are numbers of 32 bits. */
#define SOURCES_SIZE_MAX (1024u * 1024 * 1024)

/* Maps at least `needed` bytes that begin in the page of `offset`. Less where `ulimit -v` is tight.
 */
static bool map_window(int descriptor, size_t offset, size_t needed)
{
    if (sources.window)
        munmap(sources.window, sources.window_size);
    sources.window = NULL;
    size_t page = session_files_page();
    offset -= offset % page;
    needed += page;
    for (size_t size = SOURCES_WINDOW_SIZE;; size = size > needed * 4 ? size / 4 : needed) {
        if (size < needed)
            size = needed;
        void *start =
            mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, (off_t)offset);
        if (start != MAP_FAILED) {
            sources.window = start;
            sources.window_offset = offset;
            sources.window_size = size;
            return true;
        }
        if (size == needed)
            return false;
    }
}

/* Reserves the file's space up to `end`. 0 or an errno. */
static int reserve_sources(int descriptor, size_t end)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return errno;
    size_t size = (size_t)status.st_size;
    if (size < end) {
        size_t wanted = size > SOURCES_FIRST_SIZE ? size * 2 : SOURCES_FIRST_SIZE;
        while (wanted < end)
            wanted *= 2;
        if (!session_files_allow_size(wanted))
            return EFBIG;
        /* Not posix_fallocate: where a file system can't, that reads bytes and writes them back,
         * which others may have changed in between. */
        if (fallocate(descriptor, 0, (off_t)size, (off_t)(wanted - size)) != 0)
            return errno;
        size = wanted;
    }
    sources.reserved = size;
    return 0;
}

/* Of a record that is to be. */
struct place {
    size_t offset, size;
};

/* Sees to it that `argument`, a struct place, is reserved and mapped. 0 or an errno. */
static int reach_place(void *argument)
{
    const struct place *place = argument;
    int descriptor = session_files_open(FORMAT_SOURCES_NAME, O_RDWR);
    if (descriptor < 0)
        return errno;
    int problem = reserve_sources(descriptor, place->offset + place->size);
    if (!problem && !sources.header) {
        void *start = mmap(NULL, FORMAT_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (start == MAP_FAILED)
            problem = errno;
        else
            sources.header = start;
    }
    if (!problem && !map_window(descriptor, place->offset, place->size))
        problem = ENOMEM;
    close(descriptor);
    return problem;
}

static int make_sources(void *unused)
{
    (void)unused;
    int missing = session_ensure_folder();
    if (missing)
        return missing;
    uint8_t header[sizeof(struct format_header)], name[FORMAT_ID_SIZE];
    session_random(name, sizeof name);
    session_files_write_header(header, name, FORMAT_FLAG_SOURCES, 0);
    return make_file(FORMAT_SOURCES_NAME, header, SOURCES_FIRST_SIZE);
}

/* 0 or an errno. */
static int reach(struct place place)
{
    session_files_follow();
    int problem = aside_call(reach_place, &place);
    if (problem == ENOENT && aside_call(make_sources, NULL) == 0)
        problem = aside_call(reach_place, &place);
    return problem;
}

/* A place of `size` bytes, reserved and mapped. NULL: it can't be had. */
static uint8_t *take_place(size_t size)
{
    struct place place = { sizeof(struct format_header), size };
    if (!sources.header && reach(place) != 0)
        return NULL;
    uint32_t next = __atomic_load_n(&sources.header->next, __ATOMIC_RELAXED);
    do {
        place.offset = next;
        if (next < sizeof(struct format_header) || next % 8 || next > SOURCES_SIZE_MAX - size)
            return NULL; /* somebody else's doing */
        bool is_mapped = sources.window && next >= sources.window_offset &&
                         next + size <= sources.window_offset + sources.window_size;
        if ((!is_mapped || next + size > sources.reserved) && reach(place) != 0)
            return NULL;
    } while (!__atomic_compare_exchange_n(&sources.header->next, &next, next + (uint32_t)size,
                                          false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return sources.window + (next - sources.window_offset);
}

int session_files_add_source(const uint8_t *record, size_t size, uint64_t key, uint32_t bit_count)
{
    see_folder();
    if (sources.failed || size > SOURCES_SIZE_MAX)
        return -1;
    uint8_t *to = take_place(size);
    if (!to) {
        sources.failed = true;
        return -1;
    }
    /* The size first: who is killed in the middle leaves a record that can be passed over. */
    const struct format_record *head = (const struct format_record *)record;
    struct format_record *added = (struct format_record *)to;
    __atomic_store_n(&added->size, head->size, __ATOMIC_RELAXED);
    memcpy(to + sizeof *head, record + sizeof *head, size - sizeof *head);
    __atomic_store_n(&added->type, head->type, __ATOMIC_RELEASE);
    index_add(key, bit_count);
    return 0;
}
