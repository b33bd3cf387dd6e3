# A program that uses threading.settrace.
# group: tools
import sys  # ran
import threading  # ran

events = []  # ran


def tracer(frame, event, argument):  # ran
    if frame.f_code.co_name == "work":
        events.append((event, frame.f_lineno))
        return tracer
    return None


def work():  # ran
    in_thread = "only the thread runs this"  # ran
    return in_thread  # ran


def other():  # ran
    untraced = "the thread sets no trace function"  # ran


threading.settrace(tracer)  # ran
thread = threading.Thread(target=work)  # ran
thread.start()  # ran
thread.join()  # ran
threading.settrace(None)  # ran
thread = threading.Thread(target=other)  # ran
thread.start()  # ran
thread.join()  # ran
print(events, sys.gettrace())  # ran
