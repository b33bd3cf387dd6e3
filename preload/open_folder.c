/* See open_folder.h. */
#include "open_folder.h"

#include "decimal.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As Linux has it. */
#define LINKS_MAX 40

/* A walk from the root folder to the end of `rest`. */
struct walk {
    int folder;
    int link_count;
    bool only_own; /* links */
    bool make;
    char *rest; /* in `text` */
    char text[2 * PATH_MAX];
};

int open_folder_file(int folder, const char *name, int flags)
{
    return (int)syscall(SYS_openat, folder, name, flags | O_CLOEXEC, 0600);
}

void open_folder_close(int descriptor)
{
    int saved = errno;
    syscall(SYS_close, descriptor);
    errno = saved;
}

static void walk_enter(struct walk *walk, int folder)
{
    if (walk->folder >= 0)
        open_folder_close(walk->folder);
    walk->folder = folder;
}

/*
 * Is `owner` root, or all that can be seen of root? In a user namespace without the machine's root
 * this one is 65534, as are all others that have no number there; its own root is a user like any.
 */
static bool is_root(uid_t owner)
{
    if (owner != 65534)
        return owner == 0;
    char map[64];
    ssize_t size = -1;
    int descriptor = open_folder_file(AT_FDCWD, "/proc/self/uid_map", O_RDONLY);
    if (descriptor >= 0) {
        size = syscall(SYS_read, descriptor, map, sizeof map - 1);
        open_folder_close(descriptor);
    }
    if (size <= 0)
        return false;
    /* "0 0 4294967295": all users of the machine. */
    map[size] = '\0';
    return !strstr(map, "4294967295");
}

/* Puts what the link says in front of what is left of the path. 0, or -1 with errno. */
static int walk_follow(struct walk *walk, int link)
{
    struct stat status;
    if (fstat(link, &status) != 0)
        return -1;
    if (!S_ISLNK(status.st_mode)) {
        errno = ENOTDIR;
        return -1;
    }
    if ((walk->only_own && !is_root(status.st_uid)) || ++walk->link_count > LINKS_MAX) {
        errno = ELOOP;
        return -1;
    }
    /* What is left goes out of the way, to the end of the buffer. */
    size_t rest_size = strlen(walk->rest) + 1;
    size_t room = sizeof walk->text - rest_size;
    walk->rest = memmove(walk->text + room, walk->rest, rest_size);
    ssize_t length = readlinkat(link, "", walk->text, room);
    if (length <= 0 || (size_t)length >= room) {
        errno = ENAMETOOLONG;
        return -1;
    }
    walk->text[length] = '/';
    memmove(walk->text + length + 1, walk->rest, rest_size);
    walk->rest = walk->text;
    if (walk->text[0] == '/') {
        int root = open_folder_file(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
        if (root < 0)
            return -1;
        walk_enter(walk, root);
    }
    return 0;
}

/* Goes one folder further. 0, or -1 with errno. */
static int walk_step(struct walk *walk, const char *name)
{
    int next = open_folder_file(walk->folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
    if (next < 0 && errno == ENOENT && walk->make) {
        if (mkdirat(walk->folder, name, 0777) != 0 && errno != EEXIST)
            return -1;
        next = open_folder_file(walk->folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
    }
    if (next >= 0) {
        walk_enter(walk, next);
        return 0;
    }
    if (errno != ENOTDIR && errno != ELOOP)
        return -1;
    /* A link's last part is only followed where the caller says so. */
    if (!walk->make && *walk->rest == '\0')
        return -1;
    int link = open_folder_file(walk->folder, name, O_PATH | O_NOFOLLOW);
    if (link < 0)
        return -1;
    int result = walk_follow(walk, link);
    open_folder_close(link);
    return result;
}

/* The next part of the path, cut out of it; NULL at its end. */
static char *walk_next(struct walk *walk)
{
    char *name = walk->rest + strspn(walk->rest, "/");
    size_t length = strcspn(name, "/");
    walk->rest = name + length + strspn(name + length, "/");
    name[length] = '\0';
    return length > 0 ? name : NULL;
}

static int walk_path(const char *path, bool only_own, bool make)
{
    struct walk *walk = scratch_take(sizeof *walk);
    size_t length = strlen(path);
    if (!walk || length >= PATH_MAX) {
        scratch_give(walk);
        errno = walk ? ENAMETOOLONG : ENOMEM;
        return -1;
    }
    walk->link_count = 0;
    walk->only_own = only_own;
    walk->make = make;
    walk->rest = memcpy(walk->text, path, length + 1);
    walk->folder = open_folder_file(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
    int result = walk->folder < 0 ? -1 : 0;
    for (char *name; result == 0 && (name = walk_next(walk)) != NULL;)
        result = walk_step(walk, name);
    if (result != 0 && walk->folder >= 0) {
        open_folder_close(walk->folder);
        walk->folder = -1;
    }
    int folder = walk->folder;
    int saved = errno;
    scratch_give(walk);
    errno = saved;
    return folder;
}

/* Without a walk, where there is no link on the way: then the folder is called what it was asked
 * for by. -1 where that is not so. */
static int open_plain(const char *path)
{
    static const char descriptors[] = "/proc/self/fd/";
    char link[sizeof descriptors + DECIMAL_MAX];
    size_t size = strlen(path) + 2;
    char *real = scratch_take(size);
    int folder = real ? open_folder_file(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_NOFOLLOW) : -1;
    bool is_plain = false;
    if (folder >= 0) {
        memcpy(link, descriptors, sizeof descriptors - 1);
        decimal_put(link + sizeof descriptors - 1, (unsigned)folder);
        ssize_t length = readlink(link, real, size);
        is_plain = length == (ssize_t)size - 2 && memcmp(real, path, size - 2) == 0;
    }
    if (folder >= 0 && !is_plain)
        open_folder_close(folder);
    scratch_give(real);
    return is_plain ? folder : -1;
}

int open_folder_as(uid_t uid, const char *path, bool make)
{
    if (path[0] != '/') {
        errno = EINVAL;
        return -1;
    }
    if (uid != 0) {
        int flags = O_PATH | O_DIRECTORY | (make ? 0 : O_NOFOLLOW);
        int folder = open_folder_file(AT_FDCWD, path, flags);
        if (folder >= 0 || errno != ENOENT || !make)
            return folder;
    }
    int plain = uid == 0 ? open_plain(path) : -1;
    return plain >= 0 ? plain : walk_path(path, uid == 0, make);
}

int open_folder(const char *path, bool make)
{
    return open_folder_as(geteuid(), path, make);
}

int open_folder_again(int descriptor)
{
    return open_folder_file(descriptor, ".", O_RDONLY | O_DIRECTORY);
}

int open_folder_make(int parent, const char *name)
{
    if (mkdirat(parent, name, 0700) != 0)
        return errno == EEXIST ? 1 : -1;
    int folder = open_folder_file(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    struct stat status;
    if (folder >= 0) {
        if (fstat(folder, &status) == 0 && status.st_uid == geteuid())
            fchmod(folder, 0700);
        open_folder_close(folder);
    } else if (geteuid() != 0) {
        /* The umask let nobody read it, its owner neither. */
        fchmodat(parent, name, 0700, 0);
    }
    return 0;
}

bool open_folder_may_write(int folder, int descriptor)
{
    struct stat file, above;
    if (fstat(descriptor, &file) != 0 || !S_ISREG(file.st_mode))
        return false;
    if (file.st_nlink <= 1 || geteuid() != 0)
        return true;
    return fstat(folder, &above) == 0 && above.st_uid == 0 && (above.st_mode & 022) == 0;
}
