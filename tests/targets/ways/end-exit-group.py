# A program that ends by the system call itself.
# group: ends
import ctypes  # ran
import os  # ran

last = "this runs"  # ran
ctypes.CDLL(None).syscall({"x86_64": 231, "aarch64": 94}[os.uname().machine], 3)  # ran
print("never")  # not run
