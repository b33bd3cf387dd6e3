# A program that uses each tool id of sys.monitoring, one after the other.
# group: tools
# needs: 3.12+
import sys  # ran

monitoring = sys.monitoring  # ran
lines = []  # ran


def work():  # ran
    value = 1  # ran
    return value  # ran


def on_line(code, line):  # ran
    if code is work.__code__:
        lines.append(line)


def show():  # ran
    print([monitoring.get_tool(tool) for tool in range(6)])  # ran
    print([monitoring.get_events(tool) for tool in range(6)])  # ran
    print([monitoring.get_local_events(tool, work.__code__) for tool in range(6)])  # ran
    print(monitoring._all_events(), lines)  # ran
    lines.clear()  # ran


work()  # ran
show()  # ran
for tool in range(6):  # ran
    monitoring.use_tool_id(tool, "mine")  # ran
    print(monitoring.register_callback(tool, monitoring.events.LINE, on_line))  # ran
    monitoring.set_events(tool, monitoring.events.LINE)  # ran
    work()  # ran
    show()  # ran
    monitoring.set_events(tool, 0)  # ran
    monitoring.set_local_events(tool, work.__code__, monitoring.events.LINE)  # ran
    work()  # ran
    show()  # ran
    monitoring.set_local_events(tool, work.__code__, 0)  # ran
    print(monitoring.register_callback(tool, monitoring.events.LINE, None) is on_line)  # ran
    monitoring.free_tool_id(tool)  # ran
    show()  # ran
last = "still measured"  # ran
