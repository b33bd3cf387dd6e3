/*
 * The data file of a process. Space is reserved with posix_fallocate before it is touched, because
 * writing into a hole of a mapped file kills the process with SIGBUS when the disk is full, and
 * the limit on file sizes is checked first, because growing beyond it kills with SIGXFSZ.
 */
#include "data_file.h"

#include "ledger.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sched.h>
#include <unistd.h>

/* The first piece of a file, and the address space mapped for it to grow into. */
#define FILE_FIRST_SIZE  (16u * 1024)
#define FILE_EXTENT_SIZE (1024u * 1024)
/* A full disk is not tested by filling it when a file must be extended without a descriptor. */
#define FREE_SPACE_MARGIN (64u * 1024 * 1024)

#define INDEX_SLOTS  4096u
#define INDEX_PROBES 32u

struct index_slot {
    _Atomic uint64_t key; /* 0: free; stored last */
    uint32_t bit_count;
    uint32_t zero;
};

enum place {
    PLACE_NONE,
    PLACE_FILE,
    PLACE_INHERITED, /* the file of the process that forked us, as far as it is mapped */
    PLACE_MEMORY,
    PLACE_NOWHERE,
};

static struct {
    atomic_flag locked;
    atomic_uint generation;
    enum place place;
    char path[PATH_MAX];
    uint8_t name[FORMAT_ID_SIZE];
    uint8_t *extent;      /* what is mapped now: the tail of the file */
    size_t extent_offset; /* where it lies in the file */
    size_t extent_size;   /* address space */
    size_t reserved;      /* bytes of it that the file has */
    size_t used;          /* PLACE_MEMORY: bytes of it that records take */
    uint32_t *next;       /* a file: where its next record goes; shared by all who map it */
    bool inherited;       /* in a fork's child: extent and next are the parent's */
    /* PLACE_MEMORY: earlier extents stay where they are, for flushing. */
    struct {
        uint8_t *start;
        size_t used;
    } kept[64];
    unsigned kept_count;
    uint32_t python;
    char executable[1024];
    struct index_slot *index;
    bool index_failed, sources_failed;
} file = { .locked = ATOMIC_FLAG_INIT };

static void lock(void)
{
    /* Held for microseconds; a mutex of libc would tie us to its fork handlers. */
    while (atomic_flag_test_and_set_explicit(&file.locked, memory_order_acquire))
        sched_yield();
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&file.locked, memory_order_release);
}

static void say(const char *event, const char *key, const char *value)
{
    const char *pairs[] = { key, value, NULL };
    ledger_event(event, pairs);
}

/* May a file of this process have `size` bytes? */
static bool size_is_allowed(size_t size)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
           size <= limit.rlim_cur;
}

/* Gives the file behind `descriptor`, or `path` where it is -1, `size` bytes. 0 or an errno. */
static int reserve(int descriptor, const char *path, size_t offset, size_t size)
{
    if (!size_is_allowed(offset + size))
        return EFBIG;
    if (descriptor >= 0)
        return posix_fallocate(descriptor, (off_t)offset, (off_t)size);
    struct statvfs space;
    if (statvfs(path, &space) != 0 || space.f_bavail * space.f_frsize < FREE_SPACE_MARGIN)
        return ENOSPC;
    return truncate(path, (off_t)(offset + size)) == 0 ? 0 : errno;
}

static uint8_t *extent_map(int descriptor, size_t offset, size_t *size)
{
    /* Less address space where `ulimit -v` is tight. */
    for (size_t wanted = *size; wanted >= FILE_FIRST_SIZE; wanted /= 4) {
        int flags = descriptor >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
        void *start = mmap(NULL, wanted, PROT_READ | PROT_WRITE, flags, descriptor, (off_t)offset);
        if (start != MAP_FAILED) {
            *size = wanted;
            return start;
        }
    }
    return NULL;
}

static void *record_take(size_t size);

static void publish(struct format_record *record, uint32_t type)
{
    __atomic_store_n(&record->type, type, __ATOMIC_RELEASE);
}

