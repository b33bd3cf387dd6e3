# Functions of os.register_at_fork.
# group: fork
import os  # ran

seen = []  # ran

def in_child():  # ran
    os.write(1, b"in child\n")  # ran


def in_parent():  # ran
    seen.append("in parent")  # ran


os.register_at_fork(after_in_child=in_child)  # ran
pid = os.fork()  # ran
if pid == 0:  # ran
    os._exit(3)  # ran
status = os.waitpid(pid, 0)[1]  # ran
os.register_at_fork(after_in_parent=in_parent)  # ran
if os.fork() == 0:  # ran
    os._exit(0)  # ran
os.wait()  # ran
os.write(1, repr(seen).encode() + b"\n")  # ran
