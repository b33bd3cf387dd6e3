/*
 * Writes ledger lines (see ledger.h and format.h). The line is put together in scratch memory by a
 * small JSON writer: stdio takes locks. Runs anywhere, in a vfork child too.
 */
#include "ledger.h"

#include "decimal.h"
#include "open_folder.h"
#include "scratch.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ELLIPSIS      "\xe2\x80\xa6"
#define ELLIPSIS_SIZE (sizeof ELLIPSIS - 1)

/* What may follow when there is no room: the end of a cut text, an array's last "…", `]}\n`. */
#define CLOSING_MAX 16
/* Written, escapes included, so that the other fields of a line have room. */
#define TEXT_MAX   1200
#define PYTHON_MAX 32
/* Of the arguments of an exec: enough to know the command by. */
#define EXEC_ARGV_MAX 400

/* Below RLIMIT_FSIZE: what other processes may append between our check and our write. */
#define SIZE_MARGIN (16 * LEDGER_LINE_MAX)

struct line {
    size_t used;
    char text[LEDGER_LINE_MAX];
    /* What a start is made of: */
    char arguments[LEDGER_LINE_MAX];
    char path[TEXT_MAX + 8]; /* longer than is written: line_string sees that it is cut */
};

/* The image that called ledger_start; a fork child keeps its parent's. */
static struct {
    bool pending; /* its start is not in the ledger */
    pid_t pid;
    pid_t ppid;
    uint64_t time;
    uint64_t namespace;
    char id[FORMAT_ID_SIZE * 2 + 1];
    char python[PYTHON_MAX]; /* "": none */
} image;

/* The process that this memory belongs to, and its namespace. Neither is that of a vfork child, nor
 * of one that a bare clone made, which may be in a namespace of its own. */
static struct {
    pid_t pid;
    uint64_t namespace;
} own;

/* The number of this process's pid namespace, as "pid:[4026531836]" has it; 0 where there is no
 * /proc to say so. By readlink: stat takes twice the time. */
static uint64_t read_namespace(void)
{
    char text[32];
    ssize_t length = readlink("/proc/self/ns/pid", text, sizeof text);
    uint64_t number = 0;
    for (ssize_t i = 0; i < length; i++)
        if (text[i] >= '0' && text[i] <= '9')
            number = number * 10 + (uint64_t)(text[i] - '0');
    return number;
}

/* Mapped before the session's folder may go out of reach; NULL: it was not asked for. In a vfork
 * child this is its parent's, where it is as good. */
static _Atomic(char *) spare;

static uint64_t find_namespace(void)
{
    /* 1 is what the first process of any namespace is. */
    pid_t pid = getpid();
    return pid == own.pid && pid != 1 ? own.namespace : read_namespace();
}

/* Room for text, before what closes the line. */
static size_t line_room(const struct line *line)
{
    size_t limit = sizeof line->text - CLOSING_MAX;
    return line->used < limit ? limit - line->used : 0;
}

/* Without a look at the room: for what callers have reserved. */
static void line_put(struct line *line, const char *text, size_t length)
{
    memcpy(line->text + line->used, text, length);
    line->used += length;
}

/* The length of the UTF-8 sequence at `bytes`, or 0: overlong forms, surrogates, cut sequences. */
static size_t utf8_length(const unsigned char *bytes, size_t size)
{
    unsigned char first = bytes[0];
    if (first < 0x80)
        return 1;
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || length > size)
        return 0;
    unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* Writes one character as it stands in a JSON string into `out` (6 bytes at most): the number of
 * bytes it took from `bytes`, and of those written in `*written`. */
static size_t escape_character(const unsigned char *bytes, size_t size, char *out, size_t *written)
{
    static const char digits[] = "0123456789abcdef";
    size_t length = utf8_length(bytes, size);
    if (length > 0 && bytes[0] >= 0x20 && bytes[0] != '"' && bytes[0] != '\\') {
        memcpy(out, bytes, length);
        *written = length;
    } else if (bytes[0] == '"' || bytes[0] == '\\') {
        out[0] = '\\';
        out[1] = (char)bytes[0];
        *written = 2;
    } else {
        memcpy(out, length > 0 ? "\\u00" : "\\udc", 4);
        out[4] = digits[bytes[0] >> 4];
        out[5] = digits[bytes[0] & 15];
        *written = 6;
    }
    return length > 0 ? length : 1;
}

/* A JSON string of at most `limit` bytes between its quotes, cut with "…" where it is longer. False
 * when it was cut. */
