/* See quickening.h. */
#include "quickening.h"

enum { CACHE = 0, JUMP_BACKWARD = 140 };

const struct quickened_pair *quickening_find_pair(const struct quickening *known, uint8_t first,
                                                  uint8_t second)
{
    for (size_t i = 0; i < known->pair_count; i++)
        if (known->pairs[i].first == first && known->pairs[i].second == second)
            return &known->pairs[i];
    return NULL;
}

static bool add_form(struct quickening *known, uint8_t opcode, uint8_t form)
{
    if (known->forms[opcode] && known->forms[opcode] != form)
        return false;
    known->forms[opcode] = form;
    return true;
}

static bool add_pair(struct quickening *known, uint8_t first, uint8_t second, uint8_t form)
{
    const struct quickened_pair *pair = quickening_find_pair(known, first, second);
    if (pair)
        return pair->form == form;
    if (known->pair_count == QUICKENING_PAIRS)
        return false;
    known->pairs[known->pair_count++] = (struct quickened_pair){ first, second, form };
    return true;
}

/* Is `opcode`, before `next`, rewritten whatever comes after it? One that has an inline cache is;
 * of the others only those that are no part of a pair are known to be. */
static bool stands_alone(uint8_t opcode, uint8_t next)
{
    return next == CACHE || opcode == JUMP_BACKWARD;
}

bool quickening_learn(struct quickening *known, const uint8_t *before, const uint8_t *after,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t opcode = before[i * 2], form = after[i * 2];
        if (before[i * 2 + 1] != after[i * 2 + 1] || (opcode == CACHE) != (form == CACHE))
            return false;
        if (opcode == form)
            continue;
        if (i + 1 == count)
            return false;
        uint8_t next = before[i * 2 + 2];
        if (!(stands_alone(opcode, next) ? add_form(known, opcode, form)
                                         : add_pair(known, opcode, next, form)))
            return false;
    }
    return true;
}

void quickening_apply(const struct quickening *known, uint8_t *units, const uint8_t *original,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t opcode = original[i * 2];
        if (opcode == CACHE)
            continue;
        const struct quickened_pair *pair =
            i + 1 < count ? quickening_find_pair(known, opcode, original[i * 2 + 2]) : NULL;
        uint8_t form = pair ? pair->form : known->forms[opcode];
        units[i * 2] = form ? form : opcode;
    }
}
