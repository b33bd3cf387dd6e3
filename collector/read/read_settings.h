/*
 * Reads a session's `settings` (preload/format.h): what was measured, as its first interpreter
 * fixed it. Untrusted text.
 */
#ifndef COVFORK_READ_SETTINGS_H
#define COVFORK_READ_SETTINGS_H

#include "collector/base/error.h"
#include "collector/base/string_list.h"

#include <stdbool.h>

struct settings {
    bool present; /* a settings file was there */
    bool branch;
    char *root;    /* NULL when unknown */
    char *config;  /* NULL: no configuration was read */
    char *refused; /* why the configuration did not count; NULL: it did */
    struct string_list source_dirs, source_pkgs, include, omit;
    struct string_list idle; /* what is said of plugins that the run's engine can do nothing for */
    struct string_list unused; /* what had no effect, a line each, file and line first */
};

/* Fills `settings` from `path`; a file that is not there leaves it empty. Unknown keys are passed
 * over. 0 or -1; on success the caller closes it. */
int settings_read(struct settings *settings, const char *path, struct error *error);
void settings_close(struct settings *settings);

#endif
