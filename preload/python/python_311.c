/*
 * Tries out whether this Python is the one that python_311.h declares. A few functions are compiled
 * and called for it, in a namespace of their own; no audit event tells the program of them.
 *
 * It also sees to it that each call comes by the evaluator. 3.11 runs a __getitem__ without asking
 * for it where obj[key] was specialized, which it does for functions whose version number fits 16
 * bits; it counts these from 1 up, and a program that lives long gets past them. So the counter is
 * found, as the word in CPython's own data that is one more than the number given last, three times
 * in a row, and set to where it would be then.
 */
#include "python_311.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>

struct python_311 python_311;

static const char lesson[] = "def learn(a, b, c):\n"
                             "    if a:\n"
                             "        a.method(print, b.name)\n"
                             "        a.name = 1 + b + 2 + c\n"
                             "        a[b] = c[a]\n"
                             "        d, e = a\n"
                             "        while a < b:\n"
                             "            b = c\n"
                             "            e = d\n"
                             "        b += -a\n"
                             "def make():\n"
                             "    class Item:\n"
                             "        def __getitem__(self, index):\n"
                             "            return index\n"
                             "    return Item(), Item.__getitem__\n"
                             "def first(items):\n"
                             "    for i in range(64): items[i]\n"
                             "def second(items):\n"
                             "    for i in range(64): items[i]\n"
                             "def third(items):\n"
                             "    for i in range(64): items[i]\n"
                             "def last(items):\n"
                             "    for i in range(64): items[i]\n";

enum { GETS = 64, CALLS_UNTIL_QUICKENED = 8, MAGIC_NUMBER = 3495, COMPARE_SLOT = 67 };

/* From here on a version number is never that of a specialized obj[key]. */
#define VERSION_PAST_SPECIALIZED 0x10000u

