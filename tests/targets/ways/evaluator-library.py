# A library that sets a frame evaluation function of its own, as debuggers do.
# group: tools
# needs: 3.11+, program cc
import ctypes  # ran
import subprocess  # ran

SOURCE = """
typedef void *(*evaluator)(void *, void *, int);
extern void *_PyEval_EvalFrameDefault(void *, void *, int);
extern void *PyInterpreterState_Get(void);
extern void _PyInterpreterState_SetEvalFrameFunc(void *, evaluator);
static int calls;
static void *evaluate(void *thread, void *frame, int throwing)
{
    calls++;
    return _PyEval_EvalFrameDefault(thread, frame, throwing);
}
int install(void)
{
    _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), evaluate);
    return calls;
}
int uninstall(void)
{
    _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), _PyEval_EvalFrameDefault);
    return calls;
}
"""


def early(argument):  # ran
    if argument:  # ran
        late = "only while the library evaluates"  # ran
        return late  # ran
    return "early"  # ran


def numbers():  # ran
    yield 1  # ran
    yield 2  # ran


with open("evaluator.c", "w") as file:  # ran
    file.write(SOURCE)  # ran
subprocess.check_call(["cc", "-shared", "-fPIC", "-o", "evaluator.so", "evaluator.c"])  # ran
suspended = numbers()  # ran
print(early(False), next(suspended))  # ran
library = ctypes.PyDLL("./evaluator.so")  # ran
print(library.install())  # ran
print(early(True), list(suspended))  # ran
print(library.uninstall())  # ran
