# A program that is ended by SIGKILL.
# group: ends
import os  # ran
import signal  # ran

last = "this runs"  # ran
os.kill(os.getpid(), signal.SIGKILL)  # ran
