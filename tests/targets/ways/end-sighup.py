# A program that is ended by SIGHUP.
# group: ends
import os  # ran
import signal  # ran

last = "this runs"  # ran
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ran
os.kill(os.getpid(), signal.SIGHUP)  # ran
signal.pause()  # not run
