"""ends.py HOW: works, and ends without Python's finalization."""
import os  # ran
import signal  # ran
import sys  # ran


def work(count):  # ran
    total = 0  # ran
    while count:  # ran
        total += count  # ran
        count -= 1  # ran
    return total  # ran


def never():  # ran
    return None  # not run


how = sys.argv[1]  # ran
print("ends", work(3), flush=True)  # ran
ways = {  # ran
    "SIGKILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "SIGSEGV": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "_exit": lambda: os._exit(7),
    "abort": os.abort,
    "exec": lambda: os.execv("/bin/echo", ["echo", "executed"]),
    "exec with nothing": lambda: os.execve("/bin/echo", ["echo", "executed"], {}),
}
ways[how]()  # ran
never()  # not run
