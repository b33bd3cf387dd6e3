# A trace function that is set before the first measured module is imported.
# group: tools
import subprocess  # ran
import sys  # ran

launcher = """
import sys
events = []
def tracer(frame, event, argument):
    if frame.f_code.co_filename.endswith("module.py"):
        events.append((event, frame.f_lineno))
        return tracer
sys.settrace(tracer)
import module
module.work()
print(sys.gettrace() is tracer)
sys.settrace(None)
print(events)
"""
print(subprocess.call([sys.executable, "-c", launcher]))  # ran
