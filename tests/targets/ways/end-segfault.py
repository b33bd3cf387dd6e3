# A program that is ended by a segmentation fault.
# group: ends
import ctypes  # ran

last = "this runs"  # ran
ctypes.string_at(0)  # ran
print("never")  # not run
