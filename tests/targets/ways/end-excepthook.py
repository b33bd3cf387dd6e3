# A program whose sys.excepthook runs measured code.
# group: ends
import sys  # ran


def hook(kind, value, traceback):  # ran
    print("hook", kind.__name__)  # ran


sys.excepthook = hook  # ran
raise ValueError("the hook sees this")  # ran
