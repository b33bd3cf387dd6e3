# A program that is ended by the KeyboardInterrupt of a SIGINT.
# group: ends
import os  # ran
import signal  # ran
import sys  # ran

signal.signal(signal.SIGINT, signal.default_int_handler)  # ran
try:  # ran
    os.kill(os.getpid(), signal.SIGINT)  # ran
    signal.pause()
finally:
    last = "this runs"  # ran
print("never")  # not run
