# An extension module that sets a frame evaluation function while it is imported.
# group: tools
# needs: 3.11+, program cc
import importlib.machinery  # ran
import importlib.util  # ran
import subprocess  # ran

SOURCE = """
static struct {
    long references;
    void *type, *init;
    long index;
    void *copy;
    const char *name, *document;
    long size;
    void *rest[5];
} definition = { .references = 1, .name = "evaluating", .size = -1 };
typedef void *(*evaluator)(void *, void *, int);
extern void *_PyEval_EvalFrameDefault(void *, void *, int);
extern void *PyInterpreterState_Get(void);
extern void _PyInterpreterState_SetEvalFrameFunc(void *, evaluator);
extern void *PyModule_Create2(void *, int);
static void *evaluate(void *thread, void *frame, int throwing)
{
    return _PyEval_EvalFrameDefault(thread, frame, throwing);
}
void *PyInit_evaluating(void)
{
    _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), evaluate);
    return PyModule_Create2(&definition, 1013);
}
"""


def early(argument):  # ran
    if argument:  # ran
        late = "only while the module evaluates"  # ran
        return late  # ran
    return "early"  # ran


with open("evaluating.c", "w") as file:  # ran
    file.write(SOURCE)  # ran
subprocess.check_call(["cc", "-shared", "-fPIC", "-o", "evaluating.so", "evaluating.c"])  # ran
print(early(False))  # ran
loader = importlib.machinery.ExtensionFileLoader("evaluating", "./evaluating.so")  # ran
spec = importlib.util.spec_from_loader("evaluating", loader)  # ran
importlib.util.module_from_spec(spec)  # ran
print(early(True))  # ran
