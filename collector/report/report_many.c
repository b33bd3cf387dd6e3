/*
 * Hands everything on to each part.
 */
#include "collector/report/report.h"

static int many_begin(void *state, struct error *error)
{
    const struct report_many *many = state;
    int result = 0;
    for (size_t i = 0; result == 0 && i < many->count; i++)
        result = many->parts[i].format->begin(many->parts[i].state, error);
    return result;
}

static int many_file(void *state, const struct report_file *file, struct error *error)
{
    const struct report_many *many = state;
    int result = 0;
    for (size_t i = 0; result == 0 && i < many->count; i++)
        result = many->parts[i].format->file(many->parts[i].state, file, error);
    return result;
}

static int many_end(void *state, const struct report_numbers *total, struct error *error)
{
    const struct report_many *many = state;
    int result = 0;
    for (size_t i = 0; result == 0 && i < many->count; i++)
        result = many->parts[i].format->end(many->parts[i].state, total, error);
    return result;
}

static bool many_needs_bytes(const void *state)
{
    const struct report_many *many = state;
    bool needs = false;
    for (size_t i = 0; i < many->count; i++)
        needs |= report_needs_bytes(many->parts[i].format, many->parts[i].state);
    return needs;
}

const struct report_format report_many_format = { many_begin, many_file, many_end,
                                                  many_needs_bytes };
