/*
 * The patterns are few, and so are the labels: each is tried on each.
 */
#include "collector/project/context_filter.h"

#include "collector/source/exclude.h"

#include <stdlib.h>

static int add_pattern(bool *wanted, const char *pattern, const struct model *model,
                       struct error *error)
{
    struct exclude *expression = exclude_new_search(pattern, "Invalid context regex", error);
    int result = expression ? 0 : -1;
    for (size_t i = 0; result == 0 && i < model->context_count; i++) {
        bool found = false;
        result = exclude_search(expression, model->contexts[i], &found, error);
        wanted[i] |= found;
    }
    exclude_free(expression);
    return result;
}

int context_filter_make(bool **wanted, const struct string_list *patterns,
                        const struct model *model, struct error *error)
{
    *wanted = NULL;
    if (patterns->count == 0)
        return 0;
    bool *made = calloc(model->context_count + 1, sizeof *made);
    int result = made ? 0 : error_set(error, ERROR_MEMORY, "out of memory");
    for (size_t i = 0; result == 0 && i < patterns->count; i++)
        result = add_pattern(made, patterns->items[i], model, error);
    if (result != 0)
        free(made);
    else
        *wanted = made;
    return result;
}
