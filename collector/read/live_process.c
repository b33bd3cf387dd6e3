/*
 * A process sees those of its own pid namespace and of the ones below it, by numbers of its own:
 * NSpid of /proc/PID/status says what such a process calls itself. The namespace of a process is
 * told by its links only to those who may look into it; to others, by the numbers alone.
 */
#include "collector/read/live_process.h"

#include "preload/format.h"
#include "collector/base/hash_map.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000u

/* Of the first namespace of every machine: PROC_PID_INIT_INO of Linux. */
#define FIRST_SPACE UINT64_C(0xeffffffc)

/* A process in a namespace below this one. */
struct inner_process {
    uint64_t space; /* 0: not to be known */
    int64_t inner;  /* its number there */
    pid_t pid;      /* and here */
};

static struct inner_process *inner;
static size_t inner_count;
static bool has_looked;

/* The text of /proc/`name`, cut to `size`. False when there is none. */
static bool read_proc(const char *name, char *text, size_t size)
{
    char path[80];
    snprintf(path, sizeof path, "/proc/%s", name);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    ssize_t length = read(descriptor, text, size - 1);
    close(descriptor);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

static uint64_t find_space(const char *process)
{
    char path[64], text[64];
    int wanted = snprintf(path, sizeof path, "/proc/%s/ns/pid", process);
    if (wanted < 0 || (size_t)wanted >= sizeof path)
        return 0;
    ssize_t length = readlink(path, text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
    return strncmp(text, "pid:[", 5) == 0 ? strtoull(text + 5, NULL, 10) : 0;
}

static uint64_t own_space(void)
{
    static uint64_t space;
    if (!space)
        space = find_space("self");
    return space;
}

static uint64_t own_boot(void)
{
    static uint64_t boot;
    char text[LEDGER_BOOT_LENGTH + 1];
    static const char folder[] = "/proc/";
    if (!boot && read_proc(LEDGER_BOOT_FILE + sizeof folder - 1, text, sizeof text))
        boot = hash_bytes(text, strlen(text));
    return boot;
}

/* The last of the numbers of "NSpid:\t4711\t2"; 0 where there is but one. */
static int64_t find_inner_number(const char *process)
{
    char name[64], text[4096];
    snprintf(name, sizeof name, "%s/status", process);
    if (!read_proc(name, text, sizeof text))
        return 0;
    char *at = strstr(text, "\nNSpid:");
    if (!at)
        return 0;
    at += strlen("\nNSpid:");
    at[strcspn(at, "\n")] = '\0';
    const char *last = strrchr(at, '\t');
    return last && last != at ? strtoll(last, NULL, 10) : 0;
}

static void add_inner(struct inner_process process)
{
    struct inner_process *larger = realloc(inner, (inner_count + 1) * sizeof *larger);
    if (!larger)
        return;
    inner = larger;
    inner[inner_count++] = process;
}

static void look_for_inner(void)
{
    has_looked = true;
    DIR *directory = opendir("/proc");
    const struct dirent *entry;
    while (directory && (entry = readdir(directory)) != NULL) {
        const char *process = entry->d_name;
        if (process[0] < '1' || process[0] > '9')
            continue;
        uint64_t space = find_space(process);
        if (space != 0 && space == own_space())
            continue;
        int64_t number = find_inner_number(process);
        if (number > 0)
            add_inner((struct inner_process){ space, number, (pid_t)strtol(process, NULL, 10) });
    }
    if (directory)
        closedir(directory);
}

void live_process_refresh(void)
{
    free(inner);
    inner = NULL;
    inner_count = 0;
    has_looked = false;
}

/* When the process began, in ns since the epoch; 0 when it is not there or a zombie. */
static uint64_t find_start(pid_t pid, pid_t *parent)
{
    char name[64], text[1024];
    /* Most have ended; to ask for a number costs less than to look for its folder. */
    if (pid <= 0 || (kill(pid, 0) != 0 && errno == ESRCH))
        return 0;
    snprintf(name, sizeof name, "%ld/stat", (long)pid);
    if (!read_proc(name, text, sizeof text))
        return 0;
    /* The second field is the name in brackets and may hold anything. */
    const char *at = strrchr(text, ')');
    char state;
    uint64_t ticks;
    int64_t above;
    if (!at ||
        sscanf(at + 1,
               " %c %" SCNd64 " %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
               " %" SCNu64,
               &state, &above, &ticks) != 3 ||
        state == 'Z' || state == 'X')
        return 0;
    *parent = (pid_t)above;
    struct timespec now, up;
    long per_second = sysconf(_SC_CLK_TCK);
    if (per_second <= 0 || clock_gettime(CLOCK_REALTIME, &now) != 0 ||
        clock_gettime(CLOCK_BOOTTIME, &up) != 0)
        return 0;
    uint64_t boot = ((uint64_t)now.tv_sec - (uint64_t)up.tv_sec) * NANOSECONDS +
                    (uint64_t)now.tv_nsec - (uint64_t)up.tv_nsec;
    return boot + ticks * (NANOSECONDS / (uint64_t)per_second);
}

/* A process that got this number later began after the event. The clock may have been set by a
 * little in between. */
static bool is_there(pid_t pid, uint64_t latest)
{
    pid_t parent;
    uint64_t start = find_start(pid, &parent);
    return start != 0 && start <= latest + NANOSECONDS;
}

static bool is_this_machine(const struct live_process_name *name)
{
    return !name->boot || !own_boot() || name->boot == own_boot();
}

pid_t live_process_find(const struct live_process_name *name, uint64_t latest)
{
    if (name->pid <= 0 || name->pid > INT32_MAX || !is_this_machine(name))
        return 0;
    if (!name->space || !own_space() || name->space == own_space())
        return is_there((pid_t)name->pid, latest) ? (pid_t)name->pid : 0;
    if (!has_looked)
        look_for_inner();
    for (size_t i = 0; i < inner_count; i++)
        if (inner[i].inner == name->pid && (!inner[i].space || inner[i].space == name->space) &&
            is_there(inner[i].pid, latest))
            return inner[i].pid;
    return 0;
}

bool live_process_is_visible(const struct live_process_name *name)
{
    if (!is_this_machine(name))
        return false;
    if (!name->space || !own_space() || name->space == own_space() || own_space() == FIRST_SPACE)
        return true;
    if (!has_looked)
        look_for_inner();
    for (size_t i = 0; i < inner_count; i++)
        if (inner[i].space == name->space)
            return true;
    return false;
}

bool live_process_has_file(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return false;
    /* The kernel gives a lease for reading only where nobody could write. One that opens the file
     * meanwhile waits until it is closed here, of which a signal would tell this process. */
    struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
    sigaction(SIGIO, &ignore, &before);
    bool is_written = fcntl(descriptor, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
    close(descriptor);
    sigaction(SIGIO, &before, NULL);
    return is_written;
}

bool live_process_is_ancestor(pid_t pid, pid_t of)
{
    for (int depth = 0; of > 1 && depth < 1000; depth++) {
        if (of == pid)
            return true;
        pid_t parent = 0;
        if (find_start(of, &parent) == 0)
            return false;
        of = parent;
    }
    return false;
}
