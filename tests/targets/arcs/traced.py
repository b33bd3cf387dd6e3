"""Runs plain.py below a trace function of its own."""
import sys

lines = set()


def trace(frame, event, argument):
    if event == "line" and frame.f_code.co_filename.endswith("plain.py"):
        lines.add(frame.f_lineno)
    return trace


sys.settrace(trace)
import plain

sys.settrace(None)
print(plain.__name__, len(lines))
