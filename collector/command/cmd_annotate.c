/*
 * covfork annotate: marked copies of the sources.
 */
#include "collector/command/cmd.h"

#include <stdlib.h>
#include <string.h>

/* Makes the folder `directory`, as far as it is missing. What goes wrong is said of its files. */
static void make_folder(const char *directory)
{
    char *inside;
    if (asprintf(&inside, "%s/", directory) < 0)
        return;
    cmd_make_parents(inside);
    free(inside);
}

static int write_copies(struct cmd_report *report, void *state)
{
    struct report_annotate *annotate = state;
    struct error error = { 0 };
    struct report_numbers total;
    if (annotate->directory)
        make_folder(annotate->directory);
    if (cmd_report_walk(report, &report_annotate_format, annotate, &total, &error) != 0)
        return cmd_fail(&error);
    return CMD_OK;
}

int cmd_annotate(int argc, char **argv)
{
    struct cmd_report_options common;
    cmd_report_options_init(&common);
    struct report_annotate annotate = { 0 };
    const struct option options[] = {
        { 'd', "directory", OPTION_TEXT, &annotate.directory, "DIR",
          "Write the copies to this folder. Default: each beside its source." },
        CMD_SOURCE_OPTIONS(&common),
    };
    const struct command command = {
        "annotate",
        "[FILE...]",
        "Make copies of the sources, named FILE,cover, with \"> \" before the lines of statements "
        "that "
        "ran,\n\"! \" before those that did not, and \"- \" before excluded ones.\n",
        options,
        sizeof options / sizeof options[0],
    };
    return cmd_report_run(&command, argc, argv, &common, write_copies, &annotate);
}
