# Trace functions in C, with data that are no functions, and none.
# group: tools
import ctypes  # ran
import sys  # ran

TYPE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)  # ran
set_trace = ctypes.pythonapi.PyEval_SetTrace  # ran
set_trace.argtypes = [ctypes.c_void_p, ctypes.c_void_p]  # ran
set_trace.restype = None  # ran
seen = []  # ran


@TYPE  # ran
def trace(datum, frame, what, argument):  # ran
    seen.append((what, datum))
    return 0


def work(number):  # ran
    if number == 2:  # ran
        raise ValueError  # ran
    return number + 1  # ran


def works(*numbers):  # ran
    for number in numbers:  # ran
        try:  # ran
            work(number)  # ran
        except ValueError:  # ran
            pass  # ran


def told(datum):  # ran
    expected = None if datum is None else id(datum)  # ran
    print(len(seen), sorted({what for what, _ in seen}), {what == expected for _, what in seen})  # ran
    del seen[:]  # ran


def trace_with(datum):  # ran
    set_trace(ctypes.cast(trace, ctypes.c_void_p), None if datum is None else id(datum))  # ran
    works(1, 2, 3)  # ran
    print(sys.gettrace() is datum)  # ran
    sys.settrace(None)  # ran


for datum in ([], 5, "text", object(), print, works, type, sys, None):  # ran
    trace_with(datum)  # ran
    told(datum)  # ran
    works(4)  # ran
set_trace(ctypes.cast(trace, ctypes.c_void_p), id(seen))  # ran
set_trace(None, None)  # ran
works(5)  # ran
print(sys.gettrace())  # ran
