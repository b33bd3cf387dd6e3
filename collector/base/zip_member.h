/*
 * A member of a ZIP archive, as Python imports from: named by the archive's path, a slash, and the
 * member's name. Reads archives of one part without encryption and without ZIP64; behind whatever
 * precedes them, as in an executable zipapp. Archives are untrusted.
 */
#ifndef COVFORK_ZIP_MEMBER_H
#define COVFORK_ZIP_MEMBER_H

#include <stddef.h>

/* The member's bytes in `*bytes` (caller frees). 0, or -1 and errno: ENOENT when no part of the
 * path is an archive that has the rest of it, EINVAL for one that is damaged, ENOMEM. */
int zip_member_read(const char *path, unsigned char **bytes, size_t *size);

#endif
