import os  # ran
import signal  # ran


def weigh(parts):  # ran
    total = 0  # ran
    for part in parts:  # ran
        total += part  # ran
    return total  # ran


def fall(how):  # ran
    total = weigh([1, 2])  # ran
    if how == "killed":  # ran
        os.kill(os.getpid(), signal.SIGKILL)  # ran
        total += 1  # not run
    elif how == "aborted":  # ran
        os.abort()  # ran
        total += 2  # not run
    elif how == "left":  # ran
        os._exit(7)  # ran
        total += 3  # not run
    return total  # not run


def after():  # ran
    return weigh([3])  # ran


def never():  # ran
    return None  # not run
