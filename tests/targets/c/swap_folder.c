/*
 * What another user, who owns the working folder, does in the moment after a folder is made for a
 * user: its name, and then the whole session's, is a link to where $VICTIM says. Preloaded first.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void swap(const char *path)
{
    char session[4096], old[4200];
    snprintf(session, sizeof session, "%s", path);
    *strrchr(session, '/') = '\0';
    const char *how = getenv("SWAP");
    if (how && strcmp(how, "user") == 0) {
        snprintf(old, sizeof old, "%s.old", path);
        syscall(SYS_rename, path, old);
        syscall(SYS_symlink, getenv("VICTIM"), path);
        return;
    }
    snprintf(old, sizeof old, "%s.old", session);
    syscall(SYS_rename, session, old);
    syscall(SYS_mkdir, session, 0777);
    syscall(SYS_symlink, getenv("VICTIM"), path);
}

int mkdir(const char *path, mode_t mode)
{
    int result = (int)syscall(SYS_mkdir, path, mode);
    if (result == 0 && strstr(path, "/u-"))
        swap(path);
    return result;
}

int mkdirat(int folder, const char *name, mode_t mode)
{
    int result = (int)syscall(SYS_mkdirat, folder, name, mode);
    if (result == 0 && strncmp(name, "u-", 2) == 0) {
        char link[64], path[4096];
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, path, 4000);
        if (length > 0) {
            snprintf(path + length, sizeof path - (size_t)length, "/%s", name);
            swap(path);
        }
    }
    return result;
}
