# A program that is ended by os.abort.
# group: ends
import os  # ran

last = "this runs"  # ran
os.abort()  # ran
