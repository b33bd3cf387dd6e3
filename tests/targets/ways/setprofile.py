# A program that uses sys.setprofile and threading.setprofile.
# group: tools
import sys  # ran
import threading  # ran

events = []  # ran


def profiler(frame, event, argument):  # ran
    if frame.f_code.co_name == "work":
        events.append((event, frame.f_lineno))


def work():  # ran
    value = 1  # ran
    return value  # ran


sys.setprofile(profiler)  # ran
work()  # ran
sys.setprofile(None)  # ran
threading.setprofile(profiler)  # ran
thread = threading.Thread(target=work)  # ran
thread.start()  # ran
thread.join()  # ran
print(events)  # ran
