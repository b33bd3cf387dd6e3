/*
 * Files that are not Python, but what a plugin of coverage.py traced (templates): which of their
 * lines are statements, what of them ran and which ways on there are is the plugin's to say. It is
 * asked in one helper process for all of them (scripts/helper/plugins.py), and only where there are
 * any.
 */
#ifndef COVFORK_PLUGIN_FILES_H
#define COVFORK_PLUGIN_FILES_H

#include "collector/project/config.h"
#include "collector/base/error.h"
#include "collector/project/plugin_file.h"
#include "collector/project/source_file.h"

/*
 * Asks for all files of `files` that have a tracer, and adds those below scope->dirs that nothing
 * ran and a plugin finds, as far as the scope leaves them in. source_file.plugin is set, or
 * source_file.problem. `rcfile` is what `config` was read with. 0 or -1.
 */
int plugin_files_ask(struct source_files *files, const struct source_scope *scope,
                     const struct config *config, const char *rcfile, struct error *error);

#endif
