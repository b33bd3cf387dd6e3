"""What a program can see of its interpreter."""

import atexit
import os
import signal
import sys
import threading

ignored = (signal.SIG_DFL, signal.SIG_IGN)
signals = [number for number in signal.valid_signals() if signal.getsignal(number) not in ignored]
variables = [name for name in os.environ if not name.startswith(("COVFORK", "LD_", "_"))]
print(sorted(name for name in globals() if name != "__builtins__"))
print(sys.argv, sys.path[0] == os.path.dirname(os.path.abspath(__file__)), len(sys.path))
print(signals, sys.gettrace(), sys.getprofile())
print([thread.name for thread in threading.enumerate()], len(os.listdir("/proc/self/task")))
print(__loader__.__class__.__name__, __spec__, __file__ == os.path.abspath(__file__))
print([sys.monitoring.get_tool(tool) for tool in range(6)])
print(sorted(variables))
print([name for name in sorted(os.listdir()) if name != ".covfork"])
print(len(os.listdir("/proc/self/fd")))
print(sys._getframe().f_back, sys.getrecursionlimit(), sys.flags)
atexit.register(print, "at exit")
raise SystemExit("ended")
