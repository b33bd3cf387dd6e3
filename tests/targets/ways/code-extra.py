# Another tool keeps data in code objects, and is asked to free its own alone.
# group: tools
import ctypes  # ran
import sys  # ran

TYPE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)  # ran
NEW = sys.version_info >= (3, 12)  # ran
freed = []  # ran


@TYPE  # ran
def free(data):  # ran
    freed.append(data)


request = ctypes.pythonapi[("PyUnstable_Eval_" if NEW else "_PyEval_") + "RequestCodeExtraIndex"]  # ran
request.restype = ctypes.c_ssize_t  # ran
index = request(free)  # ran
keep = ctypes.pythonapi[("PyUnstable_Code_" if NEW else "_PyCode_") + "SetExtra"]  # ran
keep.argtypes = [ctypes.py_object, ctypes.c_ssize_t, ctypes.c_void_p]  # ran


def make(text):  # ran
    names = {}  # ran
    exec(compile(text, __file__, "exec"), names)  # ran
    return names["function"]  # ran


for _ in range(5):  # ran
    make("def function():\n    return 1\n")()  # ran
untouched = list(freed)  # ran
function = make("def function():\n    return 2\n")  # ran
function()  # ran
keep(function.__code__, index, 42)  # ran
function()  # ran
del function  # ran
print(index, untouched, freed)  # ran
