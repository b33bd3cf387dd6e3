/*
 * Files that are not Python, but what a plugin of coverage.py traced (templates): which of their
 * lines are statements, what of them ran and which ways on there are is the plugin's to say. It is
 * asked in one helper process for all of them (scripts/helper/plugins.py), and only where there are
 * any.
 */
#ifndef COVFORK_PLUGIN_FILES_H
#define COVFORK_PLUGIN_FILES_H

#include "analysis.h"
#include "config.h"
#include "error.h"
#include "source_file.h"

/* What a plugin says of a file. */
struct plugin_file {
    struct analysis analysis; /* of lines as it translates them; source_file.executed and arcs are
                               * then such, too */
    unsigned char *bytes;     /* its text in UTF-8 */
    size_t size;
};

void plugin_file_free(struct plugin_file *file); /* may be NULL */

/*
 * Asks for all files of `files` that have a tracer, and adds those below scope->dirs that nothing
 * ran and a plugin finds, as far as the scope leaves them in. source_file.plugin is set, or
 * source_file.problem. `rcfile` is what `config` was read with. 0 or -1.
 */
int plugin_files_ask(struct source_files *files, const struct source_scope *scope,
                     const struct config *config, const char *rcfile, struct error *error);

#endif
