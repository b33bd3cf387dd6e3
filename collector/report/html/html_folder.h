/*
 * The folder that an HTML report is in: the names of its pages, the writing of its files, and the
 * removal of those of an earlier report. A list in the folder says which files are covfork's; no
 * other file is ever removed, and no symbolic link followed.
 */
#ifndef COVFORK_HTML_FOLDER_H
#define COVFORK_HTML_FOLDER_H

#include "collector/base/error.h"
#include "collector/base/hash_map.h"
#include "collector/report/html/html_text.h"

#include <stdbool.h>
#include <stddef.h>

struct html_folder {
    char *path;
    int descriptor;
    char **names; /* of the files that were written */
    size_t count, room;
    struct hash_map name_map;
};

/* Makes the folder where it is missing. 0 or -1; on success the caller closes it. */
int html_folder_open(struct html_folder *folder, const char *path, struct error *error);
void html_folder_close(struct html_folder *folder);

/* The name of the page of a source file: letters of its own name and a hash of all of it, the same
 * in each report, and unlike all names so far. Caller frees; NULL when memory ran
 * out. */
char *html_folder_name_page(struct html_folder *folder, const char *name);

/* Writes the parts, one behind the other, as a file. 0 or -1. */
int html_folder_write(struct html_folder *folder, const char *name, const struct html_text *parts,
                      size_t part_count, struct error *error);

/* Removes what an earlier report has left there, and makes the list and a .gitignore. 0 or -1. */
int html_folder_finish(struct html_folder *folder, struct error *error);

#endif
