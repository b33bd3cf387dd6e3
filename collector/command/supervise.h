/*
 * Runs a command as if we were not between it and our caller: in our process group, with what we
 * inherited (descriptors, dispositions, signal mask, limits), stopped and continued with us, and
 * told of each signal that is sent to us exactly as often as it was sent. What we inherited
 * ourselves is let go, so that a pipe ends when the command ends it. Prints nothing.
 */
#ifndef COVFORK_SUPERVISE_H
#define COVFORK_SUPERVISE_H

#include "collector/base/error.h"

#include <stdbool.h>

struct supervise_command {
    const char *path; /* of the program; no search */
    char **argv;
    char **environment;
};

/*
 * Runs it to its end. `*status` is as waitpid has it. All signals are blocked from then on, and
 * standard input and output are /dev/null. Where no process can be made it becomes the command
 * itself. -1 when the program can't be executed: `*problem` is the errno of that.
 */
int supervise(const struct supervise_command *command, int *status, int *problem);

#endif
