# A function of atexit.
# group: exit-code
import atexit  # ran


def last():  # ran
    print("last")  # ran


def never():  # ran
    print("never")  # not run


atexit.register(last)  # ran
atexit.register(never)  # ran
atexit.unregister(never)  # ran
