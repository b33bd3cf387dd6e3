import sys  # ran

if sys.argv[1] == "first":  # ran
    first = 1  # ran
else:
    second = 2  # ran
