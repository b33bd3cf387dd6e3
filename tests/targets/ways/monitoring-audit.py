# A program whose audit hook is called for each callback of sys.monitoring that it registers.
# group: tools
# needs: 3.12+
import subprocess  # ran
import sys  # ran

FIRST = "import sys; seen = []; sys.addaudithook(lambda event, _: seen.append(event)); import module; print(seen)"  # ran
monitoring = sys.monitoring  # ran
seen = []  # ran


def work():  # ran
    return 1  # ran


work()  # ran
sys.addaudithook(lambda event, arguments: seen.append(event))  # ran
work()  # ran
for tool in range(5, -1, -1):  # ran
    monitoring.use_tool_id(tool, "mine")  # ran
    monitoring.register_callback(tool, monitoring.events.LINE, print)  # ran
    monitoring.register_callback(tool, monitoring.events.LINE, None)  # ran
    monitoring.free_tool_id(tool)  # ran
print([event for event in seen if event.startswith("sys.")])  # ran
for _ in range(2):  # ran
    print(subprocess.check_output([sys.executable, "-B", "-c", FIRST], text=True))  # ran
