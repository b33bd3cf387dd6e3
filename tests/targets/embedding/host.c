/*
 * A program that has Python in it, without a header of it.
 *     host HOW LIBRARY DO…    loads LIBRARY (libpython, or plugin.so, which is linked with it)
 *     host linked - DO…       with -DLINKED: is linked with it
 * HOW: global, local, deepbind or namespace. DO, one after another:
 *     life         initialises Python; `end` ends it
 *     run:TEXT     PyRun_SimpleString
 *     string:TEXT  PyRun_String
 *     file:PATH    PyRun_File
 *     module:PATH  Py_CompileString, PyImport_ExecCodeModule
 *     code:PATH    Py_CompileString, PyEval_EvalCode
 *     frozen:PATH  PyMarshal_ReadObjectFromString of a .pyc file, PyEval_EvalCode
 *     call:NAME    NAME.again(), in a thread that C starts, twice: PyGILState_Ensure each time
 *     load:HOW     loads LIBRARY once more, which is another Python with HOW namespace
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void *object;

#define FUNCTIONS(X)                                                                               \
    X(void, Py_InitializeEx, (int))                                                                \
    X(int, Py_FinalizeEx, (void))                                                                  \
    X(int, PyRun_SimpleStringFlags, (const char *, void *))                                        \
    X(object, PyRun_StringFlags, (const char *, int, object, object, void *))                      \
    X(object, PyRun_FileExFlags, (FILE *, const char *, int, object, object, int, void *))         \
    X(object, Py_CompileStringExFlags, (const char *, const char *, int, void *, int))             \
    X(object, PyImport_ExecCodeModule, (const char *, object))                                     \
    X(object, PyImport_ImportModule, (const char *))                                               \
    X(object, PyImport_AddModule, (const char *))                                                  \
    X(object, PyModule_GetDict, (object))                                                          \
    X(object, PyEval_EvalCode, (object, object, object))                                           \
    X(object, PyMarshal_ReadObjectFromString, (const char *, ssize_t))                             \
    X(object, PyObject_CallMethod, (object, const char *, const char *, ...))                      \
    X(object, PyEval_SaveThread, (void))                                                           \
    X(void, PyEval_RestoreThread, (object))                                                        \
    X(int, PyGILState_Ensure, (void))                                                              \
    X(void, PyGILState_Release, (int))                                                             \
    X(void, PyErr_Print, (void))

#ifdef LINKED
#define DECLARE(type, name, parameters) extern type name parameters;
FUNCTIONS(DECLARE)
static void load(const char *how, const char *library)
{
    (void)how;
    (void)library;
}
#else
#define DECLARE(type, name, parameters) static type(*name) parameters;
FUNCTIONS(DECLARE)

static void load(const char *how, const char *library)
{
    int mode = RTLD_NOW | (strcmp(how, "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL);
    void *handle;
    if (strcmp(how, "namespace") == 0)
        handle = dlmopen(LM_ID_NEWLM, library, RTLD_NOW);
    else
        handle = dlopen(library, mode | (strcmp(how, "deepbind") == 0 ? RTLD_DEEPBIND : 0));
    if (!handle) {
        puts(dlerror());
        exit(3);
    }
#define FIND(type, name, parameters)    *(void **)&name = dlsym(handle, #name);
    FUNCTIONS(FIND)
}
#endif

static char text[65536];

static size_t read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        exit(5);
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    return size;
}

static object compile(const char *path)
{
    text[read_file(path)] = 0;
    return Py_CompileStringExFlags(text, path, 257, NULL, -1);
}

static object thaw(const char *path)
{
    enum { HEADER = 16 };
    return PyMarshal_ReadObjectFromString(text + HEADER, (ssize_t)read_file(path) - HEADER);
}

static object main_names(void)
{
    return PyModule_GetDict(PyImport_AddModule("__main__"));
}

static void *call_twice(void *name)
{
    for (int i = 0; i < 2; i++) {
        int state = PyGILState_Ensure();
        if (!PyObject_CallMethod(PyImport_ImportModule(name), "again", "i", i))
            PyErr_Print();
        PyGILState_Release(state);
    }
    return NULL;
}

static void call_in_thread(const char *name)
{
    pthread_t thread;
    object state = PyEval_SaveThread();
    pthread_create(&thread, NULL, call_twice, (void *)name);
    pthread_join(thread, NULL);
    PyEval_RestoreThread(state);
}

static void act(const char *library, const char *what)
{
    const char *colon = strchr(what, ':');
    const char *rest = colon ? colon + 1 : "";
    object result = (object)what;
    if (strcmp(what, "life") == 0)
        Py_InitializeEx(0);
    else if (strcmp(what, "end") == 0)
        Py_FinalizeEx();
    else if (strncmp(what, "run:", 4) == 0)
        PyRun_SimpleStringFlags(rest, NULL);
    else if (strncmp(what, "string:", 7) == 0)
        result = PyRun_StringFlags(rest, 257, main_names(), main_names(), NULL);
    else if (strncmp(what, "file:", 5) == 0)
        result =
            PyRun_FileExFlags(fopen(rest, "r"), rest, 257, main_names(), main_names(), 1, NULL);
    else if (strncmp(what, "module:", 7) == 0)
        result = PyImport_ExecCodeModule("app", compile(rest));
    else if (strncmp(what, "code:", 5) == 0)
        result = PyEval_EvalCode(compile(rest), main_names(), main_names());
    else if (strncmp(what, "frozen:", 7) == 0)
        result = PyEval_EvalCode(thaw(rest), main_names(), main_names());
    else if (strncmp(what, "call:", 5) == 0)
        call_in_thread(rest);
    else if (strncmp(what, "load:", 5) == 0)
        load(rest, library);
    else
        exit(2);
    if (!result)
        PyErr_Print();
}

int main(int argc, char **argv)
{
    load(argv[1], argv[2]);
#ifndef LINKED
    if (argc > 3 && !Py_InitializeEx)
        return 4;
#endif
    for (int i = 3; i < argc; i++)
        act(argv[2], argv[i]);
    return 0;
}