static void write_header(uint8_t *to, uint32_t flags)
{
    struct format_header header = {
        .version = FORMAT_VERSION,
        .header_size = sizeof header,
        .flags = flags,
        .start = session_time(),
        .pid = (uint32_t)getpid(),
    };
    memcpy(header.magic, FORMAT_MAGIC, FORMAT_MAGIC_SIZE);
    memcpy(header.session, session.id_bytes, FORMAT_ID_SIZE);
    memcpy(header.name, file.name, FORMAT_ID_SIZE);
    memcpy(to, &header, sizeof header);
}

static void write_process(void)
{
    size_t executable_length = strlen(file.executable);
    size_t context_length = strlen(session.context);
    struct format_process process = {
        .pid = (uint32_t)getpid(),
        .ppid = (uint32_t)getppid(),
        .start = session_time(),
        .python = file.python,
        .executable_length = (uint32_t)executable_length,
        .context_length = (uint32_t)context_length,
    };
    size_t size = sizeof(struct format_record) + sizeof process + format_padded(executable_length) +
                  format_padded(context_length);
    uint8_t *record = record_take(size);
    if (!record)
        return;
    uint8_t *payload = record + sizeof(struct format_record);
    memcpy(payload, &process, sizeof process);
    payload += sizeof process;
    memcpy(payload, file.executable, executable_length);
    memcpy(payload + format_padded(executable_length), session.context, context_length);
    publish((struct format_record *)record, RECORD_PROCESS);
}

static void build_path(void)
{
    struct utsname host;
    if (uname(&host) != 0)
        strcpy(host.nodename, "host");
    for (char *c = host.nodename; *c; c++)
        if (*c == '/' || (unsigned char)*c < 0x21)
            *c = '_';
    char random[FORMAT_ID_SIZE * 2 + 1];
    session_random(file.name, sizeof file.name);
    session_hex(random, file.name, sizeof file.name);
    int length = snprintf(file.path, sizeof file.path, "%s/%.64s.%ld.%llu.%s" FORMAT_DATA_SUFFIX,
                          session.folder, host.nodename, (long)getpid(),
                          (unsigned long long)(session_time() / 1000000), random);
    if (length < 0 || (size_t)length >= sizeof file.path)
        file.path[0] = '\0';
}

