/*
 * Joins or makes a session, in the constructor, before main and before any thread; later, follows
 * the process to its user's folder. Never prints: a measured program must not notice us.
 */
#include "session.h"

#include "decimal.h"
#include "library.h"
#include "moved_folder.h"
#include "open_folder.h"
#include "scratch.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct session session;

#define DIRECTORY_VARIABLE "COVFORK_DIR="

/* Passed on as they are, where they are set. COVFORK_SESSION, _DIR and _ROOT are set by us. */
static const char *const passed_on[] = {
    "COVFORK_ENGINE",  "COVFORK_SOURCE", "COVFORK_OMIT",   "COVFORK_INCLUDE", "COVFORK_BRANCH",
    "COVFORK_CONTEXT", "COVFORK_DEBUG",  "COVFORK_RCFILE", "COVFORK_SPARE",
};

uint64_t session_time(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void session_random(uint8_t *bytes, size_t size)
{
    size_t have = 0;
    while (have < size) {
        /* Not libc's, which is a cancellation point. */
        long got = syscall(SYS_getrandom, bytes + have, size - have, 0);
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    /* A seccomp filter may forbid getrandom: names must still differ. */
    uint64_t mixed = session_time() ^ ((uint64_t)getpid() << 32) ^ (uintptr_t)&mixed;
    for (; have < size; have++) {
        mixed = mixed * 6364136223846793005u + 1442695040888963407u;
        bytes[have] = (uint8_t)(mixed >> 56);
    }
}

void session_hex(char *text, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        *text++ = digits[bytes[i] >> 4];
        *text++ = digits[bytes[i] & 15];
    }
    *text = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

static bool parse_id(const char *text, uint8_t *bytes)
{
    for (size_t i = 0; i < FORMAT_ID_SIZE; i++) {
        int high = hex_value(text[2 * i]);
        int low = high < 0 ? -1 : hex_value(text[2 * i + 1]);
        if (low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return text[2 * FORMAT_ID_SIZE] == '\0';
}

/* Puts three strings one after the other. False where they don't fit. */
static bool join(char *to, size_t size, const char *a, const char *b, const char *c)
{
    size_t lengths[] = { strlen(a), strlen(b), strlen(c) + 1 };
    if (lengths[0] + lengths[1] + lengths[2] > size)
        return false;
    memcpy(to, a, lengths[0]);
    memcpy(to + lengths[0], b, lengths[1]);
    memcpy(to + lengths[0] + lengths[1], c, lengths[2]);
    return true;
}

static bool find_library(void)
{
    Dl_info info;
    if (!dladdr((void *)&session_init, &info) || !info.dli_fname)
        return false;
    if (info.dli_fname[0] == '/')
        return join(session.library, sizeof session.library, info.dli_fname, "", "");
    return realpath(info.dli_fname, session.library) != NULL;
}

static void set_engine(void)
{
    const char *name = getenv("COVFORK_ENGINE");
    if (!name || !*name || strcmp(name, "native") == 0)
        session.engine = ENGINE_NATIVE;
    else if (strcmp(name, "coverage") == 0)
        session.engine = ENGINE_COVERAGE;
    else if (strcmp(name, "slipcover") == 0)
        session.engine = ENGINE_SLIPCOVER;
    else if (strcmp(name, "off") == 0)
        session.engine = ENGINE_OFF;
    else
        session.engine = ENGINE_UNKNOWN;
}

static bool make_session(void)
{
    session.is_root = true;
    session_random(session.id_bytes, sizeof session.id_bytes);
    session_hex(session.id, session.id_bytes, sizeof session.id_bytes);
    if (!getcwd(session.root, sizeof session.root))
        return false;
    const char *directory = getenv("COVFORK_DIR");
    if (!directory || !*directory)
        directory = ".covfork";
    bool absolute = directory[0] == '/';
    return join(session.directory, sizeof session.directory, absolute ? "" : session.root,
                absolute ? "" : "/", directory);
}

static bool join_session(void)
{
    const char *id = getenv("COVFORK_SESSION");
    const char *directory = getenv("COVFORK_DIR");
    const char *root = getenv("COVFORK_ROOT");
    if (!id || !parse_id(id, session.id_bytes) || !directory || directory[0] != '/' || !root ||
        root[0] != '/')
        return false;
    return join(session.id, sizeof session.id, id, "", "") &&
           join(session.directory, sizeof session.directory, directory, "", "") &&
           join(session.root, sizeof session.root, root, "", "");
}

static bool add_variable(const char *name, const char *value)
{
    if (session.variable_count == SESSION_VARIABLES_MAX)
        return false;
    size_t size = strlen(name) + strlen(value) + 2;
    char *text = malloc(size); /* kept for the life of the process */
    if (!text)
        return false;
    snprintf(text, size, "%s=%s", name, value);
    session.variables[session.variable_count++] = text;
    return true;
}

void session_init(void)
{
    /* A setuid program must not write where its caller says. */
    if (getauxval(AT_SECURE) != 0)
        return;
    int saved = errno;
    set_engine();
    if (!find_library() || (!join_session() && (session.engine == ENGINE_OFF || !make_session())))
        goto out;
    if (!join(session.own_folder, sizeof session.own_folder, session.directory,
              "/" FORMAT_SESSION_PREFIX, session.id) ||
        !join(session.folder, sizeof session.folder, session.own_folder, "", "") ||
        !join(session.ledger_path, sizeof session.ledger_path, session.folder, "/",
              FORMAT_LEDGER_NAME))
        goto out;
    session.has_folder = access(session.folder, F_OK) == 0;
    library_remember();
    if (session.engine == ENGINE_OFF) {
        session_enter_user_folder();
        goto out;
    }
    if (!session.has_folder && !session.is_root && session_find_moved(getppid()))
        session.has_folder = true;
    session_enter_user_folder();
    bool all = add_variable("COVFORK_SESSION", session.id) &&
               add_variable("COVFORK_DIR", session.directory) &&
               add_variable("COVFORK_ROOT", session.root);
    for (size_t i = 0; all && i < sizeof passed_on / sizeof passed_on[0]; i++) {
        const char *value = getenv(passed_on[i]);
        if (value)
            all = add_variable(passed_on[i], value);
    }
    const char *context = getenv("COVFORK_CONTEXT");
    session.context = context ? strdup(context) : "";
    session.active = all && session.context;
out:
    errno = saved;
}

void session_default_context(const char *context)
{
    if (!getenv("COVFORK_CONTEXT"))
        session.context = context;
}

bool session_find_moved(pid_t pid)
{
    char *folder = scratch_take(PATH_MAX);
    bool found = folder && moved_folder_find(pid, session.id, folder);
    if (found)
        session_move(folder);
    scratch_give(folder);
    return found;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

int session_open_folder(void)
{
    return open_folder(session.folder, false);
}

int session_ensure_folder(void)
{
    if (session.has_folder)
        return 0;
    int saved = errno;
    int directory = open_folder(session.directory, true);
    int result = directory < 0 ? -1 : open_folder_make(directory, base_name(session.own_folder));
    int problem = result < 0 ? errno : 0;
    if (directory >= 0)
        open_folder_close(directory);
    /* The one write that a vfork child does here: what it says is as true of the parent. */
    if (!problem)
        session.has_folder = true;
    errno = saved;
    return problem;
}

/* With FORMAT_USER_NEW and what follows. */
#define USER_NAME_MAX 32

/* "u-UID". Without stdio: in a vfork child too. */
static const char *user_name(char name[USER_NAME_MAX], uid_t uid)
{
    static const char prefix[] = FORMAT_USER_PREFIX;
    memcpy(name, prefix, sizeof prefix - 1);
    decimal_put(name + sizeof prefix - 1, uid);
    return name;
}

/* What was sealed holds for that user's processes, who can't read it here. */
static void copy_settings(int folder, int user_folder, uid_t uid)
{
    static const char name[] = FORMAT_SETTINGS_NAME;
    char *piece = scratch_take(SCRATCH_SIZE);
    int source = piece ? open_folder_file(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) : -1;
    int target =
        source < 0 ? -1
                   : open_folder_file(user_folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    ssize_t got = 0;
    while (target >= 0 && (got = syscall(SYS_read, source, piece, SCRATCH_SIZE)) > 0)
        if (syscall(SYS_write, target, piece, (size_t)got) != got)
            got = -1;
    if (target >= 0) {
        if (got < 0 || fchmod(target, 0600) != 0 || fchown(target, uid, (gid_t)-1) != 0)
            unlinkat(user_folder, name, 0);
        open_folder_close(target);
    }
    if (source >= 0)
        open_folder_close(source);
    scratch_give(piece);
}

/* Folders to be gone through by others, not to be looked into. */
static void let_through(int found, mode_t mode)
{
    struct stat status;
    int folder = found < 0 ? -1 : open_folder_again(found);
    if (folder >= 0 && fstat(folder, &status) == 0)
        fchmod(folder, mode ? mode : (status.st_mode & 07777) | 0011);
    if (folder >= 0)
        open_folder_close(folder);
}

/* An empty ledger, the user's: a folder that has one is never empty, so no other takes its place.
 */
static bool make_ledger(int user_folder, uid_t uid)
{
    int ledger =
        open_folder_file(user_folder, FORMAT_LEDGER_NAME, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    bool done = ledger >= 0 && fchmod(ledger, 0600) == 0 && fchown(ledger, uid, (gid_t)-1) == 0;
    if (ledger >= 0)
        open_folder_close(ledger);
    return done;
}

static void drop_user_folder(int folder, const char *name, int own)
{
    if (own >= 0) {
        unlinkat(own, FORMAT_LEDGER_NAME, 0);
        unlinkat(own, FORMAT_SETTINGS_NAME, 0);
    }
    unlinkat(folder, name, AT_REMOVEDIR);
}

/* Makes `name` below `folder` and fills it; it stays root's. A descriptor of it; -1: there is none.
 */
static int make_user_folder(int folder, const char *name, uid_t uid)
{
    struct stat status;
    if (mkdirat(folder, name, 0700) != 0)
        return -1;
    int own = open_folder_file(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    /* Made by us, just now, and by nobody else? */
    bool is_ours = own >= 0 && fstat(own, &status) == 0 && status.st_uid == geteuid() &&
                   status.st_nlink <= 2 && fchmod(own, 0700) == 0;
    if (is_ours && make_ledger(own, uid)) {
        copy_settings(folder, own, uid);
        return own;
    }
    if (is_ours)
        drop_user_folder(folder, name, own);
    if (own >= 0)
        open_folder_close(own);
    return -1;
}

/*
 * Several processes may become that user at once, and each goes on as soon as the folder is there:
 * so it gets its name when all is done, and of those that did it at once one wins.
 */
static void give_folder(int folder, const char *name, uid_t uid)
{
    static const char suffix[] = FORMAT_USER_NEW;
    char fresh[USER_NAME_MAX];
    uint8_t random[FORMAT_USER_NEW_BYTES];
    size_t length = strlen(name);
    session_random(random, sizeof random);
    memcpy(fresh, name, length);
    memcpy(fresh + length, suffix, sizeof suffix - 1);
    session_hex(fresh + length + sizeof suffix - 1, random, sizeof random);
    int own = make_user_folder(folder, fresh, uid);
    int directory = open_folder(session.directory, true);
    let_through(folder, 0711);
    let_through(directory, 0);
    if (own >= 0 &&
        (fchown(own, uid, (gid_t)-1) != 0 || renameat(folder, fresh, folder, name) != 0))
        drop_user_folder(folder, fresh, own);
    if (directory >= 0)
        open_folder_close(directory);
    if (own >= 0)
        open_folder_close(own);
}

static bool is_there(int folder, const char *name)
{
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

bool session_prepare_user(uid_t uid)
{
    int saved = errno;
    char name[USER_NAME_MAX];
    int folder = session_ensure_folder() == 0 ? open_folder(session.own_folder, false) : -1;
    if (folder >= 0 && !is_there(folder, user_name(name, uid)))
        give_folder(folder, name, uid);
    bool done = folder >= 0 && is_there(folder, name);
    if (folder >= 0)
        open_folder_close(folder);
    errno = saved;
    return done;
}

/* Has session.folder name the folder `user` below the session's, NULL: that itself. Other threads
 * read it meanwhile: the byte between the two is written last. */
static void set_user_folder(const char *user)
{
    size_t length = strlen(session.own_folder);
    char *end = session.folder + length;
    bool is_user = *end == '/';
    if (user ? is_user && strcmp(end + 1, user) == 0 : !is_user)
        return;
    if (user && length + strlen(user) + sizeof "//" FORMAT_LEDGER_NAME > sizeof session.ledger_path)
        return;
    __atomic_store_n(end, '\0', __ATOMIC_RELEASE);
    if (user) {
        strcpy(end + 1, user);
        __atomic_store_n(end, '/', __ATOMIC_RELEASE);
    }
    join(session.ledger_path, sizeof session.ledger_path, session.folder, "/", FORMAT_LEDGER_NAME);
    session.folder_changes++;
}

/* By the user that the process is now, whoever it was, and may become again. */
static bool may_write(int folder, const char *name)
{
    return faccessat(folder, name, W_OK, AT_EACCESS) == 0;
}

void session_enter_user_folder(void)
{
    int saved = errno;
    char name[USER_NAME_MAX];
    uid_t uid = geteuid();
    if (uid == 0 || may_write(AT_FDCWD, session.own_folder)) {
        set_user_folder(NULL);
    } else if (errno == EACCES) {
        int folder = open_folder(session.own_folder, false);
        bool is_given = folder >= 0 && may_write(folder, user_name(name, uid));
        set_user_folder(is_given ? name : NULL);
        session.has_folder |= is_given;
        if (folder >= 0)
            open_folder_close(folder);
    }
    errno = saved;
}

void session_move(const char *folder)
{
    if (strlen(folder) + sizeof "/" FORMAT_LEDGER_NAME > sizeof session.ledger_path)
        return;
    join(session.ledger_path, sizeof session.ledger_path, folder, "/", FORMAT_LEDGER_NAME);
    strcpy(session.own_folder, folder);
    strcpy(session.folder, folder);
    strcpy(session.directory, folder);
    *strrchr(session.directory, '/') = '\0';
    /* Children are told, too. The old text stays: an environment may hold it. */
    size_t size = sizeof DIRECTORY_VARIABLE + strlen(session.directory);
    char *variable = malloc(size);
    if (!variable)
        return;
    snprintf(variable, size, DIRECTORY_VARIABLE "%s", session.directory);
    for (size_t i = 0; i < session.variable_count; i++)
        if (strncmp(session.variables[i], DIRECTORY_VARIABLE, sizeof DIRECTORY_VARIABLE - 1) == 0)
            session.variables[i] = variable;
}
