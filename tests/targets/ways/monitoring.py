# A program that uses sys.monitoring with the tool ids 3 and 4.
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


print(monitoring.get_tool(3), monitoring.get_tool(4))  # ran
for tool in (3, 4):  # ran
    monitoring.use_tool_id(tool, "mine")  # ran
    monitoring.register_callback(tool, monitoring.events.LINE, on_line)  # ran
    monitoring.set_events(tool, monitoring.events.LINE)  # ran
work()  # ran
for tool in (3, 4):  # ran
    monitoring.set_events(tool, 0)  # ran
    monitoring.free_tool_id(tool)  # ran
print(lines)  # ran
after = work()  # ran
