/*
 * The wrapped calls that start a program: each looks at its target, repairs the environment, says
 * so in the ledger, and calls the original.
 *
 * May run in a vfork child (Python's subprocess, bash's and libuv's too): no heap, no lock, no
 * stdio, no global is written; errno is what the original leaves. Only system, popen and wordexp,
 * which are never called there, do more. What is large lies in scratch memory, for exec is called
 * on stacks of a few KiB. An inactive session and a call before the constructor go straight to the
 * original.
 */
#include "child_env.h"
#include "decimal.h"
#include "ledger.h"
#include "library.h"
#include "process.h"
#include "real.h"
#include "scratch.h"
#include "session.h"
#include "target.h"

#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Longer paths are not looked at before the exec. */
#define SEARCH_PATH_MAX 1024

/* One call of the exec or posix_spawn family. */
struct request {
    /* Calls the original with `envp`: request->envp itself when nothing had to be repaired. */
    int (*call)(const struct request *request, char *const envp[]);
    int descriptor; /* fexecve, execveat: otherwise AT_FDCWD */
    int flags;      /* execveat */
    bool is_search; /* `file` is looked for in PATH */
    bool is_spawn;  /* returns an error number, in the parent */
    const char *file;
    char *const *argv;
    char *const *envp;
    void *pid; /* posix_spawn's pid_t or pidfd_spawn's descriptor */
    const posix_spawn_file_actions_t *actions;
    const posix_spawnattr_t *attributes;
};

/* "/proc/self/fd/N" */
static void name_descriptor(char *text, int descriptor)
{
    static const char folder[] = "/proc/self/fd/";
    memcpy(text, folder, sizeof folder - 1);
    decimal_put(text + sizeof folder - 1, descriptor < 0 ? 0 : (unsigned)descriptor);
}

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111) != 0;
}

/*
 * Where the original will find request->file in PATH, written to `found`, SEARCH_PATH_MAX bytes.
 * False when that is not certain: nothing there, a path too long, or relative to a folder that a
 * file action may change.
 */
static bool search_path(char *found, const struct request *request)
{
    size_t file_length = strlen(request->file);
    const char *path = NULL;
    for (char *const *entry = environ; entry && *entry && !path; entry++)
        if (strncmp(*entry, "PATH=", 5) == 0)
            path = *entry + 5;
    if (!path)
        path = "/bin:/usr/bin"; /* glibc's, from 2.24 */
    if (file_length == 0)
        return false;
    for (;;) {
        size_t length = strcspn(path, ":");
        if (length + file_length + 2 > SEARCH_PATH_MAX || (path[0] != '/' && request->actions))
            return false;
        memcpy(found, path, length);
        if (length > 0)
            found[length++] = '/';
        memcpy(found + length, request->file, file_length + 1);
        if (is_program(found))
            return true;
        path += strcspn(path, ":");
        if (*path++ == '\0')
            return false;
    }
}

/* Looks at what `request` will run. What to call it in the ledger: request->file or, where that
 * says less, a path in `path`, SEARCH_PATH_MAX bytes. */
static const char *inspect(struct target *target, const struct request *request, char *path)
{
    target->kind = TARGET_UNKNOWN;
    target->asan = false;
    if (request->descriptor != AT_FDCWD && (!request->file || !request->file[0])) {
        char link[32];
        name_descriptor(link, request->descriptor);
        target_inspect(target, AT_FDCWD, link);
        if (target->kind == TARGET_MISSING)
            target->kind = TARGET_UNKNOWN; /* there may be no /proc */
        ssize_t length = readlink(link, path, SEARCH_PATH_MAX - 1);
        if (length <= 0)
            return "";
        path[length] = '\0';
        return path;
    }
    if (!request->file) {
        target->kind = TARGET_MISSING;
        return "";
    }
    if (request->is_search && !strchr(request->file, '/')) {
        if (!search_path(path, request))
            return request->file;
        target_inspect(target, AT_FDCWD, path);
        return path;
    }
    /* A file action may change to another folder before. */
    if (request->file[0] == '/' || !request->actions)
        target_inspect(target, request->descriptor, request->file);
    return request->file;
}