static bool line_string(struct line *line, const char *text, size_t length, size_t limit)
{
    const unsigned char *bytes = (const unsigned char *)text;
    line_put(line, "\"", 1);
    size_t room = line_room(line);
    if (limit > room)
        limit = room;
    bool whole = true;
    for (size_t i = 0, done = 0; i < length;) {
        char out[6];
        size_t written;
        i += escape_character(bytes + i, length - i, out, &written);
        if (done + written > limit) {
            line_put(line, ELLIPSIS, ELLIPSIS_SIZE);
            whole = false;
            break;
        }
        line_put(line, out, written);
        done += written;
    }
    line_put(line, "\"", 1);
    return whole;
}

/* `,"key":` when it and a short value fit. */
static bool line_key(struct line *line, const char *key)
{
    size_t length = strlen(key);
    if (line_room(line) < length + 32)
        return false;
    line_put(line, ",\"", 2);
    line_put(line, key, length);
    line_put(line, "\":", 2);
    return true;
}

static void line_number(struct line *line, const char *key, uint64_t value)
{
    char digits[DECIMAL_MAX];
    size_t length = decimal_put(digits, value);
    if (line_key(line, key))
        line_put(line, digits, length);
}

static void line_text(struct line *line, const char *key, const char *text, size_t limit)
{
    if (line_key(line, key))
        line_string(line, text, strlen(text), limit);
}

static void line_begin(struct line *line, const char *event, uint64_t time, pid_t pid,
                       uint64_t namespace)
{
    line->used = 0;
    line_put(line, "{\"event\":", 9);
    line_string(line, event, strlen(event), 64);
    line_number(line, "time", time);
    line_number(line, "pid", (uint64_t)pid);
    if (namespace)
        line_number(line, "ns", namespace);
}

/* Which image speaks, or starts what is spoken of: a number alone may be another process's by the
 * time that a line is read. */
static void line_image(struct line *line, bool is_starter)
{
    if (image.id[0] && line_key(line, is_starter ? "starter" : "image")) {
        line_put(line, "\"", 1);
        line_put(line, image.id, LEDGER_IMAGE_LENGTH);
        line_put(line, "\"", 1);
    }
}

/* A vfork's child has its parent's memory. */
static bool is_vfork_child(void)
{
    return own.pid && getpid() != own.pid;
}

/* Would a line more raise SIGXFSZ? */
static bool size_allows_line(int descriptor)
{
    struct rlimit limit;
    struct stat status;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return true;
    return fstat(descriptor, &status) == 0 &&
           (uint64_t)status.st_size + SIZE_MARGIN <= (uint64_t)limit.rlim_cur;
}

/* Puts the line where the folder need not be reached. A slot is taken by its first byte. */
static bool put_aside(const struct line *line)
{
    char *slots = atomic_load(&spare);
    if (!slots || line->used >= FORMAT_SPARE_SLOT)
        return false;
    for (size_t i = 0; i < FORMAT_SPARE_SLOTS; i++) {
        char *slot = slots + i * FORMAT_SPARE_SLOT, empty = '\0';
        if (!__atomic_compare_exchange_n(slot, &empty, ' ', false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_RELAXED))
            continue;
        memcpy(slot + 1, line->text, line->used);
        return true;
    }
    return false;
}

/* Appends the line; without a ledger (-1), puts it aside. False where that could not be done, or
 * not wholly. */
static bool line_write(struct line *line, int descriptor)
{
    line_put(line, "}\n", 2);
    long written = -1;
    if (descriptor >= 0 && !size_allows_line(descriptor))
        errno = EFBIG;
    else if (descriptor >= 0)
        written = syscall(SYS_write, descriptor, line->text, line->used);
    if (written == (long)line->used)
        return true;
    if (written >= 0)
        errno = ENOSPC;
    return put_aside(line);
}

/* Ends the line, writes it and gives it back. As line_write. */
static bool line_end(struct line *line, int descriptor)
{
    bool done = line_write(line, descriptor);
    scratch_give(line);
    return done;
}

/* Leaves an empty file beside the ledger: that needs no room on the disk and, but for root, no
 * descriptor. */
