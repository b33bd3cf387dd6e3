"""Parents and children of forks, each with lines of its own."""
import os  # ran
import sys  # ran


def grandchild():  # ran
    return "grandchild"  # ran


def child():  # ran
    if os.fork() == 0:  # ran
        grandchild()  # ran
        os._exit(0)  # ran
    os.wait()  # ran
    sys.exit(3)  # ran


def parent(pid):  # ran
    status = os.waitpid(pid, 0)[1]  # ran
    print("child", status >> 8)  # ran


pid = os.fork()  # ran
if pid == 0:  # ran
    child()  # ran
parent(pid)  # ran
