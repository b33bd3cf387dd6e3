/*
 * Folders by descriptor, so that no path is looked up twice: another user who may write in a folder
 * above could put a link in its place in between.
 *
 * Async-signal-safe, no heap, no cancellation point, in a vfork child too.
 */
#ifndef COVFORK_OPEN_FOLDER_H
#define COVFORK_OPEN_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A descriptor (O_PATH: to look things up by) of the absolute `path`, whose last part is no link;
 * with `make`, folders that are missing are made (mode 0777, less the umask), and its last part may
 * be a link. Root follows no link on the way that isn't root's own. -1 with errno; ELOOP for such a
 * link.
 */
int open_folder(const char *path, bool make);

/* The same as if by `uid`: for tests. */
int open_folder_as(uid_t uid, const char *path, bool make);

/* The folder that `descriptor` names again, as one whose mode and owner can be set. */
int open_folder_again(int descriptor);

/*
 * Makes the folder `name` with mode 0700, whatever the umask is. 0; 1 when something of that name
 * is there; -1 with errno.
 */
int open_folder_make(int parent, const char *name);

/* openat and close, as bare system calls: libc's are cancellation points, and exec is none. */
int open_folder_file(int folder, const char *name, int flags);
void open_folder_close(int descriptor);

/*
 * True when `descriptor`, opened in `folder`, is a file that may be written to: a regular one, and
 * in a folder of another user none that has a second name, which might be any file of root's.
 */
bool open_folder_may_write(int folder, int descriptor);

#endif