static void mark_dropped(void)
{
    static const char name[] = FORMAT_LEDGER_NAME FORMAT_DROPPED_SUFFIX;
    int folder = open_folder(session.folder, false);
    if (folder >= 0) {
        (void)syscall(SYS_mknodat, folder, name, S_IFREG | 0600, 0);
        open_folder_close(folder);
        return;
    }
    static const char suffix[] = FORMAT_DROPPED_SUFFIX;
    size_t length = strlen(session.ledger_path);
    char *path = geteuid() != 0 ? scratch_take(length + sizeof suffix) : NULL;
    if (!path)
        return;
    memcpy(path, session.ledger_path, length);
    memcpy(path + length, suffix, sizeof suffix);
    (void)syscall(SYS_mknodat, AT_FDCWD, path, S_IFREG | 0600, 0);
    scratch_give(path);
}

/* Says that a line could not be written, as errno has it, where that is worth it: on a full disk
 * nobody knows what else is missing. */
static void note_dropped(bool needed)
{
    if (needed || errno == ENOSPC || errno == EDQUOT || errno == EIO)
        mark_dropped();
}

/* Would a loss go unnoticed without such a line? The other events only add to what is known of a
 * process that can be recorded: its data says for itself that it is there. */
static bool is_needed(const char *event)
{
    /* What an engine keeps in memory is lost with a child that nobody knows of. */
    if (strcmp(event, "fork") == 0 && image.python[0])
        return session.engine == ENGINE_COVERAGE || session.engine == ENGINE_SLIPCOVER;
#define IS_NEEDED(name, needed)                                                                    \
    if (strcmp(event, #name) == 0)                                                                 \
        return needed;
    LEDGER_EVENTS(IS_NEEDED)
#undef IS_NEEDED
    return false;
}

/* `"argv":[…]` from /proc: the image's own argv is not ours to keep. */
static void line_argv(struct line *line)
{
    const char *text = line->arguments;
    ssize_t size = -1;
    int descriptor = open_folder_file(AT_FDCWD, "/proc/self/cmdline", O_RDONLY);
    if (descriptor >= 0) {
        size = syscall(SYS_read, descriptor, line->arguments, sizeof line->arguments);
        open_folder_close(descriptor);
    }
    if (!line_key(line, "argv"))
        return;
    line_put(line, "[", 1);
    bool whole = true;
    for (size_t at = 0; whole && (ssize_t)at < size;) {
        size_t length = strnlen(text + at, (size_t)size - at);
        if (at > 0)
            line_put(line, ",", 1);
        if (line_room(line) < 16) {
            line_put(line, "\"" ELLIPSIS "\"", 2 + ELLIPSIS_SIZE);
            break;
        }
        whole = line_string(line, text + at, length, line_room(line) - 8);
        at += length + 1;
        /* The buffer is full: this argument goes on, or others follow. */
        if (whole && at >= sizeof line->arguments)
            line_put(line, ",\"" ELLIPSIS "\"", 3 + ELLIPSIS_SIZE);
    }
    line_put(line, "]", 1);
}

static void line_link(struct line *line, const char *key, const char *link)
{
    ssize_t length = readlink(link, line->path, sizeof line->path);
    if (line_key(line, key))
        line_string(line, line->path, length > 0 ? (size_t)length : 0, TEXT_MAX);
}

/* The kernel's name for the time since it was started: numbers of processes are of one such time.
 */
static void line_boot(struct line *line)
{
    char text[LEDGER_BOOT_LENGTH + 1];
    int descriptor = open_folder_file(AT_FDCWD, LEDGER_BOOT_FILE, O_RDONLY);
    if (descriptor < 0)
        return;
    long got = syscall(SYS_read, descriptor, text, LEDGER_BOOT_LENGTH);
    open_folder_close(descriptor);
    if (got == LEDGER_BOOT_LENGTH && line_key(line, "boot"))
        line_string(line, text, LEDGER_BOOT_LENGTH, LEDGER_BOOT_LENGTH);
}

static bool write_start(int descriptor)
{
    struct line *line = scratch_take(sizeof *line);
    if (!line)
        return false;
    line_begin(line, "start", image.time, image.pid, image.namespace);
    line_number(line, "ppid", (uint64_t)image.ppid);
    line_text(line, "id", image.id, sizeof image.id);
    /* Of the many others it is their parent's. */
    if (image.python[0] || session.is_root)
        line_boot(line);
    if (image.python[0])
        line_text(line, "python", image.python, sizeof image.python);
    line_link(line, "exe", "/proc/self/exe");
    line_link(line, "cwd", "/proc/self/cwd");
    line_argv(line);
    return line_end(line, descriptor);
}

/* O_NONBLOCK: should there be a FIFO of that name, nobody may wait for its reader. */
#define LEDGER_FLAGS (O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK)

/* The ledger as it is, or -1. */
static int open_existing(void)
{
    int folder = open_folder(session.folder, false);
    int descriptor = -1;
    if (folder >= 0) {
        descriptor = open_folder_file(folder, FORMAT_LEDGER_NAME, LEDGER_FLAGS);
        if (descriptor >= 0 && !open_folder_may_write(folder, descriptor)) {
            open_folder_close(descriptor);
            descriptor = -1;
            errno = EACCES;
        }
        open_folder_close(folder);
    }
    /* One descriptor may be left where two are not. */
    if (descriptor < 0 && errno == EMFILE && geteuid() != 0)
        descriptor = open_folder_file(AT_FDCWD, session.ledger_path, LEDGER_FLAGS);
    return descriptor;
}

/* The ledger, or -1. With `make_folder`, makes the session's folder where it is missing, and then
 * writes the start of this image, which was waiting for that. */
static int ledger_open(bool make_folder)
{
    int descriptor = open_existing();
    if (descriptor < 0 && errno == ENOENT && make_folder && session_ensure_folder() == 0) {
        descriptor = open_existing();
        /* Not marked as written: in a vfork child that would be the parent's memory. */
        if (descriptor >= 0 && image.pending)
            write_start(descriptor);
    }
    return descriptor;
}

/* A line of strings; `parent` is 0 where the event has none. */
static bool write_event(int descriptor, const char *event, pid_t parent, const char *const pairs[],
                        uint64_t parent_space)
{
    struct line *line = scratch_take(sizeof *line);
    if (!line)
        return false;
    uint64_t namespace = find_namespace();
    line_begin(line, event, session_time(), getpid(), namespace);
    line_image(line, false);
    if (parent > 0)
        line_number(line, "ppid", (uint64_t)parent);
    if (parent > 0 && parent_space && parent_space != namespace)
        line_number(line, "pns", parent_space);
    for (; pairs[0]; pairs += 2)
        if (pairs[1])
            line_text(line, pairs[0], pairs[1], TEXT_MAX);
    return line_end(line, descriptor);
}

static bool can_write(int descriptor)
{
    return descriptor >= 0 || atomic_load(&spare);
}

static void ledger_close(int descriptor)
{
    if (descriptor >= 0)
        open_folder_close(descriptor);
}

/* `parent_space`: the namespace of `parent`. */
static void append_event(const char *event, pid_t parent, const char *const pairs[],
                         bool make_folder, uint64_t parent_space)
{
    int saved = errno;
    int descriptor = ledger_open(make_folder);
    bool done =
        can_write(descriptor) && write_event(descriptor, event, parent, pairs, parent_space);
    ledger_close(descriptor);
    if (!done)
        note_dropped(is_needed(event));
    errno = saved;
}

void ledger_start(const char *python)
{
    int saved = errno;
    uint8_t id[FORMAT_ID_SIZE];
    session_random(id, sizeof id);
    session_hex(image.id, id, sizeof id);
    image.pid = getpid();
    image.ppid = getppid();
    image.time = session_time();
    image.python[0] = '\0';
    own.pid = image.pid;
    own.namespace = image.namespace = read_namespace();
    if (python) {
        /* Py_GetVersion() goes on after a space. */
        size_t length = strcspn(python, " ");
        if (length >= sizeof image.python)
            length = sizeof image.python - 1;
        memcpy(image.python, python, length);
        image.python[length] = '\0';
    }
    image.pending = false;
    int descriptor = ledger_open(python != NULL);
    bool done = false;
    if (descriptor >= 0) {
        done = write_start(descriptor);
        open_folder_close(descriptor);
    } else {
        image.pending = true;
    }
    if (!done)
        note_dropped(python != NULL);
    /* What is above this process has a mount namespace of its own: mounts may come. */
    if (getenv(LEDGER_RESERVE_VARIABLE))
        ledger_reserve();
    errno = saved;
}

void ledger_fork(pid_t parent)
{
    const char *const pairs[] = { NULL };
    uint64_t parent_space = own.namespace;
    own.pid = getpid();
    own.namespace = read_namespace();
    append_event("fork", parent, pairs, false, parent_space);
}

void ledger_end(void)
{
    const char *const pairs[] = { NULL };
    append_event("end", 0, pairs, false, 0);
}

/* `,"argv":[…]` of what is to be executed, as far as it is worth being told. */
static void line_exec_argv(struct line *line, char *const argv[])
{
    if (!argv || !line_key(line, "argv"))
        return;
    size_t end = line->used + EXEC_ARGV_MAX;
    line_put(line, "[", 1);
    for (size_t i = 0; argv[i]; i++) {
        if (i > 0)
            line_put(line, ",", 1);
        if (line->used + 16 > end || line_room(line) < 16) {
            line_put(line, "\"" ELLIPSIS "\"", 2 + ELLIPSIS_SIZE);
            break;
        }
        /* By a bound: what is longer is cut, and an argument may be of any length. */
        size_t limit = end - line->used;
        line_string(line, argv[i], strnlen(argv[i], limit + 1), limit);
    }
    line_put(line, "]", 1);
}

static bool write_exec(int descriptor, const struct ledger_exec *exec, bool is_outside)
{
    struct line *line = scratch_take(sizeof *line);
    if (!line)
        return false;
    line_begin(line, "exec", session_time(), exec->pid, find_namespace());
    line_image(line, exec->since || is_vfork_child());
    line_text(line, "path", exec->path, TEXT_MAX);
    line_exec_argv(line, exec->argv);
    if (is_outside)
        line_text(line, "folder", "out of reach", 32);
    else if (exec->can_load)
        line_text(line, "loads", "yes", 8);
    if (exec->since)
        line_number(line, "since", exec->since);
    return line_end(line, descriptor);
}

void ledger_exec(const struct ledger_exec *exec)
{
    int saved = errno;
    int descriptor = ledger_open(true);
    /* What begins there could not write either. */
    bool is_outside =
        descriptor < 0 && errno != EMFILE && errno != ENFILE && errno != ENOMEM && errno != ENOSPC;
    bool done = can_write(descriptor) && write_exec(descriptor, exec, is_outside);
    ledger_close(descriptor);
    /* One that loads the library speaks for itself. */
    if (!done)
        note_dropped(!exec->can_load);
    errno = saved;
}

static bool write_failed(int descriptor, int error)
{
    struct line *line = scratch_take(sizeof *line);
    if (!line)
        return false;
    line_begin(line, "failed", session_time(), getpid(), find_namespace());
    line_image(line, is_vfork_child());
    line_number(line, "error", (uint64_t)error);
    return line_end(line, descriptor);
}

void ledger_failed(int error)
{
    int saved = errno;
    int descriptor = ledger_open(false);
    bool done = can_write(descriptor) && write_failed(descriptor, error);
    ledger_close(descriptor);
    if (!done)
        note_dropped(false);
    errno = saved;
}

static bool write_refused(int descriptor, pid_t pid, const char *path, const char *reason)
{
    struct line *line = scratch_take(sizeof *line);
    if (!line)
        return false;
    line_begin(line, "refused", session_time(), pid, find_namespace());
    line_image(line, pid != getpid() || is_vfork_child());
    line_text(line, "path", path, TEXT_MAX);
    line_text(line, "reason", reason, 64);
    return line_end(line, descriptor);
}

void ledger_refused(pid_t pid, const char *path, const char *reason)
{
    int saved = errno;
    int descriptor = ledger_open(true);
    bool done = can_write(descriptor) && write_refused(descriptor, pid, path, reason);
    ledger_close(descriptor);
    if (!done)
        note_dropped(true);
    errno = saved;
}

void ledger_event(const char *event, const char *const pairs[])
{
    append_event(event, 0, pairs, true, 0);
}

/* The file that is mapped for what can't be written otherwise; made where it is not there. -1. */
static int open_spare(size_t size)
{
    static const char name[] = FORMAT_LEDGER_NAME FORMAT_SPARE_SUFFIX;
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < size))
        return -1;
    int folder = open_folder(session.folder, false);
    if (folder < 0)
        return -1;
    int descriptor = open_folder_file(folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK);
    /* A hole would be a signal on a full disk. */
    if (descriptor >= 0 && (!open_folder_may_write(folder, descriptor) ||
                            syscall(SYS_fallocate, descriptor, 0, (off_t)0, (off_t)size) != 0)) {
        open_folder_close(descriptor);
        descriptor = -1;
    }
    open_folder_close(folder);
    return descriptor;
}

void ledger_reserve(void)
{
    const size_t size = FORMAT_SPARE_SLOTS * FORMAT_SPARE_SLOT;
    if (atomic_load(&spare))
        return;
    int saved = errno;
    /* That makes the folder, and tells of this image's start. */
    ledger_close(ledger_open(true));
    int descriptor = open_spare(size);
    if (descriptor >= 0) {
        void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (memory != MAP_FAILED)
            atomic_store(&spare, (char *)memory);
    }
    ledger_close(descriptor);
    errno = saved;
}
