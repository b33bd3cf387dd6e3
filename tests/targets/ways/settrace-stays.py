# A trace function of the program's own that stays, and does not trace every frame.
# group: tools
import sys  # ran


def tracer(frame, event, argument):  # ran
    return None


def function():  # ran
    value = 1  # ran
    return value  # ran


sys.settrace(tracer)  # ran
here = "no local trace function"  # ran
print(function())  # ran
