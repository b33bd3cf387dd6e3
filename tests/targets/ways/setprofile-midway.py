# A profiler that is set while functions, generators and coroutines are half done, and unset again.
# group: tools
import sys  # ran

events = []  # ran


def profiler(frame, event, argument):  # ran
    if frame.f_code.co_filename == __file__ and event in ("call", "return"):
        events.append((frame.f_code.co_name, event, repr(argument)))


def numbers():  # ran
    yield 1  # ran
    yield 2  # ran
    return 3  # ran


async def wait():  # ran
    result = await Step()  # ran
    return result  # ran


class Step:  # ran
    def __await__(self):  # ran
        sent = yield "step"  # ran
        return sent  # ran


def inner():  # ran
    sys.setprofile(profiler)  # ran
    return "inner"  # ran


def outer():  # ran
    value = inner()  # ran
    text = "outer goes on"  # ran
    return value + text  # ran


suspended = numbers()  # ran
print(next(suspended))  # ran
coroutine = wait()  # ran
print(coroutine.send(None))  # ran
print(outer())  # ran
print(list(suspended))  # ran
try:  # ran
    coroutine.send("sent")  # ran
except StopIteration as stop:  # ran
    print(stop.value)  # ran
sys.setprofile(None)  # ran
fresh = numbers()  # ran
print(list(fresh))  # ran
print(events)  # ran
