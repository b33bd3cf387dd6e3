# A program that frees every tool id of sys.monitoring.
# group: tools
# needs: 3.12+
import sys  # ran


def before():  # ran
    return 1  # ran


def after():  # ran
    return 2  # ran


before()  # ran
for tool in range(6):  # ran
    sys.monitoring.free_tool_id(tool)  # ran
after()  # ran
last = "still measured"  # ran
