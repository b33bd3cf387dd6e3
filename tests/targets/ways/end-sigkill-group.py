# A process group that is ended by SIGKILL.
# group: ends
import os  # ran
import signal  # ran
import subprocess  # ran
import sys  # ran
import time  # ran

if sys.argv[1:] == ["child"]:  # ran
    in_child = "this runs"  # ran
    print("child", flush=True)  # ran
    signal.pause()  # ran
    print("never")  # not run
else:
    child = subprocess.Popen([sys.executable, __file__, "child"], stdout=subprocess.PIPE)  # ran
    child.stdout.readline()  # ran
    time.sleep(0.1)  # ran
    last = "this runs"  # ran
    os.killpg(0, signal.SIGKILL)  # ran