/* Where the library is out of reach (a chroot, another user), its loader would complain. */
static enum library_state check_library(struct target *target)
{
    if (target->kind != TARGET_NATIVE && target->kind != TARGET_UNKNOWN)
        return LIBRARY_OTHER;
    enum library_state state = library_look();
    if (state == LIBRARY_MISSING)
        target->kind = TARGET_OTHER;
    return state;
}

/* False where nothing is said: programs that search PATH themselves try many that aren't there. */
static bool record(const struct target *target, const struct ledger_exec *exec)
{
    if (target->kind == TARGET_MISSING)
        return false;
    const char *reason = target_reason(target->kind);
    ledger_exec(exec);
    if (reason)
        ledger_refused(exec->pid, exec->path, reason);
    return true;
}

static int request_call(const struct request *request, char *const envp[])
{
    int result = request->call(request, envp);
    if (envp == request->envp)
        return result;
    /* What we added was too much: rather not followed than failed. */
    if (request->is_spawn ? result == E2BIG : result == -1 && errno == E2BIG)
        result = request->call(request, request->envp);
    return result;
}

/* Calls the original with the environment that `target` should have. */
static int request_call_repaired(const struct request *request, const struct target *target)
{
    unsigned flags = (target_must_not_preload(target->kind) ? CHILD_ENV_NO_LIBRARY : 0) |
                     (target->asan ? CHILD_ENV_ASAN : 0);
    struct child_env plan;
    child_env_plan(&plan, request->envp, flags);
    if (plan.size == 0)
        return request_call(request, request->envp);
    void *memory = scratch_take(plan.size);
    char **envp = memory ? child_env_build(&plan, memory) : NULL;
    if (memory && !envp) {
        scratch_give(memory);
        memory = NULL;
    }
    bool is_vfork_child = envp && !request->is_spawn && !process_is_current();
    if (is_vfork_child)
        scratch_leave_to_exec(memory);
    int result = request_call(request, envp ? envp : request->envp);
    if (is_vfork_child)
        scratch_keep();
    scratch_give(memory);
    return result;
}

/* Looks at what `request` will run, and whether nothing is known that keeps it from loading the
 * library. What to call it; `*path` is where that may stand, for the caller to give back. */
static const char *look(struct target *target, const struct request *request, char **path,
                        bool *can_load)
{
    *path = scratch_take(SEARCH_PATH_MAX);
    target->kind = TARGET_UNKNOWN;
    target->asan = false;
    const char *name = *path ? inspect(target, request, *path) : request->file;
    *can_load = check_library(target) == LIBRARY_HERE;
    return name ? name : "";
}

static int run_exec(const struct request *request)
{
    if (!session.active)
        return request->call(request, request->envp);
    int saved = errno;
    struct target target;
    char *path;
    bool can_load;
    const char *name = look(&target, request, &path, &can_load);
    struct ledger_exec exec = {
        .pid = getpid(), .path = name, .argv = request->argv, .can_load = can_load
    };
    /* What is saved is told of before: nothing but "failed" follows an exec. */
    if (target.kind != TARGET_MISSING && process_is_current())
        process_before_exec();
    bool is_told = record(&target, &exec);
    scratch_give(path);
    errno = saved;
    int result = request_call_repaired(request, &target);
    if (is_told)
        ledger_failed(errno);
    return result;
}

/* The process that a pidfd is of; 0 where there is no /proc to say so. */
static pid_t pid_of_descriptor(int descriptor)
{
    static const char folder[] = "/proc/self/fdinfo/", key[] = "\nPid:";
    char text[256];
    memcpy(text, folder, sizeof folder - 1);
    decimal_put(text + sizeof folder - 1, descriptor < 0 ? 0 : (unsigned)descriptor);
    int file = (int)syscall(SYS_openat, AT_FDCWD, text, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0)
        return 0;
    long got = syscall(SYS_read, file, text, sizeof text - 1);
    syscall(SYS_close, file);
    text[got > 0 ? got : 0] = '\0';
    const char *at = strstr(text, key);
    pid_t pid = 0;
    if (!at)
        return 0;
    at += sizeof key - 1;
    for (at += strspn(at, " \t"); *at >= '0' && *at <= '9'; at++)
        pid = pid * 10 + (*at - '0');
    return pid;
}

