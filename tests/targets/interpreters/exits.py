"""Lines that run while Python is about to end."""
import atexit  # ran


def last():  # ran
    print("last")  # ran


class Last:  # ran
    def __del__(self):  # ran
        print("gone")  # ran


atexit.register(last)  # ran
it = Last()  # ran
del it  # ran
