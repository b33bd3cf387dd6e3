/*
 * The data file of a process. Space is reserved with posix_fallocate before it is touched, because
 * writing into a hole of a mapped file kills the process with SIGBUS when the disk is full, and
 * the limit on file sizes is checked first, because growing beyond it kills with SIGXFSZ.
 */
#include "data_file.h"

#include "aside.h"
#include "ledger.h"
#include "session.h"
#include "session_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sched.h>
#include <unistd.h>

/* The least piece of a file, where pages aren't larger, and the address space mapped for it to grow
 * into. */
#define FILE_PIECE_SIZE  (16u * 1024)
#define FILE_EXTENT_SIZE (1024u * 1024)

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
    PLACE_SHARED, /* a file of others, as far as it is mapped: the parent's, the session's overflow
                   */
    PLACE_MEMORY,
    PLACE_NOWHERE,
};

atomic_uint data_file_generation_now;

static struct {
    atomic_flag locked;
    enum place place;
    char file_name[160]; /* in the session's folder; "" before there is one */
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
    uint32_t flags; /* of headers */
    char executable[1024];
    pid_t owner; /* whose memory this is: a raw fork tells nobody */
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

/* Gives the file `size` more bytes from `offset` on. 0 or an errno. */
static int reserve(int descriptor, size_t offset, size_t size)
{
    if (!session_files_allow_size(offset + size))
        return EFBIG;
    return posix_fallocate(descriptor, (off_t)offset, (off_t)size);
}

/* The first piece of an extent: the next one begins at a multiple of it, and of a page. */
static size_t first_piece(void)
{
    size_t page = session_files_page();
    return page > FILE_PIECE_SIZE ? page : FILE_PIECE_SIZE;
}

static uint8_t *extent_map(int descriptor, size_t offset, size_t *size)
{
    /* Less address space where `ulimit -v` is tight. */
    for (size_t wanted = *size; wanted >= first_piece(); wanted /= 4) {
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

/* In the child of a raw fork, or of a clone, nobody has told us so yet. */
static void notice_fork(void)
{
    if (file.owner != getpid()) {
        if (file.owner)
            data_file_after_fork_child();
        file.owner = getpid();
    }
}

static void publish(struct format_record *record, uint32_t type)
{
    __atomic_store_n(&record->type, type, __ATOMIC_RELEASE);
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

static void build_name(void)
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
    snprintf(file.file_name, sizeof file.file_name, "%.64s.%ld.%llu.%s" FORMAT_DATA_SUFFIX,
             host.nodename, (long)getpid(), (unsigned long long)(session_time() / 1000000), random);
}

/* Makes the file and maps its first extent. 0 or an errno. */
static int create_file(void *unused)
{
    (void)unused;
    int missing = session_ensure_folder();
    if (missing)
        return missing;
    size_t piece = first_piece();
    if (!session_files_allow_size(piece))
        return EFBIG;
    int descriptor = session_files_open(file.file_name, O_RDWR | O_CREAT | O_EXCL);
    if (descriptor < 0)
        return errno;
    fchmod(descriptor, 0600); /* whatever the umask is */
    int problem = reserve(descriptor, 0, piece);
    size_t size = FILE_EXTENT_SIZE;
    uint8_t *start = problem ? NULL : extent_map(descriptor, 0, &size);
    if (!problem && !start)
        problem = ENOMEM;
    close(descriptor);
    if (problem) {
        session_files_remove(file.file_name);
        return problem;
    }
    file.place = PLACE_FILE;
    file.extent = start;
    file.extent_offset = 0;
    file.extent_size = size;
    file.reserved = piece;
    file.next = (uint32_t *)(start + offsetof(struct format_header, next));
    return 0;
}

/* Goes on in the session's overflow file, whose space was reserved when there was some. */
static bool go_on_in_overflow(void)
{
    size_t size;
    uint8_t *start = session_files_overflow(&size);
    if (!start || start == file.extent)
        return false;
    file.place = PLACE_SHARED;
    file.extent = start;
    file.extent_offset = 0;
    file.extent_size = file.reserved = size;
    file.next = (uint32_t *)(start + offsetof(struct format_header, next));
    __atomic_fetch_or((uint32_t *)(start + offsetof(struct format_header, flags)), file.flags,
                      __ATOMIC_RELAXED);
    write_process();
    return file.place == PLACE_SHARED;
}

/* Goes on in private memory, which is written as a file at the end if that is possible then. */
static bool go_on_in_memory(const char *reason)
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
    file.extent_size = file.reserved = size;
    file.used = sizeof(struct format_header);
    session_files_write_header(start, file.name, file.flags, (uint32_t)getpid());
    write_process();
    return true;
}

/* The first of: a file of our own, the parent's, the session's overflow, memory. */
static bool start_recording(void)
{
    if (file.place != PLACE_NONE)
        return file.place != PLACE_NOWHERE;
    session_files_follow();
    build_name();
    int problem = aside_call(create_file, NULL);
    if (problem && file.inherited) {
        file.place = PLACE_SHARED;
        return true;
    }
    if (problem)
        return go_on_in_overflow() || go_on_in_memory(strerrorname_np(problem));
    session_files_write_header(file.extent, file.name, file.flags, (uint32_t)getpid());
    say("data", "file", file.file_name);
    write_process();
    return true;
}

/* Where a file has no more room: what it has stays, the rest goes elsewhere, under a new name. */
static bool go_on_elsewhere(int problem)
{
    if (go_on_in_overflow())
        return true;
    build_name();
    return go_on_in_memory(strerrorname_np(problem));
}

/* Reserves more of what is mapped already, or maps the next extent. `argument`: the size_t that a
 * record needs. 0 or an errno. */
static int extend_file(void *argument)
{
    size_t needed = *(size_t *)argument;
    size_t used = *file.next - file.extent_offset;
    int descriptor = session_files_open(file.file_name, O_RDWR);
    if (descriptor < 0)
        return errno;
    int problem;
    if (used + needed <= file.extent_size) {
        size_t wanted = file.reserved * 2;
        while (wanted < used + needed)
            wanted *= 2;
        if (wanted > file.extent_size)
            wanted = file.extent_size;
        problem = reserve(descriptor, file.extent_offset + file.reserved, wanted - file.reserved);
        if (!problem)
            file.reserved = wanted;
    } else {
        /* The next extent begins where this one's reserved part ends: a page boundary. */
        size_t offset = file.extent_offset + file.reserved;
        size_t first = first_piece();
        while (first < needed)
            first *= 2;
        problem = reserve(descriptor, offset, first);
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
    close(descriptor);
    return problem;
}

static bool grow_file(size_t needed)
{
    session_files_follow();
    int problem = aside_call(extend_file, &needed);
    return problem == 0 || go_on_elsewhere(problem);
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
    if (file.place == PLACE_FILE || file.place == PLACE_SHARED) {
        record = record_take_shared(size);
        if (!record && file.place == PLACE_FILE && !grow_file(size))
            return NULL;
        else if (!record && file.place == PLACE_SHARED && !go_on_elsewhere(ENOSPC))
            return NULL;
        if (!record && file.place != PLACE_MEMORY)
            record = record_take_shared(size);
        if (!record && file.place == PLACE_SHARED && !go_on_in_memory("ENOSPC"))
            return NULL;
    }
    if (!record && file.place == PLACE_MEMORY)
        record = record_take_private(size);
    /* First, so that a reader can pass over a record whose writer was killed before it was done. */
    if (record)
        ((struct format_record *)record)->size = (uint32_t)size;
    return record;
}

/* A zeroed place of `size` bytes behind `head` in a new record of marks. See data_file_add_lines.
 */
static void *add_marks(uint32_t type, const void *head, size_t head_size, size_t size,
                       void *inherited)
{
    int saved = errno;
    void *marks = NULL;
    notice_fork();
    lock();
    if (start_recording()) {
        uint8_t *record = file.place == PLACE_SHARED && inherited
                              ? NULL
                              : record_take(sizeof(struct format_record) + head_size + size);
        if (record) {
            memcpy(record + sizeof(struct format_record), head, head_size);
            marks = record + sizeof(struct format_record) + head_size;
            publish((struct format_record *)record, type);
        }
    }
    unlock();
    errno = saved;
    return marks ? marks : inherited;
}

uint8_t *data_file_add_lines(uint64_t key, uint32_t bit_count, uint8_t *inherited)
{
    struct format_lines lines = { .key = key, .bit_count = bit_count };
    return add_marks(RECORD_LINES, &lines, sizeof lines, format_bitmap_size(bit_count), inherited);
}

uint64_t *data_file_add_arcs(uint64_t key, uint32_t place_count, uint64_t *inherited)
{
    struct format_arcs arcs = { .key = key, .place_count = place_count };
    return add_marks(RECORD_ARCS, &arcs, sizeof arcs,
                     (size_t)place_count * sizeof(struct format_arc), inherited);
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

bool data_file_knows_source(uint64_t key, uint32_t *bit_count)
{
    int saved = errno;
    notice_fork();
    lock();
    bool known = session_files_know_source(key, bit_count);
    unlock();
    errno = saved;
    return known;
}

int data_file_add_source(const struct format_source *source, const char *path, const uint8_t *lines)
{
    int saved = errno;
    int result = -1;
    size_t size = source_record(NULL, 0, source, path, lines);
    uint8_t *record = calloc(1, size);
    notice_fork();
    lock();
    if (record) {
        source_record(record, size, source, path, lines);
        ((struct format_record *)record)->type = RECORD_SOURCE;
        result = session_files_add_source(record, size, source->key, source->bit_count);
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

void data_file_reserve(void)
{
    size_t size;
    notice_fork();
    lock();
    session_files_overflow(&size);
    if (start_recording() && file.place == PLACE_FILE) {
        size_t needed = file.extent_size - (*file.next - file.extent_offset);
        (void)aside_call(extend_file, &needed);
    }
    unlock();
}

void data_file_after_fork_child(void)
{
    /* Another thread of the parent may have held the lock: nobody here does. */
    atomic_flag_clear(&file.locked);
    atomic_fetch_add(&data_file_generation_now, 1);
    file.owner = getpid();
    if (file.place == PLACE_MEMORY) {
        /* The parent's marks up to here are its own to write; a copy of them does no harm, and is
         * needed should the parent be killed. */
        build_name();
        return;
    }
    file.inherited = file.place == PLACE_FILE || file.place == PLACE_SHARED;
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

/* Writes the file that is to be. 0 or an errno. */
static int write_kept(void *unused)
{
    (void)unused;
    size_t total = file.used;
    for (unsigned i = 0; i < file.kept_count; i++)
        total += file.kept[i].used;
    if (!session_files_allow_size(total))
        return EFBIG;
    int missing = session_ensure_folder();
    if (missing)
        return missing;
    /* Not O_TRUNC: only what was looked at may be made empty. */
    int descriptor = session_files_open(file.file_name, O_WRONLY | O_CREAT);
    if (descriptor < 0)
        return errno;
    bool done = ftruncate(descriptor, 0) == 0;
    for (unsigned i = 0; done && i < file.kept_count; i++)
        done = write_all(descriptor, file.kept[i].start, file.kept[i].used);
    done = done && write_all(descriptor, file.extent, file.used);
    int problem = done ? 0 : errno;
    close(descriptor);
    return problem;
}

void data_file_flush(void)
{
    if (file.place != PLACE_MEMORY || !file.file_name[0])
        return;
    int saved = errno;
    session_files_follow();
    int problem = aside_call(write_kept, NULL);
    if (problem == 0)
        say("data", "file", file.file_name);
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

void data_file_set_flags(uint32_t flags)
{
    lock();
    file.flags = flags;
    unlock();
}
