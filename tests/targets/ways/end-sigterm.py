# A program that is ended by SIGTERM.
# group: ends
import os  # ran
import signal  # ran

last = "this runs"  # ran
os.kill(os.getpid(), signal.SIGTERM)  # ran
signal.pause()  # not run
