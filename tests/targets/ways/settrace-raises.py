# A trace function of the program's own that raises.
# group: tools
import sys  # ran


def tracer(frame, event, argument):  # ran
    if frame.f_code.co_name == "function":
        raise ValueError("from the tracer")


def function():  # ran
    return 1  # not run


def other():  # ran
    return 2  # ran


sys.settrace(tracer)  # ran
try:  # ran
    function()  # ran
except ValueError as problem:  # ran
    print(problem, sys.gettrace())  # ran
print(other())  # ran
