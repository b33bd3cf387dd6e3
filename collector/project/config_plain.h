/*
 * Configuration files that are plain enough to be read without Python: INI files of which nothing
 * is in doubt, and pyproject.toml likewise. Gives what scripts/helper/read_config.py would print of
 * them, or says that it must be asked: of a wrong value, of an option that nobody knows, of
 * variables, of anything out of the ordinary. Runs in the collector only.
 */
#ifndef COVFORK_CONFIG_PLAIN_H
#define COVFORK_CONFIG_PLAIN_H

#include <jansson.h>

/* What is a reason to ask, too: that a run may be refused for it, and that it may have no effect.
 */
enum config_plain_use {
    CONFIG_PLAIN_FOR_REPORT,
    CONFIG_PLAIN_FOR_REFUSALS,
    CONFIG_PLAIN_FOR_WARNINGS,
};

enum config_plain_result { CONFIG_PLAIN_READ, CONFIG_PLAIN_ASK };

/*
 * `directory` is canonical; `specified` is the file that was asked for, NULL where coverage.py
 * looks for one.
 * CONFIG_PLAIN_READ with the answer, which the caller frees, or CONFIG_PLAIN_ASK with NULL (memory
 * that ran out is a reason, too).
 */
enum config_plain_result config_plain_read(const char *directory, const char *specified,
                                           enum config_plain_use use, json_t **answer);

/* The options that are known, for the test that they are the helper's: "SECTION NAME:KIND …",
 * NULL-terminated. */
extern const char *const config_plain_options[];

#endif
