# A trace function that is set while functions, generators and threads are half done.
# group: tools
import sys  # ran
import threading  # ran

events = []  # ran
go_on = threading.Event()  # ran
is_there = threading.Event()  # ran


def tracer(frame, event, argument):  # ran
    if frame.f_code.co_filename == __file__ and frame.f_code.co_name in ("numbers", "late"):
        events.append((frame.f_code.co_name, event, frame.f_lineno))
        return tracer
    return None


def numbers():  # ran
    yield 1  # ran
    yield 2  # ran


def late():  # ran
    value = 1  # ran
    return value  # ran


def in_thread():  # ran
    is_there.set()  # ran
    go_on.wait()  # ran
    after = "the thread goes on"  # ran
    return late(), after  # ran


def inner():  # ran
    sys.settrace(tracer)  # ran
    return late()  # ran


def outer():  # ran
    value = inner()  # ran
    return value + late()  # ran


thread = threading.Thread(target=in_thread)  # ran
thread.start()  # ran
is_there.wait()  # ran
suspended = numbers()  # ran
print(next(suspended))  # ran
print(outer())  # ran
print(list(suspended))  # ran
sys.settrace(None)  # ran
go_on.set()  # ran
thread.join()  # ran
print(events)  # ran
