# A function of atexit after an exception that nobody catches.
# group: exit-code
import atexit  # ran


@atexit.register  # ran
def last():  # ran
    print("last")  # ran


raise ValueError("nobody catches this")  # ran
