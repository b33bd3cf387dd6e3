/*
 * What is given to another user takes its time: whatever else needs it by then must not go on as if
 * it was done. Preloaded first.
 */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

int fchown(int descriptor, uid_t user, gid_t group)
{
    usleep(50000);
    return (int)syscall(SYS_fchown, descriptor, user, group);
}