static bool find_symbols(void)
{
    bool found = true;
#define X(type, field, symbol, parameters)                                                         \
    *(void **)&python_311.field = python_api_symbol(#symbol);                                      \
    if (!python_311.field)                                                                         \
        found = false;
    PYTHON_311_API(X)
#undef X
    return found;
}

/* Is the attribute `name` of `object` what the struct has for it? */
static bool is_attribute(PyObject *object, const char *name, const PyObject *expected)
{
    PyObject *value = python.get_attribute(object, name);
    bool is = value && value == expected;
    if (value)
        python.decrement(value);
    return is;
}

/* Of a code object that never ran. */
static bool knows_code(PyObject *object)
{
    struct code_311 *code = (struct code_311 *)object;
    PyObject *original = python_311.original_code(code);
    char *bytes;
    ssize_t size;
    bool knows = original && python.bytes_get(original, &bytes, &size) == 0 &&
                 code->unit_count > 0 && size == code->unit_count * 2 &&
                 code->original == original && memcmp(code->units, bytes, (size_t)size) == 0 &&
                 code->first_traceable >= 0 && code->first_traceable < code->unit_count &&
                 code->units[code->first_traceable * 2] == OPCODE_311_RESUME && code->warm_up < 0 &&
                 code->first_line == python_first_line(object) &&
                 code->flags == python_code_long(object, CODE_FLAGS) &&
                 code->stack_size == python_long_attribute(object, "co_stacksize") &&
                 is_attribute(object, "co_consts", code->constants) &&
                 is_attribute(object, "co_filename", code->file_name) &&
                 is_attribute(object, "co_name", code->name) &&
                 is_attribute(object, "co_linetable", code->line_table);
    if (original)
        python.decrement(original);
    return knows;
}

static PyObject *code_of(PyObject *namespace, const char *function)
{
    PyObject *found = python.dict_get(namespace, function);
    PyObject *code = found ? python.get_attribute(found, "__code__") : NULL;
    if (code)
        python.decrement(code); /* the function keeps it */
    return code;
}

/* Calls namespace.NAME with `a` (may be NULL), `b` and `c`. The result is released. */
static bool call(PyObject *namespace, const char *name, PyObject *a, PyObject *b, PyObject *c)
{
    PyObject *function = python.dict_get(namespace, name);
    PyObject *result = function ? python.call(function, a, b, c, NULL) : NULL;
    if (result)
        python.decrement(result);
    return result != NULL;
}

static bool learn_quickening(PyObject *namespace)
{
    struct code_311 *code = (struct code_311 *)code_of(namespace, "learn");
    if (!code || !knows_code((PyObject *)code))
        return false;
    size_t size = (size_t)code->unit_count * 2;
    python_311.fresh_warm_up = code->warm_up;
    uint8_t *before = malloc(size);
    if (!before)
        return false;
    memcpy(before, code->units, size);
    bool done = true;
    for (int i = 0; done && i < CALLS_UNTIL_QUICKENED; i++)
        done = call(namespace, "learn", python.none, python.none, python.none);
    done = done && code->warm_up == 0 &&
           quickening_learn(&python_311.quickening, before, code->units, (size_t)code->unit_count);
    free(before);
    return done;
}

/* What is being tried out, with an evaluator that counts. */
static struct {
    struct function_311 *item; /* __getitem__ */
    int calls;
    bool is_known;
} trial;

static PyObject *count_call(PyThreadState *state, struct frame_311 *frame, int throwing)
{
    const struct code_311 *code = frame->code;
    if (!trial.item || (const PyObject *)code != trial.item->code)
        return python_311.evaluate(state, frame, throwing);
    trial.calls++;
    if (frame->function != (PyObject *)trial.item || frame->globals != trial.item->globals ||
        frame->previous_unit + 2 != code->units || frame->stack_top != code->local_count)
        trial.is_known = false;
    PyObject *result = python_311.evaluate(state, frame, throwing);
    if (frame->previous_unit != code->units + (code->unit_count - 1) * 2 || !frame->is_entry)
        trial.is_known = false;
    return result;
}

/* Has the function NAME of the namespace take items of a new kind, and tells the version number
 * that its __getitem__ was given; 0: nothing was as it should be. */
static uint32_t try_items(PyObject *namespace, const char *name)
{
    PyObject *make = python.dict_get(namespace, "make");
    PyObject *pair = make ? python.call(make, NULL) : NULL;
    if (!pair || python.tuple_size(pair) != 2) {
        if (pair)
            python.decrement(pair);
        return 0;
    }
    trial.item = (struct function_311 *)python.tuple_get(pair, 1);
    trial.calls = 0;
    uint32_t version = 0;
    if (is_attribute((PyObject *)trial.item, "__code__", trial.item->code) &&
        is_attribute((PyObject *)trial.item, "__globals__", trial.item->globals) &&
        is_attribute((PyObject *)trial.item, "__qualname__", trial.item->qualified_name) &&
        trial.item->version == 0 && call(namespace, name, python.tuple_get(pair, 0), NULL, NULL))
        version = trial.item->version;
    trial.item = NULL;
    python.decrement(pair);
    return version;
}

/* The words of CPython's data that may be its counter. */
struct candidates {
    uint32_t **words; /* owned */
    size_t count, room;
    uint32_t value;
    bool failed;
};

static bool is_in(const struct dl_phdr_info *object, uintptr_t address)
{
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && address >= object->dlpi_addr + part->p_vaddr &&
            address - object->dlpi_addr - part->p_vaddr < part->p_memsz)
            return true;
    }
    return false;
}

__attribute__((no_sanitize_address)) static void find_words(struct candidates *found,
                                                            uintptr_t start, size_t size)
{
    uint32_t *word = (uint32_t *)((start + 3) & ~(uintptr_t)3);
    const uint32_t *end = (const uint32_t *)((start + size) & ~(uintptr_t)3);
    for (; word < end; word++) {
        if (*word != found->value)
            continue;
        if (found->count == found->room) {
            size_t room = found->room ? found->room * 2 : 1024;
            uint32_t **words = realloc(found->words, room * sizeof *words);
            if (!words) {
                found->failed = true;
                return;
            }
            found->words = words;
            found->room = room;
        }
        found->words[found->count++] = word;
    }
}

