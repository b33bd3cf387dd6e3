/*
 * A line on stderr that says what takes so long: only on a terminal, and only when a step takes
 * more than a second. One step at a time, begun and ended by the main thread, and nothing else may
 * be written to stderr in between.
 */
#ifndef COVFORK_PROGRESS_H
#define COVFORK_PROGRESS_H

#include <stddef.h>

/* `what` is a literal: "analysing sources". With `all`, of so many parts. */
void progress_begin(const char *what, size_t all);
/* One part more is done. */
void progress_advance(void);
/* Takes the line away. */
void progress_end(void);

#endif
