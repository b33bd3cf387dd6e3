# coverage.py with its core of sys.monitoring, slipcover and a debugger's id, all at once.
# group: tools
# needs: 3.12+, module coverage, module slipcover
import os  # ran
import sys  # ran

import coverage  # ran
import slipcover  # ran

os.environ["COVERAGE_CORE"] = "sysmon"  # ran
monitoring = sys.monitoring  # ran
measured = coverage.Coverage(data_file=None, include=["three.py"])  # ran
measured.start()  # ran
print([monitoring.get_tool(tool) for tool in range(6)])  # ran
monitoring.use_tool_id(5, "optimizer")  # ran
monitoring.set_events(5, monitoring.events.LINE)  # ran
import three  # ran

print([monitoring.get_tool(tool) for tool in range(6)])  # ran
three.inside(1)  # ran
measured.stop()  # ran
other = slipcover.Slipcover()  # ran
other.instrument(three.after.__code__)  # ran
print(three.after(2))  # ran
print(sorted(measured.get_data().lines(three.__file__)))  # ran
print([monitoring.get_tool(tool) for tool in range(6)])  # ran
last = "still measured"  # ran
