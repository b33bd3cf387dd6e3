/* See python_files.h. */
#include "collector/project/python_files.h"

#include "collector/base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int memory_error(struct error *error)
{
    return error_set(error, ERROR_MEMORY, "out of memory");
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_names(struct string_list *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, compare_names);
}

/* coverage.py: [^.#~!$@%^&*()+=,]+\.pyw? */
static bool is_importable_name(const char *name)
{
    size_t stem = strcspn(name, ".#~!$@%^&*()+=,");
    return stem && (strcmp(name + stem, ".py") == 0 || strcmp(name + stem, ".pyw") == 0);
}

/* What os.walk makes of an entry: a folder to go into, a file, or a link to a folder (neither). */
enum entry_kind { ENTRY_FOLDER, ENTRY_FILE, ENTRY_PASSED_OVER };

static enum entry_kind find_entry_kind(int folder, const struct dirent *entry)
{
    struct stat status;
    if (entry->d_type == DT_DIR)
        return ENTRY_FOLDER;
    if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
        return ENTRY_FILE;
    if (fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return ENTRY_FILE;
    if (!S_ISLNK(status.st_mode))
        return S_ISDIR(status.st_mode) ? ENTRY_FOLDER : ENTRY_FILE;
    if (fstatat(folder, entry->d_name, &status, 0) == 0 && S_ISDIR(status.st_mode))
        return ENTRY_PASSED_OVER;
    return ENTRY_FILE;
}

/* The entries of `directory`: subfolders, and files that look importable. A folder that can't be
 * read is empty, as for os.walk. 0 or -1 (memory). */
static int read_folder(const char *directory, struct string_list *folders,
                       struct string_list *files, bool *is_package)
{
    *is_package = false;
    DIR *stream = opendir(directory);
    if (!stream)
        return 0;
    int status = 0;
    const struct dirent *entry;
    while (status == 0 && (entry = readdir(stream))) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        enum entry_kind kind = find_entry_kind(dirfd(stream), entry);
        if (kind == ENTRY_FOLDER) {
            status = string_list_add(folders, name);
        } else if (kind == ENTRY_FILE && is_importable_name(name)) {
            status = string_list_add(files, name);
            *is_package = *is_package || strcmp(name, "__init__.py") == 0;
        }
    }
    closedir(stream);
    sort_names(folders);
    sort_names(files);
    return status;
}

static int find_files(struct string_list *list, const char *directory, bool any_folder, bool top)
{
    struct string_list folders = { 0 }, files = { 0 };
    bool is_package;
    int status = read_folder(directory, &folders, &files, &is_package);
    bool wanted = top || any_folder || is_package;
    for (size_t i = 0; wanted && status == 0 && i < files.count; i++) {
        char *path = path_join(directory, files.items[i]);
        status = path ? string_list_add(list, path) : -1;
        free(path);
    }
    for (size_t i = 0; wanted && status == 0 && i < folders.count; i++) {
        char *path = path_join(directory, folders.items[i]);
        status = path ? find_files(list, path, any_folder, false) : -1;
        free(path);
    }
    string_list_close(&folders);
    string_list_close(&files);
    return status;
}

int path_find_python_files(struct string_list *list, const char *directory,
                           bool include_namespace_packages, struct error *error)
{
    if (find_files(list, directory, include_namespace_packages, true) < 0)
        return memory_error(error);
    return 0;
}
