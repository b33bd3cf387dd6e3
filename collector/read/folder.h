/*
 * What lies in a data folder: its sessions and combined files, and their removal. Knows names and
 * kinds of files (preload/format.h), not their content. Removes nothing that covfork did not
 * write, and follows no symbolic link.
 */
#ifndef COVFORK_FOLDER_H
#define COVFORK_FOLDER_H

#include "collector/base/error.h"
#include "preload/format.h"
#include "collector/base/string_list.h"

#include <stdbool.h>

struct folder {
    char *path;
    bool is_open;                 /* by folder_open: */
    int descriptor;               /* what is removed is removed there */
    struct string_list sessions;  /* names of the sessions' folders, sorted */
    struct string_list combined;  /* names of combined files, sorted */
    struct string_list leftovers; /* names of combined files that were never finished */
    struct string_list foreign;   /* all other names but the cache */
    bool has_cache;
};

/* The folder that `option` (may be NULL), COVFORK_DIR or the default names. Caller frees; NULL
 * when memory ran out. */
char *folder_choose(const char *option);
/* Looks what is in `path`. 0, or -1: ERROR_NO_DATA when there is no such folder. Caller closes. */
int folder_open(struct folder *folder, const char *path, struct error *error);
void folder_close(struct folder *folder);

/* The session that a folder of this name holds. False when it is not the name of a session. */
bool folder_session_id(const char *name, uint8_t id[FORMAT_ID_SIZE]);
/* Names of the ledgers in a session's folder, and in those in it that hold what other users'
 * processes wrote, sorted. 0 or -1. */
int folder_list_ledgers(struct string_list *names, const char *path, struct error *error);

/* Names of the files in any folder that may hold data but are not known to folder_open: see
 * collection_add_path; their content is to be looked at. Sorted. 0 or -1. */
int folder_list_loose(struct string_list *names, const char *path, bool has_data_folder,
                      struct error *error);

/* Is this the name of a file of coverage.py or slipcover in a session's folder? */
bool folder_is_foreign_name(const char *name);
/* Names of the data files in a session's folder and its users' (with their `sources`), also those
 * of other tools, sorted; `*has_sources` says whether its shared `sources` is there. 0 or -1. */
int folder_list_session(struct string_list *names, const char *path, bool *has_sources,
                        struct error *error);

/* Removes a session, a combined file, the cache, by its name in the folder. What is foreign stays
 * and its path is added to `left`. 0, or -1 when something that is covfork's can't be removed. */
int folder_remove_session(const struct folder *folder, const char *name, struct string_list *left,
                          struct error *error);
int folder_remove_combined(const struct folder *folder, const char *name, struct error *error);
int folder_remove_cache(const struct folder *folder, struct string_list *left, struct error *error);

#endif
