# A program that goes on as another by the execve that ctypes finds, with an empty environment.
# group: children
import ctypes  # ran
import os  # ran
import sys  # ran

if sys.argv[1:] == ["next"]:  # ran
    print("next")  # ran
    sys.exit(3)  # ran
texts = [os.fsencode(text) for text in (sys.executable, __file__, "next")]  # ran
arguments = (ctypes.c_char_p * 4)(*texts)  # ran
environment = (ctypes.c_char_p * 1)()  # ran
ctypes.CDLL(None).execve(texts[0], arguments, environment)  # ran
print("never")  # not run
