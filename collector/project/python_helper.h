/*
 * Runs the small Python programs of scripts/helper/ (embedded at build time) in an interpreter:
 * isolated (-I -S), without our preload, with a pipe for its answer. Never the measured program.
 */
#ifndef COVFORK_PYTHON_HELPER_H
#define COVFORK_PYTHON_HELPER_H

#include "collector/base/error.h"
#include "collector/base/line_set.h"
#include "collector/base/string_list.h"

#include <jansson.h>
#include <stdint.h>

/*
 * Runs `program` (Python source text) in the first of `interpreters` (none: of python3 and python
 * in PATH, see interpreter.h) that can be started and is Python 3.8 or newer. `arguments` is
 * NULL-terminated (sys.argv[1:]); `input` goes to its standard input. Its standard output is
 * returned in `*output` (caller frees, NUL added behind `*output_size`). 0, or -1 with what went
 * wrong, the last line of the helper's stderr in it.
 */
int python_helper_run(const char *program, const struct string_list *interpreters,
                      const char *const *arguments, const char *input, size_t input_size,
                      char **output, size_t *output_size, struct error *error);

/*
 * python_helper_run for a program that imports what is installed (helper_plugins): the interpreter
 * is not isolated, its packages and PYTHONPATH are there. One is fit that has what the program
 * wants: the program says so by the greeting, "covfork helper 1" on a line. ERROR_SYSTEM when none
 * is.
 */
int python_helper_run_plugins(const char *program, const struct string_list *interpreters,
                              const char *const *arguments, const char *input, size_t input_size,
                              char **output, size_t *output_size, struct error *error);

/*
 * python_helper_run in two steps and one interpreter, for who has something else to do in between:
 * python_helper_begin starts it, NULL when that fails; `interpreter` and `input` are the caller's
 * and stay until python_helper_end or python_helper_kill, of which one must follow. The first is 0,
 * or -1 when there is no answer: nothing is lost, python_helper_run would say why.
 */
struct python_helper;
struct python_helper *python_helper_begin(const char *program, const char *interpreter,
                                          const char *const *arguments, const char *input,
                                          size_t input_size);
int python_helper_end(struct python_helper *helper, char **output, size_t *output_size);
void python_helper_kill(struct python_helper *helper); /* may be NULL */

/*
 * json_loadb for what a helper printed: Python's surrogateescape, which jansson refuses, is let
 * through. Strings of the result are read with python_helper_bytes. NULL with an ERROR_FORMAT.
 */
json_t *python_helper_parse(const char *text, size_t size, struct error *error);
/* The bytes of such a string ("" when it is none); caller frees. NULL when memory ran out. */
char *python_helper_bytes(const json_t *string);

struct python_line_table {
    char *path;
    uint32_t python;       /* PY_VERSION_HEX of the interpreter that compiled it */
    struct line_set lines; /* lines with code, as ByteParser of coverage.py finds them */
    char *problem;         /* NULL, or why the file could not be compiled (one line) */
};

/*
 * Compiles every file of `paths` in one helper process and gives its line tables, in the order of
 * `paths`; `*tables` has paths->count entries, freed by python_line_tables_free. Answers are cached
 * below `cache_directory` (NULL: not) by path, size and mtime, and the interpreter. 0 or -1.
 */
int python_line_tables(const struct string_list *paths, const struct string_list *interpreters,
                       const char *cache_directory, struct python_line_table **tables,
                       struct error *error);
void python_line_tables_free(struct python_line_table *tables, size_t count);

#endif
