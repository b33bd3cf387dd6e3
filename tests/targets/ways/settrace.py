# A program that sets a trace function of its own, and takes it away.
# group: tools
import sys  # ran

events = []  # ran


def tracer(frame, event, argument):  # ran
    if frame.f_code.co_name in ("traced", "inner"):
        events.append((event, frame.f_lineno))
        return tracer
    return None


def inner():  # ran
    return 1  # ran


def traced():  # ran
    value = inner()  # ran
    return value  # ran


def untraced():  # ran
    value = 2  # ran
    return value  # ran


print(sys.gettrace())  # ran
sys.settrace(tracer)  # ran
traced()  # ran
print(sys.gettrace() is tracer)  # ran
sys.settrace(None)  # ran
after = "the tracer is gone"  # ran
untraced()  # ran
print(sys.gettrace(), events)  # ran
