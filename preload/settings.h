/*
 * What a session measures: read from the session's sealed `settings`; the first interpreter that
 * needs them seals them, from COVFORK_ variables and the configuration of coverage.py that the
 * session's root folder has. May start a helper process, so never in a vfork child.
 */
#ifndef COVFORK_SETTINGS_H
#define COVFORK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

struct settings_list {
    const char **items;
    size_t count;
};

struct settings {
    char *text; /* owned; the strings below point into it */
    const char *root;
    const char *config;  /* the coverage configuration that was read; NULL: none */
    const char *context; /* [run] context; NULL: none */
    struct settings_list source_dirs, source_pkgs, include, omit;
    bool branch;
    const char *unusable; /* why nothing is to be recorded by them; NULL. Never in the file */
};

/*
 * Fills `settings`; `executable` is this interpreter's (for the helper), NULL when not known.
 * 0, or -1 when memory ran out. Where coverage.py would refuse the configuration, or it can't be
 * read, the defaults hold, and what is sealed says so. Keeps errno. Caller holds the GIL or is
 * alone.
 */
int settings_load(struct settings *settings, const char *executable);

/* Parses `text` (taken over, also on failure) as the file `settings`. 0 or -1. */
int settings_parse(struct settings *settings, char *text);

#endif
