# sys.path and __file__ that are changed, and a module without __file__.
# group: isolation
import sys  # ran

sys.path[:] = [path for path in sys.path if path]  # ran
sys.path.insert(0, "./folder/../folder/.")  # ran
import tricky  # ran

__file__ = "/nowhere/else.py"  # ran
tricky.__file__ = None  # ran
del tricky.__spec__, tricky.__name__  # ran
print(tricky.work())  # ran
