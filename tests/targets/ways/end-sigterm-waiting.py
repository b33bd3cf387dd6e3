# A program that is ended by SIGTERM from its child, while it waits in C.
# group: ends
import os  # ran
import signal  # ran
import time  # ran

parent = os.getpid()  # ran
if os.fork() == 0:  # ran
    time.sleep(0.3)  # ran
    os.kill(parent, signal.SIGTERM)  # ran
    os._exit(0)  # ran
os.wait()  # ran
print("never")  # not run
