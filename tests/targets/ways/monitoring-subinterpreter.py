# A subinterpreter has tools of sys.monitoring of its own, and so has another with a lock of its own.
# group: isolation
# needs: 3.12+
# known: 3.14-3.15 where all six ids are taken, a thread state that C makes has no event of its own
import os  # ran
import sys  # ran

try:  # ran
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters

TEXT = "import sys; sys.path.insert(0, %r); import in_sub as module; module.work()" % os.getcwd()  # ran


def show():  # ran
    print([sys.monitoring.get_tool(tool) for tool in range(6)], sys.monitoring._all_events(), flush=True)  # ran


show()  # ran
sys.monitoring.use_tool_id(5, "main")  # ran
sys.monitoring.set_events(5, sys.monitoring.events.LINE)  # ran
first = interpreters.create()  # ran
interpreters.run_string(first, TEXT)  # ran
show()  # ran
second = interpreters.create()  # ran
interpreters.run_string(second, TEXT)  # ran
interpreters.destroy(first)  # ran
interpreters.run_string(second, "module.again()")  # ran
interpreters.destroy(second)  # ran
show()  # ran
