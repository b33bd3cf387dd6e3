/*
 * Which contexts a report is of: those that coverage.py's --contexts and [report] contexts choose,
 * regular expressions of which re.search finds one in the label. Reads memory only.
 */
#ifndef COVFORK_CONTEXT_FILTER_H
#define COVFORK_CONTEXT_FILTER_H

#include "collector/base/error.h"
#include "collector/model/model.h"
#include "collector/base/string_list.h"

#include <stdbool.h>

/*
 * Sets `*wanted` to a truth value for each of the model's contexts, "" (none) among them; the
 * caller frees it. NULL where there are no patterns: all are wanted. 0, or -1 with an ERROR_CONFIG
 * that names the pattern that is wrong.
 */
int context_filter_make(bool **wanted, const struct string_list *patterns,
                        const struct model *model, struct error *error);

#endif
