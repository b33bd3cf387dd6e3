# An os.execv that fails, after which the program goes on.
# group: children
import os  # ran
import sys  # ran

before = "the exec fails"  # ran
try:  # ran
    os.execv("/nowhere/python", ["python"])  # ran
except OSError as problem:  # ran
    print(problem)  # ran
after = "and the program goes on"  # ran
sys.exit(3)  # ran
