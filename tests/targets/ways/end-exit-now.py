# A program that ends by os._exit.
# group: ends
import os  # ran

last = "this runs"  # ran
os._exit(3)  # ran
print("never")  # not run
