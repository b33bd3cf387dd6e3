# A thread that is started in C and calls a Python function.
# group: threads
import ctypes  # ran

CALLBACK = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)  # ran


def work(argument):  # ran
    in_thread = "only the C thread runs this"  # ran
    return None  # ran


callback = CALLBACK(work)  # ran
library = ctypes.CDLL(None)  # ran
handle = ctypes.c_ulong()  # ran
print(library.pthread_create(ctypes.byref(handle), None, callback, None))  # ran
print(library.pthread_join(handle, None))  # ran
