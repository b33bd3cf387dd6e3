/* See moved_folder.h. Runs after fork too; no heap, no streams, little stack. */
#include "moved_folder.h"

#include "format.h"
#include "scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The folder that `line` of a maps file names, if it is one of session `id`. */
static bool folder_of_line(char *line, const char *id, char folder[PATH_MAX])
{
    char *path = strchr(line, '/');
    char marker[FORMAT_ID_SIZE * 2 + 8];
    snprintf(marker, sizeof marker, "/" FORMAT_SESSION_PREFIX "%s/", id);
    char *found = path ? strstr(path, marker) : NULL;
    static const char deleted[] = " (deleted)";
    size_t length = strlen(line);
    if (!found ||
        (length >= sizeof deleted && strcmp(line + length - (sizeof deleted - 1), deleted) == 0))
        return false;
    size_t folder_length = (size_t)(found - path) + strlen(marker) - 1;
    if (folder_length >= PATH_MAX)
        return false;
    memcpy(folder, path, folder_length);
    folder[folder_length] = '\0';
    return access(folder, F_OK) == 0;
}

/* Longer than any line with a path. */
#define TEXT_SIZE (PATH_MAX + 512)

static bool find_in_maps(int descriptor, char text[TEXT_SIZE], const char *id,
                         char folder[PATH_MAX])
{
    bool found = false;
    size_t used = 0;
    ssize_t got;
    while (!found && (got = read(descriptor, text + used, TEXT_SIZE - 1 - used)) > 0) {
        used += (size_t)got;
        text[used] = '\0';
        char *line = text;
        for (char *end; !found && (end = strchr(line, '\n')) != NULL; line = end + 1) {
            *end = '\0';
            found = folder_of_line(line, id, folder);
        }
        used -= (size_t)(line - text);
        memmove(text, line, used);
        if (used == TEXT_SIZE - 1)
            used = 0;
    }
    return found;
}

bool moved_folder_find(pid_t pid, const char *id, char folder[PATH_MAX])
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%ld/maps", (long)pid);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    char *text = scratch_take(TEXT_SIZE);
    bool found = text && find_in_maps(descriptor, text, id, folder);
    scratch_give(text);
    close(descriptor);
    return found;
}
