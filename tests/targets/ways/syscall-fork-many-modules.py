# A fork by the system call itself, after which both sides import 300 long modules.
# group: fork
# also: a/*.py:60001 b/*.py:60001
import ctypes  # ran
import os  # ran
import signal  # ran
import sys  # ran


def make(name):  # ran
    os.mkdir(name)  # ran
    for number in range(300):  # ran
        with open("%s/%s%d.py" % (name, name, number), "w") as stream:  # ran
            stream.write("\n" * 60000 + "last = 2\n")  # ran
    sys.path.insert(0, name)  # ran


def load(name):  # ran
    return sum(__import__(name + str(number)).last for number in range(300))  # ran


make("a")  # ran
make("b")  # ran
number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]  # ran
pid = ctypes.PyDLL(None).syscall(number, int(signal.SIGCHLD), 0, 0, 0, 0)  # ran
if pid == 0:  # ran
    load("a")  # ran
    import late_in_child  # ran

    os._exit(3)  # ran
load("b")  # ran
import late_in_parent  # ran

print(os.waitpid(pid, 0)[1])  # ran
