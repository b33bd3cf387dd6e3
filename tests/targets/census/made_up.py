"""Tells tools of code that has no bytecode, as what Cython compiles with linetrace=True does."""
import ctypes
import os
import sys

X = 1  # ran


def compiled():
    a = 1
    return a


def fire(code):
    """What PyMonitoring_EnterScope and PyMonitoring_FirePyStartEvent do, CPython 3.13's C API."""
    api = ctypes.pythonapi
    state, version = ctypes.create_string_buffer(2), ctypes.c_uint64(0)
    event = ctypes.create_string_buffer(b"\0", 1)  # PY_START
    count = ctypes.c_ssize_t(1)
    assert api.PyMonitoring_EnterScope(state, ctypes.byref(version), event, count) == 0
    if state.raw[0]:
        api._PyMonitoring_FirePyStartEvent(state, ctypes.py_object(code), ctypes.c_int32(0))
    assert api.PyMonitoring_ExitScope() == 0


code = compiled.__code__
zeros = code.replace(co_code=bytes(len(code.co_code)), co_filename=os.path.abspath("mod.pyx"))
first = ctypes.pythonapi.PyCode_NewEmpty
first.restype = ctypes.py_object
begin = first(os.path.abspath("mod.pyx").encode(), b"PyInit_mod", 1)
fire(zeros)
fire(begin)
print("done")  # ran
