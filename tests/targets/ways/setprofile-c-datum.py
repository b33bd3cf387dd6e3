# Profilers in C, with data that are no functions, and none; a trace function in C beside one.
# group: tools
import ctypes  # ran
import sys  # ran

TYPE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)  # ran
seen = []  # ran


@TYPE  # ran
def note(datum, frame, what, argument):  # ran
    seen.append((what, datum))
    return 0


def work(number):  # ran
    return abs(number) + 1  # ran


def use(setter, datum):  # ran
    setter = ctypes.pythonapi[setter]  # ran
    setter.argtypes = [ctypes.c_void_p, ctypes.c_void_p]  # ran
    setter.restype = None  # ran
    setter(ctypes.cast(note, ctypes.c_void_p), datum and id(datum))  # ran


for datum in (["list"], 5, work, None):  # ran
    use("PyEval_SetProfile", datum)  # ran
    work(1)  # ran
    use("PyEval_SetTrace", datum)  # ran
    work(2)  # ran
    sys.setprofile(None)  # ran
    work(3)  # ran
    sys.settrace(None)  # ran
    print(sorted({what for what, _ in seen}), {there == (datum and id(datum)) for _, there in seen})  # ran
    del seen[:]  # ran
work(4)  # ran
