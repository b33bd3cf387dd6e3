# A fork by the fork that ctypes finds, without CPython's knowledge.
# group: fork
import ctypes  # ran
import os  # ran

fork = ctypes.PyDLL(None).fork  # ran
pid = fork()  # ran
if pid == 0:  # ran
    in_child = "only the child runs this"  # ran
    os._exit(3)  # ran
print(os.waitpid(pid, 0)[1])  # ran