static int run_spawn(struct request *request, bool gives_pid)
{
    if (!session.active)
        return request->call(request, request->envp);
    int saved = errno;
    struct target target;
    char *path;
    bool can_load;
    const char *name = look(&target, request, &path, &can_load);
    struct ledger_exec exec = {
        .path = name, .argv = request->argv, .can_load = can_load, .since = session_time()
    };
    pid_t child = 0;
    pid_t *wanted = request->pid;
    if (gives_pid)
        request->pid = &child;
    errno = saved;
    int result = request_call_repaired(request, &target);
    saved = errno;
    if (result == 0) {
        if (gives_pid && wanted)
            *wanted = child;
        /* Afterwards, for only now the child has a name; its own "start" may come before. */
        exec.pid = gives_pid ? child : pid_of_descriptor(*(int *)request->pid);
        record(&target, &exec);
    }
    scratch_give(path);
    errno = saved;
    return result;
}

static int call_execve(const struct request *request, char *const envp[])
{
    return REAL(execve)(request->file, request->argv, envp);
}

static int call_execv(const struct request *request, char *const envp[])
{
    if (envp == request->envp)
        return REAL(execv)(request->file, request->argv);
    return REAL(execve)(request->file, request->argv, envp);
}

static int call_execvpe(const struct request *request, char *const envp[])
{
    return REAL(execvpe)(request->file, request->argv, envp);
}

static int call_execvp(const struct request *request, char *const envp[])
{
    if (envp == request->envp)
        return REAL(execvp)(request->file, request->argv);
    return REAL(execvpe)(request->file, request->argv, envp);
}

static int call_fexecve(const struct request *request, char *const envp[])
{
    return REAL(fexecve)(request->descriptor, request->argv, envp);
}

static int call_execveat(const struct request *request, char *const envp[])
{
    if (REAL(execveat))
        return REAL(execveat)(request->descriptor, request->file, request->argv, envp,
                              request->flags);
    return (int)syscall(SYS_execveat, request->descriptor, request->file, request->argv, envp,
                        request->flags);
}

static int call_posix_spawn(const struct request *request, char *const envp[])
{
    return REAL(posix_spawn)(request->pid, request->file, request->actions, request->attributes,
                             request->argv, envp);
}

static int call_posix_spawnp(const struct request *request, char *const envp[])
{
    return REAL(posix_spawnp)(request->pid, request->file, request->actions, request->attributes,
                              request->argv, envp);
}

static int call_pidfd_spawn(const struct request *request, char *const envp[])
{
    if (!REAL(pidfd_spawn))
        return ENOSYS;
    return REAL(pidfd_spawn)(request->pid, request->file, request->actions, request->attributes,
                             request->argv, envp);
}

static int call_pidfd_spawnp(const struct request *request, char *const envp[])
{
    if (!REAL(pidfd_spawnp))
        return ENOSYS;
    return REAL(pidfd_spawnp)(request->pid, request->file, request->actions, request->attributes,
                              request->argv, envp);
}

int execve(const char *path, char *const argv[], char *const envp[])
{
    struct request request = {
        .call = call_execve, .descriptor = AT_FDCWD, .file = path, .argv = argv, .envp = envp
    };
    return run_exec(&request);
}

int execv(const char *path, char *const argv[])
{
    struct request request = {
        .call = call_execv, .descriptor = AT_FDCWD, .file = path, .argv = argv, .envp = environ
    };
    return run_exec(&request);
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
    struct request request = { .call = call_execvpe,
                               .descriptor = AT_FDCWD,
                               .is_search = true,
                               .file = file,
                               .argv = argv,
                               .envp = envp };
    return run_exec(&request);
}

int execvp(const char *file, char *const argv[])
{
    struct request request = { .call = call_execvp,
                               .descriptor = AT_FDCWD,
                               .is_search = true,
                               .file = file,
                               .argv = argv,
                               .envp = environ };
    return run_exec(&request);
}

/*
 * Collects the arguments of an execl: `list` starts behind `first`, which is never NULL (libc's own
 * doesn't allow it either). On the stack, as glibc does: they are there once already, for the
 * caller put them there.
 */
