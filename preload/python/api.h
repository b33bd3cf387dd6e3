/*
 * The functions of CPython that are used, found at run time in the process: one libcovfork.so
 * serves every version, shared and static builds, debug and free-threaded ones. Declared by hand
 * and only what is exported: no header of CPython, no struct read by offset (but for python_311.h),
 * no reference count touched by macro.
 */
#ifndef COVFORK_PYTHON_API_H
#define COVFORK_PYTHON_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct python_object PyObject;
typedef struct python_frame PyFrameObject;
typedef struct python_thread_state PyThreadState;
typedef struct python_interpreter_state PyInterpreterState;

typedef int (*python_audit_hook)(const char *event, PyObject *arguments, void *data);
typedef int (*python_trace_function)(PyObject *data, PyFrameObject *frame, int what,
                                     PyObject *value);
/* Its frame is an object up to 3.10, and something else since. */
typedef PyObject *(*python_evaluator)(PyThreadState *state, void *frame, int throwing);
typedef PyObject *(*python_fast_function)(PyObject *self, PyObject *const *arguments,
                                          ssize_t count);

/* PyMethodDef, part of the stable ABI. */
struct python_method {
    const char *name;
    void *function;
    int flags;
    const char *document;
};
#define PYTHON_METH_NOARGS   0x0004
#define PYTHON_METH_O        0x0008
#define PYTHON_METH_FASTCALL 0x0080

/* Py_file_input: what is compiled is a module. */
enum { PYTHON_FILE_INPUT = 257 };

/* PyMemAllocatorEx, and PYMEM_DOMAIN_RAW. */
struct python_allocator {
    void *context;
    void *(*malloc)(void *context, size_t size);
    void *(*calloc)(void *context, size_t count, size_t size);
    void *(*realloc)(void *context, void *block, size_t size);
    void (*free)(void *context, void *block);
};
enum { PYTHON_DOMAIN_RAW = 0 };

/* PyTrace_* of pystate.h. */
enum {
    PYTHON_TRACE_CALL = 0,
    PYTHON_TRACE_LINE = 2,
    PYTHON_TRACE_RETURN = 3,
    PYTHON_TRACE_OPCODE = 7
};

/*
 * X(presence, type, field, symbol, parameters): `required` ones are in every CPython from 3.8 on;
 * of the `optional` ones each use says what it does without. `early` ones (all required but for the
 * `early_optional`) are what a process needs that runs no measured line: a look-up costs a
 * microsecond, and such processes are many.
 */
