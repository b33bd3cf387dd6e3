/*
 * Joins or makes a session. Runs in the constructor, before main and before any thread; what it
 * fixes is read-only afterwards. Never prints: a measured program must not notice us.
 */
#include "session.h"

#include "library.h"
#include "moved_folder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct session session;

#define DIRECTORY_VARIABLE "COVFORK_DIR="

/* Passed on as they are, where they are set. COVFORK_SESSION, _DIR and _ROOT are set by us. */
static const char *const passed_on[] = {
    "COVFORK_ENGINE", "COVFORK_SOURCE",  "COVFORK_OMIT",  "COVFORK_INCLUDE",
    "COVFORK_BRANCH", "COVFORK_CONTEXT", "COVFORK_DEBUG", "COVFORK_SPARE",
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
        ssize_t got = getrandom(bytes + have, size - have, 0);
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

/* snprintf that says whether all of it fitted. */
static bool join(char *to, size_t size, const char *a, const char *b, const char *c)
{
    int length = snprintf(to, size, "%s%s%s", a, b, c);
    return length >= 0 && (size_t)length < size;
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
    if (!join(session.folder, sizeof session.folder, session.directory, "/" FORMAT_SESSION_PREFIX,
              session.id) ||
        !join(session.ledger_path, sizeof session.ledger_path, session.folder, "/",
              FORMAT_LEDGER_NAME))
        goto out;
    session.has_folder = access(session.folder, F_OK) == 0;
    library_remember();
    if (session.engine == ENGINE_OFF)
        goto out;
    char moved[PATH_MAX];
    if (!session.has_folder && !session.is_root &&
        moved_folder_find(getppid(), session.id, moved)) {
        session_move(moved);
        session.has_folder = true;
    }
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

/* mkdir -p for the parents of `path`, then `path` itself with a mode that umask can't spoil. */
static int make_folder(const char *path)
{
    char parent[PATH_MAX];
    if (mkdir(path, 0700) == 0) {
        chmod(path, 0700);
        return 0;
    }
    if (errno == EEXIST)
        return 0;
    if (errno != ENOENT)
        return -1;
    size_t length = strlen(path);
    memcpy(parent, path, length + 1);
    for (char *slash = parent; (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
        *slash = '\0';
        mkdir(parent, 0777);
    }
    if (mkdir(path, 0700) != 0)
        return errno == EEXIST ? 0 : -1;
    chmod(path, 0700);
    return 0;
}

int session_ensure_folder(void)
{
    if (session.has_folder)
        return 0;
    int saved = errno;
    int result = make_folder(session.folder);
    /* The one write that a vfork child does here: what it says is as true of the parent. */
    if (result == 0)
        session.has_folder = true;
    errno = saved;
    return result;
}

/* "FOLDER/u-UID" and `rest`. Without stdio: in a vfork child too. */
static bool user_path(char path[PATH_MAX], uid_t uid, const char *rest)
{
    char digits[12];
    size_t at = sizeof digits;
    size_t length = strlen(session.folder), rest_length = strlen(rest);
    digits[--at] = '\0';
    do
        digits[--at] = (char)('0' + uid % 10);
    while ((uid /= 10) > 0);
    static const char prefix[] = "/" FORMAT_USER_PREFIX;
    if (length + sizeof prefix + sizeof digits + rest_length >= PATH_MAX)
        return false;
    memcpy(path, session.folder, length);
    memcpy(path + length, prefix, sizeof prefix - 1);
    length += sizeof prefix - 1;
    memcpy(path + length, digits + at, sizeof digits - at);
    strcpy(path + strlen(path), rest);
    return true;
}

/* What was sealed holds for that user's processes, who can't read it here. */
static void copy_settings(uid_t uid)
{
    char from[PATH_MAX], to[PATH_MAX], piece[4096];
    size_t length = strlen(session.folder);
    static const char name[] = "/" FORMAT_SETTINGS_NAME;
    if (length + sizeof name > sizeof from || !user_path(to, uid, name))
        return;
    memcpy(from, session.folder, length);
    memcpy(from + length, name, sizeof name);
    int source = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int target =
        source < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    ssize_t got = 0;
    while (target >= 0 && (got = read(source, piece, sizeof piece)) > 0)
        if (write(target, piece, (size_t)got) != got)
            got = -1;
    if (target >= 0) {
        if (got < 0 || fchown(target, uid, (gid_t)-1) != 0)
            unlink(to);
        close(target);
    }
    if (source >= 0)
        close(source);
}

void session_prepare_user(uid_t uid)
{
    int saved = errno;
    char path[PATH_MAX];
    if (session_ensure_folder() == 0 && user_path(path, uid, "") && mkdir(path, 0700) == 0) {
        struct stat status;
        if (chown(path, uid, (gid_t)-1) == 0 && chmod(path, 0700) == 0)
            copy_settings(uid);
        /* To be gone through, not to be looked into. */
        chmod(session.folder, 0711);
        if (stat(session.directory, &status) == 0)
            chmod(session.directory, (status.st_mode & 07777) | 0011);
    }
    errno = saved;
}

void session_enter_user_folder(void)
{
    int saved = errno;
    char path[PATH_MAX];
    uid_t uid = geteuid();
    if (uid != 0 && access(session.folder, W_OK) != 0 && errno == EACCES &&
        user_path(path, uid, "") && access(path, W_OK) == 0) {
        strcpy(session.folder, path);
        join(session.ledger_path, sizeof session.ledger_path, session.folder, "/",
             FORMAT_LEDGER_NAME);
        session.has_folder = true;
    }
    errno = saved;
}

void session_move(const char *folder)
{
    char ledger_path[PATH_MAX];
    if (!join(ledger_path, sizeof ledger_path, folder, "/", FORMAT_LEDGER_NAME))
        return;
    snprintf(session.folder, sizeof session.folder, "%s", folder);
    strcpy(session.ledger_path, ledger_path);
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
