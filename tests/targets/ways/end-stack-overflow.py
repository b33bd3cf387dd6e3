# A program that is ended by an overflow of its stack, in a thread.
# group: ends
import ctypes  # ran
import threading  # ran
import time  # ran


def overflow():  # ran
    libc = ctypes.CDLL(None)  # ran
    time.sleep(0.1)  # ran
    last = "this runs"  # ran
    libc.memset(ctypes.byref(ctypes.c_int(), -16000000), 0, 8000000)  # ran
    print("never")  # not run


threading.stack_size(256 * 1024)  # ran
thread = threading.Thread(target=overflow)  # ran
thread.start()  # ran
thread.join()  # ran
print("never")  # not run