#define PYTHON_API(X)                                                                              \
    X(early, int, add_audit_hook, PySys_AddAuditHook, (python_audit_hook, void *))                 \
    X(early, void, get_allocator, PyMem_GetAllocator, (int, struct python_allocator *))            \
    X(early, void, set_allocator, PyMem_SetAllocator, (int, struct python_allocator *))            \
    X(early, const char *, get_version, Py_GetVersion, (void))                                     \
    X(early, PyObject *, sys_get_object, PySys_GetObject, (const char *))                          \
    X(early, PyObject *, get_attribute, PyObject_GetAttrString, (PyObject *, const char *))        \
    X(early, PyObject *, get_attribute_of_name, PyObject_GetAttr, (PyObject *, PyObject *))        \
    X(required, PyObject *, type_of, PyObject_Type, (PyObject *))                                  \
    X(early, const char *, as_utf8, PyUnicode_AsUTF8, (PyObject *))                                \
    X(early, PyObject *, encode_file_name, PyUnicode_EncodeFSDefault, (PyObject *))                \
    X(early, void, clear_error, PyErr_Clear, (void))                                               \
    X(required, int, exception_matches, PyErr_GivenExceptionMatches, (PyObject *, PyObject *))     \
    X(required, ssize_t, tuple_size, PyTuple_Size, (PyObject *))                                   \
    X(early, PyObject *, tuple_get, PyTuple_GetItem, (PyObject *, ssize_t))                        \
    X(early, int, bytes_get, PyBytes_AsStringAndSize, (PyObject *, char **, ssize_t *))            \
    X(required, long, as_long, PyLong_AsLong, (PyObject *))                                        \
    X(required, PyObject *, from_long, PyLong_FromLong, (long))                                    \
    X(required, PyObject *, call, PyObject_CallFunctionObjArgs, (PyObject *, ...))                 \
    X(early, PyObject *, new_string, PyUnicode_FromString, (const char *))                         \
    X(required, PyObject *, new_function, PyCFunction_NewEx,                                       \
      (struct python_method *, PyObject *, PyObject *))                                            \
    X(required, PyObject *, new_capsule, PyCapsule_New, (void *, const char *, void *))            \
    X(required, void *, capsule_pointer, PyCapsule_GetPointer, (PyObject *, const char *))         \
    X(required, int, line_of_offset, PyCode_Addr2Line, (PyObject *, int))                          \
    X(required, void, increment, Py_IncRef, (PyObject *))                                          \
    X(early, void, decrement, Py_DecRef, (PyObject *))                                             \
    X(early, PyObject *, dict_get, PyDict_GetItemString, (PyObject *, const char *))               \
    X(early, PyObject *, get_globals, PyEval_GetGlobals, (void))                                   \
    X(required, PyThreadState *, thread_state, PyThreadState_Get, (void))                          \
    X(required, void, set_trace, PyEval_SetTrace, (python_trace_function, PyObject *))             \
    X(required, int, frame_line, PyFrame_GetLineNumber, (PyFrameObject *))                         \
    X(early, int64_t, interpreter_id, PyInterpreterState_GetID, (PyInterpreterState *))            \
    X(early_optional, PyInterpreterState *, interpreter, PyInterpreterState_Get, (void))           \
    X(early_optional, PyInterpreterState *, interpreter_old, _PyInterpreterState_Get, (void))      \
    X(optional, PyObject *, frame_code, PyFrame_GetCode, (PyFrameObject *))                        \
    X(required, int, holds_gil, PyGILState_Check, (void))                                          \
    X(required, PyThreadState *, swap_thread, PyThreadState_Swap, (PyThreadState *))               \
    X(required, PyThreadState *, first_thread, PyInterpreterState_ThreadHead,                      \
      (PyInterpreterState *))                                                                      \
    X(required, PyThreadState *, next_thread, PyThreadState_Next, (PyThreadState *))               \
    X(required, int, set_attribute, PyObject_SetAttrString,                                        \
      (PyObject *, const char *, PyObject *))                                                      \
    X(required, int, add_pending_call, Py_AddPendingCall, (int (*)(void *), void *))               \
    X(required, int, gil_ensure, PyGILState_Ensure, (void))                                        \
    X(required, void, gil_release, PyGILState_Release, (int))                                      \
    X(required, PyThreadState *, this_thread, PyGILState_GetThisThreadState, (void))               \
    X(early, int, is_initialized, Py_IsInitialized, (void))                                        \
    X(required, PyObject *, new_dict, PyDict_New, (void))                                          \
    X(required, int, dict_set, PyDict_SetItemString, (PyObject *, const char *, PyObject *))       \
    X(required, PyObject *, new_bytes, PyBytes_FromStringAndSize, (const char *, ssize_t))         \
    X(required, PyObject *, new_tuple, PyTuple_New, (ssize_t))                                     \
    X(required, PyObject *, new_list, PyList_New, (ssize_t))                                       \
    X(required, int, list_append, PyList_Append, (PyObject *, PyObject *))                         \
    X(required, PyObject *, list_get, PyList_GetItem, (PyObject *, ssize_t))                       \
    X(required, PyObject *, decode_file_name, PyUnicode_DecodeFSDefault, (const char *))           \
    X(required, PyObject *, compile, Py_CompileString, (const char *, const char *, int))          \
    X(required, PyObject *, evaluate, PyEval_EvalCode, (PyObject *, PyObject *, PyObject *))       \
    X(required, PyObject *, get_builtins, PyEval_GetBuiltins, (void))                              \
    X(required, void, fetch_error, PyErr_Fetch, (PyObject **, PyObject **, PyObject **))           \
    X(required, void, restore_error, PyErr_Restore, (PyObject *, PyObject *, PyObject *))          \
    X(required, int, get_recursion_limit, Py_GetRecursionLimit, (void))                            \
    X(required, void, set_recursion_limit, Py_SetRecursionLimit, (int))                            \
    X(required, PyObject *, add_module, PyImport_AddModule, (const char *))                        \
    X(required, int, error_matches, PyErr_ExceptionMatches, (PyObject *))                          \
    X(required, void, print_error, PyErr_Print, (void))                                            \
    X(required, void, set_error, PyErr_SetString, (PyObject *, const char *))                      \
    X(required, int, dict_next, PyDict_Next, (PyObject *, ssize_t *, PyObject **, PyObject **))    \
    X(required, int, dict_set_item, PyDict_SetItem, (PyObject *, PyObject *, PyObject *))          \
    X(required, void *, function_address, PyCFunction_GetFunction, (PyObject *))                   \
    X(required, int, function_flags, PyCFunction_GetFlags, (PyObject *))                           \
    X(required, void, untrack, PyObject_GC_UnTrack, (void *))                                      \
    X(required, PyThreadState *, save_thread, PyEval_SaveThread, (void))                           \
    X(required, void, restore_thread, PyEval_RestoreThread, (PyThreadState *))                     \
    X(required, int, finalize, Py_FinalizeEx, (void))                                              \
    X(required, void, exit, Py_Exit, (int))                                                        \
    X(optional, PyObject *, new_code, PyUnstable_Code_NewWithPosOnlyArgs,                          \
      (int, int, int, int, int, int, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *,   \
       PyObject *, PyObject *, PyObject *, PyObject *, int, PyObject *, PyObject *))               \
    X(optional, PyThreadState *, current_thread, PyThreadState_GetUnchecked, (void))               \
    X(optional, PyThreadState *, current_thread_old, _PyThreadState_UncheckedGet, (void))          \
    X(optional, uint64_t, thread_number, PyThreadState_GetID, (PyThreadState *))                   \
    X(optional, void, enter_tracing, PyThreadState_EnterTracing, (PyThreadState *))                \
    X(optional, void, leave_tracing, PyThreadState_LeaveTracing, (PyThreadState *))                \
    X(optional, PyObject *, interpreter_dict, PyInterpreterState_GetDict, (PyInterpreterState *))  \
    X(optional, void, set_evaluator, _PyInterpreterState_SetEvalFrameFunc,                         \
      (PyInterpreterState *, python_evaluator))                                                    \
    X(optional, python_evaluator, get_evaluator, _PyInterpreterState_GetEvalFrameFunc,             \
      (PyInterpreterState *))                                                                      \
    X(optional, PyObject *, evaluate_frame, _PyEval_EvalFrameDefault,                              \
      (PyThreadState *, void *, int))                                                              \
    X(optional, PyFrameObject *, current_frame, PyEval_GetFrame, (void))                           \
    X(optional, int, frame_offset, PyFrame_GetLasti, (PyFrameObject *))                            \
    X(optional, PyObject *, from_bool, PyBool_FromLong, (long))                                    \
    X(optional, int, set_trace_of, _PyEval_SetTrace,                                               \
      (PyThreadState *, python_trace_function, PyObject *))

