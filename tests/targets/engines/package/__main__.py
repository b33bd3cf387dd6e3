import sys  # ran

from package import value  # ran

print("sum", value)  # ran
print(sys.argv[1:], __name__)  # ran
