# Trace functions that raise, at each kind of event: the tracebacks have each frame as often as ever.
# group: tools
import sys  # ran
import traceback  # ran


def numbers():  # ran
    yield 1  # ran
    yield 2


def work():  # ran
    value = 0  # ran
    for value in numbers():
        value += 1
    try:
        value / 0
    except ZeroDivisionError:
        pass
    return value


def tracer_of(event, name):  # ran
    def tracer(frame, what, argument):  # ran
        if what == event and frame.f_code.co_name == name:
            raise ValueError(event)
        return tracer
    return tracer  # ran


for name in ("numbers", "work"):  # ran
    for event in ("call", "line", "exception", "return"):  # ran
        sys.settrace(tracer_of(event, name))  # ran
        try:  # ran
            work()  # ran
        except ValueError as error:  # ran
            frames = traceback.extract_tb(error.__traceback__)  # ran
            print(name, event, [(frame.name, frame.lineno) for frame in frames], sys.gettrace())  # ran
        sys.settrace(None)  # ran
