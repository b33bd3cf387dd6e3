import sys  # ran

if len(sys.argv) > 5:  # ran
    print("never")  # not run


def add(a, b):  # ran
    return a + b  # ran


print("sum", add(2, 4))  # ran
print(sys.argv[1:], __name__)  # ran
