# A program with several tools of sys.monitoring at once: in which order they are called, up to all six.
# group: tools
# needs: 3.12+
import sys  # ran

monitoring = sys.monitoring  # ran
LINE = monitoring.events.LINE  # ran
calls = []  # ran


def work():  # ran
    return 1  # ran


def later():  # ran
    return 2  # ran


def make_callback(tool):  # ran
    def on_line(code, line):  # ran
        if code is work.__code__:
            calls.append(tool)

    return on_line  # ran


def take(tool):  # ran
    monitoring.use_tool_id(tool, "tool %d" % tool)  # ran
    monitoring.register_callback(tool, LINE, make_callback(tool))  # ran
    monitoring.set_events(tool, LINE)  # ran


def drop(tool):  # ran
    monitoring.set_events(tool, 0)  # ran
    monitoring.register_callback(tool, LINE, None)  # ran
    monitoring.free_tool_id(tool)  # ran


def show():  # ran
    work()  # ran
    print(calls, [monitoring.get_tool(tool) for tool in range(6)])  # ran
    print([monitoring.get_events(tool) for tool in range(6)], monitoring._all_events())  # ran
    calls.clear()  # ran


for tools in [5, 3], [1, 5, 2], [5, 0, 1, 2], [0, 1, 2, 3, 4]:  # ran
    for tool in tools:  # ran
        take(tool)  # ran
        show()  # ran
    for tool in tools:  # ran
        drop(tool)  # ran
for tool in (5, 0, 4, 1, 3):  # ran
    take(tool)  # ran
for tool in (5, 0, 4, 1, 3):  # ran
    drop(tool)  # ran
for tool in (0, 1, 3, 4, 2):  # ran
    take(tool)  # ran
for tool in range(6):  # ran
    try:  # ran
        monitoring.set_events(tool, LINE)  # ran
        print(tool, monitoring.get_local_events(tool, later.__code__))  # ran
    except ValueError as problem:  # ran
        print(tool, problem)  # ran
take(5)  # ran
print([monitoring.get_tool(tool) for tool in range(6)], monitoring._all_events())  # ran
later()  # ran
for tool in (0, 5):  # ran
    drop(tool)  # ran
    take(tool)  # ran
show()  # ran
for tool in range(6):  # ran
    drop(tool)  # ran
print([monitoring.get_tool(tool) for tool in range(6)], monitoring._all_events())  # ran
last = "still measured"  # ran
