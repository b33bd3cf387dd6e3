"""Each process of it takes other ways."""
import os


def way(number):
    if number > 2:  # to +1, +2
        return "great"
    if number == 1:  # to +1, +2
        return "one"
    return "two"


def loop(items):
    for item in items:  # to +1, exit
        print(item, way(item), flush=True)


loop([1])
child = os.fork()
if child:  # to +1, +3
    os.waitpid(child, 0)
else:
    loop([2])
    grandchild = os.fork()
    if grandchild:  # to +1, +3
        os.waitpid(grandchild, 0)
    else:
        loop([3])
        os._exit(0)
    os._exit(0)