#define COLLECT_ARGUMENTS(argv, list, first)                                                       \
    do {                                                                                           \
        size_t count_ = 1;                                                                         \
        va_list counted_;                                                                          \
        va_copy(counted_, list);                                                                   \
        while (va_arg(counted_, const char *))                                                     \
            count_++;                                                                              \
        va_end(counted_);                                                                          \
        (argv) = alloca((count_ + 1) * sizeof(char *));                                            \
        (argv)[0] = (char *)(uintptr_t)(first);                                                    \
        for (size_t i_ = 1; i_ <= count_; i_++)                                                    \
            (argv)[i_] = va_arg(list, char *);                                                     \
    } while (0)

int execl(const char *path, const char *arg, ...)
{
    char **argv;
    va_list list;
    va_start(list, arg);
    COLLECT_ARGUMENTS(argv, list, arg);
    va_end(list);
    return execv(path, argv);
}

int execlp(const char *file, const char *arg, ...)
{
    char **argv;
    va_list list;
    va_start(list, arg);
    COLLECT_ARGUMENTS(argv, list, arg);
    va_end(list);
    return execvp(file, argv);
}

int execle(const char *path, const char *arg, ...)
{
    char **argv;
    va_list list;
    va_start(list, arg);
    COLLECT_ARGUMENTS(argv, list, arg);
    char *const *envp = va_arg(list, char *const *);
    va_end(list);
    return execve(path, argv, envp);
}

int fexecve(int fd, char *const argv[], char *const envp[])
{
    struct request request = { .call = call_fexecve, .descriptor = fd, .argv = argv, .envp = envp };
    return run_exec(&request);
}

int execveat(int fd, const char *path, char *const argv[], char *const envp[], int flags)
{
    struct request request = { .call = call_execveat,
                               .descriptor = fd,
                               .flags = flags,
                               .file = path,
                               .argv = argv,
                               .envp = envp };
    return run_exec(&request);
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
    struct request request = { .call = call_posix_spawn,
                               .descriptor = AT_FDCWD,
                               .is_spawn = true,
                               .file = path,
                               .argv = argv,
                               .envp = envp,
                               .pid = pid,
                               .actions = actions,
                               .attributes = attributes };
    return run_spawn(&request, true);
}

int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
    struct request request = { .call = call_posix_spawnp,
                               .descriptor = AT_FDCWD,
                               .is_search = true,
                               .is_spawn = true,
                               .file = file,
                               .argv = argv,
                               .envp = envp,
                               .pid = pid,
                               .actions = actions,
                               .attributes = attributes };
    return run_spawn(&request, true);
}

int pidfd_spawn(int *pidfd, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
    struct request request = { .call = call_pidfd_spawn,
                               .descriptor = AT_FDCWD,
                               .is_spawn = true,
                               .file = path,
                               .argv = argv,
                               .envp = envp,
                               .pid = pidfd,
                               .actions = actions,
                               .attributes = attributes };
    return run_spawn(&request, false);
}

int pidfd_spawnp(int *pidfd, const char *file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
    struct request request = { .call = call_pidfd_spawnp,
                               .descriptor = AT_FDCWD,
                               .is_search = true,
                               .is_spawn = true,
                               .file = file,
                               .argv = argv,
                               .envp = envp,
                               .pid = pidfd,
                               .actions = actions,
                               .attributes = attributes };
    return run_spawn(&request, false);
}

/*
 * These start /bin/sh inside libc, with `environ`. Own versions of them would have to share the
 * counting of ignored signals and the list of streams with libc's, so the originals do the work and
 * `environ` is made right before, which it is unless the program has emptied it.
 */
static void prepare_environ(void)
{
    if (session.active && process_is_current())
        child_env_adopt();
}

int system(const char *command)
{
    prepare_environ();
    return REAL(system)(command);
}

FILE *popen(const char *command, const char *type)
{
    prepare_environ();
    return REAL(popen)(command, type);
}

int wordexp(const char *words, wordexp_t *result, int flags)
{
    prepare_environ();
    return REAL(wordexp)(words, result, flags);
}