struct python_api {
#define X(presence, type, field, symbol, parameters) type(*field) parameters;
    PYTHON_API(X)
#undef X
    bool is_complete;
    PyObject *code_type;           /* &PyCode_Type */
    PyObject *object_type;         /* &PyBaseObject_Type */
    PyObject *none;                /* Py_None */
    PyObject **keyboard_interrupt; /* &PyExc_KeyboardInterrupt */
    PyObject **stop_iteration, **stop_async_iteration, **value_error;
    int major, minor;
    uint32_t version; /* PY_VERSION_HEX as far as the version's text tells */
    char text[32];    /* "3.13.0" */
};

/* Filled by python_api_find and python_api_complete; only read afterwards. */
extern struct python_api python;

/* An object that exports this is CPython 3.8 or newer, or has it in it. */
#define PYTHON_MARK "PySys_AddAuditHook"

/* True when this process has CPython 3.8 or newer in it: the early functions can be used. In the
 * constructor, before Python runs. */
bool python_api_find(void);

/* The same for one that came later and is in `library`, a handle of dlopen, which stays open. Once
 * one was found it stays that one. */
bool python_api_find_in(void *library);

/* What the Python that was found exports under `name`; NULL: nothing. */
void *python_api_symbol(const char *name);

/* The Python that was found is initialised once more: the objects of its life before are gone. */
void python_api_begin_life(void);

/* Finds all the others, and the objects. False when one is missing: nothing can be recorded. After
 * python_api_find; with the GIL held or before Python runs. May be called again. */
bool python_api_complete(void);

/* In the child of a fork, where another thread of the parent may have been at it. */
void python_api_after_fork_child(void);

/*
 * The functions below run with the GIL held (or, free-threaded, with an attached thread state),
 * leave no exception set, and return borrowed text that lives as long as `*owner`, which the
 * caller releases with python.decrement.
 */

/* A str attribute's bytes as the file system has them; NULL when it isn't there or isn't a str. */
const char *python_text_attribute(PyObject *object, const char *name, PyObject **owner);
const char *python_text(PyObject *string, PyObject **owner);

/* An int attribute; -1 when it isn't one. */
long python_long_attribute(PyObject *object, const char *name);

/* The attributes of code objects that are asked for with each of them. */
enum code_attribute {
    CODE_FILE_NAME,  /* co_filename */
    CODE_NAME,       /* co_name */
    CODE_FLAGS,      /* co_flags */
    CODE_CONSTANTS,  /* co_consts */
    CODE_LINE_TABLE, /* co_linetable, before 3.10 co_lnotab */
    CODE_BYTES,      /* co_code */
    CODE_ATTRIBUTES
};

/* As python.get_attribute, python_text_attribute and python_long_attribute, of code objects alone
 * and at a fifth of the cost: no name is made for each call. */
PyObject *python_code_attribute(PyObject *code, enum code_attribute attribute);
const char *python_code_text(PyObject *code, enum code_attribute attribute, PyObject **owner);
long python_code_long(PyObject *code, enum code_attribute attribute);

/* co_firstlineno. */
int python_first_line(PyObject *code);

/* Is `object` a code object? */
bool python_is_code(PyObject *object);

/* Is `code` what evaluates annotations when they are asked for (3.14)? coverage.py passes over it.
 */
bool python_is_annotations(PyObject *code);

/* Does this thread hold the GIL (or, free-threaded, have an attached thread state)? Any thread, any
 * time, in a signal handler too. PyGILState_Check says yes to all where there was a subinterpreter.
 */
bool python_is_held(void);

/* The id of the current interpreter: 0 is the main one. */
int64_t python_interpreter_id(void);

#endif
