# A program that looks for a free tool id of sys.monitoring, as coverage.py does.
# group: tools
# needs: 3.12+
import sys  # ran


def work():  # ran
    value = 1  # ran
    return value  # ran


taken = 0  # ran
for tool in range(5):  # ran
    try:  # ran
        sys.monitoring.use_tool_id(tool, "mine")  # ran
        taken += 1  # ran
    except ValueError:
        pass
print(work())  # ran