static int look_at_object(struct dl_phdr_info *object, size_t size, void *data)
{
    (void)size;
    if (!is_in(object, (uintptr_t)python.add_audit_hook))
        return 0;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_W))
            find_words(data, object->dlpi_addr + part->p_vaddr, part->p_memsz);
    }
    return 1;
}

static void keep_words(struct candidates *found, uint32_t value)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++)
        if (*found->words[i] == value)
            found->words[kept++] = found->words[i];
    found->count = kept;
}

/* The counter whose last number is `*version`, which goes on while it is looked for. NULL: it can't
 * be told from other words. */
static uint32_t *find_counter(PyObject *namespace, uint32_t *version)
{
    static const char *const functions[] = { "second", "third" };
    struct candidates found = { .value = *version + 1 };
    dl_iterate_phdr(look_at_object, &found);
    for (size_t i = 0; *version > 0 && i < sizeof functions / sizeof functions[0]; i++) {
        /* One more class before the last: those are counted as well, and may have come as far. */
        if (i > 0 && !call(namespace, "make", NULL, NULL, NULL))
            *version = 0;
        else
            *version = try_items(namespace, functions[i]);
        keep_words(&found, *version + 1);
    }
    uint32_t *counter = *version > 0 && !found.failed && found.count == 1 ? found.words[0] : NULL;
    free(found.words);
    return counter;
}

/* Whose last number is `version`. */
static bool raise_versions(PyObject *namespace, uint32_t version)
{
    uint32_t *counter = find_counter(namespace, &version);
    if (!counter)
        return false;
    *counter = VERSION_PAST_SPECIALIZED;
    if (try_items(namespace, "last") == VERSION_PAST_SPECIALIZED &&
        *counter == VERSION_PAST_SPECIALIZED + 1 && trial.calls == GETS)
        return true;
    *counter = version + 1;
    return false;
}

static bool sees_all_calls(PyObject *namespace)
{
    PyInterpreterState *interpreter = python.interpreter();
    trial.is_known = true;
    python_311.set_evaluator(interpreter, count_call);
    uint32_t version = try_items(namespace, "first");
    bool sees = version > 0 && trial.is_known;
    /* Seen by chance where it isn't specialized yet: what counts is the version, or that it was. */
    if (sees && version < VERSION_PAST_SPECIALIZED && trial.calls < GETS)
        sees = raise_versions(namespace, version) && trial.is_known;
    else if (sees)
        sees = trial.calls == GETS;
    python_311.set_evaluator(interpreter, python_311.evaluate);
    return sees;
}

/* PyType_GetSlot tells the function; where it is has not changed since 3.0. */
static bool find_compare(void)
{
    enum { WORDS_BEFORE = 25 };
    void **slot = (void **)python.code_type + WORDS_BEFORE;
    python_311.compare = (python_311_compare *)slot;
    return *slot && *slot == python_311.type_slot(python.code_type, COMPARE_SLOT);
}

static bool try_out(void)
{
    PyObject *namespace = python.new_dict();
    PyObject *code = namespace ? python.compile(lesson, "<covfork>", PYTHON_FILE_INPUT) : NULL;
    bool known = code && python.dict_set(namespace, "__builtins__", python.get_builtins()) == 0;
    PyObject *result = known ? python.evaluate(code, namespace, namespace) : NULL;
    known = result && find_compare() && learn_quickening(namespace) && sees_all_calls(namespace);
    if (result)
        python.decrement(result);
    if (code)
        python.decrement(code);
    if (namespace)
        python.decrement(namespace);
    python.clear_error();
    return known;
}

bool python_311_is_known(void)
{
    static int known = -1;
    if (known < 0)
        known = python.version >> 16 == 0x030b && !python_api_symbol("_Py_RefTotal") &&
                find_symbols() && python_311.magic_number() % 0x10000 == MAGIC_NUMBER && try_out();
    return known > 0;
}
