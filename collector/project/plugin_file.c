/* See plugin_file.h. */
#include "collector/project/plugin_file.h"

#include <stdlib.h>

void plugin_file_free(struct plugin_file *file)
{
    if (!file)
        return;
    analysis_close(&file->analysis);
    free(file->bytes);
    free(file);
}
