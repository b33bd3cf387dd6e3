# A program that sets f_trace of a frame and asks for opcodes.
# group: tools
import sys  # ran

events = []  # ran


def tracer(frame, event, argument):  # ran
    if frame.f_code.co_name == "work":
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        events.append(event)
        return tracer
    return None


def work():  # ran
    value = 1  # ran
    return value  # ran


sys.settrace(tracer)  # ran
work()  # ran
sys.settrace(None)  # ran
print(events.count("line"), events.count("opcode") > 0)  # ran
