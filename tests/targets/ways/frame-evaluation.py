# A program that looks at its own frames, code objects and their sizes.
# group: tools
import gc  # ran
import sys  # ran


def depth():  # ran
    frame, count = sys._getframe(), 0  # ran
    while frame:  # ran
        frame, count = frame.f_back, count + 1  # ran
    return count  # ran


print(depth(), sys.getsizeof(depth.__code__) > 0, sys.getrefcount(depth))  # ran
print(sys.gettrace(), sys.getprofile(), [name for name in sys.modules if "covfork" in name])  # ran
print(gc.isenabled(), gc.get_count()[2] >= 0, len(sys.argv))  # ran
