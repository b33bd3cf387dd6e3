"""A little work, then the end that is asked for: a status, or the name of a signal."""
import os  # ran
import signal  # ran
import sys  # ran


def add(numbers):  # ran
    total = 0  # ran
    for number in numbers:  # ran
        total += number  # ran
    if total < 0:  # ran
        raise ValueError(total)  # not run
    return total  # ran


print("sum", add([1, 2, 3]), flush=True)  # ran
ending = sys.argv[1] if len(sys.argv) > 1 else "0"  # ran
how = {True: sys.exit, False: lambda name: os.kill(os.getpid(), signal.Signals[name])}  # ran
how[ending.isdigit()](int(ending) if ending.isdigit() else ending)  # ran
