/* Finds CPython's functions in this process. See api.h. */
#include "api.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct python_api python;

/* Where its functions are looked up: all that is global, or the library that brought it. */
static void *place = RTLD_DEFAULT;

void *python_api_symbol(const char *name)
{
    void *found = dlsym(place, name);
    if (!found)
        dlerror(); /* the program must not find the message of our look-up */
    return found;
}

/* "3.13.0rc1+ (main, …" → numbers and PY_VERSION_HEX. */
static void parse_version(const char *text)
{
    int major = 0, minor = 0, micro = 0, length = 0;
    if (sscanf(text, "%d.%d.%d%n", &major, &minor, &micro, &length) != 3)
        return;
    uint32_t level = 0xf, serial = 0;
    const char *rest = text + length;
    if (*rest == 'a' || *rest == 'b')
        level = *rest == 'a' ? 0xa : 0xb;
    else if (*rest == 'r')
        level = 0xc;
    if (level != 0xf)
        serial = (uint32_t)strtoul(rest + (level == 0xc ? 2 : 1), NULL, 10) & 0xf;
    python.major = major;
    python.minor = minor;
    python.version =
        (uint32_t)major << 24 | (uint32_t)minor << 16 | (uint32_t)micro << 8 | level << 4 | serial;
    snprintf(python.text, sizeof python.text, "%.*s", (int)strcspn(text, " "), text);
}

/* What the presences of api.h mean. */
#define IS_EARLY_early             true
#define IS_EARLY_early_optional    true
#define IS_EARLY_required          false
#define IS_EARLY_optional          false
#define IS_REQUIRED_early          true
#define IS_REQUIRED_early_optional false
#define IS_REQUIRED_required       true
#define IS_REQUIRED_optional       false

