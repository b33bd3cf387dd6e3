# A function of the program's in the place of sys.settrace, and trace functions that end as others come.
# group: tools
import sys  # ran

original = sys.settrace  # ran
calls = []  # ran


def settrace(function):  # ran
    calls.append(function is not None)  # ran
    original(function)  # ran


def tracer(frame, event, argument):  # ran
    calls.append(event)
    return tracer


def work():  # ran
    return 1  # ran


class Dropped:  # ran
    def __call__(self, frame, event, argument):  # ran
        return None

    def __del__(self):  # ran
        sys.settrace(tracer)


sys.settrace = settrace  # ran
settrace(tracer)  # ran
work()  # ran
settrace(None)  # ran
work()  # ran
print(calls)  # ran
sys.unraisablehook = lambda error: print("unraisable", error.exc_type.__name__)  # ran
sys.settrace = original  # ran
sys.settrace(Dropped())  # ran
sys.settrace(tracer)  # ran
print(sys.gettrace() is tracer)  # ran
sys.settrace(None)  # ran
try:  # ran
    sys.settrace()  # ran
except TypeError as error:  # ran
    print(error)  # ran
work()  # ran
print(sys.settrace, sys.settrace.__module__, sys.settrace.__self__, sys.settrace.__doc__)  # ran
