# A daemon by a double fork that executes Python, and outlives what started it.
# group: children
import os  # ran
import sys  # ran
import time  # ran

if sys.argv[1:] == ["daemon"]:  # ran
    while os.getppid() == int(os.environ["STARTER"]):  # ran
        time.sleep(0.01)
    time.sleep(0.2)  # ran
    after = "what started it has ended"  # ran
    sys.exit(0)  # ran
os.environ["STARTER"] = str(os.getpid())  # ran
if os.fork() == 0:  # ran
    os.setsid()  # ran
    if os.fork() == 0:  # ran
        os.execv(sys.executable, [sys.executable, __file__, "daemon"])  # ran
    os._exit(0)  # ran
os.wait()  # ran
print("started")  # ran
