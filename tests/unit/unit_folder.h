/* For unit tests that make folders: how these go again. Any time. */
#ifndef COVFORK_UNIT_FOLDER_H
#define COVFORK_UNIT_FOLDER_H

#include <ftw.h>
#include <stdio.h>

static inline int unit_remove_entry(const char *path, const struct stat *status, int type,
                                    struct FTW *position)
{
    (void)status, (void)type, (void)position;
    return remove(path);
}

/* Removes `folder` with all that is in it; a link is removed, not followed. 0 or -1. */
static inline int unit_remove_folder(const char *folder)
{
    return nftw(folder, unit_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
