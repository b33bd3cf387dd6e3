# A program that has taken all ids of sys.monitoring sets trace functions in C as well.
# group: tools
# needs: 3.12+
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
    return number + 1  # ran


def later(number):  # ran
    return number + 2  # ran


def trace_with(datum):  # ran
    set_trace(ctypes.cast(trace, ctypes.c_void_p), datum and id(datum))  # ran
    work(1)
    later(1)  # ran
    sys.settrace(None)  # ran


for number in range(6):  # ran
    sys.monitoring.use_tool_id(number, "mine")  # ran
for datum in ([1], None):  # ran
    trace_with(datum)  # ran
    print(sorted({what for what, _ in seen}), {there == (datum and id(datum)) for _, there in seen})  # ran
    del seen[:]  # ran
work(2)  # ran
print(sys.gettrace())  # ran
