/*
 * The error object of the collector. Modules below cmd_* never print and never exit: they fill a
 * caller-owned struct error and return -1; main.c and cmd_* turn it into one line on stderr and an
 * exit status.
 */
#ifndef COVFORK_ERROR_H
#define COVFORK_ERROR_H

enum error_code {
    ERROR_NONE = 0,
    ERROR_USAGE,   /* a wrong option or argument */
    ERROR_SYSTEM,  /* a system call failed; text names the file and strerror */
    ERROR_FORMAT,  /* a file is not what it should be */
    ERROR_CONFIG,  /* a wrong configuration key or value; text names file and line */
    ERROR_NO_DATA, /* nothing to report */
    ERROR_SOURCE,  /* a source file can't be read or is not Python */
    ERROR_MEMORY,
};

struct error {
    enum error_code code;
    char text[1024]; /* one line, no newline at its end; "" when code is ERROR_NONE */
};

/* Sets `error` (a NULL error is allowed and ignored) and returns -1, for `return error_set(…)`.
 * Control characters from file names are replaced so that the text stays one line. */
int error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
