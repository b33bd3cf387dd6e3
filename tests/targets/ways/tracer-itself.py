# The lines of a trace function of the program's own, in which the interpreter traces nothing.
# group: tools
# known: 3.8-3.99 CPython turns every kind of tracing off within a trace function
import sys  # ran


def tracer(frame, event, argument):  # ran
    name = frame.f_code.co_name  # ran
    return None  # ran


def function():  # ran
    return 1  # ran


sys.settrace(tracer)  # ran
function()  # ran
sys.settrace(None)  # ran
