# A program that calls sys.monitoring.restart_events.
# group: tools
# needs: 3.12+
import sys  # ran

monitoring = sys.monitoring  # ran
lines = []  # ran


def work(value):  # ran
    if value:  # ran
        value = "only the second time"  # ran
    return value  # ran


def on_line(code, line):  # ran
    lines.append(line)
    return monitoring.DISABLE


monitoring.use_tool_id(0, "mine")  # ran
monitoring.register_callback(0, monitoring.events.LINE, on_line)  # ran
monitoring.set_local_events(0, work.__code__, monitoring.events.LINE)  # ran
work(0)  # ran
work(0)  # ran
monitoring.restart_events()  # ran
work(1)  # ran
print(lines)  # ran
monitoring.free_tool_id(0)  # ran
