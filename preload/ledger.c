/*
 * Writes ledger lines (see ledger.h and format.h). The line is put together in scratch memory by a
 * small JSON writer: stdio takes locks. Runs anywhere, in a vfork child too.
 */
#include "ledger.h"

#include "open_folder.h"
#include "scratch.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
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
    char id[FORMAT_ID_SIZE * 2 + 1];
    char python[PYTHON_MAX]; /* "": none */
} image;

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
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    if (line_key(line, key))
        line_put(line, digits + at, sizeof digits - at);
}

static void line_text(struct line *line, const char *key, const char *text, size_t limit)
{
    if (line_key(line, key))
        line_string(line, text, strlen(text), limit);
}

static void line_begin(struct line *line, const char *event, uint64_t time, pid_t pid)
{
    line->used = 0;
    line_put(line, "{\"event\":", 9);
    line_string(line, event, strlen(event), 64);
    line_number(line, "time", time);
    line_number(line, "pid", (uint64_t)pid);
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

/* Ends the line and appends it. */
static void line_write(struct line *line, int descriptor)
{
    line_put(line, "}\n", 2);
    if (size_allows_line(descriptor))
        (void)syscall(SYS_write, descriptor, line->text, line->used);
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

static void write_start(int descriptor)
{
    struct line *line = scratch_take(sizeof *line);
    if (!line)
        return;
    line_begin(line, "start", image.time, image.pid);
    line_number(line, "ppid", (uint64_t)image.ppid);
    line_text(line, "id", image.id, sizeof image.id);
    if (image.python[0])
        line_text(line, "python", image.python, sizeof image.python);
    line_link(line, "exe", "/proc/self/exe");
    line_link(line, "cwd", "/proc/self/cwd");
    line_argv(line);
    line_write(line, descriptor);
    scratch_give(line);
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
static void write_event(int descriptor, const char *event, pid_t pid, pid_t parent,
                        const char *const pairs[])
{
    struct line *line = scratch_take(sizeof *line);
    if (!line)
        return;
    line_begin(line, event, session_time(), pid);
    if (parent > 0)
        line_number(line, "ppid", (uint64_t)parent);
    for (; pairs[0]; pairs += 2)
        if (pairs[1])
            line_text(line, pairs[0], pairs[1], TEXT_MAX);
    line_write(line, descriptor);
    scratch_give(line);
}

static void append_event(const char *event, pid_t pid, pid_t parent, const char *const pairs[],
                         bool make_folder)
{
    int saved = errno;
    int descriptor = ledger_open(make_folder);
    if (descriptor >= 0) {
        write_event(descriptor, event, pid, parent, pairs);
        open_folder_close(descriptor);
    }
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
    if (descriptor >= 0) {
        write_start(descriptor);
        open_folder_close(descriptor);
    } else {
        image.pending = true;
    }
    errno = saved;
}

void ledger_fork(pid_t parent)
{
    const char *const pairs[] = { NULL };
    append_event("fork", getpid(), parent, pairs, false);
}

void ledger_end(void)
{
    const char *const pairs[] = { NULL };
    append_event("end", getpid(), 0, pairs, false);
}

void ledger_exec(pid_t pid, const char *path)
{
    const char *const pairs[] = { "path", path, NULL };
    append_event("exec", pid, 0, pairs, true);
}

void ledger_refused(pid_t pid, const char *path, const char *reason)
{
    const char *const pairs[] = { "path", path, "reason", reason, NULL };
    append_event("refused", pid, 0, pairs, true);
}

void ledger_event(const char *event, const char *const pairs[])
{
    append_event(event, getpid(), 0, pairs, true);
}
