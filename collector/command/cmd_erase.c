/*
 * covfork erase: removes what covfork wrote in the data folder, and nothing else. The session that
 * this very command runs in stays, for it is being written to.
 */
#include "collector/command/cmd.h"

#include "collector/read/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_own(const char *session_name)
{
    const char *own = getenv("COVFORK_SESSION");
    return own && strcmp(session_name + strlen(FORMAT_SESSION_PREFIX), own) == 0;
}

static int remove_all(const struct folder *folder, struct string_list *left, struct error *error)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < folder->sessions.count; i++)
        if (!is_own(folder->sessions.items[i]))
            result = folder_remove_session(folder, folder->sessions.items[i], left, error);
    for (size_t i = 0; result == 0 && i < folder->combined.count; i++)
        result = folder_remove_combined(folder, folder->combined.items[i], error);
    for (size_t i = 0; result == 0 && i < folder->leftovers.count; i++)
        result = folder_remove_combined(folder, folder->leftovers.items[i], error);
    if (result == 0 && folder->has_cache)
        result = folder_remove_cache(folder, left, error);
    for (size_t i = 0; result == 0 && i < folder->foreign.count; i++) {
        char *path;
        if (asprintf(&path, "%s/%s", folder->path, folder->foreign.items[i]) < 0)
            return error_set(error, ERROR_MEMORY, "out of memory");
        result = string_list_add(left, path);
        free(path);
        if (result != 0)
            error_set(error, ERROR_MEMORY, "out of memory");
    }
    return result;
}

static int erase(const char *path, bool quiet, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return errno == ENOENT
                   ? 0
                   : error_set(error, ERROR_SYSTEM, "can't read %s: %s", path, strerror(errno));
    if (S_ISLNK(status.st_mode))
        return error_set(error, ERROR_SYSTEM, "%s is a symbolic link, which erase does not follow",
                         path);
    struct folder folder;
    if (folder_open(&folder, path, error) != 0)
        return -1;
    struct stat opened;
    if (fstat(folder.descriptor, &opened) != 0 || opened.st_dev != status.st_dev ||
        opened.st_ino != status.st_ino) {
        folder_close(&folder);
        return error_set(error, ERROR_SYSTEM, "%s is another folder now", path);
    }
    struct string_list left = { 0 };
    int result = remove_all(&folder, &left, error);
    for (size_t i = 0; !quiet && i < left.count; i++)
        cmd_warn("%s is not covfork's and is left where it is", left.items[i]);
    /* With anything left in it, it stays. */
    if (result == 0 && rmdir(path) != 0 && errno != ENOTEMPTY && errno != EEXIST)
        result = error_set(error, ERROR_SYSTEM, "can't remove %s: %s", path, strerror(errno));
    string_list_close(&left);
    folder_close(&folder);
    return result;
}

int cmd_erase(int argc, char **argv)
{
    const char *data_dir = NULL, *rcfile = NULL;
    int quiet = 0;
    const struct option options[] = {
        { 'q', "quiet", OPTION_SET, &quiet, NULL, "Do not name the files that are left." },
        { '\0', "data-file", OPTION_REFUSED, NULL,
          "only the data folder is removed, which --data-dir names", NULL },
        CMD_OPTION_DEBUG,
        { '\0', "rcfile", OPTION_TEXT, &rcfile, "FILE",
          "A configuration file, of which nothing matters here." },
        CMD_OPTION_DATA_DIR(&data_dir),
    };
    const struct command command = {
        "erase",
        "",
        "Remove all recorded data. Files that covfork did not write stay.\n",
        options,
        sizeof options / sizeof options[0],
    };
    struct error error = { 0 };
    struct string_list arguments = { 0 };
    int status = CMD_OK;
    enum options_result parsed = options_parse(&command, argc, argv, &arguments, &error);
    if (parsed != OPTIONS_OK) {
        status = cmd_end_options(parsed, &command, &error);
    } else {
        char *folder = folder_choose(data_dir);
        if (!folder)
            error_set(&error, ERROR_MEMORY, "out of memory");
        if (!folder || erase(folder, quiet, &error) != 0)
            status = cmd_fail(&error);
        free(folder);
    }
    string_list_close(&arguments);
    return status;
}
