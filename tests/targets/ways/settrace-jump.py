# A trace function of the program's own that jumps.
# group: tools
# known: 3.12-3.99 CPython has no event for the line that is jumped to
import sys  # ran


def tracer(frame, event, argument):  # ran
    if frame.f_code.co_name != "function":
        return None
    if event == "line" and frame.f_lineno == function.__code__.co_firstlineno + 2:
        frame.f_lineno += 1
    return tracer


def function():  # ran
    value = 1  # ran
    value = 2
    return value  # ran


sys.settrace(tracer)  # ran
print(function())  # ran
sys.settrace(None)  # ran
