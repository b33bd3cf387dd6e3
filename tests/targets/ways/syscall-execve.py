# A program that goes on as another by the system call itself, with the environment that it has.
# group: children
import ctypes  # ran
import os  # ran
import sys  # ran

if sys.argv[1:] == ["next"]:  # ran
    print("next")  # ran
    sys.exit(3)  # ran
number = {"x86_64": 59, "aarch64": 221}[os.uname().machine]  # ran
libc = ctypes.CDLL(None)  # ran
texts = [os.fsencode(text) for text in (sys.executable, __file__, "next")]  # ran
environment = ctypes.c_void_p.in_dll(libc, "environ")  # ran
libc.syscall(number, texts[0], (ctypes.c_char_p * 4)(*texts), environment)  # ran
print("never")  # not run