/* Looks up the early functions or the others. False when a required one is missing. */
static bool find(bool early)
{
    bool whole = true;
#define X(presence, type, field, symbol, parameters)                                               \
    if (IS_EARLY_##presence == early) {                                                            \
        *(void **)&python.field = python_api_symbol(#symbol);                                      \
        if (IS_REQUIRED_##presence && !python.field)                                               \
            whole = false;                                                                         \
    }
    PYTHON_API(X)
#undef X
    return whole;
}

bool python_api_find_in(void *library)
{
    if (python.major)
        return true;
    place = library;
    void *hook = python_api_symbol(PYTHON_MARK);
    if (!hook || !find(true))
        return false;
    if (!python.interpreter)
        python.interpreter = python.interpreter_old;
    if (!python.interpreter)
        return false;
    parse_version(python.get_version());
    return python.major == 3 && python.minor >= 8;
}

bool python_api_find(void)
{
    return python_api_find_in(RTLD_DEFAULT);
}

static bool complete(void)
{
    if (python.is_complete)
        return true;
    if (!find(false))
        return false;
    python.code_type = python_api_symbol("PyCode_Type");
    python.object_type = python_api_symbol("PyBaseObject_Type");
    python.none = python_api_symbol("_Py_NoneStruct");
    python.keyboard_interrupt = python_api_symbol("PyExc_KeyboardInterrupt");
    python.stop_iteration = python_api_symbol("PyExc_StopIteration");
    python.stop_async_iteration = python_api_symbol("PyExc_StopAsyncIteration");
    python.value_error = python_api_symbol("PyExc_ValueError");
    if (!python.current_thread)
        python.current_thread = python.current_thread_old;
    bool whole = python.code_type && python.object_type && python.none &&
                 python.keyboard_interrupt && python.stop_iteration &&
                 python.stop_async_iteration && python.value_error;
    __atomic_store_n(&python.is_complete, whole, __ATOMIC_RELEASE);
    return whole;
}

/* Interpreters with a GIL each may want it at once, and one uses what another finds again. */
static atomic_flag completing = ATOMIC_FLAG_INIT;

bool python_api_complete(void)
{
    if (__atomic_load_n(&python.is_complete, __ATOMIC_ACQUIRE))
        return true;
    while (atomic_flag_test_and_set_explicit(&completing, memory_order_acquire))
        sched_yield();
    bool whole = complete();
    atomic_flag_clear_explicit(&completing, memory_order_release);
    return whole;
}

void python_api_after_fork_child(void)
{
    atomic_flag_clear(&completing);
}

const char *python_text(PyObject *string, PyObject **owner)
{
    *owner = NULL;
    const char *text = python.as_utf8(string);
    if (text)
        return text;
    /* Not a str, or bytes that were not UTF-8 and live in it as lone surrogates. */
    python.clear_error();
    PyObject *bytes = python.encode_file_name(string);
    char *start;
    ssize_t length;
    if (bytes && python.bytes_get(bytes, &start, &length) == 0) {
        *owner = bytes;
        return start;
    }
    python.clear_error();
    if (bytes)
        python.decrement(bytes);
    return NULL;
}

/* Takes the reference to `string`, which may be NULL. */
static const char *text_of(PyObject *string, PyObject **owner)
{
    *owner = NULL;
    if (!string) {
        python.clear_error();
        return NULL;
    }
    PyObject *inner;
    const char *text = python_text(string, &inner);
    if (inner || !text) {
        python.decrement(string);
        *owner = inner;
    } else {
        *owner = string;
    }
    return text;
}

const char *python_text_attribute(PyObject *object, const char *name, PyObject **owner)
{
    return text_of(python.get_attribute(object, name), owner);
}

/* Takes the reference to `number`, which may be NULL. */
static long long_of(PyObject *number)
{
    if (!number) {
        python.clear_error();
        return -1;
    }
    long value = python.as_long(number);
    if (value == -1)
        python.clear_error();
    python.decrement(number);
    return value;
}

long python_long_attribute(PyObject *object, const char *name)
{
    return long_of(python.get_attribute(object, name));
}

/* The main interpreter's, kept for good: an interned one would not outlive its interpreter. */
static _Atomic(PyObject *) attribute_names[CODE_ATTRIBUTES];

void python_api_begin_life(void)
{
    for (size_t i = 0; i < CODE_ATTRIBUTES; i++)
        atomic_store(&attribute_names[i], NULL);
}

PyObject *python_code_attribute(PyObject *code, enum code_attribute attribute)
{
    static const char *const texts[CODE_ATTRIBUTES] = {
        [CODE_FILE_NAME] = "co_filename",   [CODE_NAME] = "co_name",
        [CODE_FLAGS] = "co_flags",          [CODE_CONSTANTS] = "co_consts",
        [CODE_LINE_TABLE] = "co_linetable", [CODE_BYTES] = "co_code",
    };
    const char *text =
        attribute == CODE_LINE_TABLE && python.minor < 10 ? "co_lnotab" : texts[attribute];
    if (python_interpreter_id() != 0)
        return python.get_attribute(code, text);
    PyObject *name = atomic_load_explicit(&attribute_names[attribute], memory_order_acquire);
    if (!name) {
        name = python.new_string(text);
        if (!name)
            return NULL;
        atomic_store_explicit(&attribute_names[attribute], name, memory_order_release);
    }
    return python.get_attribute_of_name(code, name);
}

const char *python_code_text(PyObject *code, enum code_attribute attribute, PyObject **owner)
{
    return text_of(python_code_attribute(code, attribute), owner);
}

long python_code_long(PyObject *code, enum code_attribute attribute)
{
    return long_of(python_code_attribute(code, attribute));
}

int python_first_line(PyObject *code)
{
    /* No instruction is before the first: the line where the count of lines begins. */
    return python.line_of_offset(code, -1);
}

bool python_is_code(PyObject *object)
{
    PyObject *type = python.type_of(object);
    bool is = type == python.code_type;
    if (type)
        python.decrement(type);
    return is;
}

bool python_is_annotations(PyObject *code)
{
    PyObject *owner;
    const char *name = python_code_text(code, CODE_NAME, &owner);
    bool is = name && strcmp(name, "__annotate__") == 0;
    if (owner)
        python.decrement(owner);
    return is;
}

bool python_is_held(void)
{
    if (!python.current_thread)
        return python.holds_gil() != 0;
    /* Before 3.12 the former is that of whoever holds the GIL. */
    PyThreadState *state = python.current_thread();
    return state && state == python.this_thread();
}

int64_t python_interpreter_id(void)
{
    PyInterpreterState *state = python.interpreter();
    return state ? python.interpreter_id(state) : 0;
}
