# Threads that set trace functions in C for themselves, while the main thread waits.
# group: tools
import ctypes  # ran
import sys  # ran
import threading  # ran

TYPE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)  # ran
set_trace = ctypes.pythonapi.PyEval_SetTrace  # ran
set_trace.argtypes = [ctypes.c_void_p, ctypes.c_void_p]  # ran
set_trace.restype = None  # ran
seen = {}  # ran


@TYPE  # ran
def trace(datum, frame, what, argument):  # ran
    seen.setdefault(datum, []).append(what)
    return 0


def first(number):  # ran
    total = 0  # ran
    for i in range(number):  # ran
        total += i  # ran
    return total  # ran


def second(number):  # ran
    return number * 2  # ran


def run(datum):  # ran
    set_trace(ctypes.cast(trace, ctypes.c_void_p), datum and id(datum))
    first(3)
    second(4)  # ran
    sys.settrace(None)  # ran
    second(5)  # ran


for datum in (["a"], None):  # ran
    thread = threading.Thread(target=run, args=(datum,))  # ran
    thread.start()  # ran
    thread.join()  # ran
    events = seen.pop(datum and id(datum))  # ran
    print(len(events), events[:12], sys.gettrace())  # ran
