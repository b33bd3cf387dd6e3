# A fork by the system call itself.
# group: fork
import ctypes  # ran
import os  # ran
import signal  # ran

number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]  # ran
pid = ctypes.PyDLL(None).syscall(number, int(signal.SIGCHLD), 0, 0, 0, 0)  # ran
if pid == 0:  # ran
    in_child = "only the child runs this"  # ran
    os._exit(3)  # ran
print(os.waitpid(pid, 0)[1])  # ran
