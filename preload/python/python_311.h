/*
 * CPython 3.11 from the inside, for breakpoints.c: the one exception to api.h's rule that no struct
 * is read by offset. Its frames, code objects and functions, as far as they are used, declared by
 * hand; python_311_is_known tries out that this is how they are before anything relies on it.
 *
 * Everything runs with the GIL held and leaves no exception set.
 */
#ifndef COVFORK_PYTHON_PYTHON_311_H
#define COVFORK_PYTHON_PYTHON_311_H

#include "api.h"
#include "quickening.h"

/* A code object. Its instructions are `unit_count` pairs of an opcode and an argument. */
struct code_311 {
    ssize_t reference_count;
    PyObject *type;
    ssize_t unit_count;
    PyObject *constants, *names, *exception_table;
    int flags;
    short warm_up; /* counts up to 0 with calls and loops: then the code is quickened */
    short line_entry_size;
    int argument_counts[3];
    int stack_size;
    int first_line;
    int local_count; /* variables, cells and free variables: the stack begins after them */
    int local_counts[4];
    PyObject *local_names, *local_kinds, *file_name, *name, *qualified_name, *line_table;
    PyObject *weak_references;
    PyObject *original; /* what PyCode_GetCode has returned, or NULL */
    char *line_array;
    int first_traceable; /* the unit of its first RESUME; unit_count: it has none */
    void *extra;         /* the slots of PEP 523 */
    uint8_t units[];     /* as they are executed now */
};

struct frame_311 {
    PyObject *function, *globals, *builtins, *locals;
    struct code_311 *code;
    PyObject *object;
    struct frame_311 *previous;
    uint8_t *previous_unit; /* the one before that which is executed next */
    int stack_top;          /* while it doesn't run */
    bool is_entry;
    char owner;
};

struct function_311 {
    ssize_t reference_count;
    PyObject *type;
    PyObject *globals, *builtins, *name, *qualified_name, *code, *defaults, *keyword_defaults,
        *closure, *document, *dict, *weak_references, *module, *annotations;
    void *vector_call;
    uint32_t version;
};

enum { OPCODE_311_CACHE = 0, OPCODE_311_RETURN_VALUE = 83 };
enum { OPCODE_311_EXTENDED_ARG = 144, OPCODE_311_RESUME = 151 };

typedef PyObject *(*python_311_evaluator)(PyThreadState *state, struct frame_311 *frame,
                                          int throwing);
typedef PyObject *(*python_311_compare)(PyObject *self, PyObject *other, int operation);

/* X(type, field, symbol, parameters) */
#define PYTHON_311_API(X)                                                                          \
    X(void, set_evaluator, _PyInterpreterState_SetEvalFrameFunc,                                   \
      (PyInterpreterState *, python_311_evaluator))                                                \
    X(python_311_evaluator, get_evaluator, _PyInterpreterState_GetEvalFrameFunc,                   \
      (PyInterpreterState *))                                                                      \
    X(PyObject *, evaluate, _PyEval_EvalFrameDefault, (PyThreadState *, struct frame_311 *, int))  \
    X(PyObject *, original_code, PyCode_GetCode, (struct code_311 *))                              \
    X(PyObject *, error, PyErr_Occurred, (void))                                                   \
    X(PyFrameObject *, thread_frame, PyThreadState_GetFrame, (PyThreadState *))                    \
    X(PyFrameObject *, frame_back, PyFrame_GetBack, (PyFrameObject *))                             \
    X(PyInterpreterState *, first_interpreter, PyInterpreterState_Head, (void))                    \
    X(PyInterpreterState *, next_interpreter, PyInterpreterState_Next, (PyInterpreterState *))     \
    X(void *, type_slot, PyType_GetSlot, (PyObject *, int))                                        \
    X(long, magic_number, PyImport_GetMagicNumber, (void))

struct python_311 {
#define X(type, field, symbol, parameters) type(*field) parameters;
    PYTHON_311_API(X)
#undef X
    struct quickening quickening;
    short fresh_warm_up;         /* of code that was never run */
    python_311_compare *compare; /* where the type of code objects has it */
};

extern struct python_311 python_311;

/*
 * Is this 3.11 the one that is declared here, and does each call of a Python function go through
 * an evaluator that is set? Fills python_311. Tried out once a process; takes some 300 us.
 */
bool python_311_is_known(void);

#endif
