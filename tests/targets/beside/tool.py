"""A tool of the program's own, which prints in the end what it was told of a module.
usage: python tool.py KIND PLACE [MODULE]: which events it has, and where in work.py it comes."""

import dis
import importlib
import sys

KIND, PLACE, MODULE = (sys.argv[1:] + ["work"])[:3]
TOOL = 3
told, came = [], []


def say(code, *what):
    if code.co_filename.endswith(f"{MODULE}.py"):
        told.append((code.co_name, *what))


def monitor(names, disable, codes=()):
    """Events everywhere, or of some code objects only."""
    monitoring = sys.monitoring
    monitoring.use_tool_id(TOOL, "tool")
    events = 0
    for name in names.split():
        event = getattr(monitoring.events, name)
        events |= event

        def tell(code, where, *more, name=name):
            # Whether a loop that ends drops its iterator by itself depends on how warm it is.
            if name != "INSTRUCTION" or code.co_code[where] != dis.opmap["POP_TOP"]:
                say(code, name, where, *(to for to in more if type(to) is int))
            return monitoring.DISABLE if disable else None

        monitoring.register_callback(TOOL, event, tell)
    for code in codes:
        monitoring.set_local_events(TOOL, code, events)
    if not codes:
        monitoring.set_events(TOOL, events)


def monitor_as_coverage(code, offset):
    say(code, "PY_START")
    sys.monitoring.set_local_events(TOOL, code, sys.monitoring.events.LINE)
    return sys.monitoring.DISABLE


def trace(frame, event, argument):
    if not frame.f_code.co_filename.endswith(f"{MODULE}.py"):
        return None
    say(frame.f_code, event, frame.f_lineno)
    if KIND == "trace opcodes":
        frame.f_trace_opcodes = True
    return trace


def trace_frames():
    """As pdb begins on 3.13: the frames first, then the function."""
    frame = sys._getframe(2)
    while frame:
        frame.f_trace = trace
        frame.f_trace_opcodes = True
        frame = frame.f_back
    sys.settrace(trace)


def codes_in(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            yield from codes_in(constant)


def come(place, *functions):
    """Called at each place where the tool may come, which it does once."""
    if place != PLACE or came:
        return
    came.append(place)
    if KIND == "coverage":
        monitor("LINE", True)
        sys.monitoring.set_events(TOOL, 0)
        sys.monitoring.register_callback(TOOL, sys.monitoring.events.PY_START, monitor_as_coverage)
        sys.monitoring.set_events(TOOL, sys.monitoring.events.PY_START)
    elif KIND.startswith("trace frames"):
        trace_frames()
    elif KIND.startswith("trace"):
        sys.settrace(trace)
    elif KIND == "profile":
        sys.setprofile(lambda frame, event, argument: say(frame.f_code, event))
    elif KIND.startswith("local "):
        codes = [code for function in functions for code in codes_in(function.__code__)]
        monitor(KIND.removeprefix("local "), True, codes)
    else:
        names = KIND.removesuffix(" kept")
        monitor(names, names == KIND)


if __name__ == "__main__":
    sys.modules["tool"] = sys.modules["__main__"]
    come("first", come)
    module = importlib.import_module(MODULE)
    sys.settrace(None)
    sys.setprofile(None)
    print(len(told), module.__name__)
    for what in told:
        print(*what)
