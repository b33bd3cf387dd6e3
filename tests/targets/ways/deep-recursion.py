# A recursion up to the limit, in Python and through C.
# group: code
import functools  # ran
import sys  # ran


def deep(depth):  # ran
    return deep(depth + 1)  # ran


def deeper(depth):  # ran
    if depth == 0:  # ran
        return 0  # ran
    return 1 + functools.partial(deeper, depth - 1)()  # ran


try:  # ran
    deep(0)  # ran
except RecursionError:  # ran
    print("too deep")  # ran
print(deeper(150))  # ran
sys.setrecursionlimit(20000)  # ran
count = 0  # ran


def plain(depth):  # ran
    if depth:  # ran
        plain(depth - 1)  # ran


plain(15000)  # ran
after = "the program goes on"  # ran
