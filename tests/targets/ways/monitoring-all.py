# A program that takes every tool id of sys.monitoring.
# group: tools
# needs: 3.12+
import sys  # ran


def work():  # ran
    value = 1  # ran
    return value  # ran


names = [sys.monitoring.get_tool(tool) for tool in range(6)]  # ran
print(names)  # ran
for tool in range(6):  # ran
    sys.monitoring.use_tool_id(tool, "mine")  # ran
print(work())  # ran
