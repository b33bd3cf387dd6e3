/* A plugin that is linked with libpython, as servers have them: that it is needed is all it does.
 * With -DSTARTS its constructor runs a whole life of Python. With -DLOADS its constructor loads the
 * libpython of that name from its own RUNPATH first. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef LOADS
__attribute__((constructor)) static void start(void)
{
    void *python = dlopen(LOADS, RTLD_NOW | RTLD_LOCAL);
    if (!python) {
        puts(dlerror());
        exit(6);
    }
    ((void (*)(int))dlsym(python, "Py_InitializeEx"))(0);
    ((int (*)(const char *, void *))dlsym(python, "PyRun_SimpleStringFlags"))(getenv("RUNS"), NULL);
    ((int (*)(void))dlsym(python, "Py_FinalizeEx"))();
}
#else
extern void Py_InitializeEx(int);
extern int PyRun_SimpleStringFlags(const char *, void *);
extern int Py_FinalizeEx(void);
void *const needed = (void *)Py_InitializeEx;
#ifdef STARTS
__attribute__((constructor)) static void start(void)
{
    Py_InitializeEx(0);
    PyRun_SimpleStringFlags(getenv("RUNS"), NULL);
    Py_FinalizeEx();
}
#endif
#endif
