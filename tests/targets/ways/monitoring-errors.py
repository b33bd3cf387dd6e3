# What sys.monitoring's functions look like, and what they say of arguments that are wrong.
# group: tools
# needs: 3.12+
import gc  # ran
import inspect  # ran
import pickle  # ran
import sys  # ran

monitoring = sys.monitoring  # ran
names = [name for name in dir(monitoring) if callable(getattr(monitoring, name))]  # ran
functions = [getattr(monitoring, name) for name in names if name[0] != "_" or name == "_all_events"]  # ran
functions = [function for function in functions if inspect.isbuiltin(function)]  # ran
code = (lambda: 0).__code__  # ran


class Number:  # ran
    def __index__(self):  # ran
        print("asked")  # ran
        return 5  # ran


def work():  # ran
    return 1  # ran


def attempt(function, *arguments, **named):  # ran
    try:  # ran
        print(function.__name__, arguments[:1], function(*arguments, **named))  # ran
    except Exception as problem:  # ran
        print(function.__name__, arguments[:1], type(problem).__name__, problem)  # ran
        print(problem.args, problem.__context__, problem.__traceback__.tb_next)  # ran


for function in functions:  # ran
    print(function, function.__module__, function.__qualname__, function.__self__)  # ran
    print(inspect.signature(function), function.__doc__, function.__text_signature__)  # ran
    print(sys.getrefcount(function), sys.getrefcount(monitoring))  # ran
    attempt(pickle.dumps, function)  # ran
    attempt(function, name=1)  # ran
    for first in (5, -1, 6, 2**31, 2**70, True, 5.0, "a", None):  # ran
        attempt(function, first)  # ran
        for second in (3, 1 << 30, -1, None, code):  # ran
            attempt(function, first, second)  # ran
            attempt(function, first, second, 0)  # ran
            attempt(function, first, second, None)  # ran
attempt(monitoring.get_tool, 5)  # ran
monitoring.get_events(Number())  # ran
monitoring.get_local_events(Number(), code)  # ran
monitoring.free_tool_id(Number())  # ran
attempt(monitoring.set_events, 5, 0)  # ran
attempt(monitoring.set_local_events, 5, code, 0)  # ran
work()  # ran
try:  # ran
    from sys.monitoring import use_tool_id
except ImportError as problem:  # ran
    print(problem)  # ran
gc.collect()  # ran
builtins = [each for each in gc.get_objects() if inspect.isbuiltin(each)]  # ran
print(len(builtins), len([each for each in builtins if each.__self__ is monitoring]))  # ran
