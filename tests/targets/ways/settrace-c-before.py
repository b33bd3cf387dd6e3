# Trace functions in C that threads set before the first measured module is imported.
# group: tools
import subprocess  # ran
import sys  # ran

launcher = """
import ctypes, sys, threading
TYPE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
set_trace = ctypes.pythonapi.PyEval_SetTrace
set_trace.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
set_trace.restype = None
seen = {}
@TYPE
def trace(datum, frame, what, argument):
    seen.setdefault(datum, set()).add(what)
    return 0
def set_one(datum):
    set_trace(ctypes.cast(trace, ctypes.c_void_p), datum and id(datum))
def run(datum, function, ready, go):
    set_one(datum)
    ready.set()
    go.wait()
    getattr(module, function)(3)
    found[function] = sys.gettrace() is datum
    sys.settrace(None)
found = {}
data = {"first": ["no", "function"], "second": None, "third": 3}
threads = []
for function in ("first", "second"):
    ready, go = threading.Event(), threading.Event()
    thread = threading.Thread(target=run, args=(data[function], function, ready, go))
    thread.start()
    ready.wait()
    threads.append((thread, go))
set_one(data["third"])
import module
module.third(3)
print(sys.gettrace() is data["third"])
sys.settrace(None)
for thread, go in threads:
    go.set()
    thread.join()
print(found, [sorted(seen[datum and id(datum)]) for datum in data.values()])
"""
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
