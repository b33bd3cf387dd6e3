import sys  # ran

print("in exec")  # ran
sys.exit(3)  # ran
print("never")  # not run
