# A fork by the fork of libc itself, which releases the lock of the interpreter.
# group: fork
import ctypes  # ran
import os  # ran

fork = ctypes.CDLL("libc.so.6").fork  # ran
pid = fork()  # ran
if pid == 0:  # ran
    in_child = "only the child runs this"  # ran
    os._exit(3)  # ran
print(os.waitpid(pid, 0)[1])  # ran
