/*
 * One `key=value` a line, values percent-encoded.
 */
#include "collector/read/read_settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void settings_close(struct settings *settings)
{
    free(settings->root);
    free(settings->config);
    free(settings->refused);
    string_list_close(&settings->unused);
    string_list_close(&settings->source_dirs);
    string_list_close(&settings->source_pkgs);
    string_list_close(&settings->include);
    string_list_close(&settings->omit);
    string_list_close(&settings->idle);
    *settings = (struct settings){ 0 };
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

/* In place. %00 is kept as it is: no value has a NUL. */
static void decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        int high = from[0] == '%' ? hex_value(from[1]) : -1;
        int low = high >= 0 ? hex_value(from[2]) : -1;
        if (low >= 0 && (high || low)) {
            *to++ = (char)(high << 4 | low);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
}

static int set_text(char **field, const char *value)
{
    free(*field);
    *field = strdup(value);
    return *field ? 0 : -1;
}

static int read_line(struct settings *settings, char *line)
{
    char *equals = strchr(line, '=');
    if (!equals)
        return 0;
    *equals = '\0';
    char *value = equals + 1;
    decode(value);
    if (strcmp(line, "root") == 0)
        return set_text(&settings->root, value);
    if (strcmp(line, "config") == 0)
        return set_text(&settings->config, value);
    if (strcmp(line, "refused") == 0)
        return set_text(&settings->refused, value);
    if (strcmp(line, "unused") == 0)
        return string_list_add(&settings->unused, value);
    if (strcmp(line, "source_dir") == 0)
        return string_list_add(&settings->source_dirs, value);
    if (strcmp(line, "source_pkg") == 0)
        return string_list_add(&settings->source_pkgs, value);
    if (strcmp(line, "include") == 0)
        return string_list_add(&settings->include, value);
    if (strcmp(line, "omit") == 0)
        return string_list_add(&settings->omit, value);
    if (strcmp(line, "idle") == 0)
        return string_list_add(&settings->idle, value);
    if (strcmp(line, "branch") == 0)
        settings->branch = strcmp(value, "1") == 0;
    return 0;
}

int settings_read(struct settings *settings, const char *path, struct error *error)
{
    *settings = (struct settings){ 0 };
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0 && errno == ENOENT)
        return 0;
    struct stat status;
    FILE *stream = NULL;
    if (descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        stream = fdopen(descriptor, "r");
    if (!stream) {
        if (descriptor >= 0)
            close(descriptor);
        return error_set(error, ERROR_SYSTEM, "can't read %s: %s", path,
                         descriptor < 0 ? strerror(errno) : "not a regular file");
    }
    settings->present = true;
    char *line = NULL;
    size_t room = 0;
    int result = 0;
    ssize_t length;
    while (result == 0 && (length = getline(&line, &room, stream)) > 0) {
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        result = read_line(settings, line);
    }
    free(line);
    fclose(stream);
    if (result != 0) {
        settings_close(settings);
        return error_set(error, ERROR_MEMORY, "out of memory");
    }
    return 0;
}
