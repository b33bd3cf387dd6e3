# A program that ends by the _exit of libc itself.
# group: ends
import ctypes  # ran

last = "this runs"  # ran
ctypes.CDLL("libc.so.6")._exit(3)  # ran
print("never")  # not run