/* Makes the file and maps its first extent. 0 or an errno. */
static int create_file(void)
{
    if (!file.path[0])
        return ENAMETOOLONG;
    if (session_ensure_folder() != 0)
        return EACCES;
    if (!size_is_allowed(FILE_FIRST_SIZE))
        return EFBIG;
    int descriptor = open(file.path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return errno;
    fchmod(descriptor, 0600); /* whatever the umask is */
    int problem = reserve(descriptor, file.path, 0, FILE_FIRST_SIZE);
    size_t size = FILE_EXTENT_SIZE;
    uint8_t *start = problem ? NULL : extent_map(descriptor, 0, &size);
    if (!problem && !start)
        problem = errno ? errno : ENOMEM;
    close(descriptor);
    if (problem) {
        unlink(file.path);
        return problem;
    }
    file.place = PLACE_FILE;
    file.extent = start;
    file.extent_offset = 0;
    file.extent_size = size;
    file.reserved = FILE_FIRST_SIZE;
    file.next = (uint32_t *)(start + offsetof(struct format_header, next));
    return 0;
}

/* Goes on in private memory, from `offset` of the file that is to be. */
static bool go_on_in_memory(const char *reason, size_t offset)
{
    size_t size = FILE_EXTENT_SIZE;
    uint8_t *start = extent_map(-1, 0, &size);
    say("memory", "reason", reason);
    if (!start) {
        if (file.place == PLACE_NONE)
            file.place = PLACE_NOWHERE;
        return false;
    }
    file.place = PLACE_MEMORY;
    file.extent = start;
    file.extent_offset = offset;
    file.extent_size = size;
    file.reserved = size;
    file.used = sizeof(struct format_header);
    return true;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool start_recording(void)
{
    if (file.place != PLACE_NONE)
        return file.place != PLACE_NOWHERE;
    build_path();
    int problem = create_file();
    if (problem && file.inherited) {
        file.place = PLACE_INHERITED;
        return true;
    }
    if (problem && !go_on_in_memory(strerrorname_np(problem), 0))
        return false;
    write_header(file.extent, 0);
    if (file.place == PLACE_FILE) {
        *file.next = sizeof(struct format_header);
        say("data", "file", base_name(file.path));
    }
    write_process();
    return true;
}

/* A file that can't grow: what it has stays, the rest is kept in memory under a name of its own. */
static bool split_into_memory(int problem)
{
    build_path();
    if (!go_on_in_memory(strerrorname_np(problem), 0))
        return false;
    write_header(file.extent, 0);
    write_process();
    return true;
}

static bool grow_file(size_t needed)
{
    size_t used = *file.next - file.extent_offset;
    int descriptor = open(file.path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    int problem = descriptor < 0 ? errno : 0;
    bool without = problem == EMFILE || problem == ENFILE;
    if (used + needed <= file.extent_size && (descriptor >= 0 || without)) {
        size_t wanted = file.reserved * 2;
        while (wanted < used + needed)
            wanted *= 2;
        if (wanted > file.extent_size)
            wanted = file.extent_size;
        size_t from = file.extent_offset + file.reserved;
        problem = reserve(descriptor, file.path, from, wanted - file.reserved);
        if (!problem)
            file.reserved = wanted;
    } else if (descriptor >= 0) {
        /* The next extent begins where this one's reserved part ends: a page boundary. */
        size_t offset = file.extent_offset + file.reserved;
        size_t first = FILE_FIRST_SIZE;
        while (first < needed)
            first *= 2;
        problem = reserve(descriptor, file.path, offset, first);
        size_t size = first > FILE_EXTENT_SIZE ? first : FILE_EXTENT_SIZE;
        uint8_t *start = problem ? NULL : extent_map(descriptor, offset, &size);
        if (!problem && (!start || size < first))
            problem = ENOMEM;
        if (!problem) {
            file.extent = start;
            file.extent_offset = offset;
            file.extent_size = size;
            file.reserved = first;
            *file.next = (uint32_t)offset;
        }
    }
    if (descriptor >= 0)
        close(descriptor);
    if (problem)
        return split_into_memory(problem);
    return true;
}

/* In a file: other processes may map it and take their records too. NULL when it has no room. */
static uint8_t *record_take_shared(size_t size)
{
    uint32_t next = __atomic_load_n(file.next, __ATOMIC_RELAXED);
    do {
        if (next < file.extent_offset || next + size > file.extent_offset + file.reserved)
            return NULL;
    } while (!__atomic_compare_exchange_n(file.next, &next, next + (uint32_t)size, false,
                                          __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return file.extent + (next - file.extent_offset);
}

static uint8_t *record_take_private(size_t size)
{
    if (file.used + size > file.reserved) {
        size_t extent_size = FILE_EXTENT_SIZE;
        if (file.kept_count == sizeof file.kept / sizeof file.kept[0])
            return NULL;
        uint8_t *start = extent_map(-1, 0, &extent_size);
        if (!start)
            return NULL;
        file.kept[file.kept_count].start = file.extent;
        file.kept[file.kept_count++].used = file.used;
        file.extent = start;
        file.extent_size = file.reserved = extent_size;
        file.used = 0;
        if (size > extent_size)
            return NULL;
    }
    uint8_t *record = file.extent + file.used;
    file.used += size;
    return record;
}

/* `size` zeroed bytes for a record, a multiple of 8, its size written. NULL: no place for it. */
static void *record_take(size_t size)
{
    if (size > UINT32_MAX / 4)
        return NULL;
    uint8_t *record = NULL;
    if (file.place == PLACE_FILE || file.place == PLACE_INHERITED) {
        record = record_take_shared(size);
        if (!record && file.place == PLACE_FILE && !grow_file(size))
            return NULL;
        if (!record && file.place == PLACE_INHERITED && !split_into_memory(ENOSPC))
            return NULL;
        if (!record && file.place == PLACE_FILE)
            record = record_take_shared(size);
    }
    if (!record && file.place == PLACE_MEMORY)
        record = record_take_private(size);
    /* First, so that a reader can pass over a record whose writer was killed before it was done. */
    if (record)
        ((struct format_record *)record)->size = (uint32_t)size;
    return record;
}

uint8_t *data_file_add_lines(uint64_t key, uint32_t bit_count, uint8_t *inherited)
{
    int saved = errno;
    size_t size =
        sizeof(struct format_record) + sizeof(struct format_lines) + format_bitmap_size(bit_count);
    uint8_t *bits = NULL;
    lock();
    if (start_recording()) {
        uint8_t *record = file.place == PLACE_INHERITED && inherited ? NULL : record_take(size);
        if (record) {
            struct format_lines lines = { .key = key, .bit_count = bit_count };
            memcpy(record + sizeof(struct format_record), &lines, sizeof lines);
            bits = record + sizeof(struct format_record) + sizeof lines;
            publish((struct format_record *)record, RECORD_LINES);
        }
    }
    unlock();
    errno = saved;
    return bits ? bits : inherited;
}

/* Makes `folder/name` with `size` reserved bytes that begin with `content`, whole or not at all. */
static bool make_shared_file(const char *name, const void *content, size_t content_size,
                             size_t size)
{
    char final_path[PATH_MAX], path[PATH_MAX];
    uint8_t random[8];
    char digits[17];
    session_random(random, sizeof random);
    session_hex(digits, random, sizeof random);
    int a = snprintf(final_path, sizeof final_path, "%s/%s", session.folder, name);
    int b = snprintf(path, sizeof path, "%s/%s.%s.new", session.folder, name, digits);
    if (a < 0 || b < 0 || (size_t)b >= sizeof path || !size_is_allowed(size))
        return false;
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return false;
    fchmod(descriptor, 0600);
    bool whole =
        (content_size == 0 || write(descriptor, content, content_size) == (ssize_t)content_size) &&
        (size == content_size || posix_fallocate(descriptor, 0, (off_t)size) == 0);
    close(descriptor);
    if (whole && link(path, final_path) != 0 && errno != EEXIST)
        whole = renameat2(AT_FDCWD, path, AT_FDCWD, final_path, RENAME_NOREPLACE) == 0 ||
                errno == EEXIST;
    unlink(path);
    return whole;
}

static int open_shared_file(const char *name, int flags)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", session.folder, name);
    if (length < 0 || (size_t)length >= sizeof path)
        return -1;
    return open(path, flags | O_NOFOLLOW | O_CLOEXEC);
}

static struct index_slot *index_open(void)
{
    if (file.index || file.index_failed)
        return file.index;
    size_t size = INDEX_SLOTS * sizeof(struct index_slot);
    int descriptor = open_shared_file(FORMAT_INDEX_NAME, O_RDWR);
    if (descriptor < 0 && errno == ENOENT && session_ensure_folder() == 0 &&
        make_shared_file(FORMAT_INDEX_NAME, NULL, 0, size))
        descriptor = open_shared_file(FORMAT_INDEX_NAME, O_RDWR);
    struct stat status;
    if (descriptor >= 0 && fstat(descriptor, &status) == 0 && (size_t)status.st_size >= size) {
        void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (start != MAP_FAILED)
            file.index = start;
    }
    if (descriptor >= 0)
        close(descriptor);
    file.index_failed = !file.index;
    return file.index;
}

bool data_file_knows_source(uint64_t key, uint32_t *bit_count)
{
    int saved = errno;
    bool known = false;
    lock();
    struct index_slot *slots = index_open();
    for (unsigned probe = 0; slots && probe < INDEX_PROBES; probe++) {
        struct index_slot *slot = &slots[(key + probe) % INDEX_SLOTS];
        uint64_t there = atomic_load_explicit(&slot->key, memory_order_acquire);
        if (there == key) {
            *bit_count = slot->bit_count;
            known = true;
        }
        if (there == key || there == 0)
            break;
    }
    unlock();
    errno = saved;
    return known;
}

static void index_add(uint64_t key, uint32_t bit_count)
{
    struct index_slot *slots = index_open();
    for (unsigned probe = 0; slots && probe < INDEX_PROBES; probe++) {
        struct index_slot *slot = &slots[(key + probe) % INDEX_SLOTS];
        uint64_t free_key = 0;
        /* Claimed by its key's complement first: two processes may want one slot at once. */
        if (!atomic_compare_exchange_strong(&slot->key, &free_key, ~key)) {
            if (free_key == key)
                return;
            continue;
        }
        slot->bit_count = bit_count;
        atomic_store_explicit(&slot->key, key, memory_order_release);
        return;
    }
}

static size_t source_record(uint8_t *record, size_t room, const struct format_source *source,
                            const char *path, const uint8_t *lines)
{
    size_t path_size = format_padded(source->path_length);
    size_t bitmap_size = format_bitmap_size(source->bit_count);
    size_t size = sizeof(struct format_record) + sizeof *source + path_size + bitmap_size;
    if (!record || size > room)
        return size;
    uint8_t *payload = record + sizeof(struct format_record);
    memcpy(payload, source, sizeof *source);
    memcpy(payload + sizeof *source, path, source->path_length);
    memcpy(payload + sizeof *source + path_size, lines, (source->bit_count + 7) / 8);
    ((struct format_record *)record)->size = (uint32_t)size;
    return size;
}

/* One write(2) at the end of the shared file: whole records, whoever else writes. */
static bool sources_append(const uint8_t *record, size_t size)
{
    int descriptor = open_shared_file(FORMAT_SOURCES_NAME, O_WRONLY | O_APPEND);
    if (descriptor < 0 && errno == ENOENT && session_ensure_folder() == 0) {
        uint8_t header[sizeof(struct format_header)];
        write_header(header, FORMAT_FLAG_SOURCES);
        if (make_shared_file(FORMAT_SOURCES_NAME, header, sizeof header, sizeof header))
            descriptor = open_shared_file(FORMAT_SOURCES_NAME, O_WRONLY | O_APPEND);
    }
    struct stat status;
    bool done = descriptor >= 0 && fstat(descriptor, &status) == 0 &&
                size_is_allowed((size_t)status.st_size + size) &&
                write(descriptor, record, size) == (ssize_t)size;
    if (descriptor >= 0)
        close(descriptor);
    return done;
}

int data_file_add_source(const struct format_source *source, const char *path, const uint8_t *lines)
{
    int saved = errno;
    int result = -1;
    size_t size = source_record(NULL, 0, source, path, lines);
    uint8_t *record = calloc(1, size);
    lock();
    if (record && !file.sources_failed) {
        source_record(record, size, source, path, lines);
        ((struct format_record *)record)->type = RECORD_SOURCE;
        if (sources_append(record, size)) {
            index_add(source->key, source->bit_count);
            result = 0;
        } else {
            file.sources_failed = true;
        }
    }
    if (result != 0 && start_recording()) {
        uint8_t *own = record_take(size);
        if (own) {
            source_record(own, size, source, path, lines);
            publish((struct format_record *)own, RECORD_SOURCE);
            result = 0;
        }
    }
    unlock();
    free(record);
    errno = saved;
    return result;
}

uint32_t data_file_generation(void)
{
    return atomic_load_explicit(&file.generation, memory_order_relaxed);
}

void data_file_after_fork_child(void)
{
    /* Another thread of the parent may have held the lock: nobody here does. */
    atomic_flag_clear(&file.locked);
    atomic_fetch_add(&file.generation, 1);
    if (file.place == PLACE_MEMORY) {
        /* The parent's marks up to here are its own to write; a copy of them does no harm, and is
         * needed should the parent be killed. */
        build_path();
        return;
    }
    file.inherited = file.place == PLACE_FILE || file.place == PLACE_INHERITED;
    file.place = PLACE_NONE;
}

static bool write_all(int descriptor, const uint8_t *bytes, size_t size)
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

void data_file_flush(void)
{
    if (file.place != PLACE_MEMORY || !file.path[0])
        return;
    int saved = errno;
    size_t total = file.used;
    for (unsigned i = 0; i < file.kept_count; i++)
        total += file.kept[i].used;
    int descriptor = -1;
    if (size_is_allowed(total) && session_ensure_folder() == 0)
        descriptor = open(file.path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool done = descriptor >= 0;
    for (unsigned i = 0; done && i < file.kept_count; i++)
        done = write_all(descriptor, file.kept[i].start, file.kept[i].used);
    done = done && write_all(descriptor, file.extent, file.used);
    if (descriptor >= 0)
        close(descriptor);
    if (done)
        say("data", "file", base_name(file.path));
    else
        say("lost", "reason", "a process could not write its data file");
    errno = saved;
}

void data_file_describe(uint32_t python, const char *executable)
{
    lock();
    file.python = python;
    snprintf(file.executable, sizeof file.executable, "%s", executable);
    unlock();
}
