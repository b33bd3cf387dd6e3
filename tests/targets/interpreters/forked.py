"""A fork's child with lines of its own, one that ends by os._exit and one that ends as usual."""
import os  # ran
import sys  # ran


def child(how):  # ran
    if how == "_exit":  # ran
        os._exit(3)  # ran
    sys.exit(4)  # ran


for how in ("_exit", "exit"):  # ran
    pid = os.fork()  # ran
    if pid == 0:  # ran
        child(how)  # ran
    print(how, os.waitpid(pid, 0)[1] >> 8, flush=True)  # ran
