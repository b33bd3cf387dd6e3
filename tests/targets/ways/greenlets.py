# Greenlets that switch between each other, one of them never finished.
# group: code
# needs: module greenlet
# peers: concurrency=greenlet
import greenlet  # ran


def one():  # ran
    second.switch()  # ran
    print("one again")  # ran
    second.switch()  # ran
    print("never")  # not run


def two():  # ran
    print("two")  # ran
    first.switch()  # ran
    print("two again")  # ran


first = greenlet.greenlet(one)  # ran
second = greenlet.greenlet(two)  # ran
first.switch()  # ran
print("main")  # ran
