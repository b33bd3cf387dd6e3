/* What a plugin of coverage.py says of a file that it traced (plugin_files.h). */
#ifndef COVFORK_PLUGIN_FILE_H
#define COVFORK_PLUGIN_FILE_H

#include "collector/source/analysis.h"

#include <stddef.h>

struct plugin_file {
    struct analysis analysis; /* of lines as it translates them; source_file.executed and arcs are
                               * then such, too */
    unsigned char *bytes;     /* its text in UTF-8 */
    size_t size;
};

void plugin_file_free(struct plugin_file *file); /* may be NULL */

#endif
