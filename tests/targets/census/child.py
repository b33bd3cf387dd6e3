import sys  # ran
print("child", len(sys.argv))  # ran
