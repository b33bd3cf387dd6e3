# A program that sets the frame evaluation function by its name.
# group: tools
# needs: 3.11+
import ctypes  # ran


def early(argument):  # ran
    if argument:  # ran
        late = "only with the function that was set"  # ran
        return late  # ran
    return "early"  # ran


print(early(False))  # ran
api = ctypes.pythonapi  # ran
api.PyInterpreterState_Get.restype = ctypes.c_void_p  # ran
default = ctypes.cast(api._PyEval_EvalFrameDefault, ctypes.c_void_p)  # ran
interpreter = ctypes.c_void_p(api.PyInterpreterState_Get())  # ran
api._PyInterpreterState_SetEvalFrameFunc(interpreter, default)  # ran
print(early(True))  # ran
