/* See superinstructions.h. */
#include "superinstructions.h"

#include "quickening.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct superinstructions {
    uint8_t *place; /* the bytecode in the code object itself */
    size_t units;
    uint8_t forms[]; /* of each unit: what the pair that begins there becomes; 0: nothing */
};

/* Opcodes of 3.12; of the first three, each pair that is one, and each that is none. */
enum { LOAD_CONST = 100, RETURN_CONST = 121, LOAD_FAST = 124, STORE_FAST = 125, RESUME = 151 };
static const uint8_t lesson[] = { RESUME,     0, LOAD_FAST,  0, LOAD_FAST,  0, LOAD_CONST,   0,
                                  LOAD_CONST, 0, STORE_FAST, 0, STORE_FAST, 0, LOAD_FAST,    0,
                                  STORE_FAST, 0, LOAD_CONST, 0, LOAD_FAST,  0, RETURN_CONST, 0 };

static struct {
    enum { UNTRIED, KNOWN, UNKNOWN } state;
    struct quickening pairs;
    long offset; /* of the bytecode in a code object */
} learned;

/*
 * The lesson as code that never runs; a new reference or NULL. Not compiled: an audit hook of the
 * program would see that.
 */
static PyObject *new_lesson(void)
{
    PyObject *code = python.new_bytes((const char *)lesson, sizeof lesson);
    PyObject *none = python.new_bytes(NULL, 0);
    PyObject *names = python.new_tuple(0);
    PyObject *name = python.new_string("<covfork>");
    PyObject *made = NULL;
    if (code && none && names && name && python.new_code)
        made = python.new_code(0, 0, 0, 0, 2, 0, code, names, names, names, names, names, name,
                               name, name, 1, none, none);
    PyObject *parts[] = { code, none, names, name };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            python.decrement(parts[i]);
    return made;
}

static bool learn_from(PyObject *code)
{
    PyObject *before = python_code_attribute(code, CODE_BYTES);
    PyObject *after = python.get_attribute(code, "_co_code_adaptive");
    char *old, *new;
    ssize_t old_size, new_size;
    learned.offset = python_long_attribute(python.code_type, "__basicsize__");
    bool known = before && after && learned.offset > 0 &&
                 python.bytes_get(before, &old, &old_size) == 0 &&
                 python.bytes_get(after, &new, &new_size) == 0 && old_size == new_size &&
                 memcmp((const char *)code + learned.offset, new, (size_t)new_size) == 0 &&
                 quickening_learn(&learned.pairs, (const uint8_t *)old, (const uint8_t *)new,
                                  (size_t)new_size / 2) &&
                 learned.pairs.pair_count > 0;
    if (before)
        python.decrement(before);
    if (after)
        python.decrement(after);
    return known;
}

static bool is_known(void)
{
    if (learned.state != UNTRIED)
        return learned.state == KNOWN;
    PyObject *code = new_lesson();
    learned.state = code && learn_from(code) ? KNOWN : UNKNOWN;
    if (code)
        python.decrement(code);
    python.clear_error();
    return learned.state == KNOWN;
}

struct superinstructions *superinstructions_new(PyObject *code, const uint8_t *bytes, size_t units)
{
    if (python.minor != 12 || python_interpreter_id() != 0 || !is_known())
        return NULL;
    struct superinstructions *pairs = calloc(1, sizeof *pairs + units);
    if (!pairs)
        return NULL;
    pairs->place = (uint8_t *)code + learned.offset;
    pairs->units = units;
    bool found = false;
    for (size_t i = 0; i + 1 < units; i++) {
        const struct quickened_pair *pair =
            quickening_find_pair(&learned.pairs, bytes[i * 2], bytes[i * 2 + 2]);
        pairs->forms[i] = pair ? pair->form : 0;
        found |= pair != NULL;
    }
    if (found)
        return pairs;
    free(pairs);
    return NULL;
}

/* Is it the first half of a pair, as it is when it stands alone? */
static bool is_plain(uint8_t opcode)
{
    for (size_t i = 0; i < learned.pairs.pair_count; i++)
        if (learned.pairs.pairs[i].first == opcode)
            return true;
    return false;
}

void superinstructions_put_back(const struct superinstructions *pairs, size_t unit)
{
    if (unit == 0 || unit >= pairs->units || !pairs->forms[unit - 1])
        return;
    uint8_t *first = pairs->place + (unit - 1) * 2;
    if (is_plain(*first))
        *first = pairs->forms[unit - 1];
}
