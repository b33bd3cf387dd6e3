/*
 * covfork doctor: looks at everything that recording depends on and says, a line a finding, what
 * would be lost and what to do. Changes nothing; runs interpreters to ask for their version.
 */
#include "collector/command/cmd.h"

#include "collector/base/elf_info.h"
#include "collector/read/folder.h"
#include "collector/base/program.h"
#include "collector/base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define LIBRARY_NAME     "libcovfork.so"
#define PROBE_SECONDS    20
#define SPACE_LITTLE     (UINT64_C(256) << 20)
#define SPACE_TOO_LITTLE (UINT64_C(4) << 20)
#define FILE_SIZE_SMALL  (UINT64_C(4) << 20)

enum finding { FINDING_OK, FINDING_WARNING, FINDING_PROBLEM };

struct doctor {
    size_t warnings, problems;
    char *library;              /* NULL when it was not found */
    char *directory;            /* the working folder */
    struct string_list checked; /* interpreters */
    size_t interpreters;        /* that can be recorded */
};

static void __attribute__((format(printf, 3, 4)))
say(struct doctor *doctor, enum finding finding, const char *format, ...)
{
    static const char *const words[] = { "ok", "warning", "problem" };
    struct error line; /* replaces control characters */
    char text[sizeof line.text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    error_set(&line, ERROR_NONE, "%s", text);
    printf("%-8s %s\n", words[finding], line.text);
    doctor->warnings += finding == FINDING_WARNING;
    doctor->problems += finding == FINDING_PROBLEM;
}

/* Runs a program with our environment less LD_PRELOAD and the COVFORK_ variables, plus `preload`
 * (may be NULL). What it writes on stdout, and on stderr with `and_errors`, is kept as far as
 * `text` holds it. Its status as waitpid gives it; -1 when it could not be run or took too long. */
static int run_program(char *const argv[], const char *preload, bool and_errors, char *text,
                       size_t size)
{
    int ends[2], status = -1;
    pid_t child;
    posix_spawn_file_actions_t actions;
    char *setting = NULL, *none[] = { NULL };
    size_t count = 0, used = 0;
    text[0] = '\0';
    while (environ && environ[count])
        count++;
    char **envp = calloc(count + 3, sizeof *envp);
    if (!envp || pipe2(ends, O_CLOEXEC) != 0) {
        free(envp);
        return -1;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "LD_PRELOAD=", 11) != 0 &&
            strncmp(environ[i], "COVFORK_", 8) != 0 && strncmp(environ[i], "PYTHON", 6) != 0)
            envp[kept++] = environ[i];
    if (preload && asprintf(&setting, "LD_PRELOAD=%s", preload) >= 0) {
        envp[kept++] = setting;
        envp[kept++] = (char *)(uintptr_t) "COVFORK_ENGINE=off";
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    if (and_errors)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    else
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int problem = posix_spawn(&child, argv[0], &actions, NULL, argv, envp ? envp : none);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (problem == 0) {
        struct pollfd wait_for = { .fd = ends[0], .events = POLLIN };
        time_t until = time(NULL) + PROBE_SECONDS;
        bool is_open = true;
        while (is_open && time(NULL) < until) {
            if (poll(&wait_for, 1, 1000) <= 0)
                continue;
            char rest[512];
            bool is_full = used + 1 >= size;
            ssize_t got = read(ends[0], is_full ? rest : text + used,
                               is_full ? sizeof rest : size - 1 - used);
            is_open = got > 0;
            if (got > 0 && !is_full)
                used += (size_t)got;
        }
        text[used] = '\0';
        if (is_open)
            kill(child, SIGKILL);
        if (waitpid(child, &status, 0) != child || is_open)
            status = -1;
    }
    close(ends[0]);
    free(setting);
    free(envp);
    return status;
}

/* The library in a folder below `directory` whose name begins with `prefix`. Caller frees; NULL
 * when there is none. (Not by glob(3), whose header preload/ has one of the same name as.) */
static char *find_below(const char *directory, const char *prefix)
{
    struct dirent **entries;
    char *found = NULL;
    int count = scandir(directory, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char *path;
        const char *name = entries[i]->d_name;
        if (!found && name[0] != '.' && strncmp(name, prefix, strlen(prefix)) == 0 &&
            asprintf(&path, "%s/%s/" LIBRARY_NAME, directory, name) >= 0) {
            found = realpath(path, NULL);
            free(path);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return found;
}

/* As the wrapper finds it: `own` is the folder of this program's. */
static char *find_beside(const char *own)
{
    static const struct {
        const char *folder, *prefix;
    } places[] = { { "..", "lib" }, { "../lib", "" }, { "..", "preload" } };
    char *found = NULL, *directory;
    for (size_t i = 0; !found && i < sizeof places / sizeof places[0]; i++) {
        if (asprintf(&directory, "%s/%s", own, places[i].folder) < 0)
            return NULL;
        found = find_below(directory, places[i].prefix);
        free(directory);
    }
    return found;
}

static void find_library(struct doctor *doctor)
{
    const char *named = getenv("COVFORK_LIBRARY");
    if (named && *named) {
        doctor->library = realpath(named, NULL);
        if (!doctor->library)
            say(doctor, FINDING_PROBLEM,
                "COVFORK_LIBRARY names %s, which is not there (%s): nothing can be recorded; unset "
                "it or name the file",
                named, strerror(errno));
        return;
    }
    char *own = realpath("/proc/self/exe", NULL);
    if (own) {
        *strrchr(own, '/') = '\0';
        doctor->library = find_beside(own);
    }
    if (!doctor->library)
        say(doctor, FINDING_PROBLEM,
            "there is no " LIBRARY_NAME " beside %s: nothing can be recorded; build or install "
            "covfork, or set COVFORK_LIBRARY",
            own ? own : "this program");
    free(own);
}

static void check_library(struct doctor *doctor)
{
    struct elf_info info;
    struct error error;
    char text[512];
    char *argv[] = { (char *)(uintptr_t) "/bin/true", NULL };
    find_library(doctor);
    if (!doctor->library)
        return;
    if (elf_info_read(&info, doctor->library, &error) != 0) {
        say(doctor, FINDING_PROBLEM, "%s: nothing can be recorded", error.text);
        return;
    }
    if (!info.is_elf || info.loader) {
        say(doctor, FINDING_PROBLEM, "%s is no shared library: nothing can be recorded",
            doctor->library);
    } else if (!info.is_native) {
        char name[24];
        say(doctor, FINDING_PROBLEM,
            "%s is for %s, %u bit: it can't be loaded here; build covfork on this machine",
            doctor->library, elf_info_machine_name(info.machine, name), info.bits);
    } else if (strpbrk(doctor->library, " :")) {
        say(doctor, FINDING_PROBLEM,
            "%s has a blank or a colon in its path, which LD_PRELOAD can't name: put it elsewhere",
            doctor->library);
    } else if (access(argv[0], X_OK) != 0) {
        say(doctor, FINDING_OK, "the library is %s, version " COVFORK_VERSION, doctor->library);
    } else {
        int status = run_program(argv, doctor->library, true, text, sizeof text);
        text[strcspn(text, "\n")] = '\0';
        if (status == 0 && !*text)
            say(doctor, FINDING_OK, "the library is %s, version " COVFORK_VERSION ", and loads",
                doctor->library);
        else
            say(doctor, FINDING_PROBLEM, "%s does not load: %s", doctor->library,
                *text ? text : "a program that it is preloaded into fails");
    }
    elf_info_close(&info);
}

static const char *name_file_system(uint64_t type, bool *is_doubtful)
{
    *is_doubtful = false;
    switch (type) {
    case TMPFS_MAGIC:
        return "tmpfs";
    case EXT4_SUPER_MAGIC:
        return "ext4";
    case XFS_SUPER_MAGIC:
        return "xfs";
    case BTRFS_SUPER_MAGIC:
        return "btrfs";
    case OVERLAYFS_SUPER_MAGIC:
        return "overlayfs";
    default:
        break;
    }
    *is_doubtful = true;
    switch (type) {
    case NFS_SUPER_MAGIC:
        return "NFS";
    case FUSE_SUPER_MAGIC:
        return "FUSE";
    case CIFS_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
        return "CIFS";
    case V9FS_MAGIC:
        return "9p";
    default:
        *is_doubtful = false;
        return NULL;
    }
}

/* Can a file in `folder` be mapped shared? 0 or an errno. */
static int try_mapping(const char *folder)
{
    int problem = 0;
    int descriptor = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        char *path;
        if (asprintf(&path, "%s/.covfork-doctor-XXXXXX", folder) < 0)
            return ENOMEM;
        descriptor = mkostemp(path, O_CLOEXEC);
        if (descriptor < 0)
            problem = errno;
        else
            unlink(path);
        free(path);
    }
    if (descriptor < 0)
        return problem;
    problem = posix_fallocate(descriptor, 0, 16384);
    if (problem == 0) {
        void *memory = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (memory == MAP_FAILED) {
            problem = errno;
        } else {
            *(volatile char *)memory = 1;
            munmap(memory, 16384);
        }
    }
    close(descriptor);
    return problem;
}

/* The nearest folder that is there, at or above `path`. Caller frees. */
static char *find_existing(const struct doctor *doctor, const char *path)
{
    char *at;
    if (asprintf(&at, "%s%s%s", path[0] == '/' ? "" : doctor->directory, path[0] == '/' ? "" : "/",
                 path) < 0)
        return NULL;
    char *slash;
    while (access(at, F_OK) != 0 && (slash = strrchr(at, '/')) != NULL && slash != at)
        *slash = '\0';
    if (access(at, F_OK) != 0)
        strcpy(at, "/");
    return at;
}

static void check_folder(struct doctor *doctor, const char *data_dir)
{
    char *path = folder_choose(data_dir);
    char *existing = path ? find_existing(doctor, path) : NULL;
    struct stat status;
    struct statfs system;
    if (!existing) {
        say(doctor, FINDING_PROBLEM, "out of memory");
    } else if (stat(existing, &status) != 0 || !S_ISDIR(status.st_mode)) {
        say(doctor, FINDING_PROBLEM,
            "the data folder %s can't be: %s is no folder; set COVFORK_DIR to another", path,
            existing);
    } else if (access(existing, W_OK | X_OK) != 0) {
        say(doctor, FINDING_PROBLEM,
            "the data folder %s can't be written: %s: %s; set COVFORK_DIR to another", path,
            existing, strerror(errno));
    } else if (statfs(existing, &system) != 0) {
        say(doctor, FINDING_PROBLEM, "the data folder %s: %s", path, strerror(errno));
    } else {
        bool is_doubtful;
        const char *kind = name_file_system((uint64_t)system.f_type, &is_doubtful);
        uint64_t space = (uint64_t)system.f_bavail * (uint64_t)system.f_frsize;
        int problem = try_mapping(existing);
        unsigned megabytes = (unsigned)(space >> 20);
        if (problem)
            say(doctor, FINDING_PROBLEM,
                "files in the data folder %s (%s) can't be mapped: %s; processes that are killed "
                "would lose their data: set COVFORK_DIR to a local folder",
                path, kind ? kind : "an unknown file system", strerror(problem));
        else if (space < SPACE_TOO_LITTLE)
            say(doctor, FINDING_PROBLEM,
                "the data folder %s has %u MiB of space left: what is recorded would be lost; make "
                "room or set COVFORK_DIR to another",
                path, megabytes);
        else if (is_doubtful)
            say(doctor, FINDING_WARNING,
                "the data folder %s is on %s: a process that is killed may lose data there, and "
                "recording may be slow; a local folder in COVFORK_DIR is safer",
                path, kind);
        else if (space < SPACE_LITTLE)
            say(doctor, FINDING_WARNING, "the data folder %s has only %u MiB of space left", path,
                megabytes);
        else
            say(doctor, FINDING_OK, "the data folder %s can be written and mapped%s%s%s", path,
                kind ? " (" : "", kind ? kind : "", kind ? ")" : "");
    }
    free(existing);
    free(path);
}

static void check_source(struct doctor *doctor, const char *list)
{
    while (*list) {
        int length = (int)strcspn(list, ":");
        char *item = strndup(list, (size_t)length);
        if (item && strchr(item, '/') && access(item, F_OK) != 0)
            say(doctor, FINDING_WARNING,
                "COVFORK_SOURCE names %s, which is not there: nothing in it will be measured",
                item);
        free(item);
        list += length + (list[length] == ':');
    }
}

static bool is_engine(const char *name)
{
    return !*name || strcmp(name, "native") == 0 || strcmp(name, "coverage") == 0 ||
           strcmp(name, "slipcover") == 0;
}

static void check_variables(struct doctor *doctor)
{
    static const char *const known[] = { "DIR",     "ENGINE",  "SOURCE", "OMIT",   "INCLUDE",
                                         "BRANCH",  "CONTEXT", "DEBUG",  "RCFILE", "PYTHON",
                                         "SESSION", "ROOT",    "LIBRARY" };
    size_t before = doctor->warnings + doctor->problems;
    for (char **entry = environ; entry && *entry; entry++) {
        if (strncmp(*entry, "COVFORK_", 8) != 0)
            continue;
        size_t length = strcspn(*entry + 8, "=");
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            is_known |= strlen(known[i]) == length && strncmp(known[i], *entry + 8, length) == 0;
        if (!is_known)
            say(doctor, FINDING_WARNING, "COVFORK_%.*s is no variable of covfork", (int)length,
                *entry + 8);
    }
    const char *engine = getenv("COVFORK_ENGINE"), *branch = getenv("COVFORK_BRANCH");
    if (engine && strcmp(engine, "off") == 0)
        say(doctor, FINDING_WARNING, "COVFORK_ENGINE is off: nothing will be recorded");
    else if (engine && !is_engine(engine))
        say(doctor, FINDING_PROBLEM,
            "COVFORK_ENGINE is '%s', which names no engine: nothing will be recorded; use native, "
            "coverage or slipcover, or unset it",
            engine);
    if (branch && *branch && strcmp(branch, "0") != 0 && strcmp(branch, "1") != 0)
        say(doctor, FINDING_WARNING, "COVFORK_BRANCH is '%s', neither 0 nor 1", branch);
    if (getenv("COVFORK_SOURCE"))
        check_source(doctor, getenv("COVFORK_SOURCE"));
    if (doctor->warnings + doctor->problems == before)
        say(doctor, FINDING_OK, "the variables of covfork %s",
            getenv("COVFORK_SESSION") ? "are those of a recorded run, in which this runs"
                                      : "are in order");
}

/* The plugins that the configuration names. What else is wrong with it is not told here. */
static void check_plugins(struct doctor *doctor)
{
    struct config config;
    struct error error = { 0 };
    const char *engine = getenv("COVFORK_ENGINE");
    if (config_init(&config, doctor->directory, &error) != 0)
        return;
    if (config_read(&config, NULL, NULL, NULL, &error) != 0) {
        if (strncasecmp(error.text, "plugin ", 7) == 0)
            say(doctor, error.code == ERROR_SYSTEM ? FINDING_WARNING : FINDING_PROBLEM,
                "%s: interpreters without it record nothing, and no report is made by one",
                error.text);
    } else if (config.plugins.count) {
        say(doctor, FINDING_OK, "the plugins of the configuration can be run");
        for (size_t i = 0;
             i < config.idle_plugins.count && !(engine && strcmp(engine, "coverage") == 0); i++)
            say(doctor, FINDING_WARNING, "%s", config.idle_plugins.items[i]);
    }
    config_close(&config);
}

/* What is known of libraries that are often preloaded. */
static void check_other_library(struct doctor *doctor, const char *entry, size_t position)
{
    const char *name = path_base_name(entry);
    if (strncmp(name, "libasan.", 8) == 0 || strncmp(name, "libclang_rt.asan", 16) == 0) {
        if (position > 0)
            say(doctor, FINDING_PROBLEM,
                "LD_PRELOAD: %s has to come first, or programs with ASan refuse to start", entry);
        else
            say(doctor, FINDING_OK, "LD_PRELOAD: %s comes first, as it must", entry);
    } else if (strstr(name, "jemalloc") || strstr(name, "tcmalloc") || strstr(name, "mimalloc")) {
        say(doctor, FINDING_OK, "LD_PRELOAD: %s goes together with covfork", entry);
    } else if (strstr(name, "faketime")) {
        say(doctor, FINDING_OK,
            "LD_PRELOAD: %s goes together with covfork; the times of covfork tree are those that "
            "it "
            "makes up",
            entry);
    } else if (strstr(name, "fakeroot")) {
        say(doctor, FINDING_OK, "LD_PRELOAD: %s goes together with covfork", entry);
    } else {
        say(doctor, FINDING_OK, "LD_PRELOAD: %s stays, before covfork's library", entry);
    }
}

static void check_preloads(struct doctor *doctor)
{
    const char *value = getenv("LD_PRELOAD");
    bool has_own = false;
    char *copy = strdup(value ? value : ""), *state = NULL;
    size_t position = 0;
    for (char *entry = copy ? strtok_r(copy, ": ", &state) : NULL; entry;
         entry = strtok_r(NULL, ": ", &state), position++) {
        bool is_own = strcmp(path_base_name(entry), LIBRARY_NAME) == 0;
        char *real = strchr(entry, '/') ? realpath(entry, NULL) : NULL;
        if (strchr(entry, '/') && !real)
            say(doctor, is_own ? FINDING_PROBLEM : FINDING_WARNING,
                "LD_PRELOAD names %s, which is not there: %s", entry,
                is_own ? "nothing is recorded" : "each program says so on its standard error");
        else if (is_own && has_own)
            say(doctor, FINDING_WARNING, "LD_PRELOAD names " LIBRARY_NAME " twice");
        else if (is_own && real && doctor->library && strcmp(real, doctor->library) != 0)
            say(doctor, FINDING_WARNING,
                "LD_PRELOAD names %s, but covfork run would use %s: they may differ in version",
                entry, doctor->library);
        else if (is_own)
            say(doctor, FINDING_OK, "LD_PRELOAD names covfork's library");
        else
            check_other_library(doctor, entry, position);
        if (is_own && entry[0] != '/')
            say(doctor, FINDING_WARNING,
                "LD_PRELOAD names %s by a relative path: programs that start in another folder may "
                "not find it; name it from / on",
                entry);
        has_own |= is_own;
        free(real);
    }
    free(copy);
}

/* Of /proc/self/status; -1 when it is not there. */
static long read_status(const char *key)
{
    FILE *stream = fopen("/proc/self/status", "re");
    char line[256];
    long value = -1;
    size_t length = strlen(key);
    while (stream && fgets(line, sizeof line, stream))
        if (strncmp(line, key, length) == 0 && line[length] == ':')
            value = atol(line + length + 1);
    if (stream)
        fclose(stream);
    return value;
}

static void check_process(struct doctor *doctor)
{
    struct rlimit limit;
    long tracer = read_status("TracerPid");
    if (getauxval(AT_SECURE))
        say(doctor, FINDING_PROBLEM,
            "this runs with more rights than its caller: the loader ignores LD_PRELOAD, nothing is "
            "recorded");
    if (tracer > 0)
        say(doctor, FINDING_WARNING,
            "process %ld traces this one (ptrace): setuid programs run without their rights, and "
            "what a tracer changes in calls can't be seen",
            tracer);
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        limit.rlim_cur < FILE_SIZE_SMALL)
        say(doctor, FINDING_WARNING,
            "files may have %" PRIu64 " KiB here (ulimit -f): processes that are killed may lose "
            "data",
            (uint64_t)limit.rlim_cur >> 10);
}

/* A program that gets more rights than its caller has: the loader ignores LD_PRELOAD. */
static bool is_privileged(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return false;
    if ((status.st_mode & S_ISUID) && status.st_uid != getuid())
        return true;
    if ((status.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && status.st_gid != getgid())
        return true;
    return getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0;
}

/* Can the library be loaded into it? Says so when not; `what` names it. */
static bool check_elf(struct doctor *doctor, const char *what, const char *path,
                      const struct elf_info *info)
{
    enum finding finding = info->is_python ? FINDING_PROBLEM : FINDING_WARNING;
    const char *lost = info->is_python ? "what it runs is lost" : "it is not followed itself";
    char name[24];
    if (!info->is_native)
        say(doctor, finding,
            "%s is for %s, %u bit, which the library is not: %s; its children are followed as long "
            "as it passes its environment on",
            what, elf_info_machine_name(info->machine, name), info->bits, lost);
    else if (info->is_static)
        say(doctor, finding,
            "%s is linked statically: %s; its children are followed as long as it passes its "
            "environment on",
            what, lost);
    else if (!elf_info_has_glibc(info) && info->loader)
        say(doctor, finding, "%s is for %s, not for glibc: %s", what,
            elf_info_has_musl(info) ? "musl" : info->loader, lost);
    else if (is_privileged(path))
        say(doctor, finding,
            "%s gets other rights than yours (setuid, setgid or capabilities), and the loader "
            "ignores LD_PRELOAD then: %s, nor are its children; run it as the user that it "
            "changes to",
            what, lost);
    else
        return true;
    return false;
}

static const char probe[] =
    "import sys\n"
    "sys.stdout.write('%s\\n%d\\n%d\\n%s\\n%s\\n' % (getattr(getattr(sys, 'implementation', None),"
    " 'name', 'cpython'), sys.version_info[0], sys.version_info[1], sys.version.split()[0],"
    " sys.executable))\n";

/* Of CPython `number`, 311 for 3.11. */
static const char *recorder_of(int number)
{
    if (number >= 312)
        return "sys.monitoring";
    if (number == 311)
        return "breakpoints; for branches, or beside a debugger, a trace function, which makes it "
               "slower";
    return "a trace function, which makes it slower; 3.11 and newer are not";
}

/* Runs the interpreter `path` to ask what it is. `is_wanted`: it is what CMD runs, by its name or,
 * `is_script`, by its #! line. */
static void check_interpreter(struct doctor *doctor, const char *name, const char *path,
                              bool is_wanted, bool is_script)
{
    char text[2048], *state = NULL;
    char *argv[] = { (char *)(uintptr_t)path, (char *)(uintptr_t) "-c", (char *)(uintptr_t)probe,
                     NULL };
    enum finding finding = is_wanted ? FINDING_PROBLEM : FINDING_WARNING;
    int status = run_program(argv, NULL, false, text, sizeof text);
    const char *kind = strtok_r(text, "\n", &state);
    const char *major = kind ? strtok_r(NULL, "\n", &state) : NULL;
    const char *minor = major ? strtok_r(NULL, "\n", &state) : NULL;
    const char *version = minor ? strtok_r(NULL, "\n", &state) : NULL;
    const char *executable = version ? strtok_r(NULL, "\n", &state) : NULL;
    if (status != 0 || !version) {
        say(doctor, finding, "%s (%s) does not run: its version is not known", name, path);
        return;
    }
    int number = atoi(major) * 100 + atoi(minor);
    char *real = executable ? realpath(executable, NULL) : NULL;
    const char *binary = real ? real : path;
    for (size_t i = 0; i < doctor->checked.count; i++)
        if (strcmp(doctor->checked.items[i], binary) == 0) {
            free(real);
            return;
        }
    (void)string_list_add(&doctor->checked, binary);
    struct elf_info info = { 0 };
    struct error ignored;
    char *what;
    if (asprintf(&what, "%s (%s%s)", name, is_script ? "a script of " : "", binary) < 0)
        what = NULL;
    if (strcmp(kind, "cpython") != 0)
        say(doctor, finding, "%s is %s %s: only CPython is recorded", what ? what : name, kind,
            version);
    else if (number < 308)
        say(doctor, finding, "%s is CPython %s: it is not recorded, 3.8 is the oldest that is",
            what ? what : name, version);
    else if (elf_info_read(&info, binary, &ignored) != 0 || !info.is_elf ||
             check_elf(doctor, what ? what : name, binary, &info)) {
        doctor->interpreters++;
        say(doctor, FINDING_OK, "%s is CPython %s: recorded by %s", what ? what : name, version,
            recorder_of(number));
    }
    elf_info_close(&info);
    free(what);
    free(real);
}

static void check_pythons(struct doctor *doctor, const char *search_path)
{
    char name[24];
    for (int minor = -2; minor <= 20; minor++) {
        if (minor < 0)
            snprintf(name, sizeof name, minor == -2 ? "python" : "python3");
        else
            snprintf(name, sizeof name, "python3.%d", minor);
        char *path = interpreter_find_program(name, NULL);
        char *doubtful =
            path || minor >= 0 ? NULL : program_find(name, search_path, doctor->directory, NULL);
        if (doubtful)
            say(doctor, FINDING_OK,
                "%s (%s) is in the working folder: no report starts it, and its version is not "
                "asked for",
                name, doubtful);
        free(doubtful);
        char text[8];
        /* A version manager has stand-ins for versions that are not chosen: they fail. */
        char *argv[] = { path, (char *)(uintptr_t) "-c", (char *)(uintptr_t) "print(1)", NULL };
        if (path && (minor < 0 || run_program(argv, NULL, false, text, sizeof text) == 0))
            check_interpreter(doctor, name, path, false, false);
        free(path);
    }
}

/* Does `path` lead to an interpreter, and not to a program that has Python in it for its own ends?
 */
static bool is_interpreter_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return strncmp(name, "python", 6) == 0 || strncmp(name, "pypy", 4) == 0;
}

/* A program that Python is a part of. It isn't run: who knows what it would do. */
static void check_host(struct doctor *doctor, const char *name, const char *path,
                       const struct elf_info *info)
{
    static const char prefix[] = "libpython3.";
    int minor = -1;
    for (size_t i = 0; i < info->needed.count; i++)
        if (strncmp(info->needed.items[i], prefix, sizeof prefix - 1) == 0)
            minor = atoi(info->needed.items[i] + sizeof prefix - 1);
    if (!check_elf(doctor, name, path, info))
        return;
    if (minor < 0)
        say(doctor, FINDING_OK,
            "%s (%s) has a Python in it: if that is CPython 3.8 or newer, what it "
            "runs is recorded",
            name, path);
    else if (minor < 8)
        say(doctor, FINDING_PROBLEM,
            "%s (%s) has CPython 3.%d in it: it is not recorded, 3.8 is the oldest that is", name,
            path, minor);
    else
        say(doctor, FINDING_OK, "%s (%s) has CPython 3.%d in it: recorded by %s", name, path, minor,
            recorder_of(300 + minor));
}

static void check_command(struct doctor *doctor, const char *name, const char *search_path)
{
    struct error error;
    struct string_list chain = { 0 };
    struct elf_info info = { 0 };
    char *path = program_find(name, search_path, doctor->directory, &error);
    if (!path || program_resolve(&chain, path, search_path, &error) != 0) {
        say(doctor, FINDING_PROBLEM, "the command can't be run: %s", error.text);
    } else if (elf_info_read(&info, chain.items[chain.count - 1], &error) != 0) {
        say(doctor, FINDING_WARNING, "the command can't be looked at: %s", error.text);
    } else if (!info.is_elf) {
        say(doctor, FINDING_WARNING,
            "%s is neither a program nor a script with a #! line: it depends on its caller what "
            "runs it",
            chain.items[chain.count - 1]);
    } else if (info.is_python && !is_interpreter_name(chain.items[chain.count - 1]) &&
               !is_interpreter_name(path)) {
        check_host(doctor, name, chain.items[chain.count - 1], &info);
    } else if (info.is_python) {
        /* By the name that it is called with: a virtual environment's is a link. */
        bool is_script = chain.count > 1;
        check_interpreter(doctor, name, is_script ? chain.items[chain.count - 1] : path, true,
                          is_script);
    } else if (check_elf(doctor, name, chain.items[chain.count - 1], &info)) {
        say(doctor, FINDING_OK, "%s (%s%s) is followed, and if it loads a Python, that is recorded",
            name, chain.count > 1 ? "a script of " : "", chain.items[chain.count - 1]);
    }
    elf_info_close(&info);
    string_list_close(&chain);
    free(path);
}

/* What a run here would make of the configuration. */
static void check_configuration(struct doctor *doctor, const char *rcfile)
{
    const char *engine = getenv("COVFORK_ENGINE");
    struct config config;
    struct error error = { 0 };
    if (config_init(&config, doctor->directory, &error) != 0) {
        say(doctor, FINDING_PROBLEM, "%s", error.text);
        return;
    }
    if (!rcfile)
        rcfile = getenv("COVFORK_RCFILE");
    int result =
        config_read_for_run(&config, rcfile, engine && *engine ? engine : "native", &error);
    const char *refusal =
        result != 0 && error.code == ERROR_CONFIG ? error.text : config.run_refusal;
    for (size_t i = 0; i < config.warnings.count; i++)
        say(doctor, FINDING_WARNING, "%s", config.warnings.items[i]);
    for (size_t i = 0; i < config.run_warnings.count; i++)
        say(doctor, FINDING_WARNING, "%s", config.run_warnings.items[i]);
    if (refusal)
        say(doctor, FINDING_PROBLEM,
            "%s: covfork run refuses that, and without it the defaults are recorded with", refusal);
    else if (result != 0)
        say(doctor, FINDING_WARNING, "the configuration can't be read here: %s", error.text);
    else if (config.file)
        say(doctor, FINDING_OK, "the configuration is %s", config.file);
    else
        say(doctor, FINDING_OK, "there is no configuration of coverage.py here");
    config_close(&config);
}

static int examine(const char *data_dir, const char *rcfile, const struct string_list *command)
{
    struct doctor doctor = { .directory = realpath(".", NULL) };
    const char *search_path = getenv("PATH");
    if (!search_path)
        search_path = "/bin:/usr/bin";
    if (!doctor.directory) {
        say(&doctor, FINDING_PROBLEM, "the working folder can't be found: %s", strerror(errno));
        return CMD_ERROR;
    }
    check_library(&doctor);
    check_folder(&doctor, data_dir);
    check_variables(&doctor);
    check_configuration(&doctor, rcfile);
    check_plugins(&doctor);
    check_preloads(&doctor);
    check_process(&doctor);
    if (command->count)
        check_command(&doctor, command->items[0], search_path);
    check_pythons(&doctor, search_path);
    if (doctor.interpreters == 0)
        say(&doctor, FINDING_WARNING, "there is no CPython 3.8 or newer in PATH to be recorded");
    int status = doctor.problems ? CMD_ERROR : CMD_OK;
    string_list_close(&doctor.checked);
    free(doctor.library);
    free(doctor.directory);
    return status;
}

int cmd_doctor(int argc, char **argv)
{
    const char *data_dir = NULL, *rcfile = NULL;
    const struct option options[] = {
        CMD_OPTION_DATA_DIR(&data_dir),
        CMD_OPTION_RCFILE(&rcfile),
    };
    const struct command command = {
        "doctor",
        "[-- CMD [ARG...]]",
        "Look at what recording depends on, here and for CMD, and say in a line each what\n"
        "would be lost and what to do. The status is 1 when there is a problem.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct string_list arguments = { 0 };
    int own = 1, status;
    /* What follows the command is its own. */
    while (own < argc && strcmp(argv[own], "--") != 0)
        own++;
    enum options_result parsed = options_parse(&command, own, argv, &arguments, &error);
    if (parsed == OPTIONS_OK && own + 1 < argc && string_list_add(&arguments, argv[own + 1]) != 0) {
        error_set(&error, ERROR_MEMORY, "out of memory");
        parsed = OPTIONS_ERROR;
    }
    if (parsed != OPTIONS_OK) {
        status = cmd_end_options(parsed, &command, &error);
    } else {
        status = examine(data_dir, rcfile, &arguments);
        if (cmd_flush_output() != CMD_OK)
            status = CMD_ERROR;
    }
    string_list_close(&arguments);
    return status;
}
