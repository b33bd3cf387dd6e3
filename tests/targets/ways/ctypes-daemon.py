# A daemon by libc's daemon().
# group: children
import ctypes  # ran
import os  # ran

reader, writer = os.pipe()  # ran
print("starting", flush=True)  # ran
if os.fork() == 0:  # ran
    before = "the process that ends within daemon()"  # ran
    ctypes.CDLL(None).daemon(1, 0)  # ran
    os.write(writer, b"the daemon runs")  # ran
    os._exit(0)  # ran
os.close(writer)  # ran
os.wait()  # ran
print(os.read(reader, 100))  # ran
